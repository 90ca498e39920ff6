//! Between the wire's twins and the domain's types.

use domain::id::{AgentId, InvalidId};
use domain::time::Timestamp;
use domain::{agent, alert, block, clock, conversation, presence};

use crate::{command, view, visit};

impl From<agent::Availability> for view::Availability {
    fn from(value: agent::Availability) -> Self {
        match value {
            agent::Availability::Online => Self::Online,
            agent::Availability::Offline => Self::Offline,
        }
    }
}

impl From<view::Availability> for agent::Availability {
    fn from(value: view::Availability) -> Self {
        match value {
            view::Availability::Online => Self::Online,
            view::Availability::Offline => Self::Offline,
        }
    }
}

impl From<agent::Right> for view::Right {
    fn from(value: agent::Right) -> Self {
        match value {
            agent::Right::Agent => Self::Agent,
            agent::Right::Administrator => Self::Administrator,
            agent::Right::Owner => Self::Owner,
        }
    }
}

impl From<view::Right> for agent::Right {
    fn from(value: view::Right) -> Self {
        match value {
            view::Right::Agent => Self::Agent,
            view::Right::Administrator => Self::Administrator,
            view::Right::Owner => Self::Owner,
        }
    }
}

impl From<command::NewRight> for agent::Right {
    fn from(value: command::NewRight) -> Self {
        match value {
            command::NewRight::Agent => Self::Agent,
            command::NewRight::Administrator => Self::Administrator,
            command::NewRight::Owner => Self::Owner,
        }
    }
}

impl From<clock::Turn> for view::Turn {
    fn from(value: clock::Turn) -> Self {
        match value {
            clock::Turn::Ours => Self::Ours,
            clock::Turn::Theirs => Self::Theirs,
        }
    }
}

impl From<conversation::CloseReason> for view::CloseReason {
    fn from(value: conversation::CloseReason) -> Self {
        match value {
            conversation::CloseReason::Agent => Self::Agent,
            conversation::CloseReason::ContactIdle => Self::ContactIdle,
            conversation::CloseReason::ContactBlocked => Self::ContactBlocked,
        }
    }
}

impl From<clock::Due> for view::Due {
    fn from(value: clock::Due) -> Self {
        match value {
            clock::Due::Detach => Self::Detach,
            clock::Due::Finish => Self::Finish,
        }
    }
}

impl From<&presence::OfflineCause> for view::OfflineCause {
    fn from(value: &presence::OfflineCause) -> Self {
        match value {
            presence::OfflineCause::Unknown => Self::Other,
            presence::OfflineCause::NeverOnline => Self::NeverOnline,
            presence::OfflineCause::ByHand => Self::ByHand,
            presence::OfflineCause::LastPageClosed => Self::LastPageClosed,
            presence::OfflineCause::Administrator { .. } => Self::Administrator,
        }
    }
}

impl From<view::BlockTerm> for block::BlockTerm {
    fn from(value: view::BlockTerm) -> Self {
        match value {
            view::BlockTerm::Minutes15 => Self::Minutes15,
            view::BlockTerm::Hour => Self::Hour,
            view::BlockTerm::Day => Self::Day,
            view::BlockTerm::Week => Self::Week,
            view::BlockTerm::Month => Self::Month,
            view::BlockTerm::Forever => Self::Forever,
        }
    }
}

impl From<&alert::Audience> for view::Audience {
    fn from(value: &alert::Audience) -> Self {
        match value {
            alert::Audience::Subscribed => Self::Subscribed,
            alert::Audience::Assignee(agent) => Self::Assignee { agent_id: agent.to_string() },
            alert::Audience::Only(agent) => Self::Only { agent_id: agent.to_string() },
            alert::Audience::Nobody => Self::Nobody,
        }
    }
}

impl TryFrom<&view::Audience> for alert::Audience {
    type Error = InvalidId;

    fn try_from(value: &view::Audience) -> Result<Self, InvalidId> {
        Ok(match value {
            view::Audience::Subscribed => Self::Subscribed,
            view::Audience::Assignee { agent_id } => Self::Assignee(AgentId::parse(agent_id)?),
            view::Audience::Only { agent_id } => Self::Only(AgentId::parse(agent_id)?),
            view::Audience::Nobody => Self::Nobody,
        })
    }
}

impl From<&domain::visit::Page> for visit::PageSeen {
    fn from(page: &domain::visit::Page) -> Self {
        Self { url: page.url.clone(), title: page.title.clone(), at: page.at.as_ms(), seconds: page.seconds }
    }
}

impl visit::VisitView {
    /// A visit as agents see it at this time.
    #[must_use]
    pub fn of(visit: &domain::visit::Visit, now: Timestamp) -> Self {
        let facts = visit.facts.clone();
        Self {
            ip: facts.ip,
            browser: facts.browser,
            screen: facts.screen.map(|(width, height)| visit::ScreenSize { width, height }),
            language: facts.language,
            start_page: Some((&visit.start).into()),
            current_page: Some(visit.current().into()),
            n_pages: visit.n_pages,
            pages: visit.pages.iter().map(visit::PageSeen::from).collect(),
            on_site_seconds: u64::from(visit.seconds),
            here: visit.is_here(now),
            at: visit.told_at.as_ms(),
        }
    }
}
