//! What the panel's list shows.

use anyhow::Result;
use serde::Deserialize;

use super::Agent;

/// A row of the list.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Row {
    /// `cnv_…`
    pub id: String,
    /// The heading above it, if its tab has headings: "New" or "Worked on".
    pub group: Option<String>,
    /// Who writes.
    pub name: String,
    /// The beginning of the last message.
    pub preview: String,
    /// Who has it; empty if nobody.
    pub owner: String,
    /// How it ended; empty if it has not.
    pub outcome: String,
    /// How many are unread; empty if none.
    pub unread: String,
}

/// Reads headings and rows in the order of the document, which is the order on the screen.
const READ: &str = r#"
const text = (row, name) => row.querySelector(`[data-testid="${name}"]`)?.textContent.trim() ?? "";
let group = null;
const rows = [];
for (const element of document.querySelectorAll('[data-testid="group-new"], [data-testid="group-worked-on"], [data-testid="row"]')) {
  if (element.dataset.testid === "group-new") group = "New";
  else if (element.dataset.testid === "group-worked-on") group = "Worked on";
  else rows.push({
    id: element.dataset.conversationId, group, name: text(element, "row-name"), preview: text(element, "row-preview"),
    owner: text(element, "row-owner"), outcome: text(element, "row-outcome"), unread: text(element, "row-unread"),
  });
}
return rows;
"#;

impl Agent {
    /// The rows of the tab that is shown; the driver must stand in the panel.
    ///
    /// # Errors
    /// When the panel is gone.
    pub async fn rows(&self) -> Result<Vec<Row>> {
        Ok(serde_json::from_value(self.browser().run(READ).await?)?)
    }
}
