//! The page: who is signed in, and the form to connect another account.

use protocol::worker::{Account, AccountKey, Accounts};
use ui::text::{fill, texts};
use yew::{Callback, Html, classes, component, html, use_effect_with, use_state};

use crate::accounts::AccountList;
use crate::form::ConnectForm;
use crate::relay;

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
        let notice = notice.setter();
        Callback::from(move |account: Account| {
            let notice = notice.clone();
            wasm_bindgen_futures::spawn_local(async move { notice.set(Some(keep(account).await)) });
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
                <h1 class="ds-control-panel__title">{ texts().control_panel }</h1>
                <p class="ds-control-panel__hint">{ texts().control_panel_hint }</p>
            </header>
            { view_notice(notice.as_ref()) }
            if !accounts.is_empty() {
                <AccountList accounts={(*accounts).clone()} {on_sign_out} />
            }
            <ConnectForm {on_connected} {on_notice} />
        </main>
    }
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

/// Keeps a new account beside the others.
async fn keep(account: Account) -> Notice {
    let words = fill(texts().connected_as, &[("name", &account.name), ("email", &account.email)]);
    let key = AccountKey::new(&account.relay, &account.agent_id);
    let change = move |accounts: &mut Accounts| {
        accounts.insert(key, account);
    };
    match change_accounts(change).await {
        Ok(()) => Notice::Good(words),
        Err(error) => not_stored(&error),
    }
}

/// Revokes an account's token and forgets it. It is forgotten also if the relay cannot be told, and then the agent is.
async fn forget(key: AccountKey, account: Account) -> Notice {
    let told = relay::sign_out(&account).await;
    let values = [("email", account.email.as_str())];
    let kept = change_accounts(move |accounts| {
        accounts.remove(&key);
    });
    match (kept.await, told) {
        (Err(error), _) => not_stored(&error),
        (Ok(()), Ok(())) => Notice::Good(fill(texts().signed_out_done, &values)),
        (Ok(()), Err(_)) => Notice::Bad(fill(texts().signed_out_here, &values)),
    }
}

async fn change_accounts(change: impl FnOnce(&mut Accounts)) -> Result<(), webext::Error> {
    let mut accounts: Accounts = webext::storage::get(KEY).await?.unwrap_or_default();
    change(&mut accounts);
    webext::storage::set(KEY, &accounts).await
}

fn not_stored(error: &webext::Error) -> Notice {
    web_sys::console::warn_1(&error.to_string().into());
    Notice::Bad(texts().storage_failed.to_owned())
}
