//! `chrome.storage`: what the extension keeps in this browser, and what goes with its user to his other ones. The offscreen document has
//! none; it asks the service worker.

use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::json::{from_object, to_object};
use crate::{Error, Listener, sys};

/// Where something is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// In this browser.
    Local,
    /// In every browser in which its user has signed in to Chrome; without that, in this one.
    Sync,
}

impl Area {
    /// The value kept under `key`, if there is one.
    ///
    /// # Errors
    /// [`Error::Refused`] by the browser; [`Error::Json`] if what is kept is of another form.
    pub async fn get<T: DeserializeOwned>(self, key: &str) -> Result<Option<T>, Error> {
        let asked = self.with(|area| area.get(key));
        let items = settle(asked).await?;
        let value = js_sys::Reflect::get(&items, &JsValue::from_str(key)).map_err(|reason| Error::refused(&reason))?;
        from_object(&value)
    }

    /// Keeps `value` under `key`.
    ///
    /// # Errors
    /// [`Error::Refused`] by the browser, as when its disk is full; [`Error::Json`] if the value cannot be written.
    pub async fn set<T: Serialize>(self, key: &str, value: &T) -> Result<(), Error> {
        let items = js_sys::Object::new();
        js_sys::Reflect::set(&items, &JsValue::from_str(key), &to_object(value)?)
            .map_err(|reason| Error::refused(&reason))?;
        let asked = self.with(|area| area.set(&items));
        settle(asked).await.map(|_| ())
    }

    /// Calls `handler` with the new value under `key` whenever any page of the extension changed it; nothing if it was removed.
    pub fn on_changed<T: DeserializeOwned>(
        self,
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
        Listener::add::<dyn FnMut(JsValue), _>(self.with(sys::StorageArea::on_changed), callback)
    }

    fn with<T>(self, ask: impl FnOnce(&sys::StorageArea) -> T) -> T {
        match self {
            Self::Local => sys::LOCAL.with(ask),
            Self::Sync => sys::SYNC.with(ask),
        }
    }
}

/// The value kept under `key` in this browser, if there is one.
///
/// # Errors
/// As [`Area::get`].
pub async fn get<T: DeserializeOwned>(key: &str) -> Result<Option<T>, Error> {
    Area::Local.get(key).await
}

/// Keeps `value` under `key` in this browser.
///
/// # Errors
/// As [`Area::set`].
pub async fn set<T: Serialize>(key: &str, value: &T) -> Result<(), Error> {
    Area::Local.set(key, value).await
}

/// Forgets what is kept under `key` in this browser.
///
/// # Errors
/// [`Error::Refused`] by the browser.
pub async fn remove(key: &str) -> Result<(), Error> {
    let asked = sys::LOCAL.with(|local| local.remove(key));
    settle(asked).await.map(|_| ())
}

/// [`Area::on_changed`] of this browser.
pub fn on_changed<T: DeserializeOwned>(key: &str, handler: impl FnMut(Result<Option<T>, Error>) + 'static) -> Listener {
    Area::Local.on_changed(key, handler)
}

async fn settle(asked: Result<js_sys::Promise, JsValue>) -> Result<JsValue, Error> {
    let promise = asked.map_err(|reason| Error::refused(&reason))?;
    JsFuture::from(promise).await.map_err(|reason| Error::refused(&reason))
}
