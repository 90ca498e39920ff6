//! Blocking a client, and the count-down above the input.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use thirtyfour::By;

use super::Agent;
use crate::chromium::PATIENCE;
use crate::eventually::eventually;

/// The shortest time of a clock that an agent can set, and some patience.
const A_MINUTE: Duration = Duration::from_secs(80);

impl Agent {
    /// Opens "Block" in the conversation that is shown.
    ///
    /// # Errors
    /// When there is no such button.
    pub async fn opens_block_menu(&self) -> Result<()> {
        self.enters_panel().await?;
        self.browser().press("[data-testid=\"block\"]").await?;
        self.browser().find_test("block-menu").await?;
        Ok(())
    }

    /// The terms that the open menu offers, in order.
    ///
    /// # Errors
    /// When it is not open.
    pub async fn block_terms(&self) -> Result<Vec<String>> {
        let mut terms = Vec::new();
        for term in self.browser().driver().find_all(By::Css("[data-testid=\"block-term\"]")).await? {
            terms.push(term.text().await?);
        }
        Ok(terms)
    }

    /// Blocks the client of the conversation that is shown, for a term by its words.
    ///
    /// # Errors
    /// When he is not blocked then.
    pub async fn blocks(&self, term: &str, reason: &str) -> Result<()> {
        self.opens_block_menu().await?;
        let field = self.browser().find_test("block-reason").await?;
        // ChromeDriver's own way into a field leaves the focus nowhere for a moment, and the menu closes then.
        field.click().await?;
        field.send_keys(reason).await?;
        let path = format!("//*[@data-testid=\"block-term\"][normalize-space()=\"{term}\"]");
        self.browser().driver().find(By::XPath(path)).await?.click().await?;
        self.browser().find_test("blocked").await?;
        Ok(())
    }

    /// Ends the block with the top chat menu's button.
    ///
    /// # Errors
    /// When he stays blocked.
    pub async fn unblocks(&self) -> Result<()> {
        self.enters_panel().await?;
        self.browser().press("[data-testid=\"unblock\"]").await?;
        self.browser().find_test("block").await?;
        Ok(())
    }

    /// Waits until there is no input any more in the conversation that is shown.
    ///
    /// # Errors
    /// When it stays.
    pub async fn sees_no_input(&self) -> Result<()> {
        self.enters_panel().await?;
        eventually(format!("no input at {}", self.name), PATIENCE, || async move {
            let inputs = self.browser().driver().find_all(By::Css("[data-testid=\"composer\"]")).await?;
            Ok(inputs.is_empty().then_some(()))
        })
        .await
    }

    /// Waits until the head of the conversation that is shown says this of its state, first of all.
    ///
    /// # Errors
    /// When it does not in a minute and twenty seconds.
    pub async fn sees_state(&self, begins: &str) -> Result<()> {
        self.enters_panel().await?;
        eventually(format!("{begins:?} in the head at {}", self.name), A_MINUTE, || async move {
            let state = self.browser().find_test("conversation-state").await?.text().await?;
            ensure!(state.starts_with(begins), "it says {state:?}");
            Ok(Some(()))
        })
        .await
    }

    /// Waits for a count-down that begins with these words and shows such a number of seconds.
    ///
    /// # Errors
    /// When there is none in a minute and twenty seconds.
    pub async fn sees_count_down(&self, begins: &str, fits: impl Fn(u32) -> bool) -> Result<u32> {
        self.enters_panel().await?;
        let fits = &fits;
        eventually(format!("a count-down {begins:?} at {}", self.name), A_MINUTE, || async move {
            let words = self.browser().find_test("count-down-words").await?.text().await?;
            let left = seconds(words.strip_prefix(begins).with_context(|| format!("it says {words:?}"))?)?;
            ensure!(fits(left), "it says {words:?}");
            Ok(Some(left))
        })
        .await
    }
}

/// The seconds of a text that begins with minutes and seconds, as in "1:59 unless".
fn seconds(text: &str) -> Result<u32> {
    let time = text.split_whitespace().next().context("there is no time")?;
    let (minutes, seconds) = time.split_once(':').with_context(|| format!("{time:?} is no time"))?;
    Ok(minutes.parse::<u32>()? * 60 + seconds.parse::<u32>()?)
}
