//! Where things stand in Gmail's page: a relay may know it better than this extension, and pages are told the newest set (G2).

use protocol::worker::{AccountKey, GmailPlacesSet, HubToPage};

use crate::core::calls::{self, HttpOutcome, Reading};
use crate::core::{Core, Effect, PortId, Purpose};

const PATH: &str = "/v1/gmail-places";

impl Core {
    /// Asks an account's relay for its set: with each new stream, since a relay that was started again may have a newer one.
    pub(super) fn ask_places(&mut self, key: &AccountKey) {
        self.fetch(key, calls::get(String::from(PATH)), Purpose::Places);
    }

    /// Takes a relay's set, and tells all pages of one that is newer: where the address stands has to be found before a page has an account.
    pub(super) fn places_answered(&mut self, outcome: &HttpOutcome) {
        match outcome.read(|body| serde_json::from_str::<GmailPlacesSet>(body)) {
            Reading::Good(set) if self.places.as_ref().is_none_or(|known| known.version < set.version) => {
                self.places = Some(set);
                let ports: Vec<_> = self.pages.keys().copied().collect();
                ports.into_iter().for_each(|port| self.tell_places(port));
            }
            // The one that is known is as new, or the relay is older than these sets; the next stream asks again.
            Reading::Good(_) | Reading::Refused(_) | Reading::Unreadable => {}
        }
    }

    /// Tells a page the newest set; the page compares it with its own.
    pub(super) fn tell_places(&mut self, port: PortId) {
        if let Some(GmailPlacesSet { version, places }) = self.places.clone() {
            self.effects.push(Effect::ToPage { port, message: HubToPage::Places { version, places } });
        }
    }
}
