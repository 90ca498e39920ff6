//! A network that drops without a word, and presence.

use domain::agent::Right;
use e2e::reader::Reader;
use e2e::world::World;
use testkit::proxy::Proxy;

const MINUTES: i64 = 60_000;

#[tokio::test]
async fn a_half_open_connection_counts_until_its_last_sign_of_life() {
    // P5 P9
    let world = World::new().await;
    let shop = world.project("Kettle").await;
    let (boss, mira) = (world.agent(&shop, "Boss", Right::Owner).await, world.agent(&shop, "Mira", Right::Agent).await);
    let proxy = Proxy::before(&world.url).await.unwrap();
    let mut at_boss = boss.works();
    let mut at_mira = Reader::connect_here(&proxy.url(), &mira.token);
    at_boss.live().await;
    at_mira.live().await;
    proxy.freeze().await;
    // The machine sleeps: nothing of it reaches the relay any more, not even the end of the connection. It does not come back.
    drop(at_mira);
    world.until_here_within(&mira, false, std::time::Duration::from_secs(90)).await;
    assert_eq!(world.last_seen(&mira).await, 0, "when it was last heard");
    world.clock.advance_ms(15 * MINUTES);
    let gone = at_boss
        .event("Offline", |event| {
            let agent = event.data.agent.as_ref();
            agent.is_some_and(|it| it.id == mira.id && it.availability == protocol::view::Availability::Offline)
        })
        .await;
    assert_eq!(gone.actor, protocol::frame::Actor::Clock);
}
