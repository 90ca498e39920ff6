//! A hub with accounts, pages and panels, and the relay's frames.

use std::collections::BTreeMap;

use protocol::frame::{
    Actor, AgentSnapshot, Event, EventData, ReadMark, RelayFrame, Snapshot, SnapshotData, StartOver,
};
use protocol::view::{
    AgentSettings, Audience, Availability, ChannelKind, ChannelView, ContactView, ConversationView, Preview, Right,
    Turn,
};
use protocol::worker::{Account, AccountKey, Accounts, HubToPage, HubToPanel, PageToHub, PanelToHub, ToWorker};

use crate::core::{Core, Effect, FetchId, HttpCall, HttpOutcome, Kept, PortId};

pub(super) const RELAY: &str = "https://relay.example";

/// A valid id: the number in the last places.
pub(super) fn id(prefix: &str, n: u32) -> String {
    format!("{prefix}_{n:026}")
}

pub(super) fn account(n: u32, email: &str) -> Account {
    Account {
        relay: RELAY.to_owned(),
        token: format!("token {n}"),
        agent_id: id("agt", n),
        email: email.to_owned(),
        name: format!("Agent {n}"),
    }
}

pub(super) fn key(account: &Account) -> AccountKey {
    AccountKey::new(&account.relay, &account.agent_id)
}

pub(super) fn accounts(accounts: &[Account]) -> Accounts {
    accounts.iter().map(|account| (key(account), account.clone())).collect()
}

pub(super) fn conversation(n: u32) -> ConversationView {
    ConversationView {
        id: id("cnv", n),
        rev: 1,
        project_id: id("prj", 1),
        channel_id: id("chn", 1),
        contact: ContactView { id: id("con", n), name: format!("Visitor {n}"), seen_n: 0, block: None },
        assignee_id: None,
        fence: 0,
        turn: Turn::Ours,
        opened_at: 0,
        last_message_at: 0,
        unanswered_since: 0,
        preview: Preview { from_contact: true, text: String::from("<b>hello</b>") },
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

pub(super) struct World {
    pub(super) core: Core,
    pub(super) now_ms: i64,
    /// The number of the channel's last event, per account.
    seq: BTreeMap<AccountKey, u64>,
    /// The same of the agent's own topic.
    own_seq: BTreeMap<AccountKey, u64>,
    pub(super) effects: Vec<Effect>,
}

impl World {
    /// A hub that knows these accounts; each is caught up and Online.
    pub(super) fn live(of: &[Account]) -> Self {
        let mut world = Self::new();
        world.act(|core, now_ms| core.set_accounts(accounts(of), |_| Vec::new(), now_ms));
        for account in of {
            world.catch_up(account, Availability::Online);
        }
        world
    }

    pub(super) fn new() -> Self {
        let now_ms = 1_000_000;
        Self { core: Core::new(1, now_ms), now_ms, seq: BTreeMap::new(), own_seq: BTreeMap::new(), effects: Vec::new() }
    }

    pub(super) fn act(&mut self, act: impl FnOnce(&mut Core, i64)) {
        act(&mut self.core, self.now_ms);
        self.effects.extend(self.core.take_effects());
    }

    pub(super) fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    pub(super) fn pass(&mut self, ms: i64) {
        self.now_ms += ms;
        self.act(Core::tick);
    }

    pub(super) fn frame(&mut self, account: &Account, frame: &RelayFrame) {
        let text = serde_json::to_string(frame).unwrap();
        self.act(|core, now_ms| core.frame(&key(account), &text, now_ms));
    }

    pub(super) fn welcome(&mut self, account: &Account) {
        self.act(|core, now_ms| core.socket_opened(&key(account), now_ms));
        let (time_ms, epoch) = (self.now_ms, String::from("e"));
        self.frame(account, &RelayFrame::Welcome { time_ms, version: 1, features: Vec::new(), epoch });
    }

    pub(super) fn up_to_date(&mut self, account: &Account) {
        self.frame(account, &RelayFrame::UpToDate { time_ms: self.now_ms });
    }

    /// The socket opens and the relay sends snapshots.
    pub(super) fn catch_up(&mut self, account: &Account, availability: Availability) {
        self.welcome(account);
        let agent = AgentSnapshot {
            agent_id: account.agent_id.clone(),
            name: account.name.clone(),
            email: account.email.clone(),
            availability,
            offline: None,
            settings: None,
            rights: BTreeMap::from([(id("prj", 1), Right::Agent)]),
            subscriptions: vec![id("chn", 1)],
            reads: BTreeMap::new(),
        };
        let (epoch, reason) = (String::from("e"), StartOver::Joined);
        let (topic, data) = (format!("agent/{}", account.agent_id), SnapshotData::Agent(agent));
        self.frame(
            account,
            &RelayFrame::Snapshot(Box::new(Snapshot { topic, epoch, seq: 0, reason, part: 0, last: true, data })),
        );
        self.snapshot(account, 0);
        self.up_to_date(account);
        self.seq.insert(key(account), 0);
        self.own_seq.insert(key(account), 0);
    }

    /// The channel without a conversation, as of `seq`.
    pub(super) fn snapshot(&mut self, account: &Account, seq: u64) {
        let channel = ChannelView {
            id: id("chn", 1),
            project_id: id("prj", 1),
            name: String::from("Shop"),
            kind: ChannelKind::OnlineChat,
            switches: Default::default(),
        };
        let (topic, data) = (channel_topic(), SnapshotData::Channel { channel, conversations: Vec::new() });
        let (epoch, reason) = (String::from("e"), StartOver::Joined);
        self.frame(
            account,
            &RelayFrame::Snapshot(Box::new(Snapshot { topic, epoch, seq, reason, part: 0, last: true, data })),
        );
    }

    /// The channel's next event.
    pub(super) fn event(&mut self, account: &Account, alert: Audience, conversation: &ConversationView) {
        let seq = self.seq.entry(key(account)).or_default();
        *seq += 1;
        let data = EventData { conversation: Some(conversation.clone()), ..EventData::default() };
        let event = Event {
            topic: channel_topic(),
            epoch: String::from("e"),
            seq: *seq,
            kind: String::from("contact_wrote"),
            v: 1,
            at: 0,
            actor: Actor::Contact,
            cause: None,
            alert,
            data,
        };
        self.frame(account, &RelayFrame::Event(Box::new(event)));
    }

    /// The agent's own next event: what he has seen of a conversation.
    pub(super) fn read(&mut self, account: &Account, conversation_id: &str, n_alerts: u32) {
        let read = Some(ReadMark { conversation_id: conversation_id.to_owned(), n_alerts });
        self.own_event(account, "conversation_read", EventData { read, ..EventData::default() });
    }

    /// The agent's own next event: he chose other settings.
    pub(super) fn chooses(&mut self, account: &Account, settings: AgentSettings) {
        let data = EventData { settings: Some(settings), ..EventData::default() };
        self.own_event(account, "settings_changed", data);
    }

    fn own_event(&mut self, account: &Account, kind: &str, data: EventData) {
        let seq = self.own_seq.entry(key(account)).or_default();
        *seq += 1;
        let event = Event {
            topic: format!("agent/{}", account.agent_id),
            epoch: String::from("e"),
            seq: *seq,
            kind: kind.to_owned(),
            v: 1,
            at: 0,
            actor: Actor::Agent { agent_id: account.agent_id.clone() },
            cause: None,
            alert: Audience::Nobody,
            data,
        };
        self.frame(account, &RelayFrame::Event(Box::new(event)));
    }

    pub(super) fn page(&mut self, port: PortId, address: Option<&str>, is_visible: bool, is_panel_open: bool) {
        let address = address.map(str::to_owned);
        let hello = PageToHub::Hello {
            page_id: format!("page {port}"),
            address,
            visible: is_visible,
            panel_open: is_panel_open,
        };
        self.act(|core, now_ms| {
            core.page_opened(port, i32::try_from(port).ok(), now_ms);
            core.page_says(port, hello, now_ms);
        });
    }

    /// The page that stood at `page` connects anew with another address.
    pub(super) fn page_again(&mut self, port: PortId, page: PortId, address: &str) {
        let hello = PageToHub::Hello {
            page_id: format!("page {page}"),
            address: Some(address.to_owned()),
            visible: true,
            panel_open: true,
        };
        self.act(|core, now_ms| {
            core.page_opened(port, i32::try_from(port).ok(), now_ms);
            core.page_says(port, hello, now_ms);
        });
    }

    pub(super) fn page_is(&mut self, port: PortId, is_visible: bool, is_panel_open: bool) {
        let state = PageToHub::State { visible: is_visible, panel_open: is_panel_open };
        self.act(|core, now_ms| core.page_says(port, state, now_ms));
    }

    /// A panel in the page with the port `page`.
    pub(super) fn panel(&mut self, port: PortId, page: PortId) {
        self.act(|core, now_ms| core.panel_opened(port, now_ms));
        self.panel_says(port, PanelToHub::Hello { page_id: format!("page {page}"), account: None });
    }

    pub(super) fn panel_says(&mut self, port: PortId, message: PanelToHub) {
        self.act(|core, now_ms| core.panel_says(port, message, now_ms));
    }

    pub(super) fn fetched(&mut self, id: FetchId, status: u16, body: &str) {
        let outcome = HttpOutcome::Answered { status, body: body.to_owned(), retry_after_ms: None };
        self.act(|core, now_ms| core.fetched(id, &outcome, now_ms));
    }
}

pub(super) fn channel_topic() -> String {
    format!("channel/{}", id("chn", 1))
}

/// The pop-ups among the effects: port and conversation.
pub(super) fn popups(effects: &[Effect]) -> Vec<(PortId, String)> {
    let popup = |effect: &Effect| match effect {
        Effect::ToPage { port, message: HubToPage::Popup { conversation_id, .. } } => {
            Some((*port, conversation_id.clone()))
        }
        _ => None,
    };
    effects.iter().filter_map(popup).collect()
}

/// The dismissals among the effects: port and conversation.
pub(super) fn dismissals(effects: &[Effect]) -> Vec<(PortId, String)> {
    let dismissal = |effect: &Effect| match effect {
        Effect::ToPage { port, message: HubToPage::Dismiss { conversation_id } } => {
            Some((*port, conversation_id.clone()))
        }
        _ => None,
    };
    effects.iter().filter_map(dismissal).collect()
}

/// What the service worker was told of desktop notifications and tabs.
pub(super) fn to_worker(effects: &[Effect]) -> Vec<ToWorker> {
    let told = |effect: &Effect| match effect {
        Effect::Worker(ToWorker::Badge { .. }) => None,
        Effect::Worker(message) => Some(message.clone()),
        _ => None,
    };
    effects.iter().filter_map(told).collect()
}

/// The waiting counts among the effects: port, count, availability.
pub(super) fn waiting(effects: &[Effect]) -> Vec<(PortId, u32, Option<Availability>)> {
    let waiting = |effect: &Effect| match effect {
        Effect::ToPage { port, message: HubToPage::Waiting { n_waiting, availability } } => {
            Some((*port, *n_waiting, *availability))
        }
        _ => None,
    };
    effects.iter().filter_map(waiting).collect()
}

pub(super) fn n_sounds(effects: &[Effect]) -> usize {
    effects.iter().filter(|effect| **effect == Effect::Sound).count()
}

pub(super) fn badges(effects: &[Effect]) -> Vec<String> {
    let badge = |effect: &Effect| match effect {
        Effect::Worker(ToWorker::Badge { text }) => Some(text.clone()),
        _ => None,
    };
    effects.iter().filter_map(badge).collect()
}

pub(super) fn fetches(effects: &[Effect]) -> Vec<(FetchId, HttpCall)> {
    let fetch = |effect: &Effect| match effect {
        Effect::Fetch { id, call, .. } => Some((*id, call.clone())),
        _ => None,
    };
    effects.iter().filter_map(fetch).collect()
}

/// What a panel was told.
pub(super) fn told(effects: &[Effect], panel: PortId) -> Vec<HubToPanel> {
    let told = |effect: &Effect| match effect {
        Effect::ToPanels { ports, message } if ports.contains(&panel) => Some(message.as_ref().clone()),
        _ => None,
    };
    effects.iter().filter_map(told).collect()
}

/// What was last kept.
pub(super) fn kept(effects: &[Effect]) -> Option<Vec<Kept>> {
    let kept = |effect: &Effect| match effect {
        Effect::Keep { items, .. } => Some(items.clone()),
        _ => None,
    };
    effects.iter().rev().find_map(kept)
}
