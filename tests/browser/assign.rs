//! Giving a conversation to a colleague (A4, A6).

use anyhow::{Result, ensure};
use testkit::World;

#[tokio::test(flavor = "multi_thread")]
async fn who_is_given_a_conversation_is_told_also_if_he_has_read_it() -> Result<()> {
    World::run("assign", async |world| {
        let olga = world.agent("Olga").await?;
        let paul = world.agent("Paul").await?;
        let ann = world.contact("Ann").await?;
        ann.writes("Is the oak desk in stock?").await?;
        // Olga reads it, and leaves it in "New".
        olga.sees_popup("oak desk").await?.click().await?;
        olga.sees("Is the oak desk in stock?").await?;
        olga.sees_waiting(0).await?;
        olga.closes_panel().await?;
        ensure!(olga.popups().await?.is_empty(), "a pop-up stands before anything was given to Olga");

        paul.sees_popup("oak desk").await?.click().await?;
        paul.sees("Is the oak desk in stock?").await?;
        paul.widens().await?;
        paul.assigns_to("Olga").await?;
        // N3: she is told, and her counters rise (N8).
        olga.sees_popup("oak desk").await?;
        olga.sees_waiting(1).await?;
        paul.sees_waiting(0).await?;
        olga.sees_popup("oak desk").await?.click().await?;
        olga.sees("Is the oak desk in stock?").await?;
        olga.browser().find_test("composer").await?;
        olga.sees_waiting(0).await
    })
    .await
}
