//! A podman of one's own, which leaves nothing behind.

use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result};

use crate::{output, workspace};

/// Where the tests find the program.
const PROGRAM: &str = "DESKSIDE_TEST_PODMAN";

/// Runs podman with all that it keeps in the folder of this script. It needs neither an overlay file system nor systemd.
const SCRIPT: &str = r#"#!/bin/sh
folder=$(dirname "$0")
export HOME="$folder" XDG_CONFIG_HOME="$folder/config" XDG_DATA_HOME="$folder/share" XDG_RUNTIME_DIR="$folder" TMPDIR="$folder"
exec podman --root "$folder/root" --runroot "$folder/run" --tmpdir "$folder/tmp" --storage-driver vfs \
    --runtime runc --cgroup-manager cgroupfs --events-backend none "$@"
"#;

/// Waits until the pipe closes, which the system does however its owner ends; then ends what runs, and removes the folder.
const KEEPER: &str = r#"
while read -r _; do :; done
sh "$1/podman" rm --all --force --time 0 --volumes
rm -rf -- "$1"
"#;

/// Images and containers in a folder of their own. With it they are gone, however this program ends.
#[derive(Debug)]
pub(super) struct Podman {
    program: PathBuf,
    keeper: Child,
}

impl Podman {
    /// Makes the folder, in the system's one for such things: podman's own paths below it may not be long.
    ///
    /// # Errors
    /// The folder cannot be made, or there is no shell.
    pub(super) fn new() -> Result<Self> {
        Self::in_folder(&std::env::temp_dir().join(format!("deskside-podman-{}", std::process::id())))
    }

    fn in_folder(folder: &Path) -> Result<Self> {
        // Of a process that had this number before.
        workspace::remove(folder)?;
        let program = folder.join("podman");
        workspace::write(&program, SCRIPT.as_bytes())?;
        let mut keeper = Command::new("sh");
        // In a group of its own, so that Ctrl-C does not end it with us.
        keeper.args(["-c", KEEPER, "keeper"]).arg(folder).process_group(0).stdin(Stdio::piped()).stdout(Stdio::null());
        let keeper = keeper.spawn().context("cannot start a shell")?;
        Ok(Self { program, keeper })
    }

    /// A command of it.
    pub(super) fn command(&self) -> Command {
        let mut command = Command::new("sh");
        command.arg(&self.program);
        command
    }

    /// Lets a command, and all that it starts, find the program.
    pub(super) fn tell<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env(PROGRAM, &self.program)
    }
}

impl Drop for Podman {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        if let Err(error) = self.keeper.wait() {
            output::warn(format!("cannot remove what podman made: {error}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let (own, log) = (folder.path().join("own"), folder.path().join("log"));
        let podman = Podman::in_folder(&own).unwrap();
        // In place of podman, which this test does without.
        let script = format!("#!/bin/sh\necho \"$1 $2\" >> {}\n", log.display());
        workspace::write(&own.join("podman"), script.as_bytes()).unwrap();
        assert!(podman.command().args(["run", "deskside"]).status().unwrap().success());
        drop(podman);
        assert!(!own.exists());
        assert_eq!(workspace::read(&log).unwrap(), "run deskside\nrm --all\n");
    }
}
