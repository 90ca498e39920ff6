//! The record's database: that it can be used, keeps what it is told, and knows letters.

use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use store::Database;
use store::inspect::{InspectError, Inspector, PostgresFacts, Schema, SqliteFacts, Trigrams};
use tokio::time::timeout;

use super::looked::Looked;
use super::running::Running;
use super::{Check, Setup};

/// The oldest PostgreSQL that is tested.
const VERSION_MIN: i64 = 130_000;
/// From here on extensions go by the database's own rules for letters, whatever the character type.
const VERSION_OF_OWN_LETTERS: i64 = 180_000;
/// So many connections a relay may take: eight that write, eight that read, one at the start.
const CONNECTIONS: i64 = 17;
/// How long looking for damage may take.
const DAMAGE_WITHIN: Duration = Duration::from_secs(10);

/// Looks at the database.
pub(super) struct Record;

#[async_trait]
impl Check for Record {
    fn name(&self) -> &'static str {
        "database"
    }

    async fn look(&self, setup: &Setup, running: Running, looked: &mut Looked) {
        let database = setup.database();
        let mut inspector = match Inspector::open(&database).await {
            Ok(inspector) => inspector,
            Err(error) => return unreached(&database, &error, looked),
        };
        if let Err(error) = ask(&mut inspector, &database, running, looked).await {
            unreached(&database, &error, looked);
        }
        inspector.close().await;
    }
}

async fn ask(
    inspector: &mut Inspector,
    database: &Database,
    running: Running,
    looked: &mut Looked,
) -> Result<(), InspectError> {
    if let Some(facts) = inspector.postgres().await? {
        server(&facts, running, looked);
    }
    if let (Some(facts), Database::Sqlite(path)) = (inspector.sqlite().await?, database) {
        file(&facts, path, looked);
    }
    schema(inspector.schema().await?, looked);
    if matches!(database, Database::Sqlite(_)) {
        match timeout(DAMAGE_WITHIN, inspector.damage()).await {
            Ok(damage) => damaged(damage?, looked),
            Err(_) => looked.not_checked(format!(
                "the file is too large to be looked through for damage within {} s; `deskside backup` looks through all of it",
                DAMAGE_WITHIN.as_secs()
            )),
        }
    }
    Ok(())
}

fn unreached(database: &Database, error: &InspectError, looked: &mut Looked) {
    if let InspectError::NoFile(_) = error {
        return looked.fact("there is no record yet: the first start makes it");
    }
    let what = match database {
        Database::Sqlite(path) => format!("SQLite file {}", path.display()),
        Database::Postgres(_) => "PostgreSQL".to_owned(),
    };
    let mend = match error {
        InspectError::NoFile(_) => "start a relay",
        InspectError::Address => {
            "give DESKSIDE_DATABASE_URL an address such as postgres://user:password@host:5432/database"
        }
        InspectError::Refused(_) => {
            "correct user and password in DESKSIDE_DATABASE_URL (special characters as %XX), and let this machine in by pg_hba.conf"
        }
        InspectError::NoDatabase(_) => {
            "make it: `CREATE DATABASE … OWNER … ENCODING 'UTF8' LC_CTYPE 'C.UTF-8' LC_COLLATE 'C' TEMPLATE template0`"
        }
        InspectError::Full(_) => {
            "raise `max_connections` in postgresql.conf, or end what else is connected (pg_stat_activity)"
        }
        InspectError::Away(_) => {
            "see whether the server runs and listens there (`listen_addresses`), whether its name is right, and whether a firewall is in the \
             way"
        }
        InspectError::Failed(_) => match database {
            Database::Sqlite(_) => {
                "if it is damaged, restore the last backup by `deskside restore`; if it cannot be read, see whose it is"
            }
            Database::Postgres(_) => "see the server's log, and whether the user owns the tables",
        },
    };
    looked.bad(format!("{what}: {error}"), mend);
}

fn server(facts: &PostgresFacts, running: Running, looked: &mut Looked) {
    looked.fact(format!("PostgreSQL {}", facts.version));
    if facts.version_num < VERSION_MIN {
        looked.bad(format!("PostgreSQL {} is too old", facts.version), "bring the server up to version 13 or newer");
    }
    if facts.is_replica {
        looked.bad("the server is a copy that takes no writes", "let DESKSIDE_DATABASE_URL lead to the primary server");
    }
    if !facts.is_durable {
        looked.bad(
            "`fsync` or `synchronous_commit` is off: a power cut loses messages that were acknowledged",
            "turn both on in postgresql.conf, or for the user: `ALTER ROLE … RESET synchronous_commit`",
        );
    }
    letters(facts, looked);
    match &facts.schema {
        None => looked.bad(
            "the schema that the address names is not there",
            "make it by `CREATE SCHEMA`, or take `search_path` out of DESKSIDE_DATABASE_URL",
        ),
        Some(schema) if !facts.may_create_tables => looked.bad(
            format!("the user may not make tables in the schema {schema}"),
            format!("as its owner: `GRANT CREATE, USAGE ON SCHEMA {schema} TO …`, or let the user own the database"),
        ),
        Some(_) => {}
    }
    if facts.n_left >= CONNECTIONS {
        looked.fact(format!("{} of {} connections left", facts.n_left, facts.n_max));
    } else {
        let found =
            format!("{} of {} connections are left, and a relay takes up to {CONNECTIONS}", facts.n_left, facts.n_max);
        let mend = "raise `max_connections` in postgresql.conf (and a limit of the user or the database), or end what else is connected";
        if running == Running::Yes { looked.note(found, mend) } else { looked.bad(found, mend) }
    }
}

/// Search takes texts apart into trigrams, and that goes by what the database takes for letters.
fn letters(facts: &PostgresFacts, looked: &mut Looked) {
    const ANEW: &str = "make the database anew, since this cannot be changed: `CREATE DATABASE … ENCODING 'UTF8' LC_CTYPE 'C.UTF-8' \
        LC_COLLATE 'C' TEMPLATE template0`, and move the record by `deskside backup` and `deskside restore`";
    if facts.encoding != "UTF8" {
        return looked.bad(format!("the database's encoding is {} and not UTF8", facts.encoding), ANEW);
    }
    let is_plain = matches!(facts.ctype.as_str(), "C" | "POSIX") && facts.version_num < VERSION_OF_OWN_LETTERS;
    let knows_letters = match facts.trigrams {
        Trigrams::Installed { knows_letters } => knows_letters,
        Trigrams::Available | Trigrams::Missing => facts.knows_letters && !is_plain,
    };
    if !knows_letters {
        let found = format!("the database's character type is {}: search finds no letters beyond ASCII", facts.ctype);
        return looked.bad(found, ANEW);
    }
    looked.fact(format!("{} {}", facts.encoding, facts.ctype));
    match facts.trigrams {
        Trigrams::Installed { .. } => looked.fact("pg_trgm installed"),
        Trigrams::Available if facts.may_create_extensions => looked.fact("pg_trgm available"),
        Trigrams::Available => looked.note(
            "the user may not install the extension pg_trgm, which search needs",
            "as a superuser, in this database: `CREATE EXTENSION pg_trgm`",
        ),
        Trigrams::Missing => looked.note(
            "the server does not have the extension pg_trgm, which search needs",
            "install PostgreSQL's contrib package on the server, such as `postgresql-contrib`",
        ),
    }
}

fn file(facts: &SqliteFacts, path: &Path, looked: &mut Looked) {
    let kib = facts.size_bytes.div_euclid(1024);
    let size = if kib < 10_000 { format!("{kib} KiB") } else { format!("{} MiB", kib / 1024) };
    looked.fact(format!("SQLite {} in {}, {size}", facts.version, path.display()));
    if facts.journal_mode != "wal" {
        looked.note(
            format!("the file's journal is in mode {} and not wal", facts.journal_mode),
            "the next start sets it; where it does not, the folder is on a disk that SQLite cannot share between processes",
        );
    }
}

fn damaged(damage: Option<String>, looked: &mut Looked) {
    match damage {
        None => looked.fact("undamaged"),
        Some(said) => looked.bad(
            format!("the file is damaged: {said}"),
            "stop the relay, keep a copy of the folder, restore the last backup by `deskside restore`, and have the disk looked at",
        ),
    }
}

fn schema(schema: Schema, looked: &mut Looked) {
    match schema {
        Schema::Empty => looked.fact("empty: the first start makes the tables"),
        Schema::Current(version) => looked.fact(format!("schema {version}")),
        Schema::Older { has, knows } => {
            looked.fact(format!("schema {has}, which the next start of this program brings forward to {knows}"));
        }
        Schema::Newer { has, knows } => looked.bad(
            format!("the record was written by a newer Deskside: it has schema {has}, and this program knows {knows}"),
            "run that version of Deskside, or restore a backup made before it was brought forward",
        ),
        Schema::Unfinished(version) => looked.bad(
            format!("bringing the record forward to schema {version} ended half-way"),
            "restore the last backup by `deskside restore`, and start again",
        ),
    }
}
