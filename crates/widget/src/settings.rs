//! The channel's settings, as the relay wrote them into the frame's page.

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;

use crate::texts::Text;
use crate::wire::Json;

/// What the channel's administrator chose, and where the frame may stand.
#[derive(Clone, Debug, PartialEq)]
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
    /// The largest file in bytes (F2); less than 0 if the switch "Clients may send files" is off (F4).
    pub file_limit: f64,
    /// The origins of the pages that may embed the chat (W2).
    pub origins: Vec<String>,
}

impl Settings {
    /// Reads the settings; nothing if the key is missing.
    #[must_use]
    pub fn read(value: &impl Json) -> Option<Self> {
        let text = |name: &str| value.text(name).unwrap_or_default();
        let or = |text: String, other: &str| if text.trim().is_empty() { other.to_owned() } else { text };
        let is_on = value.flag("files_allowed") == Some(true);
        let origins = value.items("origins").unwrap_or_default();
        Some(Self {
            key: Some(text("key")).filter(|key| !key.is_empty())?,
            title: or(text("title"), Text::Title.english()),
            greeting: text("greeting"),
            color: text("color"),
            language: or(text("language"), "en"),
            file_limit: value.number("file_limit").filter(|_| is_on).unwrap_or(-1.0),
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
        assert!(settings.file_limit < 0.0);
        let files = serde_json::json!({"key": "k", "files_allowed": true, "file_limit": 7});
        assert!((Settings::read(&files).unwrap().file_limit - 7.0).abs() < 0.1);
        for origin in ["https://shop.example.evil", "http://shop.example", "null", ""] {
            assert!(!settings.admits(origin), "{origin}");
        }
        assert_eq!(Settings::read(&serde_json::json!({"title": "x"})), None);
    }
}
