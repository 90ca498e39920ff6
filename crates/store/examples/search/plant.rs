//! A record of many messages, put in by statements of many rows. The index is kept as in the product: by the database, row by row.

use std::fmt::Write as _;

use anyhow::Result;
use domain::id::{AgentId, AttachmentId, ContactId, ConversationId, MessageId, NoteId, ProjectId};
use domain::search::fold;
use domain::time::Timestamp;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, SqliteConnection};

use crate::words::{Dice, Script};

/// How many messages one conversation of sixty thousand has in a million.
const MESSAGES_EACH: usize = 17;
/// How many conversations go on at the same time.
const AT_ONCE: usize = 40;
/// From one message to the next: a million are a year's.
const PACE_MS: i64 = 31_000;
const BEGIN_MS: i64 = 1_735_700_000_000;
/// How many rows a statement has, and how many messages a transaction.
const ROWS: usize = 500;
const MESSAGES: usize = 10_000;
/// How the clients spread over the channels, of 100.
const SHARES: [usize; 10] = [30, 20, 15, 10, 8, 6, 5, 3, 2, 1];

/// A connection for planting.
pub(crate) enum Plot {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Plot {
    /// What is planted need not be safe from a power cut.
    pub(crate) async fn open(database: &store::Database) -> Result<Self> {
        Ok(match database {
            store::Database::Sqlite(path) => {
                let mut conn = SqliteConnection::connect(&format!("sqlite://{}", path.display())).await?;
                conn.execute("PRAGMA synchronous = OFF").await?;
                Self::Sqlite(conn)
            }
            store::Database::Postgres(url) => {
                let mut conn = PgConnection::connect(url).await?;
                conn.execute("SET synchronous_commit = off").await?;
                Self::Postgres(conn)
            }
        })
    }

    pub(crate) async fn run(&mut self, sql: String) -> Result<()> {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql));
        match self {
            Self::Sqlite(conn) => conn.execute(sql).await.map(|_| ())?,
            Self::Postgres(conn) => conn.execute(sql).await.map(|_| ())?,
        }
        Ok(())
    }

    /// What PostgreSQL does by itself within a minute of so many rows.
    pub(crate) async fn analyze(&mut self) -> Result<()> {
        if matches!(self, Self::Postgres(_)) { self.run("ANALYZE".to_owned()).await } else { Ok(()) }
    }
}

/// Where the messages are.
pub(crate) struct Desk {
    pub(crate) project: ProjectId,
    /// Ten, the busiest first.
    pub(crate) channels: Vec<String>,
    /// Who answers.
    pub(crate) agent: AgentId,
}

/// A conversation that is to be.
struct Planned {
    n: usize,
    contact: usize,
    first_n: usize,
    n_messages: usize,
    first: usize,
    last: usize,
    /// How many of its messages are in.
    n_in: usize,
}

fn at(message: usize) -> i64 {
    BEGIN_MS + PACE_MS * i64::try_from(message).unwrap_or(0)
}

fn bytes(n: usize) -> [u8; 10] {
    let mut bytes = [0; 10];
    bytes[2..].copy_from_slice(&(n as u64).to_be_bytes());
    bytes
}

fn conversation_id(n: usize) -> ConversationId {
    ConversationId::new(Timestamp::from_ms(BEGIN_MS), bytes(n))
}

fn contact_id(n: usize) -> ContactId {
    ContactId::new(Timestamp::from_ms(BEGIN_MS), bytes(n))
}

fn n_contacts(messages: usize) -> usize {
    (messages / MESSAGES_EACH * 2 / 3).max(1)
}

/// What a client writes in.
pub(crate) fn script_of(contact: usize) -> Script {
    Script::of(contact)
}

/// A client's name, of however many there are.
pub(crate) fn client(n: usize, messages: usize) -> String {
    let contact = n % n_contacts(messages);
    script_of(contact).name(contact)
}

/// The name of a message's file, if it has one: one of 25 has.
pub(crate) fn file_name(script: Script, message: usize) -> Option<String> {
    message.is_multiple_of(25).then(|| format!("{}-{message:07}.pdf", script.word(message / 25 % 2_000)))
}

/// Which conversation each message is in, and the conversations.
fn plan(messages: usize) -> (Vec<usize>, Vec<Planned>) {
    let (n_conversations, n_contacts) = ((messages / MESSAGES_EACH).max(1), n_contacts(messages));
    let mut dice = Dice::of(7);
    let of: Vec<usize> =
        (0..messages).map(|n| (n * n_conversations / messages).saturating_sub(dice.below(AT_ONCE))).collect();
    let mut planned: Vec<Planned> = (0..n_conversations)
        .map(|n| Planned { n, contact: n % n_contacts, first_n: 1, n_messages: 0, first: usize::MAX, last: 0, n_in: 0 })
        .collect();
    for (message, conversation) in of.iter().enumerate() {
        let one = &mut planned[*conversation];
        one.first = one.first.min(message);
        one.last = message;
        one.n_messages += 1;
    }
    for n in n_contacts..n_conversations {
        planned[n].first_n = planned[n - n_contacts].first_n + planned[n - n_contacts].n_messages;
    }
    (of, planned)
}

/// The rows of one statement.
struct Rows {
    head: &'static str,
    values: String,
    n: usize,
}

impl Rows {
    fn new(head: &'static str) -> Self {
        Self { head, values: String::new(), n: 0 }
    }

    /// A row. No text of ours has a quotation mark.
    fn push(&mut self, row: std::fmt::Arguments<'_>) -> Result<()> {
        write!(self.values, "{}({row})", if self.n == 0 { "" } else { "," })?;
        self.n += 1;
        Ok(())
    }

    async fn put(&mut self, plot: &mut Plot) -> Result<()> {
        if self.n > 0 {
            plot.run(format!("INSERT INTO {} VALUES {}", self.head, self.values)).await?;
            (self.values, self.n) = (String::new(), 0);
        }
        Ok(())
    }

    async fn put_if_many(&mut self, plot: &mut Plot) -> Result<()> {
        if self.n >= ROWS { self.put(plot).await } else { Ok(()) }
    }
}

/// Puts so many messages in, with their clients, conversations, files and notes.
pub(crate) async fn plant(plot: &mut Plot, desk: &Desk, messages: usize) -> Result<()> {
    let (of, mut planned) = plan(messages);
    plot.run("BEGIN".to_owned()).await?;
    contacts(plot, desk, messages).await?;
    conversations(plot, desk, &planned).await?;
    plot.run("COMMIT".to_owned()).await?;
    let mut tables = [
        Rows::new(
            "messages (id, project_id, conversation_id, contact_id, n, agent_id, agent_name, text, at, search_n, n_files)",
        ),
        Rows::new("search_texts (n, project_id, channel_id, conversation_id, message_id, search_text)"),
        Rows::new(
            "attachments (id, project_id, channel_id, contact_id, conversation_id, name, size_bytes, media_type, sha256, file_key, created_at, message_id, place)",
        ),
    ];
    for (n, conversation) in of.iter().enumerate() {
        if n.is_multiple_of(MESSAGES) {
            plot.run("BEGIN".to_owned()).await?;
        }
        message(&mut tables, desk, n, &mut planned[*conversation])?;
        if n % ROWS == ROWS - 1 || n + 1 == messages {
            for table in &mut tables {
                table.put(plot).await?;
            }
        }
        if n % MESSAGES == MESSAGES - 1 || n + 1 == messages {
            plot.run("COMMIT".to_owned()).await?;
        }
    }
    plot.analyze().await
}

async fn contacts(plot: &mut Plot, desk: &Desk, messages: usize) -> Result<()> {
    let mut rows = Rows::new("contacts (id, project_id, name, n_messages, seen_n, created_at)");
    for n in 0..n_contacts(messages) {
        rows.push(format_args!("'{}','{}','{}',99,0,{BEGIN_MS}", contact_id(n), desk.project, client(n, messages)))?;
        rows.put_if_many(plot).await?;
    }
    rows.put(plot).await
}

fn channel_of(contact: usize) -> usize {
    let mut share = Dice::of(contact.wrapping_mul(13)).below(100);
    SHARES.iter().position(|of| share.checked_sub(*of).map(|rest| share = rest).is_none()).unwrap_or(0)
}

async fn conversations(plot: &mut Plot, desk: &Desk, planned: &[Planned]) -> Result<()> {
    let mut rows = Rows::new(
        "conversations (id, project_id, channel_id, contact_id, rev, fence, turn, unanswered_since, last_message_at, n_alerts, opened_at,
closed_at, close_reason, first_n, last_n, preview_text, preview_from_contact, contact_wrote_at)",
    );
    let mut notes = Rows::new("notes (id, project_id, contact_id, conversation_id, agent_id, agent_name, text, at)");
    for one in planned.iter().filter(|one| one.n_messages > 0) {
        let (id, contact, script) = (conversation_id(one.n), contact_id(one.contact), script_of(one.contact));
        let (project, first, last) = (&desk.project, at(one.first), at(one.last));
        rows.push(format_args!(
            "'{id}','{project}','{}','{contact}',9,1,'theirs',{first},{last},0,{first},{last},'agent',{},{},'{}',TRUE,{last}",
            desk.channels[channel_of(one.contact)],
            one.first_n,
            one.first_n + one.n_messages - 1,
            script.text(one.last),
        ))?;
        if one.n.is_multiple_of(3) {
            let note = NoteId::new(Timestamp::from_ms(last), bytes(one.n));
            let text = script.text(one.n * 5);
            notes.push(format_args!(
                "'{note}','{project}','{contact}','{id}','{}','Mira','{text}',{last}",
                desk.agent
            ))?;
        }
        if rows.n >= ROWS {
            rows.put(plot).await?;
            notes.put(plot).await?;
        }
    }
    rows.put(plot).await?;
    notes.put(plot).await
}

fn message(tables: &mut [Rows; 3], desk: &Desk, n: usize, one: &mut Planned) -> Result<()> {
    let [messages, texts, files] = tables;
    let (conversation, contact, script) = (conversation_id(one.n), contact_id(one.contact), script_of(one.contact));
    let (project, channel, at) = (&desk.project, &desk.channels[channel_of(one.contact)], at(n));
    let (id, number) = (MessageId::new(Timestamp::from_ms(at), bytes(n)), at << 20);
    if one.n_in == 0 {
        let name = fold(&script.name(one.contact));
        texts.push(format_args!("{number},'{project}','{channel}','{conversation}',NULL,'{name}'"))?;
    }
    let (text, file) = (script.text(n), file_name(script, n));
    let searched = fold(&file.iter().fold(text.clone(), |text, name| format!("{text}\n{name}")));
    texts.push(format_args!("{},'{project}','{channel}','{conversation}','{id}','{searched}'", number + 1))?;
    let author = if one.n_in % 2 == 1 { format!("'{}','Mira'", desk.agent) } else { "NULL,NULL".to_owned() };
    messages.push(format_args!(
        "'{id}','{project}','{conversation}','{contact}',{},{author},'{text}',{at},{},{}",
        one.first_n + one.n_in,
        number + 1,
        usize::from(file.is_some()),
    ))?;
    if let Some(name) = file {
        let file = AttachmentId::new(Timestamp::from_ms(at), bytes(n));
        files.push(format_args!(
            "'{file}','{project}','{channel}','{contact}','{conversation}','{name}',90000,'application/pdf','0','{file}',{at},'{id}',0"
        ))?;
    }
    one.n_in += 1;
    Ok(())
}
