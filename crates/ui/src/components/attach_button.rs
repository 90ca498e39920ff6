//! "Attach files" in the bottom panel (F1).

use std::rc::Rc;

use protocol::view::ConversationView;
use web_sys::{HtmlElement, HtmlInputElement};
use yew::{
    Callback, Event, Html, NodeRef, Properties, TargetCast as _, component, html, use_effect_with, use_node_ref,
};

use super::button::{Button, Look};
use super::icon::{Icon, Symbol};
use crate::focus;
use crate::hooks::use_commands;
use crate::text::files;

/// The button's properties.
#[derive(Properties, PartialEq)]
pub struct AttachButtonProps {
    /// Whose answer the files go with.
    pub conversation: Rc<ConversationView>,
    /// The input, which has the focus after the choice.
    pub field: NodeRef,
    /// Whether the relay has said how large a file may be.
    pub knows_limit: bool,
    /// Whether nothing can be added now.
    pub disabled: bool,
}

/// The clip; the browser's own dialog lets choose one file or several.
#[component]
pub fn AttachButton(props: &AttachButtonProps) -> Html {
    let (commands, input) = (use_commands(), use_node_ref());
    {
        let commands = commands.clone();
        use_effect_with(props.knows_limit, move |knows_limit| {
            if !knows_limit {
                commands.fetch_file_limit();
            }
        });
    }
    let onclick = {
        let input = input.clone();
        move |_| {
            if let Some(input) = input.cast::<HtmlElement>() {
                input.click();
            }
        }
    };
    let onchange = {
        let (conversation, field) = (props.conversation.clone(), props.field.clone());
        Callback::from(move |event: Event| {
            let input = event.target_unchecked_into::<HtmlInputElement>();
            if let Some(list) = input.files() {
                commands.attach(&conversation, &list);
            }
            // So that the same file can be chosen again.
            input.set_value("");
            focus::give(field.cast());
        })
    };
    html! {
        <div class="ds-attach-button">
            <Button look={Look::Round} testid="attach" label={files().attach} disabled={props.disabled} {onclick}><Icon symbol={Symbol::Clip} /></Button>
            <input ref={input} type="file" multiple={true} hidden={true} tabindex="-1" aria-label={files().attach} data-testid="file-input" {onchange} />
        </div>
    }
}
