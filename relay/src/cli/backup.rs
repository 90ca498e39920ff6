//! `deskside backup` and `deskside restore`.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use files::Files;
use store::Database;
use store::backup::BackupError::NoRecord;
use store::backup::Programs;
use store::clock::{Clock as _, SystemClock};
use store::sealed::SecretKey;
use tokio::time::Instant;

use crate::backup::{self, Archive, KEY, Keys, Making, Restored, Restoring};
use crate::cli::data::{Data, make_private};
use crate::cli::say;
use crate::config::database;

#[derive(Args)]
pub(super) struct Backup {
    /// Folder that backups are kept in; each gets a folder of its own there.
    #[arg(long, env = "DESKSIDE_BACKUP_TO")]
    to: PathBuf,
    /// Put the secret key into the backup too. Whoever has both can read everything.
    #[arg(long)]
    with_key: bool,
    #[command(flatten)]
    tools: Tools,
    #[command(flatten)]
    data: Data,
}

#[derive(Args)]
pub(super) struct Restore {
    /// The backup's folder, deskside-….
    #[arg(long)]
    from: PathBuf,
    /// Replace a record that has projects: a SQLite file is moved aside, tables in PostgreSQL are dropped.
    #[arg(long)]
    replace: bool,
    /// Put the secret key that is in the backup into the data folder.
    #[arg(long)]
    with_key: bool,
    #[command(flatten)]
    tools: Tools,
    #[command(flatten)]
    data: Data,
}

#[derive(Args)]
struct Tools {
    /// Folder of PostgreSQL's programs (`pg_dump`, `pg_restore`, psql); looked for where Debian has them and in PATH if none is given.
    #[arg(long, env = "DESKSIDE_PG_BIN")]
    pg_bin: Option<PathBuf>,
}

impl Tools {
    fn programs(&self) -> Programs {
        Programs::new(self.pg_bin.clone(), std::env::var_os("PATH"))
    }
}

fn given_key(data: &Data) -> anyhow::Result<Option<SecretKey>> {
    Ok(data.secret_key.as_deref().map(SecretKey::from_hex).transpose()?)
}

/// Copies record and files into a folder of their own while relays run.
pub(super) async fn run_backup(args: Backup) -> anyhow::Result<()> {
    let began = Instant::now();
    let data = &args.data;
    let key = if args.with_key {
        let key = given_key(data)?.map_or_else(|| backup::of_folder(&data.data), |key| Ok(Some(key)))?;
        Some(key.with_context(|| format!("--with-key: there is no {}", data.data.join(KEY).display()))?)
    } else {
        None
    };
    let database = database(&data.data, data.database_url.as_deref());
    if let Database::Sqlite(path) = &database
        && !path.is_file()
    {
        // Before a folder is made for the files of a record that is not there.
        return Err(NoRecord(path.display().to_string()).into());
    }
    let made = backup::make(
        &Making {
            database: &database,
            files: &Files::open(data.files_url.as_deref(), &data.data)?,
            to: &args.to,
            key: key.as_ref(),
            programs: &args.tools.programs(),
            now: SystemClock.now(),
        },
        &say,
    )
    .await?;
    let (size, took) = (backup::size(made.bytes), began.elapsed().as_secs_f32());
    say(&format!("The backup is complete: {}", made.folder.display()));
    say(&format!("  {size} in {took:.1} s, checksums in manifest.json"));
    if args.with_key {
        say("The secret key is in it: keep it where nobody else can read it.");
        return Ok(());
    }
    let key = match data.secret_key {
        Some(_) => "the value of DESKSIDE_SECRET_KEY".to_owned(),
        None => data.data.join(KEY).display().to_string(),
    };
    say("THE SECRET KEY IS NOT IN THIS BACKUP, and it cannot be restored without it.");
    say(&format!("  Keep a copy of {key} in another place, such as a password manager; or back up with --with-key."));
    Ok(())
}

/// Puts a backup's record and files in their places.
pub(super) async fn run_restore(args: Restore) -> anyhow::Result<()> {
    let began = Instant::now();
    let data = &args.data;
    let archive = Archive::open(&args.from)?;
    make_private(&data.data).with_context(|| format!("making {}", data.data.display()))?;
    let given = given_key(data)?;
    let restored = backup::restore(
        &Restoring {
            archive: &archive,
            database: &database(&data.data, data.database_url.as_deref()),
            files: &Files::open(data.files_url.as_deref(), &data.data)?,
            keys: Keys { given: given.as_ref(), data: &data.data, with_key: args.with_key },
            replace: args.replace,
            programs: &args.tools.programs(),
            now: SystemClock.now(),
        },
        &say,
    )
    .await?;
    tell(&archive, &restored);
    say(&format!("Done in {:.1} s; start the relays now.", began.elapsed().as_secs_f32()));
    Ok(())
}

fn tell(archive: &Archive, restored: &Restored) {
    let manifest = &archive.manifest;
    let files = backup::n_files(restored.n_files);
    say(&format!("The record of {} is restored, with {files}.", manifest.made_at));
    say(&format!(
        "  Its epoch was {} and is {} now: everybody connected starts over by himself.",
        manifest.record.epoch, restored.record.epoch
    ));
    if let Some(path) = &restored.record.moved_aside {
        say(&format!("  The record that was there is kept as {}.", path.display()));
    }
    if let Some(path) = &restored.key_aside {
        say(&format!("  The secret key that was there is kept as {}.", path.display()));
    }
    if restored.record.n_unknown > 0 {
        let n = restored.record.n_unknown;
        say(&format!(
            "  {n} outgoing messages are marked as unknown: they may have gone out, and are not sent again by themselves."
        ));
    }
}
