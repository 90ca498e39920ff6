//! Every component has its stylesheet, and every stylesheet its component.

use super::Source;

const COMPONENTS: &str = "crates/ui/src/components/";
const STYLES: &str = "crates/ui/css/";
/// Stylesheets that belong to no component.
const SHARED: [&str; 2] = ["tokens", "base"];

/// A component that names its own class (`queue_item.rs` and `ds-queue-item`) needs `queue_item.css`.
pub(super) fn check(sources: &[Source]) -> Vec<String> {
    let components: Vec<&Source> =
        sources.iter().filter(|source| source.path.starts_with(COMPONENTS) && source.kind() == "rs").collect();
    let styles: Vec<String> =
        sources.iter().filter(|source| source.path.starts_with(STYLES)).map(|source| stem(&source.path)).collect();
    let mut problems = Vec::new();
    for component in &components {
        let name = stem(&component.path);
        let class = format!("\"ds-{}", name.replace('_', "-"));
        if has_class(&component.text, &class) && !styles.contains(&name) {
            problems.push(format!("{}: {STYLES}{name}.css is missing", component.path));
        }
    }
    let pages: Vec<&Source> =
        sources.iter().filter(|source| source.kind() == "rs" || source.kind() == "html").collect();
    for style in styles.iter().filter(|style| !SHARED.contains(&style.as_str())) {
        let class = format!("ds-{}", style.replace('_', "-"));
        if !pages.iter().any(|page| page.text.contains(&class)) {
            problems.push(format!("{STYLES}{style}.css: nothing has the class {class}"));
        }
    }
    problems
}

/// Whether a text names a block, alone or with an element or a modifier, and not just another block whose name begins alike.
fn has_class(text: &str, class: &str) -> bool {
    let mut ends = text.match_indices(class).map(|(at, _)| &text[at + class.len()..]);
    ends.any(|rest| ["\"", " ", "__", "--"].iter().any(|next| rest.starts_with(next)))
}

/// The name without folders and without its last part.
fn stem(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::source;

    #[test]
    fn a_component_with_a_class_of_its_own_needs_a_stylesheet() {
        let row = source("crates/ui/src/components/queue_item.rs", r#"class="ds-queue-item ds-queue-item--new""#);
        let plain = source("crates/ui/src/components/ago.rs", "a time");
        let css = source("crates/ui/css/queue_item.css", "");
        let problems = check(&[row, plain]);
        assert_eq!(problems, ["crates/ui/src/components/queue_item.rs: crates/ui/css/queue_item.css is missing"]);
        let row = source("crates/ui/src/components/queue_item.rs", r#"class="ds-queue-item""#);
        assert!(check(&[row, css]).is_empty());
    }

    #[test]
    fn another_block_that_begins_alike_is_another_block() {
        assert!(has_class(r#""ds-row__name""#, "\"ds-row"));
        assert!(has_class(r#""ds-row ds-x""#, "\"ds-row"));
        assert!(!has_class(r#""ds-row-list""#, "\"ds-row"));
    }

    #[test]
    fn a_stylesheet_that_nothing_uses_is_left_over() {
        let shared = ["tokens", "base"].map(|name| source(&format!("{STYLES}{name}.css"), ""));
        assert!(check(&shared).is_empty());
        assert_eq!(check(&[source("crates/ui/css/gone.css", "")]).len(), 1);
    }
}
