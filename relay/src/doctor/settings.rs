//! Settings that cannot be right, whatever the machines say.

use std::net::IpAddr;

use async_trait::async_trait;
use protocol::origin::OriginRefused;
use store::inspect::Inspector;

use super::door::Door;
use super::looked::Looked;
use super::running::Running;
use super::{Check, Setup};
use crate::gmail_places::GmailPlaces;

/// Looks at the settings.
pub(super) struct Settings;

#[async_trait]
impl Check for Settings {
    fn name(&self) -> &'static str {
        "settings"
    }

    async fn look(&self, setup: &Setup, _: Running, looked: &mut Looked) {
        let record = if setup.database_url.is_some() { "PostgreSQL" } else { "a SQLite file" };
        let bus = if setup.redis_url.is_some() { "several relays share Redis" } else { "one relay by itself" };
        looked.fact(format!("{record}, {bus}, for {}", shown(&setup.public_url)));
        public_url(setup, looked);
        several(setup, looked).await;
        proxies(setup, looked);
        places(setup, looked);
        for id in setup.extension_ids.iter().filter(|id| !is_extension_id(id)) {
            looked.bad(
                format!("{id:?} among DESKSIDE_EXTENSION_IDS is no id of an extension"),
                "take the id from chrome://extensions: 32 letters from a to p; several are parted by commas, without spaces",
            );
        }
        for name in &setup.unknown_settings {
            looked.note(
                format!("{name} is set, and is no setting of this program"),
                "see `deskside serve --help` for how it is spelt",
            );
        }
    }
}

/// The address without what somebody may have written before an `@`.
fn shown(url: &str) -> String {
    match url.split_once("://").map(|(scheme, rest)| (scheme, rest.rsplit_once('@'))) {
        Some((scheme, Some((_, host)))) => format!("{scheme}://…@{host}"),
        _ => url.to_owned(),
    }
}

fn public_url(setup: &Setup, looked: &mut Looked) {
    let url = shown(&setup.public_url);
    match Door::of(&setup.public_url) {
        Ok(_) => {}
        Err(OriginRefused::Insecure) => looked.bad(
            format!("DESKSIDE_PUBLIC_URL is {url}: browsers reach a relay on another machine by https only"),
            "put a proxy with TLS before it, such as Caddy, and give its https address",
        ),
        Err(OriginRefused::Empty | OriginRefused::Scheme | OriginRefused::Malformed) => looked.bad(
            format!("DESKSIDE_PUBLIC_URL is {url:?}, which is no address of a relay"),
            "give https://, a host, and a port if it is not 443: no path, no user",
        ),
    }
}

/// Several relays need a database that is not a file, and Redis to hear of each other at once.
async fn several(setup: &Setup, looked: &mut Looked) {
    if setup.redis_url.is_some() && setup.database_url.is_none() {
        return looked.bad(
            "DESKSIDE_REDIS_URL is for several relays, and the record is a SQLite file, which has one relay",
            "give DESKSIDE_DATABASE_URL as well, or leave Redis out",
        );
    }
    if setup.redis_url.is_some() || setup.database_url.is_none() {
        return;
    }
    // `database` says why, if it cannot be asked.
    let Ok(mut inspector) = Inspector::open(&setup.database()).await else { return };
    let relays = inspector.relays().await;
    inspector.close().await;
    if let Ok(Some(relays)) = relays
        && relays.n_machines > 1
    {
        looked.bad(
            format!("relays on {} machines use this database, and DESKSIDE_REDIS_URL is not set", relays.n_machines),
            "give all of them the same Redis: without it they do not see each other's agents, and events come late",
        );
    }
}

/// A relay that listens to other machines is reached through a proxy that may be on another one.
fn proxies(setup: &Setup, looked: &mut Looked) {
    let is_public = Door::of(&setup.public_url).is_ok_and(|door| !door.is_here());
    let listens_here: bool = IpAddr::is_loopback(&setup.listen.ip());
    if is_public && !listens_here && !setup.names_proxies {
        looked.note(
            format!("the relay listens at {}, and only a proxy on this machine is believed when it says who asks", setup.listen),
            "give the network of a proxy elsewhere by DESKSIDE_TRUSTED_PROXIES: else all clients share its address, and one rate limit",
        );
    }
}

/// A set of places that a relay would refuse, or that does less than it seems.
fn places(setup: &Setup, looked: &mut Looked) {
    let Some(path) = &setup.gmail_places else { return };
    let name = path.display();
    match GmailPlaces::read(path) {
        Ok(places) => {
            for remark in places.remarks() {
                looked.note(
                    format!("DESKSIDE_GMAIL_PLACES is {name}: {remark}"),
                    "compare it with extension/places.js of this release, or leave the setting out",
                );
            }
        }
        Err(why) => looked.bad(
            format!("DESKSIDE_GMAIL_PLACES is {name}, with which no relay starts: {why}"),
            "mend the file, or leave the setting out: then the set that is built in is used",
        ),
    }
}

/// Chrome writes a hash with the letters a to p.
pub(super) fn is_extension_id(id: &str) -> bool {
    id.len() == 32 && id.bytes().all(|byte| (b'a'..=b'p').contains(&byte))
}
