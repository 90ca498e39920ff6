//! Selecting messages with mouse and keyboard (K2).

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, Event};
use yew::{Callback, DragEvent, KeyboardEvent, MouseEvent, hook, use_callback, use_effect_with, use_mut_ref};

use super::use_window_event::use_window_event;
use crate::focus;
use crate::state::selection::Choose;

/// How long a message is held before it is selected.
const HOLD_MS: u32 = 400;
/// How far the pointer may tremble meanwhile, in CSS pixels; farther, it selects text.
const TREMBLE_PX: i32 = 5;
/// A message that can be selected.
const MESSAGE: &str = ".ds-message[data-n]";

/// How far a press has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Phase {
    /// No button is down, or the press selects text.
    #[default]
    Free,
    /// The button went down on a message a moment ago.
    Pressed,
    /// The message was held: the press selects messages, the last of them this one.
    Held(u32),
}

#[derive(Debug, Default)]
struct Press {
    phase: Phase,
    at: (i32, i32),
    timer: Option<Timeout>,
    /// Whether the click at its end is none: it selected something.
    is_spent: bool,
}

impl Press {
    fn end(&mut self) {
        (self.phase, self.timer) = (Phase::Free, None);
    }
}

/// What a list of messages listens to.
#[derive(Clone, Debug)]
pub struct Selecting {
    /// A press begins.
    pub onmousedown: Callback<MouseEvent>,
    /// It trembles, drags on, or selects text.
    pub onmousemove: Callback<MouseEvent>,
    /// A click toggles, or extends.
    pub onclick: Callback<MouseEvent>,
    /// While messages are being selected, text is not.
    pub onselectstart: Callback<Event>,
    /// Nor is anything carried off.
    pub ondragstart: Callback<DragEvent>,
    /// Arrow keys go from message to message, Space selects.
    pub onkeydown: Callback<KeyboardEvent>,
}

/// Selects messages in a list; `is_selecting` says whether some are selected already.
#[hook]
pub fn use_selecting(is_selecting: bool, choose: Callback<Choose>) -> Selecting {
    let press = use_mut_ref(Press::default);
    {
        let press = press.clone();
        use_effect_with((), move |()| move || press.borrow_mut().end());
    }
    let release = {
        let press = press.clone();
        use_callback((), move |(), ()| press.borrow_mut().end())
    };
    use_window_event("mouseup", release);
    let onselectstart = {
        let press = press.clone();
        Callback::from(move |event: Event| {
            if press.borrow().phase != Phase::Free {
                event.prevent_default();
            }
        })
    };
    let ondragstart = onselectstart.reform(|event: DragEvent| event.into());
    Selecting {
        onmousedown: on_mouse_down(&press, is_selecting, &choose),
        onmousemove: on_mouse_move(&press, &choose),
        onclick: on_click(&press, is_selecting, &choose),
        onselectstart,
        ondragstart,
        onkeydown: Callback::from(move |event: KeyboardEvent| on_key(&event, &choose)),
    }
}

fn on_mouse_down(press: &Rc<RefCell<Press>>, is_selecting: bool, choose: &Callback<Choose>) -> Callback<MouseEvent> {
    let (press, choose) = (press.clone(), choose.clone());
    Callback::from(move |event: MouseEvent| {
        press.borrow_mut().is_spent = false;
        // A double click selects a word.
        if event.button() != 0 || event.detail() > 1 || within(&event, "button").is_some() {
            return;
        }
        let Some(n) = within(&event, MESSAGE).and_then(|message| number(&message)) else { return };
        if event.shift_key() {
            // Of a selection of messages it extends, it must not extend one of text.
            if is_selecting {
                event.prevent_default();
            }
            return;
        }
        let held = {
            let (press, choose) = (press.clone(), choose.clone());
            move || {
                let mut press = press.borrow_mut();
                if press.phase == Phase::Pressed {
                    (press.phase, press.is_spent) = (Phase::Held(n), true);
                    drop(press);
                    choose.emit(Choose::Hold(n));
                }
            }
        };
        let timer = Some(Timeout::new(HOLD_MS, held));
        let at = (event.client_x(), event.client_y());
        press.replace(Press { phase: Phase::Pressed, at, timer, is_spent: false });
    })
}

fn on_mouse_move(press: &Rc<RefCell<Press>>, choose: &Callback<Choose>) -> Callback<MouseEvent> {
    let (press, choose) = (press.clone(), choose.clone());
    Callback::from(move |event: MouseEvent| {
        let mut press = press.borrow_mut();
        match press.phase {
            Phase::Free => {}
            Phase::Pressed => {
                let (x, y) = press.at;
                if (event.client_x() - x).abs() > TREMBLE_PX || (event.client_y() - y).abs() > TREMBLE_PX {
                    press.end();
                    press.is_spent = true;
                }
            }
            Phase::Held(last) => {
                let Some(n) = at_height(&event).filter(|n| *n != last) else { return };
                press.phase = Phase::Held(n);
                drop(press);
                choose.emit(Choose::Extend(n));
            }
        }
    })
}

fn on_click(press: &Rc<RefCell<Press>>, is_selecting: bool, choose: &Callback<Choose>) -> Callback<MouseEvent> {
    let (press, choose) = (press.clone(), choose.clone());
    Callback::from(move |event: MouseEvent| {
        if within(&event, "button").is_some() {
            return;
        }
        if std::mem::take(&mut press.borrow_mut().is_spent) {
            // A link that was held is not followed.
            return event.prevent_default();
        }
        if !is_selecting || within(&event, "a").is_some() {
            return;
        }
        if let Some(n) = within(&event, MESSAGE).and_then(|message| number(&message)) {
            choose.emit(if event.shift_key() { Choose::Extend(n) } else { Choose::Toggle(n) });
        }
    })
}

fn on_key(event: &KeyboardEvent, choose: &Callback<Choose>) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(message) = target.filter(|target| target.matches(MESSAGE).unwrap_or(false)) else { return };
    if event.alt_key() || event.ctrl_key() || event.meta_key() {
        return;
    }
    let key = event.key();
    if key == " " {
        if let Some(n) = number(&message) {
            choose.emit(if event.shift_key() { Choose::Extend(n) } else { Choose::Toggle(n) });
        }
    } else {
        let Some(next) = beside(&message, &key) else { return };
        if let Some(n) = number(&next).filter(|_| event.shift_key()) {
            choose.emit(Choose::Extend(n));
        }
        focus::give(Some(next));
    }
    event.prevent_default();
}

/// The message that a key leads to from this one.
fn beside(message: &Element, key: &str) -> Option<Element> {
    let all = focus::all(MESSAGE);
    let at = all.iter().position(|known| known == message)?;
    let to = match key {
        "ArrowUp" => at.checked_sub(1)?,
        "ArrowDown" => at + 1,
        "Home" => 0,
        "End" => all.len() - 1,
        _ => return None,
    };
    all.into_iter().nth(to)
}

/// The message that stands at the pointer's height, wherever beside it the pointer is.
fn at_height(event: &MouseEvent) -> Option<u32> {
    let y = f64::from(event.client_y());
    let message = focus::all(MESSAGE).into_iter().find(|message| {
        let place = message.get_bounding_client_rect();
        place.top() <= y && y <= place.bottom()
    })?;
    number(&message)
}

/// What the event happened in, or on.
fn within(event: &MouseEvent, css: &str) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest(css).ok()?
}

fn number(message: &Element) -> Option<u32> {
    message.get_attribute("data-n")?.parse().ok()
}
