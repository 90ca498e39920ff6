//! Ends a server whose owner is gone.

use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

/// Reads process ids, each in place of the last, until the pipe closes. The system closes it however the owner ends, `kill -9`
/// included. Then the server is ended and its folder removed, which a server that is just ending may hinder for a moment.
const SCRIPT: &str = r#"
server=
while read -r line; do server=$line; done
lock=$3
tries=0
if [ -n "$server" ]; then
    kill -s "$2" "$server"
    while [ -e "$lock" ] && [ "$tries" -lt 200 ]; do
        tries=$((tries + 1))
        sleep 0.05
    done
    [ -e "$lock" ] && kill -s KILL "$server"
fi
while ! rm -rf -- "$1" && [ "$tries" -lt 400 ]; do
    tries=$((tries + 1))
    sleep 0.05
done
"#;

/// How a server ends whose owner is gone. Nothing of it is worth saving.
#[derive(Debug)]
pub(crate) enum Ending {
    /// At once (SIGKILL).
    Kill,
    /// By SIGQUIT, with ten seconds to end its children, during which the file of this name is in its folder.
    Quit {
        /// Relative to the folder.
        lock: &'static str,
    },
}

/// A small process that outlives its owner by what it takes to clean up.
#[derive(Debug)]
pub(super) struct Keeper {
    process: Child,
    folder: PathBuf,
}

impl Keeper {
    /// Removes the folder in the end, and ends the server that it is told of.
    ///
    /// # Errors
    /// When there is no shell.
    pub(super) fn of(folder: PathBuf, ending: &Ending) -> Result<Self> {
        let (signal, lock) = match ending {
            Ending::Kill => ("KILL", PathBuf::new()),
            Ending::Quit { lock } => ("QUIT", folder.join(lock)),
        };
        let mut command = Command::new("sh");
        command.args(["-c", SCRIPT, "keeper"]).arg(&folder).arg(signal).arg(lock);
        // In a group of its own, or what ends the owner's would end it too.
        command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let process = command.spawn().context("starting a shell")?;
        Ok(Self { process, folder })
    }

    /// The folder it removes.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Says which process runs now, if any.
    ///
    /// # Errors
    /// When the keeper was killed.
    pub(super) fn watch(&mut self, process: Option<u32>) -> Result<()> {
        let pipe = self.process.stdin.as_mut().context("the keeper was let go")?;
        let line = process.map(|id| id.to_string()).unwrap_or_default();
        writeln!(pipe, "{line}").context("telling the keeper")
    }

    /// Has it do its work now.
    pub(super) fn let_go(&mut self) {
        drop(self.process.stdin.take());
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.let_go();
        // It is our child, so there is nothing that waiting could find wrong.
        self.process.wait().ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends_the_last_it_was_told_of(ending: &Ending) {
        let folder = tempfile::tempdir().unwrap().keep();
        let sleeper = || Command::new("sleep").arg("600").spawn().unwrap();
        let (mut other, mut server) = (sleeper(), sleeper());
        let mut keeper = Keeper::of(folder.clone(), ending).unwrap();
        for process in [Some(other.id()), None, Some(server.id())] {
            keeper.watch(process).unwrap();
        }
        drop(keeper);
        assert!(!folder.exists());
        assert!(!server.wait().unwrap().success());
        assert!(other.try_wait().unwrap().is_none());
        other.kill().unwrap();
        other.wait().unwrap();
    }

    #[test]
    fn the_last_process_it_was_told_of_is_ended_and_the_folder_removed() {
        ends_the_last_it_was_told_of(&Ending::Kill);
        ends_the_last_it_was_told_of(&Ending::Quit { lock: "lock" });
    }
}
