//! Answers on their way, kept in this browser so that they survive a crash.

use protocol::worker::{AccountKey, Accounts, DRAFT_PREFIX, OUTBOX_PREFIX};
use web_sys::Storage;

use crate::browser;
use crate::core::Kept;

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

/// Forgets what was kept of accounts that are signed out: their answers, and the drafts that their panels wrote.
pub(crate) fn forget_others(accounts: &Accounts) {
    let Some(storage) = storage() else { return };
    let length = storage.length().unwrap_or(0);
    let names: Vec<String> = (0..length).filter_map(|at| storage.key(at).ok().flatten()).collect();
    for name in names.iter().filter(|name| is_of_others(name, accounts)) {
        if let Err(reason) = storage.remove_item(name) {
            browser::report(&format!("a former account's texts stay: {}", browser::words(&reason)));
        }
    }
}

/// Whether a stored name belongs to an account that is not signed in.
fn is_of_others(name: &str, accounts: &Accounts) -> bool {
    if let Some(key) = name.strip_prefix(OUTBOX_PREFIX) {
        return !accounts.contains_key(&AccountKey(key.to_owned()));
    }
    let draft = name.strip_prefix(DRAFT_PREFIX);
    draft.is_some_and(|rest| {
        !accounts.keys().any(|key| rest.strip_prefix(&*key.0).is_some_and(|rest| rest.starts_with(':')))
    })
}

fn name(account: &AccountKey) -> String {
    format!("{OUTBOX_PREFIX}{}", account.0)
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

#[cfg(test)]
mod tests {
    use protocol::worker::Account;

    use super::*;

    #[test]
    fn texts_of_former_accounts_go_and_nothing_else() {
        let key = AccountKey::new("https://desk.example", "agt_1");
        let account = Account {
            relay: "https://desk.example".into(),
            token: "dsd_1".into(),
            agent_id: "agt_1".into(),
            email: "mia@example.com".into(),
            name: "Mia".into(),
        };
        let accounts = Accounts::from([(key.clone(), account)]);
        let mine = [format!("{OUTBOX_PREFIX}{}", key.0), format!("{DRAFT_PREFIX}{}:cnv_1", key.0), "layout".to_owned()];
        assert!(mine.iter().all(|name| !is_of_others(name, &accounts)));
        let former = "https://desk.example|agt_2";
        assert!(is_of_others(&format!("{OUTBOX_PREFIX}{former}"), &accounts));
        assert!(is_of_others(&format!("{DRAFT_PREFIX}{former}:cnv_1"), &accounts));
    }
}
