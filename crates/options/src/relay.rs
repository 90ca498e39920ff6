//! The two requests that the Control Panel makes of a relay by itself: the hub has no token yet, or no longer.

use protocol::command::{Redeem, Redeemed};
use protocol::error::{ErrorBody, ErrorCode, WireError};
use protocol::worker::Account;
use ui::text::{fill, refusal, texts};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, Request, RequestCredentials, RequestInit, RequestRedirect, Response};

/// A relay that answers later is not waited for.
const TIME_LIMIT_MS: u32 = 30_000;

/// Why a relay did not do what was asked.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Failure {
    /// Nothing answered at this address.
    Unreachable(String),
    /// Something answered that is no relay.
    NotARelay(String),
    /// The relay refused.
    Refused(Box<WireError>),
}

impl Failure {
    /// What the agent reads.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Unreachable(address) => fill(texts().relay_unreachable, &[("address", address)]),
            Self::NotARelay(address) => fill(texts().not_a_relay, &[("address", address)]),
            Self::Refused(error) => refusal(error),
        }
    }

    /// Whether the relay might take it from another agent, or from nobody.
    fn is_of_another(&self) -> bool {
        matches!(self, Self::Refused(error) if matches!(error.code, ErrorCode::SignInFirst | ErrorCode::Unauthorized))
    }
}

/// Gives an invitation's code for a device token (J3).
///
/// An agent who is at this relay already takes it as himself: `tokens` are those of the accounts that this browser has there, and which
/// of them the invitation is for, if any, only the relay knows.
pub(crate) async fn redeem(origin: &str, redeem: &Redeem, tokens: &[String]) -> Result<Redeemed, Failure> {
    let body = serde_json::to_string(redeem).expect("three texts are plain JSON");
    let mut outcome = redeem_as(origin, &body, tokens.first()).await;
    for token in tokens.iter().skip(1).map(Some).chain((!tokens.is_empty()).then_some(None)) {
        match &outcome {
            Err(failure) if failure.is_of_another() => outcome = redeem_as(origin, &body, token).await,
            _ => break,
        }
    }
    outcome
}

async fn redeem_as(origin: &str, body: &str, token: Option<&String>) -> Result<Redeemed, Failure> {
    let bearer = token.map(|token| format!("Bearer {token}"));
    let mut headers = vec![("content-type", "application/json")];
    headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
    let (ok, text) = call(origin, "POST", "/v1/invitations/redeem", &headers, Some(body)).await?;
    read(origin, ok, &text, |text| serde_json::from_str(text).ok())
}

/// Revokes a device token. One that the relay does not know any more is as good as revoked.
pub(crate) async fn sign_out(account: &Account) -> Result<(), Failure> {
    let bearer = format!("Bearer {}", account.token);
    let (ok, text) = call(&account.relay, "DELETE", "/v1/me/device", &[("authorization", &bearer)], None).await?;
    match read(&account.relay, ok, &text, |_| Some(())) {
        Err(Failure::Refused(error)) if error.code == ErrorCode::Unauthorized => Ok(()),
        other => other,
    }
}

fn read<T>(origin: &str, ok: bool, text: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, Failure> {
    if ok {
        return parse(text).ok_or_else(|| Failure::NotARelay(origin.to_owned()));
    }
    match serde_json::from_str::<ErrorBody>(text) {
        Ok(body) => Err(Failure::Refused(Box::new(body.error))),
        Err(_) => Err(Failure::NotARelay(origin.to_owned())),
    }
}

/// Sends a request; gives whether its status was a success, and the body.
async fn call(
    origin: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&str>,
) -> Result<(bool, String), Failure> {
    exchange(&format!("{origin}{path}"), method, headers, body).await.map_err(|error| {
        web_sys::console::warn_1(&error);
        Failure::Unreachable(origin.to_owned())
    })
}

async fn exchange(
    url: &str,
    method: &str,
    headers: &[(&str, &str)],
    body: Option<&str>,
) -> Result<(bool, String), JsValue> {
    let init = RequestInit::new();
    init.set_method(method);
    // A token or a code goes to the named relay and to nobody whom it points to.
    init.set_redirect(RequestRedirect::Error);
    init.set_credentials(RequestCredentials::Omit);
    init.set_signal(Some(&AbortSignal::timeout_with_u32(TIME_LIMIT_MS)));
    if let Some(body) = body {
        init.set_body(&JsValue::from_str(body));
    }
    let request = Request::new_with_str_and_init(url, &init)?;
    for (name, value) in headers {
        request.headers().set(name, value)?;
    }
    let window = web_sys::window().ok_or_else(|| JsValue::from_str("not a page"))?;
    let response: Response = JsFuture::from(window.fetch_with_request(&request)).await?.dyn_into()?;
    let text = JsFuture::from(response.text()?).await?;
    Ok((response.ok(), text.as_string().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(code: &str) -> Failure {
        let text = format!(r#"{{"error":{{"code":"{code}","message":"","details":{{}},"request_id":""}}}}"#);
        read("https://desk.example", false, &text, |_| Some(())).expect_err("a refusal")
    }

    #[test]
    fn an_invitation_is_tried_as_another_agent_only_if_that_may_help() {
        assert!(refused("sign_in_first").is_of_another() && refused("unauthorized").is_of_another());
        assert!(!refused("invitation_invalid").is_of_another() && !refused("rate_limited").is_of_another());
        assert!(!Failure::Unreachable(String::new()).is_of_another());
    }

    #[test]
    fn what_is_no_refusal_of_a_relay_comes_from_something_else() {
        let page = read("https://desk.example", false, "<html>", |_| Some(()));
        assert_eq!(page, Err(Failure::NotARelay("https://desk.example".into())));
    }
}
