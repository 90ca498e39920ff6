//! The desk's behaviour, by frames as the relay sends them.

mod attention;
mod lists;
mod presence;
mod topics;

use std::collections::BTreeMap;

use domain::order::{self, Tab};
use domain::time::Timestamp;
use protocol::frame::{
    Actor, AgentSnapshot, Event, EventData, ReadMark, RelayFrame, Snapshot, SnapshotData, StartOver, Subscription,
};
use protocol::view::{
    AgentView, Audience, Availability, ChannelKind, ChannelView, CloseReason, ContactView, ConversationView, Preview,
    ProjectView, Right, Turn,
};

use crate::{Counts, Desk, Filter};

/// A valid id: the number in the last places.
fn id(prefix: &str, n: u32) -> String {
    format!("{prefix}_{n:026}")
}

fn me() -> String {
    id("agt", 1)
}

fn conversation(n: u32, channel: u32) -> ConversationView {
    ConversationView {
        id: id("cnv", n),
        rev: 1,
        project_id: id("prj", 1),
        channel_id: id("chn", channel),
        contact: ContactView { id: id("con", n), name: format!("Visitor {n}"), seen_n: 0, block: None },
        assignee_id: None,
        fence: 0,
        turn: Turn::Ours,
        opened_at: 0,
        last_message_at: i64::from(n),
        unanswered_since: 0,
        preview: Preview { from_contact: true, text: String::from("hello") },
        first_n: 1,
        last_n: 1,
        n_alerts: 1,
        deadline_at: None,
        due: None,
        closed_at: None,
        close_reason: None,
        previous_id: None,
    }
}

fn snapshot(topic: String, reason: StartOver, part: u32, last: bool, data: SnapshotData) -> RelayFrame {
    RelayFrame::Snapshot(Box::new(Snapshot { topic, epoch: String::from("e"), seq: 0, reason, part, last, data }))
}

fn channel_snapshot(channel: u32, reason: StartOver, conversations: Vec<ConversationView>) -> RelayFrame {
    let view = ChannelView {
        id: id("chn", channel),
        project_id: id("prj", 1),
        name: format!("Channel {channel}"),
        kind: ChannelKind::OnlineChat,
        switches: Default::default(),
    };
    let data = SnapshotData::Channel { channel: view, conversations };
    snapshot(format!("channel/{}", id("chn", channel)), reason, 0, true, data)
}

/// Subscribed to the channels 1 and 2 but not to 3.
fn own_snapshot(availability: Availability) -> RelayFrame {
    let data = SnapshotData::Agent(AgentSnapshot {
        agent_id: me(),
        name: String::from("Ann"),
        email: String::from("ann@example.com"),
        availability,
        offline: None,
        settings: None,
        rights: BTreeMap::from([(id("prj", 1), Right::Agent)]),
        subscriptions: vec![id("chn", 1), id("chn", 2)],
        reads: BTreeMap::new(),
    });
    snapshot(format!("agent/{}", me()), StartOver::Joined, 0, true, data)
}

fn agent(n: u32, name: &str) -> AgentView {
    let email = format!("{n}@example.com");
    AgentView {
        id: id("agt", n),
        name: name.to_owned(),
        email,
        right: Right::Agent,
        availability: Availability::Offline,
    }
}

fn event(topic: String, alert: Audience, data: EventData) -> Event {
    Event {
        topic,
        epoch: String::from("e"),
        seq: 1,
        kind: String::from("something"),
        v: 1,
        at: 0,
        actor: Actor::Contact,
        cause: None,
        alert,
        data,
    }
}

fn apply(desk: &mut Desk, topic: String, data: EventData) -> bool {
    desk.apply(&RelayFrame::Event(Box::new(event(topic, Audience::Nobody, data))))
}

fn update(desk: &mut Desk, conversation: ConversationView) -> bool {
    let topic = format!("channel/{}", conversation.channel_id);
    apply(desk, topic, EventData { conversation: Some(conversation), ..EventData::default() })
}

fn desk(conversations: Vec<ConversationView>) -> Desk {
    let mut desk = Desk::default();
    // Channels before the agent's own topic: the order of topics is not fixed.
    for channel in 1..=3 {
        let its = conversations.iter().filter(|it| it.channel_id == id("chn", channel)).cloned().collect();
        desk.apply(&channel_snapshot(channel, StartOver::Joined, its));
    }
    desk.apply(&own_snapshot(Availability::Online));
    let project = ProjectView { id: id("prj", 1), name: String::from("Shop") };
    let data = SnapshotData::Project { project, agents: vec![agent(1, "Ann"), agent(2, "Bob")] };
    desk.apply(&snapshot(format!("project/{}", id("prj", 1)), StartOver::Joined, 0, true, data));
    desk
}

fn ids(desk: &Desk, tab: Tab) -> Vec<String> {
    desk.list(tab, &Filter::default()).iter().map(|it| it.id.clone()).collect()
}

/// Takes a conversation to its next state.
fn changed(of: &ConversationView, change: impl FnOnce(&mut ConversationView)) -> ConversationView {
    let mut next = of.clone();
    next.rev += 1;
    change(&mut next);
    next
}
