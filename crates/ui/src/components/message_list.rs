//! The conversation: earlier ones of the same client above, the newest message at the bottom.

use std::rc::Rc;

use protocol::view::{Author, ConversationView};
use protocol::worker::OutboxItem;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlElement};
use yew::{
    AttrValue, Callback, Event, Html, NodeRef, Properties, component, html, use_effect_with, use_mut_ref, use_node_ref,
    use_state_eq,
};

use super::button::{Button, Look};
use super::divider::Divider;
use super::empty_state::EmptyState;
use super::icon::{Icon, Symbol};
use super::message::{Message, MessageState};
use crate::clock::{day, full, time_of_day};
use crate::state::outbox::{Outbox, Pending, Progress};
use crate::state::sight::Sight;
use crate::state::thread::{Fetch, Thread};
use crate::state::timeline::{Entry, lay_out};
use crate::text::{fill, outcome, refusal, texts};

/// How near an end of the messages must be, in CSS pixels, for more to be drawn or fetched.
const NEAR_PX: i32 = 600;
/// How far from the newest message the way back is offered.
const AWAY_PX: i32 = 240;

/// The message list's properties.
#[derive(Properties, PartialEq)]
pub struct MessageListProps {
    /// The conversation.
    pub conversation: Rc<ConversationView>,
    /// What was fetched of it.
    pub thread: Rc<Thread>,
    /// Answers on their way.
    pub outbox: Rc<Outbox>,
    /// The agent's own name.
    pub me: AttrValue,
    /// The relay's time.
    pub now: i64,
    /// Asks for messages before this number, or for the newest.
    pub onfetch: Callback<Option<u32>>,
    /// Tries a failed answer again.
    pub onretry: Callback<OutboxItem>,
    /// Takes a failed answer back into the input.
    pub onedit: Callback<OutboxItem>,
}

/// The messages. The list stands on its newest end: it keeps its place there when something is added or the room changes.
#[component]
pub fn MessageList(props: &MessageListProps) -> Html {
    let node = use_node_ref();
    let sight = use_state_eq(Sight::default);
    let away = use_state_eq(|| false);
    let anchor = use_mut_ref(|| None::<(Element, f64)>);
    let thread = &props.thread;
    let n_messages = thread.messages().len();
    let measure = {
        let (node, sight, away, anchor) = (node.clone(), sight.clone(), away.setter(), anchor.clone());
        let (onfetch, thread) = (props.onfetch.clone(), thread.clone());
        Callback::from(move |()| {
            let Some(element) = node.cast::<HtmlElement>() else { return };
            // The list is laid out from its lower end: scrolled up, the position is negative.
            let below = -element.scroll_top();
            let above = element.scroll_height() - element.client_height() - below;
            away.set(below > AWAY_PX || !sight.at_end());
            let next = if above < NEAR_PX {
                sight.up(thread.messages().len())
            } else if below < NEAR_PX {
                sight.down()
            } else {
                *sight
            };
            if next != *sight {
                anchor.replace(first_in_sight(&element));
                sight.set(next);
            }
            let all_drawn = next.range(thread.messages().len()).start == 0;
            if above < NEAR_PX && all_drawn && thread.has_more && thread.fetch == Fetch::Idle {
                onfetch.emit(thread.first_n());
            }
        })
    };
    {
        // What was taken away or put in below must not move what the agent reads.
        let node = node.clone();
        use_effect_with(*sight, move |_| keep_in_place(&node, anchor.take()));
    }
    {
        let (measure, fetch) = (measure.clone(), thread.fetch);
        use_effect_with((n_messages, fetch), move |_| measure.emit(()));
    }
    let to_newest = {
        let (node, sight, away) = (node.clone(), sight.setter(), away.setter());
        Callback::from(move |()| {
            sight.set(Sight::default());
            away.set(false);
            if let Some(element) = node.cast::<HtmlElement>() {
                element.set_scroll_top(0);
            }
        })
    };
    {
        // One's own answer is always brought into sight.
        let (to_newest, n_pending) = (to_newest.clone(), props.outbox.of(&props.conversation.id).count());
        let before = use_mut_ref(|| 0);
        use_effect_with(n_pending, move |n| {
            if *n > before.replace(*n) {
                to_newest.emit(());
            }
        });
    }
    let announcement = use_announcement(props);
    let entries =
        lay_out(thread, sight.range(n_messages), &props.conversation.id, props.outbox.of(&props.conversation.id));
    // A list of its own: beside the head, which has no key, the messages would be told apart by their places.
    let drawn: Html = entries.iter().map(|entry| view(props, entry)).collect();
    html! {
        <div class="ds-message-list">
            <div class="ds-message-list__scroll" ref={node} tabindex="0" role="region" aria-label={texts().messages} onscroll={measure.reform(|_: Event| ())}>
                <div class="ds-message-list__messages">
                    { head(props) }
                    { drawn }
                </div>
            </div>
            if *away {
                <button type="button" class="ds-message-list__newest" data-testid="to-newest" onclick={to_newest.reform(|_| ())}>
                    <Icon symbol={Symbol::Down} />{ texts().to_newest }
                </button>
            }
            <div class="ds-visually-hidden" aria-live="polite">{ announcement }</div>
        </div>
    }
}

/// The first message in sight, and where it stands.
fn first_in_sight(list: &HtmlElement) -> Option<(Element, f64)> {
    let top = list.get_bounding_client_rect().top();
    let messages = list.get_elements_by_class_name("ds-message");
    let message = (0..messages.length())
        .filter_map(|at| messages.item(at))
        .find(|message| message.get_bounding_client_rect().bottom() > top)?;
    let at = message.get_bounding_client_rect().top();
    Some((message, at))
}

/// Scrolls so that a message stands where it stood, once everything is laid out and before it is painted.
fn keep_in_place(node: &NodeRef, anchor: Option<(Element, f64)>) {
    let (Some(list), Some((message, before))) = (node.cast::<HtmlElement>(), anchor) else { return };
    let put_back = Closure::once_into_js(move || {
        if message.is_connected() {
            list.scroll_by_with_x_and_y(0.0, message.get_bounding_client_rect().top() - before);
        }
    });
    let window = web_sys::window();
    if let Some(Err(error)) = window.map(|window| window.request_animation_frame(put_back.unchecked_ref())) {
        web_sys::console::warn_1(&error);
    }
}

/// What is read aloud: a client's message that has just come, not the history.
#[yew::hook]
fn use_announcement(props: &MessageListProps) -> AttrValue {
    let announcement = use_state_eq(AttrValue::default);
    let heard = use_mut_ref(|| None::<u32>);
    let name = props.conversation.contact.name.clone();
    let last = props.thread.messages().last().filter(|_| props.thread.loaded).cloned();
    {
        let announcement = announcement.setter();
        use_effect_with(last, move |last| {
            let Some(last) = last else { return };
            let before = heard.replace(Some(last.n));
            if last.author == Author::Contact && before.is_some_and(|before| before < last.n) {
                announcement.set(fill(texts().announce, &[("name", &name), ("text", &last.text)]).into());
            }
        });
    }
    (*announcement).clone()
}

/// Above the first message: what is being fetched, or what went wrong.
fn head(props: &MessageListProps) -> Html {
    let texts = texts();
    match props.thread.fetch {
        Fetch::Failed => {
            let before = props.thread.first_n().filter(|_| props.thread.loaded && !props.thread.stale);
            html! {
                <div class="ds-message-list__head">
                    <span>{ texts.history_failed }</span>
                    <Button look={Look::Quiet} onclick={props.onfetch.reform(move |_| before)}>{ texts.retry }</Button>
                </div>
            }
        }
        Fetch::Newest | Fetch::Idle if !props.thread.loaded => {
            html! { <EmptyState symbol={Symbol::Chat} title={texts.loading_history} busy={true} /> }
        }
        Fetch::Older => html! { <div class="ds-message-list__head">{ texts.loading_history }</div> },
        Fetch::Newest | Fetch::Idle => html! {},
    }
}

fn view(props: &MessageListProps, entry: &Entry) -> Html {
    let key = entry.key();
    match entry {
        Entry::Day { at } => html! { <Divider {key} text={day(*at, props.now)} /> },
        Entry::Earlier { conversation } => {
            let when = full(conversation.closed_at.unwrap_or(conversation.last_message_at), props.now);
            let text = fill(texts().earlier, &[("how", outcome(conversation.close_reason)), ("when", &when)]);
            html! { <Divider {key} {text} ends_conversation={true} /> }
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
                <Message {key} id={message.id.clone()} {author} {ours} text={message.text.clone()} time={time_of_day(message.at)}
                    when={full(message.at, props.now)} headed={*headed} {state} />
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
        <Message key={key.to_owned()} id={item.id.clone()} author={props.me.clone()} ours={true} text={item.text.clone()} time={time_of_day(item.at)}
            when={full(item.at, props.now)} headed={false} {state} onretry={props.onretry.reform(move |()| retried.clone())}
            onedit={props.onedit.reform(move |()| edited.clone())} />
    }
}
