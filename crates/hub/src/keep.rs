//! Answers on their way, kept in this browser so that they survive a crash.

use protocol::worker::{AccountKey, Accounts};
use web_sys::Storage;

use crate::browser;
use crate::core::Kept;

const PREFIX: &str = "deskside/outbox/";

/// Keeps an account's answers; an empty list removes them.
pub(crate) fn keep(account: &AccountKey, items: &[Kept]) {
    let Some(storage) = storage() else { return };
    let name = name(account);
    let done = if items.is_empty() {
        storage.remove_item(&name)
    } else {
        let text = serde_json::to_string(items).expect("answers are plain structs with text keys");
        storage.set_item(&name, &text)
    };
    if let Err(reason) = done {
        // They are still sent, but would not survive a crash.
        browser::report(&format!("answers could not be kept: {}", browser::words(&reason)));
    }
}

/// What was kept of an account.
pub(crate) fn kept(account: &AccountKey) -> Vec<Kept> {
    let text = storage().and_then(|storage| storage.get_item(&name(account)).ok().flatten());
    let Some(text) = text else { return Vec::new() };
    serde_json::from_str(&text).unwrap_or_else(|error| {
        browser::report(&format!("kept answers could not be read: {error}"));
        Vec::new()
    })
}

/// Forgets what was kept of accounts that were signed out while the hub did not run.
pub(crate) fn forget_others(accounts: &Accounts) {
    let Some(storage) = storage() else { return };
    let length = storage.length().unwrap_or(0);
    let names: Vec<String> = (0..length).filter_map(|at| storage.key(at).ok().flatten()).collect();
    for name in names {
        let account = name.strip_prefix(PREFIX).map(|key| AccountKey(key.to_owned()));
        if let Some(account) = account.filter(|account| !accounts.contains_key(account)) {
            keep(&account, &[]);
        }
    }
}

fn name(account: &AccountKey) -> String {
    format!("{PREFIX}{}", account.0)
}

fn storage() -> Option<Storage> {
    let storage = web_sys::window().map(|window| window.local_storage());
    match storage {
        Some(Ok(storage)) => storage,
        Some(Err(reason)) => {
            browser::report(&format!("no local storage: {}", browser::words(&reason)));
            None
        }
        None => None,
    }
}
