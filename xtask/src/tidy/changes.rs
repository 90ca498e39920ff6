//! The fragments in `changelog.d`.

use super::Source;
use crate::changelog::Fragment;

/// What is wrong with the fragments' names and texts.
pub(super) fn check(sources: &[Source]) -> Vec<String> {
    let fragments = sources.iter().filter_map(|source| Some((source.path.strip_prefix("changelog.d/")?, source)));
    fragments
        .filter_map(|(name, source)| {
            Fragment::read(name, &source.text).err().map(|error| format!("{}: {error}", source.path))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::source;

    #[test]
    fn only_fragments_are_looked_at() {
        assert!(
            check(&[source("README.md", ""), source("changelog.d/first-chat.added.md", "Chat works.\n")]).is_empty()
        );
        assert_eq!(check(&[source("changelog.d/notes.md", "Chat works.\n")]).len(), 1);
    }
}
