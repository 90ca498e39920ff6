//! In place of the input: the client is blocked (B6).

use std::rc::Rc;

use protocol::view::ConversationView;
use yew::{AttrValue, Html, Properties, component, html};

use super::button::Button;
use super::icon::{Icon, Symbol};
use crate::hooks::use_commands;
use crate::text::texts;

/// The line's properties.
#[derive(Properties, PartialEq)]
pub struct BlockedLineProps {
    /// The conversation whose client is blocked.
    pub conversation: Rc<ConversationView>,
    /// Who did it, when, until when, and why.
    pub facts: AttrValue,
    /// Whether the agent may unblock now; otherwise going Online would help.
    pub may: bool,
}

/// Says it, and offers "Unblock".
#[component]
pub fn BlockedLine(props: &BlockedLineProps) -> Html {
    let commands = use_commands();
    let conversation = props.conversation.clone();
    let may = props.may;
    let onclick = move |_| if may { commands.unblock(&conversation) } else { commands.offer_online() };
    html! {
        <div class="ds-blocked-line" data-testid="client-blocked">
            <Icon symbol={Symbol::Ban} />
            <div class="ds-blocked-line__words">
                <p>{ texts().is_blocked }</p>
                <p class="ds-blocked-line__facts" dir="auto" title={props.facts.clone()}>{ &props.facts }</p>
            </div>
            <Button testid="unblock-client" {onclick}>{ texts().unblock }</Button>
        </div>
    }
}
