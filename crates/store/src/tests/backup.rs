//! A copy of the record, put back.

use std::collections::BTreeMap;

use super::outbox::plant;
use super::world::{World, message_id, words};
use crate::backup::{self, BackupError, Kind, Programs};
use crate::db::{query_made, query_scalar};
use crate::sealed::SecretKey;
use crate::writer::Lane;
use crate::{Database, OutboxCounts, Store};

fn programs() -> Programs {
    Programs::new(None, std::env::var_os("PATH"))
}

/// All rows of a table as text, in no order of their own.
async fn rows(store: &Store, table: &str) -> Vec<String> {
    let mut conn = store.readers.acquire().await.unwrap();
    let columns: Vec<String> = if conn.is_postgres() {
        let sql = "SELECT column_name::TEXT FROM information_schema.columns WHERE table_schema = current_schema()
             AND table_name = $1 ORDER BY 1";
        query_scalar(sql).bind(table).fetch_all(&mut conn).await.unwrap()
    } else {
        query_scalar("SELECT name FROM pragma_table_info($1) ORDER BY 1")
            .bind(table)
            .fetch_all(&mut conn)
            .await
            .unwrap()
    };
    // Bytes too; both sides of a comparison are of the same database.
    let is_postgres = conn.is_postgres();
    let column = |name: &String| {
        if is_postgres { format!("COALESCE(CAST({name} AS TEXT), '-')") } else { format!("quote({name})") }
    };
    let all = columns.iter().map(column).collect::<Vec<_>>().join(" || '|' || ");
    let rows = query_made(format!("SELECT {all} AS line FROM {table}")).fetch_all(&mut conn).await.unwrap();
    let mut lines: Vec<String> = rows.iter().map(|row| row.try_get("line").unwrap()).collect();
    lines.sort();
    lines
}

/// All tables, but for how long migrations took.
async fn everything(store: &Store) -> BTreeMap<&'static str, Vec<String>> {
    let mut all = BTreeMap::new();
    for table in backup::tables() {
        all.insert(table, rows(store, table).await);
    }
    all
}

pub(super) async fn a_copy_put_back_is_the_same_in_every_table_but_for_epoch_and_what_was_on_its_way(world: World) {
    // design rules 4 and 9
    let shop = world.shop("Kettle").await;
    for state in ["sent", "queued", "sending", "unknown", "failed"] {
        world.asks(&shop.visitor, state).await;
        plant(&world, &shop, state).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy");
    let was = everything(&world.store).await;
    assert!(was.len() > 18 && was["messages"].len() == 5, "{:?}", was.keys());
    let facts = backup::copy(&world.database, &copy, &programs()).await.unwrap();
    assert_eq!(facts.epoch, world.store.epoch());
    assert_eq!((facts.fits(&world.key), facts.fits(&SecretKey::generate())), (true, false));
    let postgres = matches!(world.database, Database::Postgres(_));
    assert_eq!(facts.kind, if postgres { Kind::Postgres } else { Kind::Sqlite });

    // Afterwards more is written, which is gone with the restore.
    world.writes(&shop.visitor, "after").await.unwrap();
    world.store.close().await;
    let back = backup::put_back(&world.database, &copy, &facts, "then", &programs()).await.unwrap();
    assert_eq!(back.n_unknown, 3);
    assert_ne!(back.epoch, facts.epoch);
    let store = world.open(&world.database, &world.key).await.unwrap();
    assert_eq!(store.epoch(), back.epoch);
    let (now, mut expected) = (everything(&store).await, was);
    for line in expected.get_mut("outbox").unwrap() {
        *line = line.replace("queued", "unknown").replace("sending", "unknown");
    }
    for line in expected.get_mut("meta").unwrap() {
        *line = line.replace(&facts.epoch, &back.epoch);
    }
    expected.values_mut().for_each(|lines| lines.sort());
    for (table, lines) in expected {
        assert_eq!(now[table], lines, "{table}");
    }
    let counted = OutboxCounts { n_unknown: 3, n_failed: 1, ..OutboxCounts::default() };
    assert_eq!(store.outbox_counts().await.unwrap(), counted);
    // What was there before is kept where it can be.
    let kept = back.moved_aside.map(|path| path.file_name().unwrap().to_owned());
    assert_eq!(kept, (!postgres).then(|| "deskside.db.before-then".into()));
    store.contact_writes(shop.visitor, message_id(), words("and on"), None).await.unwrap();
}

pub(super) async fn a_place_is_looked_at_before_anything_is_replaced(world: World) {
    let empty = world.empty_database().await;
    assert!(backup::look(&empty).await.unwrap().is_empty, "no tables");
    assert!(backup::look(&world.database).await.unwrap().is_empty, "tables, and no project");
    world.shop("Kettle").await;
    let place = backup::look(&world.database).await.unwrap();
    assert!(!place.is_empty);
    assert_eq!(place.n_connections > 0, matches!(world.database, Database::Postgres(_)));
    // What is no record is not copied.
    let folder = tempfile::tempdir().unwrap();
    let nothing = backup::copy(&empty, &folder.path().join("copy"), &programs()).await.unwrap_err();
    assert!(matches!(nothing, BackupError::NoRecord(_)), "{nothing}");
}

pub(super) async fn a_copy_that_cannot_be_put_back_changes_nothing(world: World) {
    let shop = world.shop("Kettle").await;
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy");
    let facts = backup::copy(&world.database, &copy, &programs()).await.unwrap();
    world.writes(&shop.visitor, "after").await.unwrap();
    let was = everything(&world.store).await;
    let put_back = |facts: backup::Facts, copy: std::path::PathBuf| {
        let database = world.database.clone();
        async move { backup::put_back(&database, &copy, &facts, "then", &programs()).await.unwrap_err() }
    };
    let newer = backup::Facts { schema_version: 999, ..facts.clone() };
    assert!(matches!(put_back(newer, copy.clone()).await, BackupError::Newer { has: 999, .. }));
    let other = if facts.kind == Kind::Sqlite { Kind::Postgres } else { Kind::Sqlite };
    let error = put_back(backup::Facts { kind: other, ..facts.clone() }, copy.clone()).await;
    assert!(error.to_string().contains("DESKSIDE_DATABASE_URL"), "{error}");
    if facts.kind == Kind::Postgres {
        let error = put_back(backup::Facts { schema: Some("other".to_owned()), ..facts.clone() }, copy.clone()).await;
        assert!(error.to_string().contains("options=-csearch_path%3Dother"), "{error}");
    }
    // It ends half-way.
    let bytes = std::fs::read(&copy).unwrap();
    let half = folder.path().join("half");
    std::fs::write(&half, &bytes[..bytes.len() / 2]).unwrap();
    let error = put_back(facts.clone(), half).await;
    assert!(
        matches!(error, BackupError::Program { .. } | BackupError::Damaged { .. } | BackupError::Database(_)),
        "{error}"
    );
    assert_eq!(everything(&world.store).await, was);
}

#[tokio::test]
async fn programs_that_are_missing_are_named_with_what_to_install() {
    let world = World::postgres().await;
    let folder = tempfile::tempdir().unwrap();
    let nowhere = Programs::new(Some(folder.path().to_owned()), None);
    let error = backup::copy(&world.database, &folder.path().join("copy"), &nowhere).await.unwrap_err().to_string();
    assert!(
        error.contains("pg_dump") && error.contains("postgresql-client-") && error.contains("DESKSIDE_PG_BIN"),
        "{error}"
    );
}

#[tokio::test]
async fn what_somebody_else_built_on_the_tables_stops_a_restore_and_is_named() {
    let world = World::postgres().await;
    let shop = world.shop("Kettle").await;
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy");
    let facts = backup::copy(&world.database, &copy, &programs()).await.unwrap();
    let run = world.store.writer.run(Lane::Shared, |tx| {
        Box::pin(async move {
            tx.conn.run("CREATE VIEW theirs AS SELECT id FROM contacts").await?;
            Ok(())
        })
    });
    run.await.unwrap();
    let error = backup::put_back(&world.database, &copy, &facts, "then", &programs()).await.unwrap_err().to_string();
    assert!(error.contains("theirs"), "{error}");
    world.writes(&shop.visitor, "still there").await.unwrap();
}
