//! `chrome.storage.local`: what the extension keeps in this browser. The offscreen document has none; it asks the service worker.

use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::json::{from_object, to_object};
use crate::{Error, Listener, sys};

/// The value kept under `key`, if there is one.
///
/// # Errors
/// [`Error::Refused`] by the browser; [`Error::Json`] if what is kept is of another form.
pub async fn get<T: DeserializeOwned>(key: &str) -> Result<Option<T>, Error> {
    let asked = sys::LOCAL.with(|local| local.get(key));
    let items = settle(asked).await?;
    let value = js_sys::Reflect::get(&items, &JsValue::from_str(key)).map_err(|reason| Error::refused(&reason))?;
    from_object(&value)
}

/// Keeps `value` under `key`.
///
/// # Errors
/// [`Error::Refused`] by the browser, as when its disk is full; [`Error::Json`] if the value cannot be written.
pub async fn set<T: Serialize>(key: &str, value: &T) -> Result<(), Error> {
    let items = js_sys::Object::new();
    js_sys::Reflect::set(&items, &JsValue::from_str(key), &to_object(value)?)
        .map_err(|reason| Error::refused(&reason))?;
    let asked = sys::LOCAL.with(|local| local.set(&items));
    settle(asked).await.map(|_| ())
}

/// Forgets what is kept under `key`.
///
/// # Errors
/// [`Error::Refused`] by the browser.
pub async fn remove(key: &str) -> Result<(), Error> {
    let asked = sys::LOCAL.with(|local| local.remove(key));
    settle(asked).await.map(|_| ())
}

/// Calls `handler` with the new value under `key` whenever any page of the extension changed it; nothing if it was removed.
pub fn on_changed<T: DeserializeOwned>(
    key: &str,
    mut handler: impl FnMut(Result<Option<T>, Error>) + 'static,
) -> Listener {
    let key = JsValue::from_str(key);
    let callback = move |changes: JsValue| {
        let change = js_sys::Reflect::get(&changes, &key).unwrap_or(JsValue::UNDEFINED);
        if !change.is_undefined() {
            let value = js_sys::Reflect::get(&change, &JsValue::from_str("newValue")).unwrap_or(JsValue::UNDEFINED);
            handler(from_object(&value));
        }
    };
    Listener::add::<dyn FnMut(JsValue), _>(sys::LOCAL.with(sys::StorageArea::on_changed), callback)
}

async fn settle(asked: Result<js_sys::Promise, JsValue>) -> Result<JsValue, Error> {
    let promise = asked.map_err(|reason| Error::refused(&reason))?;
    JsFuture::from(promise).await.map_err(|reason| Error::refused(&reason))
}
