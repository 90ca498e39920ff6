//! Many commands in one commit.

use domain::agent::Right;
use futures_util::future::join_all;

use super::world::{World, message_id, words};
use crate::{Batch, StoreError};

pub(super) async fn commands_that_wait_share_a_commit_and_one_that_fails_undoes_only_itself(world: World) {
    // design rule 2
    let shop = world.shop("Kettle").await;
    let taken = message_id();
    let write = |id, text: String| world.store.contact_writes(shop.visitor.clone(), id, words(&text), None);
    write(taken.clone(), "first".to_owned()).await.unwrap();
    world.heard.forget();
    let writes = (0..100).map(|n| write(if n % 10 == 0 { taken.clone() } else { message_id() }, n.to_string()));
    let results = join_all(writes).await;
    let n_conflicts = results.iter().filter(|result| matches!(result, Err(StoreError::IdConflict))).count();
    assert_eq!((n_conflicts, results.iter().filter(|result| result.is_ok()).count()), (10, 90));
    let sizes = world.heard.sizes();
    assert!(sizes.len() <= 5, "100 commands took {} commits", sizes.len());
    assert_eq!(sizes.iter().sum::<usize>(), 180, "two events each, none of a failed command");
    let history = world.store.contact_history(&shop.visitor, None).await.unwrap();
    assert_eq!(history.messages.last().unwrap().n, 91, "numbers have no hole");
    let of_channel: Vec<u64> = world.heard.of("channel/", "message_added").iter().map(|event| event.seq).collect();
    assert_eq!(of_channel, (2..=91).collect::<Vec<_>>(), "nor have the topic's");
}

pub(super) async fn a_caller_who_goes_away_cancels_nothing(world: World) {
    // design rule 2
    let shop = world.shop("Kettle").await;
    let id = message_id();
    {
        let write = world.store.contact_writes(shop.visitor.clone(), id.clone(), words("sent and gone"), None);
        assert!(futures_util::FutureExt::now_or_never(Box::pin(write).as_mut()).is_none());
    }
    let next = world.store.contact_writes(shop.visitor.clone(), message_id(), words("the next"), None).await.unwrap();
    assert_eq!(next.n, 2, "the one before it was stored");
    let again = world.store.contact_writes(shop.visitor.clone(), id, words("sent and gone"), None).await.unwrap();
    assert_eq!(again.n, 1);
}

pub(super) async fn whoever_measures_is_told_what_each_batch_did(world: World) {
    let shop = world.shop("Kettle").await;
    let taken = message_id();
    let write = |id| world.store.contact_writes(shop.visitor.clone(), id, words("Hello"), None);
    world.heard.forget();
    write(taken.clone()).await.unwrap();
    assert!(world.store.contact_writes(shop.visitor.clone(), taken, words("Other"), None).await.is_err());
    let conversation = world.asks(&shop.visitor, "Anybody?").await;
    world.store.accept(shop.mira.clone(), conversation).await.unwrap();
    let counts = |batches: &[Batch]| {
        let sum = |count: fn(&Batch) -> usize| batches.iter().map(count).sum::<usize>();
        (sum(|batch| batch.n_done), sum(|batch| batch.n_refused), sum(|batch| batch.n_failed))
    };
    assert_eq!(counts(&world.heard.batches()), (3, 1, 0));
    assert!(world.heard.batches().iter().all(|batch| batch.late_ms.is_empty() && !batch.took.is_zero()));

    world.minutes_pass(15);
    world.clock.advance_ms(1_234);
    world.heard.forget();
    world.store.fire_due(world.now()).await.unwrap();
    let late: Vec<i64> = world.heard.batches().into_iter().flat_map(|batch| batch.late_ms).collect();
    assert_eq!(late, [1_234], "the detach clock (A9)");

    world.heard.forget();
    world.store.close().await;
    assert!(world.store.note_seen(vec![(shop.mira, world.now())]).await.is_err());
    assert_eq!(counts(&world.heard.batches()), (0, 0, 1));
}

pub(super) async fn lanes_of_two_projects_and_their_shared_agents_never_wait_for_ever(world: World) {
    // design rule 2: commands of two projects touch the same agents' topics, in any order, beside commands that cross projects.
    let (kettle, bank) = (world.shop("Kettle").await, world.shop("Bank").await);
    let mut agents = Vec::new();
    for n in 0..4 {
        let email = format!("agent{n}@example.com");
        let agent = world.joins(&kettle.id, &email, Right::Agent, None).await;
        agents.push(world.joins(&bank.id, &email, Right::Agent, Some(agent)).await);
    }
    let first = world.asks(&kettle.visitor, "hello kettle").await;
    let second = world.asks(&bank.visitor, "hello bank").await;
    for round in 0..15 {
        for visitor in [&kettle.visitor, &bank.visitor] {
            world.writes(visitor, "more").await.unwrap();
        }
        let seen = crate::Seen { n_alerts: round + 2, n: round + 2 };
        let forwards = agents.iter().map(|agent| world.store.mark_read(agent.clone(), first.clone(), seen));
        let backwards = agents.iter().rev().map(|agent| world.store.mark_read(agent.clone(), second.clone(), seen));
        let notes = agents.iter().map(|agent| world.store.note_seen(vec![(agent.clone(), world.now())]));
        let (forwards, backwards, notes) =
            futures_util::future::join3(join_all(forwards), join_all(backwards), join_all(notes)).await;
        assert!(forwards.into_iter().chain(backwards).chain(notes).all(|result| result.is_ok()));
    }
    for agent in &agents {
        let topic = format!("agent/{agent}");
        let of_agent = world.heard.events().into_iter().filter(|event| event.topic == topic).map(|event| event.seq);
        let mut seqs: Vec<u64> = of_agent.collect();
        seqs.sort_unstable();
        assert!(seqs.windows(2).all(|pair| pair[1] == pair[0] + 1), "{seqs:?}");
    }
}
