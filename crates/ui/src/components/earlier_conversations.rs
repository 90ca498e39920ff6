//! A client's other conversations, to read on (I3).

use std::rc::Rc;

use protocol::view::ConversationView;
use yew::{Callback, Html, Properties, component, html, use_state_eq};

use super::button::{Button, Look};
use super::part_state::PartState;
use crate::clock::full;
use crate::hooks::{Commands, use_commands};
use crate::state::dossier::{Dossier, Part};
use crate::state::panel::Action;
use crate::state::thread::Fetch;
use crate::text::{aside, fill, outcome, texts};

/// How many are shown at first.
const FIRST: usize = 5;
/// How many more each time.
const STEP: usize = 20;

/// The list's properties.
#[derive(Properties, PartialEq)]
pub struct EarlierConversationsProps {
    /// The conversation that is shown.
    pub conversation: Rc<ConversationView>,
    /// What is known of its client.
    pub dossier: Rc<Dossier>,
    /// The relay's time.
    pub now: i64,
}

/// When each was and how it ended; a click shows it.
#[component]
pub fn EarlierConversations(props: &EarlierConversationsProps) -> Html {
    let (commands, n_shown) = (use_commands(), use_state_eq(|| FIRST));
    let EarlierConversationsProps { conversation, dossier, now } = props;
    let paging = dossier.paging(Part::Conversations);
    let others: Vec<_> = dossier.conversations.iter().filter(|other| other.id != conversation.id).collect();
    let has_more = others.len() > *n_shown || paging.next.is_some();
    let fetch = {
        let (commands, conversation, next) = (commands.clone(), conversation.clone(), paging.next.clone());
        Callback::from(move |()| commands.fetch_part(&conversation, Part::Conversations, next.clone()))
    };
    let onmore = {
        let (n_shown, n_known, fetch, has_next) = (n_shown.clone(), others.len(), fetch.clone(), paging.next.is_some());
        move |_| {
            n_shown.set(*n_shown + STEP);
            if has_next && *n_shown + STEP > n_known {
                fetch.emit(());
            }
        }
    };
    let is_quiet = paging.fetch == Fetch::Idle;
    html! {
        <section class="ds-earlier-conversations" aria-labelledby="ds-earlier-name">
            <h3 id="ds-earlier-name" class="ds-earlier-conversations__name">{ aside().earlier_conversations }</h3>
            if !others.is_empty() {
                <ul class="ds-earlier-conversations__list">
                    { for others.iter().take(*n_shown).map(|other| row(&commands, other, *now)) }
                </ul>
            } else if paging.begun && is_quiet {
                <p class="ds-earlier-conversations__none" data-testid="no-earlier">{ aside().no_earlier }</p>
            }
            if paging.fetch == Fetch::Failed || (others.is_empty() && !paging.begun) {
                <PartState fetch={paging.fetch} onretry={fetch} />
            } else if has_more && is_quiet {
                <Button look={Look::Quiet} testid="more-earlier" onclick={onmore}>{ aside().more }</Button>
            }
        </section>
    }
}

fn row(commands: &Commands, other: &Rc<ConversationView>, now: i64) -> Html {
    let onclick = {
        let (state, other) = (commands.state.clone(), other.clone());
        move |_| {
            state.dispatch(Action::Upsert(Box::new((*other).clone())));
            state.dispatch(Action::Select(Some(other.id.clone())));
        }
    };
    let how = if other.closed_at.is_some() { outcome(other.close_reason) } else { aside().still_open };
    let preview = &other.preview;
    let text =
        if preview.from_contact { preview.text.clone() } else { fill(texts().from_us, &[("text", &preview.text)]) };
    html! {
        <li key={other.id.clone()}>
            <button type="button" class="ds-earlier-conversations__row" data-testid="earlier-conversation" data-conversation-id={other.id.clone()} {onclick}>
                <span class="ds-earlier-conversations__facts">{ full(other.last_message_at, now) }{ " · " }{ how }</span>
                <span class="ds-earlier-conversations__text" dir="auto">{ text }</span>
            </button>
        </li>
    }
}
