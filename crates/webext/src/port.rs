//! Ports: lasting connections between the extension's parts.

use std::marker::PhantomData;

use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

use crate::{Error, Listener, Sender, json, sys};

/// What happens on a port.
#[derive(Debug)]
pub enum PortEvent<In> {
    /// A message came.
    Message(In),
    /// Something came that is not a message of this port.
    Unreadable(Error),
    /// The other side closed the port, or went away; it is the last event.
    Closed,
}

/// A port that takes `In` and sends `Out`, both as JSON text. Dropping it closes it and removes its listeners.
pub struct Port<In, Out> {
    port: sys::Port,
    _listeners: [Listener; 2],
    _types: PhantomData<fn(In) -> Out>,
}

impl<In: DeserializeOwned + 'static, Out: Serialize> Port<In, Out> {
    /// Opens a port to the extension's other parts. If none listens, [`PortEvent::Closed`] follows.
    ///
    /// # Errors
    /// [`Error::Refused`] after the extension was updated or removed under this page.
    pub fn connect(name: &str, handler: impl FnMut(PortEvent<In>) + 'static) -> Result<Self, Error> {
        let info = js_sys::Object::new();
        js_sys::Reflect::set(&info, &JsValue::from_str("name"), &JsValue::from_str(name))
            .map_err(|reason| Error::refused(&reason))?;
        let port = sys::connect(&info).map_err(|reason| Error::refused(&reason))?;
        Ok(Self::listen(port, handler))
    }

    fn listen(port: sys::Port, handler: impl FnMut(PortEvent<In>) + 'static) -> Self {
        let handler = std::rc::Rc::new(std::cell::RefCell::new(handler));
        let on_message = {
            let handler = handler.clone();
            move |message: JsValue| {
                let event = match read(&message) {
                    Ok(message) => PortEvent::Message(message),
                    Err(error) => PortEvent::Unreadable(error),
                };
                (handler.borrow_mut())(event);
            }
        };
        let on_disconnect = move |_: JsValue| (handler.borrow_mut())(PortEvent::Closed);
        let listeners = [
            Listener::add::<dyn FnMut(JsValue), _>(port.on_message(), on_message),
            Listener::add::<dyn FnMut(JsValue), _>(port.on_disconnect(), on_disconnect),
        ];
        Self { port, _listeners: listeners, _types: PhantomData }
    }

    /// Sends a message.
    ///
    /// # Errors
    /// [`Error::Refused`] if the port is closed; [`Error::Json`] if the message cannot be written.
    pub fn send(&self, message: &Out) -> Result<(), Error> {
        self.send_text(&json::write(message)?)
    }

    /// Sends a message that was written before, as when many ports get the same one.
    ///
    /// # Errors
    /// [`Error::Refused`] if the port is closed.
    pub fn send_text(&self, text: &str) -> Result<(), Error> {
        self.port.post_message(text).map_err(|reason| Error::refused(&reason))
    }
}

impl<In, Out> Drop for Port<In, Out> {
    fn drop(&mut self) {
        self.port.disconnect();
    }
}

impl<In, Out> std::fmt::Debug for Port<In, Out> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Port").field("name", &self.port.name()).finish_non_exhaustive()
    }
}

fn read<In: DeserializeOwned>(message: &JsValue) -> Result<In, Error> {
    let text = message.as_string().ok_or_else(|| Error::Refused(String::from("a port message that is not text")))?;
    Ok(json::read(&text)?)
}

/// A port that another part opened and nobody has taken yet.
#[derive(Debug)]
pub struct Incoming {
    /// The port's name.
    pub name: String,
    /// Who opened it.
    pub sender: Sender,
    port: PortHandle,
}

struct PortHandle(sys::Port);

impl std::fmt::Debug for PortHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PortHandle")
    }
}

impl Incoming {
    /// Takes the port. To be called at once, else its first messages pass unheard.
    pub fn accept<In: DeserializeOwned + 'static, Out: Serialize>(
        self,
        handler: impl FnMut(PortEvent<In>) + 'static,
    ) -> Port<In, Out> {
        Port::listen(self.port.0, handler)
    }

    /// Closes the port.
    pub fn refuse(self) {
        self.port.0.disconnect();
    }
}

/// Calls `handler` with each port that this extension's own parts open.
pub fn on_connect(mut handler: impl FnMut(Incoming) + 'static) -> Listener {
    let callback = move |port: sys::Port| {
        let Some(sender) = port.sender() else { return };
        let sender = Sender::from(&sender);
        if sender.is_own() {
            handler(Incoming { name: port.name(), sender, port: PortHandle(port) });
        }
    };
    Listener::add::<dyn FnMut(sys::Port), _>(sys::RUNTIME.with(sys::Runtime::on_connect), callback)
}
