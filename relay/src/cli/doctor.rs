//! `deskside doctor`.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::bail;
use clap::{Args, Command, CommandFactory as _};
use store::clock::SystemClock;

use crate::cli::serve::Serve;
use crate::cli::{Cli, say};
use crate::doctor::{Setup, examine};
use crate::proxies::TrustedProxies;

/// What the environment may set for programs of ours beside the options: the log, and the tests.
const OTHER_SETTINGS: [&str; 2] = ["DESKSIDE_LOG", "DESKSIDE_TEST_"];

#[derive(Args)]
pub(super) struct Doctor {
    /// The relay's settings, to be given as to `serve`.
    #[command(flatten)]
    serve: Serve,
    /// File with authorities (PEM) that may vouch for the public address, besides the public ones.
    #[arg(long, env = "SSL_CERT_FILE")]
    ca: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Looks at a setup and says what to mend; fails if there is anything.
pub(super) async fn run(doctor: Doctor) -> anyhow::Result<()> {
    let Serve { data, reach, extension_ids, trusted_proxies, gmail_places, .. } = doctor.serve;
    let setup = Setup {
        public_url: reach.public_url_as_given(),
        listen: reach.listen,
        // What is told shall be found from anywhere.
        data: std::path::absolute(&data.data).unwrap_or(data.data),
        database_url: data.database_url,
        secret_key: data.secret_key,
        redis_url: data.redis_url,
        redis_prefix: data.redis_prefix,
        redis_ca: data.redis_ca,
        files_url: data.files_url,
        names_proxies: trusted_proxies != TrustedProxies::default(),
        extension_ids,
        gmail_places,
        ca: doctor.ca,
        unknown_settings: unknown_settings(),
        clock: Arc::new(SystemClock),
    };
    let report = examine(&setup).await;
    if doctor.json {
        say(&format!("{:#}", report.to_json()));
    } else {
        say(&format!("{report}\n"));
    }
    if report.n_bad() > 0 {
        bail!("{}", report.summary());
    }
    if !doctor.json {
        say(&report.summary());
    }
    Ok(())
}

/// Variables that look like settings of ours and are none: a setting that is misspelt does nothing, and nobody is told.
fn unknown_settings() -> Vec<String> {
    let mut known = BTreeSet::new();
    collect(&Cli::command(), &mut known);
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    let is_unknown = |name: &String| {
        name.starts_with("DESKSIDE_")
            && !known.contains(name)
            && !OTHER_SETTINGS.iter().any(|other| name.starts_with(other))
    };
    names.filter(is_unknown).collect()
}

/// The variables of a command and of those below it.
fn collect(command: &Command, known: &mut BTreeSet<String>) {
    let names = command.get_arguments().filter_map(|argument| argument.get_env());
    known.extend(names.filter_map(|name| name.to_str()).map(str::to_owned));
    for below in command.get_subcommands() {
        collect(below, known);
    }
}
