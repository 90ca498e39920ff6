//! The launcher, wherever it stands: an icon in Gmail's side rail, or a floating button.

use anyhow::{Context, Result, ensure};
use thirtyfour::{By, WebElement};

use super::Agent;
use crate::chromium::PATIENCE;
use crate::eventually::eventually;

/// The one that is displayed.
const SHOWN: &str = r#"
for (const host of document.querySelectorAll("deskside-rail, deskside-popups")) {
  const button = host.shadowRoot?.querySelector('[data-testid="launcher"]');
  if (button?.checkVisibility({ visibilityProperty: true })) return button;
}
return null;"#;

impl Agent {
    /// The launcher that is displayed; the driver then stands in the page.
    ///
    /// # Errors
    /// When none is in time.
    pub async fn launcher(&self) -> Result<WebElement> {
        let driver = self.browser().driver();
        driver.enter_default_frame().await?;
        eventually(
            "the launcher",
            PATIENCE,
            || async move { Ok(Some(driver.execute(SHOWN, Vec::new()).await?.element()?)) },
        )
        .await
    }

    /// Whether the launcher that is displayed is the icon in Gmail's side rail.
    ///
    /// # Errors
    /// When none is displayed.
    pub async fn has_rail_icon(&self) -> Result<bool> {
        let launcher = self.launcher().await?.to_json()?;
        let script = "return arguments[0].getRootNode().host.localName === 'deskside-rail';";
        Ok(self.browser().driver().execute(script, vec![launcher]).await?.json() == true)
    }

    /// Waits until the launcher is the icon in the rail, or the floating button.
    ///
    /// # Errors
    /// When it is not in time.
    pub async fn sees_rail_icon(&self, is_in_rail: bool) -> Result<()> {
        let what = if is_in_rail { "the icon in the rail" } else { "the floating button" };
        eventually(format!("{what} at {}", self.name), PATIENCE, || async move {
            Ok((self.has_rail_icon().await? == is_in_rail).then_some(()))
        })
        .await
    }

    /// Presses it; again if it moved to the rail, or out of it, under the pointer.
    ///
    /// # Errors
    /// When it cannot be pressed in time.
    pub async fn presses_launcher(&self) -> Result<()> {
        eventually(
            "a click on the launcher",
            PATIENCE,
            || async move { Ok(Some(self.launcher().await?.click().await?)) },
        )
        .await
    }

    /// Waits until the launcher says something that fits.
    ///
    /// # Errors
    /// When it does not in time; its last words are named.
    pub async fn launcher_says(&self, fits: impl Fn(&str) -> bool) -> Result<()> {
        let fits = &fits;
        eventually(format!("the words of {}'s launcher", self.name), PATIENCE, || async move {
            let words = self.launcher().await?.attr("aria-label").await?.unwrap_or_default();
            ensure!(fits(&words), "it says {words:?}");
            Ok(Some(()))
        })
        .await
    }

    /// How many conversations the launcher says are waiting.
    ///
    /// # Errors
    /// When there is no launcher.
    pub async fn n_waiting(&self) -> Result<u32> {
        let count = self.launcher().await?.find(By::Css("[class$=\"__count\"]")).await?;
        let text = count.prop("textContent").await?.unwrap_or_default();
        text.parse().with_context(|| format!("the launcher counts {text:?}"))
    }

    /// Waits until the launcher counts so many.
    ///
    /// # Errors
    /// When it does not in time.
    pub async fn sees_waiting(&self, n: u32) -> Result<()> {
        eventually(format!("{n} waiting at {}'s launcher", self.name), PATIENCE, || async move {
            let counted = self.n_waiting().await?;
            ensure!(counted == n, "it counts {counted}");
            Ok(Some(()))
        })
        .await
    }

    /// Whether the panel is open.
    ///
    /// # Errors
    /// When the extension is not in the page.
    pub async fn has_panel_open(&self) -> Result<bool> {
        Ok(self.launcher().await?.attr("aria-expanded").await?.as_deref() == Some("true"))
    }

    /// Opens the panel with the launcher, and enters it.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn opens_panel(&self) -> Result<()> {
        if !self.has_panel_open().await? {
            self.presses_launcher().await?;
        }
        self.enters_panel().await?;
        self.browser().find_test("online-button").await?;
        Ok(())
    }

    /// Closes the panel with the launcher.
    ///
    /// # Errors
    /// When it stays open.
    pub async fn closes_panel(&self) -> Result<()> {
        if self.has_panel_open().await? {
            self.presses_launcher().await?;
        }
        ensure!(!self.has_panel_open().await?, "the panel stayed open");
        Ok(())
    }
}
