//! Reading on from a cursor, or starting over.

use protocol::frame::{Cursor, RelayFrame, SnapshotData, StartOver};

use super::world::World;
use crate::catch_up::CatchUp;
use crate::db::query;
use crate::writer::Lane;
use crate::{StoreError, Topic};

/// Why a snapshot came; nothing if events did.
fn reason(got: &CatchUp) -> Option<StartOver> {
    let CatchUp::Snapshot { parts, .. } = got else { return None };
    match serde_json::from_slice(&parts[0]).unwrap() {
        RelayFrame::Snapshot(snapshot) => Some(snapshot.reason),
        other => panic!("{other:?}"),
    }
}

async fn damage(world: &World, statement: &'static str) {
    let run = world.store.writer.run(Lane::Shared, move |tx| {
        Box::pin(async move {
            query(statement).execute(tx.conn).await?;
            Ok::<_, StoreError>(())
        })
    });
    run.await.unwrap();
}

pub(super) async fn the_four_cases_and_a_newcomer(world: World) {
    // design rule 4
    let shop = world.shop("Kettle").await;
    for n in 0..20 {
        world.writes(&shop.visitor, &n.to_string()).await.unwrap();
    }
    let topic = Topic::Channel(shop.channel.clone());
    let epoch = world.store.epoch().to_owned();
    let at = |seq| Cursor { epoch: epoch.clone(), seq };
    let ask = |cursor: Option<Cursor>| {
        let (store, topic) = (world.store.clone(), topic.clone());
        async move { store.catch_up(&topic, cursor.as_ref()).await.unwrap() }
    };
    assert_eq!(reason(&ask(None).await), Some(StartOver::Joined));
    let other = Cursor { epoch: "of a backup".to_owned(), seq: 20 };
    assert_eq!(reason(&ask(Some(other)).await), Some(StartOver::OtherEpoch));
    assert_eq!(reason(&ask(Some(at(21))).await), Some(StartOver::CursorAhead));
    match ask(Some(at(12))).await {
        CatchUp::Events { frames, more } => {
            let seqs: Vec<u64> = frames.iter().map(|frame| frame.seq).collect();
            assert_eq!((seqs, more), ((13..=20).collect(), false));
        }
        CatchUp::Snapshot { .. } => panic!("it can be read on from"),
    }
    damage(&world, "DELETE FROM events WHERE seq <= 5 AND topic LIKE 'channel/%'").await;
    damage(&world, "UPDATE log_heads SET first_seq = 6 WHERE topic LIKE 'channel/%'").await;
    assert_eq!(reason(&ask(Some(at(4))).await), Some(StartOver::CursorTooOld));
    assert_eq!(reason(&ask(Some(at(5))).await), None);
    damage(&world, "DELETE FROM events WHERE seq = 15 AND topic LIKE 'channel/%'").await;
    assert_eq!(reason(&ask(Some(at(12))).await), Some(StartOver::TopicLost));
}

pub(super) async fn a_snapshot_is_of_one_instant_while_others_write(world: World) {
    // design rule 4: a snapshot is read in the same transaction as its head.
    let shop = world.shop("Kettle").await;
    let topic = Topic::Channel(shop.channel.clone());
    world.writes(&shop.visitor, "first").await.unwrap();
    let writing = async {
        for n in 0..200 {
            world.writes(&shop.visitor, &n.to_string()).await.unwrap();
        }
    };
    let reading = async {
        let mut n_read = 0;
        loop {
            let CatchUp::Snapshot { seq, parts } = world.store.catch_up(&topic, None).await.unwrap() else {
                panic!("a newcomer gets a snapshot")
            };
            let RelayFrame::Snapshot(snapshot) = serde_json::from_slice(&parts[0]).unwrap() else { panic!() };
            let SnapshotData::Channel { conversations, .. } = snapshot.data else { panic!() };
            // Every event of this channel is one message of this conversation.
            assert_eq!(u64::from(conversations[0].last_n), seq);
            n_read += 1;
            if seq == 201 {
                return n_read;
            }
        }
    };
    let ((), n_read) = tokio::join!(writing, reading);
    assert!(n_read > 1);
}
