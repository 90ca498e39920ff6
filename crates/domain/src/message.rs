//! What a message says: a text, files, or both.

use crate::file::FILES_MAX;
use crate::id::AttachmentId;
use crate::text::{MessageText, TextRefused};

/// A checked message: a text, at most [`FILES_MAX`] files, and not nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    text: String,
    files: Vec<AttachmentId>,
}

/// Why a message was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContentRefused {
    /// The text is too long, or blank without a file.
    #[error(transparent)]
    Text(#[from] TextRefused),
    /// More files than one message takes (F1).
    #[error("a message takes at most {FILES_MAX} files, and this one has {n}")]
    TooManyFiles {
        /// How many there are.
        n: usize,
    },
    /// The same file is there more than once.
    #[error("the file {id} is there more than once")]
    FileTwice {
        /// Which one.
        id: AttachmentId,
    },
}

impl Content {
    /// Checks a text and the files that go with it. With a file the text may be blank.
    ///
    /// # Errors
    /// [`ContentRefused`].
    pub fn new(text: &str, files: Vec<AttachmentId>) -> Result<Self, ContentRefused> {
        if files.len() > FILES_MAX {
            return Err(ContentRefused::TooManyFiles { n: files.len() });
        }
        if let Some((_, id)) = files.iter().enumerate().find(|(n, id)| files[..*n].contains(id)) {
            return Err(ContentRefused::FileTwice { id: id.clone() });
        }
        let text = match MessageText::new(text) {
            Ok(text) => text.as_str().to_owned(),
            Err(TextRefused::Empty) if !files.is_empty() => String::new(),
            Err(refused) => return Err(refused.into()),
        };
        Ok(Self { text, files })
    }

    /// The text; empty if the files say it all.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The files, in the order in which they are shown.
    #[must_use]
    pub fn files(&self) -> &[AttachmentId] {
        &self.files
    }
}

impl From<MessageText> for Content {
    fn from(text: MessageText) -> Self {
        Self { text: text.as_str().to_owned(), files: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Timestamp;

    fn files(n: u8) -> Vec<AttachmentId> {
        (0..n).map(|n| AttachmentId::new(Timestamp::from_ms(1), [n; 10])).collect()
    }

    #[test]
    fn a_message_has_a_text_or_a_file_and_ten_files_at_most() {
        // F1
        assert_eq!(Content::new(" hi ", files(10)).unwrap().text(), "hi");
        assert_eq!(Content::new(" \n", files(1)).unwrap().text(), "");
        assert_eq!(Content::new(" \n", Vec::new()), Err(ContentRefused::Text(TextRefused::Empty)));
        assert_eq!(Content::new("hi", files(11)), Err(ContentRefused::TooManyFiles { n: 11 }));
        let long = Content::new(&"я".repeat(4_001), files(1));
        assert_eq!(long, Err(ContentRefused::Text(TextRefused::TooLong { chars: 4_001, max: 4_000 })));
    }

    #[test]
    fn a_file_is_there_once() {
        let mut twice = files(3);
        twice.push(twice[1].clone());
        assert_eq!(Content::new("hi", twice), Err(ContentRefused::FileTwice { id: files(3)[1].clone() }));
        assert_eq!(Content::new("hi", files(3)).unwrap().files(), files(3));
    }
}
