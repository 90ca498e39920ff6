//! What an agent does on the Control Panel, which stands in the place of his Gmail page meanwhile.

use anyhow::{Result, ensure};
use protocol::EXTENSION_ID;
use thirtyfour::{By, WebElement};

use super::Agent;
use crate::chromium::PATIENCE;
use crate::eventually::eventually;

impl Agent {
    /// Opens the Control Panel and waits for what is set there.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn opens_control_panel(&self) -> Result<()> {
        let driver = self.browser().driver();
        driver.goto(format!("chrome-extension://{EXTENSION_ID}/extension/options.html")).await?;
        self.browser().find_test("save-settings").await?;
        Ok(())
    }

    /// Sets a number of minutes by the field's label, and saves.
    ///
    /// # Errors
    /// When there is no such field, or it is not saved.
    pub async fn sets_minutes(&self, label: &str, minutes: u32) -> Result<()> {
        let field = self.types_minutes(label, &minutes.to_string()).await?;
        let form = field.find(By::XPath("ancestor::form")).await?;
        form.find(By::Css("button[type=\"submit\"]")).await?.click().await?;
        let form = &form;
        eventually(format!("{label:?} to be saved"), PATIENCE, || async move {
            Ok(Some(form.find(By::Css("[data-testid=\"saved\"]")).await?))
        })
        .await?;
        let shown = field.prop("value").await?.unwrap_or_default();
        ensure!(shown == minutes.to_string(), "{label:?} shows {shown:?} once it is saved");
        Ok(())
    }

    /// Types into the field of this label; gives the field.
    ///
    /// # Errors
    /// When there is none.
    pub async fn types_minutes(&self, label: &str, text: &str) -> Result<WebElement> {
        let path = format!("//input[@id=//label[normalize-space()=\"{label}\"]/@for]");
        let field = eventually(format!("the field {label:?}"), PATIENCE, || {
            let path = path.clone();
            async move { Ok(Some(self.browser().driver().find(By::XPath(path)).await?)) }
        })
        .await?;
        field.clear().await?;
        field.send_keys(text).await?;
        Ok(field)
    }

    /// The texts of the entries under "Blocked clients", newest first, once there are so many.
    ///
    /// # Errors
    /// When there are not in time.
    pub async fn sees_blocked_clients(&self, n: usize) -> Result<Vec<String>> {
        let list = self.browser().find_test("blocked-clients").await?;
        let list = &list;
        eventually(format!("{n} blocked clients at {}", self.name), PATIENCE, || async move {
            let mut texts = Vec::new();
            for entry in list.find_all(By::Css("[data-testid=\"blocked-client\"]")).await? {
                texts.push(entry.text().await?);
            }
            ensure!(texts.len() == n, "there are {texts:?}");
            Ok(Some(texts))
        })
        .await
    }
}
