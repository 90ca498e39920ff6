use std::collections::BTreeMap;

use proptest::prelude::*;
use protocol::command;
use protocol::error::{ErrorBody, ErrorCode, WireError};
use protocol::file::AttachmentView;
use protocol::frame::{
    Actor, AgentSnapshot, ClientFrame, ContactSnapshot, Cursor, Event, EventData, RelayFrame, Snapshot, SnapshotData,
    StartOver,
};
use protocol::view::{Audience, Availability, ContactBlock, ContactMessageView};
use serde_json::Value;

use super::{Block, Change, ContactState, Frame, History, Json, Message};

impl Json for Value {
    fn field(&self, name: &str) -> Option<Self> {
        self.get(name).filter(|value| !value.is_null()).cloned()
    }
    fn text(&self, name: &str) -> Option<String> {
        let value = if name.is_empty() { self } else { self.get(name)? };
        value.as_str().map(str::to_owned)
    }
    fn number(&self, name: &str) -> Option<f64> {
        self.get(name)?.as_f64()
    }
    fn flag(&self, name: &str) -> Option<bool> {
        self.get(name)?.as_bool()
    }
    fn json(&self, name: &str) -> Option<String> {
        Some(self.get(name)?.to_string())
    }
    fn items(&self, name: &str) -> Option<Vec<Self>> {
        self.get(name)?.as_array().cloned()
    }
}

const TOPIC: &str = "contact/con_1";

fn view(n: u32, agent_name: Option<&str>) -> ContactMessageView {
    let text = String::from("\"Hi\"\n<b>");
    ContactMessageView {
        id: format!("msg_{n}"),
        n,
        agent_name: agent_name.map(str::to_owned),
        text,
        at: 1_900_000_000_123,
        attachments: vec![AttachmentView {
            id: "att_1".into(),
            name: "б\".png".into(),
            size: 7,
            media_type: "image/png".into(),
            width: Some(3),
            height: Some(2),
        }],
    }
}

fn twin(view: &ContactMessageView) -> Message {
    let view = view.clone();
    let files = serde_json::to_value(&view.attachments).unwrap().to_string();
    Message { id: view.id, n: view.n, agent_name: view.agent_name, text: view.text, at: view.at, files }
}

fn block(of: ContactBlock) -> Block {
    Block { blocked: of.blocked, until: of.until }
}

fn read(frame: &RelayFrame) -> Frame {
    super::frame(&serde_json::to_value(frame).unwrap())
}

fn event(data: EventData) -> RelayFrame {
    RelayFrame::Event(Box::new(Event {
        topic: TOPIC.into(),
        epoch: "ep".into(),
        seq: 9_007_199_254_740_991,
        kind: "contact_wrote".into(),
        v: 1,
        at: 5,
        actor: Actor::Contact,
        cause: None,
        alert: Audience::Subscribed,
        data,
    }))
}

fn snapshot(data: SnapshotData) -> RelayFrame {
    let (topic, epoch) = (TOPIC.into(), "ep".into());
    RelayFrame::Snapshot(Box::new(Snapshot {
        topic,
        epoch,
        seq: 7,
        reason: StartOver::Joined,
        part: 0,
        last: true,
        data,
    }))
}

fn wire_error(code: ErrorCode) -> WireError {
    WireError {
        code,
        message: "no".into(),
        details: protocol::error::ErrorDetails::default(),
        request_id: "req_1".into(),
    }
}

/// What the widget must make of each form; the exhaustive match stops a new form of the wire from being forgotten here.
fn expected(frame: &RelayFrame) -> Frame {
    match frame.clone() {
        RelayFrame::Welcome { time_ms, epoch, .. } => Frame::Welcome { time_ms, epoch },
        RelayFrame::Event(event) => {
            let Event { topic, epoch, seq, data, .. } = *event;
            let message = data.contact_message.as_ref().map(twin);
            let change = Change { message, seen_n: data.seen_n, open: data.open, block: data.block.map(block) };
            Frame::Event { topic, epoch, seq, change }
        }
        RelayFrame::Snapshot(snapshot) => {
            let Snapshot { topic, epoch, seq, part, last, data, .. } = *snapshot;
            let contact = match data {
                SnapshotData::Contact(it) => Some(ContactState {
                    history: History { messages: it.messages.iter().map(twin).collect(), has_more: it.has_more },
                    seen_n: it.seen_n,
                    open: it.open,
                    block: it.block.map(block).unwrap_or_default(),
                }),
                SnapshotData::Agent(_)
                | SnapshotData::Project { .. }
                | SnapshotData::Channel { .. }
                | SnapshotData::Unknown => None,
            };
            Frame::Snapshot { topic, epoch, seq, part, last, contact }
        }
        RelayFrame::Left { topic } => Frame::Left { topic },
        RelayFrame::UpToDate { time_ms } => Frame::UpToDate { time_ms },
        RelayFrame::Ping { time_ms } => Frame::Ping { time_ms },
        RelayFrame::Goaway { after_ms } => Frame::Goaway { after_ms },
        RelayFrame::Error { error } => {
            Frame::Error { code: serde_json::to_value(error.code).unwrap().as_str().unwrap().to_owned() }
        }
        // What passes by is not shown yet.
        RelayFrame::Typing { .. }
        | RelayFrame::Viewing { .. }
        | RelayFrame::VisitChanged { .. }
        | RelayFrame::Unknown => Frame::Unknown,
    }
}

#[test]
fn every_frame_of_the_relay_is_read() {
    let messages = vec![view(1, None), view(2, Some("Ada"))];
    let contact = ContactSnapshot { messages, has_more: true, seen_n: 1, open: true, block: None };
    let held = |until| Some(ContactBlock { blocked: true, until });
    let agent = AgentSnapshot {
        agent_id: "agt_1".into(),
        name: "Ada".into(),
        email: "a@x".into(),
        availability: Availability::Online,
        offline: None,
        settings: None,
        rights: BTreeMap::new(),
        subscriptions: vec![],
        reads: BTreeMap::new(),
    };
    let mut frames = vec![
        RelayFrame::Welcome { time_ms: 1_900_000_000_000, version: 1, features: vec!["x".into()], epoch: "ep".into() },
        event(EventData { contact_message: Some(view(3, Some("Ada"))), open: Some(true), ..EventData::default() }),
        event(EventData { contact_message: Some(view(3, None)), ..EventData::default() }),
        event(EventData { seen_n: Some(3), ..EventData::default() }),
        event(EventData { open: Some(false), ..EventData::default() }),
        event(EventData::default()),
        event(EventData { block: held(Some(1_900_000_000_000)), ..EventData::default() }),
        event(EventData {
            block: Some(ContactBlock { blocked: false, until: None }),
            open: Some(true),
            ..EventData::default()
        }),
        snapshot(SnapshotData::Contact(ContactSnapshot { block: held(None), ..contact.clone() })),
        snapshot(SnapshotData::Contact(contact)),
        snapshot(SnapshotData::Agent(agent)),
        snapshot(SnapshotData::Unknown),
        RelayFrame::Left { topic: TOPIC.into() },
        RelayFrame::UpToDate { time_ms: -1 },
        RelayFrame::Ping { time_ms: 2 },
        RelayFrame::Goaway { after_ms: 1_500 },
        RelayFrame::Typing { topic: "contact/con_1".into(), conversation_id: None, agent_id: None },
        RelayFrame::Unknown,
    ];
    frames.extend(ErrorCode::ALL.into_iter().map(|code| RelayFrame::Error { error: wire_error(code) }));
    for frame in frames {
        assert_eq!(read(&frame), expected(&frame));
    }
}

#[test]
fn the_heads_carry_what_the_session_needs() {
    let frame = read(&snapshot(SnapshotData::Unknown));
    assert_eq!(frame.head(), session::Head::Snapshot { topic: TOPIC, epoch: "ep", seq: 7, part: 0, last: true });
    assert_eq!(Frame::Error { code: "unauthorized".into() }.head(), session::Head::Error { code: "unauthorized" });
}

#[test]
fn the_bodies_are_read() {
    let history = command::ContactHistory { messages: vec![view(1, None), view(2, Some("Ada"))], has_more: true };
    let value = serde_json::to_value(&history).unwrap();
    let messages = history.messages.iter().map(twin).collect();
    assert_eq!(super::history(&value), Some(History { messages, has_more: true }));

    let body = command::ContactMessageBody { message: view(4, None) };
    assert_eq!(super::message_body(&serde_json::to_value(&body).unwrap()), Some(twin(&body.message)));

    let body = command::VisitorBody { token: "t".into() };
    assert_eq!(super::visitor_token(&serde_json::to_value(&body).unwrap()), Some("t".into()));

    let blocked = serde_json::to_value(ErrorCode::ContactBlocked).unwrap();
    assert_eq!(blocked.as_str(), Some(crate::texts::BLOCKED));
    let body = ErrorBody { error: wire_error(ErrorCode::OriginNotAllowed) };
    assert_eq!(super::error_code(&serde_json::to_value(&body).unwrap()), Some("origin_not_allowed".into()));
}

#[test]
fn what_the_widget_says_is_understood() {
    let cursor = session::Cursor { epoch: "e\"p".into(), seq: 12 };
    let hello: ClientFrame =
        serde_json::from_str(&super::write::hello("to\\ken", &[(TOPIC.into(), cursor.clone())])).unwrap();
    let wire_cursor = Cursor { epoch: "e\"p".into(), seq: 12 };
    let expected = ClientFrame::Hello {
        token: "to\\ken".into(),
        version: protocol::WIRE_VERSION,
        features: vec![],
        cursors: BTreeMap::from([(TOPIC.into(), wire_cursor.clone())]),
        here: false,
    };
    assert_eq!(hello, expected);
    assert_eq!(serde_json::from_str::<ClientFrame>(&super::write::pong()).unwrap(), ClientFrame::Pong);
    let typing = ClientFrame::Typing { conversation_id: None };
    assert_eq!(serde_json::from_str::<ClientFrame>(&super::write::typing()).unwrap(), typing);
    let resume: ClientFrame = serde_json::from_str(&super::write::resume(TOPIC, &cursor)).unwrap();
    assert_eq!(resume, ClientFrame::Resume { topic: TOPIC.into(), cursor: wire_cursor });
}

#[test]
fn wrong_types_are_nothing_and_not_a_guess() {
    for text in [
        r#"{"t":"event","topic":"a","epoch":"e","seq":-1}"#,
        r#"{"t":"event","topic":"a","epoch":"e","seq":1.5}"#,
        r#"{"t":"ping","time_ms":"1"}"#,
        r#"{"t":7}"#,
        "[]",
        "null",
    ] {
        assert_eq!(super::frame(&serde_json::from_str::<Value>(text).unwrap()), Frame::Unknown, "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_survives_the_writer(text in "\\PC{0,60}|[\\x00-\\x7f]{0,60}") {
        let body: command::ContactWrites = serde_json::from_str(&super::write::contact_writes("msg_1", &text, "[\"att_1\"]")).unwrap();
        prop_assert_eq!(body, command::ContactWrites { id: "msg_1".into(), text, attachments: vec!["att_1".into()] });
    }
}

#[test]
fn the_loader_tells_of_a_visit_by_the_relays_names() {
    // I1. The loader writes the report, and the frame passes it on as it is.
    let loader = include_str!("../../loader.js");
    let page = protocol::visit::TellPage { n: 1, url: "u".into(), title: "t".into(), ago_seconds: 1, seconds: 1 };
    let report = protocol::visit::TellVisit {
        visit: "v".into(),
        here: true,
        seconds: 1,
        language: Some("en".into()),
        screen: Some(protocol::visit::ScreenSize { width: 1, height: 1 }),
        pages: vec![page.clone()],
    };
    let names = |value: Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let all = [serde_json::to_value(&report), serde_json::to_value(&page), serde_json::to_value(report.screen)];
    for name in all.into_iter().flat_map(|value| names(value.unwrap())) {
        let is_named = ["{ ", ", ", "page."].iter().any(|before| loader.contains(&format!("{before}{name}")));
        assert!(is_named, "{name}");
    }
}
