//! Whether a conversation's client is blocked (B1).

use desk::Desk;
use domain::block::Block;
use domain::time::Timestamp;
use protocol::view::{BlockTerm, BlockView, ConversationView};

use crate::clock::{full, left};
use crate::text::{fill, texts};

/// The longest reason for a block, in characters.
pub const REASON_MAX_CHARS: usize = 500;

/// The terms that are offered, and their words, shortest first.
#[must_use]
pub fn terms() -> [(BlockTerm, &'static str); 6] {
    let texts = texts();
    [
        (BlockTerm::Minutes15, texts.term_15_minutes),
        (BlockTerm::Hour, texts.term_hour),
        (BlockTerm::Day, texts.term_day),
        (BlockTerm::Week, texts.term_week),
        (BlockTerm::Month, texts.term_month),
        (BlockTerm::Forever, texts.term_forever),
    ]
}

/// The block of a conversation's client, if one holds now. A finished conversation does not hear of it by itself: what the client's open
/// one says counts.
#[must_use]
pub fn block_of<'a>(desk: &'a Desk, conversation: &'a ConversationView, now: i64) -> Option<&'a BlockView> {
    let open = conversation.closed_at.and_then(|_| desk.open_of(&conversation.contact.id));
    let contact = open.map_or(&conversation.contact, |open| &open.contact);
    contact.block.as_ref().filter(|block| as_domain(block).holds(Timestamp::from_ms(now)))
}

/// The block as `domain` knows it.
#[must_use]
pub fn as_domain(block: &BlockView) -> Block {
    Block { since: Timestamp::from_ms(block.since), until: block.until.map(Timestamp::from_ms) }
}

/// How long a block still lasts, in words.
#[must_use]
pub fn remaining(block: &BlockView, now: i64) -> String {
    match block.until {
        Some(until) => fill(texts().blocked_left, &[("time", &left(until - now))]),
        None => texts().blocked_forever.to_owned(),
    }
}

/// Who blocked, when, and until when.
#[must_use]
pub fn facts(block: &BlockView, now: i64) -> String {
    let texts = texts();
    let mut facts = fill(texts.blocked_by, &[("name", &block.by_name), ("when", &full(block.since, now))]);
    let until = block.until.map(|until| fill(texts.blocked_until, &[("when", &full(until, now))]));
    let also_ip = block.also_ip.then(|| texts.also_this_ip.to_owned());
    for fact in [Some(until.unwrap_or_else(|| texts.term_forever.to_owned())), also_ip].into_iter().flatten() {
        facts += &format!(" · {fact}");
    }
    facts
}

/// The same, and why.
#[must_use]
pub fn facts_and_reason(block: &BlockView, now: i64) -> String {
    let facts = facts(block, now);
    block.reason.as_ref().map_or_else(|| facts.clone(), |reason| format!("{facts} · {reason}"))
}

#[cfg(test)]
pub(crate) mod tests {
    use domain::block;

    use super::*;
    use crate::state::panel::Action;
    use crate::state::panel::tests::{conversation, opening, reduce};

    pub(crate) fn blocked(id: &str, until: Option<i64>) -> ConversationView {
        let mut conversation = conversation(id);
        let (id, by_name, reason) = ("blk_1".into(), "Noah".into(), Some("insults".into()));
        conversation.contact.block = Some(BlockView { id, since: 1_000, until, by_name, reason, also_ip: false });
        conversation
    }

    #[test]
    fn the_terms_are_the_domains_and_in_its_order() {
        // B1
        assert_eq!(terms().map(|(term, _)| block::BlockTerm::from(term)), block::BlockTerm::ALL);
        assert_eq!(terms().map(|(_, words)| words), ["15 minutes", "1 hour", "1 day", "1 week", "1 month", "Forever"]);
    }

    #[test]
    fn a_block_ends_by_itself_and_for_ever_never() {
        // B5
        let desk = Desk::default();
        assert!(block_of(&desk, &blocked("cnv_1", Some(5_000)), 4_999).is_some());
        assert!(block_of(&desk, &blocked("cnv_1", Some(5_000)), 5_000).is_none());
        assert!(block_of(&desk, &blocked("cnv_1", None), i64::MAX).is_some());
        assert!(block_of(&desk, &conversation("cnv_1"), 0).is_none());
    }

    #[test]
    fn a_finished_conversation_goes_by_the_clients_open_one() {
        // B1
        let panel = reduce(vec![Action::Hub(opening(vec![blocked("cnv_2", None)]))]);
        let mut finished = conversation("cnv_1");
        assert!(block_of(&panel.desk, &finished, 0).is_none(), "an open one knows by itself");
        finished.closed_at = Some(3);
        assert!(block_of(&panel.desk, &finished, 0).is_some());
        let panel = reduce(vec![Action::Hub(opening(vec![conversation("cnv_2")]))]);
        let finished = ConversationView { closed_at: Some(3), ..blocked("cnv_1", None) };
        assert!(block_of(&panel.desk, &finished, 0).is_none());
        assert!(block_of(&Desk::default(), &finished, 0).is_some());
    }

    #[test]
    fn the_facts_name_who_when_until_when_and_why() {
        // B6
        let mut block = blocked("cnv_1", Some(3_600_000)).contact.block.unwrap();
        assert_eq!(facts_and_reason(&block, 60_000), "By Noah, Today, 00:00 · until Today, 01:00 · insults");
        (block.until, block.reason, block.also_ip) = (None, None, true);
        assert_eq!(facts_and_reason(&block, 60_000), "By Noah, Today, 00:00 · Forever · also this IP");
    }

    #[test]
    fn what_remains_is_said() {
        // B1
        let block = |until| blocked("cnv_1", until).contact.block.unwrap();
        assert_eq!(remaining(&block(Some(23 * 3_600_000)), 0), "Blocked · 23 h left");
        assert_eq!(remaining(&block(None), 0), "Blocked forever");
    }
}
