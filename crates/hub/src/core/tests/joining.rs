//! Panels that come back after a hub's end, and panels whose page became another account's.

use protocol::error::ErrorCode;
use protocol::view::{Audience, Availability};
use protocol::worker::{Account, Answered, HubToPanel, OutboxItem, OutboxState, PanelToHub, Request};

use super::world::{World, account, accounts, conversation, fetches, id, kept, key, popups, told};

const ANN: &str = "ann@example.com";
const BOB: &str = "bob@example.com";

fn item(n: u32) -> OutboxItem {
    OutboxItem {
        id: id("msg", n),
        conversation_id: id("cnv", 7),
        text: format!("answer {n}"),
        attachments: Vec::new(),
        fence: 3,
        at: 0,
    }
}

fn accept() -> Request {
    Request::Accept { conversation_id: id("cnv", 7) }
}

#[test]
fn what_a_panel_says_before_its_account_is_known_waits_for_it() {
    // After a hub's end the panel comes first, then the page, then the accounts: in any order nothing is lost.
    let ann = account(1, ANN);
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let mut world = World::new();
        for step in order {
            match step {
                0 => {
                    world.panel(10, 1);
                    world.panel_says(10, PanelToHub::Send { account: key(&ann), item: item(1) });
                    world.panel_says(10, PanelToHub::Send { account: key(&ann), item: item(2) });
                    world.panel_says(10, PanelToHub::Call { account: key(&ann), call_id: 5, request: accept() });
                }
                1 => world.page(1, Some(ANN), true, true),
                _ => world.act(|core, now_ms| {
                    core.set_accounts(accounts(std::slice::from_ref(&ann)), |_| Vec::new(), now_ms);
                }),
            }
        }
        let effects = world.take_effects();
        let ids: Vec<_> = kept(&effects).unwrap().into_iter().map(|kept| kept.item.id).collect();
        assert_eq!(ids, [id("msg", 1), id("msg", 2)], "{order:?}");
        let asked = fetches(&effects);
        assert_eq!(asked.len(), 2, "{order:?}: the first answer and the call");
        assert!(asked.iter().any(|(_, call)| call.path.ends_with("/accept")), "{order:?}");
        let messages = told(&effects, 10);
        assert!(matches!(messages[0], HubToPanel::Account { .. }), "{order:?}: whose panel it is comes first");
        let is_failed = |it: &HubToPanel| matches!(it, HubToPanel::Outbox { state: OutboxState::Failed { .. }, .. });
        assert!(!messages.iter().any(is_failed), "{order:?}");
    }
}

#[test]
fn what_waited_is_refused_if_the_account_is_gone() {
    let ann = account(1, ANN);
    let mut world = World::new();
    world.panel(10, 1);
    world.panel_says(10, PanelToHub::Send { account: key(&ann), item: item(1) });
    world.page(1, Some(ANN), true, true);
    assert_eq!(told(&world.take_effects(), 10), []);
    world.act(|core, now_ms| core.set_accounts(accounts(&[]), |_| Vec::new(), now_ms));
    match &told(&world.take_effects(), 10)[..] {
        [HubToPanel::Account { account: None, .. }, HubToPanel::Outbox { item: returned, state }] => {
            assert_eq!(*returned, item(1), "the panel has its text back");
            assert!(matches!(state, OutboxState::Failed { error } if error.code == ErrorCode::Unauthorized));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_panel_speaks_for_its_pages_account_only() {
    let (ann, bob) = (account(1, ANN), account(2, BOB));
    let mut world = World::live(&[ann.clone(), bob.clone()]);
    world.page(1, Some(ANN), true, true);
    world.panel(10, 1);
    world.page(2, Some(BOB), true, true);
    world.panel(20, 2);
    // Bob's has failed.
    world.panel_says(20, PanelToHub::Send { account: key(&bob), item: item(2) });
    let asked = fetches(&world.take_effects());
    world.fetched(asked[0].0, 409, r#"{"error":{"code":"stale_fence","message":"old"}}"#);
    world.take_effects();

    world.panel_says(10, PanelToHub::Send { account: key(&bob), item: item(1) });
    world.panel_says(10, PanelToHub::Call { account: key(&bob), call_id: 5, request: accept() });
    world.panel_says(10, PanelToHub::Retry { account: key(&bob), message_id: id("msg", 2) });
    world.panel_says(10, PanelToHub::Discard { account: key(&bob), message_id: id("msg", 2) });
    let effects = world.take_effects();
    assert_eq!((fetches(&effects), kept(&effects)), (Vec::new(), None), "nothing is sent, kept, or taken out");
    assert!(matches!(
        &told(&effects, 10)[..],
        [
            HubToPanel::Outbox { state: OutboxState::Failed { .. }, .. },
            HubToPanel::Reply { call_id: 5, answered: Answered::Refused { .. } },
        ]
    ));
}

#[test]
fn an_answer_of_the_relay_does_not_reach_a_panel_that_is_anothers_by_now() {
    let (ann, bob) = (account(1, ANN), account(2, BOB));
    let mut world = World::live(&[ann.clone(), bob]);
    world.page(1, Some(ANN), true, true);
    world.panel(10, 1);
    world.take_effects();
    let history = Request::History { conversation_id: id("cnv", 7), before: None };
    world.panel_says(10, PanelToHub::Call { account: key(&ann), call_id: 5, request: history });
    let asked = fetches(&world.take_effects());
    // The page shows another address now, and its new port is heard before the old one's end.
    world.page_again(3, 1, BOB);
    world.act(|core, now_ms| core.page_closed(1, now_ms));
    let messages = told(&world.take_effects(), 10);
    assert!(matches!(&messages[0], HubToPanel::Account { account: Some(it), .. } if *it != key(&ann)));
    world.fetched(asked[0].0, 200, r#"{"messages":[],"conversations":[],"has_more":false}"#);
    assert_eq!(
        told(&world.take_effects(), 10),
        [HubToPanel::Reply { call_id: 5, answered: Answered::Unreachable }],
        "Ann's messages are not Bob's"
    );
    world.catch_up(&ann, Availability::Online);
    assert_eq!(told(&world.take_effects(), 10), []);
}

#[test]
fn an_address_with_accounts_at_two_relays_counts_for_both_and_shows_the_chosen_one() {
    // P4
    let here = account(1, "ann@example.com");
    let there = Account { relay: String::from("https://other.example"), ..account(2, "ann@example.com") };
    let mut world = World::live(&[here.clone(), there.clone()]);
    world.page(1, Some("ann@example.com"), true, true);
    world.panel(9, 1);
    assert!(world.core.is_here(&key(&here)) && world.core.is_here(&key(&there)));
    let shown = |world: &mut World, panel| {
        let told = told(&world.take_effects(), panel);
        told.into_iter().rev().find_map(|message| match message {
            HubToPanel::Account { account, others, .. } => Some((account, others)),
            _ => None,
        })
    };
    // The first by the names of their relays.
    assert_eq!(shown(&mut world, 9), Some((Some(key(&there)), vec![key(&here)])));
    world.panel_says(9, PanelToHub::Choose { account: key(&here) });
    assert_eq!(shown(&mut world, 9), Some((Some(key(&here)), vec![key(&there)])));
    world.page(2, Some("ann@example.com"), true, true);
    world.panel(8, 2);
    assert_eq!(shown(&mut world, 8), Some((Some(key(&here)), vec![key(&there)])), "chosen last");
    world.page(3, Some("ann@example.com"), true, false);
    world.take_effects();
    world.event(&there, Audience::Subscribed, &conversation(7));
    assert_eq!(popups(&world.take_effects()), [(3, id("cnv", 7))], "of the account that is not shown too");
}
