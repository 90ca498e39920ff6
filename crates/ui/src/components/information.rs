//! The tab "Information": what is known of the client, section by section, and "Leave a note" below.

use std::rc::Rc;

use protocol::view::ConversationView;
use yew::{Html, Properties, component, html};

use super::contact_card::ContactCard;
use super::earlier_conversations::EarlierConversations;
use super::note_form::NoteForm;
use super::visit_card::VisitCard;
use crate::state::dossier::Dossier;

/// The tab's properties.
#[derive(Properties, PartialEq)]
pub struct InformationProps {
    /// The conversation.
    pub conversation: Rc<ConversationView>,
    /// What is known of its client.
    pub dossier: Rc<Dossier>,
    /// The relay's time.
    pub now: i64,
}

/// The sections, one under the other; the place of a note stays in sight.
#[component]
pub fn Information(props: &InformationProps) -> Html {
    let InformationProps { conversation, dossier, now } = props;
    let now = *now;
    html! {
        <div class="ds-information">
            <div class="ds-information__sections">
                <ContactCard key={format!("contact {}", conversation.contact.id)} conversation={conversation.clone()} dossier={dossier.clone()} />
                <VisitCard key={format!("visit {}", conversation.contact.id)} conversation={conversation.clone()} dossier={dossier.clone()} />
                <EarlierConversations key={format!("earlier {}", conversation.contact.id)} conversation={conversation.clone()} dossier={dossier.clone()} {now} />
            </div>
            <NoteForm key={conversation.id.clone()} conversation={conversation.clone()} />
        </div>
    }
}
