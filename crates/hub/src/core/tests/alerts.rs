//! N3 to N8: pop-ups, sound, counters.

use protocol::view::{Audience, Availability};
use protocol::worker::HubToPage;

use super::world::{World, account, badges, conversation, dismissals, id, key, n_sounds, popups, waiting};
use crate::core::Effect;

const ANN: &str = "ann@example.com";

#[test]
fn a_pop_up_goes_to_the_pages_where_the_panel_is_closed_and_the_sound_comes_once() {
    // N4, N5, N6
    let ann = account(1, ANN);
    let mut world = World::live(std::slice::from_ref(&ann));
    world.page(1, Some("Ann@Example.com"), true, false);
    world.page(2, Some(ANN), true, true);
    world.page(3, Some(ANN), false, false);
    world.page(4, Some("somebody@example.com"), true, false);
    world.page(5, Some(ANN), true, false);
    world.take_effects();
    world.event(&ann, Audience::Subscribed, &conversation(7));
    let effects = world.take_effects();
    assert_eq!(popups(&effects), [(1, id("cnv", 7)), (5, id("cnv", 7))]);
    assert_eq!(n_sounds(&effects), 1);
    assert!(effects.contains(&Effect::ToPage {
        port: 1,
        message: HubToPage::Popup {
            account: key(&ann),
            conversation_id: id("cnv", 7),
            who: String::from("Visitor 7"),
            channel: String::from("Shop"),
            text: String::from("<b>hello</b>"),
        },
    }));
    let online = Some(Availability::Online);
    assert_eq!(waiting(&effects), [1, 2, 3, 5].map(|port| (port, 1, online)), "counters everywhere (N8)");
    assert_eq!(badges(&effects), ["1"]);
}

#[test]
fn one_event_seen_by_two_accounts_makes_one_sound() {
    // N6
    let (ann, bob) = (account(1, ANN), account(2, "bob@example.com"));
    let mut world = World::live(&[ann.clone(), bob.clone()]);
    world.page(1, Some(ANN), true, false);
    world.page(2, Some("bob@example.com"), true, false);
    world.take_effects();
    world.event(&ann, Audience::Subscribed, &conversation(7));
    world.event(&bob, Audience::Subscribed, &conversation(7));
    let effects = world.take_effects();
    assert_eq!((n_sounds(&effects), popups(&effects).len()), (1, 2));
    assert_eq!(badges(&effects), ["1", "2"]);
}

#[test]
fn nobody_is_alerted_while_offline_or_of_others_conversations() {
    // N3
    let ann = account(1, ANN);
    let mut world = World::new();
    world.act(|core, now_ms| {
        core.set_accounts(super::world::accounts(std::slice::from_ref(&ann)), |_| Vec::new(), now_ms);
    });
    world.catch_up(&ann, Availability::Offline);
    world.page(1, Some(ANN), true, false);
    world.take_effects();
    world.event(&ann, Audience::Subscribed, &conversation(7));
    let mut others = conversation(8);
    others.assignee_id = Some(id("agt", 2));
    world.event(&ann, Audience::Assignee { agent_id: id("agt", 2) }, &others);
    let effects = world.take_effects();
    assert_eq!((n_sounds(&effects), popups(&effects).len()), (0, 0));
    assert_eq!(waiting(&effects), [(1, 1, Some(Availability::Offline))], "the counters rise all the same");
}

#[test]
fn waking_up_to_forty_missed_messages_plays_one_sound() {
    // N6
    let ann = account(1, ANN);
    let mut world = World::live(std::slice::from_ref(&ann));
    world.page(1, Some(ANN), true, false);
    world.act(|core, now_ms| core.socket_closed(&key(&ann), now_ms));
    world.pass(10_000);
    world.take_effects();
    world.welcome(&ann);
    for n in 1..=40 {
        let mut missed = conversation(n % 3);
        missed.rev = n;
        missed.n_alerts = n;
        world.event(&ann, Audience::Subscribed, &missed);
    }
    assert_eq!(n_sounds(&world.effects), 0, "not before everything is here");
    let mut taken = conversation(0);
    (taken.rev, taken.n_alerts, taken.fence, taken.assignee_id) = (99, 40, 1, Some(id("agt", 2)));
    world.event(&ann, Audience::Nobody, &taken);
    world.up_to_date(&ann);
    let effects = world.take_effects();
    assert_eq!(n_sounds(&effects), 1);
    assert_eq!(popups(&effects), [(1, id("cnv", 1)), (1, id("cnv", 2))], "the taken one alerts nobody any more");
}

#[test]
fn reading_taking_and_closing_take_the_pop_up_away() {
    // N4
    let ann = account(1, ANN);
    for change in 0..3 {
        let mut world = World::live(std::slice::from_ref(&ann));
        world.page(1, Some(ANN), true, false);
        world.event(&ann, Audience::Subscribed, &conversation(7));
        world.take_effects();
        let mut next = conversation(7);
        next.rev = 2;
        match change {
            0 => (next.fence, next.assignee_id) = (1, Some(id("agt", 2))),
            1 => (next.fence, next.assignee_id) = (1, Some(id("agt", 1))),
            _ => next.closed_at = Some(5),
        }
        world.event(&ann, Audience::Nobody, &next);
        assert_eq!(dismissals(&world.take_effects()), [(1, id("cnv", 7))], "change {change}");
    }
}

#[test]
fn what_is_given_to_me_or_comes_back_pops_up_again() {
    // N3: assigned to me by another agent; cleared or returned to "New".
    let ann = account(1, ANN);
    let mut world = World::live(std::slice::from_ref(&ann));
    world.page(1, Some(ANN), true, false);
    world.event(&ann, Audience::Subscribed, &conversation(7));
    world.take_effects();
    world.read(&ann, &id("cnv", 7), 1);
    assert_eq!(dismissals(&world.take_effects()).len(), 1, "read while it was in New");
    let mut given = conversation(7);
    // It raises no counter; the relay lowers her mark, and says so after the event.
    (given.rev, given.fence, given.assignee_id) = (2, 1, Some(id("agt", 1)));
    world.event(&ann, Audience::Only { agent_id: id("agt", 1) }, &given);
    world.read(&ann, &id("cnv", 7), 0);
    let effects = world.take_effects();
    assert_eq!((popups(&effects).len(), dismissals(&effects).len(), n_sounds(&effects)), (1, 0, 1));
    assert_eq!(badges(&effects), ["1"]);
    let mut cleared = given.clone();
    (cleared.rev, cleared.fence, cleared.n_alerts, cleared.assignee_id) = (3, 2, 2, None);
    world.event(&ann, Audience::Subscribed, &cleared);
    assert_eq!(popups(&world.take_effects()).len(), 1);
}

#[test]
fn what_i_was_given_while_away_and_read_elsewhere_alerts_no_more() {
    // N3, N6: what is caught up with counts as the record has it in the end.
    let ann = account(1, ANN);
    for is_read in [false, true] {
        let mut world = World::live(std::slice::from_ref(&ann));
        world.page(1, Some(ANN), true, false);
        world.event(&ann, Audience::Subscribed, &conversation(7));
        world.read(&ann, &id("cnv", 7), 1);
        world.act(|core, now_ms| core.socket_closed(&key(&ann), now_ms));
        world.pass(10_000);
        world.take_effects();
        world.welcome(&ann);
        world.read(&ann, &id("cnv", 7), 0);
        if is_read {
            world.read(&ann, &id("cnv", 7), 1);
        }
        let mut given = conversation(7);
        (given.rev, given.fence, given.assignee_id) = (2, 1, Some(id("agt", 1)));
        world.event(&ann, Audience::Only { agent_id: id("agt", 1) }, &given);
        world.up_to_date(&ann);
        let effects = world.take_effects();
        let n = usize::from(!is_read);
        assert_eq!((popups(&effects).len(), n_sounds(&effects)), (n, n), "read elsewhere: {is_read}");
    }
}

#[test]
fn an_account_without_a_gmail_page_makes_no_sound() {
    // N6: nobody could see what it was for; the counters rise all the same.
    let (ann, bob) = (account(1, ANN), account(2, "bob@example.com"));
    let mut world = World::live(&[ann.clone(), bob.clone()]);
    world.page(2, Some("bob@example.com"), true, false);
    world.take_effects();
    world.event(&ann, Audience::Subscribed, &conversation(7));
    let effects = world.take_effects();
    assert_eq!((n_sounds(&effects), badges(&effects)), (0, vec![String::from("1")]));
    world.event(&bob, Audience::Subscribed, &conversation(7));
    assert_eq!(n_sounds(&world.take_effects()), 1, "for Bob, who has a page, it was not heard yet");
}

#[test]
fn a_page_that_is_not_the_accounts_any_more_loses_its_pop_ups() {
    // P4
    let (ann, bob) = (account(1, ANN), account(2, "bob@example.com"));
    let mut world = World::live(std::slice::from_ref(&ann));
    world.page(1, None, true, false);
    world.page(2, Some(ANN), true, false);
    world.event(&ann, Audience::Subscribed, &conversation(7));
    assert_eq!(popups(&world.take_effects()).len(), 2);
    let both = super::world::accounts(&[ann.clone(), bob]);
    world.act(|core, now_ms| core.set_accounts(both, |_| Vec::new(), now_ms));
    assert_eq!(dismissals(&world.take_effects()), [(1, id("cnv", 7))], "whose page it is nobody knows now");
    world.act(|core, now_ms| {
        core.set_accounts(super::world::accounts(&[ann]), |_| Vec::new(), now_ms);
    });
    assert_eq!(popups(&world.take_effects()), [(1, id("cnv", 7))], "hers again");
}

#[test]
fn a_tab_that_becomes_visible_shows_what_came_just_now_and_nothing_twice() {
    // N5, N7
    let ann = account(1, ANN);
    let mut world = World::live(std::slice::from_ref(&ann));
    world.page(1, Some(ANN), false, false);
    world.page(2, Some(ANN), true, true);
    world.event(&ann, Audience::Subscribed, &conversation(7));
    assert_eq!(popups(&world.take_effects()), []);
    world.page_is(2, true, false);
    assert_eq!(popups(&world.take_effects()), [], "its open panel showed it");
    world.page_is(1, true, false);
    assert_eq!(popups(&world.take_effects()), [(1, id("cnv", 7))]);
    world.page_is(1, false, false);
    world.page_is(1, true, false);
    assert_eq!(popups(&world.take_effects()), []);
    world.now_ms += 60_000;
    world.page(3, Some(ANN), true, false);
    assert_eq!(popups(&world.take_effects()), [], "an old one is not brought up again");
}

#[test]
fn a_page_without_an_address_belongs_to_the_only_account() {
    // P4
    let (ann, bob) = (account(1, ANN), account(2, "bob@example.com"));
    let mut world = World::live(std::slice::from_ref(&ann));
    world.take_effects();
    world.page(1, None, true, false);
    assert_eq!(waiting(&world.take_effects()), [(1, 0, Some(Availability::Online))]);
    world.act(|core, now_ms| {
        core.set_accounts(super::world::accounts(&[ann, bob]), |_| Vec::new(), now_ms);
    });
    assert_eq!(waiting(&world.take_effects()), [(1, 0, None)]);
}
