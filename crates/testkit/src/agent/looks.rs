//! How what an agent sees looks: pictures for people to judge, and what axe-core finds (G5).

use anyhow::{Result, ensure};

use super::Agent;
use crate::artefacts;
use crate::axe::violations;

impl Agent {
    /// Keeps a picture in `target/e2e/<test>/` of what the window shows.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn keeps_picture(&self, test: &str, name: &str) -> Result<()> {
        self.browser.screenshot(&artefacts::folder(test)?.join(format!("{name}.png"))).await
    }

    /// The same once nothing moves any more; the driver then stands in the panel.
    ///
    /// # Errors
    /// When there is no panel, or the file cannot be written.
    pub async fn takes_picture(&self, test: &str, name: &str) -> Result<()> {
        self.browser.settles().await?;
        self.keeps_picture(test, name).await?;
        self.enters_panel().await
    }

    /// axe-core finds nothing in the document where the driver stands.
    ///
    /// # Errors
    /// When it does; `what` says in what.
    pub async fn passes_axe(&self, what: &str) -> Result<()> {
        let found = violations(&self.browser, "document").await?;
        ensure!(found.is_empty(), "axe-core on {what}: {found:#?}");
        Ok(())
    }

    /// The panel as it stands, dark and then light: a picture of each, in which axe-core finds nothing.
    ///
    /// # Errors
    /// When it finds something, or there is no panel.
    pub async fn looks_well(&self, test: &str, name: &str) -> Result<()> {
        for theme in ["dark", "light"] {
            self.enters_panel().await?;
            self.browser.run(&format!("document.documentElement.dataset.theme = '{theme}';")).await?;
            self.browser.is_still().await?;
            self.takes_picture(test, &format!("{name}-{theme}")).await?;
            self.passes_axe(&format!("{name} in {theme}")).await?;
        }
        Ok(())
    }
}
