//! The public address: that its name leads here, that browsers trust it, and that this relay answers there.

use async_trait::async_trait;
use axum::http::StatusCode;
use protocol::error::{ErrorBody, ErrorCode};
use serde_json::Value;

use super::door::{Closed, Door};
use super::http::{Answer, get};
use super::looked::Looked;
use super::running::Running;
use super::settings::is_extension_id;
use super::{Check, Setup, certificate};

/// The title in the description of the relay's interface, by which it is known.
const TITLE: &str = "Deskside relay";
/// Where the description is.
const DESCRIPTION: &str = "/v1/openapi.json";

/// Looks at the public address.
pub(super) struct Address;

#[async_trait]
impl Check for Address {
    fn name(&self) -> &'static str {
        "address"
    }

    async fn look(&self, setup: &Setup, running: Running, looked: &mut Looked) {
        let Ok(door) = Door::of(&setup.public_url) else {
            return looked.not_checked("DESKSIDE_PUBLIC_URL cannot be read: see `settings`");
        };
        let looking = Looking { setup, running, door };
        if looking.arrives(looked).await && looking.is_answered(looked).await {
            looking.is_ours(looked).await;
            looking.is_ready(looked).await;
        }
    }
}

struct Looking<'a> {
    setup: &'a Setup,
    running: Running,
    door: Door,
}

impl Looking<'_> {
    /// Name, connections and certificate; says whether one gets in.
    async fn arrives(&self, looked: &mut Looked) -> bool {
        let door = &self.door;
        let machines = match door.resolve().await {
            Ok(machines) => machines,
            Err(closed) => {
                looked.bad(
                    closed.to_string(),
                    format!(
                        "give {} an A or AAAA record that leads to the proxy, or correct DESKSIDE_PUBLIC_URL",
                        door.host
                    ),
                );
                return false;
            }
        };
        let mut answered = None;
        let mut silent = Vec::new();
        for machine in &machines {
            match door.reach(*machine).await {
                Ok(stream) => answered = answered.or(Some(stream)),
                Err(closed) => silent.push(closed),
            }
        }
        let Some(stream) = answered else {
            let closed = silent.first().map_or_else(String::new, Closed::to_string);
            self.is_silent(&closed, looked);
            return false;
        };
        // The loopback has two numbers, and a relay listens at one of them.
        if !door.is_here() {
            for closed in silent {
                looked.note(
                    format!("{} stands for {} machines, and {closed}", door.host, machines.len()),
                    "take the record of that number out of the DNS, or let the proxy listen there too",
                );
            }
        }
        let open = match door.shake_hands(stream).await {
            Ok(open) => open,
            Err(closed) => {
                looked.bad(
                    closed.to_string(),
                    "DESKSIDE_PUBLIC_URL leads to the proxy's port for https: see the proxy's log, and whether it has a \
                     certificate for this name",
                );
                return false;
            }
        };
        looked.fact(format!("{} is reached", door.origin));
        if !open.chain.is_empty() {
            self.is_trusted(&open.chain, looked);
        }
        true
    }

    fn is_silent(&self, closed: &str, looked: &mut Looked) {
        if self.running == Running::No && self.door.is_here() {
            looked.note(format!("{closed}: no relay runs"), "start it by `deskside serve`, and look again");
        } else if self.door.is_here() {
            looked.bad(closed, "start the relay, or give DESKSIDE_LISTEN and DESKSIDE_PUBLIC_URL the same port");
        } else {
            looked.bad(
                closed,
                "start the proxy, and see whether a firewall, a port that is not forwarded, or a wrong number in the DNS is in the way; \
                 some networks do not let a machine reach its own public address: then look from another one",
            );
        }
    }

    fn is_trusted(&self, chain: &[rustls::pki_types::CertificateDer<'static>], looked: &mut Looked) {
        let roots = match certificate::roots(self.setup.ca.as_deref()) {
            Ok(roots) => roots,
            Err(why) => return looked.bad(why, "give a file with certificates in PEM by --ca or SSL_CERT_FILE"),
        };
        match self.door.name() {
            Ok(name) => certificate::judge(chain, &name, roots, self.setup.clock.now(), looked),
            Err(closed) => looked.bad(closed.to_string(), "correct DESKSIDE_PUBLIC_URL"),
        }
    }

    /// Whether anything that could be the relay answers.
    async fn is_answered(&self, looked: &mut Looked) -> bool {
        let answer = match get(&self.door, "/healthz", None).await {
            Ok(answer) => answer,
            Err(closed) => {
                looked.bad(closed.to_string(), "what listens there is no web server, or hangs: see its log");
                return false;
            }
        };
        let status = answer.status;
        if status == StatusCode::OK {
            return true;
        }
        if status.is_server_error() && self.running == Running::No {
            looked.note(
                format!("the proxy answers {status}: no relay runs"),
                "start it by `deskside serve`, and look again",
            );
        } else if status.is_server_error() {
            looked.bad(
                format!("the proxy answers {status}: it does not reach the relay"),
                format!("let the proxy pass requests to the relay, which listens at {}", self.setup.listen),
            );
        } else if let (true, Some(to)) = (status.is_redirection(), answer.header("location")) {
            looked.bad(
                format!("/healthz is answered with a redirection to {to}"),
                "give DESKSIDE_PUBLIC_URL the address that browsers end up at, or let the proxy pass requests on instead",
            );
        } else {
            looked.bad(
                format!("/healthz is answered with {status}"),
                "let the proxy pass every path of this name to the relay, and ask for no password before it",
            );
        }
        false
    }

    /// Whether it is this product, of this version, started with these settings.
    async fn is_ours(&self, looked: &mut Looked) {
        let answer = match get(&self.door, DESCRIPTION, Some(&self.door.origin)).await {
            Ok(answer) => answer,
            Err(closed) => return looked.bad(closed.to_string(), "see the relay's and the proxy's log"),
        };
        if is_of_another_origin(&answer) {
            return looked.bad(
                "the relay that answers was started with another DESKSIDE_PUBLIC_URL, and refuses its own widget",
                format!("start it with DESKSIDE_PUBLIC_URL={}", self.door.origin),
            );
        }
        let description: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        if description["info"]["title"] != TITLE {
            return looked.bad(
                format!(
                    "what answers there is no Deskside: {DESCRIPTION} has {} and no description of it",
                    answer.status
                ),
                "let the name, or the proxy, lead to the relay, with every path",
            );
        }
        match description["info"]["version"].as_str() {
            Some(version) if version == env!("CARGO_PKG_VERSION") => looked.fact(format!("Deskside {version} answers")),
            other => looked.note(
                format!("Deskside {} answers, and this program is {}", other.unwrap_or("?"), env!("CARGO_PKG_VERSION")),
                "restart the relay if it was to be brought up to date, or look with its own program",
            ),
        }
        for id in self.setup.extension_ids.iter().filter(|id| is_extension_id(id)) {
            self.takes_extension(id, looked).await;
        }
    }

    /// Whether an extension's pages may talk to the relay, and are told so once.
    async fn takes_extension(&self, id: &str, looked: &mut Looked) {
        let origin = format!("chrome-extension://{id}");
        let answer = match get(&self.door, DESCRIPTION, Some(&origin)).await {
            Ok(answer) => answer,
            Err(closed) => return looked.bad(closed.to_string(), "see the relay's and the proxy's log"),
        };
        if is_of_another_origin(&answer) {
            return looked.bad(
                format!("the relay that answers does not take the extension {id}"),
                "start it with this id among DESKSIDE_EXTENSION_IDS",
            );
        }
        let allowed: Vec<_> = answer.headers.get_all("access-control-allow-origin").iter().collect();
        if allowed.len() != 1 || allowed[0] != origin.as_str() {
            looked.bad(
                "the proxy changes the header Access-Control-Allow-Origin, and agents' browsers refuse the answers",
                "take rules about CORS out of the proxy: the relay says itself who may talk to it",
            );
        }
    }

    async fn is_ready(&self, looked: &mut Looked) {
        let Ok(answer) = get(&self.door, "/readyz", None).await else {
            return looked.bad("/readyz is not answered", "see the relay's log");
        };
        let text = String::from_utf8_lossy(&answer.body);
        if answer.status == StatusCode::OK && text == "ready" {
            return;
        }
        let words = serde_json::from_slice(&answer.body)
            .map_or_else(|_| text.into_owned(), |body: ErrorBody| body.error.message);
        if answer.status == StatusCode::OK {
            looked.note(format!("the relay is {words}"), "see what the other checks say, and the relay's log");
        } else {
            looked
                .bad(format!("the relay is not ready: {words}"), "see what the other checks say, and the relay's log");
        }
    }
}

/// Whether the relay refused the page that asked.
fn is_of_another_origin(answer: &Answer) -> bool {
    let body = serde_json::from_slice::<ErrorBody>(&answer.body);
    body.is_ok_and(|body| body.error.code == ErrorCode::OriginNotAllowed)
}
