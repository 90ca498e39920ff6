//! Where in its lists a panel stands. It is kept for as long as the browser's tab is, so that a frame that is made anew begins there.

use domain::id::{ChannelId, ConversationId, ProjectId};
use domain::order::Tab;
use protocol::worker::AccountKey;

use super::view::{Scope, View};
use crate::storage::session;

/// In the tab's storage, before the account's key.
const PREFIX: &str = "ds:place:";
/// The fourth line.
const ALONE: &str = "\nalone";

/// Where a panel stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which tab.
    pub tab: Tab,
    /// Which channels.
    pub scope: Scope,
    /// Which conversation.
    pub selected: Option<String>,
    /// Whether the right chat panel stands beside it, where there is room.
    pub beside: bool,
}

impl Place {
    /// Where this view stands.
    #[must_use]
    pub fn of(view: &View) -> Self {
        Self { tab: view.tab, scope: view.scope.clone(), selected: view.selected.clone(), beside: view.aside.beside }
    }

    /// What the tab's storage has for an account; nothing of any other.
    #[must_use]
    pub fn kept(account: &AccountKey) -> Option<Self> {
        Self::read(&session::read(&key(account))?)
    }

    /// Keeps it for an account.
    pub fn keep(&self, account: &AccountKey) {
        session::write(&key(account), &self.write());
    }

    /// Three lines: tab, channels, conversation; and a fourth if there is no panel beside it.
    fn write(&self) -> String {
        let tab = match self.tab {
            Tab::Open => "open",
            Tab::My => "my",
            Tab::Finished => "finished",
        };
        let scope = match &self.scope {
            Scope::All => "",
            Scope::Project(id) | Scope::Channel(id) => id,
        };
        let alone = if self.beside { "" } else { ALONE };
        format!("{tab}\n{scope}\n{}{alone}", self.selected.as_deref().unwrap_or_default())
    }

    /// What was written; nothing if it is of another form.
    fn read(text: &str) -> Option<Self> {
        let (text, beside) = text.strip_suffix(ALONE).map_or((text, true), |text| (text, false));
        let mut lines = text.split('\n');
        let tab = match lines.next()? {
            "open" => Tab::Open,
            "my" => Tab::My,
            "finished" => Tab::Finished,
            _ => return None,
        };
        let scope = match lines.next()? {
            "" => Scope::All,
            id if ProjectId::parse(id).is_ok() => Scope::Project(id.to_owned()),
            id if ChannelId::parse(id).is_ok() => Scope::Channel(id.to_owned()),
            _ => return None,
        };
        let selected = match lines.next()? {
            "" => None,
            id if ConversationId::parse(id).is_ok() => Some(id.to_owned()),
            _ => return None,
        };
        lines.next().is_none().then_some(Self { tab, scope, selected, beside })
    }
}

fn key(account: &AccountKey) -> String {
    format!("{PREFIX}{}", account.0)
}

#[cfg(test)]
mod tests {
    use domain::time::Timestamp;

    use super::*;

    #[test]
    fn what_is_kept_is_read_again() {
        let at = Timestamp::from_ms(1_795_367_589_000);
        let scopes = [
            Scope::All,
            Scope::Project(ProjectId::new(at, [1; 10]).to_string()),
            Scope::Channel(ChannelId::new(at, [2; 10]).to_string()),
        ];
        for tab in [Tab::Open, Tab::My, Tab::Finished] {
            for scope in &scopes {
                for selected in [None, Some(ConversationId::new(at, [3; 10]).to_string())] {
                    for beside in [true, false] {
                        let place = Place { tab, scope: scope.clone(), selected: selected.clone(), beside };
                        assert_eq!(Place::read(&place.write()), Some(place));
                    }
                }
            }
        }
    }

    #[test]
    fn anything_else_is_passed_over() {
        let id = ConversationId::new(Timestamp::from_ms(5), [3; 10]);
        for text in [
            "",
            "open",
            "open\n",
            "all\n\n",
            "open\n\n../me",
            "open\ncnv_1\n",
            "open\n\nprj_1",
            "open\n\n\n",
            "open\nalone",
        ] {
            assert_eq!(Place::read(text), None, "{text:?}");
        }
        assert_eq!(Place::read(&format!("open\n{id}\n")), None, "a conversation is no channel");
        assert!(Place::read(&format!("open\n\n{id}")).is_some());
    }

    #[test]
    fn each_account_has_a_place_of_its_own() {
        let key = |agent| key(&AccountKey::new("https://desk.example", agent));
        assert_ne!(key("agt_mia"), key("agt_noah"));
    }
}
