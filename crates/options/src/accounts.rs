//! The accounts of this browser.

use protocol::worker::{Account, AccountKey, Accounts};
use ui::components::Button;
use ui::text::texts;
use yew::{Callback, Html, Properties, component, html, use_state};

/// The list's properties.
#[derive(Properties, PartialEq)]
pub(crate) struct AccountListProps {
    /// The accounts.
    pub accounts: Accounts,
    /// Ends one.
    pub on_sign_out: Callback<(AccountKey, Account)>,
}

/// Who is signed in, each with "Sign out".
#[component]
pub(crate) fn AccountList(props: &AccountListProps) -> Html {
    let leaving = use_state(|| None::<AccountKey>);
    let item = |(key, account): (&AccountKey, &Account)| {
        let onclick = {
            let (leaving, of) = (leaving.clone(), (key.clone(), account.clone()));
            props.on_sign_out.reform(move |_| {
                leaving.set(Some(of.0.clone()));
                of.clone()
            })
        };
        html! {
            <li key={key.0.clone()} class="ds-control-panel__account" data-testid="account">
                <div class="ds-control-panel__who">
                    <p class="ds-control-panel__name"><bdi>{ &account.name }</bdi></p>
                    <p class="ds-control-panel__facts"><bdi>{ &account.email }</bdi>{ " · " }<bdi>{ &account.relay }</bdi></p>
                </div>
                <Button testid="sign-out" hint={account.email.clone()} disabled={leaving.as_ref() == Some(key)} {onclick}>{ texts().sign_out }</Button>
            </li>
        }
    };
    html! {
        <section class="ds-control-panel__card">
            <h2 class="ds-control-panel__heading">{ texts().accounts }</h2>
            <ul class="ds-control-panel__accounts">{ for props.accounts.iter().map(item) }</ul>
        </section>
    }
}
