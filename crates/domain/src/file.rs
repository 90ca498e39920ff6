//! Files: how large, how many, what they are called, and what they are served as.

mod image;
mod media;

pub use image::{Seen, look};
pub use media::{OCTETS, is_picture, served_type, stored_type};

/// The largest file in bytes, where the operator sets nothing else (F2): 4 MiB.
pub const FILE_LIMIT: u64 = 4 * 1024 * 1024;
/// How many files one message takes (F1).
pub const FILES_MAX: usize = 10;
/// How many files of one client may wait to be sent.
pub const UNSENT_MAX: u32 = 100;
/// How long a file that was not sent is kept.
pub const UNSENT_MS: i64 = 24 * 60 * 60 * 1_000;
/// Longest name in bytes: no file system takes more.
pub const NAME_MAX_BYTES: usize = 255;
/// Longest ending that a name keeps when it is cut, with its dot.
const ENDING_MAX_BYTES: usize = 20;
/// What a file is called whose name says nothing.
const NAMELESS: &str = "file";

/// A file's name: without folders, and without characters that cannot be seen or that turn what is beside them round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileName(String);

impl FileName {
    /// Cleans a name; whatever came, something is left to show.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let last = text.rsplit(['/', '\\']).next().unwrap_or_default();
        let clean: String = last.chars().filter(|c| !c.is_control() && !is_hidden(*c)).collect();
        let name = cut(clean.trim());
        Self(if name.trim_matches('.').is_empty() { NAMELESS.to_owned() } else { name.to_owned() })
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Marks of direction, with which `exe.png` shows as what is no picture, line ends that are no control characters, and the byte order mark.
fn is_hidden(c: char) -> bool {
    matches!(
        c,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
    )
}

/// The name without what is too long before its ending.
fn cut(name: &str) -> String {
    if name.len() <= NAME_MAX_BYTES {
        return name.to_owned();
    }
    let ending = name.rfind('.').map_or("", |dot| &name[dot..]);
    let ending = if ending.len() <= ENDING_MAX_BYTES { ending } else { "" };
    let mut end = NAME_MAX_BYTES - ending.len();
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    // A blank before the ending would be at the end once there is none.
    format!("{}{ending}", name[..end].trim_end())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_has_no_folder_no_control_character_and_nothing_that_turns_it_round() {
        // F5
        for (text, wanted) in [
            ("kettle.pdf", "kettle.pdf"),
            (" Ёлка и кот.jpg ", "Ёлка и кот.jpg"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\ann\\a b.txt", "a b.txt"),
            ("invoice\u{202e}gpj.exe", "invoicegpj.exe"),
            ("a\u{0}b\r\nc\u{2028}.txt", "abc.txt"),
            (".htaccess", ".htaccess"),
            ("..", "file"),
            ("", "file"),
            (" \u{200f} ", "file"),
            ("folder/", "file"),
        ] {
            assert_eq!(FileName::new(text).as_str(), wanted, "{text:?}");
        }
    }

    #[test]
    fn a_long_name_is_cut_between_characters_and_keeps_its_ending() {
        assert_eq!(FileName::new(&"a".repeat(255)).as_str(), "a".repeat(255));
        let long = format!("{}.pdf", "я".repeat(200));
        let name = FileName::new(&long);
        assert_eq!(name.as_str(), format!("{}.pdf", "я".repeat(125)));
        let dotted = format!("a.{}", "b".repeat(300));
        assert_eq!(FileName::new(&dotted).as_str().len(), NAME_MAX_BYTES);
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(text in "(\\PC|[\\u{202e}\\u{0}/\\\\. ]){0,300}") {
            let once = FileName::new(&text);
            prop_assert!(once.as_str().len() <= NAME_MAX_BYTES && !once.as_str().is_empty());
            prop_assert_eq!(FileName::new(once.as_str()), once);
        }
    }
}
