//! JavaScript's own values as [`Json`].

use js_sys::{Array, JSON, Reflect};
use wasm_bindgen::JsValue;

use crate::wire::Json;

impl Json for JsValue {
    fn field(&self, name: &str) -> Option<Self> {
        let value = Reflect::get(self, &Self::from_str(name)).ok()?;
        (!value.is_null() && !value.is_undefined()).then_some(value)
    }

    fn text(&self) -> Option<String> {
        self.as_string()
    }

    fn number(&self) -> Option<f64> {
        self.as_f64()
    }

    fn flag(&self) -> Option<bool> {
        self.as_bool()
    }

    fn items(&self) -> Option<Vec<Self>> {
        Array::is_array(self).then(|| Array::from(self).to_vec())
    }
}

/// Parses a text; nothing if it is not JSON.
pub(super) fn parse(text: &str) -> Option<JsValue> {
    JSON::parse(text).ok()
}
