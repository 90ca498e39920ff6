//! What an input does to a conversation, or why it is refused.

use crate::agent::{Actor, Availability, Candidate};
use crate::alert::Audience;
use crate::clock::{Due, Policy};
use crate::conversation::{
    CloseReason, Conversation, Decision, Fact, Fence, Input, Refusal, Status, UnassignCause, Way,
};
use crate::id::AgentId;
use crate::time::Timestamp;

impl Conversation {
    /// Says what `input` does at `now`, without doing it.
    ///
    /// Access to the channel was checked before: a conversation that one may not see is "not found" at the door.
    ///
    /// # Errors
    /// [`Refusal`], and then nothing changes.
    pub fn decide(&self, input: Input, policy: Policy, now: Timestamp) -> Result<Decision, Refusal> {
        match input {
            // What comes by itself is never refused: it finds nothing to do.
            Input::DeadlineReached => Ok(self.decide_deadline(policy, now)),
            Input::AnswerSent { written_at } => Ok(self.decide_sent(written_at)),
            Input::AgentActive { by } => Ok(self.decide_agent_active(by, policy)),
            Input::ContactActive => Ok(self.decide_contact_active(policy)),
            Input::ContactBlocked => Ok(self.if_open(self.blocked_at.is_none(), Fact::ContactBlocked)),
            Input::ContactUnblocked => Ok(self.if_open(self.blocked_at.is_some(), Fact::ContactUnblocked)),
            Input::AgentLeaves { agent, cause } => Ok(self.decide_leaves(agent, cause)),
            _ if self.status != Status::Open => Err(Refusal::Finished),
            Input::ContactWrote if self.blocked_at.is_some() => Err(Refusal::ContactBlocked),
            Input::ContactWrote => Ok(one(Fact::ContactWrote, self.message_audience())),
            Input::Accept { by } => self.decide_accept(by),
            Input::Assign { by, to, fence } => self.decide_assign(&by, to, fence),
            Input::Clear { by, fence } => self.decide_clear(&by, fence),
            Input::AgentWrote { by, fence, way } => self.decide_answer(by, fence, way),
            Input::Postpone { by, fence } => self.decide_postpone(by, fence, policy),
            Input::Close { by, fence } => self.decide_close(&by, fence),
        }
    }

    /// Decides and applies.
    ///
    /// # Errors
    /// [`Refusal`], and then nothing changed.
    pub fn handle(&mut self, input: Input, policy: Policy, now: Timestamp) -> Result<Decision, Refusal> {
        let decision = self.decide(input, policy, now)?;
        for fact in &decision.facts {
            self.evolve(fact, now);
        }
        Ok(decision)
    }

    /// Whether an agent may answer now, in words, by a template or by a file: only the owner by his present claim, and Online (A7, P7).
    ///
    /// # Errors
    /// [`Refusal`]; a finished conversation takes no answer (X4), nor does a blocked client (B6).
    pub fn may_answer(&self, by: &Actor, fence: Option<Fence>) -> Result<(), Refusal> {
        if self.status != Status::Open {
            return Err(Refusal::Finished);
        }
        self.holder_only(by)?;
        if fence != Some(self.fence) {
            return Err(self.stale());
        }
        online(by)?;
        if self.blocked_at.is_some() { Err(Refusal::ContactBlocked) } else { Ok(()) }
    }

    /// A message in "New" alerts all who are subscribed, one in a taken conversation its agent (N3).
    fn message_audience(&self) -> Audience {
        self.assignee.clone().map_or(Audience::Subscribed, Audience::Assignee)
    }

    fn decide_accept(&self, by: Actor) -> Result<Decision, Refusal> {
        if let Some(holder) = self.assignee.clone() {
            // His own again, because the first answer was lost: it is done.
            return if holder == by.agent { Ok(nothing()) } else { Err(Refusal::Taken { holder }) };
        }
        online(&by)?;
        Ok(one(Fact::Accepted { agent: by.agent }, Audience::Nobody))
    }

    fn decide_assign(&self, by: &Actor, to: Candidate, fence: Option<Fence>) -> Result<Decision, Refusal> {
        match &self.assignee {
            // P7: an Offline agent may hand over what is his.
            Some(_) => self.holder_or_administrator(by)?,
            None => online(by)?,
        }
        self.current(fence)?;
        if self.assignee.as_ref() == Some(&to.agent) {
            return Err(Refusal::CandidateHolds);
        }
        if !to.has_access {
            return Err(Refusal::CandidateWithoutAccess);
        }
        if to.availability == Availability::Offline {
            return Err(Refusal::CandidateOffline);
        }
        // Taking it oneself is no news to oneself.
        let audience = if by.agent == to.agent { Audience::Nobody } else { Audience::Only(to.agent.clone()) };
        Ok(one(Fact::Assigned { to: to.agent, from: self.assignee.clone() }, audience))
    }

    fn decide_clear(&self, by: &Actor, fence: Option<Fence>) -> Result<Decision, Refusal> {
        let from = self.assignee.clone().ok_or(Refusal::NotTaken)?;
        self.holder_or_administrator(by)?;
        self.current(fence)?;
        Ok(one(Fact::Unassigned { from, cause: UnassignCause::Cleared }, self.return_audience()))
    }

    fn decide_answer(&self, by: Actor, fence: Option<Fence>, way: Way) -> Result<Decision, Refusal> {
        self.may_answer(&by, fence)?;
        let agent = by.agent;
        let fact = match way {
            Way::Stored => Fact::AgentWrote { agent },
            Way::Queued => Fact::AnswerQueued { agent },
        };
        Ok(one(fact, Audience::Nobody))
    }

    /// What was written before the client's last message does not answer it.
    fn decide_sent(&self, written_at: Timestamp) -> Decision {
        self.if_open(written_at >= self.contact_wrote_at, Fact::AnswerSent { written_at })
    }

    /// Only the owner's clock, while it runs (A9).
    fn decide_agent_active(&self, by: Actor, policy: Policy) -> Decision {
        let counts = self.assignee.as_ref() == Some(&by.agent) && by.availability == Availability::Online;
        self.if_open(counts && self.clocks(policy).detach_at.is_some(), Fact::AgentActive { agent: by.agent })
    }

    /// Only the client's clock, while it runs (X2), and not a blocked client's (B6).
    fn decide_contact_active(&self, policy: Policy) -> Decision {
        self.if_open(self.blocked_at.is_none() && self.clocks(policy).finish_at.is_some(), Fact::ContactActive)
    }

    fn decide_postpone(&self, by: Actor, fence: Option<Fence>, policy: Policy) -> Result<Decision, Refusal> {
        self.holder_only(&by)?;
        self.current(fence)?;
        online(&by)?;
        if self.blocked_at.is_some() {
            return Err(Refusal::ContactBlocked);
        }
        if self.clocks(policy).finish_at.is_none() {
            return Err(Refusal::NothingToPostpone);
        }
        Ok(one(Fact::Postponed { agent: by.agent }, Audience::Nobody))
    }

    fn decide_leaves(&self, agent: AgentId, cause: UnassignCause) -> Decision {
        if self.status != Status::Open || self.assignee.as_ref() != Some(&agent) {
            return nothing();
        }
        one(Fact::Unassigned { from: agent, cause }, self.return_audience())
    }

    fn if_open(&self, condition: bool, fact: Fact) -> Decision {
        if condition && self.status == Status::Open { one(fact, Audience::Nobody) } else { nothing() }
    }

    /// Back in "New" it concerns all who are subscribed (A12); a blocked client's concerns nobody (N3).
    fn return_audience(&self) -> Audience {
        if self.blocked_at.is_some() { Audience::Nobody } else { Audience::Subscribed }
    }

    fn decide_close(&self, by: &Actor, fence: Option<Fence>) -> Result<Decision, Refusal> {
        match &self.assignee {
            Some(_) => self.holder_or_administrator(by)?,
            None if by.right.administers() => {}
            None => online(by)?,
        }
        self.current(fence)?;
        Ok(one(Fact::Closed { reason: CloseReason::Agent }, Audience::Nobody))
    }

    /// Late, early and double alarms do no harm: only a clock that has run out does anything.
    fn decide_deadline(&self, policy: Policy, now: Timestamp) -> Decision {
        match (self.clocks(policy).due(now), self.assignee.clone()) {
            (Some(Due::Detach), Some(from)) => {
                one(Fact::Unassigned { from, cause: UnassignCause::AgentIdle }, Audience::Subscribed)
            }
            (Some(Due::Finish), _) => {
                let blocked = self.blocked_at.is_some();
                let reason = if blocked { CloseReason::ContactBlocked } else { CloseReason::ContactIdle };
                one(Fact::Closed { reason }, Audience::Nobody)
            }
            (Some(Due::Detach), None) | (None, _) => nothing(),
        }
    }

    fn holder_only(&self, by: &Actor) -> Result<(), Refusal> {
        if self.assignee.as_ref() == Some(&by.agent) {
            Ok(())
        } else {
            Err(Refusal::NotHolder { holder: self.holder() })
        }
    }

    fn holder_or_administrator(&self, by: &Actor) -> Result<(), Refusal> {
        if self.assignee.as_ref() == Some(&by.agent) || by.right.administers() {
            Ok(())
        } else {
            Err(Refusal::NotHolder { holder: self.holder() })
        }
    }

    fn current(&self, fence: Option<Fence>) -> Result<(), Refusal> {
        match fence {
            Some(fence) if fence != self.fence => Err(self.stale()),
            _ => Ok(()),
        }
    }

    fn stale(&self) -> Refusal {
        Refusal::StaleFence { holder: self.holder() }
    }

    fn holder(&self) -> Option<AgentId> {
        self.assignee.clone()
    }
}

fn online(by: &Actor) -> Result<(), Refusal> {
    match by.availability {
        Availability::Online => Ok(()),
        Availability::Offline => Err(Refusal::Offline),
    }
}

fn one(fact: Fact, audience: Audience) -> Decision {
    Decision { facts: vec![fact], audience }
}

fn nothing() -> Decision {
    Decision { facts: Vec::new(), audience: Audience::Nobody }
}
