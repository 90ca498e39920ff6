//! The document's clock, console and attributes.

use wasm_bindgen::{JsCast as _, JsValue};

/// The wall clock, in milliseconds since 1970-01-01 UTC.
pub(crate) fn now_ms() -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "the clock's whole milliseconds fit for 285,000 years")]
    let now_ms = js_sys::Date::now() as i64;
    now_ms
}

/// A seed that no other browser has.
pub(crate) fn seed() -> u64 {
    let mut bytes = [0; 8];
    let drawn = web_sys::window()
        .and_then(|window| window.crypto().ok())
        .map(|crypto| crypto.get_random_values_with_u8_array(&mut bytes));
    if let Some(Err(reason)) = drawn {
        report(&format!("no random numbers: {}", words(&reason)));
    }
    u64::from_le_bytes(bytes)
}

/// Tells the developer; no names, texts or tokens.
pub(crate) fn report(what: &str) {
    web_sys::console::warn_1(&JsValue::from_str(&format!("Deskside: {what}")));
}

/// What the browser says about an error.
pub(crate) fn words(reason: &JsValue) -> String {
    match reason.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => reason.as_string().unwrap_or_else(|| format!("{reason:?}")),
    }
}

/// Shows a count as an attribute of the document's root.
pub(crate) fn show_count(name: &str, count: usize) {
    let root = web_sys::window().and_then(|window| window.document()).and_then(|document| document.document_element());
    if let Some(Err(reason)) = root.map(|root| root.set_attribute(name, &count.to_string())) {
        report(&format!("the attribute {name}: {}", words(&reason)));
    }
}
