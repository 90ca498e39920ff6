//! 200 agents accept 1,000 conversations at once, over two relays.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::id::{AgentId, ConversationId};
use e2e::people::{Person, message_id};
use protocol::error::ErrorCode;
use serde_json::json;
use testkit::soak;
use tokio::sync::Barrier;
use tokio::time::Instant;

use crate::pair::Pair;

const AGENTS: usize = 200;
const CONVERSATIONS: usize = 1_000;
/// How many agents want each conversation; all 200 in the long run.
const WANTED_BY: usize = 10;

/// What came of one agent's tries.
#[derive(Default)]
struct Tried {
    won: Vec<String>,
    /// Conversation, and whom the relay named as its holder.
    lost: Vec<(String, String)>,
    /// How many answers in what was lost were refused.
    n_answered: usize,
}

/// Accepts one after the other what is wanted; every fifth that is lost is answered all the same, which has to be refused.
async fn tries(agent: Person, wanted: Vec<String>, barrier: Arc<Barrier>) -> Tried {
    barrier.wait().await;
    let mut tried = Tried::default();
    for conversation in wanted {
        let answer = agent.acts("accept", &conversation, &json!({})).await;
        if answer.status.is_success() {
            tried.won.push(conversation);
            continue;
        }
        assert_eq!(answer.code(), ErrorCode::ConversationTaken);
        let holder = answer.body["error"]["details"]["holder"]["agent_id"].as_str().unwrap().to_owned();
        if tried.lost.len().is_multiple_of(5) {
            let path = format!("/v1/conversations/{conversation}/messages");
            let late = agent.post(&path, &json!({ "id": message_id(), "text": "I lost", "fence": 1 })).await;
            assert!(matches!(late.code(), ErrorCode::NotHolder | ErrorCode::StaleFence), "{late:?}");
            tried.n_answered += 1;
        }
        tried.lost.push((conversation, holder));
    }
    tried
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_200_agents_at_two_relays_one_wins_each_of_1000_conversations_and_no_loser_writes() {
    // A3 A7, design: faults
    let pair = Pair::shared().await;
    let wanted_by = soak::times(WANTED_BY).min(AGENTS);
    let agents = pair.planted.agents(AGENTS, &pair.urls()).await;
    for _ in 0..CONVERSATIONS {
        let visitor = pair.planted.visitor().await;
        pair.planted.writes(&pair.planted.store, &visitor).await;
    }
    let mut watcher = agents[0].reads();
    watcher.live().await;
    let conversations = watcher.snapshot_conversations();
    assert_eq!(conversations.len(), CONVERSATIONS);

    // Neighbours are at different relays, so every conversation is wanted at both.
    let mut wanted: Vec<Vec<String>> = vec![Vec::new(); AGENTS];
    for (n, conversation) in conversations.iter().enumerate() {
        (0..wanted_by).for_each(|k| wanted[(n + k) % AGENTS].push(conversation.clone()));
    }
    let barrier = Arc::new(Barrier::new(AGENTS));
    let begun = Instant::now();
    let ids: Vec<String> = agents.iter().map(|agent| agent.id.clone()).collect();
    let runs: Vec<_> = agents
        .into_iter()
        .zip(wanted)
        .map(|(agent, wanted)| tokio::spawn(tries(agent, wanted, barrier.clone())))
        .collect();
    let (mut winners, mut lost, mut n_answered) = (BTreeMap::new(), Vec::new(), 0);
    for (id, run) in ids.into_iter().zip(runs) {
        let tried = run.await.unwrap();
        for conversation in tried.won {
            assert!(winners.insert(conversation, id.clone()).is_none(), "two winners");
        }
        lost.extend(tried.lost);
        n_answered += tried.n_answered;
    }
    let took = begun.elapsed();
    assert_eq!(winners.len(), CONVERSATIONS);
    assert_eq!(lost.len(), CONVERSATIONS * (wanted_by - 1));
    assert!(
        lost.iter().all(|(conversation, holder)| winners[conversation] == *holder),
        "the others are told who has it"
    );
    let mira = AgentId::parse(&Person::invited(&pair.b.url(), &pair.planted.owner_code, "Mira").await.id).unwrap();
    for id in &conversations {
        let history = pair.planted.store.history(&mira, &ConversationId::parse(id).unwrap(), None).await.unwrap();
        let texts: Vec<String> = history.messages.into_iter().map(|message| message.text).collect();
        assert_eq!(texts, ["Hello"], "nothing of a loser");
    }
    println!(
        "accept race over two relays: {CONVERSATIONS} conversations, {AGENTS} agents, {} tries in {:.1} s: one winner each, {} told \
         who has it, {n_answered} answers of losers refused, 0 stored",
        CONVERSATIONS * wanted_by,
        took.as_secs_f64(),
        lost.len()
    );
}
