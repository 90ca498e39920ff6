//! A client without a browser, who talks to the relay as the chat does: for a list with more than one row.

use anyhow::Result;
use domain::id::{AttachmentId, MessageId};
use domain::time::Timestamp;
use protocol::command::{ContactMessageBody, ContactWrites, VisitorBody};
use protocol::file::NAME_HEADER;
use reqwest::Client;

/// A visitor of the online chat.
#[derive(Clone, Debug)]
pub struct Visitor {
    relay: String,
    token: String,
    http: Client,
}

impl Visitor {
    /// A new visitor of the channel with this public key.
    ///
    /// # Errors
    /// When the relay refuses.
    pub async fn new(relay: &str, channel_key: &str) -> Result<Self> {
        let http = Client::new();
        let url = format!("{relay}/v1/widget/{channel_key}/visitors");
        let answer = http.post(url).json(&serde_json::json!({})).send().await?.error_for_status()?;
        let VisitorBody { token } = answer.json().await?;
        Ok(Self { relay: relay.to_owned(), token, http })
    }

    /// Writes a message.
    ///
    /// # Errors
    /// When the relay refuses.
    pub async fn writes(&self, text: &str) -> Result<()> {
        self.says(text, Vec::new()).await
    }

    /// Sends a file, with a message of nothing else.
    ///
    /// # Errors
    /// When the relay refuses.
    pub async fn sends_file(&self, name: &str, media_type: &str, bytes: Vec<u8>) -> Result<()> {
        let id = AttachmentId::new(Timestamp::from_ms(0), random()?).to_string();
        let name: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let request = self.http.post(format!("{}/v1/widget/uploads?id={id}", self.relay));
        let request = request.bearer_auth(&self.token).header("content-type", media_type).header(NAME_HEADER, name);
        let request = request.body(bytes);
        request.send().await?.error_for_status()?;
        self.says("", vec![id]).await
    }

    async fn says(&self, text: &str, attachments: Vec<String>) -> Result<()> {
        let id = MessageId::new(Timestamp::from_ms(0), random()?);
        let message = ContactWrites { id: id.to_string(), text: text.to_owned(), attachments };
        let request = self.http.post(format!("{}/v1/widget/messages", self.relay)).bearer_auth(&self.token);
        let answer = request.json(&message).send().await?.error_for_status()?;
        answer.json::<ContactMessageBody>().await?;
        Ok(())
    }
}

fn random() -> Result<[u8; 10]> {
    let mut random = [0; 10];
    getrandom::fill(&mut random)?;
    Ok(random)
}
