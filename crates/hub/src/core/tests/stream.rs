//! Streams: frames that this build cannot read.

use protocol::frame::{ClientFrame, Cursor};
use protocol::view::Availability;

use super::world::{World, account, channel_topic, key};
use crate::core::Effect;

const ANN: &str = "ann@example.com";

fn resumes(effects: &[Effect]) -> Vec<(String, Cursor)> {
    let resume = |effect: &Effect| match effect {
        Effect::Transmit { frame: ClientFrame::Resume { topic, cursor }, .. } => Some((topic.clone(), cursor.clone())),
        _ => None,
    };
    effects.iter().filter_map(resume).collect()
}

#[test]
fn an_event_that_cannot_be_read_makes_its_topic_start_over_once() {
    let ann = account(1, ANN);
    let mut world = World::live(std::slice::from_ref(&ann));
    world.take_effects();
    let topic = channel_topic();
    let odd = |seq: u64| format!(r#"{{"t":"event","topic":"{topic}","epoch":"e","seq":{seq},"kind":7}}"#);
    world.act(|core, now_ms| core.frame(&key(&ann), &odd(1), now_ms));
    // No record has this epoch, so the relay answers with a snapshot.
    let nowhere = Cursor { epoch: String::new(), seq: 0 };
    assert_eq!(resumes(&world.take_effects()), [(topic.clone(), nowhere.clone())]);
    world.act(|core, now_ms| core.frame(&key(&ann), &odd(2), now_ms));
    assert_eq!(resumes(&world.take_effects()), [], "it was asked for");
    world.pass(5_000);
    assert_eq!(resumes(&world.take_effects()), [(topic.clone(), nowhere)], "asked again, should it be lost");
    world.snapshot(&ann, 2);
    world.pass(10_000);
    assert_eq!(resumes(&world.take_effects()), []);
    world.act(|core, now_ms| core.frame(&key(&ann), &odd(1), now_ms));
    assert_eq!(resumes(&world.take_effects()), [], "an old one changes nothing");
}

#[test]
fn a_snapshot_that_cannot_be_read_is_not_asked_for_again_and_again() {
    let ann = account(1, ANN);
    let mut world = World::live(std::slice::from_ref(&ann));
    world.take_effects();
    let topic = channel_topic();
    let odd = format!(r#"{{"t":"snapshot","topic":"{topic}","epoch":"e","seq":5,"part":0,"last":true,"data":7}}"#);
    world.act(|core, now_ms| core.frame(&key(&ann), &odd, now_ms));
    world.pass(10_000);
    let effects = world.take_effects();
    assert!(matches!(effects[0], Effect::Report { .. }));
    assert_eq!(resumes(&effects), []);
}

#[test]
fn a_frame_of_an_unknown_kind_is_passed_over() {
    let ann = account(1, ANN);
    let mut world = World::live(std::slice::from_ref(&ann));
    world.take_effects();
    world.act(|core, now_ms| core.frame(&key(&ann), r#"{"t":"from_the_future"}"#, now_ms));
    assert_eq!(world.take_effects(), []);
}

#[test]
fn a_topic_that_could_not_be_read_is_fetched_by_the_next_connection() {
    let ann = account(1, ANN);
    let mut world = World::live(std::slice::from_ref(&ann));
    let odd = format!(r#"{{"t":"event","topic":"{}","epoch":"e","seq":1,"kind":7}}"#, channel_topic());
    world.act(|core, now_ms| core.frame(&key(&ann), &odd, now_ms));
    world.act(|core, now_ms| core.socket_closed(&key(&ann), now_ms));
    world.pass(10_000);
    world.take_effects();
    world.catch_up(&ann, Availability::Online);
    let greets = |effect: &Effect| match effect {
        Effect::Transmit { frame: ClientFrame::Hello { cursors, .. }, .. } => {
            Some(cursors.keys().cloned().collect::<Vec<_>>())
        }
        _ => None,
    };
    let effects = world.take_effects();
    assert_eq!(effects.iter().find_map(greets), Some(vec![format!("agent/{}", ann.agent_id)]), "the channel anew");
}
