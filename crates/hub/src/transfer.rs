//! Files on their way to a relay. `fetch` does not say how much of a body is gone; the older way does.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use protocol::file::NAME_HEADER;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{ProgressEvent, XmlHttpRequest};

use crate::core::{HttpOutcome, Posting};
use crate::fetch::FILE_TIMEOUT_MS;

/// What happens to a file on its way.
#[derive(Debug)]
pub(crate) enum TransferEvent {
    /// So many bytes of so many are gone.
    Progressed(f64, f64),
    /// It is over.
    Ended(HttpOutcome),
}

/// A file on its way; dropping it gives it up, and nothing is reported any more.
pub(crate) struct Transfer {
    request: XmlHttpRequest,
    _on_progress: Closure<dyn FnMut(ProgressEvent)>,
    _on_end: Closure<dyn FnMut()>,
}

impl Drop for Transfer {
    fn drop(&mut self) {
        self.request.set_onloadend(None);
        if let Ok(upload) = self.request.upload() {
            upload.set_onprogress(None);
        }
        // One that is over takes no harm from it.
        let _ = self.request.abort();
    }
}

impl Transfer {
    /// Sends a file.
    pub(crate) fn start(
        relay: &str,
        token: &str,
        file: &Posting,
        on_event: impl Fn(TransferEvent) + Clone + 'static,
    ) -> Result<Self, JsValue> {
        let bytes = STANDARD.decode(&file.base64).map_err(|_| JsValue::from_str("a file that is not Base64"))?;
        let request = XmlHttpRequest::new()?;
        request.open_with_async("POST", &format!("{relay}{}", file.path), true)?;
        request.set_timeout(FILE_TIMEOUT_MS);
        request.set_request_header("authorization", &format!("Bearer {token}"))?;
        let media_type = if file.media_type.is_empty() { "application/octet-stream" } else { &file.media_type };
        request.set_request_header("content-type", media_type)?;
        request.set_request_header(NAME_HEADER, &file.name)?;
        let on_progress = {
            let on_event = on_event.clone();
            Closure::<dyn FnMut(_)>::new(move |event: ProgressEvent| {
                on_event(TransferEvent::Progressed(event.loaded(), event.total()));
            })
        };
        request.upload()?.set_onprogress(Some(on_progress.as_ref().unchecked_ref()));
        let on_end = {
            let request = request.clone();
            Closure::<dyn FnMut()>::new(move || on_event(TransferEvent::Ended(outcome(&request))))
        };
        request.set_onloadend(Some(on_end.as_ref().unchecked_ref()));
        request.send_with_opt_u8_array(Some(&bytes))?;
        Ok(Self { request, _on_progress: on_progress, _on_end: on_end })
    }
}

/// What came of it; without an answer the status is 0.
fn outcome(request: &XmlHttpRequest) -> HttpOutcome {
    match request.status() {
        Ok(status @ 100..) => {
            let body = request.response_text().ok().flatten().unwrap_or_default();
            HttpOutcome::Answered { status, body, retry_after_ms: None }
        }
        _ => HttpOutcome::Unreachable,
    }
}
