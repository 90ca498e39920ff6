//! The top chat menu: presence, what can be done with the conversation, and the panel's own place.

use protocol::worker::{ConnectionState, PanelToPage};
use yew::{Html, Properties, component, html, use_state};

use super::assign_menu::AssignMenu;
use super::button::{Button, Look};
use super::icon::{Icon, Symbol};
use super::online_button::OnlineButton;
use crate::hooks::{Commands, PanelContext, use_commands, use_panel};
use crate::state::abilities::Abilities;
use crate::state::panel::Standing;
use crate::text::texts;

/// The menu's properties.
#[derive(Properties, PartialEq)]
pub struct TopMenuProps {
    /// Whether the panel stands at the side when it appears.
    pub docked: bool,
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
            { presence(&panel, &commands) }
            <span class="ds-top-menu__space" />
            { actions(&panel, &commands) }
            <Button look={Look::Round} testid="dock" label={layout} onclick={on_layout}><Icon {symbol} /></Button>
            <Button look={Look::Round} testid="close-panel" label={texts.close_panel} onclick={on_close}><Icon symbol={Symbol::Cross} /></Button>
        </div>
    }
}

fn presence(panel: &PanelContext, commands: &Commands) -> Html {
    let known = matches!(panel.standing, Standing::Account(_))
        && panel.filled
        && panel.connection != ConnectionState::SignedOut;
    if !known {
        return html! { <span class="ds-top-menu__product">{ texts().product }</span> };
    }
    let onchoose = {
        let commands = commands.clone();
        move |availability| commands.set_availability(availability)
    };
    html! { <OnlineButton availability={panel.desk.availability()} disabled={panel.connection != ConnectionState::Live} {onchoose} /> }
}

fn actions(panel: &PanelContext, commands: &Commands) -> Html {
    let Some(conversation) = panel.selected().filter(|_| panel.filled) else { return html! {} };
    let can = Abilities::of(&panel.desk, &conversation);
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
            if can.close {
                <Button testid="close-conversation" onclick={on_close}>{ texts().close }</Button>
            }
        </div>
    }
}
