//! A record of an earlier release is brought forward in one step, with what is in it.

use protocol::command::SetAgentSettings;
use protocol::view::{AgentSettings, Due, OfflineCause};

use super::world::{World, times};
use crate::StoreError;
use crate::db::query;
use crate::store::open::test_only::open_at_first_release;
use crate::writer::Lane;

/// What the first release could have written: an agent who is Online with a conversation in work, and one that was answered.
const FIRST: &str = include_str!("../../fixtures/first_release.sql");

pub(super) async fn the_first_release_is_brought_forward_with_its_data(world: World) {
    let database = world.empty_database().await;
    open_at_first_release(&database, FIRST).await;
    let store = world.open(&database, &world.key).await.unwrap();

    let mira = domain::id::AgentId::parse("agt_00000000010000000000000001").unwrap();
    let usual = AgentSettings {
        offline_after_minutes: 15,
        detach_after_minutes: 30,
        sound_notifications: true,
        popup_notifications: true,
        repeat_until_seen: false,
    };
    assert_eq!(store.agent_settings(&mira).await.unwrap(), usual, "what was set stays");
    assert_eq!(store.due_offline(world.now()).await.unwrap(), [], "counted from now on, not from 1970");
    world.minutes_pass(15);
    assert_eq!(store.due_offline(world.now()).await.unwrap(), std::slice::from_ref(&mira));
    let tom = domain::id::AgentId::parse("agt_00000000010000000000000002").unwrap();
    assert_eq!(store.me(&tom).await.unwrap().offline.unwrap().cause, OfflineCause::Other, "nobody wrote down why");

    let held = domain::id::ConversationId::parse("cnv_00000000010000000000000001").unwrap();
    let history = store.history(&mira, &held, None).await.unwrap();
    assert_eq!(history.messages.len(), 1);
    assert_eq!(
        (history.conversations[0].due, history.conversations[0].deadline_at),
        (Some(Due::Detach), Some(2_800_000))
    );
    let mut conn = store.readers.acquire().await.unwrap();
    for (id, wrote_at) in [("cnv_00000000010000000000000001", 1_000_000), ("cnv_00000000010000000000000002", 1_500_000)]
    {
        let row = crate::rows::conversations::find(&mut conn, id).await.unwrap().unwrap();
        assert_eq!(row.state.parts().contact_wrote_at.as_ms(), wrote_at, "the client's last message");
    }
    drop(conn);
    world.clock.advance_ms(3_000_000);
    assert_eq!(store.fire_due(world.now()).await.unwrap(), 2, "its clocks go on");
    // Opening again changes nothing more.
    assert!(world.open(&database, &world.key).await.is_ok());
}

/// What a release before the fourth step writes of a new agent, and of one who sets his times.
const NEW_AGENT: &str = "
INSERT INTO agents (id, email, name, availability, detach_after_minutes, offline_after_minutes, last_seen_at, offline_cause, offline_at,
  created_at)
VALUES ('agt_00000000010000000000000009', 'noah@kettle.example', 'Noah', 'offline', 15, 15, 5, 'never_online', 5, 5)";
const SET_TIMES: &str = "UPDATE agents SET offline_after_minutes = 20, detach_after_minutes = 10 WHERE id = $1";

pub(super) async fn a_release_without_switches_goes_on_beside_this_one(world: World) {
    // N6
    let shop = world.shop("Kettle").await;
    let quiet = SetAgentSettings { sound_notifications: Some(false), repeat_until_seen: Some(true), ..times(15, 15) };
    world.store.set_agent_settings(shop.mira.clone(), quiet).await.unwrap();
    let mira = shop.mira.clone();
    let older = world.store.writer.run(Lane::Shared, move |tx| {
        Box::pin(async move {
            query(NEW_AGENT).execute(tx.conn).await?;
            query(SET_TIMES).bind(mira.as_str()).execute(tx.conn).await?;
            Ok::<_, StoreError>(())
        })
    });
    older.await.unwrap();
    let noah = domain::id::AgentId::parse("agt_00000000010000000000000009").unwrap();
    let of = |settings: AgentSettings| {
        (settings.sound_notifications, settings.popup_notifications, settings.repeat_until_seen)
    };
    assert_eq!(of(world.store.agent_settings(&noah).await.unwrap()), (true, true, false));
    let mira = world.store.agent_settings(&shop.mira).await.unwrap();
    assert_eq!((mira.offline_after_minutes, of(mira)), (20, (false, true, true)));
}
