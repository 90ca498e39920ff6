//! The conversation: earlier ones of the same client above, the newest message at the bottom.

mod lines;
mod tab_stop;

use std::rc::Rc;

use protocol::view::{Author, ConversationView};
use protocol::worker::OutboxItem;
use yew::{
    AttrValue, Callback, Event, Html, Properties, classes, component, html, use_effect_with, use_mut_ref, use_state_eq,
};

use self::lines::{Marks, view_all};
use self::tab_stop::{tab_stop, use_tab_stop};
use super::button::{Button, Look};
use super::empty_state::EmptyState;
use super::icon::{Icon, Symbol};
use crate::hooks::{Read, Reading, Selecting, use_reading, use_selecting};
use crate::state::files::spoken;
use crate::state::finding::Target;
use crate::state::outbox::Outbox;
use crate::state::selection::{Choose, Selection};
use crate::state::thread::{Fetch, Thread};
use crate::state::timeline::lay_out;
use crate::text::{composing, fill, finding, texts};

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
    /// How much of it the agent has not seen.
    pub n_unread: u32,
    /// Whether the panel is shown.
    pub shown: bool,
    /// The message that a search led to.
    pub target: Option<Target>,
    /// Which messages are selected (K2).
    pub selection: Rc<Selection>,
    /// Selects messages.
    pub onchoose: Callback<Choose>,
    /// Asks for a part of the history; [`Fetch::Idle`] tries again what failed.
    pub onfetch: Callback<Fetch>,
    /// Tries a failed answer again.
    pub onretry: Callback<OutboxItem>,
    /// Takes a failed answer back into the input.
    pub onedit: Callback<OutboxItem>,
}

/// The messages. The list stands on its newest end: it keeps its place there when something is added or the room changes.
#[component]
pub fn MessageList(props: &MessageListProps) -> Html {
    let (thread, id) = (&props.thread, &props.conversation.id);
    let Reading { node, sight, away, newness, marked, measure, to_newest } = use_reading(&Read {
        thread: thread.clone(),
        n_unread: props.n_unread,
        n_pending: props.outbox.of(id).count(),
        shown: props.shown,
        target: props.target.clone(),
        onfetch: props.onfetch.clone(),
    });
    let announcement = use_announcement(props);
    // After a hole in the messages nothing stands.
    let pending = props.outbox.of(id).filter(|_| thread.cut().is_none());
    let entries = lay_out(thread, sight.range(thread.messages()), id, pending);
    let n_selected = props.selection.len();
    let Selecting { onmousedown, onmousemove, onclick, onselectstart, ondragstart, onkeydown } =
        use_selecting(n_selected > 0, props.onchoose.clone());
    let (focused, onfocusin) = use_tab_stop();
    let marks = Marks { new_after: newness.line(), marked, tab_stop: tab_stop(&entries, focused) };
    // A list of its own: beside the head, which has no key, the messages would be told apart by their places.
    let drawn = view_all(props, &entries, &marks);
    html! {
        <div class="ds-message-list">
            <div class="ds-message-list__scroll" ref={node} tabindex="0" role="region" aria-label={texts().messages} onscroll={measure.reform(|_: Event| ())}>
                <div class={classes!("ds-message-list__messages", (n_selected > 0).then_some("ds-message-list__messages--selecting"))}
                    {onmousedown} {onmousemove} {onclick} {onselectstart} {ondragstart} {onkeydown} {onfocusin}>
                    { head(props) }
                    { drawn }
                </div>
            </div>
            { way_down(props, away, newness.n_below(thread.messages()), &to_newest) }
            <div class="ds-visually-hidden" aria-live="polite">{ announcement }</div>
            <div class="ds-visually-hidden" role="status" data-testid="n-selected">
                if n_selected > 0 {
                    { fill(composing().n_selected, &[("n", &n_selected.to_string())]) }
                }
            </div>
        </div>
    }
}

/// What floats over the messages: the way to the newest, with the number of new ones, or that a part of the messages did not come.
fn way_down(props: &MessageListProps, away: bool, n_below: usize, to_newest: &Callback<()>) -> Html {
    let part_failed = props.thread.fetch == Fetch::Failed && props.thread.loaded;
    let is_led = props.target.as_ref().is_some_and(|target| !target.fetched && !props.thread.covers(target.n));
    let pill = |testid: &'static str, symbol: Symbol, words: String, onclick: Callback<()>| {
        html! {
            <button type="button" class="ds-message-list__newest" data-testid={testid} onclick={onclick.reform(|_| ())}>
                <Icon {symbol} />{ words }
            </button>
        }
    };
    if part_failed && (is_led || props.thread.cut().is_some()) {
        let words = finding().part_failed.to_owned();
        return pill("retry-part", Symbol::Alert, words, props.onfetch.reform(|()| Fetch::Idle));
    }
    if n_below == 0 && !away {
        return html! {};
    }
    let words = match n_below {
        0 => texts().to_newest.to_owned(),
        1 => finding().one_below.to_owned(),
        n => fill(finding().n_below, &[("n", &n.to_string())]),
    };
    pill("to-newest", Symbol::Down, words, to_newest.clone())
}

/// What is read aloud: a client's message that has just come, not the history.
#[yew::hook]
fn use_announcement(props: &MessageListProps) -> AttrValue {
    let announcement = use_state_eq(AttrValue::default);
    let heard = use_mut_ref(|| None::<u32>);
    let name = props.conversation.contact.name.clone();
    let at_end = props.thread.loaded && props.thread.cut().is_none();
    let last = props.thread.messages().last().filter(|_| at_end).cloned();
    {
        let announcement = announcement.setter();
        use_effect_with(last, move |last| {
            let Some(last) = last else { return };
            let before = heard.replace(Some(last.n));
            if last.author == Author::Contact && before.is_some_and(|before| before < last.n) {
                announcement.set(
                    fill(texts().announce, &[("name", &name), ("text", &spoken(&last.text, &last.attachments))]).into(),
                );
            }
        });
    }
    (*announcement).clone()
}

/// Above the first message: what is being fetched, or what went wrong.
fn head(props: &MessageListProps) -> Html {
    let texts = texts();
    match props.thread.fetch {
        Fetch::Failed => html! {
            <div class="ds-message-list__head">
                <span>{ texts.history_failed }</span>
                <Button look={Look::Quiet} onclick={props.onfetch.reform(|_| Fetch::Idle)}>{ texts.retry }</Button>
            </div>
        },
        Fetch::Newest | Fetch::Around(_) | Fetch::Idle if !props.thread.loaded => {
            html! { <EmptyState symbol={Symbol::Chat} title={texts.loading_history} busy={true} /> }
        }
        Fetch::Older(_) => html! { <div class="ds-message-list__head">{ texts.loading_history }</div> },
        Fetch::Newest | Fetch::More | Fetch::Around(_) | Fetch::Newer(_) | Fetch::Idle => html! {},
    }
}
