//! "Try the sound".

use ui::components::{Button, Look};
use ui::text::options;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlMediaElement;
use yew::{Html, NodeRef, component, html, use_node_ref, use_state_eq};

/// The hub's sound, from this page.
const FILE: &str = "sounds/message.wav";

/// Plays what a new message plays, so that an agent knows whether he would hear it.
#[component]
pub(crate) fn TrySound() -> Html {
    let (audio, failed) = (use_node_ref(), use_state_eq(|| false));
    let onclick = {
        let (audio, failed) = (audio.clone(), failed.setter());
        move |_| {
            let (audio, failed) = (audio.clone(), failed.clone());
            wasm_bindgen_futures::spawn_local(async move {
                let played = play(&audio).await;
                failed.set(played.is_err());
                if let Err(reason) = played {
                    web_sys::console::warn_2(&"no sound:".into(), &reason);
                }
            });
        }
    };
    html! {
        <>
            <Button look={Look::Quiet} testid="try-sound" {onclick}>{ options().try_sound }</Button>
            <audio ref={audio} src={FILE} preload="none" />
            <div role="alert">
                if *failed {
                    <p class="ds-control-panel__wrong" data-testid="not-played">{ options().sound_not_played }</p>
                }
            </div>
        </>
    }
}

/// Plays it from its beginning; done once it is heard.
async fn play(audio: &NodeRef) -> Result<(), JsValue> {
    let audio: HtmlMediaElement = audio.cast().ok_or_else(|| JsValue::from_str("the page is going away"))?;
    audio.set_current_time(0.0);
    JsFuture::from(audio.play()?).await.map(drop)
}
