//! The website chat from the client's side.

use anyhow::{Result, ensure};
use testkit::World;
use testkit::chromium::PATIENCE;
use testkit::eventually;

/// What the page fetched, and whether anything of the chat is kept for long or framed; the visit's notes stay in the tab.
const FETCHED: &str = "
const frames = document.querySelector('deskside-chat').shadowRoot.querySelectorAll('iframe').length;
const names = performance.getEntriesByType('resource').map(({ name }) => name);
return { names, frames, kept: localStorage.length, noted: Object.keys(sessionStorage) };";

#[tokio::test(flavor = "multi_thread")]
async fn history_comes_back_after_a_reload() -> Result<()> {
    World::run("history", async |world| {
        let olga = world.agent("Olga").await?;
        let ann = world.contact("Ann").await?;
        // Text is text, never markup.
        let question = "first <b>question</b> & <script>alert(1)</script>";
        ann.writes(question).await?;
        olga.sees_popup(question).await?.click().await?;
        olga.accepts().await?;
        olga.answers("first answer").await?;
        ann.sees("first answer").await?;

        // W4: the same client, the same conversation.
        ann.opens_chat().await?;
        ann.sees(question).await?;
        ann.sees("first answer").await?;
        ann.writes("second question").await?;
        olga.sees("second question").await?;
        let messages = ann.messages().await?;
        ensure!(messages.len() == 3, "after the reload the chat shows {messages:?}");
        ensure!(messages.last().is_some_and(|last| last.contains("second question")), "the order is {messages:?}");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn before_the_first_click_only_the_loader_is_fetched_and_nothing_is_kept_but_the_visit_in_its_tab() -> Result<()>
{
    World::run("untouched", async |world| {
        // W1, W3
        let ann = world.contact("Ann").await?;
        ann.visits_shop().await?;
        let loader = format!("{}/widget/{}.js", world.relay.url(), world.project.channel_key);
        let found = ann.browser().run(FETCHED).await?;
        let notes = format!("deskside-chat/{}", world.project.channel_key);
        let expected = serde_json::json!({ "names": [loader], "frames": 0, "kept": 0, "noted": [notes] });
        ensure!(found == expected, "before the first click: {found}");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_not_on_the_list_cannot_show_the_chat() -> Result<()> {
    World::run("foreign", async |world| {
        // W2: the relay's own demo page is of an origin that the channel does not name.
        let ann = world.contact("Ann").await?;
        let foreign = format!("{}/demo/{}", world.relay.url(), world.project.channel_key);
        ann.browser().driver().goto(foreign).await?;
        ann.on_page("[data-testid=\"chat-launcher\"]").await?.click().await?;
        eventually("the browser to refuse the frame", PATIENCE, || async {
            ann.enters_chat().await?;
            let address = ann.browser().run("return location.protocol;").await?;
            Ok((address == "chrome-error:").then_some(()))
        })
        .await
    })
    .await
}
