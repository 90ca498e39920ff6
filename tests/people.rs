//! People who use a relay over HTTP: agents, visitors, and who has no token.

use domain::id::{AttachmentId, MessageId, NoteId, TemplateId};
use protocol::error::{ErrorBody, ErrorCode};
use protocol::file::NAME_HEADER;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use store::secret::random_id_bytes;

use crate::reader::Reader;
use crate::world::START;

/// Somebody with a token, or without.
#[derive(Clone)]
pub struct Person {
    /// Where the relay is reached.
    pub url: String,
    /// What he proves himself with; empty for nobody.
    pub token: String,
    /// An agent's id.
    pub id: String,
    http: reqwest::Client,
}

/// An answer of the relay.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The body as JSON; null if there is none, a text if it is something else.
    pub body: Value,
}

impl Answer {
    /// The body of an accepted request.
    pub fn ok(self) -> Value {
        assert!(self.status.is_success(), "{} {}", self.status, self.body);
        self.body
    }

    /// The code of a refused one, whose status must be the code's.
    pub fn code(&self) -> ErrorCode {
        let body: ErrorBody = serde_json::from_value(self.body.clone()).unwrap_or_else(|_| panic!("{self:?}"));
        assert_eq!(self.status.as_u16(), body.error.code.status());
        assert!(!body.error.request_id.is_empty());
        body.error.code
    }

    /// The holder that a refusal names.
    pub fn holder(&self) -> &str {
        self.body["error"]["details"]["holder"]["name"].as_str().unwrap_or_default()
    }
}

/// A new message id.
pub fn message_id() -> String {
    MessageId::new(START, random_id_bytes()).into()
}

/// A new file's id.
pub fn attachment_id() -> String {
    AttachmentId::new(START, random_id_bytes()).into()
}

/// A file's name as it stands in its header.
pub fn encoded_name(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// A new note id.
pub fn note_id() -> String {
    NoteId::new(START, random_id_bytes()).into()
}

/// A new template id.
pub fn template_id() -> String {
    TemplateId::new(START, random_id_bytes()).into()
}

impl Person {
    /// Somebody without a token.
    pub fn nobody(url: &str) -> Self {
        Self { url: url.to_owned(), token: String::new(), id: String::new(), http: reqwest::Client::new() }
    }

    /// Whoever an answer gives a token to.
    #[must_use]
    pub fn with_token(&self, answer: &Value) -> Self {
        let text = |field: &str| answer[field].as_str().unwrap_or_default().to_owned();
        Self { token: text("token"), id: text("agent_id"), ..self.clone() }
    }

    /// Who takes an invitation, and goes Online.
    pub async fn invited(url: &str, code: &str, name: &str) -> Self {
        let nobody = Self::nobody(url);
        let body = json!({ "code": code, "name": name });
        let person = nobody.with_token(&nobody.post("/v1/invitations/redeem", &body).await.ok());
        person.goes("online").await;
        person
    }

    /// A visitor of the website whose channel has this key.
    pub async fn visitor(url: &str, channel_key: &str) -> Self {
        let nobody = Self::nobody(url);
        let path = format!("/v1/widget/{channel_key}/visitors");
        nobody.with_token(&nobody.post(&path, &json!({})).await.ok())
    }

    /// The same person at another address of the relay, after a restart.
    pub fn at(&self, url: &str) -> Self {
        Self { url: url.to_owned(), ..self.clone() }
    }

    /// Asks.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, Vec::new(), &[]).await
    }

    /// Commands.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, body.to_string().into_bytes(), &[]).await
    }

    /// Sets.
    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PUT, path, body.to_string().into_bytes(), &[]).await
    }

    /// Takes something away.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, Vec::new(), &[]).await
    }

    /// Any request.
    pub async fn send(&self, method: Method, path: &str, body: Vec<u8>, headers: &[(&str, &str)]) -> Answer {
        let mut request = self.http.request(method, format!("{}{path}", self.url)).body(body);
        if !headers.iter().any(|(name, _)| *name == "content-type") {
            request = request.header("content-type", "application/json");
        }
        if !self.token.is_empty() {
            request = request.bearer_auth(&self.token);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        let status = response.status();
        let bytes = response.bytes().await.unwrap();
        let text = || Value::String(String::from_utf8_lossy(&bytes).into_owned());
        let body =
            if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap_or_else(|_| text()) };
        Answer { status, body }
    }

    /// Goes Online or Offline.
    pub async fn goes(&self, availability: &str) {
        self.put("/v1/me/availability", &json!({ "availability": availability })).await.ok();
    }

    /// A visitor writes.
    pub async fn writes(&self, text: &str) -> Value {
        self.post("/v1/widget/messages", &json!({ "id": message_id(), "text": text })).await.ok()
    }

    /// An agent does something with a conversation.
    pub async fn acts(&self, verb: &str, conversation: &str, body: &Value) -> Answer {
        self.post(&format!("/v1/conversations/{conversation}/{verb}"), body).await
    }

    /// An agent answers with a fence.
    pub async fn answers(&self, conversation: &str, fence: u32, text: &str) -> Answer {
        let body = json!({ "id": message_id(), "text": text, "fence": fence });
        self.acts("messages", conversation, &body).await
    }

    /// An agent brings a file into a conversation.
    pub async fn brings(&self, conversation: &str, fence: u32, id: &str, file: (&str, &str, Vec<u8>)) -> Answer {
        let (name, media_type, bytes) = file;
        let path = format!("/v1/conversations/{conversation}/uploads?id={id}&fence={fence}");
        let headers = [("content-type", media_type), (NAME_HEADER, &encoded_name(name))];
        self.send(Method::POST, &path, bytes, &headers).await
    }

    /// A visitor brings a file.
    pub async fn uploads(&self, id: &str, name: &str, media_type: &str, bytes: Vec<u8>) -> Answer {
        let path = format!("/v1/widget/uploads?id={id}");
        let headers = [("content-type", media_type), (NAME_HEADER, &encoded_name(name))];
        self.send(Method::POST, &path, bytes, &headers).await
    }

    /// Asks for what is no JSON.
    pub async fn fetches(&self, path: &str) -> reqwest::Response {
        self.http.get(format!("{}{path}", self.url)).bearer_auth(&self.token).send().await.unwrap()
    }

    /// Why the messages of a conversation are refused.
    pub async fn history_code(&self, conversation: &str) -> ErrorCode {
        self.get(&format!("/v1/conversations/{conversation}/history")).await.code()
    }

    /// The messages of a conversation and of the client's earlier ones.
    pub async fn history(&self, conversation: &str) -> Vec<Value> {
        let body = self.get(&format!("/v1/conversations/{conversation}/history")).await.ok();
        body["messages"].as_array().unwrap().clone()
    }

    /// A stream of one's own.
    #[must_use]
    pub fn reads(&self) -> Reader {
        Reader::connect(&self.url, &self.token)
    }

    /// The stream of an agent who has Gmail open.
    #[must_use]
    pub fn works(&self) -> Reader {
        Reader::connect_here(&self.url, &self.token)
    }
}
