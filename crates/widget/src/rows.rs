//! What stands in the list, from top to bottom.

use crate::client::Client;

/// A row of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
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
    Bubble(Bubble),
    /// The conversation was finished.
    Ended,
}

/// A message on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bubble {
    /// `msg_…`
    pub id: String,
    /// Who wrote it.
    pub author: Author,
    /// Whether the message above is somebody else's.
    pub starts: bool,
    /// The text.
    pub text: String,
    /// When.
    pub at: i64,
}

/// Who wrote a message, as the visitor sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Author {
    /// An agent of this name.
    Agent(String),
    /// The visitor.
    Me(Progress),
}

/// How far a message of the visitor has come (W6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// On its way.
    Sending,
    /// Stored.
    Sent,
    /// Seen by an agent.
    Seen,
    /// Refused.
    Failed {
        /// Why.
        code: String,
    },
}

impl Row {
    /// Names the row among all rows.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Greeting => String::from("greeting"),
            Self::Day { day, .. } => format!("day {day}"),
            Self::Bubble(bubble) => bubble.id.clone(),
            Self::Ended => String::from("ended"),
        }
    }
}

/// The rows of a chat; `day_of` gives the day of an instant in the visitor's time zone.
#[must_use]
pub fn rows(client: &Client, has_greeting: bool, day_of: impl Fn(i64) -> i64) -> Vec<Row> {
    let log = client.log();
    let pending = client.pending();
    let stored = log.messages().iter().map(|message| {
        let author = match &message.agent_name {
            Some(name) => Author::Agent(name.clone()),
            None if message.n <= log.seen_n() => Author::Me(Progress::Seen),
            None => Author::Me(Progress::Sent),
        };
        (&message.id, author, &message.text, message.at)
    });
    let on_their_way = pending.iter().map(|it| {
        let progress = it.failed.clone().map_or(Progress::Sending, |code| Progress::Failed { code });
        (&it.id, Author::Me(progress), &it.draft.text, it.draft.at)
    });

    let mut rows = Vec::new();
    if has_greeting && client.knows_beginning() {
        rows.push(Row::Greeting);
    }
    let mut last_day = None;
    for (id, author, text, at) in stored.chain(on_their_way) {
        let day = day_of(at);
        // A clock that was set back starts no second divider of an earlier day.
        if last_day.is_none_or(|last| last < day) {
            rows.push(Row::Day { day, at });
            last_day = Some(day);
        }
        let starts = !matches!(rows.last(), Some(Row::Bubble(above)) if above.author.is_same(&author));
        rows.push(Row::Bubble(Bubble { id: id.clone(), author, starts, text: text.clone(), at }));
    }
    if log.has_ended() && pending.is_empty() {
        rows.push(Row::Ended);
    }
    rows
}

impl Author {
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Me(_), Self::Me(_)) => true,
            (Self::Agent(one), Self::Agent(another)) => one == another,
            (Self::Me(_), Self::Agent(_)) | (Self::Agent(_), Self::Me(_)) => false,
        }
    }
}
