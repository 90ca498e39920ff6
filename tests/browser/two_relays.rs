//! Two relays over PostgreSQL and Redis: the agent is at one, the client at the other, and neither can tell.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use testkit::World;

/// From the agent's click on "Send" to the client's screen.
const ANSWER: Duration = Duration::from_secs(1);

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_at_one_relay_answers_a_client_at_the_other() -> Result<()> {
    // A2 A3 N4 W6 L4, design: shapes
    World::run_over_two("two-relays", async |world| {
        let olga = world.agent("Olga").await?;
        let ann = world.contact("Ann").await?;
        ann.writes("Is the oak desk in stock?").await?;
        olga.sees_popup("oak desk").await?.click().await?;
        olga.sees("Is the oak desk in stock?").await?;
        olga.accepts().await?;
        ann.enters_chat().await?;
        olga.writes_answer("Yes, three of them.").await?;
        let started = Instant::now();
        olga.sends_answer().await?;
        ann.sees_within("Yes, three of them.", Duration::from_secs(10)).await?;
        let took = started.elapsed();
        ensure!(took < ANSWER, "the answer took {took:?} from one relay to the other");

        // The client's relay is replaced while he writes; his message waits, and reaches the agent at the other.
        let second = world.second.as_mut().context("there are two")?;
        let ended = second.terminate().await?;
        ensure!(ended.status.success(), "{ended:?}");
        ann.writes("Then I take one.").await?;
        ann.sees_state("Then I take one.", &["sending"]).await?;
        second.start().await?;
        olga.sees("Then I take one.").await?;
        ann.sees_state("Then I take one.", &["sent", "seen"]).await?;
        olga.answers("It is on its way.").await?;
        ann.sees("It is on its way.").await?;
        let messages = ann.messages().await?;
        ensure!(messages.iter().filter(|text| text.contains("Then I take one.")).count() == 1, "{messages:?}");
        Ok(())
    })
    .await
}
