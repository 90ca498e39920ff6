//! Installing packages of Debian, without the services that some of them would start.

use std::fs::Permissions;
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::{output, process};

/// The packages that come with a service, and its name. We run servers of our own and need none of the system's.
const SERVICES: [(&str, &str); 3] =
    [("postgresql", "postgresql"), ("redis-server", "redis-server"), ("caddy", "caddy")];

/// What Debian's packages ask before they start anything; 101 says no.
/// Source: `/usr/share/doc/init-system-helpers/README.policy-rc.d.gz`, read 2026-11-27.
const POLICY: &str = "/usr/sbin/policy-rc.d";
const NO: &str = "#!/bin/sh\n# Made by `cargo xtask` for the time of an installation; it may be deleted.\nexit 101\n";

/// Installs packages, or says what to type where only somebody else can.
///
/// # Errors
/// They cannot be installed from here, or apt fails.
pub(super) fn install(packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    if process::find("apt-get").is_none() {
        bail!("install what Debian calls {list}, then run this again");
    }
    if process::read(Command::new("id").arg("-u"))?.trim() != "0" {
        bail!(
            "run `sudo apt-get update && sudo apt-get install --no-install-recommends {list}`, then this again{}",
            hint(packages)
        );
    }
    process::run(apt().arg("update"))?;
    let quiet = Quiet::at(Path::new(POLICY))?;
    process::run(apt().args(["install", "--yes", "--no-install-recommends"]).args(packages))?;
    drop(quiet);
    switch_off(packages)
}

fn apt() -> Command {
    let mut command = Command::new("apt-get");
    command.arg("--quiet").env("DEBIAN_FRONTEND", "noninteractive");
    command
}

/// The services that the packages come with.
fn services(packages: &[&str]) -> Vec<&'static str> {
    let with_service = SERVICES.into_iter().filter(|(package, _)| packages.contains(package));
    with_service.map(|(_, service)| service).collect()
}

/// What to type against services that apt starts.
fn hint(packages: &[&str]) -> String {
    let services = services(packages).join(" ");
    if services.is_empty() {
        return String::new();
    }
    format!(" (apt starts services that are not needed here; `sudo systemctl disable --now {services}` stops them)")
}

/// Has the services not start with the machine either, and stops one that a policy of the machine's own let start.
fn switch_off(packages: &[&str]) -> Result<()> {
    let services = services(packages);
    if services.is_empty() {
        return Ok(());
    }
    let names = services.join(" ");
    if process::find("systemctl").is_some() {
        let mut systemctl = Command::new("systemctl");
        systemctl.args(["--quiet", "disable"]);
        if Path::new("/run/systemd/system").is_dir() {
            systemctl.arg("--now");
        }
        process::run(systemctl.args(&services))?;
    }
    output::say(format!("the system's services {names} were not started, and do not start by themselves"));
    Ok(())
}

/// Keeps packages from starting services as long as it stands.
#[derive(Debug)]
struct Quiet {
    /// What is to be removed; nothing if the machine has a policy of its own, as in containers.
    made: Option<PathBuf>,
}

impl Quiet {
    /// # Errors
    /// The policy cannot be read or written.
    fn at(policy: &Path) -> Result<Self> {
        let failed = || format!("cannot keep the packages from starting services by {}", policy.display());
        match std::fs::read_to_string(policy) {
            // A run that was ended left it behind.
            Ok(text) if text == NO => {}
            Ok(_) => return Ok(Self { made: None }),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(failed),
        }
        let quiet = Self { made: Some(policy.to_owned()) };
        std::fs::write(policy, NO).with_context(failed)?;
        std::fs::set_permissions(policy, Permissions::from_mode(0o755)).with_context(failed)?;
        Ok(quiet)
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        if let Some(policy) = &self.made
            && let Err(error) = std::fs::remove_file(policy)
        {
            output::warn(format!("remove {} yourself: {error}", policy.display()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_starts_while_packages_are_installed_and_the_policy_is_gone_after_it() {
        let folder = tempfile::tempdir().unwrap();
        let policy = folder.path().join("policy-rc.d");
        for left_behind in [false, true] {
            if left_behind {
                std::fs::write(&policy, NO).unwrap();
            }
            let quiet = Quiet::at(&policy).unwrap();
            let answer = Command::new(&policy).args(["redis-server", "start"]).status().unwrap();
            assert_eq!(answer.code(), Some(101));
            drop(quiet);
            assert!(!policy.exists());
        }
    }

    #[test]
    fn a_policy_of_the_machines_own_stays() {
        let folder = tempfile::tempdir().unwrap();
        let policy = folder.path().join("policy-rc.d");
        std::fs::write(&policy, "#!/bin/sh\nexit 0\n").unwrap();
        drop(Quiet::at(&policy).unwrap());
        assert_eq!(std::fs::read_to_string(&policy).unwrap(), "#!/bin/sh\nexit 0\n");
    }

    #[test]
    fn whoever_installs_by_hand_is_told_of_the_services() {
        assert_eq!(hint(&["npm", "chromium"]), "");
        assert!(hint(&["npm", "redis-server", "caddy"]).contains("disable --now redis-server caddy`"));
    }
}
