//! A support agent in front of a Gmail page.

mod blocking;
mod control_panel;
mod inbox;
mod launcher;
mod looks;
mod presence;
mod rows;

use std::sync::Arc;

use anyhow::Result;
use protocol::EXTENSION_ID;
use thirtyfour::{By, WebElement};

use crate::chromium::{Browser, Launch, PATIENCE};
use crate::eventually::eventually;
use crate::gmail::{Gmail, Setup};

pub use rows::Row;

/// An agent with a browser, a profile and a Gmail of his own.
#[derive(Debug)]
pub struct Agent {
    /// His name.
    pub name: String,
    /// His address, which his Gmail shows.
    pub email: String,
    /// His Gmail; what it shows can be changed.
    pub gmail: Gmail,
    browser: Arc<Browser>,
}

impl Agent {
    /// Starts a browser with the extension and a Gmail that shows this address.
    ///
    /// # Errors
    /// When either does not start.
    pub async fn start(name: &str, email: &str, launch: Launch) -> Result<Self> {
        let gmail = Gmail::start(Setup::new(name, email)).await?;
        let launch = Launch { gmail_port: Some(gmail.port()), ..launch };
        let browser = Arc::new(Browser::launch(&launch).await?);
        Ok(Self { name: name.to_owned(), email: email.to_owned(), gmail, browser })
    }

    /// His browser.
    #[must_use]
    pub fn browser(&self) -> &Arc<Browser> {
        &self.browser
    }

    /// Signs in on the options page with an invitation's code.
    ///
    /// # Errors
    /// When the page does not show the account afterwards.
    pub async fn signs_in(&self, relay: &str, code: &str) -> Result<()> {
        self.signs_in_as(&self.name, relay, code).await
    }

    /// Signs in under another name, for instance as another of his accounts.
    ///
    /// # Errors
    /// When the page does not show the account afterwards.
    pub async fn signs_in_as(&self, name: &str, relay: &str, code: &str) -> Result<()> {
        let browser = &self.browser;
        browser.driver().goto(format!("chrome-extension://{EXTENSION_ID}/extension/options.html")).await?;
        for (field, value) in [("relay-address", relay), ("invitation-code", code), ("agent-name", name)] {
            let input = browser.find_test(field).await?;
            input.clear().await?;
            input.send_keys(value).await?;
        }
        browser.find_test("connect").await?.click().await?;
        eventually(format!("{name} at {relay} among the accounts"), PATIENCE, || async move {
            for account in browser.driver().find_all(By::Css("[data-testid=\"account\"]")).await? {
                let words = account.text().await?;
                if words.contains(name) && words.contains(relay) {
                    return Ok(Some(()));
                }
            }
            Ok(None)
        })
        .await
    }

    /// Opens Gmail and waits for the launcher.
    ///
    /// # Errors
    /// When the extension does not join the page.
    pub async fn opens_gmail(&self) -> Result<()> {
        self.opens_gmail_of(0).await
    }

    /// Opens the Gmail page of an account by its number and waits for the launcher.
    ///
    /// # Errors
    /// When the extension does not join the page.
    pub async fn opens_gmail_of(&self, n: usize) -> Result<()> {
        self.browser.driver().goto(Gmail::url_of(n)).await?;
        self.launcher().await?;
        Ok(())
    }

    /// An element among the pop-ups; the driver then stands in the page.
    ///
    /// # Errors
    /// When there is none in time.
    pub async fn popup_host(&self, css: &str) -> Result<WebElement> {
        let driver = self.browser.driver();
        driver.enter_default_frame().await?;
        eventually(format!("`{css}` in the page"), PATIENCE, || async move {
            let root = driver.find(By::Css("deskside-popups")).await?.get_shadow_root().await?;
            Ok(Some(root.find(By::Css(css)).await?))
        })
        .await
    }

    /// Waits for a pop-up with this text.
    ///
    /// # Errors
    /// When there is none in time.
    pub async fn sees_popup(&self, text: &str) -> Result<WebElement> {
        eventually(format!("a pop-up with {text:?} at {}", self.name), PATIENCE, || async move {
            for popup in self.popups().await? {
                if popup.text().await?.contains(text) {
                    return Ok(Some(popup));
                }
            }
            Ok(None)
        })
        .await
    }

    /// The pop-ups that stand now, oldest first.
    ///
    /// # Errors
    /// When the extension is not in the page.
    pub async fn popups(&self) -> Result<Vec<WebElement>> {
        let driver = self.browser.driver();
        driver.enter_default_frame().await?;
        let root = driver.find(By::Css("deskside-popups")).await?.get_shadow_root().await?;
        Ok(root.find_all(By::Css("[data-testid=\"popup\"]")).await?)
    }

    /// Waits until no pop-up stands.
    ///
    /// # Errors
    /// When one stays.
    pub async fn sees_no_popup(&self) -> Result<()> {
        eventually(format!("no pop-up at {}", self.name), PATIENCE, || async move {
            Ok(self.popups().await?.is_empty().then_some(()))
        })
        .await
    }

    /// Puts the driver into the panel's frame.
    ///
    /// # Errors
    /// When there is no panel.
    pub async fn enters_panel(&self) -> Result<()> {
        let driver = self.browser.driver();
        eventually("the panel's frame", PATIENCE, || async move {
            driver.enter_default_frame().await?;
            let root = driver.find(By::Css("deskside-workspace")).await?.get_shadow_root().await?;
            root.find(By::Css("[data-testid=\"panel-frame\"]")).await?.enter_frame().await?;
            Ok(Some(()))
        })
        .await
    }

    /// Puts the driver back into Gmail's page.
    ///
    /// # Errors
    /// When the page is gone.
    pub async fn leaves_panel(&self) -> Result<()> {
        Ok(self.browser.driver().enter_default_frame().await?)
    }

    /// The shortcuts that Gmail has acted upon.
    ///
    /// # Errors
    /// When the page has none.
    pub async fn fired_shortcuts(&self) -> Result<Vec<String>> {
        self.leaves_panel().await?;
        Ok(serde_json::from_value(self.browser.run("return window.__fired;").await?)?)
    }
}
