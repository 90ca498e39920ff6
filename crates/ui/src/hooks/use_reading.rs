//! How an agent reads a conversation: which of its messages are drawn, what keeps its place, where the new ones begin, and how one is led
//! to a message that was found.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlElement};
use yew::{
    Callback, NodeRef, UseStateSetter, hook, use_callback, use_effect_with, use_mut_ref, use_node_ref, use_state_eq,
};

use super::use_visible::use_visible;
use crate::focus;
use crate::state::finding::Target;
use crate::state::newness::Newness;
use crate::state::sight::Sight;
use crate::state::thread::{Fetch, Thread};

/// How near an end of the messages must be, in CSS pixels, for more to be drawn or fetched.
const NEAR_PX: i32 = 600;
/// How far from the newest message the way back is offered.
const AWAY_PX: i32 = 240;
/// How far from it the agent still stands at it.
const STILL_PX: i32 = 16;
/// How long a message is marked that one was led to.
const MARKED_MS: u32 = 2_500;

/// What one reads.
#[derive(Clone, PartialEq)]
pub struct Read {
    /// What was fetched.
    pub thread: Rc<Thread>,
    /// How much of it was unread.
    pub n_unread: u32,
    /// How many answers are on their way.
    pub n_pending: usize,
    /// Whether the panel is shown.
    pub shown: bool,
    /// Where a search led.
    pub target: Option<Target>,
    /// Asks for a part of the history; [`Fetch::Idle`] tries again what failed.
    pub onfetch: Callback<Fetch>,
}

/// How it is read.
pub struct Reading {
    /// The element that scrolls.
    pub node: NodeRef,
    /// What is drawn.
    pub sight: Sight,
    /// Whether the newest message is far.
    pub away: bool,
    /// What is new.
    pub newness: Newness,
    /// The message that is marked, by its number.
    pub marked: Option<u32>,
    /// To be called when something was scrolled.
    pub measure: Callback<()>,
    /// Leads to the newest message.
    pub to_newest: Callback<()>,
}

/// Reads a conversation. The list stands on its newest end: nothing that comes moves what the agent reads above.
#[hook]
pub fn use_reading(read: &Read) -> Reading {
    let node = use_node_ref();
    let sight = use_state_eq(Sight::default);
    let away = use_state_eq(|| false);
    let newness = use_state_eq(Newness::default);
    let anchor = use_mut_ref(|| None::<(Element, f64)>);
    let attentive = use_visible() && read.shown;
    let n_unread = *use_state_eq(|| read.n_unread);
    let measure = {
        let (node, away, anchor) = (node.clone(), away.setter(), anchor.clone());
        let (sight, newness, read) = (sight.clone(), newness.clone(), read.clone());
        Callback::from(move |()| {
            let (thread, messages) = (&read.thread, read.thread.messages());
            let list = node.cast::<HtmlElement>().filter(|list| list.client_height() > 0);
            let Some(list) = list else {
                newness.set(newness.noted(thread, n_unread, false));
                return;
            };
            let (above, below) = room(&list);
            let next = moved(*sight, thread, above, below);
            let at_end = next.at_end(messages) && thread.cut().is_none();
            let noted = newness.noted(thread, n_unread, attentive && at_end && below <= STILL_PX);
            away.set(below > AWAY_PX || !at_end);
            // The line "New messages" takes room too, where it comes and where it goes.
            if next.range(messages) != sight.range(messages) || noted.line() != newness.line() {
                anchor.replace(first_in_sight(&list));
            }
            newness.set(noted);
            sight.set(next);
            if let Some(fetch) = wanted(next, thread, above, below) {
                read.onfetch.emit(fetch);
            }
        })
    };
    {
        // What was taken away or put in below must not move what the agent reads.
        let node = node.clone();
        use_effect_with((*sight, newness.line()), move |_| keep_in_place(&node, anchor.take()));
    }
    {
        let (measure, thread) = (measure.clone(), &read.thread);
        let ends = (thread.first_n(), thread.messages().last().map(|last| last.n), thread.cut(), thread.fetch);
        use_effect_with((ends, attentive), move |_| measure.emit(()));
    }
    let to_newest = {
        let (node, sight, away) = (node.clone(), sight.setter(), away.setter());
        let (is_cut, onfetch) = (read.thread.cut().is_some(), read.onfetch.clone());
        Callback::from(move |()| {
            sight.set(Sight::default());
            away.set(false);
            if is_cut {
                onfetch.emit(Fetch::Newest);
            }
            if let Some(element) = node.cast::<HtmlElement>() {
                element.set_scroll_top(0);
            }
        })
    };
    {
        // One's own answer is always brought into sight.
        let (to_newest, newness) = (to_newest.clone(), newness.clone());
        let before = use_mut_ref(|| 0);
        use_effect_with(read.n_pending, move |n| {
            if *n > before.replace(*n) {
                newness.set(newness.answered());
                to_newest.emit(());
            }
        });
    }
    let marked = use_target(read, &node, *sight, sight.setter());
    Reading { node, sight: *sight, away: *away, newness: *newness, marked, measure, to_newest }
}

/// How much there is above what is seen, and below it. The list is laid out from its lower end: scrolled up, the position is negative.
fn room(list: &HtmlElement) -> (i32, i32) {
    let below = -list.scroll_top();
    (list.scroll_height() - list.client_height() - below, below)
}

/// What is to be drawn where the agent stands.
fn moved(sight: Sight, thread: &Thread, above: i32, below: i32) -> Sight {
    let messages = thread.messages();
    let mut next = if above < NEAR_PX { sight.up(messages) } else { sight };
    if next == sight && below < NEAR_PX {
        next = sight.down(messages);
    }
    if below > STILL_PX {
        next.held(messages)
    } else if next.at_end(messages) && thread.cut().is_none() {
        next.following()
    } else {
        next
    }
}

/// What is to be fetched where he stands.
fn wanted(sight: Sight, thread: &Thread, above: i32, below: i32) -> Option<Fetch> {
    let messages = thread.messages();
    if thread.fetch != Fetch::Idle || messages.is_empty() {
        None
    } else if below < NEAR_PX && sight.at_end(messages) && thread.cut().is_some() {
        thread.cut().map(Fetch::Newer)
    } else {
        let is_wanted = above < NEAR_PX && sight.range(messages).start == 0 && thread.has_more;
        thread.first_n().filter(|_| is_wanted).map(Fetch::Older)
    }
}

/// Leads to the message that was searched for, as soon as it is there; gives it while it is marked.
#[hook]
fn use_target(read: &Read, node: &NodeRef, sight: Sight, set: UseStateSetter<Sight>) -> Option<u32> {
    let marked = use_state_eq(|| None::<u32>);
    let unmark = {
        let marked = marked.setter();
        use_callback((), move |(), ()| marked.set(None))
    };
    let found = read.target.clone().filter(|target| read.thread.contains(&target.id));
    let (node, thread, mark) = (node.clone(), read.thread.clone(), marked.setter());
    use_effect_with(found.map(|found| (found.number, found.n, found.id)), move |found| {
        let end = found.clone().map(|(_, n, id)| {
            let messages = thread.messages();
            let is_drawn = messages[sight.range(messages)].iter().any(|message| message.id == id);
            let sight = if is_drawn { sight } else { Sight::around(messages, n) };
            set.set(sight.held(messages));
            mark.set(Some(n));
            before_paint(move || show(&node, &id));
            Timeout::new(MARKED_MS, move || unmark.emit(()))
        });
        move || drop(end)
    });
    *marked
}

/// Brings a message into the middle, with the keyboard's focus.
fn show(node: &NodeRef, id: &str) {
    let Some(list) = node.cast::<HtmlElement>() else { return };
    let message = list.query_selector(&format!("[data-message-id=\"{id}\"]")).ok().flatten();
    let Some(message) = message else { return };
    focus::give(Some(message.clone()));
    let (seen, at) = (list.get_bounding_client_rect(), message.get_bounding_client_rect());
    list.scroll_by_with_x_and_y(0.0, (at.top() + at.bottom() - seen.top() - seen.bottom()) / 2.0);
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

/// Scrolls so that a message stands where it stood.
fn keep_in_place(node: &NodeRef, anchor: Option<(Element, f64)>) {
    let (Some(list), Some((message, before))) = (node.cast::<HtmlElement>(), anchor) else { return };
    before_paint(move || {
        if message.is_connected() {
            list.scroll_by_with_x_and_y(0.0, message.get_bounding_client_rect().top() - before);
        }
    });
}

/// Does something once everything is laid out and before it is painted.
fn before_paint(act: impl FnOnce() + 'static) {
    let act = Closure::once_into_js(act);
    let window = web_sys::window();
    if let Some(Err(error)) = window.map(|window| window.request_animation_frame(act.unchecked_ref())) {
        web_sys::console::warn_1(&error);
    }
}
