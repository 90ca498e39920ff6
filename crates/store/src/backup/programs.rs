//! PostgreSQL's own programs: where they are, and how they reach the server.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use percent_encoding::percent_decode_str;
use sqlx::ConnectOptions as _;
use sqlx::postgres::PgConnectOptions;
use tokio::process::Command;

use super::BackupError;

/// Where Debian keeps the programs of each major version; those on the `PATH` there choose one by rules of their own.
const DEBIAN: &str = "/usr/lib/postgresql";
/// The files of public authorities, by Debian, Red Hat and Alpine: PostgreSQL's programs know none by themselves.
const AUTHORITIES: [&str; 3] =
    ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];
/// What must not reach the programs from outside, since the address says it.
const OTHERS: [&str; 4] = ["PGHOSTADDR", "PGSERVICE", "PGSERVICEFILE", "PGPASSFILE"];

/// Where to look for PostgreSQL's programs.
#[derive(Clone, Debug, Default)]
pub struct Programs {
    folder: Option<PathBuf>,
    path: Option<OsString>,
}

/// The folder that programs are taken from, all of one version.
#[derive(Debug)]
pub(super) struct Chosen {
    folder: PathBuf,
    environment: Vec<(&'static str, String)>,
}

impl Programs {
    /// In the folder that was given, and nowhere else; else where Debian has them, and in the folders of a `PATH`.
    #[must_use]
    pub fn new(folder: Option<PathBuf>, path: Option<OsString>) -> Self {
        Self { folder, path }
    }

    /// The programs for a server: the oldest that are not older than it, since newer ones say what it may not know.
    ///
    /// # Errors
    /// [`BackupError::NoPrograms`].
    pub(super) async fn choose(
        &self,
        names: &[&'static str],
        major: i64,
        connect: &PgConnectOptions,
    ) -> Result<Chosen, BackupError> {
        let mut found = Vec::new();
        for folder in self.folders() {
            if names.iter().all(|name| folder.join(name).is_file())
                && let Some(version) = version(&folder.join(names[0])).await
            {
                found.push((version, folder));
            }
        }
        let fitting = found.iter().filter(|(version, _)| *version >= major).min_by_key(|(version, _)| *version);
        let Some((_, folder)) = fitting else {
            let versions: Vec<String> = found.iter().map(|(version, _)| version.to_string()).collect();
            let found =
                if versions.is_empty() { "none".to_owned() } else { format!("version {}", versions.join(", ")) };
            return Err(BackupError::NoPrograms { names: names.join(" and "), major, found });
        };
        Ok(Chosen { folder: folder.clone(), environment: environment(connect) })
    }

    fn folders(&self) -> Vec<PathBuf> {
        if let Some(folder) = &self.folder {
            return vec![folder.clone()];
        }
        let versions = std::fs::read_dir(DEBIAN).into_iter().flatten().filter_map(Result::ok);
        let debian = versions.map(|entry| entry.path().join("bin"));
        debian.chain(self.path.iter().flat_map(std::env::split_paths)).collect()
    }
}

/// The major version that a program says it has.
async fn version(program: &Path) -> Option<i64> {
    let output = Command::new(program).arg("--version").stdin(Stdio::null()).output().await.ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    // "pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"
    let number = text.split(") ").nth(1)?;
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

impl Chosen {
    /// A program that reaches the server by its environment: nothing of the address stands where other users can see it.
    pub(super) fn command(&self, name: &str) -> Command {
        let mut command = Command::new(self.folder.join(name));
        for other in OTHERS {
            command.env_remove(other);
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value))).kill_on_drop(true);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }
}

/// The address as PostgreSQL's programs take it.
fn environment(connect: &PgConnectOptions) -> Vec<(&'static str, String)> {
    let host = connect.get_socket().map_or_else(|| connect.get_host().to_owned(), |path| path.display().to_string());
    let mut environment = vec![
        ("PGHOST", host),
        ("PGPORT", connect.get_port().to_string()),
        ("PGUSER", connect.get_username().to_owned()),
        ("PGDATABASE", connect.get_database().unwrap_or(connect.get_username()).to_owned()),
        ("PGOPTIONS", connect.get_options().unwrap_or_default().to_owned()),
        ("PGAPPNAME", "deskside-backup".to_owned()),
        ("PGCONNECT_TIMEOUT", "10".to_owned()),
    ];
    let url = connect.to_url_lossy();
    if let Some(password) = url.password() {
        environment.push(("PGPASSWORD", percent_decode_str(password).decode_utf8_lossy().into_owned()));
    }
    let names =
        [("sslmode", "PGSSLMODE"), ("sslrootcert", "PGSSLROOTCERT"), ("sslcert", "PGSSLCERT"), ("sslkey", "PGSSLKEY")];
    for (key, value) in url.query_pairs() {
        environment
            .extend(names.iter().find(|(ours, _)| *ours == key).map(|(_, theirs)| (*theirs, value.into_owned())));
    }
    let has = |name: &str| environment.iter().any(|(known, _)| *known == name);
    if environment.iter().any(|(name, value)| *name == "PGSSLMODE" && value.starts_with("verify"))
        && !has("PGSSLROOTCERT")
    {
        let authorities = AUTHORITIES.iter().find(|path| Path::new(path).is_file());
        environment.extend(authorities.map(|path| ("PGSSLROOTCERT", (*path).to_owned())));
    }
    environment
}

/// What a program said when it failed; nothing if it did not.
pub(super) fn failed(name: &'static str, output: &Output) -> Option<BackupError> {
    if output.status.success() {
        return None;
    }
    let words = String::from_utf8_lossy(&output.stderr);
    let words = words.trim();
    let mut words = if words.is_empty() { output.status.to_string() } else { words.to_owned() };
    // Newer programs say what an older server does not know.
    if words.contains("unrecognized configuration parameter") {
        words.push_str("; install the programs of the server's own version");
    }
    Some(BackupError::Program { name, words })
}
