//! The top chat menu: presence, what can be done with the conversation, and the panel's own place.

use protocol::view::ChannelKind;
use protocol::worker::{ConnectionState, PanelToPage};
use yew::{Callback, Html, Properties, UseStateHandle, component, html, use_state};

use super::assign_menu::AssignMenu;
use super::block_menu::BlockMenu;
use super::button::{Button, Look};
use super::copy_selected::CopySelected;
use super::icon::{Icon, Symbol};
use super::presence::Presence;
use crate::hooks::{Commands, PanelContext, use_commands, use_panel};
use crate::state::abilities::Abilities;
use crate::state::blocks::block_of;
use crate::state::panel::Standing;
use crate::state::shortcuts::Shortcut;
use crate::text::texts;

/// The menu's properties.
#[derive(Properties, PartialEq)]
pub struct TopMenuProps {
    /// Whether the panel stands at the side when it appears.
    pub docked: bool,
    /// Whether the panel stands in a window of its own.
    pub popped_out: bool,
    /// The relay's time.
    pub now: i64,
    /// Opens the map of the shortcuts.
    pub onmap: Callback<()>,
}

/// The bar at the panel's top.
#[component]
pub fn TopMenu(props: &TopMenuProps) -> Html {
    let (panel, commands) = (use_panel(), use_commands());
    let docked = use_state(|| props.docked);
    let texts = texts();
    let on_close = commands.link.page.reform(|_| PanelToPage::Close);
    let close = if props.popped_out { texts.close_window } else { texts.close_panel };
    html! {
        <div class="ds-top-menu" role="toolbar" aria-label={texts.top_menu}>
            { presence(&panel, props.now) }
            <span class="ds-top-menu__space" />
            { actions(&panel, &commands, props.now) }
            <Button look={Look::Round} class="ds-top-menu__keys" testid="show-shortcuts" label={texts.shortcuts} shortcut={Shortcut::Map}
                onclick={props.onmap.reform(|_| ())}>
                <Icon symbol={Symbol::Keyboard} />
            </Button>
            if !props.popped_out {
                { place(&panel, &commands, &docked) }
            }
            <Button look={Look::Round} testid="close-panel" label={close} onclick={on_close}><Icon symbol={Symbol::Cross} /></Button>
        </div>
    }
}

/// Where the panel stands in Gmail, and out of it.
fn place(panel: &PanelContext, commands: &Commands, docked: &UseStateHandle<bool>) -> Html {
    let (layout, symbol) = if **docked { (texts().widen, Symbol::Widen) } else { (texts().dock, Symbol::Dock) };
    let on_layout = {
        let (page, docked) = (commands.link.page.clone(), docked.clone());
        move |_| {
            page.emit(PanelToPage::Layout { docked: !*docked });
            docked.set(!*docked);
        }
    };
    let on_pop_out = {
        let (commands, selected) = (commands.clone(), panel.view.selected.clone());
        move |_| commands.pop_out(selected.clone())
    };
    html! {
        <>
            <Button look={Look::Round} testid="dock" label={layout} onclick={on_layout}><Icon {symbol} /></Button>
            if is_known(panel) {
                <Button look={Look::Round} testid="pop-out" label={texts().pop_out} onclick={on_pop_out}><Icon symbol={Symbol::PopOut} /></Button>
            }
        </>
    }
}

/// Whether the account is signed in and its conversations are here.
fn is_known(panel: &PanelContext) -> bool {
    matches!(panel.standing, Standing::Account(_)) && panel.filled && panel.connection != ConnectionState::SignedOut
}

fn presence(panel: &PanelContext, now: i64) -> Html {
    if !is_known(panel) {
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
                <Button testid="close-conversation" shortcut={Shortcut::Close} onclick={on_close}>{ texts().close }</Button>
            }
            <CopySelected key={format!("copy {}", conversation.id)} />
        </div>
    }
}
