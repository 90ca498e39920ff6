//! For how long a client is blocked, why, and whether his address is too (B1, B6).

use protocol::view::BlockTerm;
use web_sys::HtmlInputElement;
use yew::{AttrValue, Callback, Html, InputEvent, Properties, TargetCast as _, component, html};

use crate::state::blocks::{REASON_MAX_CHARS, terms};
use crate::text::{fill, texts};

/// What was entered besides the term. It is kept while the form is closed, so that a refused block can be tried again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entered {
    /// Why.
    pub reason: AttrValue,
    /// Whether new visitors from the same address are kept out too.
    pub also_ip: bool,
}

/// The form's properties.
#[derive(Properties, PartialEq)]
pub struct BlockFormProps {
    /// The client's name.
    pub name: AttrValue,
    /// Whether his address can be blocked too.
    pub has_ip: bool,
    /// What was entered so far.
    pub entered: Entered,
    /// Called with what is entered.
    pub onenter: Callback<Entered>,
    /// Called with a term: it is the last thing that is chosen.
    pub onchoose: Callback<BlockTerm>,
}

/// The reason, the address, and a button for each term.
#[component]
pub fn BlockForm(props: &BlockFormProps) -> Html {
    let texts = texts();
    let onreason = {
        let entered = props.entered.clone();
        props.onenter.reform(move |event: InputEvent| Entered {
            reason: event.target_unchecked_into::<HtmlInputElement>().value().into(),
            ..entered.clone()
        })
    };
    let onip = {
        let entered = props.entered.clone();
        props.onenter.reform(move |event: InputEvent| Entered {
            also_ip: event.target_unchecked_into::<HtmlInputElement>().checked(),
            ..entered.clone()
        })
    };
    let term = |(term, words): (BlockTerm, &'static str)| {
        html! {
            <button type="button" class="ds-block-form__term" data-testid="block-term" onclick={props.onchoose.reform(move |_| term)}>{ words }</button>
        }
    };
    html! {
        <div class="ds-popover ds-block-form" role="dialog" tabindex="-1" data-testid="block-menu" aria-labelledby="ds-block-form-name">
            <label class="ds-field">
                <span class="ds-field__label">{ texts.block_reason }</span>
                <input class="ds-field__input" type="text" dir="auto" autocomplete="off" maxlength={REASON_MAX_CHARS.to_string()}
                    data-testid="block-reason" placeholder={texts.block_reason_hint} value={props.entered.reason.clone()} oninput={onreason} />
            </label>
            if props.has_ip {
                <label class="ds-block-form__check">
                    <input type="checkbox" data-testid="block-also-ip" checked={props.entered.also_ip} oninput={onip} />{ texts.also_this_ip }
                </label>
            }
            <div role="group" aria-labelledby="ds-block-form-name">
                <p id="ds-block-form-name" class="ds-field__label">{ fill(texts.block_for, &[("name", &props.name)]) }</p>
                <div class="ds-block-form__terms">{ for terms().map(term) }</div>
            </div>
        </div>
    }
}
