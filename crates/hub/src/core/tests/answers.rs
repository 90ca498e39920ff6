//! The outbox of answers.

use protocol::error::ErrorCode;
use protocol::worker::{Account, HubToPanel, OutboxItem, OutboxState, PanelToHub, ToWorker};

use super::world::{World, account, accounts, fetches, id, kept, key, told};
use crate::core::{Core, Effect, HttpOutcome};

const ANN: &str = "ann@example.com";

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

fn stored(n: u32) -> String {
    let (message, conversation) = (id("msg", n), id("cnv", 7));
    format!(
        r#"{{"message":{{"id":"{message}","conversation_id":"{conversation}","n":{n},"author":{{"kind":"contact"}},"text":"answer","at":5}}}}"#
    )
}

fn states(effects: &[Effect], panel: u32) -> Vec<(String, OutboxState)> {
    let state = |message| match message {
        HubToPanel::Outbox { item, state } => Some((item.id, state)),
        _ => None,
    };
    told(effects, panel).into_iter().filter_map(state).collect()
}

/// Ann with a page and two panels.
fn world(ann: &Account) -> World {
    let mut world = World::live(std::slice::from_ref(ann));
    for (page, panel) in [(1, 10), (2, 20)] {
        world.page(page, Some(ANN), true, true);
        world.panel(panel, page);
    }
    world.take_effects();
    world
}

#[test]
fn an_answer_is_kept_sent_and_told_to_every_panel_until_stored() {
    let ann = account(1, ANN);
    let mut world = world(&ann);
    world.panel_says(10, PanelToHub::Send { account: key(&ann), item: item(1) });
    world.panel_says(10, PanelToHub::Send { account: key(&ann), item: item(2) });
    let effects = world.take_effects();
    assert_eq!(kept(&effects).unwrap().len(), 2);
    assert_eq!(states(&effects, 20), [(id("msg", 1), OutboxState::Sending), (id("msg", 2), OutboxState::Sending)]);
    let asked = fetches(&effects);
    assert_eq!(asked.len(), 1, "one of a conversation at a time");
    assert_eq!(asked[0].1.path, format!("/v1/conversations/{}/messages", id("cnv", 7)));
    assert_eq!(
        asked[0].1.body.as_deref(),
        Some(format!(r#"{{"id":"{}","text":"answer 1","fence":3}}"#, id("msg", 1)).as_str()),
        "A7"
    );
    world.fetched(asked[0].0, 201, &stored(1));
    let effects = world.take_effects();
    assert_eq!(kept(&effects).unwrap().len(), 1);
    for panel in [10, 20] {
        assert!(matches!(&states(&effects, panel)[..], [(_, OutboxState::Sent { message })] if message.n == 1));
    }
    assert!(fetches(&effects)[0].1.body.as_ref().unwrap().contains("answer 2"));
}

#[test]
fn what_was_kept_is_sent_after_a_crash() {
    let ann = account(1, ANN);
    let mut first = world(&ann);
    first.panel_says(10, PanelToHub::Send { account: key(&ann), item: item(1) });
    let items = kept(&first.take_effects()).unwrap();
    let text = serde_json::to_string(&items).unwrap();
    let mut second = World::new();
    second.act(|core, now_ms| {
        core.set_accounts(accounts(std::slice::from_ref(&ann)), |_| serde_json::from_str(&text).unwrap(), now_ms);
    });
    let effects = second.take_effects();
    assert!(
        fetches(&effects)[0].1.body.as_ref().unwrap().contains(&id("msg", 1)),
        "the same id: the relay takes it once"
    );
    second.page(1, Some(ANN), true, true);
    second.panel(10, 1);
    assert_eq!(states(&second.take_effects(), 10), [(id("msg", 1), OutboxState::Sending)]);
}

#[test]
fn an_unreachable_relay_is_tried_again_and_retry_after_is_honoured() {
    let ann = account(1, ANN);
    let mut world = world(&ann);
    world.panel_says(10, PanelToHub::Send { account: key(&ann), item: item(1) });
    let asked = fetches(&world.take_effects());
    world.act(|core, now_ms| core.fetched(asked[0].0, &HttpOutcome::Unreachable, now_ms));
    world.pass(20_000);
    let asked = fetches(&world.take_effects());
    assert_eq!(asked.len(), 1);
    let body = r#"{"error":{"code":"rate_limited","message":"slower"}}"#.to_owned();
    let outcome = HttpOutcome::Answered { status: 429, body, retry_after_ms: Some(40_000) };
    world.act(|core, now_ms| core.fetched(asked[0].0, &outcome, now_ms));
    world.act(Core::wake);
    world.pass(39_999);
    assert!(fetches(&world.take_effects()).is_empty());
    world.pass(1);
    let asked = fetches(&world.take_effects());
    assert_eq!(asked.len(), 1);
    world.fetched(asked[0].0, 200, "<html>a hotel's sign-in page</html>");
    assert_eq!(states(&world.take_effects(), 10), [], "nobody but the relay says that it is stored");
}

#[test]
fn a_refused_answer_stays_with_its_reason_until_retried_or_discarded() {
    // A7: an answer with an old claim is refused with the holder's name.
    let ann = account(1, ANN);
    let mut world = world(&ann);
    world.panel_says(10, PanelToHub::Send { account: key(&ann), item: item(1) });
    let asked = fetches(&world.take_effects());
    let body =
        r#"{"error":{"code":"stale_fence","message":"old","details":{"holder":{"agent_id":"agt_2","name":"Bob"}}}}"#;
    world.fetched(asked[0].0, 409, body);
    let effects = world.take_effects();
    assert!(
        matches!(&states(&effects, 20)[..], [(_, OutboxState::Failed { error })] if error.code == ErrorCode::StaleFence)
    );
    assert_eq!(kept(&effects).unwrap()[0].refusal.as_ref().unwrap().details.holder.as_ref().unwrap().name, "Bob");
    world.pass(100_000);
    assert!(fetches(&world.take_effects()).is_empty(), "nothing by itself");
    world.panel_says(20, PanelToHub::Retry { account: key(&ann), message_id: id("msg", 1) });
    let effects = world.take_effects();
    assert_eq!(states(&effects, 10), [(id("msg", 1), OutboxState::Sending)]);
    world.fetched(fetches(&effects)[0].0, 409, body);
    world.take_effects();
    world.panel_says(10, PanelToHub::Discard { account: key(&ann), message_id: id("msg", 1) });
    let effects = world.take_effects();
    assert_eq!(kept(&effects).unwrap(), []);
    assert_eq!(told(&effects, 10), [], "who discarded it knows");
    assert!(matches!(told(&effects, 20)[0], HubToPanel::Account { .. }), "the other begins anew, without it");
    assert_eq!(states(&effects, 20), []);
}

#[test]
fn a_failed_answer_may_be_sent_again_on_another_claim() {
    let ann = account(1, ANN);
    let mut world = world(&ann);
    world.panel_says(10, PanelToHub::Send { account: key(&ann), item: item(1) });
    let asked = fetches(&world.take_effects());
    world.fetched(asked[0].0, 409, r#"{"error":{"code":"stale_fence","message":"old"}}"#);
    world.take_effects();
    world.panel_says(10, PanelToHub::Send { account: key(&ann), item: OutboxItem { fence: 5, ..item(1) } });
    assert!(fetches(&world.take_effects())[0].1.body.as_ref().unwrap().contains(r#""fence":5"#));
}

#[test]
fn a_refusal_that_cannot_be_read_fails_and_a_passing_trouble_does_not() {
    let ann = account(1, ANN);
    let newer = r#"{"error":{"code":"from_the_future","message":"no"}}"#;
    let (page, future) = ("<html>No</html>", ErrorCode::Unknown);
    for (status, body, fails) in [
        (400, page, true),
        (403, page, true),
        (413, page, true),
        (409, newer, true),
        (407, page, false),
        (408, page, false),
        (429, page, false),
        (429, newer, false),
        (502, page, false),
        (503, newer, false),
    ] {
        let mut world = world(&ann);
        world.panel_says(10, PanelToHub::Send { account: key(&ann), item: item(1) });
        let asked = fetches(&world.take_effects());
        world.fetched(asked[0].0, status, body);
        let effects = world.take_effects();
        let has_failed =
            matches!(&states(&effects, 20)[..], [(_, OutboxState::Failed { error })] if error.code == future);
        assert_eq!(has_failed, fails, "{status} {body}");
        world.pass(100_000);
        assert_eq!(fetches(&world.take_effects()).is_empty(), fails, "{status} {body}");
    }
}

#[test]
fn a_revoked_token_keeps_answers_for_the_next_one() {
    let ann = account(1, ANN);
    let mut world = world(&ann);
    world.panel_says(10, PanelToHub::Send { account: key(&ann), item: item(1) });
    let asked = fetches(&world.take_effects());
    let unauthorized = r#"{"error":{"code":"unauthorized","message":"revoked"}}"#;
    world.fetched(asked[0].0, 401, unauthorized);
    world.pass(100_000);
    assert!(fetches(&world.take_effects()).is_empty());
    let mut renewed = ann.clone();
    renewed.token = String::from("another token");
    world.act(|core, now_ms| core.set_accounts(accounts(&[renewed]), |_| Vec::new(), now_ms));
    let effects = world.take_effects();
    assert_eq!(fetches(&effects).len(), 1);
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Fetch { token, .. } if token == "another token")));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Connect { account, .. } if *account == key(&ann))));
}

#[test]
fn the_hub_stays_a_while_for_answers_on_their_way() {
    let ann = account(1, ANN);
    let mut world = world(&ann);
    world.panel_says(10, PanelToHub::Send { account: key(&ann), item: item(1) });
    world.act(|core, now_ms| {
        core.panel_closed(10, now_ms);
        core.panel_closed(20, now_ms);
        core.page_closed(1, now_ms);
        core.page_closed(2, now_ms);
    });
    let asked = fetches(&world.take_effects());
    world.pass(30_000);
    assert!(!world.take_effects().contains(&Effect::Worker(ToWorker::CloseHub)));
    world.fetched(asked[0].0, 201, &stored(1));
    world.pass(0);
    assert!(world.take_effects().contains(&Effect::Worker(ToWorker::CloseHub)));
}
