//! Panels: joined to the page's account, filled, answered. Accounts: added, renewed, refused.

use protocol::error::ErrorCode;
use protocol::view::{Audience, Availability};
use protocol::worker::{AccountKey, Answered, ConnectionState, HubToPanel, PanelToHub, Request, ToWorker};

use super::world::{World, account, accounts, badges, conversation, fetches, id, key, told};
use crate::core::{Core, Effect};

const ANN: &str = "ann@example.com";

fn account_of(message: &HubToPanel) -> Option<&AccountKey> {
    match message {
        HubToPanel::Account { account, .. } => account.as_ref(),
        _ => panic!("the account comes first: {message:?}"),
    }
}

#[test]
fn a_panel_is_filled_with_its_pages_account_whatever_comes_first() {
    let (ann, bob) = (account(1, ANN), account(2, "bob@example.com"));
    let mut world = World::live(&[ann.clone(), bob.clone()]);
    world.event(&bob, Audience::Nobody, &conversation(7));
    world.take_effects();
    world.panel(10, 1);
    assert_eq!(told(&world.take_effects(), 10), [], "its page is not known yet");
    world.page(1, Some("bob@example.com"), true, true);
    let messages = told(&world.take_effects(), 10);
    assert_eq!(account_of(&messages[0]), Some(&key(&bob)));
    assert_eq!(messages[1], HubToPanel::Connection { state: ConnectionState::Live, offset_ms: 0 });
    let text = serde_json::to_string(&messages[2..]).unwrap();
    assert!(text.contains(&id("cnv", 7)) && text.contains(&id("agt", 2)));
    world.event(&ann, Audience::Nobody, &conversation(8));
    assert_eq!(told(&world.take_effects(), 10), [], "nothing of another account");
    world.event(&bob, Audience::Nobody, &conversation(8));
    assert_eq!(told(&world.take_effects(), 10).len(), 1);
}

#[test]
fn a_panel_hears_of_accounts_only_when_they_are_known_and_when_they_change() {
    let ann = account(1, ANN);
    let mut world = World::new();
    world.page(1, Some(ANN), true, true);
    world.panel(10, 1);
    assert_eq!(told(&world.take_effects(), 10), []);
    world.act(|core, now_ms| core.set_accounts(accounts(&[]), |_| Vec::new(), now_ms));
    let address = Some(ANN.to_owned());
    assert_eq!(
        told(&world.take_effects(), 10),
        [HubToPanel::Account { account: None, address: address.clone(), n_accounts: 0, others: Vec::new() }]
    );
    world.act(|core, now_ms| {
        core.set_accounts(accounts(std::slice::from_ref(&ann)), |_| Vec::new(), now_ms);
    });
    let messages = told(&world.take_effects(), 10);
    assert_eq!(
        messages[0],
        HubToPanel::Account { account: Some(key(&ann)), address, n_accounts: 1, others: Vec::new() }
    );
    assert_eq!(messages[1], HubToPanel::Connection { state: ConnectionState::Connecting, offset_ms: 0 });
    world.catch_up(&ann, Availability::Online);
    let messages = told(&world.take_effects(), 10);
    assert!(messages.contains(&HubToPanel::Connection { state: ConnectionState::Live, offset_ms: 0 }));
}

#[test]
fn calls_are_asked_of_the_relay_and_answered_by_number() {
    let ann = account(1, ANN);
    let mut world = World::live(std::slice::from_ref(&ann));
    world.page(1, Some(ANN), true, true);
    world.panel(10, 1);
    world.event(&ann, Audience::Subscribed, &conversation(7));
    world.take_effects();
    world.panel_says(
        10,
        PanelToHub::Call { account: key(&ann), call_id: 5, request: Request::Accept { conversation_id: id("cnv", 7) } },
    );
    world.panel_says(
        10,
        PanelToHub::Call {
            account: key(&ann),
            call_id: 6,
            request: Request::MarkRead { conversation_id: id("cnv", 7), n_alerts: 1, n: 1 },
        },
    );
    let effects = world.take_effects();
    let asked = fetches(&effects);
    assert_eq!(asked[0].1.path, format!("/v1/conversations/{}/accept", id("cnv", 7)));
    assert!(
        matches!(&effects[0], Effect::Fetch { relay, token, .. } if relay == super::world::RELAY && token == "token 1")
    );
    world.fetched(asked[1].0, 204, "");
    let effects = world.take_effects();
    assert_eq!(told(&effects, 10), [HubToPanel::Reply { call_id: 6, answered: Answered::Done }]);
    world.read(&ann, &id("cnv", 7), 1);
    assert_eq!(badges(&world.take_effects()), [""], "read: nothing waits any more (N8)");
    let body = r#"{"error":{"code":"conversation_taken","message":"taken","details":{"holder":{"agent_id":"agt_2","name":"Bob"}}}}"#;
    world.fetched(asked[0].0, 409, body);
    match told(&world.take_effects(), 10).as_slice() {
        [HubToPanel::Reply { call_id: 5, answered: Answered::Refused { error } }] => {
            assert_eq!(error.code, ErrorCode::ConversationTaken);
            assert_eq!(error.details.holder.as_ref().unwrap().name, "Bob", "A3");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_refused_token_signs_the_account_out_and_its_desk_is_forgotten() {
    let ann = account(1, ANN);
    let mut world = World::live(std::slice::from_ref(&ann));
    world.page(1, Some(ANN), true, true);
    world.panel(10, 1);
    world.event(&ann, Audience::Subscribed, &conversation(7));
    world.take_effects();
    let frame = r#"{"t":"error","error":{"code":"unauthorized","message":"revoked"}}"#;
    world.act(|core, now_ms| core.frame(&key(&ann), frame, now_ms));
    let effects = world.take_effects();
    assert!(effects.contains(&Effect::Disconnect { account: key(&ann) }));
    let messages = told(&effects, 10);
    assert!(messages.contains(&HubToPanel::Connection { state: ConnectionState::SignedOut, offset_ms: 0 }));
    assert!(!serde_json::to_string(&messages).unwrap().contains(&id("cnv", 7)), "what it could see is forgotten");
    assert_eq!(badges(&effects), [""]);
}

#[test]
fn nothing_is_tried_with_a_refused_token_and_a_new_one_begins_anew() {
    let ann = account(1, ANN);
    let mut world = World::live(std::slice::from_ref(&ann));
    world.page(1, Some(ANN), true, true);
    world.panel(10, 1);
    let frame = r#"{"t":"error","error":{"code":"unauthorized","message":"revoked"}}"#;
    world.act(|core, now_ms| core.frame(&key(&ann), frame, now_ms));
    world.take_effects();
    world.panel_says(
        10,
        PanelToHub::Call { account: key(&ann), call_id: 1, request: Request::Accept { conversation_id: id("cnv", 7) } },
    );
    let effects = world.take_effects();
    assert!(fetches(&effects).is_empty());
    assert!(matches!(told(&effects, 10)[..], [HubToPanel::Reply { answered: Answered::Refused { .. }, .. }]));
    world.pass(3_600_000);
    assert!(!world.take_effects().iter().any(|effect| matches!(effect, Effect::Connect { .. })), "nothing is tried");
    let mut renewed = ann.clone();
    renewed.token = String::from("another token");
    world.act(|core, now_ms| core.set_accounts(accounts(&[renewed]), |_| Vec::new(), now_ms));
    assert!(world.take_effects().iter().any(|effect| matches!(effect, Effect::Connect { .. })));
    world.catch_up(&ann, Availability::Online);
    assert!(
        told(&world.take_effects(), 10)
            .contains(&HubToPanel::Connection { state: ConnectionState::Live, offset_ms: 0 })
    );
}

#[test]
fn an_account_at_an_open_address_is_never_connected() {
    let mut ann = account(1, ANN);
    ann.relay = String::from("http://relay.example");
    let mut world = World::new();
    world.act(|core, now_ms| core.set_accounts(accounts(&[ann]), |_| Vec::new(), now_ms));
    world.pass(100_000);
    assert!(!world.take_effects().iter().any(|effect| matches!(effect, Effect::Connect { .. } | Effect::Fetch { .. })));
}

#[test]
fn an_account_that_is_gone_is_disconnected_and_its_panel_told() {
    let (ann, bob) = (account(1, ANN), account(2, "bob@example.com"));
    let mut world = World::live(&[ann.clone(), bob.clone()]);
    world.page(1, Some(ANN), true, true);
    world.panel(10, 1);
    world.take_effects();
    world.act(|core, now_ms| core.set_accounts(accounts(&[bob]), |_| Vec::new(), now_ms));
    let effects = world.take_effects();
    assert!(effects.contains(&Effect::Disconnect { account: key(&ann) }));
    assert!(effects.contains(&Effect::Keep { account: key(&ann), items: Vec::new() }));
    let address = Some(ANN.to_owned());
    assert_eq!(told(&effects, 10), [HubToPanel::Account { account: None, address, n_accounts: 1, others: Vec::new() }]);
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Connect { .. })), "the other goes on undisturbed");
}

#[test]
fn the_hub_closes_some_seconds_after_the_last_port_and_not_before() {
    let ann = account(1, ANN);
    let mut world = World::live(std::slice::from_ref(&ann));
    world.page(1, Some(ANN), true, false);
    world.pass(20_000);
    world.act(|core, now_ms| core.page_closed(1, now_ms));
    world.pass(9_000);
    world.page(2, Some(ANN), true, false);
    world.act(|core, now_ms| core.page_closed(2, now_ms));
    world.pass(9_999);
    assert!(!world.take_effects().contains(&Effect::Worker(ToWorker::CloseHub)));
    world.pass(1);
    assert!(world.take_effects().contains(&Effect::Worker(ToWorker::CloseHub)));
    world.pass(10_000);
    assert!(world.take_effects().contains(&Effect::Worker(ToWorker::CloseHub)), "the service worker is asked again");
}

#[test]
fn looking_at_a_page_connects_at_once() {
    let ann = account(1, ANN);
    let mut world = World::live(std::slice::from_ref(&ann));
    world.page(1, Some(ANN), false, false);
    world.act(|core, now_ms| core.socket_closed(&key(&ann), now_ms));
    world.take_effects();
    world.page_is(1, true, false);
    assert!(world.take_effects().iter().any(|effect| matches!(effect, Effect::Connect { .. })));
    assert!(Core::new(1, 0).deadline().is_some(), "a hub without any page closes");
}
