//! What browsers download, against the budgets.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::build::gzip;
use crate::{output, pack, workspace};

/// How the bytes travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Packing {
    Gzip,
    Brotli,
}

/// So much, and no more, for some files together.
#[derive(Debug)]
struct Budget {
    what: &'static str,
    packing: Packing,
    limit_kb: usize,
    files: Vec<PathBuf>,
}

/// A kilobyte as people who sell lines count it, which is the stricter way.
const KB: usize = 1000;

/// Prints each size beside its budget.
///
/// # Errors
/// A budget is exceeded, or one of its files is missing.
pub(crate) fn check() -> Result<()> {
    let mut over = Vec::new();
    for budget in budgets()? {
        let bytes = packed_size(&budget)?;
        let limit = budget.limit_kb * KB;
        output::say(line(&budget, bytes));
        if bytes > limit {
            over.push(format!("{} by {} bytes", budget.what, bytes - limit));
        }
    }
    if !over.is_empty() {
        bail!("over the budget: {}", over.join(", "));
    }
    Ok(())
}

fn budgets() -> Result<Vec<Budget>> {
    let root = workspace::root();
    let widget = workspace::made("assets/widget");
    let panel = ["panel.html", "boot/panel.js", "pkg/panel.js", "pkg/panel_bg.wasm", "pkg/ui.css"];
    let loader = vec![widget.join("loader.js")];
    Ok(vec![
        Budget { what: "widget's loader", packing: Packing::Gzip, limit_kb: 5, files: loader },
        Budget { what: "whole chat", packing: Packing::Gzip, limit_kb: 40, files: workspace::files(&widget)? },
        Budget { what: "content script", packing: Packing::Gzip, limit_kb: 15, files: content_scripts(root)? },
        Budget {
            what: "panel",
            packing: Packing::Brotli,
            limit_kb: 350,
            files: panel.iter().map(|file| root.join("extension").join(file)).collect(),
        },
    ])
}

/// The scripts that every Gmail page loads, as the manifest lists them.
fn content_scripts(root: &Path) -> Result<Vec<PathBuf>> {
    let manifest: serde_json::Value = serde_json::from_str(&workspace::read(&root.join("manifest.json"))?)?;
    let groups = manifest["content_scripts"].as_array().context("manifest.json has no content_scripts")?;
    let files = groups.iter().filter_map(|group| group["js"].as_array()).flatten();
    Ok(files.filter_map(|file| file.as_str()).map(|file| root.join(file)).collect())
}

/// The sum of the files, each packed by itself, as a server sends them.
fn packed_size(budget: &Budget) -> Result<usize> {
    let mut sum = 0;
    for file in &budget.files {
        let name = file.file_name().and_then(|name| name.to_str());
        if let (Packing::Gzip, Some(packed)) = (budget.packing, name.and_then(gzip::packed)) {
            let about = std::fs::metadata(&packed);
            let about =
                about.with_context(|| format!("{} is missing: build it with --release", workspace::short(&packed)))?;
            sum += usize::try_from(about.len())?;
            continue;
        }
        let bytes = pack::shipped(file)?;
        sum += match budget.packing {
            Packing::Gzip => gzip(&bytes)?,
            Packing::Brotli => brotli(&bytes)?,
        };
    }
    Ok(sum)
}

fn gzip(bytes: &[u8]) -> Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}

fn brotli(bytes: &[u8]) -> Result<usize> {
    let mut packed = Vec::new();
    let params = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut &bytes[..], &mut packed, &params)?;
    Ok(packed.len())
}

fn line(budget: &Budget, bytes: usize) -> String {
    let packing = match budget.packing {
        Packing::Gzip => "gzip",
        Packing::Brotli => "brotli",
    };
    let verdict = if bytes > budget.limit_kb * KB { "  OVER" } else { "" };
    let (whole, tenth) = (bytes / KB, bytes % KB / 100);
    format!("{:<16} {packing:<6} {whole:>4}.{tenth} KB of {:>3} KB{verdict}", budget.what, budget.limit_kb)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budget(limit_kb: usize) -> Budget {
        Budget { what: "panel", packing: Packing::Brotli, limit_kb, files: Vec::new() }
    }

    #[test]
    fn a_line_names_size_budget_and_verdict() {
        assert_eq!(line(&budget(350), 281_460), "panel            brotli  281.4 KB of 350 KB");
        assert_eq!(line(&budget(1), 1001), "panel            brotli    1.0 KB of   1 KB  OVER");
    }

    #[test]
    fn packing_packs() {
        let bytes = b"a client writes, an agent answers; ".repeat(200);
        assert!(gzip(&bytes).unwrap() < bytes.len() / 20);
        assert!(brotli(&bytes).unwrap() < bytes.len() / 20);
    }

    #[test]
    fn files_are_packed_one_by_one() {
        let folder = tempfile::tempdir().unwrap();
        let files = ["a", "b"].map(|name| folder.path().join(name));
        for file in &files {
            std::fs::write(file, b"the same text in both").unwrap();
        }
        let one = Budget { files: files[..1].to_vec(), ..budget(1) };
        let both = Budget { files: files.to_vec(), ..budget(1) };
        assert_eq!(packed_size(&both).unwrap(), 2 * packed_size(&one).unwrap());
    }
}
