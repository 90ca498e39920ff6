//! What the browser keeps for the frame's origin, by the channel's key: the token and the messages that are not stored yet.

use web_sys::{Storage, StorageEvent};

use super::dom::window;
use super::input::Input;
use super::json;
use crate::client::Kept;
use crate::kept;

/// The browser's storage, as far as it lets us.
pub(super) struct Store {
    local: Option<Storage>,
    session: Option<Storage>,
    prefix: String,
    refused: bool,
}

impl Store {
    /// Opens the storage; a browser may refuse it to frames.
    pub(super) fn open(key: &str) -> Self {
        let local = window().local_storage().ok().flatten();
        let refused = local.is_none();
        let session = window().session_storage().ok().flatten();
        Self { local, session, prefix: format!("deskside/{key}/"), refused }
    }

    /// Whether something could not be kept.
    pub(super) fn is_refused(&self) -> bool {
        self.refused
    }

    /// The token of an earlier visit.
    pub(super) fn token(&self) -> Option<String> {
        self.get(&self.key("token"))
    }

    /// Keeps a token.
    pub(super) fn keep_token(&mut self, token: &str) {
        self.set(&self.key("token"), token);
    }

    /// Forgets this token, unless another tab has put a new one in its place.
    pub(super) fn forget_token(&mut self, token: &str) {
        if self.token().as_deref() == Some(token) {
            self.remove(&self.key("token"));
        }
    }

    /// The messages that an earlier visit, or another tab, has not brought to the relay yet.
    pub(super) fn kept(&self) -> Vec<Kept> {
        let Some(local) = &self.local else { return Vec::new() };
        let prefix = self.key("out/");
        (0..local.length().unwrap_or(0))
            .filter_map(|at| local.key(at).ok().flatten())
            .filter_map(|key| {
                let id = key.strip_prefix(&prefix)?;
                kept::decode(id, &json::parse(&self.get(&key)?)?)
            })
            .collect()
    }

    /// Keeps a message.
    pub(super) fn keep(&mut self, kept: &Kept) {
        self.set(&self.key(&format!("out/{}", kept.id)), &kept::encode(kept));
    }

    /// Keeps a message no longer.
    pub(super) fn drop_kept(&mut self, id: &str) {
        self.remove(&self.key(&format!("out/{id}")));
    }

    /// What this tab's visitor was writing when the page went away.
    pub(super) fn unfinished(&self) -> Option<String> {
        self.session.as_ref()?.get_item(&self.key("unfinished")).ok().flatten()
    }

    /// Keeps what is being written, as well as the browser lets us: it still stands in the input.
    pub(super) fn keep_unfinished(&self, text: &str) {
        if let Some(session) = &self.session {
            session.set_item(&self.key("unfinished"), text).unwrap_or_default();
        }
    }

    /// What another tab of the same visitor did to the storage, if it concerns this channel.
    pub(super) fn read(&self, event: &StorageEvent) -> Option<Input> {
        let key = event.key()?;
        let name = key.strip_prefix(&self.prefix)?;
        if name == "token" {
            return event.new_value().map(Input::TokenElsewhere);
        }
        let id = name.strip_prefix("out/")?;
        Some(match event.new_value() {
            Some(value) => Input::KeptElsewhere(kept::decode(id, &json::parse(&value)?)?),
            None => Input::DroppedElsewhere(id.to_owned()),
        })
    }

    fn key(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    fn get(&self, key: &str) -> Option<String> {
        self.local.as_ref()?.get_item(key).ok().flatten()
    }

    fn set(&mut self, key: &str, value: &str) {
        let kept = self.local.as_ref().is_some_and(|local| local.set_item(key, value).is_ok());
        self.refused |= !kept;
    }

    fn remove(&mut self, key: &str) {
        if let Some(local) = &self.local {
            self.refused |= local.remove_item(key).is_err();
        }
    }
}
