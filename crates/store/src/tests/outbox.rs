//! What is on its way to messengers.

use super::world::{Shop, World};
use crate::OutboxCounts;
use crate::db::query_made;
use crate::writer::Lane;

/// Writes an outgoing message in this state for each of the client's messages so far that has none.
pub(super) async fn plant(world: &World, shop: &Shop, state: &str) {
    let statement = format!(
        "INSERT INTO outbox (message_id, project_id, contact_id, channel_id, n, state, n_attempts, updated_at)
         SELECT id, project_id, contact_id, '{}', n, '{state}', 0, 1 FROM messages
         WHERE id NOT IN (SELECT message_id FROM outbox)",
        shop.channel
    );
    let run = world.store.writer.run(Lane::Shared, move |tx| {
        Box::pin(async move {
            query_made(statement).execute(tx.conn).await?;
            Ok(())
        })
    });
    run.await.unwrap();
}

pub(super) async fn what_is_not_done_is_counted_by_state(world: World) {
    // design rule 9
    let shop = world.shop("Kettle").await;
    assert_eq!(world.store.outbox_counts().await.unwrap(), OutboxCounts::default());
    for (n, state) in [(3, "queued"), (1, "sending"), (2, "failed"), (4, "unknown"), (5, "sent"), (1, "read")] {
        for _ in 0..n {
            world.writes(&shop.visitor, "hello").await.unwrap();
        }
        plant(&world, &shop, state).await;
    }
    let counted = OutboxCounts { n_queued: 3, n_sending: 1, n_failed: 2, n_unknown: 4 };
    assert_eq!(world.store.outbox_counts().await.unwrap(), counted);
}
