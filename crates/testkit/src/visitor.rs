//! A client without a browser, who talks to the relay as the chat does: for a list with more than one row.

use anyhow::Result;
use domain::id::MessageId;
use domain::time::Timestamp;
use protocol::command::{ContactMessageBody, ContactWrites, VisitorBody};
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
        let mut random = [0; 10];
        getrandom::fill(&mut random)?;
        let id = MessageId::new(Timestamp::from_ms(0), random);
        let message = ContactWrites { id: id.to_string(), text: text.to_owned() };
        let request = self.http.post(format!("{}/v1/widget/messages", self.relay)).bearer_auth(&self.token);
        let answer = request.json(&message).send().await?.error_for_status()?;
        answer.json::<ContactMessageBody>().await?;
        Ok(())
    }
}
