//! "Open", "My", "Finished" (L1), "Search" (S1).

use domain::order::Tab;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;
use yew::{Callback, Html, KeyboardEvent, Properties, classes, component, html};

use crate::focus;
use crate::state::shortcuts::{Modifiers, Shortcut};
use crate::text::{finding, texts};

/// The DOM id of the list that the tabs rule.
pub const LIST_ID: &str = "ds-conversations";

/// The tabs of the list, and "Search".
const ALL: [Option<Tab>; 4] = [Some(Tab::Open), Some(Tab::My), Some(Tab::Finished), None];

/// The tabs' properties.
#[derive(Properties, PartialEq)]
pub struct TabsProps {
    /// The chosen one; none is "Search".
    pub tab: Option<Tab>,
    /// Called with another one.
    pub onchoose: Callback<Option<Tab>>,
}

/// The four tabs; arrow keys go from one to the next.
#[component]
pub fn Tabs(props: &TabsProps) -> Html {
    let onkeydown = {
        let (tab, onchoose) = (props.tab, props.onchoose.clone());
        Callback::from(move |event: KeyboardEvent| {
            let step = match event.key().as_str() {
                "ArrowRight" => {
                    if is_rtl(&event) {
                        ALL.len() - 1
                    } else {
                        1
                    }
                }
                "ArrowLeft" => {
                    if is_rtl(&event) {
                        1
                    } else {
                        ALL.len() - 1
                    }
                }
                _ => return,
            };
            event.prevent_default();
            let at = ALL.iter().position(|known| *known == tab).unwrap_or(0);
            let next = (at + step) % ALL.len();
            onchoose.emit(ALL[next]);
            give_focus(&event, next);
        })
    };
    html! {
        <div class="ds-tabs" role="tablist" aria-label={texts().tabs} {onkeydown}>
            { for ALL.into_iter().map(|tab| item(props, tab)) }
        </div>
    }
}

fn item(props: &TabsProps, tab: Option<Tab>) -> Html {
    let (label, testid) = match tab {
        Some(Tab::Open) => (texts().open, "tab-open"),
        Some(Tab::My) => (texts().my, "tab-my"),
        Some(Tab::Finished) => (texts().finished, "tab-finished"),
        None => (finding().search, "tab-search"),
    };
    let (chosen, shortcut, here) = (tab == props.tab, tab.map_or(Shortcut::Search, Shortcut::Tab), Modifiers::here());
    let onclick = props.onchoose.reform(move |_| {
        // Whoever goes through the tabs by arrow keys stays among them.
        if tab.is_none() {
            focus::give_soon(focus::SEARCH);
        }
        tab
    });
    html! {
        <button type="button" role="tab" class={classes!("ds-tabs__tab", chosen.then_some("ds-tabs__tab--chosen"))} data-testid={testid}
            aria-selected={chosen.to_string()} aria-controls={LIST_ID} tabindex={if chosen { "0" } else { "-1" }}
            title={shortcut.title(None, here)} aria-keyshortcuts={shortcut.aria(here)} {onclick}>
            { label }
        </button>
    }
}

fn is_rtl(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    target.and_then(|element| element.closest("[dir=rtl]").ok().flatten()).is_some()
}

fn give_focus(event: &KeyboardEvent, at: usize) {
    let list = event
        .target()
        .and_then(|target| target.dyn_into::<HtmlElement>().ok())
        .and_then(|element| element.parent_element());
    let tab = list.and_then(|list| list.children().item(u32::try_from(at).unwrap_or(0)));
    if let Some(tab) = tab.and_then(|tab| tab.dyn_into::<HtmlElement>().ok())
        && let Err(error) = tab.focus()
    {
        web_sys::console::warn_1(&error);
    }
}
