//! The container image: what it is packed from, and the test that builds and runs it.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::{dist, output, process, workspace};

mod podman;
#[cfg(test)]
mod settings;

use podman::Podman;

/// Who vouches for the servers that the relay speaks to, as Debian keeps them up to date.
const AUTHORITIES: &str = "/etc/ssl/certs/ca-certificates.crt";
/// What the image may weigh.
const BUDGET_BYTES: u64 = 30_000_000;

/// Lays out what the image is packed from: in `root` what belongs to the system, in `user` what belongs to the relay.
///
/// # Errors
/// A file is missing, or all together are over the budget.
pub(crate) fn lay_out(binary: &Path, folder: &Path) -> Result<()> {
    let mut bytes = dist::copy(binary, &folder.join("root/deskside"))?;
    bytes += dist::copy(Path::new(AUTHORITIES), &folder.join("root").join(&AUTHORITIES[1..]))
        .context("Debian's package is `ca-certificates`")?;
    std::fs::create_dir_all(folder.join("user/data")).context("cannot make target/dist/image")?;
    output::say(format!("{:<44} {:>8} KB of {} KB", "container image", bytes.div_ceil(1000), BUDGET_BYTES / 1000));
    if bytes > BUDGET_BYTES {
        bail!("the container image is over its budget by {} bytes", bytes - BUDGET_BYTES);
    }
    Ok(())
}

/// Builds all that is shipped and the image of it, and lets `run` run the tests that start it.
///
/// # Errors
/// Something does not build, or a test fails.
pub(crate) fn test(run: impl FnOnce(&mut Command) -> Result<()>) -> Result<()> {
    dist::make()?;
    let podman = Podman::new()?;
    let mut build = podman.command();
    build.args(["build", "--isolation", "chroot", "--format", "docker", "--target", "from-dist", "--tag", "deskside"]);
    build.arg("--file").arg(workspace::root().join("Dockerfile")).arg(workspace::made("dist/image"));
    process::run(&mut build)?;
    let mut cargo = process::cargo();
    cargo.args(["test", "--package", "e2e", "--test", "image", "--", "--nocapture", "--test-threads", "1"]);
    run(podman.tell(&mut cargo))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_image_is_packed_from_is_laid_out_within_the_budget() {
        let folder = tempfile::tempdir().unwrap();
        let binary = folder.path().join("binary");
        let file = std::fs::File::create(&binary).unwrap();
        file.set_len(1_000_000).unwrap();
        let image = folder.path().join("image");
        lay_out(&binary, &image).unwrap();
        for (name, is_file) in
            [("root/deskside", true), ("root/etc/ssl/certs/ca-certificates.crt", true), ("user/data", false)]
        {
            assert_eq!(image.join(name).metadata().unwrap().is_file(), is_file, "{name}");
        }
        file.set_len(BUDGET_BYTES).unwrap();
        assert!(lay_out(&binary, &image).unwrap_err().to_string().contains("over its budget"));
    }
}
