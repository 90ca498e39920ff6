//! "Block" and "Unblock" in the top chat menu (B1, B5).

use std::rc::Rc;

use protocol::view::ConversationView;
use yew::{Callback, Html, Properties, component, html, use_effect_with, use_state_eq};

use super::block_form::{BlockForm, Entered};
use crate::hooks::{use_commands, use_disclosure};
use crate::state::shortcuts::{Modifiers, Shortcut};
use crate::text::texts;

/// The menu's properties.
#[derive(Properties, PartialEq)]
pub struct BlockMenuProps {
    /// The conversation whose client it is.
    pub conversation: Rc<ConversationView>,
    /// Whether he is blocked, so that "Unblock" stands in its place.
    pub is_blocked: bool,
    /// Whether the agent may now; otherwise going Online would help.
    pub may: bool,
    /// Whether the client's address can be blocked too (B6).
    pub has_ip: bool,
}

/// One button: it ends a block, or opens the terms of one. It stays the same button, so that a focus on it stays too.
#[component]
pub fn BlockMenu(props: &BlockMenuProps) -> Html {
    let (commands, menu) = (use_commands(), use_disclosure());
    let entered = use_state_eq(Entered::default);
    let is_open = menu.is_open && !props.is_blocked && props.may;
    let onclick = {
        let (commands, conversation, toggle) = (commands.clone(), props.conversation.clone(), menu.toggle.clone());
        let (may, is_blocked) = (props.may, props.is_blocked);
        move |_| match (may, is_blocked) {
            (false, _) => commands.offer_online(),
            (true, true) => commands.unblock(&conversation),
            (true, false) => toggle.emit(()),
        }
    };
    let onchoose = {
        let (conversation, close, has_ip) = (props.conversation.clone(), menu.close.clone(), props.has_ip);
        let Entered { reason, also_ip } = (*entered).clone();
        Callback::from(move |term| {
            close.emit(());
            let reason = Some(reason.trim().to_owned()).filter(|reason| !reason.is_empty());
            commands.block(&conversation, term, reason, has_ip && also_ip);
        })
    };
    let onenter = {
        let entered = entered.setter();
        Callback::from(move |next| entered.set(next))
    };
    {
        // What another agent did closes it: it must not open by itself later. A block that holds begins the next one anew.
        let (close, entered) = (menu.close.clone(), entered.setter());
        use_effect_with((props.is_blocked, props.may), move |(is_blocked, _)| {
            close.emit(());
            if *is_blocked {
                entered.set(Entered::default());
            }
        });
    }
    let (label, testid) = if props.is_blocked { (texts().unblock, "unblock") } else { (texts().block, "block") };
    let (opens, here) = ((!props.is_blocked).then_some("dialog"), Modifiers::here());
    html! {
        <div class="ds-block-menu" ref={menu.root} onfocusout={menu.onfocusout} onkeydown={menu.onkeydown}>
            <button type="button" class="ds-button ds-button--secondary" data-testid={testid} aria-haspopup={opens}
                aria-expanded={opens.map(|_| is_open.to_string())} title={Shortcut::Block.title(None, here)} data-shortcut={Shortcut::Block.name()}
                aria-keyshortcuts={Shortcut::Block.aria(here)} {onclick}>
                { label }
            </button>
            if is_open {
                <BlockForm name={props.conversation.contact.name.clone()} has_ip={props.has_ip} entered={(*entered).clone()} {onenter} {onchoose} />
            }
        </div>
    }
}
