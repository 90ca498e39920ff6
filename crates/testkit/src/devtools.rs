//! Chromium's DevTools over their own WebSocket, for what is in no window: the hub in its offscreen document.

use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use futures_util::{SinkExt, StreamExt};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::timeout;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

const ANSWER: Duration = Duration::from_secs(20);

/// Something that DevTools can attach to.
#[derive(Clone, Debug, Deserialize)]
pub struct Target {
    /// What it is: `page`, `iframe`, `service_worker`, `background_page` (an offscreen document).
    #[serde(rename = "type")]
    pub kind: String,
    /// Its address.
    pub url: String,
    /// Where its own DevTools listen.
    #[serde(rename = "webSocketDebuggerUrl")]
    socket: Option<String>,
    /// Its id.
    pub id: String,
}

/// The DevTools of one browser.
#[derive(Clone, Debug)]
pub struct Devtools {
    address: String,
}

impl Devtools {
    /// The DevTools that listen at `address`, as `127.0.0.1:9222`.
    #[must_use]
    pub fn new(address: String) -> Self {
        Self { address }
    }

    /// Everything that can be attached to now.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn targets(&self) -> Result<Vec<Target>> {
        Ok(reqwest::get(format!("http://{}/json/list", self.address)).await?.json().await?)
    }

    /// The first target of a kind whose address ends so.
    ///
    /// # Errors
    /// When there is none.
    pub async fn target(&self, kind: &str, url_ends: &str) -> Result<Target> {
        let found =
            self.targets().await?.into_iter().find(|target| target.kind == kind && target.url.ends_with(url_ends));
        found.with_context(|| format!("no {kind} at …{url_ends}"))
    }

    /// Runs JavaScript in a target and returns its value; a promise is waited for.
    ///
    /// # Errors
    /// When it throws, or the target goes away.
    pub async fn evaluate(&self, target: &Target, expression: &str) -> Result<Value> {
        let params =
            json!({ "expression": expression, "awaitPromise": true, "returnByValue": true, "userGesture": false });
        let answer = self.call(target, "Runtime.evaluate", params).await?;
        if let Some(exception) = answer.get("exceptionDetails") {
            bail!("{expression} threw: {exception}");
        }
        Ok(answer["result"]["value"].clone())
    }

    /// Sends one DevTools command to a target.
    ///
    /// # Errors
    /// When the target refuses it or goes away.
    pub async fn call(&self, target: &Target, method: &str, params: Value) -> Result<Value> {
        let url = target.socket.as_deref().context("another DevTools client holds this target")?;
        let (mut socket, _) = connect_async(url).await?;
        let command = json!({ "id": 1, "method": method, "params": params });
        socket.send(Message::text(command.to_string())).await?;
        let answer = timeout(ANSWER, async {
            while let Some(message) = socket.next().await {
                let Message::Text(text) = message? else {
                    continue;
                };
                let value: Value = serde_json::from_str(&text)?;
                if value["id"] == 1 {
                    return Ok(value);
                }
            }
            Err(anyhow!("the target went away"))
        });
        let answer = answer.await.with_context(|| format!("{method} was not answered"))??;
        if let Some(error) = answer.get("error") {
            bail!("{method}: {error}");
        }
        Ok(answer["result"].clone())
    }

    /// Ends a target, as a crash would.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn close(&self, target: &Target) -> Result<()> {
        reqwest::get(format!("http://{}/json/close/{}", self.address, target.id)).await?.error_for_status()?;
        Ok(())
    }

    /// The hub's own figures: how many sounds it played and how many relay connections it holds.
    ///
    /// # Errors
    /// When the hub does not run.
    pub async fn hub(&self) -> Result<HubFigures> {
        let hub = self.target("background_page", "/extension/hub.html").await?;
        let script = "(({ nSounds, nConnections }) => ({ n_sounds: Number(nSounds ?? 0), n_connections: Number(nConnections ?? 0) }))(document.documentElement.dataset)";
        Ok(serde_json::from_value(self.evaluate(&hub, script).await?)?)
    }
}

/// What the hub counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct HubFigures {
    /// Sounds played so far.
    pub n_sounds: u32,
    /// Relay connections held now.
    pub n_connections: u32,
}
