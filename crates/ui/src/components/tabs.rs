//! "Open", "My", "Finished" (L1).

use domain::order::Tab;
use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;
use yew::{Callback, Html, KeyboardEvent, Properties, classes, component, html};

use crate::state::shortcuts::{Modifiers, Shortcut};
use crate::text::texts;

/// The DOM id of the list that the tabs rule.
pub const LIST_ID: &str = "ds-conversations";

const ALL: [Tab; 3] = [Tab::Open, Tab::My, Tab::Finished];

/// The tabs' properties.
#[derive(Properties, PartialEq)]
pub struct TabsProps {
    /// The chosen one.
    pub tab: Tab,
    /// Called with another one.
    pub onchoose: Callback<Tab>,
}

/// The three tabs; arrow keys go from one to the next.
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
            focus(&event, next);
        })
    };
    html! {
        <div class="ds-tabs" role="tablist" aria-label={texts().tabs} {onkeydown}>
            { for ALL.into_iter().map(|tab| item(props, tab)) }
        </div>
    }
}

fn item(props: &TabsProps, tab: Tab) -> Html {
    let (label, testid) = match tab {
        Tab::Open => (texts().open, "tab-open"),
        Tab::My => (texts().my, "tab-my"),
        Tab::Finished => (texts().finished, "tab-finished"),
    };
    let (chosen, shortcut, here) = (tab == props.tab, Shortcut::Tab(tab), Modifiers::here());
    html! {
        <button type="button" role="tab" class={classes!("ds-tabs__tab", chosen.then_some("ds-tabs__tab--chosen"))} data-testid={testid}
            aria-selected={chosen.to_string()} aria-controls={LIST_ID} tabindex={if chosen { "0" } else { "-1" }}
            title={shortcut.title(None, here)} aria-keyshortcuts={shortcut.aria(here)} onclick={props.onchoose.reform(move |_| tab)}>
            { label }
        </button>
    }
}

fn is_rtl(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    target.and_then(|element| element.closest("[dir=rtl]").ok().flatten()).is_some()
}

fn focus(event: &KeyboardEvent, at: usize) {
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
