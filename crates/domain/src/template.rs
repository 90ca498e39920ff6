//! Templates: texts and files that agents keep for answers (T1–T3).

use crate::agent::Right;
use crate::file::FILES_MAX;
use crate::id::{AgentId, AttachmentId, ProjectId};

/// Whose a template is (T2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// "Mine": one agent's, in all his projects.
    Agent(AgentId),
    /// "Project": for all its agents.
    Project(ProjectId),
}

impl Owner {
    /// Whether the agent may use and read it; `right` is his in the template's project, if he is a member of it.
    #[must_use]
    pub fn is_seen_by(&self, agent: &AgentId, right: Option<Right>) -> bool {
        match self {
            Self::Agent(own) => own == agent,
            Self::Project(_) => right.is_some(),
        }
    }

    /// Whether the agent may make, change and delete it: everybody his own, administrators the project's.
    #[must_use]
    pub fn is_managed_by(&self, agent: &AgentId, right: Option<Right>) -> bool {
        match self {
            Self::Agent(own) => own == agent,
            Self::Project(_) => right.is_some_and(Right::administers),
        }
    }

    /// Whether the agent may use it in a conversation of this project, which he has access to.
    #[must_use]
    pub fn is_used_by(&self, agent: &AgentId, project: &ProjectId) -> bool {
        match self {
            Self::Agent(own) => own == agent,
            Self::Project(own) => own == project,
        }
    }
}

/// A template's files, in the order in which they are shown: as many as go with one message, and each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TemplateFiles(Vec<AttachmentId>);

/// Why a template's files were not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateFilesRefused {
    /// More than go with one message (F1).
    #[error("a template takes at most {FILES_MAX} files, and this one has {n}")]
    TooMany {
        /// How many there are.
        n: usize,
    },
    /// The same file is there more than once.
    #[error("the file {id} is there more than once")]
    Twice {
        /// Which one.
        id: AttachmentId,
    },
}

impl TemplateFiles {
    /// Checks files.
    ///
    /// # Errors
    /// [`TemplateFilesRefused`].
    pub fn new(files: Vec<AttachmentId>) -> Result<Self, TemplateFilesRefused> {
        if files.len() > FILES_MAX {
            return Err(TemplateFilesRefused::TooMany { n: files.len() });
        }
        match files.iter().enumerate().find(|(n, id)| files[..*n].contains(id)) {
            Some((_, id)) => Err(TemplateFilesRefused::Twice { id: id.clone() }),
            None => Ok(Self(files)),
        }
    }

    /// The files.
    #[must_use]
    pub fn ids(&self) -> &[AttachmentId] {
        &self.0
    }
}

/// What stands for the variables where a template is put in (T3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Values<'a> {
    /// For `{client_name}`.
    pub client_name: &'a str,
    /// For `{agent_name}`.
    pub agent_name: &'a str,
    /// For `{project_name}`.
    pub project_name: &'a str,
    /// For `{channel_name}`.
    pub channel_name: &'a str,
}

/// Fills the variables of a template. What is no variable stays as typed, and what was filled in is not filled again.
#[must_use]
pub fn fill(text: &str, values: &Values<'_>) -> String {
    let known = [
        ("{client_name}", values.client_name),
        ("{agent_name}", values.agent_name),
        ("{project_name}", values.project_name),
        ("{channel_name}", values.channel_name),
    ];
    let (mut filled, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(open) = rest.find('{') {
        let (before, from) = rest.split_at(open);
        filled.push_str(before);
        let found = known.iter().find_map(|(name, value)| Some((*value, from.strip_prefix(name)?)));
        let (piece, after) = found.unwrap_or_else(|| from.split_at(1));
        filled.push_str(piece);
        rest = after;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::time::Timestamp;

    const VALUES: Values<'_> =
        Values { client_name: "Ann", agent_name: "Mira", project_name: "Kettle & Co", channel_name: "Shop" };

    #[test]
    fn variables_are_filled_and_what_is_none_stays_as_typed() {
        // T3
        let filled = |text| fill(text, &VALUES);
        assert_eq!(
            filled("Hello {client_name}, {agent_name} of {project_name} ({channel_name})."),
            "Hello Ann, Mira of Kettle & Co (Shop)."
        );
        for same in ["", "{}", "{client name}", "{CLIENT_NAME}", "{order_number}", "{client_name", "client_name}", "{"]
        {
            assert_eq!(filled(same), same);
        }
        assert_eq!(filled("{{client_name}}"), "{Ann}");
        assert_eq!(filled("{client_{client_name}"), "{client_Ann");
        assert_eq!(filled("я{client_name}я{agent_name}"), "яAnnяMira");
    }

    #[test]
    fn what_a_client_calls_himself_is_filled_in_once() {
        // T3
        let values = Values { client_name: "{agent_name}", agent_name: "{client_name}", ..VALUES };
        assert_eq!(fill("{client_name} {agent_name}", &values), "{agent_name} {client_name}");
    }

    #[test]
    fn everybody_manages_his_own_and_administrators_the_projects() {
        // T2
        let at = Timestamp::from_ms(1);
        let (mira, tom) = (AgentId::new(at, [1; 10]), AgentId::new(at, [2; 10]));
        let (mine, ours) = (Owner::Agent(mira.clone()), Owner::Project(ProjectId::new(at, [3; 10])));
        assert!(mine.is_seen_by(&mira, None) && mine.is_managed_by(&mira, None));
        assert!(!mine.is_seen_by(&tom, Some(Right::Owner)) && !mine.is_managed_by(&tom, Some(Right::Owner)));
        let managers = [None, Some(Right::Agent), Some(Right::Administrator), Some(Right::Owner)];
        assert_eq!(managers.map(|right| ours.is_managed_by(&mira, right)), [false, false, true, true]);
        assert_eq!(managers.map(|right| ours.is_seen_by(&mira, right)), [false, true, true, true]);
    }

    #[test]
    fn ones_own_is_used_everywhere_and_a_projects_in_the_project() {
        // T2
        let at = Timestamp::from_ms(1);
        let (mira, tom) = (AgentId::new(at, [1; 10]), AgentId::new(at, [2; 10]));
        let (shop, bank) = (ProjectId::new(at, [3; 10]), ProjectId::new(at, [4; 10]));
        let mine = Owner::Agent(mira.clone());
        assert!(mine.is_used_by(&mira, &shop) && mine.is_used_by(&mira, &bank) && !mine.is_used_by(&tom, &shop));
        let ours = Owner::Project(shop.clone());
        assert!(ours.is_used_by(&mira, &shop) && ours.is_used_by(&tom, &shop) && !ours.is_used_by(&mira, &bank));
    }

    #[test]
    fn a_template_has_ten_files_at_most_and_each_once() {
        // T2, F1
        let files = |n: u8| (0..n).map(|n| AttachmentId::new(Timestamp::from_ms(1), [n; 10])).collect::<Vec<_>>();
        assert_eq!(TemplateFiles::new(files(10)).unwrap().ids(), files(10));
        assert_eq!(TemplateFiles::new(files(11)), Err(TemplateFilesRefused::TooMany { n: 11 }));
        let mut twice = files(3);
        twice.push(twice[1].clone());
        assert_eq!(TemplateFiles::new(twice), Err(TemplateFilesRefused::Twice { id: files(3)[1].clone() }));
    }

    proptest! {
        #[test]
        fn a_text_without_braces_is_itself_and_pieces_fill_alike(head in "[^{}]{0,20}", tail in "[^{}]{0,20}", n in 0_usize..4) {
            let (name, value) = [
                ("{client_name}", "Ann"), ("{agent_name}", "Mira"), ("{project_name}", "Kettle & Co"), ("{channel_name}", "Shop"),
            ][n];
            prop_assert_eq!(fill(&head, &VALUES), head.clone());
            prop_assert_eq!(fill(&format!("{head}{name}{tail}"), &VALUES), format!("{head}{value}{tail}"));
        }

        #[test]
        fn no_variable_is_left_in_any_text(text in "([{}a-z_я]|\\{client_name\\}){0,30}") {
            prop_assert!(!fill(&text, &VALUES).contains("{client_name}"), "{text}");
        }
    }
}
