//! One conversation, for the pictures.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use testkit::agent::Agent;
use testkit::chromium::Browser;
use testkit::contact::Contact;
use testkit::visitor::Visitor;

const QUESTION: &str = "Hello! Will the tall terracotta vase be in Friday's firing?";
const ANSWER: &str = "Good morning! It will: twelve of them. Shall I put one aside for you?";
const THANKS: &str = "Oh lovely, yes please. I would pick it up on Saturday.";
/// What others ask meanwhile; the first is answered by a colleague.
const OTHERS: [&str; 3] = [
    "My parcel arrived, thank you! One bowl has a hairline crack, what now?",
    "Can the ash-glaze plates go into a dishwasher?",
    "Do you deliver to Norway, and how long does it take?",
];

/// Plays it and takes `popup.png`, `panel.png`, `docked.png` and `widget.png`.
///
/// # Errors
/// When somebody does not see what he should.
pub(crate) async fn play(agents: &[Agent], shop: Browser, relay: &str, address: &str, folder: &Path) -> Result<()> {
    let [anna, boris, ..] = agents else {
        return Err(anyhow::anyhow!("the pictures need two agents"));
    };
    let key = address.rsplit('/').next().context("the shop's address has no channel key")?;
    take_other(boris, relay, key).await?;
    let ann = Contact::new("Ann", address, Arc::new(shop));
    ann.opens_chat().await?;
    ann.writes(QUESTION).await?;
    anna.sees_popup(QUESTION).await?;
    anna.browser().settles().await?;
    anna.browser().screenshot(&folder.join("popup.png")).await?;

    anna.sees_popup(QUESTION).await?.click().await?;
    anna.sees(QUESTION).await?;
    anna.accepts().await?;
    anna.answers(ANSWER).await?;
    ann.sees(ANSWER).await?;
    ann.writes(THANKS).await?;
    anna.sees(THANKS).await?;
    anna.browser().settles().await?;
    anna.browser().screenshot(&folder.join("docked.png")).await?;
    anna.widens().await?;
    anna.sees(THANKS).await?;
    anna.browser().settles().await?;
    anna.browser().screenshot(&folder.join("panel.png")).await?;

    boris.opens_panel().await?;
    let row = boris.sees_row("that Anna has", |row| row.owner.contains(&anna.name)).await?;
    boris.opens_row(&row).await?;
    boris.sees(THANKS).await?;
    boris.browser().settles().await?;
    boris.browser().screenshot(&folder.join("colleague.png")).await?;

    ann.sees(ANSWER).await?;
    ann.browser().settles().await?;
    ann.browser().screenshot(&folder.join("widget.png")).await.context("the widget's picture")
}

/// Others write, and a colleague takes the first of them.
async fn take_other(boris: &Agent, relay: &str, key: &str) -> Result<()> {
    boris.opens_panel().await?;
    for text in OTHERS {
        Visitor::new(relay, key).await?.writes(text).await?;
        let row = boris.sees_row("of another client", |row| row.preview == text).await?;
        if text == OTHERS[0] {
            boris.opens_row(&row).await?;
            boris.accepts().await?;
            boris.answers("I am sorry! A new one leaves today, keep the other as a gift.").await?;
            boris.widens().await?;
        }
    }
    boris.closes_panel().await
}
