//! Chromium's DevTools over their own WebSocket, for what is in no window: the hub in its offscreen document.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use futures_util::{SinkExt, StreamExt};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

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

    /// What a target holds, after its garbage was collected.
    ///
    /// # Errors
    /// When it goes away.
    pub async fn memory(&self, target: &Target) -> Result<Memory> {
        let mut session = self.attach(target).await?;
        // What was held by what is gone now goes at the second time.
        for _ in 0..2 {
            session.call("HeapProfiler.collectGarbage", json!({})).await?;
        }
        let heap = session.call("Runtime.getHeapUsage", json!({})).await?;
        let counters = session.call("Memory.getDOMCounters", json!({})).await?;
        let of_wasm = session.call("Runtime.evaluate", json!({ "expression": "WebAssembly.Memory.prototype" })).await?;
        let all = json!({ "prototypeObjectId": of_wasm["result"]["objectId"] });
        let all = session.call("Runtime.queryObjects", all).await?;
        let sum = json!({
            "objectId": all["objects"]["objectId"],
            "functionDeclaration": "function () { return this.reduce((sum, { buffer }) => sum + buffer.byteLength, 0); }",
            "returnByValue": true,
        });
        let wasm = session.call("Runtime.callFunctionOn", sum).await?;
        let kb = |bytes: &Value| bytes.as_f64().map(|bytes| bytes / 1_024.0).context("no number of bytes");
        Ok(Memory {
            heap_kb: kb(&heap["usedSize"])? + kb(&heap["embedderHeapUsedSize"])? + kb(&heap["backingStorageSize"])?,
            wasm_kb: kb(&wasm["result"]["value"])?,
            n_nodes: counters["nodes"].as_u64().context("no count of nodes")?,
        })
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
        self.attach(target).await?.call(method, params).await
    }

    /// Stays with a target, for commands that are one after the other and what it tells meanwhile.
    ///
    /// # Errors
    /// When it is gone, or somebody else holds it.
    pub async fn attach(&self, target: &Target) -> Result<Session> {
        let url = target.socket.as_deref().context("another DevTools client holds this target")?;
        let (socket, _) = connect_async(url).await?;
        Ok(Session { socket, n_calls: 0, told: Vec::new() })
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
        let script = "(({ nSoundsPlayed, nConnections }) => ({ n_sounds: Number(nSoundsPlayed ?? 0), n_connections: Number(nConnections ?? 0) }))(document.documentElement.dataset)";
        Ok(serde_json::from_value(self.evaluate(&hub, script).await?)?)
    }
}

/// DevTools that stay with one target.
#[derive(Debug)]
pub struct Session {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    n_calls: u64,
    told: Vec<Told>,
}

/// What a target told by itself.
#[derive(Clone, Debug, Deserialize)]
pub struct Told {
    /// Which event, as `Tracing.dataCollected`.
    pub method: String,
    /// What it says.
    #[serde(default)]
    pub params: Value,
}

impl Session {
    /// Sends a command and waits for its answer.
    ///
    /// # Errors
    /// When the target refuses it or goes away.
    pub async fn call(&mut self, method: &str, params: Value) -> Result<Value> {
        self.n_calls += 1;
        let id = self.n_calls;
        let command = json!({ "id": id, "method": method, "params": params });
        self.socket.send(Message::text(command.to_string())).await?;
        let answer = async {
            loop {
                let value = self.read().await?;
                if value["id"] == id {
                    return Ok::<_, anyhow::Error>(value);
                }
            }
        };
        let answer = timeout(ANSWER, answer).await.with_context(|| format!("{method} was not answered"))??;
        if let Some(error) = answer.get("error") {
            bail!("{method}: {error}");
        }
        Ok(answer["result"].clone())
    }

    /// Everything that the target has told, up to the first event of this name, which is waited for.
    ///
    /// # Errors
    /// When it does not come, or the target goes away.
    pub async fn told_until(&mut self, method: &str) -> Result<Vec<Told>> {
        let come = async {
            while !self.told.iter().any(|told| told.method == method) {
                self.read().await?;
            }
            Ok::<_, anyhow::Error>(())
        };
        timeout(ANSWER, come).await.with_context(|| format!("no {method} came"))??;
        Ok(self.told())
    }

    /// What the target has told so far.
    pub fn told(&mut self) -> Vec<Told> {
        std::mem::take(&mut self.told)
    }

    /// The next answer; events are kept.
    async fn read(&mut self) -> Result<Value> {
        while let Some(message) = self.socket.next().await {
            let Message::Text(text) = message? else {
                continue;
            };
            let value: Value = serde_json::from_str(&text)?;
            if value.get("method").is_none() {
                return Ok(value);
            }
            self.told.push(serde_json::from_value(value)?);
            // Whoever waits for an event looks again.
            return Ok(Value::Null);
        }
        bail!("the target went away")
    }
}

/// What a page holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Memory {
    /// Objects of all scripts in its process, ours and its own, what the browser keeps for them, and buffers, in KiB.
    pub heap_kb: f64,
    /// The memories of the wasm in it, in KiB.
    pub wasm_kb: f64,
    /// Nodes of all its documents, also of detached ones.
    pub n_nodes: u64,
}

/// What the hub counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct HubFigures {
    /// Sounds played so far.
    pub n_sounds: u32,
    /// Relay connections held now.
    pub n_connections: u32,
}
