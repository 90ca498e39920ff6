//! One conversation in a list (L3).

use std::rc::Rc;

use protocol::view::{ChannelKind, ConversationView, Turn};
use yew::{AttrValue, Callback, Html, Properties, classes, component, html};

use super::avatar::Avatar;
use super::icon::{Icon, Symbol};
use crate::clock::{Urgency, short, waited};
use crate::text::{fill, outcome, texts};

/// The row's properties.
#[derive(Properties, PartialEq)]
pub struct ConversationRowProps {
    /// The conversation.
    pub conversation: Rc<ConversationView>,
    /// The DOM id of the row.
    pub id: AttrValue,
    /// How many alerts the agent has not seen.
    pub n_unread: u32,
    /// The channel's name.
    pub channel: AttrValue,
    /// The channel's kind.
    pub kind: ChannelKind,
    /// The name of who has it.
    pub owner: Option<AttrValue>,
    /// Its last time, in words.
    pub time: AttrValue,
    /// How long the client has waited, once it is a minute.
    pub waiting: Option<(Urgency, AttrValue)>,
    /// Whether it is open in the middle.
    pub selected: bool,
    /// Whether the keyboard stands on it.
    pub active: bool,
    /// Its place in the list and the list's length, for screen readers.
    pub place: (usize, usize),
    /// Where it stands, in CSS pixels from its group's top.
    pub top: i32,
    /// Opens it.
    pub onopen: Callback<String>,
}

/// A row: who, where, the beginning of the last message, when, who has it, how long the client waits.
#[component]
pub fn ConversationRow(props: &ConversationRowProps) -> Html {
    let conversation = &props.conversation;
    let class = classes!(
        "ds-conversation-row",
        props.selected.then_some("ds-conversation-row--selected"),
        props.active.then_some("ds-conversation-row--active"),
        (props.n_unread > 0).then_some("ds-conversation-row--unread")
    );
    let onclick = {
        let id = conversation.id.clone();
        props.onopen.reform(move |_| id.clone())
    };
    html! {
        <div {class} id={props.id.clone()} role="option" aria-selected={props.selected.to_string()} aria-posinset={props.place.0.to_string()}
            aria-setsize={props.place.1.to_string()} style={format!("inset-block-start:{}px", props.top)} data-testid="row"
            data-conversation-id={conversation.id.clone()} data-group={group(conversation)} {onclick}>
            <Avatar name={conversation.contact.name.clone()} seed={conversation.contact.id.clone()} />
            <span class="ds-conversation-row__line ds-conversation-row__who">
                <bdi class="ds-conversation-row__name" data-testid="row-name" title={conversation.contact.name.clone()}>{ &conversation.contact.name }</bdi>
                <time class="ds-conversation-row__time" dir="auto">{ &props.time }</time>
            </span>
            <span class="ds-conversation-row__line ds-conversation-row__what">
                <span class="ds-conversation-row__preview" dir="auto" data-testid="row-preview">{ preview(conversation) }</span>
                if props.n_unread > 0 {
                    <span class="ds-conversation-row__unread" data-testid="row-unread" title={fill(texts().n_unread, &[("n", &props.n_unread.to_string())])}>
                        { counter(props.n_unread) }
                    </span>
                }
            </span>
            { facts(props) }
        </div>
    }
}

fn facts(props: &ConversationRowProps) -> Html {
    let symbol = match props.kind {
        ChannelKind::OnlineChat => Symbol::Chat,
        ChannelKind::Other => Symbol::Tray,
    };
    html! {
        <span class="ds-conversation-row__line ds-conversation-row__facts">
            <Icon symbol={symbol} />
            <bdi class="ds-conversation-row__channel">{ &props.channel }</bdi>
            if props.conversation.closed_at.is_some() {
                <span class="ds-conversation-row__owner" data-testid="row-outcome">{ outcome(props.conversation.close_reason) }</span>
            }
            if let Some(owner) = &props.owner {
                <span class="ds-conversation-row__owner" data-testid="row-owner"><bdi>{ owner }</bdi></span>
            }
            if let Some((urgency, time)) = &props.waiting {
                <span class={classes!("ds-conversation-row__waiting", format!("ds-conversation-row__waiting--{}", urgency.class()))}
                    data-testid="row-waiting" title={fill(texts().row_waiting, &[("time", time)])}>
                    <Icon symbol={Symbol::Clock} />{ time }
                </span>
            }
        </span>
    }
}

/// The group that the row stands in, by name.
fn group(conversation: &ConversationView) -> &'static str {
    match (conversation.closed_at, &conversation.assignee_id) {
        (Some(_), _) => "finished",
        (None, Some(_)) => "worked-on",
        (None, None) => "new",
    }
}

fn preview(conversation: &ConversationView) -> String {
    let preview = &conversation.preview;
    if preview.from_contact { preview.text.clone() } else { fill(texts().from_us, &[("text", &preview.text)]) }
}

/// A counter as it stands on a badge.
#[must_use]
pub fn counter(n: u32) -> String {
    if n > 99 { "99+".to_owned() } else { n.to_string() }
}

/// What the row says about time: the last message's, or the finish, and how long the client has waited.
#[must_use]
pub fn times(conversation: &ConversationView, now: i64) -> (String, Option<(Urgency, AttrValue)>) {
    let at = conversation.closed_at.unwrap_or(conversation.last_message_at);
    let waited_ms = now - conversation.unanswered_since;
    let waits = conversation.closed_at.is_none() && conversation.turn == Turn::Ours && waited_ms >= 60_000;
    (short(at, now), waits.then(|| (Urgency::of(waited_ms), waited(waited_ms).into())))
}
