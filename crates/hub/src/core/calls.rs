//! Panels' questions and commands as the relay's HTTP, and its answers back.

use protocol::command::{
    Assign, Assignable, Block, Claim, ConversationBody, ConversationPage, History, MarkRead, Me, MessageBody,
    SetAvailability,
};
use protocol::contact::ContactBody;
use protocol::error::{ErrorBody, ErrorCode, WireError};
use protocol::note::{NoteBody, NotePage};
use protocol::search::SearchPage;
use protocol::template::TemplateList;
use protocol::view::{Availability, MessageView};
use protocol::visit::VisitBody;
use protocol::worker::{AccountKey, Answered, HubToPanel, OutboxItem, Request};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::core::{Core, Effect, FetchId, Pending, Purpose};

/// A method of HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    Get,
    Post,
    Put,
}

/// A request to a relay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HttpCall {
    pub(crate) method: Method,
    /// Path and query.
    pub(crate) path: String,
    /// JSON.
    pub(crate) body: Option<String>,
    /// Whether a file is asked for: what comes is read as bytes, and put into Base64.
    pub(crate) is_file: bool,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum HttpOutcome {
    /// The relay, or something on the way to it, answered.
    Answered { status: u16, body: String, retry_after_ms: Option<i64> },
    /// Nobody answered in time.
    Unreachable,
}

/// An answer read as what was asked for.
#[derive(Debug)]
pub(crate) enum Reading<T> {
    Good(T),
    Refused(WireError),
    /// Not the relay's words: a proxy's page, or nothing at all.
    Unreadable,
}

impl HttpOutcome {
    /// Reads an answer with `read`, if its status is a good one.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&str) -> Result<T, serde_json::Error>) -> Reading<T> {
        match self {
            Self::Unreachable => Reading::Unreadable,
            Self::Answered { status: 200..=299, body, .. } => read(body).map_or(Reading::Unreadable, Reading::Good),
            Self::Answered { body, .. } => match serde_json::from_str::<ErrorBody>(body) {
                Ok(body) => Reading::Refused(body.error),
                Err(_) => Reading::Unreadable,
            },
        }
    }

    /// Whether somebody says that it was done.
    pub(crate) fn is_good(&self) -> bool {
        matches!(self, Self::Answered { status: 200..=299, .. })
    }

    /// Whether somebody says that the same request will not be taken later either.
    pub(crate) fn is_refusal(&self) -> bool {
        // To sign in to a proxy, a timeout, too early, too many.
        matches!(self, Self::Answered { status: 400..=499, .. })
            && !matches!(self, Self::Answered { status: 407 | 408 | 425 | 429, .. })
    }

    /// The stored message, as the answer to posting one.
    pub(crate) fn message(&self) -> Reading<MessageView> {
        self.read(|body| serde_json::from_str::<MessageBody>(body).map(|body| body.message))
    }
}

/// The request that posts an answer (A7).
pub(crate) fn answer(item: &OutboxItem) -> HttpCall {
    let body = protocol::command::Answer {
        id: item.id.clone(),
        text: item.text.clone(),
        attachments: item.attachments.iter().map(|file| file.id.clone()).collect(),
        fence: Some(item.fence),
    };
    post(&of(&item.conversation_id, "messages"), &body)
}

/// A panel's request as HTTP.
pub(crate) fn http_of(request: &Request) -> HttpCall {
    match request {
        Request::SetAvailability { availability, return_conversations } => {
            set_availability(*availability, *return_conversations)
        }
        Request::Accept { conversation_id: id } => post(&of(id, "accept"), &serde_json::json!({})),
        Request::Assignable { conversation_id: id } => get(of(id, "assignable")),
        Request::Assign { conversation_id: id, agent_id, fence } => {
            let body = Assign { agent_id: agent_id.clone(), fence: *fence };
            post(&of(id, "assign"), &body)
        }
        Request::Clear { conversation_id: id, fence } => post(&of(id, "clear"), &Claim { fence: *fence }),
        Request::Close { conversation_id: id, fence } => post(&of(id, "close"), &Claim { fence: *fence }),
        Request::Postpone { conversation_id: id, fence } => post(&of(id, "postpone"), &Claim { fence: *fence }),
        Request::Block { conversation_id: id, term, reason, also_ip } => {
            let body = Block { term: *term, reason: reason.clone(), also_ip: *also_ip };
            post(&of(id, "block"), &body)
        }
        Request::Unblock { conversation_id: id } => post(&of(id, "unblock"), &serde_json::json!({})),
        Request::MarkRead { conversation_id: id, n_alerts, n } => {
            let body = MarkRead { n_alerts: *n_alerts, n: *n };
            post(&of(id, "read"), &body)
        }
        Request::History { conversation_id: id, before } => {
            let query = before.map_or_else(String::new, |n| format!("?before={n}"));
            get(of(id, "history") + &query)
        }
        Request::Search { query, after } => get(paged("/v1/search", &[("q", Some(query)), ("after", after.as_ref())])),
        Request::Notes { conversation_id: id, after } => get(paged(&of(id, "notes"), &[("after", after.as_ref())])),
        Request::LeaveNote { conversation_id: id, note } => post(&of(id, "notes"), note),
        Request::Contact { contact_id } => get(contact(contact_id)),
        Request::Visit { contact_id } => get(contact(contact_id) + "/visit"),
        Request::SetContact { contact_id, contact: body } => {
            HttpCall { method: Method::Put, ..post(&contact(contact_id), body) }
        }
        Request::ConversationsOf { contact_id, after } => {
            get(paged(&(contact(contact_id) + "/conversations"), &[("after", after.as_ref())]))
        }
        Request::Templates => get(String::from("/v1/templates")),
        Request::FileLimit => get(String::from("/v1/me")),
        Request::File { attachment_id } => {
            HttpCall { is_file: true, ..get(format!("/v1/attachments/{}", encoded(attachment_id))) }
        }
        Request::Finished { channel_id, project_id, after } => {
            let tab = String::from("finished");
            let of = [("channel_id", channel_id), ("project_id", project_id), ("after", after)];
            let of = of.map(|(name, value)| (name, value.as_ref()));
            get(paged("/v1/conversations", &[&[("tab", Some(&tab))][..], &of].concat()))
        }
    }
}

fn set_availability(availability: Availability, return_conversations: bool) -> HttpCall {
    let body = SetAvailability { availability, return_conversations };
    HttpCall { method: Method::Put, ..post("/v1/me/availability", &body) }
}

/// A path with those parameters that have a value.
pub(super) fn paged(path: &str, values: &[(&str, Option<&String>)]) -> String {
    let mut path = path.to_owned();
    let mut before = '?';
    for (name, value) in values {
        if let Some(value) = value {
            path.push(before);
            path += name;
            path.push('=');
            path += &encoded(value);
            before = '&';
        }
    }
    path
}

/// The relay's answer as the panel takes it.
fn answered(request: &Request, outcome: &HttpOutcome) -> Answered {
    fn json<T: DeserializeOwned>(outcome: &HttpOutcome, make: impl FnOnce(T) -> Answered) -> Reading<Answered> {
        outcome.read(|body| serde_json::from_str(body).map(make))
    }
    let reading = match request {
        Request::SetAvailability { .. } | Request::MarkRead { .. } => outcome.read(|_| Ok(Answered::Done)),
        Request::Accept { .. }
        | Request::Assign { .. }
        | Request::Clear { .. }
        | Request::Close { .. }
        | Request::Postpone { .. }
        | Request::Block { .. }
        | Request::Unblock { .. } => {
            json(outcome, |body: ConversationBody| Answered::Conversation { conversation: Box::new(body.conversation) })
        }
        Request::Assignable { .. } => json::<Assignable>(outcome, Answered::Assignable),
        Request::History { .. } => json::<History>(outcome, Answered::History),
        Request::Finished { .. } | Request::ConversationsOf { .. } => json::<ConversationPage>(outcome, Answered::Page),
        Request::Search { .. } => json::<SearchPage>(outcome, Answered::Found),
        Request::Notes { .. } => json::<NotePage>(outcome, Answered::Notes),
        Request::LeaveNote { .. } => json::<NoteBody>(outcome, Answered::Note),
        Request::Contact { .. } | Request::SetContact { .. } => json::<ContactBody>(outcome, Answered::Contact),
        Request::Visit { .. } => json::<VisitBody>(outcome, Answered::Visit),
        Request::Templates => json::<TemplateList>(outcome, Answered::Templates),
        Request::FileLimit => json(outcome, |me: Me| Answered::FileLimit { bytes: me.file_limit }),
        Request::File { .. } => outcome.read(|body| Ok(Answered::File { base64: body.to_owned() })),
    };
    match reading {
        Reading::Good(answered) => answered,
        Reading::Refused(error) => Answered::Refused { error },
        Reading::Unreadable => Answered::Unreachable,
    }
}

impl Core {
    /// Asks an account's relay.
    pub(super) fn fetch(&mut self, key: &AccountKey, call: HttpCall, purpose: Purpose) {
        if let Some((id, relay, token)) = self.pend(key, purpose) {
            self.effects.push(Effect::Fetch { id, relay, token, call });
        }
    }

    /// Notes what a request to an account's relay is for; gives its number, the relay and the token.
    pub(super) fn pend(&mut self, key: &AccountKey, purpose: Purpose) -> Option<(FetchId, String, String)> {
        self.n_fetches = self.n_fetches.wrapping_add(1);
        let id = self.n_fetches;
        let desktop = self.desktop(key)?;
        let (relay, token) = (desktop.account.relay.clone(), desktop.account.token.clone());
        self.pending.insert(id, Pending { account: key.clone(), token: token.clone(), purpose });
        Some((id, relay, token))
    }

    /// A request to a relay ended.
    pub(crate) fn fetched(&mut self, id: FetchId, outcome: &HttpOutcome, now_ms: i64) {
        let Some(Pending { account, token, purpose }) = self.pending.remove(&id) else {
            return;
        };
        let is_current = self.desktop(&account).is_some_and(|desktop| desktop.account.token == token);
        match purpose {
            // What an old token was told says nothing of the new one, and a panel that is another account's by now hears nothing of
            // this one.
            Purpose::Call { panel, call_id, .. } if !is_current || !self.is_panel_of(panel, &account) => {
                self.tell_panel(panel, HubToPanel::Reply { call_id, answered: Answered::Unreachable });
            }
            Purpose::Call { panel, call_id, request } => {
                let answered = answered(&request, outcome);
                self.replied(&account, &answered, now_ms);
                self.tell_panel(panel, HubToPanel::Reply { call_id, answered });
            }
            Purpose::Answer { message_id } if is_current => {
                self.answer_ended(&account, &message_id, outcome, now_ms);
            }
            Purpose::Upload { panel, attachment_id, .. } => {
                let outcome =
                    if is_current && self.is_panel_of(panel, &account) { outcome } else { &HttpOutcome::Unreachable };
                self.upload_ended(&account, panel, attachment_id, outcome, now_ms);
            }
            Purpose::Places => self.places_answered(outcome),
            // Begun anew with the new token.
            Purpose::Answer { .. } => {}
        }
    }

    /// Brings the desk in line with the relay's answer, which may be here before the event.
    fn replied(&mut self, key: &AccountKey, answered: &Answered, now_ms: i64) {
        let Some(desktop) = self.desktop(key) else {
            return;
        };
        match answered {
            // One that is not there was finished or lost in the meantime.
            Answered::Conversation { conversation } if desktop.desk.conversation(&conversation.id).is_some() => {
                desktop.desk.merge_page(vec![conversation.as_ref().clone()]);
            }
            Answered::Refused { error } if error.code == ErrorCode::Unauthorized => {
                self.sign_out(key, now_ms);
            }
            _ => {}
        }
        self.refresh(key);
    }
}

pub(super) fn get(path: String) -> HttpCall {
    HttpCall { method: Method::Get, path, body: None, is_file: false }
}

fn post<T: Serialize>(path: &str, body: &T) -> HttpCall {
    let body = serde_json::to_string(body).expect("bodies are plain structs with text keys");
    HttpCall { method: Method::Post, path: path.to_owned(), body: Some(body), is_file: false }
}

fn contact(id: &str) -> String {
    format!("/v1/contacts/{}", encoded(id))
}

pub(super) fn of(id: &str, what: &str) -> String {
    format!("/v1/conversations/{}/{what}", encoded(id))
}

/// Percent-encoded, so that a value stays one segment or one parameter.
pub(super) fn encoded(value: &str) -> String {
    let mut text = String::new();
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~') {
            text.push(char::from(byte));
        } else {
            text += &format!("%{byte:02X}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use protocol::view::BlockTerm;

    use super::*;

    #[test]
    fn values_stay_in_their_place() {
        let request = Request::Finished { channel_id: None, project_id: None, after: Some(String::from("1|a&b=ü")) };
        assert_eq!(http_of(&request).path, "/v1/conversations?tab=finished&after=1%7Ca%26b%3D%C3%BC");
        let request = Request::Search { query: String::from("tea & milk"), after: None };
        assert_eq!(http_of(&request).path, "/v1/search?q=tea%20%26%20milk");
        let request = Request::Notes { conversation_id: String::from("cnv_1"), after: Some(String::from("5|not_1")) };
        assert_eq!(http_of(&request).path, "/v1/conversations/cnv_1/notes?after=5%7Cnot%5F1".replace("%5F", "_"));
        let request = Request::Accept { conversation_id: String::from("../me") };
        let call = HttpCall {
            method: Method::Post,
            path: String::from("/v1/conversations/%2E%2E%2Fme/accept"),
            body: Some(String::from("{}")),
            is_file: false,
        };
        assert_eq!(http_of(&request), call);
    }

    #[test]
    fn postponing_blocking_and_going_offline_say_what_the_relay_needs() {
        // P11 X3 B1 B5
        let id = || String::from("cnv_1");
        let body = |request: Request| {
            let HttpCall { path, body, .. } = http_of(&request);
            format!("{path} {}", body.unwrap_or_default())
        };
        let postpone = Request::Postpone { conversation_id: id(), fence: Some(3) };
        assert_eq!(body(postpone), r#"/v1/conversations/cnv_1/postpone {"fence":3}"#);
        let reason = Some(String::from("insults"));
        let block = Request::Block { conversation_id: id(), term: BlockTerm::Week, reason, also_ip: true };
        assert_eq!(body(block), r#"/v1/conversations/cnv_1/block {"term":"1_week","reason":"insults","also_ip":true}"#);
        assert_eq!(body(Request::Unblock { conversation_id: id() }), "/v1/conversations/cnv_1/unblock {}");
        let offline = Request::SetAvailability { availability: Availability::Offline, return_conversations: true };
        assert_eq!(http_of(&offline).method, Method::Put);
        assert_eq!(body(offline), r#"/v1/me/availability {"availability":"offline","return_conversations":true}"#);
    }

    #[test]
    fn what_is_not_the_relays_word_counts_as_unreachable() {
        let request = Request::Assignable { conversation_id: String::from("cnv_1") };
        let captive =
            |status| HttpOutcome::Answered { status, body: String::from("<html>Log in</html>"), retry_after_ms: None };
        for outcome in [captive(200), captive(403), captive(502), HttpOutcome::Unreachable] {
            assert_eq!(answered(&request, &outcome), Answered::Unreachable);
        }
        let body = r#"{"error":{"code":"agent_offline","message":"no"}}"#;
        let refused = HttpOutcome::Answered { status: 409, body: body.to_owned(), retry_after_ms: None };
        assert!(
            matches!(answered(&request, &refused), Answered::Refused { error } if error.code == ErrorCode::AgentOffline)
        );
    }
}
