//! The stream: resuming, starting over, losing the right to read.

use domain::agent::Right;
use futures_util::{SinkExt as _, StreamExt as _};
use protocol::frame::{RelayFrame, StartOver};
use serde_json::{Value, json};
use session::State;
use store::clock::{Clock as _, SystemClock};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

use e2e::people::Person;
use e2e::reader::events;
use e2e::world::World;

/// Says hello with cursors and gives every frame up to `up_to_date`.
async fn catch_up(person: &Person, cursors: &Value) -> Vec<RelayFrame> {
    e2e::reader::catch_up(&person.url, &person.token, cursors).await
}

fn reason(frames: &[RelayFrame], topic: &str) -> Option<StartOver> {
    frames.iter().find_map(|frame| match frame {
        RelayFrame::Snapshot(snapshot) if snapshot.topic == topic => Some(snapshot.reason),
        _ => None,
    })
}

fn seqs(frames: &[RelayFrame], topic: &str) -> Vec<u64> {
    frames
        .iter()
        .filter_map(|frame| match frame {
            RelayFrame::Event(event) if event.topic == topic => Some(event.seq),
            _ => None,
        })
        .collect()
}

#[tokio::test]
async fn a_reader_reads_on_from_its_cursor_or_starts_over_in_four_cases() {
    let world = World::new().await;
    let shop = world.project("Kettle").await;
    let mira = world.agent(&shop, "Mira", Right::Agent).await;
    let client = world.visitor(&shop).await;
    for n in 1..=6 {
        client.writes(&format!("message {n}")).await;
    }
    let topic = format!("channel/{}", shop.channel_id);
    let epoch = world.store.epoch().to_owned();
    let at = |epoch: &str, seq: u64| json!({ topic.clone(): { "epoch": epoch, "seq": seq } });

    let frames = catch_up(&mira, &at(&epoch, 2)).await;
    assert_eq!(seqs(&frames, &topic), [3, 4, 5, 6]);
    assert_eq!(reason(&frames, &topic), None);
    let frames = catch_up(&mira, &at(&epoch, 6)).await;
    assert_eq!((seqs(&frames, &topic), reason(&frames, &topic)), (vec![], None), "nothing is new");

    assert_eq!(reason(&catch_up(&mira, &json!({})).await, &topic), Some(StartOver::Joined));
    assert_eq!(reason(&catch_up(&mira, &at(&epoch, 7)).await, &topic), Some(StartOver::CursorAhead));
    assert_eq!(reason(&catch_up(&mira, &at("another", 6)).await, &topic), Some(StartOver::OtherEpoch));
    world.sql("DELETE FROM events WHERE seq = 4 AND topic LIKE 'channel/%'").await;
    assert_eq!(reason(&catch_up(&mira, &at(&epoch, 2)).await, &topic), Some(StartOver::TopicLost));
    world.sql("UPDATE log_heads SET first_seq = 5 WHERE topic LIKE 'channel/%'").await;
    assert_eq!(reason(&catch_up(&mira, &at(&epoch, 2)).await, &topic), Some(StartOver::CursorTooOld));
    assert_eq!(seqs(&catch_up(&mira, &at(&epoch, 4)).await, &topic), [5, 6]);
}

#[tokio::test]
async fn a_reader_survives_a_restart_without_loss_or_repeat() {
    // W6
    let world = World::new().await;
    let shop = world.project("Kettle").await;
    let mira = world.agent(&shop, "Mira", Right::Agent).await;
    let client = world.visitor(&shop).await;
    let mut at_mira = mira.reads();
    at_mira.live().await;
    client.writes("before").await;
    at_mira.event("the first", |event| event.kind == "message_added").await;
    let world = world.restarted().await;
    let (mira, client) = (mira.at(&world.url), client.at(&world.url));
    client.writes("after").await;
    // At its cursor the reader gets just what it missed.
    let topic = format!("channel/{}", shop.channel_id);
    let cursors = json!({ topic.clone(): { "epoch": world.store.epoch(), "seq": 1 } });
    let frames = catch_up(&mira, &cursors).await;
    assert_eq!((seqs(&frames, &topic), reason(&frames, &topic)), (vec![2], None));
    let history = mira.history(&conversation_of(&mira).await).await;
    assert_eq!(history.iter().map(|m| m["text"].as_str().unwrap()).collect::<Vec<_>>(), ["before", "after"]);
}

async fn conversation_of(agent: &Person) -> String {
    let mut reader = agent.reads();
    reader.live().await;
    reader.snapshot_conversations().remove(0)
}

#[tokio::test]
async fn a_stopping_relay_says_goaway_to_every_stream() {
    let mut world = World::new().await;
    let shop = world.project("Kettle").await;
    let mira = world.agent(&shop, "Mira", Right::Agent).await;
    let (mut socket, _) = connect_async(format!("{}/v1/stream", world.url.replacen("http", "ws", 1))).await.unwrap();
    let hello = json!({ "t": "hello", "token": mira.token, "version": 1 });
    socket.send(Message::text(hello.to_string())).await.unwrap();
    let (mut caught_up, mut said) = (false, None);
    while let Some(Ok(message)) = socket.next().await {
        let Message::Text(text) = message else {
            continue;
        };
        match serde_json::from_str(&text).unwrap() {
            RelayFrame::UpToDate { .. } if !caught_up => {
                caught_up = true;
                world.stop().await;
            }
            RelayFrame::Goaway { after_ms } => said = Some(after_ms),
            _ => {}
        }
    }
    assert!(said.is_some_and(|after_ms| after_ms < 2_000), "{said:?}");
}

#[tokio::test]
async fn a_revoked_device_is_cut_and_cannot_come_back() {
    // J3, design rule 4
    let world = World::new().await;
    let shop = world.project("Kettle").await;
    let mira = world.agent(&shop, "Mira", Right::Agent).await;
    let mut at_mira = mira.reads();
    at_mira.live().await;
    mira.send(reqwest::Method::DELETE, "/v1/me/device", Vec::new(), &[]).await.ok();
    let revoked = SystemClock.now();
    at_mira.until("signed out", |delivered| (delivered.state == Some(State::SignedOut)).then_some(())).await;
    let took_ms = SystemClock.now().since(revoked).as_ms();
    assert!(took_ms < 1_000, "a revoked socket sees at most one second more: {took_ms} ms");
    assert_eq!(mira.get("/v1/me").await.code(), protocol::error::ErrorCode::Unauthorized);
}

#[tokio::test]
async fn a_new_project_comes_to_an_agent_who_is_connected() {
    // J5
    let world = World::new().await;
    let (shop, bank) = (world.project("Kettle").await, world.project("Bank").await);
    let mira = world.agent(&shop, "Mira", Right::Agent).await;
    let mut at_mira = mira.reads();
    at_mira.live().await;
    let again = world.joins(&mira, &bank, "Mira", Right::Agent).await;
    assert_eq!(again.id, mira.id);
    let topic = format!("channel/{}", bank.channel_id);
    at_mira
        .until("the other project's channel", |delivered| {
            reason(&delivered.frames, &topic).filter(|reason| *reason == StartOver::Joined)
        })
        .await;
    // N1: his counters and alerts begin at once.
    let wanted = at_mira.event("the subscription", |event| event.data.subscription.is_some()).await;
    assert_eq!(wanted.data.subscription.unwrap().channel_id, bank.channel_id);
    world.visitor(&bank).await.writes("Hello bank").await;
    at_mira.event("its message", |event| event.topic == topic).await;
    at_mira.with(|delivered| assert_eq!(delivered.n_connects, 1));
}

#[tokio::test]
async fn five_hundred_messages_arrive_in_order_once_at_every_reader() {
    let world = World::new().await;
    let shop = world.project("Kettle").await;
    let mira = world.agent(&shop, "Mira", Right::Agent).await;
    let mut at_mira = mira.reads();
    at_mira.live().await;
    let mut writers = Vec::new();
    for _ in 0..10 {
        let client = world.visitor(&shop).await;
        writers.push(tokio::spawn(async move {
            for n in 0..50 {
                client.writes(&n.to_string()).await;
            }
        }));
    }
    for writer in writers {
        writer.await.unwrap();
    }
    let topic = format!("channel/{}", shop.channel_id);
    let got: Vec<u64> = at_mira
        .until("all 500", |delivered| {
            let seqs: Vec<u64> =
                events(delivered).filter(|event| event.topic == topic).map(|event| event.seq).collect();
            (seqs.len() >= 500).then_some(seqs)
        })
        .await;
    assert_eq!(got, (1..=500).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_topic_that_one_may_not_read_any_more_is_left_and_frames_of_newer_readers_are_passed_over() {
    // design rule 4, Wire
    let world = World::new().await;
    let shop = world.project("Kettle").await;
    let mira = world.agent(&shop, "Mira", Right::Agent).await;
    let topic = "channel/chn_00000000000000000000000000";
    let frames = catch_up(&mira, &json!({ topic: { "epoch": world.store.epoch(), "seq": 3 } })).await;
    assert!(frames.contains(&RelayFrame::Left { topic: topic.to_owned() }), "{frames:?}");

    let (mut socket, _) = connect_async(format!("{}/v1/stream", world.url.replacen("http", "ws", 1))).await.unwrap();
    for frame in [json!({ "t": "weather", "mood": 7 }), json!({ "t": "pong" })] {
        let hello = json!({ "t": "hello", "token": mira.token, "version": 9, "features": ["weather"], "mood": 1 });
        if frame["t"] == "weather" {
            socket.send(Message::text(hello.to_string())).await.unwrap();
        }
        socket.send(Message::text(frame.to_string())).await.unwrap();
    }
    let resume = json!({ "t": "resume", "topic": format!("agent/{}", mira.id), "epoch": "", "seq": 0 });
    socket.send(Message::text(resume.to_string())).await.unwrap();
    let mut reasons = Vec::new();
    while let Some(Ok(Message::Text(text))) = socket.next().await {
        let frame: RelayFrame = serde_json::from_str(&text).unwrap();
        assert!(!matches!(frame, RelayFrame::Error { .. }), "{text}");
        reasons.extend(reason(&[frame], &format!("agent/{}", mira.id)));
        if reasons.len() == 2 {
            break;
        }
    }
    assert_eq!(reasons, [StartOver::Joined, StartOver::OtherEpoch]);
}

#[tokio::test]
async fn a_reader_that_asks_for_its_own_log_does_not_outrun_its_revocation() {
    // design rule 4
    let world = World::new().await;
    let shop = world.project("Kettle").await;
    let mira = world.agent(&shop, "Mira", Right::Agent).await;
    let (mut socket, _) = connect_async(format!("{}/v1/stream", world.url.replacen("http", "ws", 1))).await.unwrap();
    let hello = json!({ "t": "hello", "token": mira.token, "version": 1 });
    socket.send(Message::text(hello.to_string())).await.unwrap();
    mira.send(reqwest::Method::DELETE, "/v1/me/device", Vec::new(), &[]).await.ok();
    let resume =
        json!({ "t": "resume", "topic": format!("agent/{}", mira.id), "epoch": world.store.epoch(), "seq": 1 });
    // The relay may have cut the socket already.
    let sent = socket.send(Message::text(resume.to_string())).await;
    let mut last = None;
    while let Some(Ok(message)) = socket.next().await {
        if let Message::Text(text) = message {
            last = Some(text);
        }
    }
    let last = last.unwrap();
    assert!(last.contains("unauthorized"), "{sent:?} {last}");
}
