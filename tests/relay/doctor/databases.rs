//! Faults of a PostgreSQL.

use relay::doctor::{Grade, Setup};
use store::sealed::SecretKey;
use testkit::redis::Redis;
use testkit::relay::Relay;

use super::patient::{OwnDatabase, admin, data, says, setup};

fn on(database_url: &str, relay: &Relay) -> Setup {
    Setup {
        database_url: Some(database_url.to_owned()),
        secret_key: Some(SecretKey::generate().to_hex()),
        ..setup(relay)
    }
}

#[tokio::test]
async fn a_sound_relay_on_postgresql_and_redis_has_nothing_to_mend_running_or_not() {
    let (database, redis) = (OwnDatabase::good().await, Redis::shared().await.unwrap());
    let (key, prefix) = (SecretKey::generate().to_hex(), redis.fresh_prefix().unwrap());
    let mut relay = Relay::on_postgres(database.url.clone())
        .unwrap()
        .with("DESKSIDE_SECRET_KEY", &key)
        .with("DESKSIDE_REDIS_URL", redis.url())
        .with("DESKSIDE_REDIS_PREFIX", &prefix);
    relay.start().await.unwrap();
    let files = data(&relay).join("files");
    let setup = Setup {
        database_url: Some(database.url.clone()),
        secret_key: Some(key),
        redis_url: Some(redis.url().to_owned()),
        redis_prefix: prefix.clone(),
        files_url: Some(format!("file://{}", files.display())),
        ..setup(&relay)
    };
    let report = says(&setup).await;
    report.is_well();
    for check in ["settings", "address", "stream", "clock", "database", "log", "key", "redis", "files", "disk"] {
        report.has(check, Grade::Ok, &[]);
    }
    report.has("clock", Grade::Ok, &["the database's", "the public address's"]);
    report.has("database", Grade::Ok, &["UTF8 C.UTF-8", "pg_trgm installed", "connections left"]);
    report.has("key", Grade::Ok, &["the record's own"]);
    relay.terminate().await.unwrap();
    assert_eq!(redis.run(&["--scan", "--pattern", &format!("{prefix}probe*")]).await.unwrap(), "");
    says(&setup).await.is_well();
    database.remove().await;
}

#[tokio::test]
async fn a_database_that_knows_no_letters_is_named_before_it_is_used() {
    // S3
    let relay = Relay::new().unwrap();
    for (how, words) in [
        ("ENCODING 'SQL_ASCII' LC_CTYPE 'C' LC_COLLATE 'C' TEMPLATE template0", "encoding is SQL_ASCII"),
        ("ENCODING 'LATIN1' LC_CTYPE 'C' LC_COLLATE 'C' TEMPLATE template0", "encoding is LATIN1"),
        ("ENCODING 'UTF8' LC_CTYPE 'C' LC_COLLATE 'C' TEMPLATE template0", "character type is C"),
    ] {
        let database = OwnDatabase::new(how).await;
        let report = says(&on(&database.url, &relay)).await;
        report.only(&["database"]).bad("database", &[words, "CREATE DATABASE", "C.UTF-8"]);
        if how.contains("UTF8") {
            // With the extension in it, what it does counts and not what the type is called.
            database.sql("CREATE EXTENSION pg_trgm".to_owned()).await;
            says(&on(&database.url, &relay)).await.only(&["database"]).bad("database", &[words]);
        }
        database.remove().await;
    }
    let database = OwnDatabase::good().await;
    database.sql("CREATE EXTENSION pg_trgm".to_owned()).await;
    says(&on(&database.url, &relay)).await.has("database", Grade::Ok, &["pg_trgm installed"]);
    database.remove().await;
}

#[tokio::test]
async fn a_user_without_rights_or_connections_is_named() {
    let (relay, database) = (Relay::new().unwrap(), OwnDatabase::good().await);
    let user = format!("doctor_{}", store::secret::hex(&store::secret::random::<8>()));
    admin(&format!("CREATE ROLE {user} LOGIN CONNECTION LIMIT 20")).await;
    database.sql(format!("REVOKE CREATE ON SCHEMA public FROM PUBLIC; GRANT USAGE ON SCHEMA public TO {user}")).await;
    let setup = on(&database.url_of(&user), &relay);
    let report = says(&setup).await;
    report.only(&["database"]).bad("database", &["may not make tables in the schema public", "GRANT CREATE"]);
    report.has("database", Grade::Note, &["may not install the extension pg_trgm", "CREATE EXTENSION pg_trgm"]);

    database.sql(format!("GRANT CREATE ON SCHEMA public TO {user}; ALTER ROLE {user} CONNECTION LIMIT 6")).await;
    says(&setup).await.only(&["database"]).bad("database", &["of 6 connections are left", "max_connections"]);

    database.sql(format!("ALTER ROLE {user} SET synchronous_commit = off")).await;
    says(&setup).await.bad("database", &["synchronous_commit", "power cut"]);
    database.sql(format!("ALTER ROLE {user} CONNECTION LIMIT 0")).await;
    says(&setup).await.bad("database", &["no connection left"]);
    database.remove().await;
    admin(&format!("DROP ROLE {user}")).await;
}

#[tokio::test]
async fn a_database_that_is_not_there_is_named_without_the_password() {
    let (relay, database) = (Relay::new().unwrap(), OwnDatabase::good().await);
    let report = says(&on(&format!("{}_gone", database.url), &relay)).await;
    // Whether a relay runs cannot be told without it, and where one should listen nobody does.
    report.only(&["address", "database"]).bad("database", &["no such database", "CREATE DATABASE"]);
    for check in ["clock", "log", "key"] {
        report.has(check, Grade::NotChecked, &["`database`"]);
    }
    let schema = format!("{}?options=-csearch_path%3Dnowhere", database.url);
    says(&on(&schema, &relay)).await.only(&["database"]).bad("database", &["schema", "is not there", "search_path"]);
    database.remove().await;
    let report = says(&on("postgres://deskside:hunter2@127.0.0.1:1/deskside", &relay)).await;
    report.bad("database", &["cannot be reached", "listen_addresses"]);
    assert!(!report.0.to_string().contains("hunter2"), "{}", report.0);
    let report = says(&on("mysql://deskside:hunter2@db/deskside", &relay)).await;
    report.bad("database", &["postgres://user:password@host"]);
    assert!(!report.0.to_string().contains("hunter2"), "{}", report.0);
}
