//! The panel's keyboard shortcuts: one table for what the keys do, for the map that an agent can open, and for the buttons' hints.
//!
//! All but "?" take two modifiers, so that they work while one types. The letters are those that neither Chrome (Alt+Shift+A, B, I, T) nor
//! `ChromeOS` (I, L, M, N, P, S, V) takes, by Chromium's `accelerator_table.cc` and `ash/public/cpp/accelerators.h`; screen readers take
//! Insert, Caps Lock or Ctrl+Option. On a Mac Alt types characters, such as the Polish Ó and Ł, so there Ctrl stands in its place.

use domain::order::Tab;

use crate::text::{aside, fill, finding, texts};

/// What keys do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortcut {
    /// "Online" / "Offline".
    Presence,
    /// "Accept conversation".
    Accept,
    /// The reply field.
    Reply,
    /// The menu of "Assign".
    Assign,
    /// The menu of "Block", or "Unblock".
    Block,
    /// "Close".
    Close,
    /// The next conversation of the list.
    Next,
    /// The one before.
    Previous,
    /// A tab of the list.
    Tab(Tab),
    /// The tab "Search".
    Search,
    /// The list.
    List,
    /// "Details".
    Details,
    /// "Leave a note".
    Note,
    /// The map of all these.
    Map,
}

/// A line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Line {
    shortcut: Shortcut,
    /// Its name in the document, by which its button is found.
    name: &'static str,
    /// What stands on the key of an English keyboard; "?" is a character.
    key: &'static str,
    /// The key's place, whatever the layout.
    code: &'static str,
}

const fn line(shortcut: Shortcut, name: &'static str, key: &'static str, code: &'static str) -> Line {
    Line { shortcut, name, key, code }
}

/// In the order of the map.
const TABLE: [Line; 16] = [
    line(Shortcut::Next, "next", "J", "KeyJ"),
    line(Shortcut::Previous, "previous", "K", "KeyK"),
    line(Shortcut::List, "list", "C", "KeyC"),
    line(Shortcut::Tab(Tab::Open), "open", "1", "Digit1"),
    line(Shortcut::Tab(Tab::My), "my", "2", "Digit2"),
    line(Shortcut::Tab(Tab::Finished), "finished", "3", "Digit3"),
    line(Shortcut::Search, "search", "4", "Digit4"),
    line(Shortcut::Accept, "accept", "Y", "KeyY"),
    line(Shortcut::Reply, "reply", "R", "KeyR"),
    line(Shortcut::Assign, "assign", "G", "KeyG"),
    line(Shortcut::Block, "block", "X", "KeyX"),
    line(Shortcut::Close, "close", "W", "KeyW"),
    line(Shortcut::Details, "details", "Q", "KeyQ"),
    line(Shortcut::Note, "note", "E", "KeyE"),
    line(Shortcut::Presence, "presence", "O", "KeyO"),
    line(Shortcut::Map, "map", "?", ""),
];

/// Which modifiers the shortcuts take on this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Modifiers {
    /// Everywhere but on a Mac.
    AltShift,
    /// On a Mac.
    ControlShift,
}

impl Modifiers {
    /// Those of a machine, by the name that the browser gives it.
    #[must_use]
    pub fn of(platform: &str) -> Self {
        if platform.starts_with("Mac") { Self::ControlShift } else { Self::AltShift }
    }

    /// Those of this machine.
    #[cfg(target_arch = "wasm32")]
    #[must_use]
    pub fn here() -> Self {
        let platform = web_sys::window().and_then(|window| window.navigator().platform().ok());
        Self::of(&platform.unwrap_or_default())
    }

    /// Outside a browser there is no keyboard.
    #[cfg(not(target_arch = "wasm32"))]
    #[must_use]
    pub const fn here() -> Self {
        Self::AltShift
    }

    const fn first(self) -> &'static str {
        match self {
            Self::AltShift => "Alt",
            Self::ControlShift => "Ctrl",
        }
    }
}

/// A key that was pressed, with what was held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a modifier of a key event")]
pub struct Press {
    /// The character or the key's name.
    pub key: String,
    /// The key's place.
    pub code: String,
    /// Alt, or Option.
    pub alt: bool,
    /// Control.
    pub ctrl: bool,
    /// Shift.
    pub shift: bool,
    /// Command, or the Windows key.
    pub meta: bool,
    /// Whether a text field has the focus.
    pub in_text: bool,
}

impl Press {
    /// What it does, if anything.
    #[must_use]
    pub fn shortcut(&self, modifiers: Modifiers) -> Option<Shortcut> {
        if !self.alt && !self.ctrl && !self.meta {
            // The second one is the Arabic question mark.
            return (!self.in_text && matches!(self.key.as_str(), "?" | "؟")).then_some(Shortcut::Map);
        }
        let held = (self.alt, self.ctrl, self.shift, self.meta);
        let wanted = match modifiers {
            Modifiers::AltShift => (true, false, true, false),
            Modifiers::ControlShift => (false, true, true, false),
        };
        let found = TABLE.iter().find(|line| line.shortcut != Shortcut::Map && self.is(line));
        found.filter(|_| held == wanted).map(|line| line.shortcut)
    }

    /// A Latin letter counts as it stands on the key; on other layouts, and for digits, the place does.
    fn is(&self, line: &Line) -> bool {
        if self.key.len() == 1 && self.key.as_bytes()[0].is_ascii_alphabetic() {
            self.key.eq_ignore_ascii_case(line.key)
        } else {
            self.code == line.code
        }
    }
}

impl Shortcut {
    /// All of them, in the order of the map.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|line| line.shortcut)
    }

    fn line(self) -> Line {
        let found = TABLE.iter().find(|line| line.shortcut == self);
        *found.expect("the table has a line for each; a test says so")
    }

    /// Its name in the document: the attribute `data-shortcut` of its button.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.line().name
    }

    /// What it does, in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        let texts = texts();
        match self {
            Self::Presence => texts.key_presence,
            Self::Accept => texts.accept,
            Self::Reply => texts.key_reply,
            Self::Assign => texts.key_assign,
            Self::Block => texts.key_block,
            Self::Close => texts.key_close,
            Self::Next => texts.key_next,
            Self::Previous => texts.key_previous,
            Self::Tab(Tab::Open) => texts.key_open,
            Self::Tab(Tab::My) => texts.key_my,
            Self::Tab(Tab::Finished) => texts.key_finished,
            Self::Search => finding().key_search,
            Self::List => texts.key_list,
            Self::Details => aside().key_details,
            Self::Note => aside().leave_note,
            Self::Map => texts.shortcuts,
        }
    }

    /// The keys, one by one.
    #[must_use]
    pub fn keys(self, modifiers: Modifiers) -> Vec<&'static str> {
        let key = self.line().key;
        if self == Self::Map { vec![key] } else { vec![modifiers.first(), "Shift", key] }
    }

    /// The keys as `aria-keyshortcuts` takes them.
    #[must_use]
    pub fn aria(self, modifiers: Modifiers) -> String {
        self.keys(modifiers).join("+").replace("Ctrl", "Control")
    }

    /// What a button shows when pointed at: its hint, if it has one, and the keys.
    #[must_use]
    pub fn title(self, hint: Option<&str>, modifiers: Modifiers) -> String {
        let keys = self.keys(modifiers).join("+");
        hint.map_or(keys.clone(), |hint| fill(texts().with_keys, &[("what", hint), ("keys", &keys)]))
    }

    /// Whether it opens something at its button, which the focus then has to be in.
    #[must_use]
    pub const fn opens(self) -> bool {
        matches!(self, Self::Assign | Self::Block | Self::Map)
    }

    /// Whether holding the keys does it again and again.
    #[must_use]
    pub const fn repeats(self) -> bool {
        matches!(self, Self::Next | Self::Previous)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(key: &str, code: &str) -> Press {
        Press { key: key.into(), code: code.into(), ..Press::default() }
    }

    fn held(key: &str, code: &str) -> Press {
        Press { alt: true, shift: true, ..press(key, code) }
    }

    #[test]
    fn the_manual_has_the_table() {
        let row = |shortcut: Shortcut| {
            format!("| {} | {} |\n", shortcut.keys(Modifiers::AltShift).join("+"), shortcut.words())
        };
        let table: String = Shortcut::all().map(row).collect();
        assert!(include_str!("../../../../docs/agent.md").contains(&table), "docs/agent.md lacks:\n{table}");
    }

    #[test]
    fn every_shortcut_has_a_line_a_name_and_a_key_of_its_own() {
        let tabs = [Tab::Open, Tab::My, Tab::Finished].map(Shortcut::Tab);
        let others = [
            Shortcut::Presence,
            Shortcut::Accept,
            Shortcut::Reply,
            Shortcut::Assign,
            Shortcut::Block,
            Shortcut::Close,
            Shortcut::Details,
            Shortcut::Note,
            Shortcut::Next,
            Shortcut::Previous,
            Shortcut::Search,
            Shortcut::List,
            Shortcut::Map,
        ];
        let all: Vec<_> = tabs.into_iter().chain(others).collect();
        assert_eq!(all.len(), TABLE.len());
        for shortcut in &all {
            assert!(!shortcut.words().is_empty());
            let same = |other: &&Shortcut| other.name() == shortcut.name() || other.line().key == shortcut.line().key;
            assert_eq!(all.iter().filter(same).count(), 1, "{shortcut:?}");
        }
    }

    #[test]
    fn no_shortcut_takes_a_key_of_the_browser_or_of_our_own_command() {
        // G1: Alt+Shift+D opens and closes the panel, by the manifest.
        for line in &TABLE {
            assert!(!"ABITLMNPSVD".contains(line.key), "{line:?}");
        }
    }

    #[test]
    fn shortcuts_work_on_every_layout() {
        // G5: on a Russian keyboard, on a French one, on a German one.
        assert_eq!(held("Щ", "KeyO").shortcut(Modifiers::AltShift), Some(Shortcut::Presence));
        assert_eq!(held("W", "KeyZ").shortcut(Modifiers::AltShift), Some(Shortcut::Close));
        assert_eq!(held("Z", "KeyW").shortcut(Modifiers::AltShift), None);
        assert_eq!(held("Y", "KeyZ").shortcut(Modifiers::AltShift), Some(Shortcut::Accept));
        for key in ["1", "!", "&"] {
            assert_eq!(held(key, "Digit1").shortcut(Modifiers::AltShift), Some(Shortcut::Tab(Tab::Open)), "{key}");
        }
    }

    #[test]
    fn a_text_field_keeps_every_key_without_the_modifiers() {
        // G1
        for line in &TABLE {
            for (key, shift) in [(line.key, true), (line.key, false)] {
                let typed = Press { in_text: true, shift, ..press(key, line.code) };
                assert_eq!(typed.shortcut(Modifiers::AltShift), None, "{line:?}");
            }
            let with_modifiers = Press { in_text: true, ..held(line.key, line.code) };
            let expected = (line.shortcut != Shortcut::Map).then_some(line.shortcut);
            assert_eq!(with_modifiers.shortcut(Modifiers::AltShift), expected);
        }
    }

    #[test]
    fn outside_text_fields_the_question_mark_alone_acts_without_modifiers() {
        assert_eq!(press("?", "Slash").shortcut(Modifiers::AltShift), Some(Shortcut::Map));
        let german = Press { shift: true, ..press("?", "Minus") };
        assert_eq!(german.shortcut(Modifiers::ControlShift), Some(Shortcut::Map));
        assert_eq!(press("j", "KeyJ").shortcut(Modifiers::AltShift), None);
        assert_eq!(press("Escape", "Escape").shortcut(Modifiers::AltShift), None);
    }

    #[test]
    fn other_modifiers_are_other_peoples() {
        // AltGr types characters, and is Ctrl+Alt on Windows.
        for other in [
            Press { ctrl: true, ..held("O", "KeyO") },
            Press { shift: false, ..held("o", "KeyO") },
            Press { meta: true, ..held("O", "KeyO") },
            Press { ctrl: true, shift: true, ..press("O", "KeyO") },
        ] {
            assert_eq!(other.shortcut(Modifiers::AltShift), None, "{other:?}");
        }
    }

    #[test]
    fn on_a_mac_option_goes_on_typing_characters() {
        let mac = Modifiers::of("MacIntel");
        assert_eq!(held("Ó", "KeyO").shortcut(mac), None);
        let control = Press { ctrl: true, shift: true, ..press("O", "KeyO") };
        assert_eq!(control.shortcut(mac), Some(Shortcut::Presence));
        assert_eq!(Shortcut::Presence.aria(mac), "Control+Shift+O");
        assert_eq!(Shortcut::Presence.title(Some("Go Online"), mac), "Go Online (Ctrl+Shift+O)");
        assert_eq!(Shortcut::Accept.title(None, mac), "Ctrl+Shift+Y");
        assert_eq!(Shortcut::Close.aria(Modifiers::of("Linux x86_64")), "Alt+Shift+W");
        assert_eq!(Shortcut::Map.aria(mac), "?");
    }
}
