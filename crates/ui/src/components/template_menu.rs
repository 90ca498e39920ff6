//! "Templates" in the bottom panel (T1).

use std::rc::Rc;

use protocol::view::ConversationView;
use wasm_bindgen::JsCast as _;
use yew::{
    Callback, FocusEvent, Html, NodeRef, Properties, component, html, use_effect_with, use_mut_ref, use_node_ref,
};

use super::template_list::TemplateList;
use crate::focus;
use crate::insertion::insert;
use crate::text::composing;

/// Whether the list is open, and how that was asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Opened {
    /// It is closed.
    #[default]
    No,
    /// By the button.
    ByButton,
    /// By `/` in the empty input.
    BySlash,
}

/// The menu's properties.
#[derive(Properties, PartialEq)]
pub struct TemplateMenuProps {
    /// The conversation that is answered.
    pub conversation: Rc<ConversationView>,
    /// Whether it is open.
    pub opened: Opened,
    /// Opens and closes it.
    pub onopen: Callback<Opened>,
    /// The input.
    pub field: NodeRef,
    /// Called with what was typed after `/` if nothing was chosen: it was meant for the input.
    pub onback: Callback<String>,
    /// Whether nothing can be put in now: what is being sent stays as it is.
    pub disabled: bool,
}

/// The button, and above it the list while it is open.
#[component]
pub fn TemplateMenu(props: &TemplateMenuProps) -> Html {
    let root = use_node_ref();
    // What was typed after `/`, until something is done with it.
    let after_slash = use_mut_ref(|| None::<String>);
    {
        let after_slash = after_slash.clone();
        use_effect_with(props.opened, move |opened| {
            after_slash.replace((*opened == Opened::BySlash).then(String::new));
        });
    }
    let (is_open, onopen, field) = (props.opened != Opened::No, props.onopen.clone(), props.field.clone());
    let close = {
        let (onopen, onback, after_slash) = (onopen.clone(), props.onback.clone(), after_slash.clone());
        Callback::from(move |()| {
            onopen.emit(Opened::No);
            if let Some(typed) = after_slash.take() {
                onback.emit(format!("/{typed}"));
            }
        })
    };
    let onclose = {
        let (close, field) = (close.clone(), field.clone());
        Callback::from(move |()| {
            close.emit(());
            focus::give(field.cast());
        })
    };
    let onchoose = {
        let (onopen, after_slash) = (onopen.clone(), after_slash.clone());
        Callback::from(move |text: String| {
            after_slash.take();
            onopen.emit(Opened::No);
            insert(&field, &text);
        })
    };
    let onfocusout = {
        let root = root.clone();
        move |event: FocusEvent| {
            let next = event.related_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
            if is_open && !root.cast::<web_sys::Node>().is_some_and(|root| root.contains(next.as_ref())) {
                close.emit(());
            }
        }
    };
    let ontype = {
        let after_slash = after_slash.clone();
        Callback::from(move |text: String| {
            let mut after_slash = after_slash.borrow_mut();
            if after_slash.is_some() {
                *after_slash = Some(text);
            }
        })
    };
    let onclick = move |_| onopen.emit(if is_open { Opened::No } else { Opened::ByButton });
    html! {
        <div class="ds-template-menu" ref={root} {onfocusout}>
            <button type="button" class="ds-button ds-button--quiet" data-testid="templates" disabled={props.disabled}
                aria-haspopup="dialog" aria-expanded={is_open.to_string()} {onclick}>
                { composing().templates }
            </button>
            if is_open {
                <TemplateList conversation={props.conversation.clone()} by_slash={props.opened == Opened::BySlash} {ontype} {onchoose} {onclose} />
            }
        </div>
    }
}
