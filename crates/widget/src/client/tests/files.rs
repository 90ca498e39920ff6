use super::{LATER, draft, live, message, next, posts, refused};
use crate::client::{Choice, Client, Effect, Kept, Refusal};
use crate::wire::File;

const LIMIT: i64 = 100;

fn file(id: &str) -> File {
    File { id: id.into(), name: format!("{id}.png"), size: 7, is_picture: true }
}

fn chosen(client: &Client) -> Vec<&str> {
    client.chosen().iter().map(|chosen| chosen.id.as_str()).collect()
}

fn choose(client: &mut Client, ids: &[&str]) {
    for id in ids {
        assert_eq!(client.choose(id, &format!("{id}.png"), 7, LIMIT), Choice::Taken);
    }
}

fn uploads(effects: &[Effect]) -> Vec<&str> {
    effects.iter().filter_map(|it| if let Effect::Upload { id, .. } = it { Some(id.as_str()) } else { None }).collect()
}

#[test]
fn files_go_one_after_the_other_and_then_the_message_with_them() {
    // F1 F4
    let mut client = live(0, vec![]);
    choose(&mut client, &["att_1", "att_2"]);
    assert_eq!(client.timer(1), [], "nothing leaves before \"Send\"");
    assert!(!client.has_uploaded());
    assert_eq!(uploads(&client.upload(2)), ["att_1"]);
    assert_eq!(client.uploading().unwrap().name, "att_1.png");
    client.remove("att_2");
    assert_eq!(chosen(&client), ["att_1", "att_2"], "what is on its way is not taken away");
    assert_eq!(uploads(&client.uploaded("tok", "att_1", Ok(file("att_1")), 3)), ["att_2"]);
    assert_eq!(client.uploaded("tok", "att_2", Ok(file("att_2")), 4), [Effect::Submit]);
    assert!(client.has_uploaded() && client.uploading().is_none());

    let effects = client.write("msg_1", " ", 5);
    let draft = super::Draft { files: vec![file("att_1"), file("att_2")], ..draft("", 5) };
    let kept = Kept { id: "msg_1".into(), draft: draft.clone(), failed: None };
    let post = Effect::Post { token: "tok".into(), id: "msg_1".into(), draft };
    assert_eq!(effects, [Effect::Keep(kept), post], "a message of files alone, kept with them");
    assert_eq!(chosen(&client), Vec::<&str>::new());
}

#[test]
fn too_large_and_too_many_are_refused_and_the_others_go() {
    // F1 F2
    let mut client = live(0, vec![]);
    assert_eq!(client.choose("att_0", "whole", LIMIT, LIMIT), Choice::Taken);
    assert_eq!(client.choose("att_x", "over", LIMIT + 1, LIMIT), Choice::TooLarge);
    let more: Vec<String> = (1..10).map(|n| format!("att_{n}")).collect();
    choose(&mut client, &more.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(client.choose("att_y", "eleventh", 7, LIMIT), Choice::TooMany);
    client.remove("att_0");
    assert_eq!(chosen(&client), more);
}

#[test]
fn a_broken_network_is_outlasted_with_the_same_ids() {
    let mut client = live(0, vec![]);
    choose(&mut client, &["att_1"]);
    client.upload(1);
    assert_eq!(uploads(&client.uploaded("tok", "att_1", Err(LATER), 2)), Vec::<&str>::new());
    let (at, effects) = next(&mut client);
    assert_eq!(uploads(&effects), ["att_1"]);
    assert_eq!(client.uploaded("tok", "att_1", Ok(file("att_1")), at), [Effect::Submit]);
    assert_eq!(posts(&client.write("msg_1", "a", at)), ["msg_1"]);
}

#[test]
fn stop_keeps_files_and_what_the_relay_has_does_not_go_again() {
    // F3
    let mut client = live(0, vec![]);
    choose(&mut client, &["att_1", "att_2"]);
    client.upload(1);
    client.uploaded("tok", "att_1", Ok(file("att_1")), 2);
    assert_eq!(client.stop(3), [Effect::StopUpload]);
    assert_eq!((chosen(&client), client.uploading()), (vec!["att_1", "att_2"], None));
    assert_eq!(client.stop(4), []);
    assert_eq!(uploads(&client.upload(5)), ["att_2"]);
}

#[test]
fn a_refused_file_goes_and_the_rest_waits_for_another_press() {
    // F2 F4
    let mut client = live(0, vec![]);
    choose(&mut client, &["att_1", "att_2"]);
    client.upload(1);
    let refuse = |name: &str, code: &str| Effect::RefuseFile { name: Some(name.into()), code: code.into() };
    let effects = client.uploaded("tok", "att_1", Err(refused("file_too_large")), 2);
    assert_eq!(effects, [Effect::StopUpload, refuse("att_1.png", "file_too_large")]);
    assert_eq!(chosen(&client), ["att_2"]);
    client.upload(3);
    let effects = client.uploaded("tok", "att_2", Err(refused("files_not_allowed")), 4);
    assert_eq!(effects, [Effect::StopUpload, refuse("att_2.png", "files_not_allowed")]);
    assert!(client.chosen().is_empty() && client.uploading().is_none());
}

#[test]
fn the_first_file_makes_a_visitor_and_a_new_identity_brings_all_again() {
    let mut client = Client::new(1);
    client.start(None, vec![], 0);
    choose(&mut client, &["att_1", "att_2"]);
    assert_eq!(client.upload(1), [Effect::AskVisitor]);
    assert_eq!(uploads(&client.visitor_answered(Ok("tok".into()), 2)), ["att_1"]);
    client.uploaded("tok", "att_1", Ok(file("att_1")), 3);
    let effects = client.uploaded("tok", "att_2", Err(Refusal::Unauthorized), 4);
    assert!(effects.contains(&Effect::AskVisitor), "{effects:?}");
    assert_eq!(uploads(&client.visitor_answered(Ok("new".into()), 5)).len(), 1);
    assert!(!client.has_uploaded());

    let mut blocked = Client::new(1);
    blocked.start(None, vec![], 0);
    choose(&mut blocked, &["att_1"]);
    blocked.upload(1);
    let effects = blocked.visitor_answered(Err(refused("contact_blocked")), 2);
    let refuse = Effect::RefuseFile { name: None, code: "contact_blocked".into() };
    assert_eq!(effects, [Effect::StopUpload, refuse], "the address is blocked: the files stay");
    assert_eq!(chosen(&blocked), ["att_1"]);
    assert_eq!(message(1, "msg_1", None).files, []);
}
