//! Single messages between the extension's parts: objects with a field `to` that says for whom they are.

use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::json::{from_object, to_object};
use crate::{Error, Listener, Sender, sys};

/// Sends a message to the part named `to` and gives its answer; a part that does not answer is read as JSON's `null`.
///
/// # Errors
/// [`Error::Refused`] if nobody listens; [`Error::Json`] if the answer is of another form.
pub async fn send<T: Serialize, Answer: DeserializeOwned>(to: &str, message: &T) -> Result<Answer, Error> {
    let object = to_object(message)?;
    js_sys::Reflect::set(&object, &JsValue::from_str("to"), &JsValue::from_str(to))
        .map_err(|reason| Error::refused(&reason))?;
    let promise = sys::send_message(&object).map_err(|reason| Error::refused(&reason))?;
    let answer = JsFuture::from(promise).await.map_err(|reason| Error::refused(&reason))?;
    from_object(&answer)
}

/// Calls `handler` with the messages for the part named `to` that this extension's background sends: its service worker, or a document
/// without a tab. What stands in a tab, a script in somebody's page above all, is not heard. The messages get no answer.
pub fn on_message<T: DeserializeOwned>(to: &str, mut handler: impl FnMut(Result<T, Error>) + 'static) -> Listener {
    let to = to.to_owned();
    let callback = move |message: JsValue, sender: sys::MessageSender| {
        let sender = Sender::from(&sender);
        let addressee = js_sys::Reflect::get(&message, &JsValue::from_str("to")).ok().and_then(|to| to.as_string());
        if sender.is_background() && addressee.as_deref() == Some(to.as_str()) {
            handler(from_object(&message));
        }
    };
    Listener::add::<dyn FnMut(JsValue, sys::MessageSender), _>(sys::RUNTIME.with(sys::Runtime::on_message), callback)
}
