//! Where PostgreSQL's programs are, and who may run them.

use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::paths;

/// Where Debian puts the programs of each major version; they are not on the `PATH` there.
const VERSIONS: &str = "/usr/lib/postgresql";

/// The folder with `initdb` and `postgres`: the one of the `initdb` on the `PATH`, else Debian's newest.
///
/// # Errors
/// When PostgreSQL is not installed.
pub(super) fn folder() -> Result<PathBuf> {
    match paths::program("initdb", "INITDB") {
        Ok(initdb) => {
            // A link stands alone in its folder; the others are beside what it leads to.
            let initdb = initdb.canonicalize()?;
            initdb.parent().map(Path::to_owned).context("initdb stands in no folder")
        }
        Err(_) => newest(Path::new(VERSIONS)).context("PostgreSQL is not installed; Debian's package is `postgresql`"),
    }
}

/// The program that sends statements to a server.
///
/// # Errors
/// When there is none.
pub(super) fn psql() -> Result<PathBuf> {
    let beside = folder().ok().map(|folder| folder.join("psql")).filter(|psql| psql.is_file());
    beside.map_or_else(|| paths::program("psql", "PSQL"), Ok)
}

/// The `bin` folder of the highest version that has a server.
fn newest(versions: &Path) -> Option<PathBuf> {
    let version = |folder: &Path| folder.file_name()?.to_str()?.parse::<u32>().ok();
    let folders = std::fs::read_dir(versions).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    let servers = folders.filter(|folder| folder.join("bin/initdb").is_file());
    servers.filter_map(|folder| Some((version(&folder)?, folder.join("bin")))).max().map(|(_, bin)| bin)
}

/// A user of this machine.
#[derive(Clone, Copy, Debug)]
pub(super) struct Account {
    pub(super) uid: u32,
    pub(super) gid: u32,
}

impl Account {
    /// Who is to run the server whose folder we made: nobody else than we, unless we are root, as whom PostgreSQL refuses to run.
    /// Then the user `postgres` does, and the folder becomes his.
    ///
    /// # Errors
    /// When there is no such user.
    pub(super) fn for_server_in(folder: &Path) -> Result<Option<Self>> {
        if std::fs::metadata(folder)?.uid() != 0 {
            return Ok(None);
        }
        let postgres = Self { uid: id("-u")?, gid: id("-g")? };
        ensure!(postgres.uid != 0, "the user `postgres` is root here, as whom PostgreSQL refuses to run");
        chown(folder, Some(postgres.uid), Some(postgres.gid))?;
        Ok(Some(postgres))
    }
}

/// A number of the user `postgres`.
fn id(which: &str) -> Result<u32> {
    let output = Command::new("id").args([which, "postgres"]).output().context("starting id")?;
    if !output.status.success() {
        bail!("PostgreSQL refuses to run as root, and there is no user `postgres` to run it as");
    }
    String::from_utf8(output.stdout)?.trim().parse().context("id did not print a number")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_version_with_a_server_is_taken() {
        let versions = tempfile::tempdir().unwrap();
        for (version, program) in [("9", "initdb"), ("15", "initdb"), ("17", "psql"), ("old", "initdb")] {
            let bin = versions.path().join(version).join("bin");
            std::fs::create_dir_all(&bin).unwrap();
            std::fs::write(bin.join(program), "").unwrap();
        }
        assert_eq!(newest(versions.path()), Some(versions.path().join("15/bin")));
        assert_eq!(newest(&versions.path().join("nowhere")), None);
    }
}
