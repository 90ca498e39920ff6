//! Where things are.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// The repository's root, which is also the unpacked extension.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("this package stands in a folder of the workspace")
}

/// Where cargo puts what it builds: `target`, unless the environment moves it.
pub(crate) fn cargo_target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// Where this tool puts what it makes. Always inside the repository, so that everything else may rely on the paths.
pub(crate) fn made(path: &str) -> PathBuf {
    root().join("target").join(path)
}

/// A path as seen from the root, for messages.
pub(crate) fn short(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

/// Reads a text file.
///
/// # Errors
/// Names the file that cannot be read.
pub(crate) fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", short(path)))
}

/// Writes a file, with its folders, unless it holds just this already: readers see no half-written file and no change without one.
///
/// # Errors
/// Names the file that cannot be written.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    if std::fs::read(path).is_ok_and(|present| present == bytes) {
        return Ok(());
    }
    let write = || {
        let folder = path.parent().expect("a file stands in a folder");
        std::fs::create_dir_all(folder)?;
        let name = path.file_name().expect("a file has a name").to_string_lossy();
        let fresh = folder.join(format!(".{name}.new"));
        std::fs::write(&fresh, bytes)?;
        std::fs::rename(&fresh, path)
    };
    write().with_context(|| format!("cannot write {}", short(path)))
}

/// Removes a folder with all in it, if it is there.
///
/// # Errors
/// Names the folder that cannot be removed.
pub(crate) fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", short(folder)))?;
    }
    Ok(())
}

/// All files below a folder, sorted by path. A folder that is not there has none.
///
/// # Errors
/// A folder cannot be read.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => {
                return Err(error).with_context(|| format!("cannot read {}", short(&folder)));
            }
        };
        for entry in entries {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}
