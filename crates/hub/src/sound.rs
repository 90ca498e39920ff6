//! The sound of a new message. An offscreen document may play it without anybody's click.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::HtmlAudioElement;

use crate::browser;

/// From the extension's top folder.
const FILE: &str = "extension/sounds/message.wav";

/// Plays the sound and counts it on the document's root.
#[derive(Default)]
pub(crate) struct Sound {
    audio: RefCell<Option<HtmlAudioElement>>,
    n_sounds: Cell<usize>,
    n_played: Rc<Cell<usize>>,
}

impl Sound {
    /// Plays the sound from its beginning.
    pub(crate) fn play(&self) {
        self.n_sounds.set(self.n_sounds.get() + 1);
        browser::show_count("data-n-sounds", self.n_sounds.get());
        if let Err(reason) = self.try_play() {
            browser::report(&format!("no sound: {}", browser::words(&reason)));
        }
    }

    fn try_play(&self) -> Result<(), JsValue> {
        let mut audio = self.audio.borrow_mut();
        let audio = match &*audio {
            Some(audio) => audio.clone(),
            None => audio.insert(load()?).clone(),
        };
        audio.set_current_time(0.0);
        let played = JsFuture::from(audio.play()?);
        let n_played = self.n_played.clone();
        spawn_local(async move {
            match played.await {
                Ok(_) => {
                    n_played.set(n_played.get() + 1);
                    browser::show_count("data-n-sounds-played", n_played.get());
                }
                Err(reason) => browser::report(&format!("no sound: {}", browser::words(&reason))),
            }
        });
        Ok(())
    }
}

fn load() -> Result<HtmlAudioElement, JsValue> {
    let address = webext::url(FILE).map_err(|error| JsValue::from_str(&error.to_string()))?;
    HtmlAudioElement::new_with_src(&address)
}
