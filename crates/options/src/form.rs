//! The form that turns an invitation into an account (J3).

use protocol::command::{Redeem, Redeemed};
use protocol::origin::{OriginRefused, relay_origin};
use protocol::worker::{Account, Accounts};
use ui::components::{Button, Look};
use ui::text::{OptionsCatalogue, options};
use web_sys::{HtmlInputElement, SubmitEvent};
use yew::{
    AttrValue, Callback, Html, InputEvent, Properties, TargetCast as _, UseStateHandle, component, html, use_state,
};

use crate::control_panel::Notice;
use crate::relay;

/// The form's properties.
#[derive(Clone, Properties, PartialEq)]
pub(crate) struct ConnectFormProps {
    /// The accounts that this browser has.
    pub accounts: Accounts,
    /// Called with the new account.
    pub on_connected: Callback<Account>,
    /// Tells the agent what went wrong; nothing clears it.
    pub on_notice: Callback<Option<Notice>>,
}

/// What was typed, and what is wrong with it.
#[derive(Clone, Default, PartialEq)]
struct Typed {
    address: String,
    code: String,
    name: String,
    address_wrong: Option<&'static str>,
    code_wrong: Option<&'static str>,
    sending: bool,
}

/// Relay address, invitation code, name, "Connect".
#[component]
pub(crate) fn ConnectForm(props: &ConnectFormProps) -> Html {
    let typed = use_state(Typed::default);
    let texts = options();
    let onsubmit = {
        let (typed, props) = (typed.clone(), props.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            submit(&typed, &props);
        }
    };
    let field = |field: Field, value: &str, wrong: Option<&'static str>| view_field(&typed, &field, value, wrong);
    html! {
        <form class="ds-control-panel__card ds-control-panel__form" novalidate=true {onsubmit}>
            <h2 class="ds-control-panel__heading">{ texts.connect_heading }</h2>
            { field(Field::address(texts), &typed.address, typed.address_wrong) }
            { field(Field::code(texts), &typed.code, typed.code_wrong) }
            { field(Field::name(texts), &typed.name, None) }
            <div>
                <Button look={Look::Primary} submits={true} testid="connect" disabled={typed.sending}>
                    { if typed.sending { texts.connecting_account } else { texts.connect } }
                </Button>
            </div>
        </form>
    }
}

/// One field of the form.
struct Field {
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    autocomplete: &'static str,
    set: fn(&mut Typed, String),
}

impl Field {
    const fn address(texts: &OptionsCatalogue) -> Self {
        let (label, hint) = (texts.relay_address, texts.relay_address_hint);
        Self {
            id: "relay-address",
            label,
            hint,
            autocomplete: "url",
            set: |typed, value| (typed.address, typed.address_wrong) = (value, None),
        }
    }

    const fn code(texts: &OptionsCatalogue) -> Self {
        let (label, hint) = (texts.invitation_code, texts.invitation_code_hint);
        Self {
            id: "invitation-code",
            label,
            hint,
            autocomplete: "off",
            set: |typed, value| (typed.code, typed.code_wrong) = (value, None),
        }
    }

    const fn name(texts: &OptionsCatalogue) -> Self {
        let (label, hint) = (texts.agent_name, texts.agent_name_hint);
        Self { id: "agent-name", label, hint, autocomplete: "name", set: |typed, value| typed.name = value }
    }
}

fn view_field(typed: &UseStateHandle<Typed>, field: &Field, value: &str, wrong: Option<&'static str>) -> Html {
    let oninput = {
        let (typed, set) = (typed.clone(), field.set);
        move |event: InputEvent| {
            let mut next = (*typed).clone();
            set(&mut next, event.target_unchecked_into::<HtmlInputElement>().value());
            typed.set(next);
        }
    };
    let described = format!("{}-hint", field.id);
    html! {
        <div class="ds-control-panel__field">
            <label class="ds-control-panel__label" for={field.id}>{ field.label }</label>
            <input id={field.id} class="ds-control-panel__input" type="text" dir="auto" spellcheck="false" autocomplete={field.autocomplete}
                data-testid={field.id} aria-describedby={described.clone()} aria-invalid={wrong.map(|_| "true")}
                value={AttrValue::from(value.to_owned())} {oninput} />
            if let Some(wrong) = wrong {
                <p id={described} class="ds-control-panel__wrong" role="alert" data-testid="notice">{ wrong }</p>
            } else {
                <p id={described} class="ds-control-panel__facts">{ field.hint }</p>
            }
        </div>
    }
}

fn submit(typed: &UseStateHandle<Typed>, props: &ConnectFormProps) {
    let (address, code) = (relay_origin(&typed.address), typed.code.trim().to_owned());
    let mut next = (**typed).clone();
    next.address_wrong = address.as_ref().err().copied().map(explain);
    next.code_wrong = code.is_empty().then(|| options().code_empty);
    let Ok(origin) = address else { return typed.set(next) };
    if next.code_wrong.is_some() {
        return typed.set(next);
    }
    next.sending = true;
    props.on_notice.emit(None);
    typed.set(next.clone());
    let name = Some(next.name.trim().to_owned()).filter(|name| !name.is_empty());
    let tokens = tokens_at(&props.accounts, &origin);
    let (typed, on_connected, on_notice) = (typed.clone(), props.on_connected.clone(), props.on_notice.clone());
    wasm_bindgen_futures::spawn_local(async move {
        match relay::redeem(&origin, &Redeem { code, name, device: device() }, &tokens).await {
            Ok(redeemed) => {
                on_connected.emit(account(origin, redeemed));
                typed.set(Typed { address: next.address, ..Typed::default() });
            }
            Err(failure) => {
                on_notice.emit(Some(Notice::Bad(failure.words())));
                typed.set(Typed { sending: false, ..next });
            }
        }
    });
}

/// The tokens that this browser has of a relay.
fn tokens_at(accounts: &Accounts, origin: &str) -> Vec<String> {
    accounts.values().filter(|account| account.relay == origin).map(|account| account.token.clone()).collect()
}

fn account(relay: String, redeemed: Redeemed) -> Account {
    let Redeemed { token, agent_id, email, name, project: _ } = redeemed;
    Account { relay, token, agent_id, email, name }
}

const fn explain(problem: OriginRefused) -> &'static str {
    let texts = options();
    match problem {
        OriginRefused::Empty => texts.address_empty,
        OriginRefused::Scheme => texts.address_scheme,
        OriginRefused::Insecure => texts.address_insecure,
        OriginRefused::Malformed => texts.address_malformed,
    }
}

/// What this browser calls its machine, such as `Linux x86_64`, to tell an agent's devices apart.
fn device() -> String {
    web_sys::window().and_then(|window| window.navigator().platform().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use protocol::worker::AccountKey;

    use super::*;

    #[test]
    fn only_the_tokens_of_the_same_relay_are_shown_to_it() {
        let account = |relay: &str, token: &str| {
            let (relay, token) = (relay.to_owned(), token.to_owned());
            let (agent_id, email, name) = (format!("agt_{token}"), format!("{token}@example.com"), String::new());
            (AccountKey::new(&relay, &agent_id), Account { relay, token, agent_id, email, name })
        };
        let accounts: Accounts =
            [account("https://a.example", "one"), account("https://b.example", "two")].into_iter().collect();
        assert_eq!(tokens_at(&accounts, "https://a.example"), ["one"]);
        assert!(tokens_at(&accounts, "https://a.example.com").is_empty());
    }
}
