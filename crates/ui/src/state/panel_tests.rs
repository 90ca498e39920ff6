use std::collections::BTreeMap;

use protocol::error::{ErrorCode, WireError};
use protocol::frame::{Actor, AgentSnapshot, Event, EventData, RelayFrame, Snapshot, SnapshotData, StartOver};
use protocol::template::TemplateView;
use protocol::view::{
    AgentView, Author, Availability, ChannelKind, ChannelView, ContactView, MessageView, Preview, ProjectView, Right,
    Turn,
};
use protocol::worker::OutboxState;

use super::*;

pub(crate) fn conversation(id: &str) -> ConversationView {
    ConversationView {
        id: id.into(),
        rev: 1,
        project_id: "prj_1".into(),
        channel_id: "chn_1".into(),
        contact: ContactView { id: "con_1".into(), name: "Ann".into(), seen_n: 0, block: None },
        assignee_id: None,
        fence: 0,
        turn: Turn::Ours,
        opened_at: 1_000,
        last_message_at: 1_000,
        unanswered_since: 1_000,
        preview: Preview { from_contact: true, text: "hello".into() },
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

pub(crate) fn account() -> AccountKey {
    AccountKey::new("https://desk.example", "agt_me")
}

/// Whose the panel is, as the hub says it.
pub(crate) fn told(account: Option<AccountKey>, address: Option<&str>, n_accounts: u32) -> HubToPanel {
    HubToPanel::Account { account, address: address.map(Into::into), n_accounts, others: Vec::new() }
}

fn snapshot(topic: &str, data: SnapshotData) -> HubToPanel {
    let (epoch, reason) = (String::new(), StartOver::Joined);
    let frame = RelayFrame::Snapshot(Box::new(Snapshot {
        topic: topic.into(),
        epoch,
        seq: 0,
        reason,
        part: 0,
        last: true,
        data,
    }));
    HubToPanel::Frame { frame }
}

/// What a hub says to a panel that has just opened.
pub(crate) fn opening(conversations: Vec<ConversationView>) -> Vec<HubToPanel> {
    let agent = |id: &str, name: &str, availability| AgentView {
        id: id.into(),
        name: name.into(),
        email: format!("{}@example.com", name.to_lowercase()),
        right: Right::Agent,
        availability,
    };
    let me = AgentSnapshot {
        agent_id: "agt_me".into(),
        name: "Mia".into(),
        email: "mia@example.com".into(),
        availability: Availability::Online,
        offline: None,
        settings: None,
        rights: BTreeMap::from([("prj_1".into(), Right::Agent)]),
        subscriptions: vec!["chn_1".into()],
        reads: BTreeMap::new(),
    };
    let agents = vec![agent("agt_me", "Mia", Availability::Online), agent("agt_noah", "Noah", Availability::Online)];
    let project = ProjectView { id: "prj_1".into(), name: "Shop".into() };
    let channel = ChannelView {
        id: "chn_1".into(),
        project_id: "prj_1".into(),
        name: "Website".into(),
        kind: ChannelKind::OnlineChat,
        switches: Default::default(),
    };
    vec![
        told(Some(account()), Some("mia@example.com"), 1),
        HubToPanel::Connection { state: ConnectionState::Live, offset_ms: 0 },
        snapshot("agent/agt_me", SnapshotData::Agent(me)),
        snapshot("project/prj_1", SnapshotData::Project { project, agents }),
        snapshot("channel/chn_1", SnapshotData::Channel { channel, conversations }),
    ]
}

pub(crate) fn message(n: u32, conversation_id: &str, author: Author) -> MessageView {
    MessageView {
        id: format!("msg_{n}"),
        conversation_id: conversation_id.into(),
        n,
        author,
        text: format!("text {n}"),
        at: i64::from(n) * 1_000,
        attachments: Vec::new(),
    }
}

pub(crate) fn wrote(message: MessageView) -> HubToPanel {
    let data = EventData { message: Some(message), ..Default::default() };
    HubToPanel::Frame { frame: RelayFrame::Event(Box::new(Event { data, ..event() })) }
}

fn of_template(data: EventData) -> Action {
    let event = Event { topic: "project/prj_1".into(), kind: "template_changed".into(), data, ..event() };
    Action::Hub(vec![HubToPanel::Frame { frame: RelayFrame::Event(Box::new(event)) }])
}

#[test]
fn templates_follow_their_events_and_another_account_has_others() {
    // T1
    let template = TemplateView {
        id: "tpl_1".into(),
        rev: 1,
        project_id: Some("prj_1".into()),
        title: "Greeting".into(),
        text: "Hello".into(),
        attachments: Vec::new(),
    };
    let n = |panel: &Panel| panel.templates.offered("prj_1", "").len();
    let made = of_template(EventData { template: Some(template), ..Default::default() });
    let panel = reduce(vec![
        Action::Hub(opening(Vec::new())),
        Action::TemplatesTaken(TemplateList { templates: Vec::new() }),
        made,
    ]);
    assert_eq!((n(&panel), panel.templates.loaded), (1, true));
    let gone = EventData { removed_template_id: Some("tpl_1".into()), ..Default::default() };
    assert_eq!(n(&panel.clone().reduce(of_template(gone))), 0);
    // What was missed is fetched anew.
    assert!(!panel.clone().reduce(Action::Hub(opening(Vec::new()))).templates.loaded);
    let other = Action::Hub(vec![told(Some(AccountKey::new("https://desk.example", "agt_other")), None, 1)]);
    assert_eq!(n(&panel.reduce(other)), 0);
}

#[test]
fn a_selection_is_of_the_conversation_that_is_shown() {
    // K2
    let panel = reduce(vec![
        Action::Hub(opening(vec![conversation("cnv_1"), conversation("cnv_2")])),
        Action::Select(Some("cnv_1".into())),
        Action::Choose(Choose::Hold(1)),
        Action::Select(Some("cnv_1".into())),
    ]);
    assert_eq!(panel.selection.len(), 1);
    assert!(panel.reduce(Action::Select(Some("cnv_2".into()))).selection.is_empty());
}

pub(crate) fn event() -> Event {
    Event {
        topic: "channel/chn_1".into(),
        epoch: String::new(),
        seq: 1,
        kind: "message".into(),
        v: 1,
        at: 0,
        actor: Actor::Contact,
        cause: None,
        alert: Default::default(),
        data: EventData::default(),
    }
}

pub(crate) fn reduce(actions: Vec<Action>) -> Rc<Panel> {
    actions.into_iter().fold(Rc::default(), Panel::reduce)
}

/// A panel with two open conversations, the first of them chosen and fetched, and what happens to it then.
fn reading(then: Vec<Action>) -> Rc<Panel> {
    let mut actions = vec![
        Action::Hub(opening(vec![conversation("cnv_1"), conversation("cnv_2")])),
        Action::Select(Some("cnv_1".into())),
        Action::HistoryTaken("cnv_1".into(), Fetch::Newest, history(1..=1)),
    ];
    actions.extend(then);
    reduce(actions)
}

fn item(id: &str) -> OutboxItem {
    OutboxItem {
        id: id.into(),
        conversation_id: "cnv_1".into(),
        text: "hi".into(),
        attachments: Vec::new(),
        fence: 1,
        at: 5,
    }
}

fn history(numbers: std::ops::RangeInclusive<u32>) -> History {
    let messages = numbers.map(|n| message(n, "cnv_1", Author::Contact)).collect();
    History { messages, conversations: Vec::new(), has_more: false }
}

#[test]
fn the_hubs_opening_fills_the_desk() {
    let panel = reduce(vec![Action::Hub(opening(vec![conversation("cnv_1")]))]);
    assert_eq!(panel.account(), Some(&account()));
    assert!(panel.filled);
    assert_eq!(panel.desk.list(Tab::Open, &Scope::Channel("chn_1".into()).filter()).len(), 1);
    assert_eq!(panel.desk.list(Tab::Open, &Scope::Project("prj_2".into()).filter()).len(), 0);
}

#[test]
fn a_conversation_asked_for_before_the_hub_spoke_stays_chosen() {
    // N4: a click on a pop-up opens the panel at that conversation.
    let panel = reduce(vec![Action::Select(Some("cnv_1".into())), Action::Hub(opening(vec![conversation("cnv_1")]))]);
    assert_eq!(panel.selected().map(|it| it.id.clone()).as_deref(), Some("cnv_1"));
    assert!(panel.thread("cnv_1").is_some());
}

#[test]
fn what_the_page_asks_for_of_another_account_waits_until_it_is_the_panels() {
    // N4: an address may have accounts at several relays.
    let noah = AccountKey::new("https://other.example", "agt_noah");
    let asked = |account: &AccountKey, id: &str| Action::Open(account.clone(), id.into());
    let opened = || Action::Hub(opening(vec![conversation("cnv_1")]));
    let panel = reduce(vec![opened(), asked(&account(), "cnv_1")]);
    assert_eq!(panel.view.selected.as_deref(), Some("cnv_1"));
    let panel = panel.reduce(asked(&noah, "cnv_5"));
    assert_eq!(panel.view.selected.as_deref(), Some("cnv_1"), "it is not his");
    let panel = panel.reduce(Action::Hub(vec![told(Some(noah.clone()), None, 2)]));
    assert_eq!((panel.account(), panel.view.selected.as_deref()), (Some(&noah), Some("cnv_5")));
    // A frame that is new is asked before the hub spoke; what he chose meanwhile stays.
    let panel = reduce(vec![asked(&account(), "cnv_1"), opened()]);
    assert_eq!(panel.view.selected.as_deref(), Some("cnv_1"));
    let panel = reduce(vec![
        opened(),
        asked(&noah, "cnv_5"),
        Action::Select(None),
        Action::Hub(vec![told(Some(noah), None, 2)]),
    ]);
    assert_eq!(panel.view.selected, None);
}

#[test]
fn another_account_starts_with_nothing_of_the_former() {
    let other = told(None, Some("ann@example.com"), 1);
    let opened = Action::Hub(opening(vec![conversation("cnv_1")]));
    let panel = reduce(vec![opened, Action::Select(Some("cnv_1".into())), Action::Hub(vec![other])]);
    assert!(panel.selected().is_none() && panel.thread("cnv_1").is_none());
    assert!(matches!(panel.standing, Standing::NoAccount { n_accounts: 1, .. }));
}

#[test]
fn a_hub_that_begins_anew_replaces_the_desk_and_has_messages_asked_for_again() {
    let panel = reading(vec![Action::Lost, Action::Hub(opening(vec![conversation("cnv_1")]))]);
    assert!(panel.desk.conversation("cnv_2").is_none());
    assert!(panel.thread("cnv_1").is_some_and(|thread| thread.stale && thread.messages().len() == 1));
}

#[test]
fn a_new_hub_that_knows_nothing_yet_leaves_the_old_lists_on_the_screen() {
    let mut told = opening(vec![conversation("cnv_1")]);
    let snapshots = told.split_off(2);
    told[1] = HubToPanel::Connection { state: ConnectionState::Connecting, offset_ms: 0 };
    let panel = reading(vec![Action::Lost, Action::Hub(told)]);
    assert_eq!(panel.desk.list(Tab::Open, &Scope::All.filter()).len(), 2);
    assert!(panel.filled && panel.connection == ConnectionState::Connecting);
    let panel = panel.reduce(Action::Hub(snapshots));
    assert_eq!(panel.desk.list(Tab::Open, &Scope::All.filter()).len(), 1);
}

#[test]
fn a_channel_without_access_is_forgotten_with_its_messages() {
    let left = || HubToPanel::Frame { frame: RelayFrame::Left { topic: "channel/chn_1".into() } };
    let panel = reading(vec![Action::Scope(Scope::Channel("chn_1".into())), Action::Hub(vec![left()])]);
    assert!(panel.selected().is_none() && panel.view.selected.is_none());
    assert!(panel.thread("cnv_1").is_none() && panel.conversation("cnv_1").is_none());
    assert_eq!(panel.view.scope, Scope::All);
    // Also if nobody said so while it went: what was fetched of it is not shown.
    let mut elsewhere = conversation("cnv_9");
    elsewhere.channel_id = "chn_9".into();
    let foreign = History { conversations: vec![elsewhere], ..history(1..=1) };
    let fetched = Action::HistoryTaken("cnv_9".into(), Fetch::Newest, foreign);
    let panel = reading(vec![Action::Select(Some("cnv_9".into())), fetched]);
    assert!(panel.selected().is_none());
}

#[test]
fn what_stands_elsewhere_of_a_lost_channel_is_fetched_anew() {
    let mut earlier = conversation("cnv_9");
    earlier.channel_id = "chn_9".into();
    let both = History { conversations: vec![earlier], ..history(1..=2) };
    let left = HubToPanel::Frame { frame: RelayFrame::Left { topic: "channel/chn_9".into() } };
    let panel = reading(vec![Action::HistoryTaken("cnv_1".into(), Fetch::Newest, both), Action::Hub(vec![left])]);
    assert!(panel.selected().is_some());
    assert!(panel.thread("cnv_1").is_some_and(|thread| !thread.loaded && thread.messages().is_empty()));
}

#[test]
fn after_signing_out_and_in_again_nothing_of_before_is_left() {
    let out = HubToPanel::Connection { state: ConnectionState::SignedOut, offset_ms: 0 };
    let panel = reading(vec![Action::Hub(vec![out])]);
    assert!(panel.desk.conversation("cnv_1").is_none() && panel.thread("cnv_1").is_none() && !panel.filled);
    assert_eq!(panel.connection, ConnectionState::SignedOut);
    let account = opening(Vec::new()).swap_remove(0);
    let panel = panel.reduce(Action::Hub(vec![account]));
    assert_eq!((panel.account(), panel.connection), (Some(&self::account()), ConnectionState::Connecting));
}

#[test]
fn a_live_message_joins_its_thread_and_ends_its_way_through_the_outbox() {
    let mine = MessageView { id: "msg_mine".into(), ..message(2, "cnv_1", Author::Contact) };
    let panel = reduce(vec![
        Action::Hub(opening(vec![conversation("cnv_1")])),
        Action::Select(Some("cnv_1".into())),
        Action::HistoryTaken("cnv_1".into(), Fetch::Newest, history(1..=1)),
        Action::Sending(item("msg_mine")),
        Action::Hub(vec![
            wrote(mine.clone()),
            HubToPanel::Outbox { item: item("msg_mine"), state: OutboxState::Sent { message: Box::new(mine) } },
        ]),
    ]);
    assert_eq!(panel.thread("cnv_1").map(|thread| thread.messages().len()), Some(2));
    assert_eq!(panel.outbox.of("cnv_1").count(), 0);
}

#[test]
fn a_notice_stays_until_the_agent_goes_elsewhere_and_each_has_a_number_of_its_own() {
    let refused = || Action::Notice(Notice::unreachable());
    let panel = reduce(vec![refused(), refused()]);
    assert_eq!(panel.notice.as_ref().map(|notice| notice.number), Some(2));
    let panel = panel.reduce(Action::Select(None));
    assert_eq!(panel.notice, None);
}

#[test]
fn the_offer_to_go_online_goes_when_the_agent_is_online() {
    // P7
    let own = |availability| {
        let data = EventData { availability: Some(availability), ..Default::default() };
        let event = Event { topic: "agent/agt_me".into(), data, ..event() };
        Action::Hub(vec![HubToPanel::Frame { frame: RelayFrame::Event(Box::new(event)) }])
    };
    let panel = reading(vec![own(Availability::Offline), Action::Notice(Notice::offline())]);
    let panel = panel.reduce(Action::Hub(vec![wrote(message(2, "cnv_1", Author::Contact))]));
    assert!(panel.notice.as_ref().is_some_and(|notice| notice.offers_online));
    assert_eq!(panel.reduce(own(Availability::Online)).notice, None);
    let panel = reading(vec![Action::Notice(Notice::unreachable()), own(Availability::Online)]);
    assert!(panel.notice.is_some(), "another notice stays");
}

#[test]
fn a_failed_answer_is_marked() {
    let error = WireError {
        code: ErrorCode::StaleFence,
        message: String::new(),
        details: Default::default(),
        request_id: String::new(),
    };
    let failed = HubToPanel::Outbox { item: item("msg_a"), state: OutboxState::Failed { error } };
    let panel = reduce(vec![Action::Hub(vec![failed])]);
    assert_eq!(panel.outbox.returning(Some("cnv_1")).count(), 1);
    // The hub begins anew after another panel took the answer out.
    let told_again = panel.clone().reduce(Action::Hub(opening(Vec::new())));
    assert_eq!(told_again.outbox.returning(Some("cnv_1")).count(), 0);
    assert_eq!(panel.reduce(Action::Dropped("msg_a".into())).outbox.returning(Some("cnv_1")).count(), 0);
}

#[test]
fn threads_of_long_ago_are_forgotten() {
    let panel = reduce((0..20).map(|n| Action::Select(Some(format!("cnv_{n}")))).collect());
    assert!(panel.thread("cnv_0").is_none() && panel.thread("cnv_19").is_some());
    assert_eq!(panel.threads.values().count(), THREADS_MAX);
}

#[test]
fn finished_pages_are_counted_by_scope() {
    let mut ended = conversation("cnv_9");
    ended.closed_at = Some(9);
    let page = ConversationPage { conversations: vec![ended], next: Some("more".into()) };
    let panel =
        reduce(vec![Action::FinishedTaken(Scope::All, page), Action::FinishedFailed(Scope::Channel("chn_1".into()))]);
    assert_eq!(panel.paging(&Scope::All).next.as_deref(), Some("more"));
    assert_eq!(panel.paging(&Scope::Channel("chn_1".into())).fetch, Fetch::Failed);
    assert_eq!(panel.desk.list(Tab::Finished, &Scope::All.filter()).len(), 1);
}
