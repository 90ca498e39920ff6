//! `cargo xtask changelog`: the fragments of `changelog.d` become a section of `CHANGELOG.md`.

use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};

use crate::args::Args;
use crate::{output, process, workspace};

/// One change, told to who uses the product.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fragment {
    kind: usize,
    slug: String,
    text: String,
}

/// The second part of a fragment's name and the heading it goes under, in the order of the headings.
const KINDS: [(&str, &str); 5] =
    [("added", "Added"), ("changed", "Changed"), ("fixed", "Fixed"), ("removed", "Removed"), ("security", "Security")];

/// How the file begins.
const TITLE: &str = "# Changes\n";

impl Fragment {
    /// Reads `<slug>.<kind>.md`: one or more full sentences, without a heading.
    ///
    /// # Errors
    /// Says what is wrong with the name or the text.
    pub(crate) fn read(name: &str, text: &str) -> Result<Self> {
        let parts: Vec<&str> = name.split('.').collect();
        let [slug, kind, "md"] = parts[..] else {
            bail!("its name should be <slug>.<{}>.md", KINDS.map(|(kind, _)| kind).join("|"));
        };
        let is_slug = !slug.is_empty()
            && slug.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        ensure!(is_slug, "{slug:?} should be lower-case words joined by hyphens");
        let kind = KINDS
            .iter()
            .position(|(known, _)| *known == kind)
            .with_context(|| format!("{kind:?} is no kind of change"))?;
        let text = text.trim();
        ensure!(!text.is_empty(), "it says nothing");
        ensure!(!text.starts_with(['#', '-', '*']), "it should be sentences, without a heading or a list");
        ensure!(text.ends_with(['.', '!', '?', '`', ')']), "it should end as a sentence does");
        Ok(Self { kind, slug: slug.to_owned(), text: text.to_owned() })
    }
}

/// Prints the section that the fragments make; with `--release` writes it into `CHANGELOG.md` and removes them.
pub(crate) fn run(mut args: Args) -> Result<()> {
    let is_release = args.flag("--release");
    args.finish()?;
    let files = workspace::files(&workspace::root().join("changelog.d"))?;
    let mut fragments = Vec::new();
    for file in &files {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        fragments.push(Fragment::read(&name, &workspace::read(file)?).with_context(|| workspace::short(file))?);
    }
    if fragments.is_empty() {
        output::say("changelog.d has no fragments");
        return Ok(());
    }
    let version = env!("CARGO_PKG_VERSION");
    if !is_release {
        output::say(section("Unreleased", &mut fragments).trim_end());
        return Ok(());
    }
    let day = process::read(Command::new("date").args(["--utc", "+%Y-%m-%d"]))?;
    let path = workspace::root().join("CHANGELOG.md");
    let present = if path.exists() { workspace::read(&path)? } else { String::new() };
    ensure!(
        !present.contains(&format!("\n## {version} ")),
        "CHANGELOG.md has a section for {version} already; raise the workspace's version"
    );
    let fresh = section(&format!("{version} ({})", day.trim()), &mut fragments);
    workspace::write(&path, with_section(&present, &fresh).as_bytes())?;
    for file in &files {
        std::fs::remove_file(file).with_context(|| format!("cannot remove {}", workspace::short(file)))?;
    }
    output::say(format!("CHANGELOG.md has {} changes of {version}", fragments.len()));
    Ok(())
}

/// The fragments below one heading, by kind and then by name.
fn section(heading: &str, fragments: &mut [Fragment]) -> String {
    fragments.sort_by(|one, other| (one.kind, &one.slug).cmp(&(other.kind, &other.slug)));
    let mut text = format!("## {heading}\n");
    let mut last = None;
    for fragment in fragments {
        if last != Some(fragment.kind) {
            text.push_str(&format!("\n### {}\n\n", KINDS[fragment.kind].1));
            last = Some(fragment.kind);
        }
        text.push_str(&format!("- {}\n", fragment.text.replace('\n', "\n  ")));
    }
    text
}

/// The newest section stands on top, below the title.
fn with_section(present: &str, fresh: &str) -> String {
    let older = present.strip_prefix(TITLE).unwrap_or(present).trim_start();
    let gap = if older.is_empty() { "" } else { "\n" };
    format!("{TITLE}\n{fresh}{gap}{older}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fragment_has_a_slug_a_kind_and_sentences() {
        assert_eq!(Fragment::read("first-chat.added.md", "Chat works.\n").unwrap().text, "Chat works.");
        for (name, text) in [
            ("chat.md", "x."),
            ("Chat.added.md", "x."),
            ("chat.new.md", "x."),
            ("a.added.md", " "),
            ("a.added.md", "# x."),
            ("a.added.md", "x"),
        ] {
            assert!(Fragment::read(name, text).is_err(), "{name} {text:?}");
        }
    }

    #[test]
    fn a_section_is_in_the_order_of_the_kinds() {
        let names = ["z.fixed.md", "b.added.md", "a.added.md"];
        let mut fragments = names.map(|name| Fragment::read(name, &format!("{name} it is.\nTruly.")).unwrap());
        let text = section("1.0.0", &mut fragments);
        let wanted = "## 1.0.0\n\n### Added\n\n- a.added.md it is.\n  Truly.\n- b.added.md it is.\n  Truly.\n\n### Fixed\n\n- z.fixed.md it is.\n  Truly.\n";
        assert_eq!(text, wanted);
    }

    #[test]
    fn the_newest_section_stands_on_top() {
        let first = with_section("", "## 1\n");
        assert_eq!(with_section(&first, "## 2\n"), "# Changes\n\n## 2\n\n## 1\n");
    }
}
