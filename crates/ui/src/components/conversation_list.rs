//! The list of a tab (L1 to L4): only the rows in sight are in the document, however long it is.

use std::rc::Rc;

use desk::Desk;
use domain::order::Tab;
use protocol::view::{ChannelKind, ConversationView};
use web_sys::HtmlElement;
use yew::{
    Callback, Event, Html, KeyboardEvent, NodeRef, Properties, UseStateHandle, component, hook, html, use_effect_with,
    use_memo, use_node_ref, use_state_eq,
};

use super::conversation_row::{ConversationRow, times};
use super::empty_state::EmptyState;
use super::icon::Symbol;
use super::tabs::LIST_ID;
use crate::hooks::use_window_event;
use crate::state::density::Density;
use crate::state::panel::{DeskRef, Paging};
use crate::state::thread::Fetch;
use crate::state::view::Scope;
use crate::state::window::{Group, Layout, Window};
use crate::text::texts;

/// The list's properties.
#[derive(Properties, PartialEq)]
pub struct ConversationListProps {
    /// The desk.
    pub desk: DeskRef,
    /// Which tab.
    pub tab: Tab,
    /// Which channels.
    pub scope: Scope,
    /// The conversation in the middle.
    pub selected: Option<String>,
    /// How close together the rows stand.
    pub density: Density,
    /// The relay's time.
    pub now: i64,
    /// How far finished conversations were fetched.
    pub paging: Paging,
    /// Opens a conversation.
    pub onopen: Callback<String>,
    /// Asks for more finished conversations.
    pub onmore: Callback<()>,
}

/// The conversations of the chosen tab and channels, in the order of L2.
#[component]
pub fn ConversationList(props: &ConversationListProps) -> Html {
    let node = use_node_ref();
    let window = use_state_eq(Window::default);
    let active = use_state_eq(|| None::<String>);
    let layout = {
        let of = (props.desk.clone(), props.tab, props.scope.clone());
        use_memo(of, |(desk, tab, scope)| layout(desk, *tab, &scope.filter()))
    };
    let measure = {
        let (node, window, density) = (node.clone(), window.setter(), props.density);
        let more = (props.tab == Tab::Finished
            && props.paging.begun
            && props.paging.fetch == Fetch::Idle
            && props.paging.next.is_some())
        .then(|| props.onmore.clone());
        Callback::from(move |()| {
            // Where there is room for one pane only, the list is hidden behind a conversation.
            let Some(element) = node.cast::<HtmlElement>().filter(|list| list.client_height() > 0) else { return };
            window.set(Window::around(element.scroll_top(), element.client_height(), density));
            let below = element.scroll_height() - element.scroll_top() - element.client_height();
            if let Some(more) = more.as_ref().filter(|_| below < 4 * density.row_px()) {
                more.emit(());
            }
        })
    };
    {
        // Another list begins at its top; a longer page may leave room for the next.
        let (node, measure) = (node.clone(), measure.clone());
        use_effect_with((props.tab, props.scope.clone()), move |_| {
            if let Some(element) = node.cast::<HtmlElement>() {
                element.set_scroll_top(0);
            }
            measure.emit(());
        });
    }
    {
        let measure = measure.clone();
        use_effect_with((layout.len(), props.paging.clone(), props.density), move |_| measure.emit(()));
    }
    use_window_event("resize", measure.clone());
    use_chosen(List::of(props, &layout, &node), props.selected.as_ref(), &active, measure.clone());
    let onkeydown = keyboard(List::of(props, &layout, &node), active.setter(), active.as_ref(), &props.onopen);
    let descendant = active.as_ref().filter(|id| layout.contains(id)).map(|id| row_id(id));
    html! {
        <div id={LIST_ID} class="ds-conversation-list" ref={node} role="listbox" tabindex="0" aria-label={texts().tabs}
            aria-activedescendant={descendant} onscroll={measure.reform(|_: Event| ())} {onkeydown}>
            if layout.is_empty() {
                { empty(props) }
            } else {
                { for layout.groups().iter().map(|group| view_group(props, group, *window, layout.len(), active.as_ref())) }
            }
            if !layout.is_empty() && props.tab == Tab::Finished && props.paging.next.is_some() {
                <p class="ds-conversation-list__more">{ texts().loading_more }</p>
            }
        </div>
    }
}

/// The list as it is laid out and stands in the document.
struct List {
    layout: Rc<Layout>,
    node: NodeRef,
    density: Density,
}

impl List {
    fn of(props: &ConversationListProps, layout: &Rc<Layout>, node: &NodeRef) -> Self {
        Self { layout: layout.clone(), node: node.clone(), density: props.density }
    }

    /// Scrolls as far as is needed for a row to be in sight.
    fn show(&self, at: usize) {
        let Some(element) = self.node.cast::<HtmlElement>() else { return };
        let (top, bottom) = self.layout.span(at, self.density);
        if top < element.scroll_top() {
            element.set_scroll_top(top);
        } else if bottom > element.scroll_top() + element.client_height() {
            element.set_scroll_top(bottom - element.client_height());
        }
    }
}

/// Keeps the chosen row in sight, however it was chosen; back in the list, the one that was read last. The keyboard goes on from there.
#[hook]
fn use_chosen(list: List, selected: Option<&String>, active: &UseStateHandle<Option<String>>, measure: Callback<()>) {
    let active = active.clone();
    let chosen = selected.filter(|id| list.layout.contains(id)).cloned();
    use_effect_with((selected.is_some(), chosen), move |(_, chosen)| {
        if chosen.is_some() {
            active.set(chosen.clone());
        }
        if let Some(at) = chosen.as_ref().or(active.as_ref()).and_then(|id| list.layout.position(id)) {
            list.show(at);
        }
        measure.emit(());
    });
}

fn layout(desk: &Desk, tab: Tab, filter: &desk::Filter) -> Layout {
    let rows = desk.list(tab, filter);
    match tab {
        Tab::Open => {
            let n_new = rows.partition_point(|row| row.assignee_id.is_none());
            Layout::in_groups(rows, n_new)
        }
        Tab::My | Tab::Finished => Layout::plain(rows),
    }
}

fn row_id(conversation_id: &str) -> String {
    format!("row-{conversation_id}")
}

fn view_group(
    props: &ConversationListProps,
    group: &Group,
    window: Window,
    n_rows: usize,
    active: Option<&String>,
) -> Html {
    let (heading, testid) = match group.taken {
        Some(false) => (texts().new, "group-new"),
        Some(true) => (texts().worked_on, "group-worked-on"),
        None => ("", ""),
    };
    let row_px = props.density.row_px();
    let height = format!("block-size:{}px", i32::try_from(group.rows.len()).unwrap_or(i32::MAX / row_px) * row_px);
    html! {
        <div key={testid} class="ds-conversation-list__group" role="group" aria-label={group.taken.map(|_| heading)}>
            if group.taken.is_some() {
                <div class="ds-conversation-list__heading" role="presentation">
                    <span data-testid={testid}>{ heading }</span>
                    <span class="ds-conversation-list__count">{ group.rows.len() }</span>
                </div>
            }
            <div class="ds-conversation-list__rows" role="presentation" style={height}>
                { for group.in_sight(window, props.density).map(|at| view_row(props, &group.rows[at], at, (group.first + at + 1, n_rows), active)) }
            </div>
        </div>
    }
}

fn view_row(
    props: &ConversationListProps,
    conversation: &Rc<ConversationView>,
    at: usize,
    place: (usize, usize),
    active: Option<&String>,
) -> Html {
    let desk = &props.desk;
    let id = &conversation.id;
    let owner = conversation.assignee_id.as_deref().map(|owner| desk.agent_name(owner).unwrap_or(owner).to_owned());
    let (time, waiting) = times(conversation, props.now);
    let channel = desk.channel(&conversation.channel_id);
    html! {
        <ConversationRow key={id.clone()} id={row_id(id)} conversation={conversation.clone()} n_unread={desk.unread(conversation)}
            channel={channel.map(|channel| channel.name.clone()).unwrap_or_default()} kind={channel.map_or(ChannelKind::Other, |channel| channel.kind)}
            owner={owner.map(yew::AttrValue::from)} {time} {waiting} selected={props.selected.as_ref() == Some(id)} active={active == Some(id)} {place}
            top={i32::try_from(at).unwrap_or(0) * props.density.row_px()} onopen={props.onopen.clone()} />
    }
}

fn empty(props: &ConversationListProps) -> Html {
    let texts = texts();
    let (title, hint) = match props.tab {
        Tab::Open => (texts.empty_open, texts.empty_open_hint),
        Tab::My => (texts.empty_my, texts.empty_my_hint),
        Tab::Finished if props.paging.fetch == Fetch::Failed => {
            let onclick = props.onmore.reform(|_| ());
            return html! {
                <EmptyState symbol={Symbol::Alert} title={texts.unreachable}>
                    <super::button::Button {onclick}>{ texts.retry }</super::button::Button>
                </EmptyState>
            };
        }
        Tab::Finished if !props.paging.begun => {
            return html! { <EmptyState symbol={Symbol::Clock} title={texts.loading_more} busy={true} /> };
        }
        Tab::Finished => (texts.empty_finished, texts.empty_finished_hint),
    };
    html! { <EmptyState symbol={Symbol::Tray} {title} {hint} /> }
}

/// Up and down, page by page, first and last; Enter or Space opens.
fn keyboard(
    list: List,
    set: yew::UseStateSetter<Option<String>>,
    active: Option<&String>,
    onopen: &Callback<String>,
) -> Callback<KeyboardEvent> {
    let (active, onopen) = (active.cloned(), onopen.clone());
    Callback::from(move |event: KeyboardEvent| {
        let Some(element) = list.node.cast::<HtmlElement>() else { return };
        let page = usize::try_from(element.client_height() / list.density.row_px()).unwrap_or(1).max(1);
        let last = list.layout.len().saturating_sub(1);
        let at = active.as_deref().and_then(|id| list.layout.position(id));
        let next = match (event.key().as_str(), at) {
            ("Enter" | " ", Some(at)) => {
                event.prevent_default();
                if let Some(row) = list.layout.row(at) {
                    onopen.emit(row.id.clone());
                }
                return;
            }
            ("ArrowDown", at) => at.map_or(0, |at| at + 1),
            ("ArrowUp", at) => at.unwrap_or(0).saturating_sub(1),
            ("PageDown", at) => at.unwrap_or(0) + page,
            ("PageUp", at) => at.unwrap_or(0).saturating_sub(page),
            ("Home", _) => 0,
            ("End", _) => last,
            _ => return,
        };
        event.prevent_default();
        let next = next.min(last);
        if let Some(row) = list.layout.row(next) {
            set.set(Some(row.id.clone()));
            list.show(next);
        }
    })
}
