//! Two accounts of one address: a Gmail page shows one of them, and the agent says which.

use protocol::worker::{Account, Accounts};
use ui::components::{Button, Look};
use ui::text::{fill, options};
use yew::{Callback, Html, Properties, component, html};

/// A new account, and those of the same address at other relays.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Conflict {
    /// The new one.
    pub account: Account,
    /// Those that are signed in.
    pub former: Accounts,
}

/// The question's properties.
#[derive(Properties, PartialEq)]
pub(crate) struct ConflictCardProps {
    /// What it is about.
    pub conflict: Conflict,
    /// Called with it, and whether the new one is used.
    pub on_decided: Callback<(Conflict, bool)>,
}

/// Asks which of the accounts stays. The invitation is redeemed already, so that both exist.
#[component]
pub(crate) fn ConflictCard(props: &ConflictCardProps) -> Html {
    let texts = options();
    let Conflict { account, former } = &props.conflict;
    let former = former.values().map(|former| former.relay.as_str()).collect::<Vec<_>>().join(", ");
    let decide = |uses_new: bool| {
        let conflict = props.conflict.clone();
        props.on_decided.reform(move |_| (conflict.clone(), uses_new))
    };
    html! {
        <section class="ds-control-panel__card" role="alert" aria-labelledby="conflict" data-testid="conflict">
            <h2 id="conflict" class="ds-control-panel__heading">{ fill(texts.same_address, &[("email", &account.email), ("relay", &former)]) }</h2>
            <p class="ds-control-panel__facts">{ texts.same_address_hint }</p>
            <div class="ds-control-panel__choices">
                <Button look={Look::Primary} testid="use-new" onclick={decide(true)}>{ fill(texts.use_new, &[("relay", &account.relay)]) }</Button>
                <Button testid="keep-former" onclick={decide(false)}>{ fill(texts.keep_former, &[("relay", &former)]) }</Button>
            </div>
        </section>
    }
}
