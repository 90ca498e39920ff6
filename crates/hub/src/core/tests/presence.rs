//! P2, P4, P5: what the relay is told of the agent's pages; A9: of his typing; A8: of what is on his screen.

use protocol::frame::{ClientFrame, RelayFrame};
use protocol::view::Availability;
use protocol::worker::{Account, HubToPanel, PanelToHub};

use super::world::{World, account, accounts, channel_topic, id, key, told};
use crate::core::Effect;

const ANN: &str = "ann@example.com";
const BOB: &str = "bob@example.com";
const NOTHING: [bool; 0] = [];

/// What was said of pages on an account's stream, its greeting too.
fn heres(effects: &[Effect], of: &Account) -> Vec<bool> {
    let here = |effect: &Effect| match effect {
        Effect::Transmit { account, frame: ClientFrame::Hello { here, .. } | ClientFrame::Here { here } }
            if *account == key(of) =>
        {
            Some(*here)
        }
        _ => None,
    };
    effects.iter().filter_map(here).collect()
}

fn typings(effects: &[Effect]) -> Vec<String> {
    let typing = |effect: &Effect| match effect {
        Effect::Transmit { frame: ClientFrame::Typing { conversation_id }, .. } => conversation_id.clone(),
        _ => None,
    };
    effects.iter().filter_map(typing).collect()
}

#[test]
fn the_first_page_and_the_end_of_the_last_one_are_told() {
    // P4: the count-down starts when the last one goes. P5: exact on a clean close.
    let ann = account(1, ANN);
    let mut world = World::live(std::slice::from_ref(&ann));
    assert_eq!(heres(&world.take_effects(), &ann), [false], "no page yet");
    world.page(1, Some(ANN), false, false);
    world.page(2, Some(ANN), true, false);
    assert_eq!(heres(&world.take_effects(), &ann), [true], "a hidden page counts too");
    world.act(|core, now_ms| core.page_closed(1, now_ms));
    assert_eq!(heres(&world.take_effects(), &ann), NOTHING);
    world.act(|core, now_ms| core.page_closed(2, now_ms));
    assert_eq!(heres(&world.take_effects(), &ann), [false]);
}

#[test]
fn a_page_counts_for_the_agent_whose_address_it_shows_and_a_panel_for_nobody() {
    // P4
    let (ann, bob) = (account(1, ANN), account(2, BOB));
    let mut world = World::live(&[ann.clone(), bob.clone()]);
    world.take_effects();
    world.page(1, Some("somebody@example.com"), true, true);
    world.page(2, None, true, true);
    world.panel(10, 1);
    world.act(|core, now_ms| core.panel_opened(11, now_ms));
    let effects = world.take_effects();
    assert_eq!((heres(&effects, &ann), heres(&effects, &bob)), (vec![], vec![]));
    world.page(3, Some(BOB), true, false);
    let effects = world.take_effects();
    assert_eq!((heres(&effects, &ann), heres(&effects, &bob)), (vec![], vec![true]));
    // The page shows another address now, and its new port is heard before the old one's end.
    world.page_again(4, 3, ANN);
    world.act(|core, now_ms| core.page_closed(3, now_ms));
    let effects = world.take_effects();
    assert_eq!((heres(&effects, &ann), heres(&effects, &bob)), (vec![true], vec![false]));
}

#[test]
fn a_stream_begins_with_how_it_stands_and_hears_what_changed_before_its_welcome() {
    // P5
    let ann = account(1, ANN);
    let mut world = World::new();
    world.page(1, Some(ANN), true, false);
    world.act(|core, now_ms| {
        core.set_accounts(accounts(std::slice::from_ref(&ann)), |_| Vec::new(), now_ms);
    });
    assert_eq!(heres(&world.take_effects(), &ann), NOTHING, "nobody hears it yet");
    world.act(|core, now_ms| core.socket_opened(&key(&ann), now_ms));
    assert_eq!(heres(&world.take_effects(), &ann), [true]);
    world.act(|core, now_ms| core.page_closed(1, now_ms));
    assert_eq!(heres(&world.take_effects(), &ann), NOTHING, "not before the welcome");
    let welcome = r#"{"t":"welcome","time_ms":0,"version":1,"epoch":"e"}"#;
    world.act(|core, now_ms| core.frame(&key(&ann), welcome, now_ms));
    assert_eq!(heres(&world.take_effects(), &ann), [false]);
    world.act(|core, now_ms| core.socket_closed(&key(&ann), now_ms));
    world.page(2, Some(ANN), false, false);
    world.pass(10_000);
    assert_eq!(heres(&world.take_effects(), &ann), NOTHING);
    world.catch_up(&ann, Availability::Online);
    assert_eq!(heres(&world.take_effects(), &ann), [true], "once, with the greeting");
}

#[test]
fn an_account_that_joins_an_open_page_is_here() {
    // P4: a page that shows no address belongs to the only account, and to nobody once there are two.
    let (ann, bob) = (account(1, ANN), account(2, BOB));
    let mut world = World::live(std::slice::from_ref(&ann));
    world.page(1, None, true, false);
    assert_eq!(heres(&world.take_effects(), &ann), [false, true]);
    let both = accounts(&[ann.clone(), bob]);
    world.act(|core, now_ms| core.set_accounts(both, |_| Vec::new(), now_ms));
    assert_eq!(heres(&world.take_effects(), &ann), [false]);
}

fn typing(of: &Account, n: u32) -> PanelToHub {
    PanelToHub::Typing { account: key(of), conversation_id: id("cnv", n) }
}

#[test]
fn typing_is_passed_on_at_the_first_key_and_then_every_ten_seconds_for_each_conversation() {
    // A9
    let ann = account(1, ANN);
    let mut world = World::live(std::slice::from_ref(&ann));
    world.page(1, Some(ANN), true, true);
    world.panel(10, 1);
    world.page(2, Some(ANN), true, true);
    world.panel(20, 2);
    world.take_effects();
    world.panel_says(10, typing(&ann, 7));
    world.panel_says(20, typing(&ann, 7));
    world.panel_says(20, typing(&ann, 8));
    assert_eq!(typings(&world.take_effects()), [id("cnv", 7), id("cnv", 8)]);
    world.now_ms += 9_999;
    world.panel_says(10, typing(&ann, 7));
    assert_eq!(typings(&world.take_effects()), Vec::<String>::new());
    world.now_ms += 1;
    world.panel_says(10, typing(&ann, 7));
    assert_eq!(typings(&world.take_effects()), [id("cnv", 7)]);
    world.now_ms -= 3_600_000;
    world.panel_says(10, typing(&ann, 7));
    assert_eq!(typings(&world.take_effects()), [id("cnv", 7)], "a clock that was set back silences nobody");
}

#[test]
fn typing_without_a_stream_or_of_another_account_is_dropped_and_never_said_later() {
    // A9
    let (ann, bob) = (account(1, ANN), account(2, BOB));
    let mut world = World::live(&[ann.clone(), bob.clone()]);
    world.panel(10, 1);
    world.panel_says(10, typing(&ann, 7));
    world.page(1, Some(ANN), true, true);
    world.panel_says(10, typing(&bob, 7));
    world.act(|core, now_ms| core.socket_closed(&key(&ann), now_ms));
    world.panel_says(10, typing(&ann, 7));
    world.pass(5_000);
    world.catch_up(&ann, Availability::Online);
    assert_eq!(typings(&world.take_effects()), Vec::<String>::new());
    world.panel_says(10, typing(&ann, 7));
    assert_eq!(typings(&world.take_effects()), [id("cnv", 7)], "what was dropped does not count");
}

fn viewing(of: &Account, n: Option<u32>) -> PanelToHub {
    PanelToHub::Viewing { account: key(of), conversation_id: n.map(|n| id("cnv", n)) }
}

fn viewings(effects: &[Effect]) -> Vec<Option<String>> {
    let told = effects.iter().filter_map(|effect| match effect {
        Effect::Transmit { frame: ClientFrame::Viewing { conversation_id }, .. } => Some(conversation_id.clone()),
        _ => None,
    });
    told.collect()
}

#[test]
fn what_is_on_the_screen_is_told_when_it_changes_and_every_twenty_seconds() {
    // A8
    let ann = account(1, ANN);
    let mut world = World::live(std::slice::from_ref(&ann));
    for page in [1, 2] {
        world.page(page, Some(ANN), true, true);
        world.panel(page * 10, page);
    }
    world.take_effects();
    world.panel_says(10, viewing(&ann, Some(7)));
    world.panel_says(10, viewing(&ann, Some(7)));
    assert_eq!(viewings(&world.take_effects()), [Some(id("cnv", 7))]);
    world.now_ms += 1_000;
    world.panel_says(20, viewing(&ann, Some(8)));
    assert_eq!(viewings(&world.take_effects()), [Some(id("cnv", 8))], "the one that he turned to last");
    world.pass(20_000);
    assert_eq!(viewings(&world.take_effects()), [Some(id("cnv", 8))]);
    world.act(|core, now_ms| core.panel_closed(20, now_ms));
    assert_eq!(viewings(&world.take_effects()), [Some(id("cnv", 7))], "the other panel still shows it");
    world.panel_says(10, viewing(&ann, None));
    assert_eq!(viewings(&world.take_effects()), [None]);
    world.pass(60_000);
    assert_eq!(viewings(&world.take_effects()), Vec::<Option<String>>::new(), "nothing is not said again");
}

#[test]
fn what_is_on_the_screen_is_told_anew_on_each_stream() {
    // A8
    let ann = account(1, ANN);
    let mut world = World::live(std::slice::from_ref(&ann));
    world.page(1, Some(ANN), true, true);
    world.panel(10, 1);
    world.panel_says(10, viewing(&ann, Some(7)));
    world.take_effects();
    world.act(|core, now_ms| core.socket_closed(&key(&ann), now_ms));
    world.panel_says(10, viewing(&ann, Some(8)));
    assert_eq!(viewings(&world.take_effects()), Vec::<Option<String>>::new());
    world.pass(5_000);
    world.catch_up(&ann, Availability::Online);
    assert_eq!(viewings(&world.take_effects()), [Some(id("cnv", 8))]);
}

#[test]
fn who_types_and_who_looks_goes_to_the_accounts_panels() {
    // A8
    let (ann, bob) = (account(1, ANN), account(2, BOB));
    let mut world = World::live(&[ann.clone(), bob.clone()]);
    world.page(1, Some(ANN), true, true);
    world.panel(10, 1);
    world.page(2, Some(BOB), true, true);
    world.panel(20, 2);
    world.take_effects();
    let (topic, conversation_id) = (channel_topic(), id("cnv", 7));
    let frames = [
        RelayFrame::Typing { topic: topic.clone(), conversation_id: Some(conversation_id.clone()), agent_id: None },
        RelayFrame::Viewing { topic, conversation_id, agent_id: id("agt", 2), viewing: true },
    ];
    for frame in &frames {
        world.frame(&ann, frame);
    }
    let effects = world.take_effects();
    assert_eq!(told(&effects, 10), frames.map(|frame| HubToPanel::Frame { frame }));
    assert_eq!(told(&effects, 20), [], "nothing of another account");
}
