//! The report, for people and for programs.

use std::fmt;

use serde_json::{Value, json};

use super::{Finding, Grade};

/// How wide a line of the report is.
const WIDTH: usize = 110;
/// Where what was found begins.
const MARGIN: usize = 23;

/// What was found. Its text has a line for each finding and sums up in the end.
#[derive(Clone, Debug)]
pub struct Report {
    /// In the order of the checks.
    pub findings: Vec<Finding>,
}

impl Report {
    /// How many findings are bad.
    #[must_use]
    pub fn n_bad(&self) -> usize {
        self.n(Grade::Bad)
    }

    /// In a word, what there is to do.
    #[must_use]
    pub fn summary(&self) -> String {
        let notes = match self.n(Grade::Note) {
            0 => String::new(),
            1 => ", and a note".to_owned(),
            n => format!(", and {n} notes"),
        };
        match self.n_bad() {
            0 => format!("nothing to mend{notes}"),
            1 => format!("1 thing to mend{notes}"),
            n => format!("{n} things to mend{notes}"),
        }
    }

    /// The report for programs.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "version": env!("CARGO_PKG_VERSION"),
            "n_bad": self.n_bad(),
            "n_notes": self.n(Grade::Note),
            "findings": self.findings,
        })
    }

    fn n(&self, grade: Grade) -> usize {
        self.findings.iter().filter(|finding| finding.grade == grade).count()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, finding) in self.findings.iter().enumerate() {
            let grade = match finding.grade {
                Grade::Ok => "ok",
                Grade::Note => "note",
                Grade::Bad => "bad",
                Grade::NotChecked => "not checked",
            };
            if at > 0 {
                writeln!(f)?;
            }
            write!(f, "{grade:<12} {:<9} {}", finding.check, hanging(&finding.found))?;
            if let Some(mend) = &finding.mend {
                write!(f, "\n{:MARGIN$}-> {}", "", hanging(mend))?;
            }
        }
        Ok(())
    }
}

/// A text whose further lines begin where its first does.
fn hanging(text: &str) -> String {
    let (mut shown, mut n_column) = (String::new(), MARGIN);
    for word in text.split_whitespace() {
        let n_chars = word.chars().count();
        if n_column > MARGIN && n_column + 1 + n_chars > WIDTH {
            shown.push('\n');
            shown.push_str(&" ".repeat(MARGIN));
            n_column = MARGIN;
        } else if n_column > MARGIN {
            shown.push(' ');
            n_column += 1;
        }
        shown.push_str(word);
        n_column += n_chars;
    }
    shown
}
