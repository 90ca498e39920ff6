//! What stands in the list, from top to bottom.

use alloc::string::String;
use alloc::vec::Vec;

use crate::client::{Client, Pending};
use crate::digits::{digits, join};

/// A row of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row<'a> {
    /// The channel's greeting, above the first message.
    Greeting,
    /// The first message of a day is below.
    Day {
        /// The day, counted in the visitor's time zone.
        day: i64,
        /// An instant of it.
        at: i64,
    },
    /// A message.
    Bubble(Bubble<'a>),
    /// The conversation was finished.
    Ended,
}

/// A message on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bubble<'a> {
    /// `msg_…`
    pub id: &'a str,
    /// Who wrote it.
    pub author: Author<'a>,
    /// Whether the message above is somebody else's.
    pub starts: bool,
    /// The text.
    pub text: &'a str,
    /// When.
    pub at: i64,
    /// Its files, as JSON.
    pub files: &'a str,
}

/// Who wrote a message, as the visitor sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Author<'a> {
    /// An agent of this name.
    Agent(&'a str),
    /// The visitor.
    Me(Progress<'a>),
}

/// How far a message of the visitor has come (W6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress<'a> {
    /// On its way.
    Sending,
    /// Stored.
    Sent,
    /// Seen by an agent.
    Seen,
    /// Refused.
    Failed {
        /// Why.
        code: &'a str,
    },
}

impl Row<'_> {
    /// Names the row among all rows.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Greeting => String::from("greeting"),
            Self::Day { day, .. } => join(&["day ", &digits(*day)]),
            Self::Bubble(bubble) => String::from(bubble.id),
            Self::Ended => String::from("ended"),
        }
    }
}

/// The rows of a chat with what is [`pending`](Client::pending) in it; `day_of` gives the day of an instant in the visitor's time zone.
#[must_use]
pub fn rows<'a>(
    client: &'a Client,
    pending: &'a [Pending],
    has_greeting: bool,
    day_of: fn(i64) -> i64,
) -> Vec<Row<'a>> {
    let log = client.log();
    let stored = log.messages().iter().map(|message| {
        let author = match &message.agent_name {
            Some(name) => Author::Agent(name),
            None if message.n <= log.seen_n() => Author::Me(Progress::Seen),
            None => Author::Me(Progress::Sent),
        };
        (&message.id, author, &message.text, message.at, &message.files)
    });
    let on_their_way = pending.iter().map(|it| {
        let progress = it.failed.as_ref().map_or(Progress::Sending, |code| Progress::Failed { code });
        (&it.id, Author::Me(progress), &it.draft.text, it.draft.at, &it.draft.files)
    });

    let mut rows = Vec::new();
    if has_greeting && client.knows_beginning() {
        rows.push(Row::Greeting);
    }
    let mut last_day = None;
    for (id, author, text, at, files) in stored.chain(on_their_way) {
        let day = day_of(at);
        // A clock that was set back starts no second divider of an earlier day.
        if last_day.is_none_or(|last| last < day) {
            rows.push(Row::Day { day, at });
            last_day = Some(day);
        }
        let starts = !matches!(rows.last(), Some(Row::Bubble(above)) if above.author.is_same(&author));
        rows.push(Row::Bubble(Bubble { id, author, starts, text, at, files }));
    }
    if log.has_ended() && pending.is_empty() {
        rows.push(Row::Ended);
    }
    rows
}

impl Author<'_> {
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Me(_), Self::Me(_)) => true,
            (Self::Agent(one), Self::Agent(another)) => one == another,
            (Self::Me(_), Self::Agent(_)) | (Self::Agent(_), Self::Me(_)) => false,
        }
    }
}
