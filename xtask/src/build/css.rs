//! The stylesheet of the extension's pages, made of one file per component.

use std::path::Path;

use anyhow::Result;

use super::squeeze;
use super::trim::trim;
use crate::workspace;

/// Writes `extension/pkg/ui.css`; gives what is wrong with its parts.
pub(super) fn write() -> Result<Vec<String>> {
    let folder = workspace::root().join("crates/ui/css");
    let mut names: Vec<String> = workspace::files(&folder)?.iter().filter_map(|file| css_name(&folder, file)).collect();
    sort(&mut names);
    let mut problems = Vec::new();
    for first in FIRST {
        if !names.iter().any(|name| name == first) {
            problems.push(format!("crates/ui/css/{first} is missing"));
        }
    }
    let mut all = String::new();
    for name in &names {
        all.push_str(&squeeze::style(&trim(&workspace::read(&folder.join(name))?)));
        all.push('\n');
    }
    workspace::write(&workspace::root().join("extension/pkg/ui.css"), all.as_bytes())?;
    Ok(problems)
}

/// What the other files build on: the properties, then the plain elements.
const FIRST: [&str; 2] = ["tokens.css", "base.css"];

/// Puts the stylesheets into the order in which they apply.
fn sort(names: &mut [String]) {
    names.sort_by_key(|name| {
        let rank = FIRST.iter().position(|first| first == name).unwrap_or(FIRST.len());
        (rank, name.clone())
    });
}

/// The path of a stylesheet inside its folder, if the file is one.
fn css_name(folder: &Path, file: &Path) -> Option<String> {
    let name = file.strip_prefix(folder).ok()?.to_str()?;
    (name.ends_with(".css") && !name.starts_with('.')).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_come_first_then_base_then_the_alphabet() {
        let mut names = ["row.css", "base.css", "aside.css", "tokens.css"].map(str::to_owned);
        sort(&mut names);
        assert_eq!(names, ["tokens.css", "base.css", "aside.css", "row.css"]);
    }

    #[test]
    fn only_stylesheets_count() {
        let folder = Path::new("css");
        assert_eq!(css_name(folder, Path::new("css/row.css")).as_deref(), Some("row.css"));
        assert_eq!(css_name(folder, Path::new("css/.row.css.swp")), None);
        assert_eq!(css_name(folder, Path::new("css/README.md")), None);
    }
}
