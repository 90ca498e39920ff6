//! The website chat from the client's side.

use anyhow::{Result, ensure};
use testkit::World;

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
