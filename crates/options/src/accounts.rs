//! The accounts of this browser.

use protocol::worker::{Account, AccountKey, Accounts, OUTBOX_PREFIX};
use ui::components::Button;
use ui::storage;
use ui::text::{fill, options};
use yew::{Callback, Html, Properties, component, html, use_state};

/// The list's properties.
#[derive(Properties, PartialEq)]
pub(crate) struct AccountListProps {
    /// The accounts.
    pub accounts: Accounts,
    /// Ends one.
    pub on_sign_out: Callback<(AccountKey, Account)>,
}

/// Who is signed in, each with "Sign out". Whoever has unsent answers is told before they are lost.
#[component]
pub(crate) fn AccountList(props: &AccountListProps) -> Html {
    let leaving = use_state(|| None::<AccountKey>);
    let warned = use_state(|| None::<(AccountKey, usize)>);
    let item = |(key, account): (&AccountKey, &Account)| {
        let onclick = {
            let (leaving, warned, of) = (leaving.clone(), warned.clone(), (key.clone(), account.clone()));
            let on_sign_out = props.on_sign_out.clone();
            move |_| {
                let n_unsent = n_unsent(&of.0);
                if n_unsent > 0 && warned.as_ref().is_none_or(|(known, _)| *known != of.0) {
                    warned.set(Some((of.0.clone(), n_unsent)));
                } else {
                    leaving.set(Some(of.0.clone()));
                    on_sign_out.emit(of.clone());
                }
            }
        };
        let warning = warned.as_ref().filter(|(known, _)| known == key).map(|(_, n)| n.to_string());
        let words = if warning.is_some() { options().sign_out_anyway } else { options().sign_out };
        html! {
            <li key={key.0.clone()} class="ds-control-panel__account" data-testid="account">
                <div class="ds-control-panel__who">
                    <p class="ds-control-panel__name"><bdi>{ &account.name }</bdi></p>
                    <p class="ds-control-panel__facts"><bdi>{ &account.email }</bdi>{ " · " }<bdi>{ &account.relay }</bdi></p>
                    <div role="alert">
                        if let Some(n) = warning {
                            <p class="ds-control-panel__wrong" data-testid="unsent">{ fill(options().unsent_answers, &[("n", &n)]) }</p>
                        }
                    </div>
                </div>
                <Button testid="sign-out" hint={account.email.clone()} disabled={leaving.as_ref() == Some(key)} {onclick}>{ words }</Button>
            </li>
        }
    };
    html! {
        <section class="ds-control-panel__card">
            <h2 class="ds-control-panel__heading">{ options().accounts }</h2>
            <ul class="ds-control-panel__accounts">{ for props.accounts.iter().map(item) }</ul>
        </section>
    }
}

/// How many answers of an account the hub has not been able to send, as it keeps them in this browser.
fn n_unsent(account: &AccountKey) -> usize {
    storage::read(&format!("{OUTBOX_PREFIX}{}", account.0)).map_or(0, |kept| count(&kept))
}

fn count(kept: &str) -> usize {
    serde_json::from_str::<Vec<serde_json::Value>>(kept).map_or(0, |answers| answers.len())
}

/// The accounts besides this one that the same Gmail page would show: an address can have one account only.
pub(crate) fn of_same_address(accounts: &Accounts, account: &Account) -> Accounts {
    let own = AccountKey::new(&account.relay, &account.agent_id);
    let is_same = |(key, other): &(&AccountKey, &Account)| {
        **key != own && other.email.trim().to_lowercase() == account.email.trim().to_lowercase()
    };
    accounts.iter().filter(is_same).map(|(key, other)| (key.clone(), other.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(relay: &str, agent_id: &str, email: &str) -> Account {
        let (relay, agent_id, email) = (relay.to_owned(), agent_id.to_owned(), email.to_owned());
        Account { relay, token: "t".into(), agent_id, email, name: "Ann".into() }
    }

    #[test]
    fn an_address_at_another_relay_is_found_and_the_same_account_is_not() {
        let known = [
            account("https://a.example", "agt_1", "Ann@Example.com"),
            account("https://a.example", "agt_2", "noah@example.com"),
        ];
        let key = |account: &Account| AccountKey::new(&account.relay, &account.agent_id);
        let accounts: Accounts = known.iter().map(|account| (key(account), account.clone())).collect();
        let elsewhere = of_same_address(&accounts, &account("https://b.example", "agt_9", "ann@example.com"));
        assert_eq!(elsewhere.keys().collect::<Vec<_>>(), [&key(&known[0])]);
        assert!(of_same_address(&accounts, &known[0]).is_empty());
    }

    #[test]
    fn kept_answers_are_counted() {
        assert_eq!((count("[{\"a\":1},{}]"), count("not a list")), (2, 0));
    }
}
