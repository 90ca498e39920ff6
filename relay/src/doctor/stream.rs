//! `/v1/stream` through the public address: proxies forget the upgrade, or hold frames back.

use std::time::Duration;

use async_trait::async_trait;
use axum::http::{HeaderValue, StatusCode, header};
use futures_util::{SinkExt as _, StreamExt as _};
use protocol::WIRE_VERSION;
use protocol::error::ErrorCode;
use protocol::frame::{ClientFrame, RelayFrame};
use tokio::time::{Instant, timeout};
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use super::door::{Door, Wire};
use super::looked::Looked;
use super::running::Running;
use super::{Check, Setup};

/// How long the upgrade, and the first frame, may take.
const WITHIN: Duration = Duration::from_secs(6);
/// Nobody's token: the relay answers it with a typed refusal, which is all that is wanted.
const NO_TOKEN: &str = "deskside-doctor";
/// How the common proxies pass a WebSocket on.
const UPGRADE_MEND: &str = "let the proxy pass the upgrade on; nginx: `proxy_http_version 1.1; proxy_set_header Upgrade \
    $http_upgrade; proxy_set_header Connection \"upgrade\";`, Apache: `ProxyPass / http://relay/ upgrade=websocket`, Caddy does by itself";
const BUFFER_MEND: &str =
    "let the proxy pass on at once what it gets; nginx: `proxy_buffering off;`, Caddy: `flush_interval -1`";

/// Looks whether a WebSocket gets through.
pub(super) struct Stream;

#[async_trait]
impl Check for Stream {
    fn name(&self) -> &'static str {
        "stream"
    }

    async fn look(&self, setup: &Setup, running: Running, looked: &mut Looked) {
        let Ok(door) = Door::of(&setup.public_url) else {
            return looked.not_checked("DESKSIDE_PUBLIC_URL cannot be read: see `settings`");
        };
        let Ok(open) = door.open().await else {
            return looked.not_checked("the public address is not reached: see `address`");
        };
        let began = Instant::now();
        match timeout(WITHIN, upgrade(&door, open.wire)).await {
            Ok(Ok(socket)) => first_frame(socket, began, looked).await,
            Ok(Err(Error::Http(answer))) => refused(answer.status(), running, looked),
            Ok(Err(error)) => {
                looked.bad(format!("the WebSocket /v1/stream does not come about: {error}"), UPGRADE_MEND);
            }
            Err(_) => {
                looked.bad(
                    format!("the upgrade of /v1/stream is not answered within {} s", WITHIN.as_secs()),
                    UPGRADE_MEND,
                );
            }
        }
    }
}

async fn upgrade(door: &Door, wire: Box<dyn Wire>) -> Result<WebSocketStream<Box<dyn Wire>>, Error> {
    let mut request = format!("{}/v1/stream", door.origin.replacen("http", "ws", 1)).into_client_request()?;
    let origin = HeaderValue::from_str(&door.origin).map_err(|error| Error::HttpFormat(error.into()))?;
    request.headers_mut().insert(header::ORIGIN, origin);
    Ok(client_async(request, wire).await?.0)
}

fn refused(status: StatusCode, running: Running, looked: &mut Looked) {
    match status {
        status if status.is_server_error() && running == Running::No => looked.not_checked("no relay runs"),
        status if status.is_server_error() => {
            looked.bad(
                format!("the upgrade of /v1/stream is answered with {status}"),
                "see `address`, and the proxy's log",
            );
        }
        StatusCode::FORBIDDEN => looked.bad(
            "the upgrade of /v1/stream is refused (403): the relay, or the proxy, takes no page of the public address",
            "start the relay with this DESKSIDE_PUBLIC_URL, and let the proxy leave the header Origin alone",
        ),
        status => looked.bad(
            format!("the upgrade of /v1/stream is refused ({status}): the proxy does not pass it on"),
            UPGRADE_MEND,
        ),
    }
}

/// Says hello with a token that is none, and waits for the refusal.
async fn first_frame(mut socket: WebSocketStream<Box<dyn Wire>>, began: Instant, looked: &mut Looked) {
    let hello = ClientFrame::Hello {
        token: NO_TOKEN.to_owned(),
        version: WIRE_VERSION,
        features: Vec::new(),
        cursors: std::collections::BTreeMap::new(),
        here: false,
    };
    let exchange = async {
        let text = serde_json::to_string(&hello).map_err(|error| error.to_string())?;
        socket.send(Message::text(text)).await.map_err(|error| error.to_string())?;
        while let Some(message) = socket.next().await {
            match message.map_err(|error| error.to_string())? {
                Message::Text(text) => return serde_json::from_str(&text).map_err(|error| error.to_string()),
                Message::Close(_) => break,
                _ => {}
            }
        }
        Err("the connection was closed without a word".to_owned())
    };
    match timeout(WITHIN, exchange).await {
        Ok(Ok(RelayFrame::Error { error })) if error.code == ErrorCode::Unauthorized => {
            looked.fact(format!(
                "a WebSocket gets through, and a frame comes back, in {} ms",
                began.elapsed().as_millis()
            ));
        }
        Ok(Ok(RelayFrame::Error { error })) => looked.bad(
            format!("a WebSocket gets through, and the relay refuses it: {}", error.message),
            "see what the other checks say, and the relay's log",
        ),
        Ok(Ok(RelayFrame::Goaway { .. })) => {
            looked.note("a WebSocket gets through, and the relay is about to stop", "look again once it runs");
        }
        Ok(Ok(_)) => {
            looked.bad("a WebSocket gets through, and another frame comes than is expected", "see what answers there");
        }
        Ok(Err(why)) => {
            looked.bad(format!("the upgrade of /v1/stream succeeds, and no frame comes: {why}"), UPGRADE_MEND);
        }
        Err(_) => {
            looked.bad(
                format!("the upgrade of /v1/stream succeeds, and no frame comes within {} s", WITHIN.as_secs()),
                BUFFER_MEND,
            );
        }
    }
}
