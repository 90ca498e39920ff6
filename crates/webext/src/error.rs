//! What can go wrong between the extension's parts.

use wasm_bindgen::{JsCast as _, JsValue};

use crate::json::Unreadable;

/// Why a call of the extension interface failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The browser refused the call: nobody listens, the port is closed, or the extension was updated under this page.
    #[error("the browser refused: {0}")]
    Refused(String),
    /// What came was not of the awaited form, or what was to be sent cannot be written as JSON.
    #[error("{0}")]
    Json(#[from] Unreadable),
}

impl Error {
    pub(crate) fn refused(reason: &JsValue) -> Self {
        let text = match reason.dyn_ref::<js_sys::Error>() {
            Some(error) => String::from(error.message()),
            None => reason.as_string().unwrap_or_else(|| format!("{reason:?}")),
        };
        Self::Refused(text)
    }
}
