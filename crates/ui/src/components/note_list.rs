//! The tab "Notes": what agents wrote about the client, newest first (O1, O3).

use std::rc::Rc;

use protocol::note::NoteView;
use protocol::view::ConversationView;
use yew::{Callback, Html, Properties, component, html};

use super::button::{Button, Look};
use super::empty_state::EmptyState;
use super::icon::Symbol;
use super::part_state::PartState;
use crate::clock::full;
use crate::hooks::use_commands;
use crate::state::dossier::{Dossier, Part};
use crate::state::thread::Fetch;
use crate::text::aside;

/// The list's properties.
#[derive(Properties, PartialEq)]
pub struct NoteListProps {
    /// The conversation that is shown.
    pub conversation: Rc<ConversationView>,
    /// What is known of its client.
    pub dossier: Rc<Dossier>,
    /// The relay's time.
    pub now: i64,
}

/// The notes, with author and time.
#[component]
pub fn NoteList(props: &NoteListProps) -> Html {
    let commands = use_commands();
    let NoteListProps { conversation, dossier, now } = props;
    let paging = dossier.paging(Part::Notes);
    let fetch = {
        let (conversation, next) = (conversation.clone(), paging.next.clone());
        Callback::from(move |()| commands.fetch_part(&conversation, Part::Notes, next.clone()))
    };
    let is_quiet = paging.fetch == Fetch::Idle;
    if dossier.notes.is_empty() && paging.begun && is_quiet {
        return html! { <EmptyState symbol={Symbol::Note} title={aside().no_notes} hint={aside().no_notes_hint} /> };
    }
    html! {
        // With nothing in it to tab to, the list itself takes the keyboard, to be scrolled.
        <div class="ds-note-list" tabindex="0" role="region" aria-label={aside().notes}>
            <ul class="ds-note-list__notes" data-testid="notes">
                { for dossier.notes.iter().map(|note| view(note, conversation, *now)) }
            </ul>
            if paging.fetch == Fetch::Failed || (dossier.notes.is_empty() && !paging.begun) {
                <PartState fetch={paging.fetch} onretry={fetch} />
            } else if paging.next.is_some() && is_quiet {
                <Button look={Look::Quiet} testid="more-notes" onclick={fetch.reform(|_| ())}>{ aside().more }</Button>
            }
        </div>
    }
}

fn view(note: &NoteView, shown: &ConversationView, now: i64) -> Html {
    // Ids are in the order of time.
    let elsewhere = match note.conversation_id.cmp(&shown.id) {
        std::cmp::Ordering::Less => Some(aside().of_earlier),
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Greater => Some(aside().of_later),
    };
    html! {
        <li key={note.id.clone()} class="ds-note-list__note" data-testid="note">
            <p class="ds-note-list__head">
                <bdi class="ds-note-list__author">{ &note.agent_name }</bdi>
                <time class="ds-note-list__time">{ full(note.at, now) }</time>
            </p>
            <p class="ds-note-list__text" dir="auto">{ &note.text }</p>
            if let Some(elsewhere) = elsewhere {
                <p class="ds-note-list__elsewhere">{ elsewhere }</p>
            }
        </li>
    }
}
