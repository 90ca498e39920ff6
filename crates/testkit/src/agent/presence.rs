//! An agent's presence: going Offline, why he is, whom he could give a conversation to, and his Gmail page as one tab of several.

use std::time::Duration;

use anyhow::{Result, ensure};
use thirtyfour::{By, WindowHandle};

use super::Agent;
use crate::chromium::PATIENCE;
use crate::eventually::eventually;

/// The names in the menu of "Assign"; none while it is still being asked.
const NAMES: &str = r#"
const menu = document.querySelector('[data-testid="assign-menu"]');
if (!menu || menu.querySelector('[role="status"]')?.textContent.startsWith("Looking")) return null;
return [...menu.querySelectorAll('[data-testid="assign-option"]')].map((option) => option.textContent.trim());"#;

impl Agent {
    /// Presses the button that shows his presence while he is Online.
    ///
    /// # Errors
    /// When he is not, or it cannot be pressed.
    pub async fn leaves(&self) -> Result<()> {
        self.sees_himself("Online").await?;
        self.browser().press("[data-testid=\"online-button\"]:not(:disabled)").await
    }

    /// Waits until the button says `Online` or `Offline`.
    ///
    /// # Errors
    /// When it does not in time.
    pub async fn sees_himself(&self, presence: &str) -> Result<()> {
        self.enters_panel().await?;
        eventually(format!("{} to be {presence}", self.name), PATIENCE, || async move {
            let button = self.browser().driver().find(By::Css("[data-testid=\"online-button\"]")).await?;
            Ok(button.text().await?.contains(presence).then_some(()))
        })
        .await
    }

    /// Answers what is asked of whoever leaves with conversations in work, by the button's words.
    ///
    /// # Errors
    /// When nothing is asked, or there is no such button.
    pub async fn answers_leaving(&self, words: &str) -> Result<()> {
        self.enters_panel().await?;
        let dialog = self.browser().find_test("offline-dialog").await?;
        for button in dialog.find_all(By::Css("button")).await? {
            if button.text().await? == words {
                button.click().await?;
                return self.is_not_asked().await;
            }
        }
        anyhow::bail!("the dialog has no {words:?}")
    }

    /// Waits until nothing is asked.
    ///
    /// # Errors
    /// When the dialog stays.
    pub async fn is_not_asked(&self) -> Result<()> {
        self.enters_panel().await?;
        eventually("no dialog", PATIENCE, || async move {
            let asked = self.browser().driver().find_all(By::Css("[data-testid=\"offline-dialog\"]")).await?;
            Ok(asked.is_empty().then_some(()))
        })
        .await
    }

    /// Asks "Why am I offline?" and reads the answer; it is closed again.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn asks_why_offline(&self) -> Result<String> {
        self.enters_panel().await?;
        let button = self.browser().find("[aria-label=\"Why am I offline?\"]").await?;
        button.click().await?;
        let words = self.browser().find_test("offline-reason").await?.text().await?;
        button.click().await?;
        Ok(words)
    }

    /// Whom the menu of "Assign" offers now, in the conversation that is shown.
    ///
    /// # Errors
    /// When there is no such menu.
    pub async fn is_offered(&self) -> Result<Vec<String>> {
        self.enters_panel().await?;
        let button = self.browser().find("[data-testid=\"assign\"], [data-testid=\"assign-to-agent\"]").await?;
        button.click().await?;
        let names = eventually("the agents who are Online", PATIENCE, || async move {
            Ok(serde_json::from_value::<Option<Vec<String>>>(self.browser().run(NAMES).await?)?)
        })
        .await?;
        button.click().await?;
        Ok(names)
    }

    /// Waits until the menu of "Assign" offers an agent, or does not any more.
    ///
    /// # Errors
    /// When it is not so in time.
    pub async fn sees_offered(&self, name: &str, is_online: bool, deadline: Duration) -> Result<()> {
        let what = if is_online { "Online" } else { "Offline" };
        eventually(format!("{name} to be {what} at {}", self.name), deadline, || async move {
            let names = self.is_offered().await?;
            let found = names.iter().any(|offered| offered.contains(name));
            ensure!(found == is_online, "offered are {names:?}");
            Ok(Some(()))
        })
        .await
    }

    /// Opens another tab and stays in it; gives the one that is hidden by it.
    ///
    /// # Errors
    /// When there is no window any more.
    pub async fn opens_another_tab(&self) -> Result<WindowHandle> {
        let driver = self.browser().driver();
        let hidden = driver.window().await?;
        let tab = driver.new_tab().await?;
        driver.switch_to_window(tab).await?;
        Ok(hidden)
    }

    /// Closes the Gmail page that is shown, his last one; the browser runs on with an empty tab.
    ///
    /// # Errors
    /// When there is none.
    pub async fn closes_last_gmail_page(&self) -> Result<()> {
        let driver = self.browser().driver();
        self.leaves_panel().await?;
        let gmail = driver.window().await?;
        let tab = driver.new_tab().await?;
        driver.switch_to_window(gmail).await?;
        driver.close_window().await?;
        driver.switch_to_window(tab).await?;
        Ok(())
    }
}
