//! Files that are dragged over a conversation (F1).

use std::rc::Rc;

use protocol::view::ConversationView;
use wasm_bindgen::JsCast as _;
use web_sys::Node;
use yew::{Callback, DragEvent, Html, Properties, component, html, use_node_ref, use_state_eq};

use super::icon::{Icon, Symbol};
use crate::hooks::use_commands;
use crate::state::abilities::Abilities;
use crate::text::files;

/// The properties.
#[derive(Properties, PartialEq)]
pub struct FileDropProps {
    /// The conversation.
    pub conversation: Rc<ConversationView>,
    /// What the agent may do.
    pub abilities: Abilities,
    /// What he may do once he is Online.
    pub when_online: Abilities,
    /// What the files are dragged over.
    pub children: Html,
}

/// Takes what is dropped, where the agent can answer; the browser never opens it.
#[component]
pub fn FileDrop(props: &FileDropProps) -> Html {
    let (commands, is_over, node) = (use_commands(), use_state_eq(|| false), use_node_ref());
    let (may, may_online) = (props.abilities.answer, props.when_online.answer);
    let ondragover = {
        let is_over = is_over.setter();
        Callback::from(move |event: DragEvent| {
            if has_files(&event) {
                event.prevent_default();
                is_over.set(may);
            }
        })
    };
    let ondragleave = {
        let (is_over, node) = (is_over.setter(), node.clone());
        Callback::from(move |event: DragEvent| {
            let to = event.related_target().and_then(|to| to.dyn_into::<Node>().ok());
            if !node.cast::<Node>().is_some_and(|node| node.contains(to.as_ref())) {
                is_over.set(false);
            }
        })
    };
    let ondrop = {
        let (is_over, conversation) = (is_over.setter(), props.conversation.clone());
        Callback::from(move |event: DragEvent| {
            is_over.set(false);
            let list = event.data_transfer().and_then(|data| data.files()).filter(|list| list.length() > 0);
            let Some(list) = list else { return };
            event.prevent_default();
            if may {
                commands.attach(&conversation, &list);
            } else if may_online {
                commands.offer_online();
            }
        })
    };
    html! {
        <div class="ds-file-drop" ref={node} {ondragover} {ondragleave} {ondrop}>
            { props.children.clone() }
            if *is_over {
                <p class="ds-file-drop__here" data-testid="drop-here"><Icon symbol={Symbol::Clip} />{ files().drop_here }</p>
            }
        </div>
    }
}

/// Whether files are dragged, and not a text.
fn has_files(event: &DragEvent) -> bool {
    event.data_transfer().is_some_and(|data| data.types().iter().any(|kind| kind == "Files"))
}
