//! Blocking a client (B1–B6).

use crate::agent::{Actor, Availability};
use crate::time::{Span, Timestamp};

/// For how long a client is blocked (B1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BlockTerm {
    /// A quarter of an hour.
    Minutes15,
    /// An hour.
    Hour,
    /// A day.
    Day,
    /// A week.
    Week,
    /// Thirty days.
    Month,
    /// Until somebody unblocks him.
    Forever,
}

impl BlockTerm {
    /// All that are offered, shortest first.
    pub const ALL: [Self; 6] = [Self::Minutes15, Self::Hour, Self::Day, Self::Week, Self::Month, Self::Forever];

    /// How long it is; nothing for ever.
    #[must_use]
    pub const fn span(self) -> Option<Span> {
        match self {
            Self::Minutes15 => Some(Span::from_minutes(15)),
            Self::Hour => Some(Span::from_minutes(60)),
            Self::Day => Some(Span::from_minutes(24 * 60)),
            Self::Week => Some(Span::from_minutes(7 * 24 * 60)),
            Self::Month => Some(Span::from_minutes(30 * 24 * 60)),
            Self::Forever => None,
        }
    }
}

/// A block that has begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Since when.
    pub since: Timestamp,
    /// Until when; without it, until somebody unblocks him.
    pub until: Option<Timestamp>,
}

/// Why a client is not blocked or unblocked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BlockRefused {
    /// The agent who does it is Offline (B6).
    #[error("an Offline agent cannot do this")]
    Offline,
    /// He is blocked already: "Block" and "Unblock" replace each other (B1).
    #[error("the client is blocked already")]
    AlreadyBlocked,
    /// He is not blocked.
    #[error("the client is not blocked")]
    NotBlocked,
}

impl Block {
    /// Whether it still holds.
    #[must_use]
    pub fn holds(self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }
}

/// Blocks a client, if the agent may; access to the channel was checked at the door (B6).
///
/// # Errors
/// [`BlockRefused`], and then nothing changes.
pub fn block(present: Option<Block>, by: &Actor, term: BlockTerm, now: Timestamp) -> Result<Block, BlockRefused> {
    online(by)?;
    if present.is_some_and(|block| block.holds(now)) {
        return Err(BlockRefused::AlreadyBlocked);
    }
    Ok(Block { since: now, until: term.span().map(|span| now.plus(span)) })
}

/// Unblocks a client, if the agent may. An administrator may also from the list on the Control Panel, Online or not (B6).
///
/// # Errors
/// [`BlockRefused`], and then nothing changes.
pub fn unblock(present: Option<Block>, by: &Actor, now: Timestamp) -> Result<(), BlockRefused> {
    if !by.right.administers() {
        online(by)?;
    }
    if present.is_some_and(|block| block.holds(now)) { Ok(()) } else { Err(BlockRefused::NotBlocked) }
}

fn online(by: &Actor) -> Result<(), BlockRefused> {
    match by.availability {
        Availability::Online => Ok(()),
        Availability::Offline => Err(BlockRefused::Offline),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agent::Right;
    use crate::id::AgentId;

    const NOW: Timestamp = Timestamp::from_ms(1_000_000);

    fn actor(right: Right, availability: Availability) -> Actor {
        Actor { agent: AgentId::new(NOW, [1; 10]), right, availability }
    }

    #[test]
    fn the_terms_are_those_that_are_offered() {
        // B1
        let minutes: Vec<Option<u32>> =
            BlockTerm::ALL.iter().map(|term| term.span().map(|span| span.as_ms() / 60_000)).collect();
        assert_eq!(minutes, [Some(15), Some(60), Some(1_440), Some(10_080), Some(43_200), None]);
    }

    #[test]
    fn a_block_ends_by_itself_and_for_ever_never() {
        // B5
        let agent = actor(Right::Agent, Availability::Online);
        let hour = block(None, &agent, BlockTerm::Hour, NOW).unwrap();
        let end = NOW.plus(Span::from_minutes(60));
        assert_eq!(hour, Block { since: NOW, until: Some(end) });
        assert!(hour.holds(Timestamp::from_ms(end.as_ms() - 1)));
        assert!(!hour.holds(end));
        let forever = block(None, &agent, BlockTerm::Forever, NOW).unwrap();
        assert!(forever.holds(Timestamp::from_ms(i64::MAX)));
        assert!(block(Some(hour), &agent, BlockTerm::Day, end).is_ok(), "one that is over does not count");
    }

    #[test]
    fn any_online_agent_may_and_one_replaces_the_other() {
        // B1 B6
        let agent = actor(Right::Agent, Availability::Online);
        let held = Some(block(None, &agent, BlockTerm::Day, NOW).unwrap());
        assert_eq!(block(held, &agent, BlockTerm::Day, NOW), Err(BlockRefused::AlreadyBlocked));
        assert_eq!(unblock(held, &agent, NOW), Ok(()));
        assert_eq!(unblock(None, &agent, NOW), Err(BlockRefused::NotBlocked));
        let after = NOW.plus(Span::from_minutes(24 * 60));
        assert_eq!(unblock(held, &agent, after), Err(BlockRefused::NotBlocked));
        let away = actor(Right::Agent, Availability::Offline);
        assert_eq!(block(None, &away, BlockTerm::Day, NOW), Err(BlockRefused::Offline));
        assert_eq!(unblock(held, &away, NOW), Err(BlockRefused::Offline));
        let administrator = actor(Right::Administrator, Availability::Offline);
        assert_eq!(block(None, &administrator, BlockTerm::Day, NOW), Err(BlockRefused::Offline));
        assert_eq!(unblock(held, &administrator, NOW), Ok(()));
    }
}
