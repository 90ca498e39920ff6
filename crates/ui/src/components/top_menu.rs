//! The top chat menu: presence, what can be done with the conversation, and the panel's own place.

use protocol::view::ChannelKind;
use protocol::worker::{ConnectionState, PanelToPage};
use yew::{Html, Properties, component, html, use_state};

use super::assign_menu::AssignMenu;
use super::block_menu::BlockMenu;
use super::button::{Button, Look};
use super::icon::{Icon, Symbol};
use super::presence::Presence;
use crate::hooks::{Commands, PanelContext, use_commands, use_panel};
use crate::state::abilities::Abilities;
use crate::state::blocks::block_of;
use crate::state::panel::Standing;
use crate::text::texts;

/// The menu's properties.
#[derive(Properties, PartialEq)]
pub struct TopMenuProps {
    /// Whether the panel stands at the side when it appears.
    pub docked: bool,
    /// The relay's time.
    pub now: i64,
}

/// The bar at the panel's top.
#[component]
pub fn TopMenu(props: &TopMenuProps) -> Html {
    let (panel, commands) = (use_panel(), use_commands());
    let docked = use_state(|| props.docked);
    let texts = texts();
    let on_layout = {
        let (page, docked) = (commands.link.page.clone(), docked.clone());
        move |_| {
            page.emit(PanelToPage::Layout { docked: !*docked });
            docked.set(!*docked);
        }
    };
    let on_close = commands.link.page.reform(|_| PanelToPage::Close);
    let (layout, symbol) = if *docked { (texts.widen, Symbol::Widen) } else { (texts.dock, Symbol::Dock) };
    html! {
        <div class="ds-top-menu" role="toolbar" aria-label={texts.top_menu}>
            { presence(&panel, props.now) }
            <span class="ds-top-menu__space" />
            { actions(&panel, &commands, props.now) }
            <Button look={Look::Round} testid="dock" label={layout} onclick={on_layout}><Icon {symbol} /></Button>
            <Button look={Look::Round} testid="close-panel" label={texts.close_panel} onclick={on_close}><Icon symbol={Symbol::Cross} /></Button>
        </div>
    }
}

fn presence(panel: &PanelContext, now: i64) -> Html {
    let known = matches!(panel.standing, Standing::Account(_))
        && panel.filled
        && panel.connection != ConnectionState::SignedOut;
    if !known {
        return html! { <span class="ds-top-menu__product">{ texts().product }</span> };
    }
    html! { <Presence {now} /> }
}

fn actions(panel: &PanelContext, commands: &Commands, now: i64) -> Html {
    let Some(conversation) = panel.selected().filter(|_| panel.filled) else { return html! {} };
    let can = Abilities::of(&panel.desk, &conversation, now);
    let is_blocked = block_of(&panel.desk, &conversation, now).is_some();
    let channel = panel.desk.channel(&conversation.channel_id);
    let has_ip = channel.is_some_and(|channel| channel.kind == ChannelKind::OnlineChat);
    let taken = conversation.assignee_id.is_some();
    let on_close = {
        let (commands, conversation) = (commands.clone(), conversation.clone());
        move |_| commands.close(&conversation)
    };
    html! {
        <div class="ds-top-menu__actions" role="group" aria-label={conversation.contact.name.clone()}>
            if taken && (can.assign || can.clear) {
                <AssignMenu key={conversation.id.clone()} conversation={conversation.clone()} label={texts().assign} testid="assign"
                    may_assign={can.assign} may_clear={can.clear} />
            }
            <BlockMenu key={format!("block {}", conversation.id)} conversation={conversation.clone()} {is_blocked} {has_ip}
                may={if is_blocked { can.unblock } else { can.block }} />
            if can.close {
                <Button testid="close-conversation" onclick={on_close}>{ texts().close }</Button>
            }
        </div>
    }
}
