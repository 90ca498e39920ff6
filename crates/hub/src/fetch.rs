//! Requests to a relay, with the account's token.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, Headers, Request, RequestCache, RequestCredentials, RequestInit, RequestRedirect, Response,
};

use crate::browser;
use crate::core::{HttpCall, HttpOutcome, Method};

/// A relay that has not answered by then counts as unreachable.
const TIMEOUT_MS: u32 = 30_000;
/// The same for a file, which may be large and the network slow.
pub(crate) const FILE_TIMEOUT_MS: u32 = 300_000;

/// Asks a relay.
pub(crate) async fn ask(relay: &str, token: &str, call: &HttpCall) -> HttpOutcome {
    match try_ask(relay, token, call).await {
        Ok(outcome) => outcome,
        Err(reason) => {
            browser::report(&format!("the relay was not reached: {}", browser::words(&reason)));
            HttpOutcome::Unreachable
        }
    }
}

async fn try_ask(relay: &str, token: &str, call: &HttpCall) -> Result<HttpOutcome, JsValue> {
    let headers = Headers::new()?;
    headers.set("authorization", &format!("Bearer {token}"))?;
    let init = RequestInit::new();
    init.set_method(match call.method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Put => "PUT",
    });
    if let Some(body) = &call.body {
        headers.set("content-type", "application/json")?;
        init.set_body(&JsValue::from_str(body));
    }
    init.set_headers(&headers);
    init.set_credentials(RequestCredentials::Omit);
    init.set_cache(RequestCache::NoStore);
    let timeout_ms = if call.is_file { FILE_TIMEOUT_MS } else { TIMEOUT_MS };
    // The token goes to this origin and nowhere else.
    init.set_redirect(RequestRedirect::Error);
    init.set_signal(Some(&AbortSignal::timeout_with_u32(timeout_ms)));
    let request = Request::new_with_str_and_init(&format!("{relay}{}", call.path), &init)?;
    let window = web_sys::window().ok_or_else(|| JsValue::from_str("no window"))?;
    let response: Response = JsFuture::from(window.fetch_with_request(&request)).await?.dyn_into()?;
    let seconds = response.headers().get("retry-after")?.and_then(|text| text.trim().parse::<u32>().ok());
    let retry_after_ms = seconds.map(|seconds| i64::from(seconds) * 1_000);
    let body = if call.is_file && response.ok() {
        STANDARD.encode(Uint8Array::new(&JsFuture::from(response.array_buffer()?).await?).to_vec())
    } else {
        JsFuture::from(response.text()?).await?.as_string().unwrap_or_default()
    };
    Ok(HttpOutcome::Answered { status: response.status(), body, retry_after_ms })
}
