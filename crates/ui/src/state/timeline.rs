//! A thread as it stands on the screen: days, earlier conversations, messages, answers on their way.

use std::ops::Range;
use std::rc::Rc;

use protocol::view::{Author, ConversationView, MessageView};

use super::outbox::Pending;
use super::thread::Thread;
use crate::clock::day_number;

/// Messages of one author within this time stand under one name.
const GROUP_MS: i64 = 5 * 60_000;

/// One line of the timeline.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// A new day begins.
    Day {
        /// Any instant of it.
        at: i64,
    },
    /// An earlier conversation ended here.
    Earlier {
        /// Which.
        conversation: Rc<ConversationView>,
    },
    /// A stored message.
    Message {
        /// The message.
        message: Rc<MessageView>,
        /// Whether name and time stand above it.
        headed: bool,
    },
    /// An answer on its way.
    Pending {
        /// The answer.
        pending: Rc<Pending>,
    },
}

impl Entry {
    /// A key that stays the same while messages come and go around it.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Day { at } => format!("day-{}", day_number(*at)),
            Self::Earlier { conversation } => format!("end-{}", conversation.id),
            Self::Message { message, .. } => message.id.clone(),
            Self::Pending { pending } => pending.item.id.clone(),
        }
    }
}

/// Lays out the messages in `range` of a thread; at its end the answers on their way follow.
#[must_use]
pub fn lay_out<'a>(
    thread: &Thread,
    range: Range<usize>,
    conversation_id: &str,
    pending: impl Iterator<Item = &'a Rc<Pending>>,
) -> Vec<Entry> {
    let messages = thread.messages();
    let mut entries = Vec::with_capacity(range.len() + 8);
    let mut previous: Option<&MessageView> = range.start.checked_sub(1).and_then(|at| messages.get(at)).map(Rc::as_ref);
    let at_end = range.end >= messages.len();
    for message in messages.get(range).unwrap_or_default() {
        let same_conversation = previous.is_none_or(|previous| previous.conversation_id == message.conversation_id);
        if let Some(previous) = previous.filter(|_| !same_conversation) {
            divide(&mut entries, thread, &previous.conversation_id);
        }
        let same_day = previous.is_some_and(|previous| day_number(previous.at) == day_number(message.at));
        if !same_day {
            entries.push(Entry::Day { at: message.at });
        }
        let headed = !(same_conversation && same_day && previous.is_some_and(|previous| continues(previous, message)));
        entries.push(Entry::Message { message: message.clone(), headed });
        previous = Some(message);
    }
    if !at_end {
        return entries;
    }
    if let Some(last) = previous.filter(|last| last.conversation_id != conversation_id) {
        divide(&mut entries, thread, &last.conversation_id);
    }
    let waiting = pending.filter(|pending| !thread.contains(&pending.item.id));
    entries.extend(waiting.map(|pending| Entry::Pending { pending: pending.clone() }));
    entries
}

fn divide(entries: &mut Vec<Entry>, thread: &Thread, ended: &str) {
    if let Some(conversation) = thread.conversation(ended) {
        entries.push(Entry::Earlier { conversation: conversation.clone() });
    }
}

/// Whether a message follows so closely on one of the same author that his name need not stand again.
fn continues(previous: &MessageView, message: &MessageView) -> bool {
    let same_author = match (&previous.author, &message.author) {
        (Author::Contact, Author::Contact) => true,
        (Author::Agent { agent_id: a, .. }, Author::Agent { agent_id: b, .. }) => a == b,
        // Two whom only a newer relay knows need not be the same.
        (Author::Contact | Author::Agent { .. } | Author::Other, _) => false,
    };
    same_author && message.at - previous.at < GROUP_MS
}

#[cfg(test)]
mod tests {
    use protocol::command::History;
    use protocol::worker::OutboxItem;

    use super::super::outbox::Progress;
    use super::*;
    use crate::state::panel::tests::conversation;

    const DAY_MS: i64 = 86_400_000;

    fn message(n: u32, conversation_id: &str, author: Author, at: i64) -> MessageView {
        MessageView {
            id: format!("msg_{n}"),
            conversation_id: conversation_id.into(),
            n,
            author,
            text: format!("text {n}"),
            at,
            attachments: Vec::new(),
        }
    }

    fn agent() -> Author {
        Author::Agent { agent_id: "agt_a".into(), name: "Mia".into() }
    }

    fn pending(id: &str) -> Rc<Pending> {
        let item = OutboxItem {
            id: id.into(),
            conversation_id: "cnv_2".into(),
            text: "on its way".into(),
            attachments: Vec::new(),
            fence: 1,
            at: DAY_MS,
        };
        Rc::new(Pending { item, progress: Progress::Sending })
    }

    fn outline(entries: &[Entry]) -> Vec<String> {
        let line = |entry: &Entry| match entry {
            Entry::Message { message, headed } => format!("{}{}", message.id, if *headed { " headed" } else { "" }),
            other => other.key(),
        };
        entries.iter().map(line).collect()
    }

    #[test]
    fn earlier_conversations_stand_above_with_a_divider_and_days_are_parted() {
        // X5
        let mut thread = Thread::default();
        let mut first = conversation("cnv_1");
        first.closed_at = Some(3_000);
        thread.take_newest(History {
            messages: vec![
                message(1, "cnv_1", Author::Contact, 1_000),
                message(2, "cnv_1", Author::Contact, 2_000),
                message(3, "cnv_1", agent(), 3_000),
                message(4, "cnv_2", Author::Contact, 4_000),
                message(5, "cnv_2", Author::Contact, DAY_MS),
                message(6, "cnv_2", Author::Contact, DAY_MS + 2 * GROUP_MS),
            ],
            conversations: vec![first, conversation("cnv_2")],
            has_more: false,
        });
        let entries = lay_out(&thread, 0..6, "cnv_2", [pending("msg_6"), pending("msg_7")].iter());
        insta::assert_snapshot!(outline(&entries).join("\n"), @r"
        day-788001
        msg_1 headed
        msg_2
        msg_3 headed
        end-cnv_1
        msg_4 headed
        day-788002
        msg_5 headed
        msg_6 headed
        msg_7
        ");
    }

    #[test]
    fn messages_of_authors_that_are_not_known_each_have_a_head() {
        let mut thread = Thread::default();
        let messages = (1..=2).map(|n| message(n, "cnv_2", Author::Other, i64::from(n))).collect();
        thread.take_newest(History { messages, conversations: Vec::new(), has_more: false });
        let entries = lay_out(&thread, 0..2, "cnv_2", std::iter::empty());
        assert_eq!(outline(&entries)[1..], ["msg_1 headed", "msg_2 headed"]);
    }

    #[test]
    fn a_part_in_the_middle_follows_on_what_is_not_drawn() {
        let mut thread = Thread::default();
        let messages = (1..=4).map(|n| message(n, "cnv_2", Author::Contact, i64::from(n))).collect();
        thread.take_newest(History { messages, conversations: Vec::new(), has_more: false });
        let entries = lay_out(&thread, 1..3, "cnv_2", [pending("msg_9")].iter());
        assert_eq!(outline(&entries), ["msg_2", "msg_3"]);
    }

    #[test]
    fn a_conversation_without_messages_of_its_own_still_ends_the_earlier_one() {
        let mut thread = Thread::default();
        thread.take_newest(History {
            messages: vec![message(1, "cnv_1", Author::Contact, 1_000)],
            conversations: vec![conversation("cnv_1")],
            has_more: false,
        });
        let entries = lay_out(&thread, 0..1, "cnv_2", std::iter::empty());
        assert_eq!(outline(&entries).last().map(String::as_str), Some("end-cnv_1"));
    }
}
