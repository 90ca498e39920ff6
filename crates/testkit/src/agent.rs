//! A support agent in front of a Gmail page.

mod blocking;
mod control_panel;
mod inbox;
mod presence;
mod rows;

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
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
        let browser = &self.browser;
        browser.driver().goto(format!("chrome-extension://{EXTENSION_ID}/extension/options.html")).await?;
        for (field, value) in [("relay-address", relay), ("invitation-code", code), ("agent-name", self.name.as_str())]
        {
            let input = browser.find_test(field).await?;
            input.clear().await?;
            input.send_keys(value).await?;
        }
        browser.find_test("connect").await?.click().await?;
        browser.find_test("account").await?;
        Ok(())
    }

    /// Opens Gmail and waits for the launcher.
    ///
    /// # Errors
    /// When the extension does not join the page.
    pub async fn opens_gmail(&self) -> Result<()> {
        self.browser.driver().goto(Gmail::url()).await?;
        self.popup_host("[data-testid=\"launcher\"]").await?;
        Ok(())
    }

    /// An element among launcher and pop-ups; the driver then stands in the page.
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

    /// How many conversations the launcher says are waiting.
    ///
    /// # Errors
    /// When there is no launcher.
    pub async fn n_waiting(&self) -> Result<u32> {
        let count = self.popup_host(".launcher__count").await?;
        let text = count.prop("textContent").await?.unwrap_or_default();
        text.parse().with_context(|| format!("the launcher counts {text:?}"))
    }

    /// Waits until the launcher counts so many.
    ///
    /// # Errors
    /// When it does not in time.
    pub async fn sees_waiting(&self, n: u32) -> Result<()> {
        eventually(format!("{n} waiting at {}'s launcher", self.name), PATIENCE, || async move {
            Ok((self.n_waiting().await? == n).then_some(()))
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

    /// Whether the panel is open.
    ///
    /// # Errors
    /// When the extension is not in the page.
    pub async fn has_panel_open(&self) -> Result<bool> {
        let launcher = self.popup_host("[data-testid=\"launcher\"]").await?;
        Ok(launcher.attr("aria-expanded").await?.as_deref() == Some("true"))
    }

    /// Opens the panel with the launcher, and enters it.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn opens_panel(&self) -> Result<()> {
        if !self.has_panel_open().await? {
            self.popup_host("[data-testid=\"launcher\"]").await?.click().await?;
        }
        self.enters_panel().await?;
        self.browser.find_test("online-button").await?;
        Ok(())
    }

    /// Closes the panel with the launcher.
    ///
    /// # Errors
    /// When it stays open.
    pub async fn closes_panel(&self) -> Result<()> {
        if self.has_panel_open().await? {
            self.popup_host("[data-testid=\"launcher\"]").await?.click().await?;
        }
        ensure!(!self.has_panel_open().await?, "the panel stayed open");
        Ok(())
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
