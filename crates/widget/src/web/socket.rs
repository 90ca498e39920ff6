//! The stream's socket.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, MessageEvent, WebSocket};

use super::dom::window;
use super::input::Input;
use super::json;
use crate::wire::{self, Frame};

/// An open or opening socket; it is closed and silent when dropped.
pub(super) struct Socket {
    socket: WebSocket,
    _heard: Closure<dyn FnMut(Event)>,
}

impl Socket {
    /// Opens a socket to the relay that the frame came from; nothing if the browser refuses.
    pub(super) fn open(mut report: Box<dyn FnMut(Input)>) -> Option<Self> {
        let location = window().location();
        let scheme = if location.protocol().ok()? == "https:" { "wss" } else { "ws" };
        let socket = WebSocket::new(&format!("{scheme}://{}/v1/stream", location.host().ok()?)).ok()?;
        let heard = Closure::wrap(Box::new(move |event: Event| {
            report(match event.type_().as_str() {
                "open" => Input::Opened,
                "message" => {
                    let text = event.unchecked_into::<MessageEvent>().data().as_string();
                    let frame =
                        text.and_then(|text| json::parse(&text)).map_or(Frame::Unknown, |value| wire::frame(&value));
                    Input::Frame(frame)
                }
                _ => Input::Closed,
            });
        }) as Box<dyn FnMut(Event)>);
        let listener = heard.as_ref().unchecked_ref();
        socket.set_onopen(Some(listener));
        socket.set_onmessage(Some(listener));
        // An error is always followed by a close.
        socket.set_onclose(Some(listener));
        Some(Self { socket, _heard: heard })
    }

    /// Sends a frame. One that cannot be sent is of a socket whose close is about to be reported.
    pub(super) fn send(&self, text: &str) {
        if self.socket.ready_state() == WebSocket::OPEN && self.socket.send_with_str(text).is_err() {
            self.close();
        }
    }

    fn close(&self) {
        // A socket refuses to be closed only for a wrong code, and none is given.
        self.socket.close().unwrap_or_default();
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        self.close();
    }
}
