//! "Details" in a conversation's head: shows the right chat panel, or puts it away.

use yew::{Html, component, html, use_effect_with};

use super::icon::{Icon, Symbol};
use crate::hooks::{use_commands, use_panel, use_room};
use crate::state::panel::{Action, AsideAction};
use crate::state::shortcuts::{Modifiers, Shortcut};
use crate::text::aside;

/// The button.
#[component]
pub fn DetailsButton() -> Html {
    let (panel, commands, has_room, here) = (use_panel(), use_commands(), use_room(), Modifiers::here());
    let shown = panel.view.aside.is_shown(has_room);
    {
        // What had taken the conversation's place stands beside it as soon as there is room.
        let state = commands.state.clone();
        use_effect_with(has_room && panel.view.aside.over, move |fits_now| {
            if *fits_now {
                state.dispatch(Action::Aside(AsideAction::Show { has_room: true, shown: true }));
            }
        });
    }
    let onclick = move |_| commands.state.dispatch(Action::Aside(AsideAction::Show { has_room, shown: !shown }));
    html! {
        <button type="button" class="ds-button ds-button--round ds-details-button" data-testid="details" aria-label={aside().details}
            aria-expanded={shown.to_string()} title={Shortcut::Details.title(Some(aside().details), here)} data-shortcut={Shortcut::Details.name()}
            aria-keyshortcuts={Shortcut::Details.aria(here)} {onclick}>
            <Icon symbol={Symbol::Card} />
        </button>
    }
}
