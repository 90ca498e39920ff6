//! What keys do anywhere in the panel (G1, G5). A shortcut presses the button that a mouse would: who may do what is not asked here.

use gloo_timers::callback::Timeout;
use protocol::worker::PanelToPage;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement};
use yew::{Callback, KeyboardEvent, hook, use_state, use_state_eq};

use super::use_narrow::has_room;
use super::{Commands, PanelContext, use_window_keys};
use crate::focus;
use crate::state::aside::AsideTab;
use crate::state::note_drafts::NoteAction;
use crate::state::panel::{Action, AsideAction};
use crate::state::selection::Choose;
use crate::state::shortcuts::{Modifiers, Press, Shortcut};

/// Fields that take characters.
const TEXT: &str = "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])";
/// A dialog that must be answered first.
const MODAL: &str = "[aria-modal=true]";

/// What the keys opened, and what they could not do.
#[derive(Clone, Debug, PartialEq)]
pub struct Shortcuts {
    /// Whether the map of the shortcuts is open.
    pub map_is_open: bool,
    /// Opens it, or closes it.
    pub show_map: Callback<bool>,
    /// The last shortcut that could do nothing, with a number that makes it news.
    pub idle: Option<(u32, Shortcut)>,
}

/// Listens to the keys; used once, at the panel's top. In a window of its own Esc closes nothing.
#[hook]
pub fn use_shortcuts(panel: &PanelContext, commands: &Commands, popped_out: bool) -> Shortcuts {
    let (map, idle) = (use_state_eq(|| false), use_state(|| None::<(u32, Shortcut)>));
    let show_map = {
        let map = map.setter();
        Callback::from(move |open| map.set(open))
    };
    let onkeydown = {
        let (panel, commands, show_map, idle) = (panel.clone(), commands.clone(), show_map.clone(), idle.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.default_prevented() || event.is_composing() || focus::find(MODAL).is_some() {
                return;
            }
            if event.key() == "Escape" && !panel.selection.is_empty() {
                event.prevent_default();
                commands.choose(Choose::Clear);
                return;
            }
            if event.key() == "Escape" {
                if !popped_out {
                    commands.link.page.emit(PanelToPage::Close);
                }
                return;
            }
            let Some(shortcut) = press(&event).shortcut(Modifiers::here()) else { return };
            event.prevent_default();
            if event.repeat() && !shortcut.repeats() {
                return;
            }
            let done = match shortcut {
                Shortcut::Map => {
                    show_map.emit(true);
                    true
                }
                Shortcut::Next | Shortcut::Previous => go_on(&panel, &commands, shortcut == Shortcut::Next),
                Shortcut::Tab(_) | Shortcut::Search | Shortcut::List => to_list(&commands, shortcut),
                Shortcut::Reply => to_reply(),
                Shortcut::Note => to_note(&panel, &commands),
                _ => press_button(shortcut),
            };
            let n_idle = idle.map_or(0, |(number, _)| number);
            idle.set((!done).then_some((n_idle.wrapping_add(1), shortcut)));
        })
    };
    use_window_keys(onkeydown);
    Shortcuts { map_is_open: *map, show_map, idle: *idle }
}

fn press(event: &KeyboardEvent) -> Press {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    Press {
        key: event.key(),
        code: event.code(),
        alt: event.alt_key(),
        ctrl: event.ctrl_key(),
        shift: event.shift_key(),
        meta: event.meta_key(),
        in_text: target.is_some_and(|target| target.matches(TEXT).unwrap_or(false)),
    }
}

/// Whether there was a conversation to go to.
fn go_on(panel: &PanelContext, commands: &Commands, forwards: bool) -> bool {
    let next = panel.neighbour(forwards);
    let found = next.is_some();
    if found {
        commands.state.dispatch(Action::Select(next));
    }
    found
}

/// Whether there is a list. Where there is room for one pane only it comes in the place of the conversation.
fn to_list(commands: &Commands, shortcut: Shortcut) -> bool {
    if focus::find(focus::LIST).is_none() {
        return false;
    }
    let is_hidden = focus::find_shown(focus::LIST).is_none();
    if is_hidden {
        commands.state.dispatch(Action::Select(None));
    }
    if let Shortcut::Tab(tab) = shortcut {
        commands.state.dispatch(Action::Tab(tab));
    }
    if shortcut == Shortcut::Search {
        commands.state.dispatch(Action::Search);
        focus::give_soon(focus::SEARCH);
    } else if is_hidden || shortcut == Shortcut::List {
        focus::give_soon(focus::LIST);
    }
    true
}

fn to_reply() -> bool {
    let field = focus::find_shown(focus::REPLY);
    let found = field.is_some();
    focus::give(field);
    found
}

/// Whether there is a conversation to leave a note on. The right chat panel opens for it.
fn to_note(panel: &PanelContext, commands: &Commands) -> bool {
    let Some(conversation) = panel.selected() else { return false };
    let actions = [
        AsideAction::Show { has_room: has_room(), shown: true },
        AsideAction::Tab(AsideTab::Information),
        AsideAction::Note(conversation.id.clone(), NoteAction::Open),
    ];
    actions.into_iter().for_each(|action| commands.state.dispatch(Action::Aside(action)));
    // Only once it is drawn.
    Timeout::new(0, || focus::give(focus::find_shown(focus::NOTE))).forget();
    true
}

/// Whether the shortcut's button is there to be pressed.
fn press_button(shortcut: Shortcut) -> bool {
    let button = focus::find_shown(&format!("[data-shortcut=\"{}\"]:not(:disabled)", shortcut.name()));
    let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) else { return false };
    if shortcut.opens() {
        focus::give(Some(button.clone().into()));
    }
    button.click();
    true
}
