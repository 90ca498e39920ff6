//! What a check found.

use serde::Serialize;

/// How a finding is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// As it should be.
    Ok,
    /// Works, and is worth knowing.
    Note,
    /// Does not work, or will not.
    Bad,
    /// Could not be looked at, or need not be.
    NotChecked,
}

/// One line of the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Which check.
    pub check: &'static str,
    /// How it is meant.
    pub grade: Grade,
    /// What was found. Never holds a secret.
    pub found: String,
    /// What an operator can do about it; nothing to do if it is ok.
    pub mend: Option<String>,
}

/// What a check has found so far.
#[derive(Default)]
pub(super) struct Looked {
    facts: Vec<String>,
    faults: Vec<(Grade, String, Option<String>)>,
}

impl Looked {
    /// Something that is as it should be.
    pub(super) fn fact(&mut self, found: impl Into<String>) {
        self.facts.push(found.into());
    }

    /// Something that works and is worth knowing.
    pub(super) fn note(&mut self, found: impl Into<String>, mend: impl Into<String>) {
        self.faults.push((Grade::Note, found.into(), Some(mend.into())));
    }

    /// Something that does not work, or will not.
    pub(super) fn bad(&mut self, found: impl Into<String>, mend: impl Into<String>) {
        self.faults.push((Grade::Bad, found.into(), Some(mend.into())));
    }

    /// Why something was not looked at.
    pub(super) fn not_checked(&mut self, why: impl Into<String>) {
        self.faults.push((Grade::NotChecked, why.into(), None));
    }

    /// The lines of the report: one for all that is well, and one for everything that is not.
    pub(super) fn findings(self, check: &'static str) -> Vec<Finding> {
        let well = (!self.facts.is_empty()).then(|| (Grade::Ok, self.facts.join(", "), None));
        let all = well.into_iter().chain(self.faults);
        all.map(|(grade, found, mend)| Finding { check, grade, found, mend }).collect()
    }
}
