//! A client is blocked, and comes back by himself.

use anyhow::{Result, ensure};
use testkit::World;
use testkit::agent::Agent;
use testkit::contact::Contact;

/// What stands in place of the input. The last hour of a day ends tomorrow, so when it ends is read apart.
const LINE: [&str; 4] = ["can neither write nor be answered", "By Olga, Today", "· until ", "insults"];

#[tokio::test(flavor = "multi_thread")]
async fn a_blocked_client_cannot_write_until_he_is_unblocked() -> Result<()> {
    World::run("blocking", async |world| {
        let olga = world.agent("Olga").await?;
        let ann = world.contact("Ann").await?;
        ann.writes("You are all fools").await?;
        olga.sees_popup("fools").await?.click().await?;
        olga.accepts().await?;
        ann.types("and another thing").await?;

        // B1
        olga.opens_block_menu().await?;
        let terms = olga.block_terms().await?;
        ensure!(terms == ["15 minutes", "1 hour", "1 day", "1 week", "1 month", "Forever"], "offered are {terms:?}");
        olga.browser().press("[data-testid=\"block\"]").await?;
        olga.blocks("1 hour", "insults").await?;
        olga.browser().reads("blocked", |words| words.starts_with("Blocked · ") && words.ends_with(" left")).await?;
        // B6: what cannot be answered has no input.
        olga.browser().reads("client-blocked", |words| LINE.iter().all(|part| words.contains(part))).await?;
        olga.sees_no_input().await?;

        // B2, B4: told, and nothing of his is lost.
        is_blocked(&ann, "You cannot write here until ").await?;
        ann.can_write(false).await?;

        // B5: without a reload.
        olga.unblocks().await?;
        olga.browser().find_test("composer").await?;
        ann.can_write(true).await?;
        let typed = ann.typed().await?;
        ensure!(typed == "and another thing", "the input holds {typed:?}");
        ann.writes(": sorry").await?;
        olga.sees("and another thing: sorry").await?;
        undoes_in_the_control_panel(&olga, &ann).await
    })
    .await
}

/// B6: the list says who, when, until when, by whom and why, and undoes.
async fn undoes_in_the_control_panel(olga: &Agent, ann: &Contact) -> Result<()> {
    olga.blocks("Forever", "insults again").await?;
    is_blocked(ann, "You cannot write here at the moment.").await?;
    olga.opens_control_panel().await?;
    let list = olga.sees_blocked_clients(1).await?;
    for part in ["Visitor", "By Olga, Today", "Forever", "Reason: insults again", "Unblock"] {
        ensure!(list.iter().all(|entry| entry.contains(part)), "no {part:?} in {list:?}");
    }
    olga.browser().click("[data-testid=\"unblock-client\"]").await?;
    olga.browser().find_test("nobody-blocked").await?;
    ann.can_write(true).await?;
    ann.writes("Thank you").await?;
    ann.sees_state("Thank you", &["sent"]).await
}

async fn is_blocked(contact: &Contact, words: &str) -> Result<()> {
    contact.enters_chat().await?;
    contact.browser().reads("chat-blocked", |notice| notice.starts_with(words)).await?;
    Ok(())
}
