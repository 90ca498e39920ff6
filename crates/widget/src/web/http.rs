//! Requests to the relay that the frame came from.

use js_sys::encode_uri_component;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::XmlHttpRequest;

use super::dom::window;
use super::input::Input;
use super::json;
use crate::client::Refusal;
use crate::wire::{self, write};

/// A request whose answer takes longer is made again.
const TIMEOUT_MS: u32 = 20_000;

/// A question to the relay.
pub(super) enum Ask {
    /// A visitor's token, of the channel with this key.
    Visitor {
        /// The channel's public key.
        key: String,
    },
    /// To store a message.
    Post {
        /// The visitor's token.
        token: String,
        /// `msg_…`
        id: String,
        /// The text.
        text: String,
    },
    /// Older messages.
    Page {
        /// The visitor's token.
        token: String,
        /// Messages with a smaller number.
        before: u32,
    },
}

const LATER: Refusal = Refusal::Unreachable { retry_after_ms: None };

/// Asks the relay; an answer that cannot be read counts as none.
pub(super) fn ask(ask: Ask, done: Box<dyn FnOnce(Input)>) {
    let (path, token, body) = match &ask {
        Ask::Visitor { key } => {
            (format!("/v1/widget/{}/visitors", String::from(encode_uri_component(key))), None, Some(String::from("{}")))
        }
        Ask::Post { token, id, text } => {
            (String::from("/v1/widget/messages"), Some(token.clone()), Some(write::contact_writes(id, text)))
        }
        Ask::Page { token, before } => (format!("/v1/widget/messages?before={before}"), Some(token.clone()), None),
    };
    request(
        &path,
        token.as_deref(),
        body.as_deref(),
        Box::new(move |answer| {
            done(match ask {
                Ask::Visitor { .. } => Input::VisitorAnswered(read(answer, wire::visitor_token)),
                Ask::Post { token, id, .. } => Input::Posted { token, id, answer: read(answer, wire::message_body) },
                Ask::Page { token, before } => Input::Paged { token, before, answer: read(answer, wire::history) },
            });
        }),
    );
}

fn read<T>(answer: Result<JsValue, Refusal>, reader: fn(&JsValue) -> Option<T>) -> Result<T, Refusal> {
    answer.and_then(|value| reader(&value).ok_or(LATER))
}

type Answered = Box<dyn FnOnce(Result<JsValue, Refusal>)>;

/// A request by the older interface: it has a time limit and a single end, and is a tenth of the size of promises here.
fn request(path: &str, token: Option<&str>, body: Option<&str>, done: Answered) {
    let Ok(request) = XmlHttpRequest::new() else { return done(Err(LATER)) };
    let ended = request.clone();
    let ended: Box<dyn FnOnce()> = Box::new(move || done(answer(&ended)));
    // Whatever way it ends, it ends once, and that frees the closure.
    let ended = Closure::once_into_js(ended);
    request.set_onloadend(Some(ended.unchecked_ref()));
    if begin(&request, path, token, body).is_err() {
        // It has not begun, because a damaged token is no header: it ends without an answer, after what goes on now.
        window().set_timeout_with_callback(ended.unchecked_ref()).unwrap_or_default();
    }
}

fn begin(request: &XmlHttpRequest, path: &str, token: Option<&str>, body: Option<&str>) -> Result<(), JsValue> {
    request.open(if body.is_some() { "POST" } else { "GET" }, path)?;
    request.set_timeout(TIMEOUT_MS);
    if let Some(token) = token {
        request.set_request_header("Authorization", &format!("Bearer {token}"))?;
    }
    if body.is_some() {
        request.set_request_header("Content-Type", "application/json")?;
    }
    request.send_with_opt_str(body)
}

fn answer(request: &XmlHttpRequest) -> Result<JsValue, Refusal> {
    let status = request.status().unwrap_or(0);
    let value = request.response_text().ok().flatten().and_then(|text| json::parse(&text));
    match status {
        0 => Err(LATER),
        200..300 => value.ok_or(LATER),
        _ => {
            let seconds = request.get_response_header("Retry-After").ok().flatten();
            let seconds = seconds.and_then(|seconds| seconds.trim().parse::<u32>().ok());
            let retry_after_ms = seconds.map(|seconds| i64::from(seconds).saturating_mul(1_000));
            Err(Refusal::of(status, value.as_ref().and_then(wire::error_code), retry_after_ms))
        }
    }
}
