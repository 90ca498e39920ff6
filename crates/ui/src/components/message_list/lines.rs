//! The lines of a conversation: days, ends of earlier ones, messages, answers on their way.

use protocol::view::Author;
use yew::{Html, html};

use super::MessageListProps;
use crate::clock::{day, full, time_of_day};
use crate::components::divider::{Divider, Line};
use crate::components::message::{Message, MessageState};
use crate::state::outbox::{Pending, Progress};
use crate::state::timeline::Entry;
use crate::text::{fill, finding, outcome, refusal, texts};

/// What stands out among the messages, by their numbers.
pub(super) struct Marks {
    /// Between a message of this number, or a smaller one, and the next stands "New messages".
    pub(super) new_after: Option<u32>,
    /// The one that a search led to.
    pub(super) marked: Option<u32>,
    /// The one that Tab leads to.
    pub(super) tab_stop: Option<u32>,
}

/// All of them.
pub(super) fn view_all(props: &MessageListProps, entries: &[Entry], marks: &Marks) -> Html {
    let messages = props.thread.messages();
    let place = marks.new_after.map_or(0, |n| messages.partition_point(|message| message.n <= n));
    // Where nothing stands above, all of it is new, and no line is needed to say so.
    let first = messages.get(place).filter(|_| place > 0);
    let is_new = |entry: &Entry| matches!(entry, Entry::Message { message, .. } if first.is_some_and(|first| first.n == message.n));
    let first_new = entries.iter().position(is_new);
    let one = |(at, entry): (usize, &Entry)| {
        let is_first_new = Some(at) == first_new;
        let drawn = view(props, entry, is_first_new, marks);
        if is_first_new {
            vec![html! { <Divider key="new" text={finding().new_messages} line={Line::New} /> }, drawn]
        } else {
            vec![drawn]
        }
    };
    entries.iter().enumerate().flat_map(one).collect()
}

/// One line; `is_first_new` says that "New messages" stands above it.
fn view(props: &MessageListProps, entry: &Entry, is_first_new: bool, marks: &Marks) -> Html {
    let key = entry.key();
    match entry {
        Entry::Day { at } => html! { <Divider {key} text={day(*at, props.now)} /> },
        Entry::Earlier { conversation } => {
            let when = full(conversation.closed_at.unwrap_or(conversation.last_message_at), props.now);
            let text = fill(texts().earlier, &[("how", outcome(conversation.close_reason)), ("when", &when)]);
            html! { <Divider {key} {text} line={Line::End} /> }
        }
        Entry::Message { message, headed } => {
            let contact = &props.conversation.contact;
            let (author, ours) = match &message.author {
                Author::Contact => (contact.name.clone(), false),
                Author::Agent { name, .. } => (name.clone(), true),
                Author::Other => (texts().unknown_author.to_owned(), true),
            };
            let state = if !ours && message.n <= contact.seen_n { MessageState::Seen } else { MessageState::Sent };
            html! {
                <Message {key} id={message.id.clone()} {author} {ours} text={message.text.clone()} files={message.attachments.clone()} time={time_of_day(message.at)}
                    when={full(message.at, props.now)} headed={*headed || is_first_new} {state} marked={marks.marked == Some(message.n)} n={message.n}
                    selected={props.selection.contains(message.n)} tabbable={marks.tab_stop == Some(message.n)} />
            }
        }
        Entry::Pending { pending } => view_pending(props, &key, pending),
    }
}

fn view_pending(props: &MessageListProps, key: &str, pending: &Pending) -> Html {
    let item = &pending.item;
    let state = match &pending.progress {
        Progress::Sending => MessageState::Sending,
        Progress::Failed(error) => MessageState::Failed(refusal(error).into()),
    };
    let (retried, edited) = (item.clone(), item.clone());
    html! {
        <Message key={key.to_owned()} id={item.id.clone()} author={props.me.clone()} ours={true} text={item.text.clone()} files={item.attachments.clone()} time={time_of_day(item.at)}
            when={full(item.at, props.now)} headed={false} {state} onretry={props.onretry.reform(move |()| retried.clone())}
            onedit={props.onedit.reform(move |()| edited.clone())} />
    }
}
