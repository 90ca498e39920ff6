//! The tab "Search": what one types, and what was found (S1 to S4).

use std::rc::Rc;

use protocol::view::MessageView;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlInputElement};
use yew::{
    AttrValue, Callback, Html, InputEvent, KeyboardEvent, Properties, TargetCast as _, component, html, use_callback,
};

use super::button::{Button, Look};
use super::empty_state::EmptyState;
use super::found_row::FoundRow;
use super::icon::{Icon, Symbol};
use super::tabs::LIST_ID;
use crate::focus;
use crate::hooks::{Commands, use_commands};
use crate::state::finding::{Find, Finding};
use crate::state::panel::{Action, DeskRef};
use crate::state::thread::Fetch;
use crate::text::{fill, finding, texts};

/// How long what one types may be.
const MAX_CHARS: &str = "200";

/// The search's properties.
#[derive(Properties, PartialEq)]
pub struct SearchProps {
    /// What is searched for, and found.
    pub finding: Rc<Finding>,
    /// The desk, for what has changed since.
    pub desk: DeskRef,
    /// The conversation in the middle.
    pub selected: Option<String>,
    /// The message in it that the agent was led to.
    pub target: Option<String>,
    /// The relay's time.
    pub now: i64,
    /// Opens a conversation.
    pub onopen: Callback<String>,
}

/// An input, and below it the conversations in which all words were found, each with its messages.
#[component]
pub fn Search(props: &SearchProps) -> Html {
    let commands = use_commands();
    let oninput = {
        let state = commands.state.clone();
        Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlInputElement>().value();
            state.dispatch(Action::Find(Find::Type(text.into())));
        })
    };
    let onclear = {
        let state = commands.state.clone();
        Callback::from(move |()| {
            state.dispatch(Action::ClearSearch);
            focus::give_soon(focus::LIST);
        })
    };
    let onjump = {
        let state = commands.state.clone();
        use_callback((), move |message: MessageView, ()| state.dispatch(Action::Jump(Box::new(message))))
    };
    let search = &props.finding;
    html! {
        <div class="ds-search" role="search" aria-label={finding().search} onkeydown={keyboard(&commands, &onclear)}>
            <div class="ds-search__field">
                <Icon symbol={Symbol::Lens} />
                <input type="search" class="ds-search__input" data-testid="search-input" aria-label={finding().search_input}
                    placeholder={finding().search_placeholder} maxlength={MAX_CHARS} enterkeyhint="search" autocomplete="off" dir="auto"
                    value={search.typed.clone()} {oninput} />
                if !(search.typed.is_empty() && search.query.is_empty()) {
                    <Button look={Look::Round} testid="search-clear" label={finding().search_clear} onclick={onclear.reform(|_| ())}>
                        <Icon symbol={Symbol::Cross} />
                    </Button>
                }
            </div>
            <p class="ds-visually-hidden" role="status">{ counted(search) }</p>
            <div id={LIST_ID} class="ds-search__results" tabindex="0" role="region" aria-label={finding().search_results}>
                { results(props, &commands, &onjump) }
            </div>
        </div>
    }
}

/// What was found, or why there is nothing.
fn results(props: &SearchProps, commands: &Commands, onjump: &Callback<MessageView>) -> Html {
    let (search, words) = (&props.finding, finding());
    let again = || commands.state.clone();
    if search.query.is_empty() {
        return html! { <EmptyState symbol={Symbol::Lens} title={words.search_begin} hint={words.search_begin_hint} /> };
    }
    if let Some(why) = search.refused.as_ref().filter(|_| !search.begun) {
        return html! { <EmptyState symbol={Symbol::Alert} title={why.clone()} /> };
    }
    if !search.begun {
        if search.fetch != Fetch::Failed {
            return html! { <EmptyState symbol={Symbol::Lens} title={words.searching} busy={true} /> };
        }
        let state = again();
        let onclick = Callback::from(move |_| state.dispatch(Action::Find(Find::Again)));
        return html! {
            <EmptyState symbol={Symbol::Alert} title={words.search_away} hint={words.search_away_hint}>
                <Button testid="search-again" {onclick}>{ texts().retry }</Button>
            </EmptyState>
        };
    }
    if search.found.is_empty() {
        let title = fill(words.search_nothing, &[("query", &search.query)]);
        return html! { <EmptyState symbol={Symbol::Tray} {title} hint={words.search_nothing_hint} /> };
    }
    html! {
        <>
            <ul class="ds-search__list">
                { for search.found.iter().map(|found| {
                    let id = &found.conversation.id;
                    let selected = props.selected.as_ref() == Some(id);
                    html! {
                        <FoundRow key={id.clone()} found={found.clone()} desk={props.desk.clone()} {selected}
                            target={props.target.clone().filter(|_| selected)} now={props.now} onopen={props.onopen.clone()} {onjump} />
                    }
                }) }
            </ul>
            { more(search, commands) }
        </>
    }
}

/// The way to the next page (S4).
fn more(search: &Rc<Finding>, commands: &Commands) -> Html {
    let (search, commands) = (search.clone(), commands.clone());
    if search.next.is_none() {
        return html! {};
    }
    let busy = search.fetch == Fetch::More;
    let away = (search.fetch == Fetch::Failed).then_some(AttrValue::Static(finding().search_away));
    let problem = search.refused.clone().or(away);
    let label = if busy { finding().searching } else { finding().search_more };
    let onclick = Callback::from(move |_| commands.search(&search));
    html! {
        <div class="ds-search__more">
            if let Some(problem) = problem {
                <p role="status">{ problem }</p>
            }
            <Button testid="search-more" disabled={busy} {onclick}>{ label }</Button>
        </div>
    }
}

/// How many there are, read aloud.
fn counted(search: &Finding) -> AttrValue {
    let words = match search.found.len() {
        0 => return AttrValue::default(),
        _ if search.next.is_some() => finding().n_found_more,
        1 => finding().n_found_one,
        _ => finding().n_found,
    };
    fill(words, &[("n", &search.found.len().to_string())]).into()
}

/// Enter searches, Esc clears, up and down go through what was found.
fn keyboard(commands: &Commands, onclear: &Callback<()>) -> Callback<KeyboardEvent> {
    let (state, onclear) = (commands.state.clone(), onclear.clone());
    Callback::from(move |event: KeyboardEvent| {
        // While a character is being composed, its keys belong to the input method.
        if event.is_composing() || event.alt_key() || event.ctrl_key() || event.meta_key() {
            return;
        }
        let is_input = event.target().is_some_and(|target| target.dyn_ref::<HtmlInputElement>().is_some());
        match event.key().as_str() {
            "Enter" if is_input => state.dispatch(Action::Find(Find::Search)),
            // The panel does not close with it.
            "Escape" => {
                event.stop_propagation();
                onclear.emit(());
            }
            "ArrowDown" => go_on(&event, true),
            "ArrowUp" => go_on(&event, false),
            _ => return,
        }
        event.prevent_default();
    })
}

/// From one result to the next; above the first one stands the input.
fn go_on(event: &KeyboardEvent, forwards: bool) {
    let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    let Some(all) = target.closest(".ds-search").ok().flatten() else { return };
    let Ok(stops) = all.query_selector_all(".ds-search__input, .ds-search__results button") else { return };
    let stops: Vec<Element> = (0..stops.length()).filter_map(|at| stops.item(at)?.dyn_into().ok()).collect();
    let at = stops.iter().position(|stop| *stop == target).unwrap_or(0);
    let next = if forwards { at + 1 } else { at.saturating_sub(1) };
    focus::give(stops.get(next).cloned());
}
