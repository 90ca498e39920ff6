//! Between Rust values and plain JavaScript objects, by way of JSON text.

mod reader;
#[cfg(test)]
mod tests;
mod text;

use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

pub use self::reader::{Unreadable, read};
use crate::Error;

/// Writes a value as JSON text.
///
/// # Errors
/// [`Unreadable`] for a value that is no JSON, such as a map whose keys are no texts.
pub fn write<T: Serialize>(value: &T) -> Result<String, Unreadable> {
    serde_json::to_string(value).map_err(|_| Unreadable)
}

pub(crate) fn to_object<T: Serialize>(value: &T) -> Result<JsValue, Error> {
    let text = write(value)?;
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
    Ok(read(&text)?)
}
