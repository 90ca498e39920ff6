//! Widget and panel catch up by themselves after the relay was killed.

use anyhow::{Result, ensure};
use testkit::World;

#[tokio::test(flavor = "multi_thread")]
async fn both_sides_catch_up_after_the_relay_was_killed() -> Result<()> {
    World::run("recovery", async |world| {
        let olga = world.agent("Olga").await?;
        let ann = world.contact("Ann").await?;
        ann.writes("before the crash").await?;
        olga.sees_popup("before the crash").await?.click().await?;
        olga.accepts().await?;

        for round in 1..=3 {
            world.relay.kill().await?;
            let (question, reply) =
                (format!("written while it was away {round}"), format!("answered while it was away {round}"));
            ann.writes(&question).await?;
            ann.sees_state(&question, &["sending"]).await?;
            olga.answers(&reply).await?;
            world.relay.start().await?;
            olga.sees(&question).await?;
            ann.sees(&reply).await?;
            ann.sees_state(&question, &["sent", "seen"]).await?;
        }
        let messages = ann.messages().await?;
        for round in 1..=3 {
            for text in [format!("written while it was away {round}"), format!("answered while it was away {round}")] {
                let n = messages.iter().filter(|message| message.contains(&text)).count();
                ensure!(n == 1, "{text:?} is there {n} times");
            }
        }
        let at_olga = olga.message_texts().await?;
        let n = at_olga.iter().filter(|message| message.contains("while it was away")).count();
        ensure!(n == 6, "Olga's panel shows {at_olga:?}");
        Ok(())
    })
    .await
}
