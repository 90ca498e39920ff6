//! Snapshot and resume at size.

use domain::agent::Right;
use e2e::reader::catch_up;
use e2e::world::World;
use protocol::frame::{RelayFrame, SnapshotData, StartOver};
use serde_json::json;
use store::clock::{Clock as _, SystemClock};

const CONVERSATIONS: usize = 10_000;
const EVENTS: u64 = 100_000;

/// Ten messages from each of 10,000 clients, as the relay would have written them, but by a few statements.
const FILL: [&str; 5] = [
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
     INSERT INTO contacts (id, project_id, name, n_messages, seen_n, created_at)
     SELECT 'con_' || printf('%026d', i), (SELECT id FROM projects), 'Visitor ' || i, 10, 0, 1800000000000 FROM n",
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
     INSERT INTO conversations (id, project_id, channel_id, contact_id, rev, fence, turn, unanswered_since, last_message_at,
       n_alerts, opened_at, first_n, last_n, preview_text, preview_from_contact, contact_wrote_at)
     SELECT 'cnv_' || printf('%026d', i), (SELECT id FROM projects), (SELECT id FROM channels), 'con_' || printf('%026d', i),
       10, 0, 'ours', 1800000000000, 1800000000000 + i, 10, 1800000000000, 1, 10, 'the last message', TRUE, 1800000000000 FROM n",
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
     INSERT INTO messages (id, project_id, conversation_id, contact_id, n, text, at)
     SELECT 'msg_' || printf('%026d', i), (SELECT id FROM projects), 'cnv_' || printf('%026d', (i - 1) % 10000 + 1),
       'con_' || printf('%026d', (i - 1) % 10000 + 1), (i - 1) / 10000 + 1, 'message ' || i, 1800000000000 FROM n",
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
     INSERT INTO events (topic, seq, kind, v, at, actor, cause, data)
     SELECT 'channel/' || (SELECT id FROM channels), i, 'message_added', 1, 1800000000000, 'contact', 'msg_' || printf('%026d', i),
       '{\"conversation\":\"cnv_' || printf('%026d', (i - 1) % 10000 + 1) || '\",\"message\":\"msg_' || printf('%026d', i)
       || '\",\"fact\":{\"kind\":\"contact_wrote\"},\"alert\":{\"kind\":\"subscribed\"}}' FROM n",
    "INSERT INTO log_heads (topic, seq, first_seq) SELECT 'channel/' || id, 100000, 1 FROM channels",
];

#[tokio::test]
async fn ten_thousand_conversations_and_a_hundred_thousand_events_come_whole_after_a_day_away() {
    // design rule 4
    let world = World::new().await;
    let shop = world.project("Kettle").await;
    let mira = world.agent(&shop, "Mira", Right::Agent).await;
    for statement in FILL {
        world.sql(statement).await;
    }
    let topic = format!("channel/{}", shop.channel_id);
    let at = |seq: u64| json!({ topic.clone(): { "epoch": world.store.epoch(), "seq": seq } });
    world.clock.advance_ms(24 * 3_600_000);

    let begun = SystemClock.now();
    let frames = catch_up(&mira.url, &mira.token, &at(10_000)).await;
    let away_ms = SystemClock.now().since(begun).as_ms();
    let (mut n_parts, mut last_ns) = (0_u32, Vec::new());
    for frame in &frames {
        if let RelayFrame::Snapshot(snapshot) = frame
            && let SnapshotData::Channel { conversations, .. } = &snapshot.data
        {
            assert_eq!((snapshot.reason, snapshot.seq), (StartOver::CursorTooOld, EVENTS));
            assert_eq!((snapshot.part, snapshot.last), (n_parts, n_parts == 19));
            n_parts += 1;
            last_ns.extend(conversations.iter().map(|conversation| conversation.last_n));
        }
    }
    assert_eq!((last_ns.len(), n_parts), (CONVERSATIONS, 20), "all of them, 500 a part");
    assert!(last_ns.iter().all(|n| *n == 10), "with everything that was written");

    let begun = SystemClock.now();
    let frames = catch_up(&mira.url, &mira.token, &at(EVENTS - 4_000)).await;
    let near_ms = SystemClock.now().since(begun).as_ms();
    let seqs: Vec<u64> = frames
        .iter()
        .filter_map(|frame| match frame {
            RelayFrame::Event(event) if event.topic == topic => Some(event.seq),
            _ => None,
        })
        .collect();
    assert_eq!(seqs, (EVENTS - 3_999..=EVENTS).collect::<Vec<_>>(), "each once, in order");
    println!(
        "{EVENTS} events in {CONVERSATIONS} conversations, a day away: snapshot in {away_ms} ms (unoptimised build);"
    );
    println!("  4,000 events behind: read on in {near_ms} ms");

    // And what happens now goes on from there.
    let mut at_mira = mira.works();
    at_mira.live().await;
    mira.goes("online").await;
    mira.acts("accept", "cnv_00000000000000000000000042", &json!({})).await.ok();
    let next = at_mira.event("accepted", |event| event.kind == "conversation_accepted").await;
    assert_eq!(next.seq, EVENTS + 1);
}
