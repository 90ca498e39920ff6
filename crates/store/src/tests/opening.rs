//! What a record refuses to open with.

use super::world::World;
use crate::db::query;
use crate::sealed::SecretKey;
use crate::writer::Lane;
use crate::{Database, StoreError};

pub(super) async fn another_key_and_a_newer_database_are_refused_in_words(world: World) {
    let other = world.open(&world.database, &SecretKey::generate()).await.err().unwrap();
    assert!(matches!(other, StoreError::WrongSecretKey), "{other}");
    assert!(world.open(&world.database, &world.key).await.is_ok());
    world
        .store
        .writer
        .run(Lane::Shared, |tx| {
            Box::pin(async move {
                let blank = if tx.conn.is_postgres() { "'\\x00'" } else { "x'00'" };
                let later = format!(
                    "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                     VALUES (999, 'later', TRUE, {blank}, 0)"
                );
                crate::db::query_made(later).execute(tx.conn).await?;
                Ok(())
            })
        })
        .await
        .unwrap();
    let newer = world.open(&world.database, &world.key).await.err().unwrap();
    assert!(matches!(newer, StoreError::NewerDatabase), "{newer}");
    assert!(newer.to_string().contains("newer Deskside"), "{newer}");
}

#[tokio::test]
async fn an_address_that_cannot_be_used_is_named_without_its_password() {
    let world = World::sqlite().await;
    for url in ["mysql://x", "postgres://deskside:hunter2@127.0.0.1:1/deskside"] {
        let refused = world.open(&Database::Postgres(url.to_owned()), &world.key).await.err().unwrap();
        let words = refused.to_string();
        assert!(words.contains("DESKSIDE_DATABASE_URL") && !words.contains("hunter2"), "{words}");
    }
    assert!(!format!("{:?}", Database::Postgres("postgres://a:hunter2@b/c".to_owned())).contains("hunter2"));
}

#[tokio::test]
async fn a_sqlite_file_that_is_full_refuses_and_takes_nothing_half() {
    let data = tempfile::tempdir().unwrap();
    let world = World::sqlite().await;
    let database = Database::Sqlite(data.path().join("full.db"));
    let mut options =
        super::world::options(&database, &world.key, world.clock.clone(), std::sync::Arc::clone(&world.heard));
    options.max_pages = Some(110);
    let store = crate::Store::open(options).await.unwrap();
    let filled = store
        .writer
        .run(Lane::Shared, |tx| {
            Box::pin(async move {
                for n in 0..1_000 {
                    let key = format!("filler {n}");
                    query("INSERT INTO meta (key, value) VALUES ($1, $2)")
                        .bind(key)
                        .bind("x".repeat(4_000))
                        .execute(tx.conn)
                        .await?;
                }
                Ok(())
            })
        })
        .await;
    assert!(matches!(filled, Err(StoreError::Unavailable(_))));
    store.ping().await.unwrap();
    let mut conn = store.readers.acquire().await.unwrap();
    let n: i64 = crate::db::query_scalar("SELECT COUNT(*) FROM meta WHERE key LIKE 'filler%'")
        .fetch_one(&mut conn)
        .await
        .unwrap();
    assert_eq!(n, 0);
}
