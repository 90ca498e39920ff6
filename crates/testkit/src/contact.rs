//! A client in front of a website with the chat on it.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use thirtyfour::{By, WebElement};

use crate::chromium::{Browser, PATIENCE};
use crate::eventually::eventually;

/// A client with a browser and a profile of his own.
#[derive(Debug)]
pub struct Contact {
    /// What the test calls him; the agents see a made name.
    pub name: String,
    shop: String,
    browser: Arc<Browser>,
}

impl Contact {
    /// A client who has `browser` before him and knows the shop at this address.
    #[must_use]
    pub fn new(name: &str, shop: &str, browser: Arc<Browser>) -> Self {
        Self { name: name.to_owned(), shop: shop.to_owned(), browser }
    }

    /// His browser.
    #[must_use]
    pub fn browser(&self) -> &Arc<Browser> {
        &self.browser
    }

    /// Visits the shop, or loads it again; gives the chat's button.
    ///
    /// # Errors
    /// When there is no chat.
    pub async fn visits_shop(&self) -> Result<WebElement> {
        self.visits_page("").await
    }

    /// Visits a page of the shop, such as `?cup=1`; gives the chat's button.
    ///
    /// # Errors
    /// When there is no chat.
    pub async fn visits_page(&self, page: &str) -> Result<WebElement> {
        self.browser.driver().goto(format!("{}{page}", self.shop)).await?;
        self.on_page("[data-testid=\"chat-launcher\"]").await
    }

    /// Visits the shop, or loads it again, and opens the chat.
    ///
    /// # Errors
    /// When there is no chat.
    pub async fn opens_chat(&self) -> Result<()> {
        self.visits_shop().await?.click().await?;
        self.enters_chat().await?;
        self.browser.find_test("chat-input").await?;
        Ok(())
    }

    /// An element of the chat's host; the driver then stands in the page.
    ///
    /// # Errors
    /// When there is none in time.
    pub async fn on_page(&self, css: &str) -> Result<WebElement> {
        let driver = self.browser.driver();
        driver.enter_default_frame().await?;
        eventually(format!("`{css}` on the shop's page"), PATIENCE, || async move {
            let root = driver.find(By::Css("deskside-chat")).await?.get_shadow_root().await?;
            Ok(Some(root.find(By::Css(css)).await?))
        })
        .await
    }

    /// Puts the driver into the chat's frame.
    ///
    /// # Errors
    /// When there is none.
    pub async fn enters_chat(&self) -> Result<()> {
        self.on_page("[data-testid=\"chat-frame\"]").await?.enter_frame().await?;
        Ok(())
    }

    /// Writes a message.
    ///
    /// # Errors
    /// When there is no input.
    pub async fn writes(&self, text: &str) -> Result<()> {
        self.enters_chat().await?;
        self.browser.find_test("chat-input").await?.send_keys(text).await?;
        self.browser.find_test("chat-send").await?.click().await?;
        Ok(())
    }

    /// Types without sending.
    ///
    /// # Errors
    /// When there is no input.
    pub async fn types(&self, text: &str) -> Result<()> {
        self.enters_chat().await?;
        Ok(self.browser.find_test("chat-input").await?.send_keys(text).await?)
    }

    /// What stands in the input.
    ///
    /// # Errors
    /// When there is none.
    pub async fn typed(&self) -> Result<String> {
        self.enters_chat().await?;
        Ok(self.browser.find_test("chat-input").await?.prop("value").await?.unwrap_or_default())
    }

    /// Waits until he can write, or cannot any more.
    ///
    /// # Errors
    /// When it is not so in time.
    pub async fn can_write(&self, can: bool) -> Result<()> {
        self.enters_chat().await?;
        eventually(format!("{} to be able to write: {can}", self.name), PATIENCE, || async move {
            let (input, send) =
                (self.browser.find_test("chat-input").await?, self.browser.find_test("chat-send").await?);
            Ok((input.is_enabled().await? == can && send.is_enabled().await? == can).then_some(()))
        })
        .await
    }

    /// Waits for a message with this text.
    ///
    /// # Errors
    /// When there is none in time.
    pub async fn sees(&self, text: &str) -> Result<WebElement> {
        self.sees_within(text, PATIENCE).await
    }

    /// Waits for a message with this text, at most so long.
    ///
    /// # Errors
    /// When there is none in time.
    pub async fn sees_within(&self, text: &str, deadline: Duration) -> Result<WebElement> {
        self.enters_chat().await?;
        eventually(format!("{text:?} in {}'s chat", self.name), deadline, || async move {
            for message in self.browser.driver().find_all(By::Css("[data-testid=\"chat-message\"]")).await? {
                if message.text().await?.contains(text) {
                    return Ok(Some(message));
                }
            }
            Ok(None)
        })
        .await
    }

    /// Waits until his message with this text is in one of these states.
    ///
    /// # Errors
    /// When it is not in time.
    pub async fn sees_state(&self, text: &str, states: &[&str]) -> Result<()> {
        self.enters_chat().await?;
        eventually(format!("{text:?} to be {states:?} in {}'s chat", self.name), PATIENCE, || async move {
            for message in self.browser.driver().find_all(By::Css("[data-testid=\"chat-message\"]")).await? {
                let state = message.attr("data-state").await?.unwrap_or_default();
                if message.text().await?.contains(text) && states.contains(&state.as_str()) {
                    return Ok(Some(()));
                }
            }
            Ok(None)
        })
        .await
    }

    /// Waits until he is told that the conversation has ended.
    ///
    /// # Errors
    /// When he is not in time.
    pub async fn sees_end(&self) -> Result<()> {
        self.enters_chat().await?;
        self.browser.find_test("chat-ended").await?;
        Ok(())
    }

    /// The texts of all messages, oldest first.
    ///
    /// # Errors
    /// When there is no chat.
    pub async fn messages(&self) -> Result<Vec<String>> {
        self.enters_chat().await?;
        let script = "return [...document.querySelectorAll('[data-testid=\"chat-message\"]')].map((message) => message.textContent);";
        Ok(serde_json::from_value(self.browser.run(script).await?)?)
    }
}
