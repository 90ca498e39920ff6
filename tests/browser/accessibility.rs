//! axe-core finds nothing in what people use (G5, W7).

use anyhow::{Result, ensure};
use testkit::World;
use testkit::agent::Agent;
use testkit::axe::violations;
use testkit::chromium::Browser;
use testkit::contact::Contact;
use testkit::gmail::Setup;

async fn check(browser: &Browser, what: &str, root: &str) -> Result<()> {
    let found = violations(browser, root).await?;
    ensure!(found.is_empty(), "axe-core on {what}: {found:#?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing() -> Result<()> {
    World::run("accessibility", async |world| {
        let olga = world.agent("Olga").await?;
        let ann = world.contact("Ann").await?;
        for dark in [false, true] {
            let theme = if dark { "dark" } else { "light" };
            olga.gmail.show(Setup { dark, ..Setup::new(&olga.name, &olga.email) });
            olga.opens_gmail().await?;
            let question = format!("Can you read this in {theme}?");
            ann.writes(&question).await?;
            olga.sees_popup(&question).await?;
            check(
                olga.browser(),
                &format!("launcher and pop-up, {theme}"),
                "document.querySelector('deskside-popups')",
            )
            .await?;
            olga.sees_popup(&question).await?.click().await?;
            olga.sees(&question).await?;
            check(olga.browser(), &format!("the docked panel, {theme}"), "document").await?;
            if !dark {
                olga.accepts().await?;
                olga.answers("Yes.").await?;
                ann.sees("Yes.").await?;
                check(ann.browser(), "the chat", "document").await?;
                olga.widens().await?;
            }
            olga.sees(&question).await?;
            check(olga.browser(), &format!("the wide panel, {theme}"), "document").await?;
        }
        // axe-core does find what is there: a picture without words.
        olga.browser().run("document.body.append(document.createElement('img'));").await?;
        let found = violations(olga.browser(), "document").await?;
        ensure!(found.iter().any(|violation| violation.id == "image-alt"), "axe-core found only {found:?}");

        ann.browser().driver().enter_default_frame().await?;
        check(ann.browser(), "the chat's button", "document.querySelector('deskside-chat')").await?;
        let options = format!("chrome-extension://{}/extension/options.html", testkit::extension_id());
        olga.browser().driver().goto(options).await?;
        olga.browser().find_test("account").await?;
        check(olga.browser(), "the options page", "document").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_in_presence_blocks_and_clocks() -> Result<()> {
    World::run("accessibility-work", async |world| {
        let olga = world.agent("Olga").await?;
        let ann = world.contact("Ann").await?;
        settings(&olga).await?;
        for dark in [false, true] {
            let theme = if dark { "dark" } else { "light" };
            olga.gmail.show(Setup { dark, ..Setup::new(&olga.name, &olga.email) });
            olga.opens_gmail().await?;
            let question = format!("Can you read this in {theme}?");
            ann.writes(&question).await?;
            olga.sees_popup(&question).await?.click().await?;
            olga.sees(&question).await?;
            if !dark {
                olga.accepts().await?;
            }
            presence(&olga, theme).await?;
            olga.answers("Yes.").await?;
            olga.sees_count_down("Finishes in ", |_| true).await?;
            check(olga.browser(), &format!("the finishing count-down, {theme}"), "document").await?;
            blocks(&olga, &ann, theme).await?;
        }
        olga.blocks("Forever", "insults").await?;
        olga.opens_control_panel().await?;
        olga.sees_blocked_clients(1).await?;
        check(olga.browser(), "the blocked clients", "document").await
    })
    .await
}

/// Sets times that make the count-downs show at once, and leaves one field wrong.
async fn settings(olga: &Agent) -> Result<()> {
    olga.opens_control_panel().await?;
    olga.sets_minutes("Detach my conversations", 2).await?;
    olga.sets_minutes("Finish after client inactivity", 2).await?;
    olga.types_minutes("Turn off online mode", "0").await?;
    olga.browser().click("[data-testid=\"save-settings\"]").await?;
    olga.browser().find_test("field-wrong").await?;
    check(olga.browser(), "the settings with an error", "document").await
}

/// The count-down to "New", the question of whoever goes Offline, and why he is.
async fn presence(olga: &Agent, theme: &str) -> Result<()> {
    olga.sees_count_down("Goes back to New in ", |_| true).await?;
    check(olga.browser(), &format!("the detaching count-down, {theme}"), "document").await?;
    olga.leaves().await?;
    olga.browser().find_test("offline-dialog").await?;
    check(olga.browser(), &format!("the offline dialog, {theme}"), "document").await?;
    olga.answers_leaving("Keep it").await?;
    olga.sees_himself("Offline").await?;
    olga.browser().press("[data-testid=\"why-offline\"]").await?;
    olga.browser().find_test("offline-reason").await?;
    check(olga.browser(), &format!("why he is Offline, {theme}"), "document").await?;
    olga.goes_online().await
}

/// The menu of terms, and what a block looks like at both ends.
async fn blocks(olga: &Agent, ann: &Contact, theme: &str) -> Result<()> {
    olga.opens_block_menu().await?;
    check(olga.browser(), &format!("the block menu, {theme}"), "document").await?;
    olga.browser().press("[data-testid=\"block\"]").await?;
    olga.blocks("1 hour", "insults").await?;
    olga.browser().find_test("client-blocked").await?;
    check(olga.browser(), &format!("a blocked client, {theme}"), "document").await?;
    ann.can_write(false).await?;
    check(ann.browser(), "the blocked chat", "document").await?;
    olga.unblocks().await?;
    ann.can_write(true).await
}
