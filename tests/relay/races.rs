//! Many accept at once: exactly one wins.

use std::sync::Arc;

use domain::agent::Right;
use protocol::error::ErrorCode;
use serde_json::json;
use tokio::sync::Barrier;

use e2e::world::World;

const AGENTS: usize = 200;
const ROUNDS: usize = 100;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_200_accepts_at_once_one_wins_in_each_of_100_rounds() {
    // A3
    let world = World::new().await;
    let shop = world.project("Kettle").await;
    let mut agents = Vec::with_capacity(AGENTS);
    for n in 0..AGENTS {
        // Invitations are taken one by one, as the rate limit wants.
        world.clock.advance_ms(3_000);
        agents.push(world.agent(&shop, &format!("Agent{n}"), Right::Agent).await);
    }
    let mut watcher = agents[0].reads();
    watcher.live().await;
    for round in 0..ROUNDS {
        let client = world.visitor(&shop).await;
        let id = client.writes("Who takes me?").await["message"]["id"].as_str().unwrap().to_owned();
        let event = watcher.event("the message", |event| event.cause.as_deref() == Some(id.as_str())).await;
        let conversation = event.data.conversation.unwrap().id;
        let barrier = Arc::new(Barrier::new(AGENTS));
        let tries: Vec<_> = agents
            .iter()
            .cloned()
            .map(|agent| {
                let (barrier, conversation) = (Arc::clone(&barrier), conversation.clone());
                tokio::spawn(async move {
                    barrier.wait().await;
                    let answer = agent.acts("accept", &conversation, &json!({})).await;
                    if answer.status.is_success() {
                        return Ok(agent.id);
                    }
                    assert_eq!(answer.code(), ErrorCode::ConversationTaken);
                    Err(answer.body["error"]["details"]["holder"]["agent_id"].as_str().unwrap().to_owned())
                })
            })
            .collect();
        let (mut winners, mut named) = (Vec::new(), Vec::new());
        for one in tries {
            match one.await.unwrap() {
                Ok(winner) => winners.push(winner),
                Err(holder) => named.push(holder),
            }
        }
        assert_eq!((winners.len(), named.len()), (1, AGENTS - 1), "round {round}");
        assert!(named.iter().all(|holder| *holder == winners[0]), "the others are told who has it");
    }
    println!("accept race: {ROUNDS} rounds of {AGENTS}, one winner each");
}
