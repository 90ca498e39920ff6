//! One WebSocket to a relay.

use std::rc::Rc;

use protocol::frame::ClientFrame;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;
use web_sys::{MessageEvent, WebSocket};

use crate::browser;

/// What happens on a socket.
pub(crate) enum SocketEvent {
    /// It is open.
    Opened,
    /// A text frame came.
    Text(String),
    /// It did not open, or closed; the last event.
    Closed,
}

/// An open or opening socket. Dropping it closes it, and nothing of it is reported any more.
pub(crate) struct Socket {
    socket: WebSocket,
    _on_open: Closure<dyn FnMut()>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_close: Closure<dyn FnMut()>,
}

impl Socket {
    /// Opens a socket and reports what happens on it.
    ///
    /// # Errors
    /// The browser's words, if the address cannot be one.
    pub(crate) fn open(address: &str, handler: impl Fn(SocketEvent) + 'static) -> Result<Self, String> {
        let socket = WebSocket::new(address).map_err(|reason| browser::words(&reason))?;
        let handler = Rc::new(handler);
        let on_open = {
            let handler = handler.clone();
            Closure::<dyn FnMut()>::new(move || handler(SocketEvent::Opened))
        };
        let on_message = {
            let handler = handler.clone();
            Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                // A relay sends no binary frames.
                if let Some(text) = event.data().as_string() {
                    handler(SocketEvent::Text(text));
                }
            })
        };
        let on_close = Closure::<dyn FnMut()>::new(move || handler(SocketEvent::Closed));
        socket.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(on_close.as_ref().unchecked_ref()));
        Ok(Self { socket, _on_open: on_open, _on_message: on_message, _on_close: on_close })
    }

    /// Sends a frame. On a socket that just closed it is lost; its end is reported, and the next one begins anew.
    pub(crate) fn send(&self, frame: &ClientFrame) {
        let text = serde_json::to_string(frame).expect("frames are plain enums with text keys");
        if let Err(reason) = self.socket.send_with_str(&text) {
            browser::report(&format!("a frame to the relay: {}", browser::words(&reason)));
        }
    }

    pub(crate) fn is_open(&self) -> bool {
        self.socket.ready_state() == WebSocket::OPEN
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        if let Err(reason) = self.socket.close() {
            browser::report(&format!("closing a stream: {}", browser::words(&reason)));
        }
    }
}
