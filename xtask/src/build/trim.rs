//! Scripts, style sheets and pages without what only their readers need.

/// Leaves out indentation, empty lines, and lines that are nothing but a comment.
///
/// It knows no grammar: a text in the source that runs over several lines must not depend on its indentation, and none of its lines may
/// look like a comment.
pub(super) fn trim(source: &str) -> String {
    let mut trimmed = String::with_capacity(source.len());
    // What ends the comment that goes on.
    let mut until = None;
    for line in source.lines().map(str::trim) {
        if let Some(end) = until {
            until = until.filter(|_| !line.ends_with(end));
        } else if let Some(end) = comment_end(line) {
            until = Some(end).filter(|end| !line.ends_with(end));
        } else if !line.is_empty() && !line.starts_with("//") {
            trimmed.push_str(line);
            trimmed.push('\n');
        }
    }
    trimmed
}

/// What ends the comment that a line begins with, if it has nothing after that.
fn comment_end(line: &str) -> Option<&'static str> {
    [("/*", "*/"), ("<!--", "-->")].into_iter().find_map(|(begin, end)| {
        let comment = line.strip_prefix(begin)?;
        (comment.find(end).is_none_or(|at| at + end.len() == comment.len())).then_some(end)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_readers_need_goes() {
        let script =
            "/** Says\n * hello.\n */\nfunction f() {\n  // Loudly.\n  g(\"//\"); // stays\n}\n\n/* a */ h();\n";
        assert_eq!(trim(script), "function f() {\ng(\"//\"); // stays\n}\n/* a */ h();\n");
        assert_eq!(trim("/* One. */\n.a {\n  color: red; /* two */\n}\n"), ".a {\ncolor: red; /* two */\n}\n");
        assert_eq!(trim("<!-- One. -->\n<p>\n  a <!-- two --> b\n</p>\n"), "<p>\na <!-- two --> b\n</p>\n");
    }

    #[test]
    fn a_comment_of_several_lines_goes_to_its_end() {
        assert_eq!(trim("<!-- One\n  two -->\n<p>\n/*\n * a\n */\nb\n"), "<p>\nb\n");
    }
}
