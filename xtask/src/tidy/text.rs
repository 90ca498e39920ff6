//! What stands in the files: their length, unfinished work, and the paths of somebody's machine.

use super::Source;

/// No Rust file is longer.
const LIMIT: usize = 450;
/// What a Rust file should stay below.
const HABIT: usize = 300;

/// The files that are longer than is usual here, longest first.
pub(super) fn long_files(sources: &[Source]) -> Vec<String> {
    let mut long: Vec<(usize, &str)> = rust(sources)
        .map(|source| (source.text.lines().count(), source.path.as_str()))
        .filter(|(n_lines, _)| (HABIT + 1..=LIMIT).contains(n_lines))
        .collect();
    long.sort_by(|one, other| other.cmp(one));
    long.iter().map(|(n_lines, path)| format!("{path} has {n_lines} lines; {HABIT} is the habit")).collect()
}

/// Everything wrong with the texts.
pub(super) fn check(sources: &[Source]) -> Vec<String> {
    let mut problems = Vec::new();
    for source in rust(sources) {
        let n_lines = source.text.lines().count();
        if n_lines > LIMIT {
            problems.push(format!("{}: {n_lines} lines, {LIMIT} is the limit", source.path));
        }
    }
    for source in sources.iter().filter(|source| is_ours(source)) {
        for (at, line) in source.text.lines().enumerate() {
            if let Some(problem) = unfinished(line).or_else(|| machine_path(line)) {
                problems.push(format!("{}:{}: {problem}", source.path, at + 1));
            }
        }
    }
    problems
}

fn rust(sources: &[Source]) -> impl Iterator<Item = &Source> {
    sources.iter().filter(|source| source.kind() == "rs")
}

/// Written here, rather than captured or generated.
fn is_ours(source: &Source) -> bool {
    let is_code = matches!(source.kind(), "rs" | "js" | "css" | "html" | "toml" | "json" | "sql" | "md" | "sh");
    (is_code || source.path == ".ci/run") && !source.path.contains("/fixtures/")
}

/// Work that was put off. The words are put together here so that this file does not find itself.
fn unfinished(line: &str) -> Option<String> {
    let words = [["to", "do!("], ["unimple", "mented!("], ["#[ign", "ore"], ["TO", "DO"], ["FIX", "ME"]]
        .map(|word| word.concat());
    let found = words.iter().find(|word| line.contains(word.as_str()))?;
    Some(format!("{found:?} has no place in what is shipped"))
}

/// A path that exists on one machine only.
fn machine_path(line: &str) -> Option<String> {
    for folder in ["home", "Users", "root", "work"] {
        let path = format!("/{folder}/");
        for (at, _) in line.match_indices(&path) {
            let before = line[..at].chars().next_back();
            // Inside a longer path or an address it is somebody else's folder.
            if before.is_none_or(|before| !before.is_alphanumeric() && !"._-/}>*~".contains(before)) {
                return Some(format!("{path:?} is a path of one machine"));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::source;

    #[test]
    fn four_hundred_and_fifty_lines_are_the_limit_and_three_hundred_the_habit() {
        let sources = [301, 450, 451].map(|n_lines| source(&format!("{n_lines}.rs"), &"x\n".repeat(n_lines)));
        assert_eq!(check(&sources), ["451.rs: 451 lines, 450 is the limit"]);
        assert_eq!(long_files(&sources).len(), 2);
        assert!(long_files(&sources)[0].starts_with("450.rs"));
    }

    #[test]
    fn unfinished_work_is_found_where_it_stands() {
        let put_off = ["fn f() {\n    to", "do!()\n}\n"].concat();
        let problems = check(&[source("a.rs", &put_off)]);
        assert_eq!(problems.len(), 1);
        assert!(problems[0].starts_with("a.rs:2: "), "{problems:?}");
    }

    #[test]
    fn a_machines_paths_are_told_from_addresses() {
        let own = ["open \"/ho", "me/ann/x\""].concat();
        assert!(machine_path(&own).is_some());
        assert!(machine_path(&own[6..]).is_some());
        assert!(machine_path("https://example.com/home/x").is_none());
        assert!(machine_path("crates/home/src").is_none());
    }

    #[test]
    fn captured_pages_are_not_read() {
        let page = ["<!-- TO", "DO -->"].concat();
        assert!(check(&[source("tests/fixtures/gmail/inbox.html", &page)]).is_empty());
    }
}
