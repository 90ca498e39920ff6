//! What agents know of a client, with a pencil to correct it (I4).

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use protocol::contact::ContactDetails;
use protocol::view::ConversationView;
use yew::{Callback, Html, Properties, component, html, use_state_eq};

use super::avatar::Avatar;
use super::button::{Button, Look};
use super::contact_form::ContactForm;
use super::icon::{Icon, Symbol};
use super::part_state::PartState;
use crate::focus;
use crate::hooks::use_commands;
use crate::state::dossier::{Dossier, Part};
use crate::text::aside;

/// What opens the form.
const PENCIL: &str = "[data-testid=edit-contact]";

/// The card's properties.
#[derive(Properties, PartialEq)]
pub struct ContactCardProps {
    /// The conversation whose client it is.
    pub conversation: Rc<ConversationView>,
    /// What is known of him.
    pub dossier: Rc<Dossier>,
}

/// Name, e-mail, phone and free text, as far as they are known; or the form.
#[component]
pub fn ContactCard(props: &ContactCardProps) -> Html {
    let (commands, editing) = (use_commands(), use_state_eq(|| false));
    let ContactCardProps { conversation, dossier } = props;
    let onclose = {
        let editing = editing.setter();
        Callback::from(move |()| {
            editing.set(false);
            // Only once it is drawn.
            let give = || {
                if focus::is_lost() {
                    focus::give(focus::find_shown(PENCIL));
                }
            };
            Timeout::new(0, give).forget();
        })
    };
    let onretry = {
        let conversation = conversation.clone();
        Callback::from(move |()| commands.fetch_part(&conversation, Part::Details, None))
    };
    let onedit = {
        let editing = editing.setter();
        move |_| editing.set(true)
    };
    let details = dossier.details.as_ref();
    let name = details.map_or(&conversation.contact.name, |details| &details.name);
    html! {
        <section class="ds-contact-card" aria-label={name.clone()}>
            if let Some(details) = details.filter(|_| *editing) {
                <ContactForm conversation={conversation.clone()} details={details.clone()} {onclose} />
            } else {
                <div class="ds-contact-card__head">
                    <Avatar name={name.clone()} seed={conversation.contact.id.clone()} />
                    <h3 class="ds-contact-card__name" data-testid="contact-name"><bdi>{ name }</bdi></h3>
                    if details.is_some() {
                        <Button look={Look::Round} testid="edit-contact" label={aside().edit_contact} onclick={onedit}><Icon symbol={Symbol::Pencil} /></Button>
                    }
                </div>
                { details.map(|details| known(details)) }
                if details.is_none() {
                    <PartState fetch={dossier.paging(Part::Details).fetch} {onretry} />
                }
            }
        </section>
    }
}

/// What is known; what nobody knows is not drawn.
fn known(details: &ContactDetails) -> Html {
    let lines = [
        (aside().email, &details.email, "contact-email"),
        (aside().phone, &details.phone, "contact-phone"),
        (aside().about, &details.about, "contact-about"),
    ];
    let mut lines = lines.into_iter().filter(|(_, value, _)| !value.is_empty()).peekable();
    if lines.peek().is_none() {
        return html! {};
    }
    let line = |(label, value, testid): (&'static str, &String, &'static str)| {
        html! {
            <div class="ds-contact-card__line">
                <dt class="ds-contact-card__label">{ label }</dt>
                <dd class="ds-contact-card__value" dir="auto" data-testid={testid}>{ value }</dd>
            </div>
        }
    };
    html! { <dl class="ds-contact-card__known">{ for lines.map(line) }</dl> }
}
