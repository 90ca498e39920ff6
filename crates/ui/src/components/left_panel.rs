//! The left chat panel: channels, tabs, and the list.

use yew::{Callback, Html, Properties, component, html};

use super::channel_list::ChannelList;
use super::conversation_list::ConversationList;
use super::search::Search;
use super::tabs::Tabs;
use crate::hooks::{use_commands, use_panel};
use crate::state::panel::Action;

/// The left panel's properties.
#[derive(Properties, PartialEq)]
pub struct LeftPanelProps {
    /// The relay's time.
    pub now: i64,
    /// Opens a conversation.
    pub onopen: Callback<String>,
}

/// Channels beside or above the list, by the room there is.
#[component]
pub fn LeftPanel(props: &LeftPanelProps) -> Html {
    let (panel, commands) = (use_panel(), use_commands());
    let (view, scope) = (&panel.view, panel.scope());
    let paging = panel.paging(&scope);
    let onscope = {
        let state = commands.state.clone();
        yew::use_callback((), move |scope, ()| state.dispatch(Action::Scope(scope)))
    };
    let ontab = {
        let state = commands.state.clone();
        yew::use_callback((), move |tab: Option<_>, ()| state.dispatch(tab.map_or(Action::Search, Action::Tab)))
    };
    let onturn = yew::use_callback(commands.clone(), |account, commands| commands.turn_to(account));
    let onmore = {
        let of = (scope.clone(), paging.next.clone());
        yew::use_callback(of, move |(), (scope, next)| commands.fetch_finished(scope, next.clone()))
    };
    html! {
        <div class="ds-left-panel">
            <ChannelList desk={panel.desk.clone()} scope={scope.clone()} onchoose={onscope} others={panel.others.clone()} {onturn} />
            <div class="ds-left-panel__lists">
                <Tabs tab={(!view.searching).then_some(view.tab)} onchoose={ontab} />
                if view.searching {
                    <Search finding={panel.finding.clone()} desk={panel.desk.clone()} selected={view.selected.clone()}
                        target={view.target.as_ref().map(|target| target.id.clone())} now={props.now} onopen={props.onopen.clone()} />
                } else {
                    <ConversationList desk={panel.desk.clone()} tab={view.tab} {scope} selected={view.selected.clone()}
                        density={view.density} now={props.now} {paging} onopen={props.onopen.clone()} {onmore} />
                }
            </div>
        </div>
    }
}
