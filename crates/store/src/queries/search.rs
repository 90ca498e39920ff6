//! Searching (S1–S4).

use std::collections::HashSet;

use domain::id::{AgentId, ChannelId};
use domain::search::Words;
use protocol::search::{FoundConversation, FoundMessage, SearchPage, TextRange};

use crate::db::{Conn, Value, places, query_made};
use crate::error::StoreError;
use crate::queries::channels;
use crate::rows::messages::{self, MessageRow};
use crate::rows::{attachments, conversations};
use crate::store::Store;

/// How many conversations a page has, and how many messages of each.
const PAGE: usize = 50;
const MESSAGES: usize = 20;
/// How many matches are looked at at first; each time that they are of too few conversations, four times as many.
const LOOKED_AT: usize = 200;
const TIMES: usize = 4;
/// How many conversations are held at once against what the pages before have shown.
const CHECKED: usize = 100;

/// A conversation that matches, by its newest match.
struct Match {
    conversation: String,
    n: i64,
}

/// What one asks for, as a statement needs it.
struct Asked<'a> {
    words: &'a Words,
    channels: &'a [ChannelId],
    /// Only matches before this number.
    before: i64,
    /// So many texts are read one by one rather than asked the index for.
    few: i64,
    /// Whether the channels have no more.
    has_few: bool,
}

impl Store {
    /// Conversations of all channels that the agent has access to, open and finished, in which all words match: in one message with the
    /// names of its files, or in the client's name. The newest match first, 50 a page. Notes are not searched.
    ///
    /// # Errors
    /// [`StoreError::Value`] for words that are too short, and for an `after` that no page gave.
    pub async fn search(&self, by: &AgentId, q: &str, after: Option<&str>) -> Result<SearchPage, StoreError> {
        let words = Words::new(q).map_err(|error| StoreError::Value { field: "q", message: error.to_string() })?;
        let before = place(after)?;
        // Everything of one instant, so that what a page shows is what was found.
        let mut conn = self.readers.snapshot().await?;
        let channels: Vec<ChannelId> =
            channels::accessible(&mut conn, by).await?.into_iter().map(|channel| channel.id).collect();
        if channels.is_empty() {
            return Ok(SearchPage { found: Vec::new(), next: None });
        }
        let few = few(&mut conn, &channels).await?;
        let has_few = has_few(&mut conn, &channels, few).await?;
        let asked = Asked { words: &words, channels: &channels, before, few, has_few };
        let mut matches = newest_matches(&mut conn, &asked).await?;
        let more = matches.len() > PAGE;
        matches.truncate(PAGE);
        let next = matches.last().filter(|_| more).map(|last| last.n.to_string());
        let mut found = Vec::with_capacity(matches.len());
        for Match { conversation, .. } in matches {
            found.extend(found_in(&mut conn, &words, &conversation).await?);
        }
        Ok(SearchPage { found, next })
    }
}

/// Where a page begins.
fn place(after: Option<&str>) -> Result<i64, StoreError> {
    after.map_or(Ok(i64::MAX), str::parse).map_err(|_| StoreError::Value {
        field: "after",
        message: "pass back the `next` of the page before".to_owned(),
    })
}

/// The text of the conditions that all words match, with places from a number on.
fn like(column: &str, from: usize, words: &Words) -> String {
    let conditions = words.patterns().zip(from..).map(|(_, place)| format!("{column} LIKE ${place}"));
    conditions.collect::<Vec<_>>().join(" AND ")
}

/// The conversations of a page and one more, by their newest matches.
///
/// SQLite's index gives the newest matches first. PostgreSQL's gives all that match: of a common word too much, of which there is
/// enough among the newest texts.
async fn newest_matches(conn: &mut Conn, asked: &Asked<'_>) -> Result<Vec<Match>, StoreError> {
    let (mut by_index, mut limit) = (!asked.has_few && !conn.is_postgres(), LOOKED_AT);
    loop {
        let rows = if by_index {
            indexed(conn, asked, limit).await?
        } else {
            selected(conn, asked, limit, among_newest(asked), None).await?
        };
        let is_out = rows.len() < limit;
        let found = one_a_conversation(conn, asked, rows).await?;
        if found.len() > PAGE || is_out && (by_index || asked.has_few) {
            return Ok(found);
        }
        if is_out {
            by_index = true;
        } else {
            limit = limit.saturating_mul(TIMES);
        }
    }
}

/// The first of each conversation that no page before has shown, until a page is full.
async fn one_a_conversation(conn: &mut Conn, asked: &Asked<'_>, rows: Vec<Match>) -> Result<Vec<Match>, StoreError> {
    let (mut known, mut found) = (HashSet::new(), Vec::new());
    let mut newest = rows.into_iter().filter(|row| known.insert(row.conversation.clone()));
    while found.len() <= PAGE {
        let some: Vec<Match> = newest.by_ref().take(CHECKED).collect();
        if some.is_empty() {
            break;
        }
        found.extend(not_shown(conn, asked, some).await?);
    }
    Ok(found)
}

/// How many texts are read in some 70 ms (*measured*): in PostgreSQL those of a small channel lie on a page each. Tests go both ways.
async fn few(conn: &mut Conn, channels: &[ChannelId]) -> Result<i64, StoreError> {
    if cfg!(test) {
        return Ok(5);
    }
    if !conn.is_postgres() {
        return Ok(25_000);
    }
    let ids = places(1, channels.len());
    let of_projects = format!(
        "SELECT COUNT(*) AS n FROM channels WHERE project_id IN (SELECT project_id FROM channels WHERE id IN ({ids}))"
    );
    let statement = query_made(of_projects).bind_all(channels.iter().map(ChannelId::as_str));
    let n: i64 = statement.fetch_one(conn).await?.try_get("n")?;
    let has_most = i64::try_from(channels.len()).is_ok_and(|known| 2 * known >= n);
    Ok(if has_most { 20_000 } else { 5_000 })
}

async fn has_few(conn: &mut Conn, channels: &[ChannelId], few: i64) -> Result<bool, StoreError> {
    let statement = format!(
        "SELECT COUNT(*) AS n FROM (SELECT n FROM search_texts WHERE channel_id IN ({}) LIMIT $1) few",
        places(2, channels.len())
    );
    let statement = query_made(statement).bind(few + 1).bind_all(channels.iter().map(ChannelId::as_str));
    let n: i64 = statement.fetch_one(conn).await?.try_get("n")?;
    Ok(n <= few)
}

/// The newest of all matches, of whatever conversation.
async fn indexed(conn: &mut Conn, asked: &Asked<'_>, limit: usize) -> Result<Vec<Match>, StoreError> {
    if conn.is_postgres() {
        selected(conn, asked, limit, by_postgres_index(asked), None).await
    } else {
        selected(conn, asked, limit, by_sqlite_index(asked), Some(phrases(asked.words))).await
    }
}

/// Which places of a statement hold the channels, and how its words match.
fn conditions(asked: &Asked<'_>, column: &str) -> (String, String) {
    let n = asked.channels.len();
    (places(3, n), like(column, n + 3, asked.words))
}

/// Reads the few newest texts of the channels.
fn among_newest(asked: &Asked<'_>) -> String {
    let few = asked.few;
    let (channels, like) = conditions(asked, "s.search_text");
    format!(
        "SELECT s.n, s.conversation_id FROM (
  SELECT n, conversation_id, search_text FROM search_texts
  WHERE n < $1 AND channel_id IN ({channels})
  ORDER BY n DESC
  LIMIT {few}
) s
WHERE {like}
ORDER BY s.n DESC
LIMIT $2"
    )
}

/// From the newest text on. `CROSS JOIN` keeps the index in front: left to itself, SQLite goes through all texts of the channels and
/// asks the index about each. It finds runs of characters quicker by `MATCH` than by `LIKE`, for which it reads each text again; `LIKE`
/// has the last word, and the only one on words that are too short for the index.
fn by_sqlite_index(asked: &Asked<'_>) -> String {
    let (channels, like) = conditions(asked, "s.search_text");
    format!(
        "SELECT s.n, s.conversation_id FROM search_index i
CROSS JOIN search_texts s ON s.n = i.rowid
WHERE i.search_text MATCH ${} AND i.rowid < $1 AND s.channel_id IN ({channels}) AND {like}
ORDER BY i.rowid DESC
LIMIT $2",
        asked.channels.len() + 3 + asked.words.patterns().count()
    )
}

/// Whatever matches in these channels, by the indexes of both, and of that the newest. Together with the order PostgreSQL would rather go through the texts from the newest on,
/// to the oldest if a word is rare.
fn by_postgres_index(asked: &Asked<'_>) -> String {
    let (channels, like) = conditions(asked, "search_text");
    format!(
        "WITH s AS MATERIALIZED (SELECT n, conversation_id FROM search_texts WHERE channel_id IN ({channels}) AND {like})
SELECT s.n, s.conversation_id FROM s
WHERE s.n < $1
ORDER BY s.n DESC
LIMIT $2"
    )
}

/// Runs one of these; the index's own words come last.
async fn selected(
    conn: &mut Conn,
    asked: &Asked<'_>,
    limit: usize,
    statement: String,
    indexed: Option<String>,
) -> Result<Vec<Match>, StoreError> {
    let rows = query_made(statement)
        .bind(asked.before)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .bind_all(asked.channels.iter().map(ChannelId::as_str))
        .bind_all(asked.words.patterns())
        .bind_all(indexed)
        .fetch_all(conn)
        .await?;
    rows.iter().map(|row| Ok(Match { n: row.try_get("n")?, conversation: row.try_get("conversation_id")? })).collect()
}

/// What SQLite's index is asked for.
fn phrases(words: &Words) -> String {
    let phrases = words.indexed().map(|word| format!("\"{}\"", word.replace('"', "\"\"")));
    phrases.collect::<Vec<_>>().join(" AND ")
}

/// Without those that a page before has shown: they match also at its end or later.
async fn not_shown(conn: &mut Conn, asked: &Asked<'_>, mut found: Vec<Match>) -> Result<Vec<Match>, StoreError> {
    if asked.before == i64::MAX || found.is_empty() {
        return Ok(found);
    }
    let ids: Vec<Value> = found.iter().map(|row| Value::from(&row.conversation)).collect();
    let statement = format!(
        "SELECT DISTINCT s.conversation_id FROM search_texts s
WHERE s.n >= $1 AND s.conversation_id IN ({}) AND {}",
        places(2, ids.len()),
        like("s.search_text", ids.len() + 2, asked.words)
    );
    let statement = query_made(statement).bind(asked.before).bind_all(ids).bind_all(asked.words.patterns());
    for row in statement.fetch_all(conn).await? {
        let shown: String = row.try_get("conversation_id")?;
        found.retain(|row| row.conversation != shown);
    }
    Ok(found)
}

const FOUND_IN: &str = "
SELECT m.id, m.project_id, m.conversation_id, m.contact_id, m.n, m.agent_id, m.agent_name, m.text, m.at, m.n_files FROM search_texts s
JOIN messages m ON m.id = s.message_id AND m.deleted_at IS NULL
WHERE s.conversation_id = $1 AND ";

/// What matches in a conversation; nothing if it is gone.
async fn found_in(conn: &mut Conn, words: &Words, id: &str) -> Result<Option<FoundConversation>, StoreError> {
    let Some(conversation) = conversations::find(conn, id).await? else {
        return Ok(None);
    };
    let like = like("s.search_text", 3, words);
    let rows = query_made(format!("{FOUND_IN}{like} ORDER BY s.n DESC LIMIT $2"))
        .bind(id)
        .bind(i64::try_from(MESSAGES + 1).unwrap_or(i64::MAX))
        .bind_all(words.patterns())
        .fetch_all(&mut *conn)
        .await?;
    let mut rows: Vec<MessageRow> = rows.iter().map(messages::from_row).collect::<Result<_, _>>()?;
    let has_more = rows.len() > MESSAGES;
    rows.truncate(MESSAGES);
    attachments::fill(conn, &mut rows).await?;
    let found = rows.iter().map(|row| found_message(words, row)).collect();
    let name = ranges(words, &conversation.contact.name);
    Ok(Some(FoundConversation { conversation: conversation.view(), name, messages: found, has_more }))
}

/// Where the words stand in a message and in its files' names: one may stand here, another one there.
fn found_message(words: &Words, row: &MessageRow) -> FoundMessage {
    let found = ranges(words, &row.searched());
    let mut line_start = 0_u32;
    let mut of_line = |line: &str| {
        let (start, n) = (line_start, u32::try_from(line.chars().count()).unwrap_or(u32::MAX));
        line_start = start.saturating_add(n).saturating_add(1);
        let inside = |range: &TextRange| TextRange {
            start: range.start.max(start) - start,
            end: range.end.min(start.saturating_add(n)).saturating_sub(start),
        };
        found.iter().map(inside).filter(|range| range.start < range.end).collect::<Vec<_>>()
    };
    let in_text = of_line(&row.text);
    let files = row.files.iter().map(|file| of_line(&file.name)).collect();
    FoundMessage { message: row.view(), ranges: in_text, files }
}

fn ranges(words: &Words, text: &str) -> Vec<TextRange> {
    let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    words
        .matches(text)
        .into_iter()
        .map(|range| TextRange { start: small(range.start), end: small(range.end) })
        .collect()
}
