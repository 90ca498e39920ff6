//! A conversation that was found, with the messages in it that match (S2).

use std::rc::Rc;

use protocol::search::{FoundConversation, FoundMessage};
use protocol::view::{Author, ConversationView, MessageView};
use yew::{Callback, Html, Properties, classes, component, html, use_state_eq};

use super::avatar::Avatar;
use super::icon::{Icon, Symbol};
use crate::clock::{full, short};
use crate::state::finding::{Piece, shortened, whole};
use crate::state::panel::DeskRef;
use crate::text::{fill, finding, outcome, texts};

/// How many messages stand there at first.
const FIRST: usize = 3;

/// The row's properties.
#[derive(Properties, PartialEq)]
pub struct FoundRowProps {
    /// What was found.
    pub found: Rc<FoundConversation>,
    /// The desk, for what has changed since.
    pub desk: DeskRef,
    /// Whether the conversation is open in the middle.
    pub selected: bool,
    /// The message in it that the agent was led to.
    pub target: Option<String>,
    /// The relay's time.
    pub now: i64,
    /// Opens the conversation.
    pub onopen: Callback<String>,
    /// Leads to a message.
    pub onjump: Callback<MessageView>,
}

/// The client's name opens the conversation, a message leads to itself.
#[component]
pub fn FoundRow(props: &FoundRowProps) -> Html {
    let all = use_state_eq(|| false);
    let found = &props.found;
    let conversation = props.desk.conversation(&found.conversation.id).map_or(&found.conversation, |known| &**known);
    let onopen = {
        let id = conversation.id.clone();
        props.onopen.reform(move |_| id.clone())
    };
    let n_shown = if *all { found.messages.len() } else { FIRST.min(found.messages.len()) };
    let n_more = found.messages.len() - n_shown;
    let show_all = {
        let all = all.setter();
        Callback::from(move |_| all.set(true))
    };
    let time = short(conversation.closed_at.unwrap_or(conversation.last_message_at), props.now);
    html! {
        <li class={classes!("ds-found-row", props.selected.then_some("ds-found-row--selected"))} data-testid="found"
            data-conversation-id={conversation.id.clone()}>
            <button type="button" id={conversation.id.clone()} class="ds-found-row__open" data-testid="found-open" aria-current={props.selected.then_some("true")} onclick={onopen}>
                <Avatar name={conversation.contact.name.clone()} seed={conversation.contact.id.clone()} />
                <span class="ds-found-row__who">
                    <bdi class="ds-found-row__name">{ view(&whole(&found.conversation.contact.name, &found.name)) }</bdi>
                    <time class="ds-found-row__time" dir="auto">{ time }</time>
                </span>
                <span class="ds-found-row__facts">{ facts(&props.desk, conversation) }</span>
            </button>
            <ul class="ds-found-row__messages">
                { for found.messages.iter().take(n_shown).map(|message| view_message(props, message)) }
            </ul>
            if n_more > 0 {
                <button type="button" class="ds-found-row__all" data-testid="found-all" onclick={show_all}>
                    { fill(finding().found_all, &[("n", &more(n_more, found.has_more))]) }
                </button>
            } else if found.has_more {
                <p class="ds-found-row__newest" data-testid="found-newest">{ fill(finding().found_newest, &[("n", &n_shown.to_string())]) }</p>
            }
        </li>
    }
}

/// How many more match, as far as the relay says.
fn more(n: usize, has_more: bool) -> String {
    format!("{n}{}", if has_more { "+" } else { "" })
}

/// Its channel, and how it stands or ended.
fn facts(desk: &DeskRef, conversation: &ConversationView) -> Html {
    let channel = desk.channel(&conversation.channel_id).map(|channel| channel.name.clone()).unwrap_or_default();
    let state = match (conversation.closed_at, conversation.assignee_id.as_deref()) {
        (Some(_), _) => outcome(conversation.close_reason).to_owned(),
        (None, None) => texts().state_new.to_owned(),
        (None, Some(_)) if desk.is_mine(conversation) => texts().state_mine.to_owned(),
        (None, Some(id)) => fill(texts().state_taken, &[("name", desk.agent_name(id).unwrap_or(id))]),
    };
    html! { <><bdi>{ channel }</bdi>{ " · " }<span data-testid="found-state">{ state }</span></> }
}

fn view_message(props: &FoundRowProps, found: &FoundMessage) -> Html {
    let message = &found.message;
    let author = match &message.author {
        Author::Contact => &props.found.conversation.contact.name,
        Author::Agent { name, .. } => name,
        Author::Other => texts().unknown_author,
    };
    let is_target = props.target.as_ref() == Some(&message.id);
    let onclick = {
        let message = message.clone();
        props.onjump.reform(move |_| message.clone())
    };
    html! {
        <li key={message.id.clone()}>
            <button type="button" id={message.id.clone()} class={classes!("ds-found-row__message", is_target.then_some("ds-found-row__message--chosen"))}
                data-testid="found-message" aria-current={is_target.then_some("true")} {onclick}>
                <span class="ds-found-row__by"><bdi class="ds-found-row__author">{ author }</bdi><time dir="auto">{ full(message.at, props.now) }</time></span>
                if !message.text.is_empty() {
                    <span class="ds-found-row__text" dir="auto">{ view(&shortened(&message.text, &found.ranges)) }</span>
                }
                { for found_files(found) }
            </button>
        </li>
    }
}

/// The names of its files in which words stand; all if its text is empty.
fn found_files(found: &FoundMessage) -> impl Iterator<Item = Html> {
    let is_all = found.message.text.is_empty();
    let named = found.message.attachments.iter().zip(&found.files);
    named.filter(move |(_, ranges)| is_all || !ranges.is_empty()).map(|(file, ranges)| {
        html! {
            <span class="ds-found-row__file" data-testid="found-file">
                <Icon symbol={Symbol::Clip} /><bdi class="ds-found-row__text">{ view(&whole(&file.name, ranges)) }</bdi>
            </span>
        }
    })
}

fn view(pieces: &[Piece]) -> Html {
    let one = |(text, is_found): &Piece| {
        if *is_found {
            html! { <mark>{ text }</mark> }
        } else {
            html! { { text } }
        }
    };
    pieces.iter().map(one).collect()
}
