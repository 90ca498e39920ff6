//! The channel's settings, as the relay wrote them into the frame's page.

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;

use crate::texts::Text;
use crate::wire::Json;

/// What the channel's administrator chose, and where the frame may stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The channel's public key.
    pub key: String,
    /// The chat's name.
    pub title: String,
    /// Shown where nothing has been written yet; may be empty.
    pub greeting: String,
    /// `#rrggbb`
    pub color: String,
    /// The language of the chat's own texts.
    pub language: String,
    /// The origins of the pages that may embed the chat (W2).
    pub origins: Vec<String>,
}

impl Settings {
    /// Reads the settings; nothing if the key is missing.
    #[must_use]
    pub fn read(value: &impl Json) -> Option<Self> {
        let text = |name: &str| value.text(name).unwrap_or_default();
        let or = |text: String, other: &str| if text.trim().is_empty() { other.to_owned() } else { text };
        let origins = value.items("origins").unwrap_or_default();
        Some(Self {
            key: Some(text("key")).filter(|key| !key.is_empty())?,
            title: or(text("title"), Text::Title.english()),
            greeting: text("greeting"),
            color: text("color"),
            language: or(text("language"), "en"),
            origins: origins.iter().filter_map(|it| it.text("")).collect(),
        })
    }

    /// Whether a page of this origin may embed the chat.
    #[must_use]
    pub fn admits(&self, origin: &str) -> bool {
        self.origins.iter().any(|admitted| admitted.eq_ignore_ascii_case(origin))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_listed_origins_are_admitted_and_empty_fields_have_words() {
        let value = serde_json::json!({"key": "k", "title": " ", "origins": ["https://shop.example", 7], "new": true});
        let settings = Settings::read(&value).unwrap();
        assert_eq!((settings.title.as_str(), settings.language.as_str()), ("Chat with us", "en"));
        assert!(settings.admits("https://shop.example"));
        for origin in ["https://shop.example.evil", "http://shop.example", "null", ""] {
            assert!(!settings.admits(origin), "{origin}");
        }
        assert_eq!(Settings::read(&serde_json::json!({"title": "x"})), None);
    }
}
