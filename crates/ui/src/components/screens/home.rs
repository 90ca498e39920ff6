//! Screens of the panel's place: a window of its own, Gmail's density, and the map of the keys.

use protocol::worker::AccountKey;

use super::*;
use crate::components::shortcuts_dialog::ShortcutsDialog;
use crate::state::density::Density;
use crate::state::panel::AsideAction;
use crate::state::shortcuts::{Modifiers, Shortcut};

#[component]
fn Map() -> Html {
    html! { <div class="ds-app"><ShortcutsDialog onclose={Callback::noop()} /></div> }
}

async fn map() -> String {
    LocalServerRenderer::<Map>::new().hydratable(false).render().await
}

fn compact(mut actions: Vec<Action>) -> Vec<Action> {
    actions.insert(0, Action::Density(Density::Compact));
    actions
}

/// The same address has an account at another relay.
fn two_relays() -> Vec<Action> {
    let mut messages = opening(list());
    messages.push(HubToPanel::Connection { state: ConnectionState::Live, offset_ms: NOW });
    for message in &mut messages {
        if let HubToPanel::Account { others, .. } = message {
            others.push(AccountKey::new("https://help.fennimore.example", "agt_other"));
        }
    }
    vec![Action::Hub(messages)]
}

async fn window(actions: Vec<Action>) -> String {
    render_at(actions, Drafts::default(), true).await
}

pub(super) async fn screens() -> Vec<(&'static str, String)> {
    vec![
        ("window", window(reading("cnv_e")).await),
        ("compact-list", render(compact(vec![filled(list())])).await),
        ("compact-mine", render(compact(reading("cnv_e"))).await),
        ("shortcuts", map().await),
        ("two-relays", render(two_relays()).await),
    ]
}

#[tokio::test]
async fn a_window_of_its_own_has_no_place_in_gmail_to_go_to() {
    // G1
    let buttons =
        |html: &str| ["dock", "pop-out", "close-panel"].map(|id| html.contains(&format!("data-testid=\"{id}\"")));
    assert_eq!(buttons(&render(reading("cnv_e")).await), [true, true, true]);
    assert_eq!(buttons(&window(reading("cnv_e")).await), [false, false, true]);
    // Nobody is signed in: there is nothing to show in a window.
    assert_eq!(buttons(&render(Vec::new()).await), [true, false, true]);
}

#[tokio::test]
async fn rows_stand_where_the_density_puts_them() {
    // L4
    let places = |html: &str, px: i32| html.matches(&format!("inset-block-start:{px}px")).count();
    let html = render(vec![filled(list())]).await;
    assert_eq!((places(&html, 76), places(&html, 52)), (2, 0), "the second rows of two groups");
    let html = render(compact(vec![filled(list())])).await;
    assert_eq!((places(&html, 76), places(&html, 52)), (0, 2));
    assert!(html.contains("block-size:208px"), "four rows");
}

#[tokio::test]
async fn another_account_has_the_same_density() {
    let mut actions = compact(vec![filled(list())]);
    actions.push(Action::Hub(vec![told(None, None, 0)]));
    actions.push(filled(list()));
    assert!(render(actions).await.contains("inset-block-start:52px"));
}

#[tokio::test]
async fn an_account_of_the_same_address_at_another_relay_can_be_turned_to() {
    let html = render(two_relays()).await;
    assert!(
        html.contains(">help.fennimore.example<")
            && html.contains("title=\"Turn to your account at help.fennimore.example\"")
    );
    assert!(!render(vec![filled(list())]).await.contains("data-testid=\"other-account\""));
}

#[tokio::test]
async fn the_map_has_every_shortcut() {
    // G5
    let html = map().await;
    assert!(html.contains("role=\"dialog\"") && html.contains("aria-modal=\"true\""));
    for shortcut in Shortcut::all() {
        assert!(html.contains(&format!("<bdi>{}</bdi>", shortcut.words())), "{shortcut:?}");
        let key = shortcut.keys(Modifiers::AltShift).pop().unwrap_or_default();
        assert!(html.contains(&format!(">{key}</kbd>")), "{shortcut:?}");
    }
}

#[tokio::test]
async fn every_button_says_which_keys_press_it() {
    // G5
    let mut html = render(reading("cnv_e")).await;
    html.push_str(&render(reading("cnv_a")).await);
    let mut aside = reading("cnv_e");
    aside.push(Action::Aside(AsideAction::Show { has_room: false, shown: true }));
    html.push_str(&render(aside).await);
    for shortcut in Shortcut::all() {
        let is_button = !matches!(shortcut, Shortcut::Next | Shortcut::Previous | Shortcut::List);
        let named = format!("aria-keyshortcuts=\"{}\"", shortcut.aria(Modifiers::AltShift));
        assert_eq!(html.contains(&named), is_button, "{shortcut:?}");
    }
    for name in ["presence", "accept", "assign", "block", "close", "details", "note", "map"] {
        assert!(html.contains(&format!("data-shortcut=\"{name}\"")), "{name}");
    }
    assert!(html.contains("title=\"You are Online. Press to go Offline. (Alt+Shift+O)\""));
}
