//! Where things stand in Gmail's page, as data that extensions fetch: this release's set, or a newer one of the operator's (G2).
//!
//! When Gmail changes, an operator gives a new set by a file and agents need no new extension. It is data: selectors by the names of
//! places, never code.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use protocol::worker::GmailPlacesSet;
use serde::Deserialize;

/// The set that this release's extension has inside: one file, which both read.
const OWN: &str = include_str!("../../extension/places.js");

/// The largest file that is read, in bytes.
const FILE_MAX: usize = 64 * 1024;
/// The largest version: JavaScript counts exactly to here.
const VERSION_MAX: u64 = (1 << 53) - 1;
/// How many places a set may have.
const PLACES_MAX: usize = 40;
/// The longest name of a place.
const NAME_MAX: usize = 40;
/// How many selectors a place may have.
const SELECTORS_MAX: usize = 12;
/// The longest selector, in characters.
const SELECTOR_MAX: usize = 300;

/// A set of selectors that can be handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GmailPlaces(GmailPlacesSet);

/// A file that is no set of places.
#[derive(Debug, thiserror::Error)]
pub enum InvalidPlaces {
    /// It cannot be read.
    #[error("it cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
    /// It is too large.
    #[error("it is larger than 64 KB, and a set of places has a few lines")]
    TooLarge,
    /// It is something else.
    #[error(r#"it is not of the form {{"version": 20261128, "places": {{"rail": ["…", "…"]}}}}: {0}"#)]
    Form(#[from] serde_json::Error),
    /// Extensions compare versions, and count to here.
    #[error("its version is {0}: give a whole number from 1 to 9007199254740991, such as the day 20261128")]
    Version(u64),
    /// It has too many places.
    #[error("it has {0} places, and 40 is the most")]
    Places(usize),
    /// A place has no name that one could have.
    #[error("{0:?} is no name of a place: one has at most 40 letters from a to z and A to Z, such as contentColumn")]
    Name(String),
    /// A place has too many selectors.
    #[error("{place:?} has {n} selectors, and 12 is the most")]
    Selectors {
        /// Which place.
        place: String,
        /// How many it has.
        n: usize,
    },
    /// A selector is none.
    #[error("{place:?} has a selector that is empty, longer than 300 characters, or has a control character in it")]
    Selector {
        /// At which place.
        place: String,
    },
}

/// The file's form. What it does not name is refused: a misspelt word would do nothing, and nobody would be told.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    version: u64,
    places: BTreeMap<String, Vec<String>>,
}

impl Default for GmailPlaces {
    /// This release's.
    fn default() -> Self {
        Self::parse(json_of(OWN)).expect("a test reads what is built in")
    }
}

impl GmailPlaces {
    /// Reads an operator's file.
    ///
    /// # Errors
    /// [`InvalidPlaces`] says what is wrong with it.
    pub fn read(path: &Path) -> Result<Self, InvalidPlaces> {
        let mut text = Vec::new();
        File::open(path)?.take(FILE_MAX as u64 + 1).read_to_end(&mut text)?;
        if text.len() > FILE_MAX { Err(InvalidPlaces::TooLarge) } else { Self::parse(&text) }
    }

    fn parse(text: impl AsRef<[u8]>) -> Result<Self, InvalidPlaces> {
        let Written { version, places } = serde_json::from_slice(text.as_ref())?;
        if !(1..=VERSION_MAX).contains(&version) {
            return Err(InvalidPlaces::Version(version));
        }
        if places.len() > PLACES_MAX {
            return Err(InvalidPlaces::Places(places.len()));
        }
        for (place, selectors) in &places {
            check(place, selectors)?;
        }
        Ok(Self(GmailPlacesSet { version, places }))
    }

    /// What extensions are given: this set if it is newer than this release's own, which they may have inside.
    #[must_use]
    pub fn if_newer(self) -> Self {
        let own = Self::default();
        if self.0.version > own.0.version { self } else { own }
    }

    /// What an operator should know of his set, if there is anything; it can be used all the same.
    #[must_use]
    pub fn remarks(&self) -> Vec<String> {
        let own = Self::default().0;
        let mut remarks = Vec::new();
        if self.0.version <= own.version {
            let (given, own) = (self.0.version, own.version);
            remarks.push(format!("its version, {given}, is not above {own}, which is built in and is used instead"));
        }
        let unknown = self.0.places.keys().filter(|place| !own.places.contains_key(*place));
        remarks.extend(unknown.map(|place| format!("this release knows no place {place:?}")));
        remarks
    }

    /// As it goes out.
    pub(crate) fn set(&self) -> &GmailPlacesSet {
        &self.0
    }
}

fn check(place: &str, selectors: &[String]) -> Result<(), InvalidPlaces> {
    if !(1..=NAME_MAX).contains(&place.len()) || !place.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Err(InvalidPlaces::Name(place.to_owned()));
    }
    if selectors.len() > SELECTORS_MAX {
        return Err(InvalidPlaces::Selectors { place: place.to_owned(), n: selectors.len() });
    }
    let is_selector = |selector: &String| {
        !selector.trim().is_empty()
            && selector.chars().count() <= SELECTOR_MAX
            && !selector.chars().any(char::is_control)
    };
    if selectors.iter().all(is_selector) { Ok(()) } else { Err(InvalidPlaces::Selector { place: place.to_owned() }) }
}

/// The JSON in the extension's script: what stands between the equals sign's brace and the last one.
fn json_of(script: &str) -> &str {
    let json = script.split_once(".PLACES = ").map_or("", |(_, json)| json);
    json.trim_end().trim_end_matches(';')
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn refused(set: &Value) -> String {
        GmailPlaces::parse(set.to_string()).unwrap_err().to_string()
    }

    fn with(place: &str, selectors: Value) -> Value {
        let mut set = json!({ "version": 1, "places": {} });
        set["places"][place] = selectors;
        set
    }

    #[test]
    fn the_extensions_own_set_is_the_relays() {
        // G2
        let own = GmailPlaces::default();
        assert!(own.0.version >= 20_261_128 && own.0.places.contains_key("rail"));
        let before = OWN.split_once(".PLACES = ").unwrap().0;
        let is_comment = |line: &&str| line.starts_with("//");
        let code: Vec<&str> = before.lines().filter(|line| !is_comment(line)).collect();
        assert_eq!(code, ["(globalThis.deskside ??= {})"], "there is nothing else in the script");
    }

    #[test]
    fn a_set_of_another_form_is_refused_in_words() {
        // G2
        assert!(GmailPlaces::parse(with("rail", json!([])).to_string()).is_ok(), "nothing is looked for");
        assert!(GmailPlaces::parse(with("rail", json!(vec!["é".repeat(300); 12])).to_string()).is_ok());
        let is_of_the_form = "is not of the form";
        for other in [json!([]), json!({}), json!({ "version": 1 }), with("rail", json!("a")), with("rail", json!([1]))]
        {
            assert!(refused(&other).contains(is_of_the_form), "{other}");
        }
        let mut more = with("rail", json!(["a"]));
        more["code"] = json!("alert(1)");
        assert!(refused(&more).contains("unknown field `code`"));
        for version in [json!(0), json!(VERSION_MAX + 1)] {
            assert!(refused(&json!({ "version": version, "places": {} })).contains("whole number from 1"));
        }
        assert!(refused(&json!({ "version": -1, "places": {} })).contains(is_of_the_form));
        assert_eq!(refused(&with("rail", json!(vec!["a"; 13]))), "\"rail\" has 13 selectors, and 12 is the most");
        for wrong in ["", "  ", "a\n", "a\0", &"a".repeat(301)] {
            assert!(
                refused(&with("rail", json!([".brC", wrong]))).contains("\"rail\" has a selector that"),
                "{wrong:?}"
            );
        }
        for name in ["", "left rail", "__proto__", &"a".repeat(41)] {
            assert!(refused(&with(name, json!(["a"]))).contains("is no name of a place"), "{name:?}");
        }
        let names = ('a'..='z').chain('A'..='Z').take(41);
        let many: Value = names.map(|name| (name.to_string(), json!([]))).collect::<serde_json::Map<_, _>>().into();
        assert_eq!(refused(&json!({ "version": 1, "places": many })), "it has 41 places, and 40 is the most");
    }

    #[test]
    fn a_file_is_read_to_its_largest_size_and_no_further() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("places.json");
        assert!(matches!(GmailPlaces::read(&path), Err(InvalidPlaces::Unreadable(_))));
        let mut text = with("rail", json!([".brC"])).to_string();
        text.push_str(&" ".repeat(FILE_MAX - text.len()));
        std::fs::write(&path, &text).unwrap();
        assert!(GmailPlaces::read(&path).is_ok());
        std::fs::write(&path, text + " ").unwrap();
        assert!(matches!(GmailPlaces::read(&path), Err(InvalidPlaces::TooLarge)));
    }

    #[test]
    fn the_newest_set_is_handed_out_and_what_is_strange_is_told() {
        // G2
        let own = GmailPlaces::default();
        let older = GmailPlaces::parse(with("rail", json!([".old"])).to_string()).unwrap();
        assert!(older.remarks()[0].contains("is used instead"));
        assert_eq!(older.if_newer(), own);
        let of = |version: u64| {
            let set = json!({ "version": version, "places": { "rail": [".new"], "raill": [".new"] } });
            GmailPlaces::parse(set.to_string()).unwrap()
        };
        let same = of(own.0.version);
        assert_eq!(same.remarks().len(), 2, "an extension that has this version inside would not take it");
        assert_eq!(same.if_newer(), own);
        let newer = of(own.0.version + 1);
        assert_eq!(newer.remarks(), ["this release knows no place \"raill\""]);
        assert_eq!(newer.clone().if_newer(), newer);
    }
}
