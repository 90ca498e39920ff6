//! Texts that people write: limits and cleaning, the same at every door.

/// Longest message, in characters.
pub const MESSAGE_MAX_CHARS: usize = 4_000;
/// Longest name of a project, a channel or a person, in characters.
pub const NAME_MAX_CHARS: usize = 100;
/// Longest preview of a message in a list or a pop-up, in characters.
pub const PREVIEW_MAX_CHARS: usize = 140;

/// Why a text was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextRefused {
    /// Nothing but white space.
    #[error("the text is empty")]
    Empty,
    /// More than the limit.
    #[error("the text has {chars} characters; at most {max} are taken")]
    TooLong {
        /// How many it has.
        chars: usize,
        /// How many it may have.
        max: usize,
    },
}

/// A checked message text: not blank, at most [`MESSAGE_MAX_CHARS`], line ends as `\n`, without control characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageText(String);

impl MessageText {
    /// Checks and cleans a text.
    ///
    /// # Errors
    /// [`TextRefused`] if it is blank or too long.
    pub fn new(text: &str) -> Result<Self, TextRefused> {
        checked(text, MESSAGE_MAX_CHARS).map(Self)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A checked one-line name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(String);

impl Name {
    /// Checks and cleans a name: line ends become spaces.
    ///
    /// # Errors
    /// [`TextRefused`] if it is blank or longer than [`NAME_MAX_CHARS`].
    pub fn new(text: &str) -> Result<Self, TextRefused> {
        checked(text, NAME_MAX_CHARS).map(|name| Self(one_line(&name)))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The same with spaces for line ends.
pub(crate) fn one_line(text: &str) -> String {
    text.replace(['\n', '\t'], " ")
}

/// A text as it is stored: line ends as `\n`, without control characters, nothing blank around it.
pub(crate) fn checked(text: &str, max: usize) -> Result<String, TextRefused> {
    let clean: String = text
        .replace("\r\n", "\n")
        .replace('\r', "\n")
        .chars()
        .filter(|c| matches!(c, '\n' | '\t') || !c.is_control())
        .collect();
    let clean = clean.trim().to_owned();
    let chars = clean.chars().count();
    match chars {
        0 => Err(TextRefused::Empty),
        _ if chars > max => Err(TextRefused::TooLong { chars, max }),
        _ => Ok(clean),
    }
}

/// The beginning of a text on one line, at most [`PREVIEW_MAX_CHARS`] characters, with an ellipsis if it was cut.
#[must_use]
pub fn preview(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= PREVIEW_MAX_CHARS {
        return line;
    }
    let mut cut: String = line.chars().take(PREVIEW_MAX_CHARS - 1).collect();
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn blank_and_long_texts_are_refused_with_the_numbers() {
        assert_eq!(MessageText::new(" \r\n\u{0} "), Err(TextRefused::Empty));
        assert_eq!(MessageText::new(&"я".repeat(4_001)), Err(TextRefused::TooLong { chars: 4_001, max: 4_000 }));
        assert!(MessageText::new(&"я".repeat(4_000)).is_ok());
    }

    #[test]
    fn markup_stays_text() {
        assert_eq!(MessageText::new("<b>hi</b>\r\nyou").unwrap().as_str(), "<b>hi</b>\nyou");
        assert_eq!(Name::new(" Ann\nLee ").unwrap().as_str(), "Ann Lee");
    }

    #[test]
    fn a_preview_is_the_beginning_on_one_line() {
        // L3 N4
        assert_eq!(preview(" one\n two  three "), "one two three");
        assert_eq!(preview(&"я".repeat(140)), "я".repeat(140));
        assert_eq!(preview(&"я".repeat(141)), format!("{}…", "я".repeat(139)));
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(text in "\\PC{0,200}|[\\r\\n\\t a]{0,40}") {
            if let Ok(once) = MessageText::new(&text) {
                prop_assert_eq!(MessageText::new(once.as_str()), Ok(once.clone()));
            }
            prop_assert!(preview(&text).chars().count() <= PREVIEW_MAX_CHARS);
        }
    }
}
