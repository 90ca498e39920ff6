//! `cargo xtask tidy`: what compilers cannot see.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::args::Args;
use crate::{output, process, workspace};

mod changes;
mod components;
mod extension;
mod manifests;
mod text;

/// A file of the repository, as the checks see it.
#[derive(Debug)]
pub(crate) struct Source {
    /// From the root, with `/`.
    pub(crate) path: String,
    /// Empty for what is no text.
    pub(crate) text: String,
}

impl Source {
    /// The end of the name, without the dot.
    fn kind(&self) -> &str {
        Path::new(&self.path).extension().and_then(|kind| kind.to_str()).unwrap_or_default()
    }
}

/// Checks the repository and prints every problem.
pub(crate) fn run(args: Args) -> Result<()> {
    args.finish()?;
    let sources = sources()?;
    for habit in text::long_files(&sources) {
        output::say(format!("note: {habit}"));
    }
    let mut problems = Vec::new();
    problems.extend(text::check(&sources));
    problems.extend(components::check(&sources));
    problems.extend(changes::check(&sources));
    problems.extend(extension::check(&sources)?);
    problems.extend(manifests::check(&sources));
    for problem in &problems {
        output::say(problem);
    }
    if !problems.is_empty() {
        bail!("{} untidy {}", problems.len(), if problems.len() == 1 { "place" } else { "places" });
    }
    output::say(format!("{} files are tidy", sources.len()));
    Ok(())
}

/// Every file that is, or is about to be, in the repository.
fn sources() -> Result<Vec<Source>> {
    let mut git = Command::new("git");
    git.current_dir(workspace::root()).args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let names = process::read(&mut git)?;
    let read = |name: &str| {
        let file: PathBuf = workspace::root().join(name);
        // Deleted, but git has not been told yet.
        let bytes = std::fs::read(file).ok()?;
        Some(Source { path: name.to_owned(), text: String::from_utf8(bytes).unwrap_or_default() })
    };
    let mut sources: Vec<Source> = names.split('\0').filter(|name| !name.is_empty()).filter_map(read).collect();
    sources.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(sources)
}

/// A file made up for a test.
#[cfg(test)]
pub(crate) fn source(path: &str, text: &str) -> Source {
    Source { path: path.to_owned(), text: text.to_owned() }
}
