//! Files on their way to and from a relay.

use protocol::error::ErrorCode;
use protocol::file::AttachmentView;
use protocol::worker::{Account, Answered, HubToPanel, OutboxItem, PanelToHub, Request, Upload, UploadState};

use super::world::{World, account, fetches, id, key, told};
use crate::core::{Effect, FetchId, Posting};

const ANN: &str = "ann@example.com";

fn world(ann: &Account) -> World {
    let mut world = World::live(std::slice::from_ref(ann));
    for (page, panel) in [(1, 10), (2, 20)] {
        world.page(page, Some(ANN), true, true);
        world.panel(panel, page);
    }
    world.take_effects();
    world
}

fn brings(world: &mut World, account: &Account, n: u32) {
    let (name, media_type, base64) = ("Ёж & co.png".into(), "image/png".into(), "AAEC".into());
    let upload = Upload {
        id: id("att", n),
        conversation_id: id("cnv", 7),
        fence: 3,
        name,
        media_type,
        base64,
        template_file_id: None,
    };
    world.panel_says(10, PanelToHub::Upload { account: key(account), upload });
}

fn view(n: u32) -> AttachmentView {
    let (name, media_type) = ("a.png".into(), "image/png".into());
    AttachmentView { id: id("att", n), name, size: 3, media_type, width: None, height: None }
}

fn posts(effects: &[Effect]) -> Vec<(FetchId, Posting)> {
    let post = |effect: &Effect| match effect {
        Effect::Post { id, token, file, .. } if token == "token 1" => Some((*id, file.clone())),
        _ => None,
    };
    effects.iter().filter_map(post).collect()
}

fn states(effects: &[Effect], panel: u32) -> Vec<UploadState> {
    let state = |message| match message {
        HubToPanel::UploadState { state, .. } => Some(state),
        _ => None,
    };
    told(effects, panel).into_iter().filter_map(state).collect()
}

#[test]
fn a_file_goes_once_with_its_claim_and_its_panel_hears_how_far_it_is() {
    // F1, F3, A7
    let ann = account(1, ANN);
    let mut world = world(&ann);
    brings(&mut world, &ann, 1);
    let posted = posts(&world.take_effects());
    let (number, file) = &posted[0];
    let name = "%D0%81%D0%B6%20%26%20co%2Epng";
    let path = format!("/v1/conversations/{}/uploads?id={}&fence=3", id("cnv", 7), id("att", 1));
    assert_eq!((&*file.path, &*file.name), (&*path, name), "addresses are logged on the way; names are not in them");
    assert_eq!((&*file.media_type, &*file.base64), ("image/png", "AAEC"));
    for sent in [10.0, 11.0, 50.0, 100.0] {
        world.act(|core, _| core.progressed(*number, sent, 100.0));
    }
    world.fetched(*number, 200, &serde_json::to_string(&view(1)).unwrap());
    let effects = world.take_effects();
    let going = |percent| UploadState::Going { percent };
    assert_eq!(states(&effects, 10), [going(10), going(50), going(99), UploadState::Done { attachment: view(1) }]);
    assert_eq!(states(&effects, 20), [], "another panel has not asked");
}

#[test]
fn a_templates_file_goes_by_its_id_alone() {
    // T2, A7
    let ann = account(1, ANN);
    let mut world = world(&ann);
    let (name, template_file_id) = ("a.png".into(), Some(id("att", 9)));
    let (conversation_id, empty) = (id("cnv", 7), String::new);
    let upload = Upload {
        id: id("att", 1),
        conversation_id,
        fence: 3,
        name,
        media_type: empty(),
        base64: empty(),
        template_file_id,
    };
    world.panel_says(10, PanelToHub::Upload { account: key(&ann), upload: upload.clone() });
    let effects = world.take_effects();
    let asked = fetches(&effects);
    let (number, call) = &asked[0];
    let (first, second) = (id("att", 1), id("att", 9));
    let body = format!(r#"{{"id":"{first}","template_file_id":"{second}","fence":3}}"#);
    let path = format!("/v1/conversations/{}/template-files", id("cnv", 7));
    assert_eq!((&call.path, call.body.as_ref(), posts(&effects)), (&path, Some(&body), vec![]));
    world.fetched(*number, 200, &serde_json::to_string(&view(1)).unwrap());
    assert_eq!(states(&world.take_effects(), 10), [UploadState::Done { attachment: view(1) }]);
    // It can be stopped, and refused.
    world.panel_says(10, PanelToHub::Upload { account: key(&ann), upload: upload.clone() });
    let number = fetches(&world.take_effects())[0].0;
    world.panel_says(10, PanelToHub::CancelUpload { account: key(&ann), attachment_id: id("att", 1) });
    assert_eq!(world.take_effects(), [Effect::Abort { id: number }]);
    world.panel_says(10, PanelToHub::Upload { account: key(&ann), upload });
    let number = fetches(&world.take_effects())[0].0;
    let body = r#"{"error":{"code":"invalid_value","message":"x","details":{"field":"template_file_id"}}}"#;
    world.fetched(number, 400, body);
    assert!(matches!(&states(&world.take_effects(), 10)[..], [UploadState::Refused { .. }]));
}

#[test]
fn a_file_that_is_given_up_ends_without_a_word() {
    // F3
    let ann = account(1, ANN);
    let mut world = world(&ann);
    brings(&mut world, &ann, 1);
    brings(&mut world, &ann, 2);
    let posted = posts(&world.take_effects());
    world.panel_says(10, PanelToHub::CancelUpload { account: key(&ann), attachment_id: id("att", 1) });
    assert_eq!(world.take_effects(), [Effect::Abort { id: posted[0].0 }]);
    world.fetched(posted[0].0, 200, &serde_json::to_string(&view(1)).unwrap());
    assert_eq!(states(&world.take_effects(), 10), []);
    world.act(|core, now_ms| core.panel_closed(10, now_ms));
    assert!(world.take_effects().contains(&Effect::Abort { id: posted[1].0 }), "with its panel the other goes too");
}

#[test]
fn what_comes_of_an_attempt_that_was_stopped_is_nobodys() {
    // F3
    let ann = account(1, ANN);
    let mut world = world(&ann);
    brings(&mut world, &ann, 1);
    let first = posts(&world.take_effects())[0].0;
    world.panel_says(10, PanelToHub::CancelUpload { account: key(&ann), attachment_id: id("att", 1) });
    brings(&mut world, &ann, 1);
    let second = posts(&world.take_effects())[0].0;
    world.act(|core, _| core.progressed(first, 50.0, 100.0));
    world.fetched(first, 409, r#"{"error":{"code":"id_conflict","message":"x"}}"#);
    assert_eq!(states(&world.take_effects(), 10), [], "that is of the first");
    brings(&mut world, &ann, 1);
    let effects = world.take_effects();
    assert!(effects.contains(&Effect::Abort { id: second }), "two do not go beside each other");
    world.fetched(second, 200, &serde_json::to_string(&view(1)).unwrap());
    assert_eq!(states(&world.take_effects(), 10), []);
    world.fetched(posts(&effects)[0].0, 200, &serde_json::to_string(&view(1)).unwrap());
    assert_eq!(states(&world.take_effects(), 10), [UploadState::Done { attachment: view(1) }]);
}

#[test]
fn a_file_that_is_stopped_before_it_could_begin_never_goes() {
    // F3
    let ann = account(1, ANN);
    let mut world = World::live(std::slice::from_ref(&ann));
    world.panel(10, 1);
    brings(&mut world, &ann, 1);
    brings(&mut world, &ann, 2);
    world.panel_says(10, PanelToHub::CancelUpload { account: key(&ann), attachment_id: id("att", 1) });
    assert_eq!(posts(&world.take_effects()), [], "nobody knows yet whose panel it is");
    world.page(1, Some(ANN), true, true);
    let posted = posts(&world.take_effects());
    assert_eq!(posted.len(), 1);
    assert!(posted[0].1.path.contains(&id("att", 2)), "{posted:?}");
}

#[test]
fn a_refusal_and_a_relay_that_is_away_are_told() {
    // F2, A7
    let ann = account(1, ANN);
    let mut world = world(&ann);
    let body = r#"{"error":{"code":"file_too_large","message":"x","details":{"file":"a.png","limit_bytes":4194304}}}"#;
    for (status, body) in [(413, body), (502, "<html>"), (200, "<html>")] {
        brings(&mut world, &ann, 1);
        let number = posts(&world.take_effects())[0].0;
        world.fetched(number, status, body);
        let told = states(&world.take_effects(), 10);
        match &told[..] {
            [UploadState::Refused { error }] => {
                assert_eq!(
                    (status, error.code, error.details.limit_bytes),
                    (413, ErrorCode::FileTooLarge, Some(4_194_304))
                );
            }
            [UploadState::Unreachable] => assert_ne!(status, 413),
            other => panic!("{other:?}"),
        }
    }
    let stranger = account(2, "bob@example.com");
    brings(&mut world, &stranger, 1);
    let effects = world.take_effects();
    assert!(
        matches!(&states(&effects, 10)[..], [UploadState::Refused { error }] if error.code == ErrorCode::Unauthorized)
    );
    assert_eq!(posts(&effects), []);
}

#[test]
fn an_answer_names_the_files_that_are_there_in_their_order() {
    // F1
    let ann = account(1, ANN);
    let mut world = world(&ann);
    let item = OutboxItem {
        id: id("msg", 1),
        conversation_id: id("cnv", 7),
        text: String::new(),
        attachments: vec![view(2), view(1)],
        fence: 3,
        at: 0,
    };
    world.panel_says(10, PanelToHub::Send { account: key(&ann), item });
    let asked = fetches(&world.take_effects());
    let (message, first, second) = (id("msg", 1), id("att", 2), id("att", 1));
    let body = format!(r#"{{"id":"{message}","text":"","attachments":["{first}","{second}"],"fence":3}}"#);
    assert_eq!(asked[0].1.body.as_deref(), Some(&*body));
}

#[test]
fn a_file_is_fetched_as_bytes_and_the_limit_is_learned() {
    // F2, F3
    let ann = account(1, ANN);
    let mut world = world(&ann);
    for (call_id, request) in [(1, Request::File { attachment_id: id("att", 1) }), (2, Request::FileLimit)] {
        world.panel_says(10, PanelToHub::Call { account: key(&ann), call_id, request });
    }
    let asked = fetches(&world.take_effects());
    assert_eq!((&*asked[0].1.path, asked[0].1.is_file), (&*format!("/v1/attachments/{}", id("att", 1)), true));
    assert_eq!((&*asked[1].1.path, asked[1].1.is_file), ("/v1/me", false));
    world.fetched(asked[0].0, 200, "AAEC");
    let me =
        r#"{"agent_id":"agt_1","email":"a@b","name":"A","availability":"online","memberships":[],"file_limit":1000}"#;
    world.fetched(asked[1].0, 200, me);
    let replied = |message| match message {
        HubToPanel::Reply { answered, .. } => Some(answered),
        _ => None,
    };
    let replies: Vec<_> = told(&world.take_effects(), 10).into_iter().filter_map(replied).collect();
    assert_eq!(replies, [Answered::File { base64: "AAEC".into() }, Answered::FileLimit { bytes: 1_000 }]);
}
