//! The requests that the Control Panel makes of a relay by itself: signing in and out, and all that is set here and not in Gmail.

use protocol::command::{BlockPage, Me, Redeem, Redeemed, SetSubscription};
use protocol::error::{ErrorBody, ErrorCode, WireError};
use protocol::file::{ChannelSwitches, SetChannelSwitches};
use protocol::template::{ChangeTemplate, MakeTemplate, TemplateBody, TemplateList, TemplateView};
use protocol::view::{AgentSettings, ProjectSettings};
use protocol::worker::Account;
use serde::Serialize;
use serde::de::DeserializeOwned;
use ui::text::{fill, options, refusal};
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
            Self::Unreachable(address) => fill(options().relay_unreachable, &[("address", address)]),
            Self::NotARelay(address) => fill(options().not_a_relay, &[("address", address)]),
            Self::Refused(error) => refusal(error),
        }
    }

    /// Whether the relay refused it by this code.
    pub(crate) fn is(&self, code: ErrorCode) -> bool {
        matches!(self, Self::Refused(error) if error.code == code)
    }

    /// Whether the relay did not take this field.
    pub(crate) fn is_about(&self, field: &str) -> bool {
        matches!(self, Self::Refused(error) if error.details.field.as_deref() == Some(field))
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
    match ask(account, "DELETE", "/v1/me/device", None, |_| Some(())).await {
        Err(failure) if failure.is(ErrorCode::Unauthorized) => Ok(()),
        other => other,
    }
}

/// Who the agent is, and in which projects.
pub(crate) async fn me(account: &Account) -> Result<Me, Failure> {
    get(account, "/v1/me").await
}

/// What the agent has set for himself (P6, A10, N6).
pub(crate) async fn settings(account: &Account) -> Result<AgentSettings, Failure> {
    get(account, "/v1/me/settings").await
}

/// Changes them; gives what is stored.
pub(crate) async fn set_settings(account: &Account, settings: AgentSettings) -> Result<AgentSettings, Failure> {
    put(account, "/v1/me/settings", &settings).await
}

/// Subscribes the agent to a channel, or ends that (N1).
pub(crate) async fn set_subscription(account: &Account, channel_id: &str, subscribed: bool) -> Result<(), Failure> {
    let body = serde_json::to_string(&SetSubscription { subscribed }).expect("a truth value is plain JSON");
    let path = format!("/v1/me/subscriptions/{}", encoded(channel_id));
    ask(account, "PUT", &path, Some(&body), |_| Some(())).await
}

/// A project's times (X2).
pub(crate) async fn project_settings(account: &Account, project_id: &str) -> Result<ProjectSettings, Failure> {
    get(account, &of_project(project_id, "settings")).await
}

/// Changes them; gives what is stored.
pub(crate) async fn set_project_settings(
    account: &Account,
    project_id: &str,
    settings: ProjectSettings,
) -> Result<ProjectSettings, Failure> {
    put(account, &of_project(project_id, "settings"), &settings).await
}

/// Switches on and off in a channel (F4, W3); gives what is stored.
pub(crate) async fn set_channel_switches(
    account: &Account,
    channel_id: &str,
    switches: SetChannelSwitches,
) -> Result<ChannelSwitches, Failure> {
    send(account, "PUT", &format!("/v1/channels/{}/settings", encoded(channel_id)), &switches).await
}

/// A project's blocked clients, newest first; those after the `next` of the page before (B6).
pub(crate) async fn blocks(account: &Account, project_id: &str, after: Option<&str>) -> Result<BlockPage, Failure> {
    let query = after.map_or_else(String::new, |after| format!("?after={}", encoded(after)));
    get(account, &(of_project(project_id, "blocks") + &query)).await
}

/// Ends a block. One that is over already is as good as ended.
pub(crate) async fn unblock(account: &Account, project_id: &str, block_id: &str) -> Result<(), Failure> {
    let path = of_project(project_id, "blocks/") + &encoded(block_id);
    match ask(account, "DELETE", &path, None, |_| Some(())).await {
        Err(Failure::Refused(error)) if matches!(error.code, ErrorCode::NotFound | ErrorCode::NotBlocked) => Ok(()),
        other => other,
    }
}

/// The agent's templates and those of his projects (T2).
pub(crate) async fn templates(account: &Account) -> Result<Vec<TemplateView>, Failure> {
    get::<TemplateList>(account, "/v1/templates").await.map(|list| list.templates)
}

/// Makes a template; sent again, it is the same one.
pub(crate) async fn make_template(account: &Account, template: &TemplateView) -> Result<TemplateView, Failure> {
    let attachments = ids(template);
    let TemplateView { id, project_id, title, text, .. } = template.clone();
    let body = MakeTemplate { id, project_id, title, text, attachments };
    send::<TemplateBody>(account, "POST", "/v1/templates", &body).await.map(|stored| stored.template)
}

/// Changes the state of a template that has this `rev`.
pub(crate) async fn change_template(account: &Account, template: &TemplateView) -> Result<TemplateView, Failure> {
    let attachments = Some(ids(template));
    let TemplateView { id, rev, title, text, .. } = template.clone();
    let body = ChangeTemplate { rev, title, text, attachments };
    send::<TemplateBody>(account, "PUT", &of_template(&id), &body).await.map(|stored| stored.template)
}

fn ids(template: &TemplateView) -> Vec<String> {
    template.attachments.iter().map(|file| file.id.clone()).collect()
}

/// Deletes a template. One that is gone already is as good as deleted.
pub(crate) async fn delete_template(account: &Account, id: &str) -> Result<(), Failure> {
    match ask(account, "DELETE", &of_template(id), None, |_| Some(())).await {
        Err(failure) if failure.is(ErrorCode::NotFound) => Ok(()),
        other => other,
    }
}

async fn get<T: DeserializeOwned>(account: &Account, path: &str) -> Result<T, Failure> {
    ask(account, "GET", path, None, |text| serde_json::from_str(text).ok()).await
}

async fn put<T: Serialize + DeserializeOwned>(account: &Account, path: &str, body: &T) -> Result<T, Failure> {
    send(account, "PUT", path, body).await
}

async fn send<T: DeserializeOwned>(
    account: &Account,
    method: &str,
    path: &str,
    body: &impl Serialize,
) -> Result<T, Failure> {
    let body = serde_json::to_string(body).expect("settings and texts are plain structs");
    ask(account, method, path, Some(&body), |text| serde_json::from_str(text).ok()).await
}

async fn ask<T>(
    account: &Account,
    method: &str,
    path: &str,
    body: Option<&str>,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<T, Failure> {
    let bearer = format!("Bearer {}", account.token);
    let mut headers = vec![("authorization", bearer.as_str())];
    headers.extend(body.map(|_| ("content-type", "application/json")));
    let (ok, text) = call(&account.relay, method, path, &headers, body).await?;
    read(&account.relay, ok, &text, parse)
}

fn of_project(project_id: &str, what: &str) -> String {
    format!("/v1/projects/{}/{what}", encoded(project_id))
}

fn of_template(id: &str) -> String {
    format!("/v1/templates/{}", encoded(id))
}

/// Percent-encoded, so that a value stays one segment or one parameter.
pub(crate) fn encoded(value: &str) -> String {
    js_sys::encode_uri_component(value).into()
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
