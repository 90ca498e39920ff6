//! What an input does to a conversation, or why it is refused.

use crate::agent::{Actor, Availability, Candidate};
use crate::alert::Audience;
use crate::clock::{Due, Policy};
use crate::conversation::{CloseReason, Conversation, Decision, Fact, Fence, Input, Refusal, Status, UnassignCause};
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
        if matches!(input, Input::DeadlineReached) {
            return Ok(self.decide_deadline(policy, now));
        }
        if self.status != Status::Open {
            return Err(Refusal::Finished);
        }
        match input {
            Input::ContactWrote => Ok(one(Fact::ContactWrote, self.message_audience())),
            Input::Accept { by } => self.decide_accept(by),
            Input::Assign { by, to, fence } => self.decide_assign(&by, to, fence),
            Input::Clear { by, fence } => self.decide_clear(&by, fence),
            Input::AgentWrote { by, fence } => self.decide_answer(by, fence),
            Input::Close { by, fence } => self.decide_close(&by, fence),
            Input::DeadlineReached => Ok(nothing()),
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

    /// A message in "New" alerts all who are subscribed, one in a taken conversation its agent (N3).
    fn message_audience(&self) -> Audience {
        self.assignee.clone().map_or(Audience::Subscribed, Audience::Assignee)
    }

    fn decide_accept(&self, by: Actor) -> Result<Decision, Refusal> {
        if let Some(holder) = self.assignee.clone() {
            return Err(Refusal::Taken { holder });
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
        Ok(one(Fact::Unassigned { from, cause: UnassignCause::Cleared }, Audience::Subscribed))
    }

    fn decide_answer(&self, by: Actor, fence: Option<Fence>) -> Result<Decision, Refusal> {
        if self.assignee.as_ref() != Some(&by.agent) {
            return Err(Refusal::NotHolder { holder: self.assignee.clone() });
        }
        if fence != Some(self.fence) {
            return Err(self.stale());
        }
        online(&by)?;
        Ok(one(Fact::AgentWrote { agent: by.agent }, Audience::Nobody))
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
        match (self.deadline(policy), self.assignee.clone()) {
            (Some(deadline), _) if deadline.at > now => nothing(),
            (Some(deadline), Some(from)) if deadline.due == Due::Detach => {
                one(Fact::Unassigned { from, cause: UnassignCause::AgentIdle }, Audience::Subscribed)
            }
            (Some(deadline), _) if deadline.due == Due::Finish => {
                one(Fact::Closed { reason: CloseReason::ContactIdle }, Audience::Nobody)
            }
            _ => nothing(),
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
