//! axe-core finds nothing in what people use (G5, W7).

use anyhow::{Result, ensure};
use testkit::World;
use testkit::axe::violations;
use testkit::chromium::Browser;
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
