//! What the browser keeps for the frame's origin, by the channel's key: the token and the messages that are not stored yet.

use alloc::string::String;
use alloc::vec::Vec;

use super::json::Value;
use super::page;
use crate::client::Kept;
use crate::digits::join;
use crate::kept;

/// The browser's storage, as far as it lets us.
pub(super) struct Store {
    prefix: String,
    refused: bool,
}

/// Something that another tab of the same visitor did to the storage.
pub(super) enum Elsewhere {
    /// It keeps this token.
    Token(String),
    /// It keeps this message.
    Kept(Kept),
    /// It keeps the message of this id no longer.
    Dropped(String),
}

impl Store {
    /// Opens the storage; a browser may refuse it to frames.
    pub(super) fn open(key: &str) -> Self {
        let prefix = join(&["deskside/", key, "/"]);
        // Where there is no storage, not even the removing of nothing succeeds.
        let refused = !page::remove(&prefix);
        Self { prefix, refused }
    }

    /// Whether something could not be kept.
    pub(super) fn is_refused(&self) -> bool {
        self.refused
    }

    /// The token of an earlier visit.
    pub(super) fn token(&self) -> Option<String> {
        page::stored(true, &self.key("token", ""))
    }

    /// Keeps a token.
    pub(super) fn keep_token(&mut self, token: &str) {
        self.set("token", "", Some(token));
    }

    /// Forgets this token, unless another tab has put a new one in its place.
    pub(super) fn forget_token(&mut self, token: &str) {
        if self.token().as_deref() == Some(token) {
            self.set("token", "", None);
        }
    }

    /// The messages that an earlier visit, or another tab, has not brought to the relay yet.
    pub(super) fn kept(&self) -> Vec<Kept> {
        let mut all = Vec::new();
        let mut at = 0;
        while let Some(key) = page::stored_key(at) {
            at += 1;
            if let Some(id) = self.message_of(&key)
                && let Some(value) = page::stored(true, &key)
            {
                all.extend(kept::decode(id, &Value::parse(&value)));
            }
        }
        all
    }

    /// Keeps a message.
    pub(super) fn keep(&mut self, kept: &Kept) {
        self.set("out/", &kept.id, Some(&kept::encode(kept)));
    }

    /// Keeps a message no longer.
    pub(super) fn drop_kept(&mut self, id: &str) {
        self.set("out/", id, None);
    }

    /// What this tab's visitor was writing when the page went away.
    pub(super) fn unfinished(&self) -> Option<String> {
        page::stored(false, &self.key("unfinished", ""))
    }

    /// Keeps what is being written, as well as the browser lets us: it still stands in the input.
    pub(super) fn keep_unfinished(&self, text: &str) {
        let _stands_in_the_input = page::store(false, &self.key("unfinished", ""), text);
    }

    /// What another tab did by giving this key another value, if it concerns this channel.
    pub(super) fn read(&self, key: &str, value: Option<String>) -> Option<Elsewhere> {
        if key == self.key("token", "") {
            return value.map(Elsewhere::Token);
        }
        let id = self.message_of(key)?;
        Some(match value {
            Some(value) => Elsewhere::Kept(kept::decode(id, &Value::parse(&value))?),
            None => Elsewhere::Dropped(String::from(id)),
        })
    }

    fn message_of<'a>(&self, key: &'a str) -> Option<&'a str> {
        key.strip_prefix(&*self.prefix)?.strip_prefix("out/")
    }

    fn key(&self, kind: &str, id: &str) -> String {
        join(&[&self.prefix, kind, id])
    }

    fn set(&mut self, kind: &str, id: &str, value: Option<&str>) {
        let key = self.key(kind, id);
        self.refused |= !value.map_or_else(|| page::remove(&key), |value| page::store(true, &key, value));
    }
}
