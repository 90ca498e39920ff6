//! The page: who is signed in, and the form to connect another account.

use protocol::worker::{Account, AccountKey, Accounts};
use ui::state::drafts::forget_others;
use ui::text::{fill, options};
use yew::{Callback, Html, classes, component, html, use_effect_with, use_state};

use crate::accounts::{AccountList, of_same_address};
use crate::conflict::{Conflict, ConflictCard};
use crate::form::ConnectForm;
use crate::relay;
use crate::settings::Settings;
use crate::theme::{Theme, use_theme};

/// Where the accounts are kept.
const KEY: &str = "accounts";

/// What the agent is told.
#[derive(Clone, PartialEq)]
pub(crate) enum Notice {
    /// It worked.
    Good(String),
    /// It did not.
    Bad(String),
}

/// The Control Panel.
#[component]
pub(crate) fn ControlPanel() -> Html {
    let accounts = use_state(Accounts::new);
    let notice = use_state(|| None::<Notice>);
    let conflict = use_state(|| None::<Conflict>);
    let theme = use_theme();
    {
        let (accounts, notice) = (accounts.setter(), notice.setter());
        use_effect_with((), move |()| {
            let show = {
                let notice = notice.clone();
                move |read: Result<Option<Accounts>, webext::Error>| match read {
                    Ok(read) => accounts.set(read.unwrap_or_default()),
                    Err(error) => notice.set(Some(not_stored(&error))),
                }
            };
            let listener = webext::storage::on_changed(KEY, show.clone());
            wasm_bindgen_futures::spawn_local(async move { show(webext::storage::get(KEY).await) });
            move || drop(listener)
        });
    }
    let on_connected = {
        let (notice, conflict, accounts) = (notice.setter(), conflict.setter(), accounts.clone());
        Callback::from(move |account: Account| {
            let former = of_same_address(&accounts, &account);
            if former.is_empty() {
                let notice = notice.clone();
                wasm_bindgen_futures::spawn_local(async move { notice.set(Some(keep(account, former).await)) });
            } else {
                conflict.set(Some(Conflict { account, former }));
            }
        })
    };
    let on_decided = {
        let (notice, conflict) = (notice.setter(), conflict.setter());
        Callback::from(move |(Conflict { account, former }, uses_new): (Conflict, bool)| {
            conflict.set(None);
            let notice = notice.clone();
            wasm_bindgen_futures::spawn_local(async move {
                let told = if uses_new { keep(account, former).await } else { refuse(account, &former).await };
                notice.set(Some(told));
            });
        })
    };
    let on_sign_out = {
        let notice = notice.setter();
        Callback::from(move |(key, account): (AccountKey, Account)| {
            let notice = notice.clone();
            wasm_bindgen_futures::spawn_local(async move { notice.set(Some(forget(key, account).await)) });
        })
    };
    let on_notice = {
        let notice = notice.setter();
        Callback::from(move |told| notice.set(told))
    };
    html! {
        <main class="ds-control-panel">
            <header class="ds-control-panel__head">
                <h1 class="ds-control-panel__title">{ options().control_panel }</h1>
                <p class="ds-control-panel__hint">{ options().control_panel_hint }</p>
            </header>
            { view_notice(notice.as_ref()) }
            if !accounts.is_empty() {
                <AccountList accounts={(*accounts).clone()} {on_sign_out} />
            }
            { for accounts.iter().map(|(key, account)| view_settings(key, account, accounts.len() > 1, theme)) }
            if let Some(conflict) = &*conflict {
                <ConflictCard conflict={conflict.clone()} {on_decided} />
            } else {
                <ConnectForm accounts={(*accounts).clone()} {on_connected} {on_notice} />
            }
        </main>
    }
}

/// What is set at an account's relay; with another token it is fetched anew.
fn view_settings(key: &AccountKey, account: &Account, several: bool, theme: Theme) -> Html {
    let key = format!("{} {}", key.0, account.token);
    html! { <Settings {key} account={account.clone()} {several} {theme} /> }
}

/// The place of notices; it is always there, so that screen readers watch it.
fn view_notice(notice: Option<&Notice>) -> Html {
    let (class, text) = match notice {
        Some(Notice::Good(text)) => ("ds-control-panel__notice--good", text),
        Some(Notice::Bad(text)) => ("ds-control-panel__notice--bad", text),
        None => return html! { <div role="alert" /> },
    };
    html! {
        <div role="alert"><p class={classes!("ds-control-panel__notice", class)} data-testid="notice">{ text }</p></div>
    }
}

/// Keeps a new account beside the others, in place of the former ones of its address.
async fn keep(account: Account, former: Accounts) -> Notice {
    let words = fill(options().connected_as, &[("name", &account.name), ("email", &account.email)]);
    let key = AccountKey::new(&account.relay, &account.agent_id);
    let ended: Vec<AccountKey> = former.keys().cloned().collect();
    let change = move |accounts: &mut Accounts| {
        accounts.retain(|known, _| !ended.contains(known));
        accounts.insert(key, account);
    };
    if let Err(error) = change_accounts(change).await {
        return not_stored(&error);
    }
    for account in former.values() {
        if relay::sign_out(account).await.is_err() {
            return Notice::Bad(fill(options().signed_out_here, &[("email", &account.email)]));
        }
    }
    Notice::Good(words)
}

/// Gives a new account up, since the former one of its address stays.
async fn refuse(account: Account, former: &Accounts) -> Notice {
    let values = [("email", account.email.as_str())];
    let relays: Vec<&str> = former.values().map(|former| former.relay.as_str()).collect();
    match relay::sign_out(&account).await {
        Ok(()) => Notice::Good(fill(options().kept_former, &[values[0], ("relay", &relays.join(", "))])),
        Err(_) => Notice::Bad(fill(options().signed_out_here, &values)),
    }
}

/// Forgets an account at once and then revokes its token; if the relay cannot be told of that, the agent is.
async fn forget(key: AccountKey, account: Account) -> Notice {
    let values = [("email", account.email.as_str())];
    let change = move |accounts: &mut Accounts| {
        accounts.remove(&key);
    };
    if let Err(error) = change_accounts(change).await {
        return not_stored(&error);
    }
    match relay::sign_out(&account).await {
        Ok(()) => Notice::Good(fill(options().signed_out_done, &values)),
        Err(_) => Notice::Bad(fill(options().signed_out_here, &values)),
    }
}

/// Changes the stored accounts; what was typed for those that went is forgotten with them.
async fn change_accounts(change: impl FnOnce(&mut Accounts)) -> Result<(), webext::Error> {
    let mut accounts: Accounts = webext::storage::get(KEY).await?.unwrap_or_default();
    change(&mut accounts);
    webext::storage::set(KEY, &accounts).await?;
    forget_others(accounts.keys());
    Ok(())
}

fn not_stored(error: &webext::Error) -> Notice {
    web_sys::console::warn_1(&error.to_string().into());
    Notice::Bad(options().storage_failed.to_owned())
}
