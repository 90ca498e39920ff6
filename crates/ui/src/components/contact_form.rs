//! Corrects what is known of a client (I4).

use std::rc::Rc;

use protocol::contact::ContactDetails;
use protocol::view::ConversationView;
use web_sys::{HtmlInputElement, HtmlTextAreaElement};
use yew::{
    AttrValue, Callback, Html, InputEvent, KeyboardEvent, NodeRef, Properties, SubmitEvent, TargetCast as _, component,
    hook, html, use_effect_with, use_memo, use_state, use_state_eq,
};

use super::button::{Button, Look};
use crate::focus;
use crate::hooks::use_commands;
use crate::state::contact_edit::Typed;
use crate::state::dossier::Refusal;
use crate::text::{aside, fill, texts};

/// The form's properties.
#[derive(Properties, PartialEq)]
pub struct ContactFormProps {
    /// The conversation whose client it is.
    pub conversation: Rc<ConversationView>,
    /// What is known of him now.
    pub details: Rc<ContactDetails>,
    /// Closes the form.
    pub onclose: Callback<()>,
}

/// Four fields. What somebody else writes meanwhile comes into those that were not touched, and stands beside those that were.
#[component]
pub fn ContactForm(props: &ContactFormProps) -> Html {
    let (commands, inputs) = (use_commands(), use_inputs());
    let typed = use_state(|| Typed::new(&props.details));
    let refused = use_state_eq(|| None::<Refusal>);
    let saving = use_state_eq(|| false);
    {
        let first = inputs[0].clone();
        use_effect_with((), move |()| {
            if focus::is_here() {
                focus::give(first.cast());
            }
        });
    }
    let onsubmit = {
        let (props_of, typed, refused, saving) = (
            (props.conversation.clone(), props.details.clone(), props.onclose.clone()),
            typed.clone(),
            refused.clone(),
            saving.clone(),
        );
        let inputs = inputs.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            let (conversation, details, onclose) = &props_of;
            // Keys come quicker than what they typed is drawn.
            let typed = inputs.iter().enumerate().fold((*typed).clone(), |typed, (at, input)| match text_in(input) {
                Some(text) if text != typed.shown(details, at) => typed.with(at, text),
                _ => typed,
            });
            let was_told = refused.as_ref().is_some_and(|refused| refused.is_stale);
            match typed.wanted(details, was_told) {
                _ if *saving => {}
                None => onclose.emit(()),
                Some(wanted) => {
                    saving.set(true);
                    let (refused, saving, onclose) = (refused.setter(), saving.setter(), onclose.clone());
                    let done = Callback::from(move |why: Option<Refusal>| {
                        saving.set(false);
                        if why.is_none() {
                            onclose.emit(());
                        }
                        refused.set(why);
                    });
                    commands.set_contact(conversation, wanted, done);
                }
            }
        }
    };
    let onkeydown = {
        let onclose = props.onclose.clone();
        move |event: KeyboardEvent| {
            if event.key() == "Escape" && !event.is_composing() {
                // The panel does not close with it.
                event.prevent_default();
                event.stop_propagation();
                onclose.emit(());
            }
        }
    };
    let ontype = {
        let typed = typed.clone();
        Callback::from(move |(at, text): (usize, String)| typed.set(typed.with(at, text)))
    };
    let fields = (0..Typed::N).map(|at| field(props, &typed, refused.as_ref(), at, &ontype, &inputs[at]));
    let why = refused.as_ref().filter(|refused| refused.field.is_none()).map(|refused| refused.words.clone());
    html! {
        <form class="ds-contact-form" data-testid="contact-form" novalidate={true} {onsubmit} {onkeydown}>
            { for fields }
            if let Some(why) = why {
                <p class="ds-contact-form__wrong" role="alert" data-testid="contact-refused">{ why }</p>
            }
            <div class="ds-contact-form__answers">
                <Button look={Look::Primary} submits={true} testid="save-contact">{ if *saving { aside().saving } else { aside().save } }</Button>
                <Button look={Look::Quiet} onclick={props.onclose.reform(|_| ())}>{ texts().cancel }</Button>
            </div>
        </form>
    }
}

/// The places of the fields.
#[hook]
fn use_inputs() -> Rc<[NodeRef; Typed::N]> {
    use_memo((), |()| Default::default())
}

/// What stands in a field, once it is drawn.
fn text_in(input: &NodeRef) -> Option<String> {
    let line = || input.cast::<HtmlInputElement>().map(|input| input.value());
    line().or_else(|| input.cast::<HtmlTextAreaElement>().map(|input| input.value()))
}

/// A field with what is wrong with it, and with what somebody else wrote into it meanwhile.
fn field(
    props: &ContactFormProps,
    typed: &Typed,
    refused: Option<&Refusal>,
    at: usize,
    ontype: &Callback<(usize, String)>,
    node: &NodeRef,
) -> Html {
    let (name, label) =
        [("name", aside().name), ("email", aside().email), ("phone", aside().phone), ("about", aside().about)][at];
    let value: AttrValue = typed.shown(&props.details, at).to_owned().into();
    let wrong = refused.filter(|refused| refused.field.as_deref() == Some(name)).map(|refused| refused.words.clone());
    let theirs = typed.theirs(&props.details, at).map(|theirs| match theirs {
        "" => aside().emptied_meanwhile.to_owned(),
        theirs => fill(aside().changed_meanwhile, &[("value", theirs)]),
    });
    let (id, invalid) = (format!("ds-contact-{name}"), wrong.is_some().then_some("true"));
    let (about, testid) = (format!("{id}-words"), format!("field-{name}"));
    let input = if name == "about" {
        let oninput =
            ontype.reform(move |event: InputEvent| (at, event.target_unchecked_into::<HtmlTextAreaElement>().value()));
        html! {
            <textarea {id} ref={node.clone()} class="ds-field__input ds-contact-form__input--long" rows="3" dir="auto" data-testid={testid} aria-invalid={invalid}
                aria-describedby={about.clone()} {value} {oninput} />
        }
    } else {
        let oninput =
            ontype.reform(move |event: InputEvent| (at, event.target_unchecked_into::<HtmlInputElement>().value()));
        let kind = match name {
            "email" => "email",
            "phone" => "tel",
            _ => "text",
        };
        html! {
            <input {id} ref={node.clone()} class="ds-field__input" type={kind} dir="auto" autocomplete="off" data-testid={testid} aria-invalid={invalid}
                aria-describedby={about.clone()} {value} {oninput} />
        }
    };
    html! {
        <div class="ds-field">
            <label class="ds-field__label" for={format!("ds-contact-{name}")}>{ label }</label>
            { input }
            <div id={about} aria-live="polite">
                if let Some(wrong) = wrong {
                    <p class="ds-contact-form__wrong" data-testid={format!("wrong-{name}")}>{ wrong }</p>
                }
                if let Some(theirs) = theirs {
                    <p class="ds-contact-form__theirs" data-testid={format!("theirs-{name}")}>{ theirs }</p>
                }
            </div>
        </div>
    }
}
