//! What is asked of a record from outside.

use domain::time::Timestamp;

use super::world::World;
use crate::Database;
use crate::db::query;
use crate::inspect::{InspectError, Inspector, KeyFit, Schema, WrongHead};
use crate::sealed::SecretKey;
use crate::store::open::newest_migration;
use crate::store::open::test_only::open_at_first_release;

pub(super) async fn a_record_tells_how_it_is_before_a_relay_opened_it_and_after(world: World) {
    let database = world.empty_database().await;
    match (&database, Inspector::open(&database).await) {
        (Database::Sqlite(_), refused) => assert!(matches!(refused.err(), Some(InspectError::NoFile(_)))),
        (Database::Postgres(_), opened) => {
            let mut empty = opened.unwrap();
            assert_eq!(empty.schema().await.unwrap(), Schema::Empty);
            assert_eq!(empty.fit(&world.key).await.unwrap(), KeyFit::Any);
            assert!(empty.postgres().await.unwrap().unwrap().may_create_tables);
        }
    }
    open_at_first_release(&database, include_str!("../../fixtures/first_release.sql")).await;
    let mut older = Inspector::open(&database).await.unwrap();
    assert_eq!(older.schema().await.unwrap(), Schema::Older { has: 1, knows: newest_migration() });
    older.close().await;

    let mut opened = Inspector::open(&world.database).await.unwrap();
    assert_eq!(opened.schema().await.unwrap(), Schema::Current(newest_migration()));
    assert_eq!(opened.fit(&world.key).await.unwrap(), KeyFit::Fits);
    assert_eq!(opened.fit(&SecretKey::generate()).await.unwrap(), KeyFit::Other);
    assert_eq!(opened.clock().await.unwrap().is_some(), opened.postgres().await.unwrap().is_some());
    assert_eq!(opened.sqlite().await.unwrap().map(|facts| facts.journal_mode), {
        matches!(world.database, Database::Sqlite(_)).then(|| "wal".to_owned())
    });
    let refused = query("DELETE FROM meta").execute(&mut opened.conn).await.unwrap_err();
    assert!(refused.to_string().contains("read"), "who looks cannot write: {refused}");
}

pub(super) async fn what_should_have_happened_and_did_not_is_found(world: World) {
    let shop = world.shop("kettle").await;
    let conversation = world.asks(&shop.visitor, "Is it in stock?").await;
    world.store.accept(shop.mira.clone(), conversation).await.unwrap();
    let mut inspector = Inspector::open(&world.database).await.unwrap();
    let heads = inspector.heads().await.unwrap();
    assert!(heads.n_topics > 2 && heads.wrong.is_empty(), "{heads:?}");
    assert_eq!(inspector.overdue(world.now()).await.unwrap().oldest, None);
    world.minutes_pass(20);
    let overdue = inspector.overdue(world.now()).await.unwrap();
    assert_eq!((overdue.n_conversations, overdue.n_blocks), (1, 0));
    assert_eq!(overdue.oldest, Some(Timestamp::from_ms(world.now().as_ms() - 5 * 60_000)));
    assert_eq!(inspector.unsent(world.now()).await.unwrap().n, 0);
    assert!(inspector.last_seen().await.unwrap().is_some());

    let topic = format!("channel/{}", shop.channel);
    let moved = world.store.writer.run(crate::writer::Lane::Shared, {
        let topic = topic.clone();
        move |tx| {
            Box::pin(async move {
                query("UPDATE log_heads SET seq = seq + 5 WHERE topic = $1").bind(topic).execute(tx.conn).await?;
                Ok(())
            })
        }
    });
    moved.await.unwrap();
    let wrong = inspector.heads().await.unwrap().wrong;
    assert_eq!(wrong.len(), 1);
    let WrongHead { topic: named, head, last } = &wrong[0];
    assert_eq!((named, head - last), (&topic, 5));
}
