//! The right chat panel: "Information" and "Notes" about the client.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use protocol::view::ConversationView;
use protocol::worker::ConnectionState;
use yew::{Callback, Html, KeyboardEvent, Properties, classes, component, hook, html, use_effect_with};

use super::button::{Button, Look};
use super::icon::{Icon, Symbol};
use super::information::Information;
use super::note_list::NoteList;
use crate::focus;
use crate::hooks::{Commands, PanelContext, use_commands, use_panel};
use crate::state::aside::AsideTab;
use crate::state::dossier::{Dossier, Part};
use crate::state::panel::{Action, AsideAction};
use crate::state::shortcuts::Shortcut;
use crate::text::aside;

/// The DOM id of what the tabs rule.
const PANEL_ID: &str = "ds-aside-panel";

/// The panel's properties.
#[derive(Properties, PartialEq)]
pub struct AsideProps {
    /// The conversation that it stands beside.
    pub conversation: Rc<ConversationView>,
    /// The relay's time.
    pub now: i64,
    /// Whether there is room for both; without it the panel has taken the conversation's place.
    pub has_room: bool,
}

/// Two tabs, and the way back.
#[component]
pub fn Aside(props: &AsideProps) -> Html {
    let (panel, commands) = (use_panel(), use_commands());
    let AsideProps { conversation, now, has_room } = props;
    let now = *now;
    use_dossier(&panel, &commands, conversation);
    use_own_focus(*has_room);
    // Until what was asked for comes, nothing of another client is shown.
    let dossier = Some(&panel.dossier).filter(|dossier| dossier.is_of(&conversation.contact.id)).cloned();
    let dossier: Rc<Dossier> = dossier.unwrap_or_default();
    let (state, has_room) = (commands.state.clone(), *has_room);
    let onclose = move |_| state.dispatch(Action::Aside(AsideAction::Show { has_room, shown: false }));
    let (way_out, symbol) =
        if has_room { (aside().hide_details, Symbol::Cross) } else { (aside().back_to_conversation, Symbol::Back) };
    let class = classes!("ds-aside", (!has_room).then_some("ds-aside--over"));
    html! {
        <aside {class} data-testid="aside" aria-label={aside().details}>
            <div class="ds-aside__head">
                { tabs(&commands, panel.view.aside.tab, &dossier) }
                <Button look={Look::Round} class="ds-aside__close" testid="hide-details" label={way_out} shortcut={Shortcut::Details} onclick={onclose}>
                    <Icon {symbol} />
                </Button>
            </div>
            <div id={PANEL_ID} class="ds-aside__panel" role="tabpanel" aria-labelledby={tab_id(panel.view.aside.tab)}>
                if panel.view.aside.tab == AsideTab::Information {
                    <Information conversation={conversation.clone()} {dossier} {now} />
                } else {
                    <NoteList conversation={conversation.clone()} {dossier} {now} />
                }
            </div>
        </aside>
    }
}

const fn tab_id(tab: AsideTab) -> &'static str {
    match tab {
        AsideTab::Information => "ds-aside-information",
        AsideTab::Notes => "ds-aside-notes",
    }
}

fn tabs(commands: &Commands, chosen: AsideTab, dossier: &Dossier) -> Html {
    let choose = {
        let state = commands.state.clone();
        Callback::from(move |tab| state.dispatch(Action::Aside(AsideAction::Tab(tab))))
    };
    let (other, choose_other) =
        (if chosen == AsideTab::Notes { AsideTab::Information } else { AsideTab::Notes }, choose.clone());
    let onkeydown = move |event: KeyboardEvent| {
        if matches!(event.key().as_str(), "ArrowLeft" | "ArrowRight") {
            // Of two, each way leads to the other one.
            event.prevent_default();
            choose_other.emit(other);
            focus::give(focus::find_shown(&format!("#{}", tab_id(other))));
        }
    };
    let has_more = dossier.paging(Part::Notes).next.is_some();
    let n_notes = dossier.notes.len();
    let tab = |tab: AsideTab, label: &'static str, testid: &'static str| {
        let is_chosen = tab == chosen;
        html! {
            <button type="button" role="tab" id={tab_id(tab)} class={classes!("ds-tabs__tab", is_chosen.then_some("ds-tabs__tab--chosen"))}
                data-testid={testid} aria-selected={is_chosen.to_string()} aria-controls={PANEL_ID} tabindex={if is_chosen { "0" } else { "-1" }}
                onclick={choose.reform(move |_| tab)}>
                { label }
                if tab == AsideTab::Notes && n_notes > 0 {
                    <span class="ds-aside__count" dir="ltr" aria-hidden="true">{ n_notes }{ if has_more { "+" } else { "" } }</span>
                }
            </button>
        }
    };
    html! {
        <div class="ds-aside__tabs" role="tablist" aria-label={aside().details} {onkeydown}>
            { tab(AsideTab::Information, aside().information, "tab-information") }
            { tab(AsideTab::Notes, aside().notes, "tab-notes") }
        </div>
    }
}

/// Fetches what is wanted of the client, as soon as the relay can be reached.
#[hook]
fn use_dossier(panel: &PanelContext, commands: &Commands, conversation: &Rc<ConversationView>) {
    let live = panel.connection == ConnectionState::Live;
    let wanted = Part::ALL.map(|part| live && panel.dossier.wants(&conversation.contact.id, part));
    let (commands, conversation) = (commands.clone(), conversation.clone());
    use_effect_with((conversation.contact.id.clone(), wanted), move |(_, wanted)| {
        for (part, wanted) in Part::ALL.into_iter().zip(wanted) {
            if *wanted {
                commands.fetch_part(&conversation, part, None);
            }
        }
    });
}

/// Where the panel takes the conversation's place the keyboard goes along, and back with it.
#[hook]
fn use_own_focus(has_room: bool) {
    use_effect_with((), move |()| {
        let give_later = |css: &'static str| {
            let give = move || {
                if focus::is_lost() {
                    focus::give(focus::find_shown(css));
                }
            };
            // The other pane is drawn after this.
            Timeout::new(0, give).forget();
        };
        if !has_room {
            give_later(focus::ASIDE);
        }
        move || give_later(focus::DETAILS)
    });
}
