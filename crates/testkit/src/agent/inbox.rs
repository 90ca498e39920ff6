//! What an agent does and sees in the panel. Every word enters the panel first.

use anyhow::{Result, ensure};
use thirtyfour::{By, WebElement};

use super::{Agent, Row};
use crate::chromium::PATIENCE;
use crate::eventually::eventually;

impl Agent {
    /// Goes Online with the button.
    ///
    /// # Errors
    /// When the button does not say so afterwards.
    pub async fn goes_online(&self) -> Result<()> {
        self.enters_panel().await?;
        let button = self.browser().find("[data-testid=\"online-button\"]:not(:disabled)").await?;
        if !button.text().await?.contains("Online") {
            button.click().await?;
        }
        self.sees_himself("Online").await
    }

    /// Widens the panel to all its panes.
    ///
    /// # Errors
    /// When there is no such button.
    pub async fn widens(&self) -> Result<()> {
        self.changes_layout("a wide panel", |width| width > 500).await
    }

    /// Docks it at the window's end again.
    ///
    /// # Errors
    /// When there is no such button.
    pub async fn docks(&self) -> Result<()> {
        self.changes_layout("a narrow panel", |width| width < 500).await
    }

    async fn changes_layout(&self, what: &str, fits: impl Fn(u64) -> bool) -> Result<()> {
        self.enters_panel().await?;
        self.browser().click("[data-testid=\"dock\"]").await?;
        let fits = &fits;
        // The layout is the page's: wait until the frame has its size.
        eventually(what, PATIENCE, || async move {
            Ok(self.browser().run("return innerWidth;").await?.as_u64().is_some_and(fits).then_some(()))
        })
        .await
    }

    /// Shows a tab: `open`, `my` or `finished`.
    ///
    /// # Errors
    /// When there is none.
    pub async fn shows_tab(&self, tab: &str) -> Result<()> {
        self.enters_panel().await?;
        self.browser().click(&format!("[data-testid=\"tab-{tab}\"]")).await
    }

    /// Waits for a row that `fits`, in the tab that is shown.
    ///
    /// # Errors
    /// When there is none in time; the rows that were there are named.
    pub async fn sees_row(&self, what: &str, fits: impl Fn(&Row) -> bool) -> Result<Row> {
        self.enters_panel().await?;
        let fits = &fits;
        eventually(format!("a row {what} at {}", self.name), PATIENCE, || async move {
            let rows = self.rows().await?;
            let found = rows.iter().find(|row| fits(row)).cloned();
            ensure!(found.is_some(), "the rows are {rows:?}");
            Ok(found)
        })
        .await
    }

    /// Opens the conversation of a row.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn opens_row(&self, row: &Row) -> Result<()> {
        self.enters_panel().await?;
        self.browser().click(&format!("[data-testid=\"row\"][data-conversation-id=\"{}\"]", row.id)).await?;
        self.browser().find_test("conversation").await?;
        Ok(())
    }

    /// Accepts the conversation that is shown.
    ///
    /// # Errors
    /// When it cannot be taken.
    pub async fn accepts(&self) -> Result<()> {
        self.enters_panel().await?;
        self.browser().press("[data-testid=\"accept\"]").await?;
        self.browser().find_test("composer").await?;
        Ok(())
    }

    /// Gives the conversation that is shown, and that nobody has, to an agent.
    ///
    /// # Errors
    /// When the menu does not offer him.
    pub async fn assigns_to(&self, name: &str) -> Result<()> {
        self.enters_panel().await?;
        self.browser().press("[data-testid=\"assign-to-agent\"]").await?;
        let option = eventually(format!("{name} in {}'s menu", self.name), PATIENCE, || async move {
            for option in self.browser().driver().find_all(By::Css("[data-testid=\"assign-option\"]")).await? {
                if option.text().await?.contains(name) {
                    return Ok(Some(option));
                }
            }
            Ok(None)
        });
        Ok(option.await?.click().await?)
    }

    /// Types an answer and sends it.
    ///
    /// # Errors
    /// When there is no input.
    pub async fn answers(&self, text: &str) -> Result<()> {
        self.writes_answer(text).await?;
        self.sends_answer().await
    }

    /// Types an answer.
    ///
    /// # Errors
    /// When there is no input.
    pub async fn writes_answer(&self, text: &str) -> Result<()> {
        self.enters_panel().await?;
        self.browser().find_test("composer").await?.send_keys(text).await?;
        self.browser().find("[data-testid=\"send\"]:not(:disabled)").await?;
        Ok(())
    }

    /// Sends what is typed.
    ///
    /// # Errors
    /// When the button cannot be pressed.
    pub async fn sends_answer(&self) -> Result<()> {
        self.enters_panel().await?;
        self.browser().press("[data-testid=\"send\"]").await
    }

    /// Waits for a message with this text in the conversation that is shown.
    ///
    /// # Errors
    /// When there is none in time.
    pub async fn sees(&self, text: &str) -> Result<WebElement> {
        self.enters_panel().await?;
        eventually(format!("{text:?} in {}'s panel", self.name), PATIENCE, || async move {
            for message in self.browser().driver().find_all(By::Css("[data-testid=\"message\"]")).await? {
                if message.text().await?.contains(text) {
                    return Ok(Some(message));
                }
            }
            Ok(None)
        })
        .await
    }

    /// Closes the conversation that is shown, with the button.
    ///
    /// # Errors
    /// When there is none.
    pub async fn closes(&self) -> Result<()> {
        self.enters_panel().await?;
        self.browser().press("[data-testid=\"close-conversation\"]:not(:disabled)").await
    }

    /// Waits until no row of this conversation is in the tab that is shown.
    ///
    /// # Errors
    /// When it stays.
    pub async fn sees_no_row(&self, id: &str) -> Result<()> {
        self.enters_panel().await?;
        eventually(format!("{id} to go from the list at {}", self.name), PATIENCE, || async move {
            Ok((!self.rows().await?.iter().any(|row| row.id == id)).then_some(()))
        })
        .await
    }

    /// The texts of all messages in the conversation that is shown, oldest first.
    ///
    /// # Errors
    /// When the panel is gone.
    pub async fn message_texts(&self) -> Result<Vec<String>> {
        self.enters_panel().await?;
        let script =
            "return [...document.querySelectorAll('[data-testid=\"message\"]')].map((message) => message.textContent);";
        Ok(serde_json::from_value(self.browser().run(script).await?)?)
    }
}
