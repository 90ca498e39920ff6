//! The packed extension.

use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::build::Profile;
use crate::build::assets::prepared;
use crate::workspace;

/// Where the packed extension stands.
pub(crate) fn path() -> PathBuf {
    workspace::made("assets/extension.zip")
}

/// A file as it is packed.
///
/// # Errors
/// It cannot be read.
pub(crate) fn shipped(file: &Path) -> Result<Vec<u8>> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", workspace::short(file)))?;
    // What `wasm-bindgen` writes is not ours to take lines from.
    let is_made = file.parent().is_some_and(|folder| folder.ends_with("pkg"));
    Ok(if is_made { bytes } else { prepared(file, bytes) })
}

/// Packs `manifest.json` and `extension/` with the tree they have here. The same files give the same bytes.
///
/// # Errors
/// A file cannot be read, or the result cannot be written.
pub(crate) fn extension(profile: Profile) -> Result<()> {
    let method = match profile {
        // Unpacked again at once by who develops.
        Profile::Dev => CompressionMethod::Stored,
        Profile::Release => CompressionMethod::Deflated,
    };
    let options = SimpleFileOptions::default().compression_method(method).last_modified_time(DateTime::default());
    let root = workspace::root();
    let mut files = vec![root.join("manifest.json")];
    files.extend(workspace::files(&root.join("extension"))?);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for file in files {
        let name = file.strip_prefix(root).expect("the files were listed below the root").display().to_string();
        if name.split('/').any(|part| part.starts_with('.')) {
            continue;
        }
        let bytes = shipped(&file)?;
        zip.start_file(name, options)?;
        zip.write_all(&bytes)?;
    }
    workspace::write(&path(), zip.finish()?.get_ref())
}
