//! Between Rust values and plain JavaScript objects, by way of JSON text.

use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

use crate::Error;

pub(crate) fn to_object<T: Serialize>(value: &T) -> Result<JsValue, Error> {
    let text = serde_json::to_string(value)?;
    js_sys::JSON::parse(&text).map_err(|reason| Error::refused(&reason))
}

/// Reads an object; `undefined` reads as JSON's `null`.
pub(crate) fn from_object<T: DeserializeOwned>(value: &JsValue) -> Result<T, Error> {
    let text = if value.is_undefined() {
        String::from("null")
    } else {
        let text = js_sys::JSON::stringify(value).map_err(|reason| Error::refused(&reason))?;
        text.as_string().unwrap_or_default()
    };
    Ok(serde_json::from_str(&text)?)
}
