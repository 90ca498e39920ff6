//! N5 to N7: desktop notifications, what a click on one leads to, alerts that come again, and settings that silence them.

use protocol::frame::RelayFrame;
use protocol::view::{AgentSettings, Audience, ConversationView};
use protocol::worker::{Account, HubToPage, PageToHub, PanelToHub, ToWorker};

use super::world::{World, account, conversation, dismissals, id, key, n_sounds, popups, to_worker};
use crate::core::Effect;

const ANN: &str = "ann@example.com";
const AS_AT_FIRST: AgentSettings = AgentSettings {
    offline_after_minutes: 15,
    detach_after_minutes: 15,
    sound_notifications: true,
    popup_notifications: true,
    repeat_until_seen: false,
};

/// The id of a conversation's notification.
fn named(ann: &Account, n: u32) -> String {
    format!("{} {}", id("cnv", n), key(ann).0)
}

fn shown(effects: &[Effect]) -> Vec<String> {
    let id = |message| match message {
        ToWorker::Notify { id, .. } => Some(id),
        _ => None,
    };
    to_worker(effects).into_iter().filter_map(id).collect()
}

fn cleared(effects: &[Effect]) -> Vec<String> {
    let id = |message| match message {
        ToWorker::ClearNotification { id } => Some(id),
        _ => None,
    };
    to_worker(effects).into_iter().filter_map(id).collect()
}

fn again(n: u32, rev: u32) -> ConversationView {
    ConversationView { rev, n_alerts: rev, ..conversation(n) }
}

/// Ann, with a hidden Gmail page at port 1.
fn hidden() -> (Account, World) {
    let ann = account(1, ANN);
    let mut world = World::live(std::slice::from_ref(&ann));
    world.page(1, Some(ANN), false, false);
    world.take_effects();
    (ann, world)
}

#[test]
fn with_no_page_in_sight_a_notification_stands_until_one_is_seen() {
    // N5, N7
    let (ann, mut world) = hidden();
    world.page(2, Some("somebody@example.com"), true, false);
    world.event(&ann, Audience::Subscribed, &conversation(7));
    let effects = world.take_effects();
    assert_eq!((shown(&effects), popups(&effects).len(), n_sounds(&effects)), (vec![named(&ann, 7)], 0, 1));
    assert!(to_worker(&effects).contains(&ToWorker::Notify {
        id: named(&ann, 7),
        title: String::from("Visitor 7"),
        text: String::from("<b>hello</b>"),
        context: String::from("Shop"),
    }));
    world.event(&ann, Audience::Subscribed, &again(7, 2));
    assert_eq!(shown(&world.take_effects()), [named(&ann, 7)], "it replaces the first");
    world.page_is(1, true, false);
    let effects = world.take_effects();
    assert_eq!((cleared(&effects), popups(&effects)), (vec![named(&ann, 7)], vec![(1, id("cnv", 7))]));
    world.event(&ann, Audience::Subscribed, &again(7, 3));
    assert_eq!(shown(&world.take_effects()), [""; 0], "a page is in sight");
}

#[test]
fn a_notification_goes_when_its_conversation_is_read_or_taken_elsewhere() {
    // N5
    let (ann, mut world) = hidden();
    world.event(&ann, Audience::Subscribed, &conversation(7));
    world.event(&ann, Audience::Subscribed, &conversation(8));
    world.take_effects();
    world.read(&ann, &id("cnv", 7), 1);
    assert_eq!(cleared(&world.take_effects()), [named(&ann, 7)]);
    let mut taken = again(8, 2);
    (taken.fence, taken.assignee_id) = (1, Some(id("agt", 2)));
    world.event(&ann, Audience::Nobody, &taken);
    assert_eq!(cleared(&world.take_effects()), [named(&ann, 8)]);
}

#[test]
fn many_missed_conversations_are_one_notification_and_an_event_of_two_accounts_is_one() {
    // N6
    let (ann, mut world) = hidden();
    world.act(|core, now_ms| core.socket_closed(&key(&ann), now_ms));
    world.pass(10_000);
    world.welcome(&ann);
    for n in 1..=40 {
        world.event(&ann, Audience::Subscribed, &conversation(n));
    }
    world.up_to_date(&ann);
    let effects = world.take_effects();
    assert_eq!((shown(&effects), n_sounds(&effects)), (vec![format!(" {}", key(&ann).0)], 1));
    world.page_is(1, true, false);
    assert_eq!(cleared(&world.take_effects()), [format!(" {}", key(&ann).0)]);

    let bob = account(2, "bob@example.com");
    let mut world = World::live(&[ann.clone(), bob.clone()]);
    world.page(1, Some(ANN), false, false);
    world.page(2, Some("bob@example.com"), false, false);
    world.take_effects();
    world.event(&ann, Audience::Subscribed, &conversation(7));
    world.event(&bob, Audience::Subscribed, &conversation(7));
    assert_eq!(shown(&world.take_effects()), [named(&ann, 7)]);
}

#[test]
fn two_accounts_that_wake_up_together_make_one_sound() {
    // N6
    let (ann, bob) = (account(1, ANN), account(2, "bob@example.com"));
    let mut world = World::live(&[ann.clone(), bob.clone()]);
    world.page(1, Some(ANN), true, false);
    world.page(2, Some("bob@example.com"), true, false);
    for who in [&ann, &bob] {
        world.act(|core, now_ms| core.socket_closed(&key(who), now_ms));
    }
    world.pass(10_000);
    world.take_effects();
    for (who, n) in [(&ann, 7), (&bob, 8)] {
        world.welcome(who);
        world.event(who, Audience::Subscribed, &conversation(n));
    }
    for who in [&ann, &bob] {
        world.up_to_date(who);
    }
    assert_eq!(n_sounds(&world.take_effects()), 1);
}

#[test]
fn a_click_leads_to_the_page_that_was_looked_at_last() {
    // N4, N5
    let (ann, mut world) = hidden();
    world.page(2, Some(ANN), false, false);
    world.page(3, Some("bob@example.com"), true, false);
    for port in [1, 2, 1] {
        world.now_ms += 1_000;
        world.page_is(port, true, false);
        world.now_ms += 1_000;
        world.page_is(port, false, false);
    }
    world.event(&ann, Audience::Subscribed, &conversation(7));
    world.take_effects();
    world.act(|core, now_ms| core.notification_clicked(&named(&ann, 7), now_ms));
    let effects = world.take_effects();
    assert!(to_worker(&effects).contains(&ToWorker::ShowTab { tab_id: 1 }));
    let open = HubToPage::Open { account: key(&ann), conversation_id: Some(id("cnv", 7)) };
    assert!(effects.contains(&Effect::ToPage { port: 1, message: open }));
}

#[test]
fn without_a_page_the_click_waits_for_one_and_then_opens_gmail() {
    // N5: a notification outlives a hub, and the tab that it was for.
    let ann = account(1, ANN);
    let mut world = World::live(std::slice::from_ref(&ann));
    world.act(|core, now_ms| core.notification_clicked(&named(&ann, 7), now_ms));
    world.pass(1_000);
    let gmail = ToWorker::OpenGmail { address: ANN.to_owned() };
    assert!(!to_worker(&world.take_effects()).contains(&gmail), "pages may be on their way back to a new hub");
    world.pass(1_000);
    assert_eq!(to_worker(&world.take_effects()).iter().filter(|message| **message == gmail).count(), 1);
    world.page(5, Some(ANN), true, false);
    let open = HubToPage::Open { account: key(&ann), conversation_id: Some(id("cnv", 7)) };
    assert!(world.take_effects().contains(&Effect::ToPage { port: 5, message: open.clone() }));
    world.page(6, Some(ANN), true, false);
    assert!(!world.take_effects().contains(&Effect::ToPage { port: 6, message: open }), "shown once");
}

#[test]
fn what_is_put_away_in_one_place_is_put_away_everywhere() {
    // N4
    let (ann, mut world) = hidden();
    world.event(&ann, Audience::Subscribed, &conversation(7));
    world.page_is(1, true, false);
    world.page(2, Some(ANN), true, false);
    world.take_effects();
    let dismissed = PageToHub::Dismissed { conversation_id: id("cnv", 7) };
    world.act(|core, now_ms| core.page_says(1, dismissed, now_ms));
    assert_eq!(dismissals(&world.take_effects()), [(1, id("cnv", 7)), (2, id("cnv", 7))]);
    world.page_is(1, false, false);
    world.page_is(2, false, false);
    world.event(&ann, Audience::Subscribed, &again(8, 1));
    world.take_effects();
    world.act(|core, _| core.notification_closed(&named(&ann, 8)));
    world.page_is(1, true, false);
    assert_eq!(popups(&world.take_effects()), [], "closed on the desktop, it does not pop up in Gmail");
}

#[test]
fn switched_off_there_is_no_sound_and_no_pop_up_and_the_counters_go_on() {
    // N6
    let (ann, mut world) = hidden();
    world.chooses(&ann, AgentSettings { sound_notifications: false, ..AS_AT_FIRST });
    world.event(&ann, Audience::Subscribed, &conversation(7));
    let effects = world.take_effects();
    assert_eq!((n_sounds(&effects), shown(&effects).len()), (0, 1));
    world.chooses(&ann, AgentSettings { popup_notifications: false, ..AS_AT_FIRST });
    world.event(&ann, Audience::Subscribed, &conversation(8));
    world.page_is(1, true, false);
    world.event(&ann, Audience::Subscribed, &conversation(9));
    let effects = world.take_effects();
    assert_eq!((n_sounds(&effects), shown(&effects).len(), popups(&effects).len()), (2, 0, 0));
    assert_eq!(super::world::badges(&effects), ["2", "3"]);
}

#[test]
fn whoever_wants_it_is_alerted_every_minute_until_he_has_seen_it() {
    // N6, N7
    let (ann, mut world) = hidden();
    let live = |world: &mut World, seconds: i64| {
        for _ in 0..seconds {
            world.pass(1_000);
            world.frame(&ann, &RelayFrame::Ping { time_ms: world.now_ms });
        }
        let effects = world.take_effects();
        (n_sounds(&effects), shown(&effects).len())
    };
    let minute = |world: &mut World| live(world, 60);
    world.event(&ann, Audience::Subscribed, &conversation(6));
    world.take_effects();
    assert_eq!(minute(&mut world), (0, 0), "not unless he wants it");
    world.chooses(&ann, AgentSettings { repeat_until_seen: true, ..AS_AT_FIRST });
    world.read(&ann, &id("cnv", 6), 1);
    world.event(&ann, Audience::Subscribed, &conversation(7));
    world.take_effects();
    assert_eq!(live(&mut world, 59), (0, 0));
    assert!(world.core.deadline().is_some_and(|at| at <= world.now_ms + 1_000));
    assert_eq!(live(&mut world, 1), (1, 1));
    assert_eq!(minute(&mut world), (1, 1));
    world.read(&ann, &id("cnv", 7), 1);
    assert_eq!(minute(&mut world), (0, 0));
}

#[test]
fn a_panel_in_a_window_of_its_own_is_of_the_account_that_it_names_and_counts_as_seen_while_it_is_in_sight() {
    // G1, N5, P4
    let ann = account(1, ANN);
    let mut world = World::live(std::slice::from_ref(&ann));
    world.act(|core, now_ms| core.panel_opened(9, now_ms));
    world.panel_says(9, PanelToHub::Hello { page_id: String::new(), account: Some(key(&ann)) });
    let told = super::world::told(&world.take_effects(), 9);
    assert!(format!("{:?}", told.first()).contains(&key(&ann).0), "{told:?}");
    world.panel_says(9, PanelToHub::Shown { shown: true });
    world.event(&ann, Audience::Subscribed, &conversation(7));
    let effects = world.take_effects();
    assert_eq!((n_sounds(&effects), shown(&effects).len()), (1, 0));
    world.panel_says(9, PanelToHub::Shown { shown: false });
    world.event(&ann, Audience::Subscribed, &conversation(8));
    assert_eq!(shown(&world.take_effects()), [named(&ann, 8)]);
    assert!(!world.core.is_here(&key(&ann)), "only Gmail pages count for presence");
}

#[test]
fn a_panel_whose_process_died_is_told_to_its_page() {
    // G3
    let (_, mut world) = hidden();
    world.panel(9, 1);
    world.take_effects();
    world.act(|core, now_ms| core.panel_closed(9, now_ms));
    assert!(world.take_effects().contains(&Effect::ToPage { port: 1, message: HubToPage::PanelGone }));
}

#[test]
fn a_newer_set_of_places_goes_to_every_page_once_and_to_those_that_come() {
    // G2
    let ann = account(1, ANN);
    let mut world = World::live(std::slice::from_ref(&ann));
    let asked = super::world::fetches(&world.take_effects());
    assert_eq!(asked.iter().map(|(_, call)| call.path.as_str()).collect::<Vec<_>>(), ["/v1/gmail-places"]);
    world.page(1, None, true, false);
    world.take_effects();
    let set = |version| format!(r#"{{"version":{version},"places":{{"rail":[".new"]}}}}"#);
    world.fetched(asked[0].0, 200, &set(7));
    let n_told = |world: &mut World| {
        let effects = world.take_effects();
        effects.iter().filter(|it| matches!(it, Effect::ToPage { message: HubToPage::Places { .. }, .. })).count()
    };
    assert_eq!(n_told(&mut world), 1);
    world.page(2, Some(ANN), true, false);
    assert_eq!(n_told(&mut world), 1);
    // A relay that was started again may have a newer one.
    world.act(|core, now_ms| core.socket_closed(&key(&ann), now_ms));
    world.pass(10_000);
    world.welcome(&ann);
    world.take_effects();
    world.up_to_date(&ann);
    let asked = super::world::fetches(&world.take_effects());
    world.fetched(asked[0].0, 200, &set(7));
    assert_eq!(n_told(&mut world), 0, "as new as the one that is known");
}
