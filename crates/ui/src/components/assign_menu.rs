//! "Assign" and "Assign to an agent": who is Online and could have the conversation (A4).

use std::rc::Rc;

use protocol::command::Assignable;
use protocol::view::ConversationView;
use wasm_bindgen::JsCast as _;
use yew::{
    AttrValue, Callback, FocusEvent, Html, KeyboardEvent, MouseEvent, NodeRef, Properties, UseReducerHandle, classes,
    component, html, use_effect_with, use_node_ref, use_reducer,
};

use super::avatar::Avatar;
use super::icon::{Icon, Symbol};
use crate::focus;
use crate::hooks::{Commands, use_commands};
use crate::state::menu::{Menu, MenuAction, Opened};
use crate::state::shortcuts::{Modifiers, Shortcut};
use crate::text::texts;

/// The menu's properties.
#[derive(Properties, PartialEq)]
pub struct AssignMenuProps {
    /// The conversation to give away.
    pub conversation: Rc<ConversationView>,
    /// The button's words.
    pub label: AttrValue,
    /// What tests find the button by.
    pub testid: AttrValue,
    /// Whether the agent may hand it on; without it "Clear" alone is offered.
    pub may_assign: bool,
    /// Whether "Clear" is offered (A11).
    pub may_clear: bool,
    /// Whether the menu opens upwards.
    #[prop_or_default]
    pub upwards: bool,
}

/// A button with a menu of agents; they are asked for each time it opens.
#[component]
pub fn AssignMenu(props: &AssignMenuProps) -> Html {
    let commands = use_commands();
    let state = use_reducer(Menu::default);
    let opened = state.opened.clone();
    let (root, menu) = (use_node_ref(), use_node_ref());
    {
        let menu = menu.clone();
        use_effect_with(opened.clone(), move |opened| {
            if *opened != Opened::Closed {
                move_focus(&menu, |_, _| 0);
            }
        });
    }
    let close = {
        let (state, root) = (state.dispatcher(), root.clone());
        Callback::from(move |()| {
            focus::keep(&root);
            state.dispatch(MenuAction::Close);
        })
    };
    let onclick = toggle(props, &commands, &state, &root);
    let onfocusout = {
        let (root, close) = (root.clone(), close.clone());
        Callback::from(move |event: FocusEvent| {
            let next = event.related_target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
            let stays = root.cast::<web_sys::Node>().is_some_and(|root| root.contains(next.as_ref()));
            if !stays {
                close.emit(());
            }
        })
    };
    let (is_open, here) = (opened != Opened::Closed, Modifiers::here());
    let onkeydown = keyboard(is_open, &menu, &root, close.clone());
    html! {
        <div class="ds-assign-menu" ref={root} {onfocusout} {onkeydown}>
            <button type="button" class="ds-button ds-button--secondary" data-testid={props.testid.clone()} aria-haspopup="menu"
                aria-expanded={is_open.to_string()} title={Shortcut::Assign.title(None, here)} data-shortcut={Shortcut::Assign.name()}
                aria-keyshortcuts={Shortcut::Assign.aria(here)} {onclick}>
                { &props.label }
            </button>
            if is_open {
                <div class={classes!("ds-assign-menu__menu", props.upwards.then_some("ds-assign-menu__menu--up"))} ref={menu} role="menu" tabindex="-1"
                    data-testid="assign-menu" aria-label={texts().assign_menu}>
                    { agents(props, &opened, &commands, &close) }
                    if props.may_clear {
                        { clear(props, &commands, &close) }
                    }
                </div>
            }
        </div>
    }
}

fn toggle(
    props: &AssignMenuProps,
    commands: &Commands,
    state: &UseReducerHandle<Menu>,
    root: &NodeRef,
) -> Callback<MouseEvent> {
    let (commands, state, root) = (commands.clone(), state.clone(), root.clone());
    let (id, may_assign) = (props.conversation.id.clone(), props.may_assign);
    Callback::from(move |_| {
        if state.opened != Opened::Closed {
            state.dispatch(MenuAction::Close);
        } else if may_assign {
            let (number, answered, root) = (state.n_opened.wrapping_add(1), state.dispatcher(), root.clone());
            state.dispatch(MenuAction::Ask);
            commands.assignable(
                &id,
                Callback::from(move |answer: Option<Assignable>| {
                    if answer.is_none() {
                        // The menu goes away; the focus, if it is in it, must not.
                        focus::keep(&root);
                    }
                    answered.dispatch(MenuAction::Answered(number, answer));
                }),
            );
        } else {
            state.dispatch(MenuAction::Open);
        }
    })
}

fn agents(props: &AssignMenuProps, opened: &Opened, commands: &Commands, close: &Callback<()>) -> Html {
    let agents = match opened {
        Opened::Agents(assignable) if !assignable.agents.is_empty() => &assignable.agents,
        Opened::Asking => {
            return html! { <p class="ds-assign-menu__empty" role="status">{ texts().loading_agents }</p> };
        }
        Opened::Agents(_) if !props.may_assign => return html! {},
        Opened::Agents(_) | Opened::Closed => {
            return html! { <p class="ds-assign-menu__empty" role="status">{ texts().nobody_online }</p> };
        }
    };
    let item = |agent: &protocol::view::AgentView| {
        let (commands, conversation, close, id) =
            (commands.clone(), props.conversation.clone(), close.clone(), agent.id.clone());
        let onclick = move |_| {
            close.emit(());
            commands.assign(&conversation, id.clone());
        };
        html! {
            <button type="button" key={agent.id.clone()} class="ds-assign-menu__item" role="menuitem" tabindex="-1" data-testid="assign-option"
                data-agent-id={agent.id.clone()} title={agent.email.clone()} {onclick}>
                <Avatar name={agent.name.clone()} seed={agent.id.clone()} />
                <bdi class="ds-assign-menu__name">{ &agent.name }</bdi>
            </button>
        }
    };
    agents.iter().map(item).collect()
}

fn clear(props: &AssignMenuProps, commands: &Commands, close: &Callback<()>) -> Html {
    let (commands, conversation, close) = (commands.clone(), props.conversation.clone(), close.clone());
    let onclick = move |_| {
        close.emit(());
        commands.clear(&conversation);
    };
    html! {
        <button type="button" class="ds-assign-menu__item ds-assign-menu__item--last" role="menuitem" tabindex="-1" data-testid="clear"
            title={texts().clear_hint} {onclick}>
            <Icon symbol={Symbol::Tray} /><span class="ds-assign-menu__name">{ texts().clear }</span>
        </button>
    }
}

/// Arrow keys, Home and End go round the menu; Esc closes it and gives the focus back to the button.
fn keyboard(is_open: bool, menu: &NodeRef, root: &NodeRef, close: Callback<()>) -> Callback<KeyboardEvent> {
    let (menu, root) = (menu.clone(), root.clone());
    Callback::from(move |event: KeyboardEvent| {
        if !is_open {
            return;
        }
        match event.key().as_str() {
            "ArrowDown" => move_focus(&menu, |at, n| at.map_or(0, |at| (at + 1) % n)),
            "ArrowUp" => move_focus(&menu, |at, n| at.map_or(n - 1, |at| (at + n - 1) % n)),
            "Home" => move_focus(&menu, |_, _| 0),
            "End" => move_focus(&menu, |_, n| n - 1),
            "Escape" => {
                close.emit(());
                focus::give(focus::opener(&root));
            }
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    })
}

/// Moves the focus to the item that `choose` names from the present one and the number of items; to the menu if it has none.
fn move_focus(menu: &NodeRef, choose: impl Fn(Option<u32>, u32) -> u32) {
    let Some(menu) = menu.cast::<web_sys::Element>() else { return };
    let items = menu.get_elements_by_class_name("ds-assign-menu__item");
    let n = items.length();
    if n == 0 {
        return focus::give(Some(menu));
    }
    let focused = focus::owner(&menu);
    let at = focused.and_then(|focused| (0..n).find(|at| items.item(*at).as_ref() == Some(&focused)));
    focus::give(items.item(choose(at, n)));
}
