//! A desk with very many conversations, and conversations with very many messages: put into the record by a few statements, as the relay
//! would have written them. Who signs in afterwards, or comes back, finds them; nobody is told.

use testkit::relay::Relay;

use crate::backups::sql;

/// So many clients, each with a conversation of one message that waits in "New". The first one has waited longest.
pub async fn fill(relay: &Relay, conversations: usize) {
    let numbers = format!("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {conversations})");
    // A second apart from each other, the last one a minute ago.
    let at = format!("(unixepoch() - 60 - {conversations} + i) * 1000");
    for statement in [
        format!(
            "{numbers} INSERT INTO contacts (id, project_id, name, n_messages, seen_n, created_at)
             SELECT 'con_' || printf('%026d', i), (SELECT id FROM projects), 'Visitor ' || i, 1, 0, {at} FROM n"
        ),
        format!(
            "{numbers} INSERT INTO conversations (id, project_id, channel_id, contact_id, rev, fence, turn, unanswered_since,
               last_message_at, n_alerts, opened_at, first_n, last_n, preview_text, preview_from_contact, contact_wrote_at)
             SELECT 'cnv_' || printf('%026d', i), (SELECT id FROM projects), (SELECT id FROM channels),
               'con_' || printf('%026d', i), 1, 0, 'ours', {at}, {at}, 1, {at}, 1, 1, 'Question ' || i, TRUE, {at} FROM n"
        ),
        format!(
            "{numbers} INSERT INTO messages (id, project_id, conversation_id, contact_id, n, text, at)
             SELECT 'msg_1' || printf('%025d', i), (SELECT id FROM projects), 'cnv_' || printf('%026d', i),
               'con_' || printf('%026d', i), 1, 'Question ' || i, {at} FROM n"
        ),
    ] {
        sql(relay, &statement).await;
    }
}

/// The client of this conversation has written more, up to so many messages; every third one is long.
pub async fn writes_on(relay: &Relay, conversation: &str, to: usize) {
    let of = format!("FROM conversations c WHERE c.id = '{conversation}'");
    let long = "' It is a longer one, as some people write them who begin at the beginning and leave nothing out.'";
    for statement in [
        format!(
            "WITH RECURSIVE n (i) AS (SELECT last_n + 1 {of} UNION ALL SELECT i + 1 FROM n WHERE i < {to})
             INSERT INTO messages (id, project_id, conversation_id, contact_id, n, text, at)
             SELECT 'msg_' || substr(c.id, 5, 13) || printf('%013d', i), c.project_id, c.id, c.contact_id, i,
               'Line ' || i || '.' || CASE i % 3 WHEN 0 THEN {long} ELSE '' END, c.last_message_at
             FROM n, conversations c WHERE c.id = '{conversation}'"
        ),
        format!("UPDATE contacts SET n_messages = {to} WHERE id = (SELECT contact_id {of})"),
        format!("UPDATE conversations SET last_n = {to}, preview_text = 'Line {to}.' WHERE id = '{conversation}'"),
    ] {
        sql(relay, &statement).await;
    }
}

/// One of a conversation's messages says something else, which is found; the words are lower-case ones.
pub async fn says(relay: &Relay, conversation: &str, n: usize, text: &str) {
    let message = format!("m.conversation_id = '{conversation}' AND m.n = {n}");
    for statement in [
        format!("UPDATE messages AS m SET text = '{text}', search_n = {n} WHERE {message}"),
        format!(
            "INSERT INTO search_texts (n, project_id, channel_id, conversation_id, message_id, search_text)
             SELECT {n}, m.project_id, (SELECT channel_id FROM conversations WHERE id = m.conversation_id), m.conversation_id, m.id, m.text
             FROM messages m WHERE {message}"
        ),
    ] {
        sql(relay, &statement).await;
    }
}

/// The id of the one conversation whose last message this is.
pub async fn conversation_of(relay: &Relay, text: &str) -> String {
    let ids = sql(relay, &format!("SELECT conversation_id FROM messages WHERE text = '{text}'")).await;
    assert_eq!(ids.len(), 1, "{text}");
    ids[0].clone()
}
