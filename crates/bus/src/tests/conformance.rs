//! What holds of every bus.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::time::Timestamp;
use store::clock::{Clock as _, SystemClock};
use testkit::eventually::eventually;
use tokio::time::timeout;

use super::{LEASE, PATIENCE, Two, agent, connection, ring, signal};
use crate::{Heard, Rate, Rings};

/// The next event.
async fn next(rings: &mut Rings) -> crate::Ring {
    loop {
        match timeout(PATIENCE, rings.next()).await.expect("an event") {
            Heard::Ring(ring) => return ring,
            Heard::Signal(_) | Heard::Missed => {}
            Heard::Closed => panic!("the bell is gone"),
        }
    }
}

pub(super) async fn every_relay_hears_every_event_once_and_in_order(two: &Two) {
    // design rules 3 and 4
    let mut listeners = [two.a.doorbell.listen(), two.b.doorbell.listen()];
    for seqs in (1..=500_u64).collect::<Vec<_>>().chunks(7) {
        two.a.doorbell.ring(seqs.iter().copied().map(ring).collect());
    }
    for listener in &mut listeners {
        for seq in 1..=500 {
            let heard = next(listener).await;
            let wanted = ring(seq);
            assert_eq!((heard.seq, &heard.topic, &heard.frame), (seq, &wanted.topic, &wanted.frame));
            assert_eq!(heard.changes_access, wanted.changes_access);
        }
    }
}

pub(super) async fn signals_pass_by(two: &Two) {
    // A8
    let mut listeners = [two.a.doorbell.listen(), two.b.doorbell.listen()];
    two.b.doorbell.signal(signal());
    for listener in &mut listeners {
        let mut heard = timeout(PATIENCE, listener.next()).await.unwrap();
        while matches!(heard, Heard::Missed) {
            heard = timeout(PATIENCE, listener.next()).await.unwrap();
        }
        assert!(matches!(heard, Heard::Signal(it) if it.topic == signal().topic && it.frame == signal().frame));
    }
}

async fn until_here(bus: &crate::Bus, n: u8, here: bool) {
    eventually("an agent's pages", PATIENCE, || async {
        Ok((bus.presence.is_here(&agent(n)).await == here).then_some(()))
    })
    .await
    .unwrap();
}

pub(super) async fn an_agent_is_here_while_a_connection_of_his_is_at_any_relay(two: &Two) {
    // P4, design rule 8
    let Two { a, b, .. } = two;
    a.presence.touch(&agent(1), &connection("home")).await;
    b.presence.touch(&agent(1), &connection("office")).await;
    until_here(a, 1, true).await;
    until_here(b, 1, true).await;
    assert!(!b.presence.is_here(&agent(2)).await);
    assert!(a.presence.leave(&agent(1), &connection("home")).await.is_some());
    assert!(a.presence.leave(&agent(1), &connection("home")).await.is_none());
    assert!(a.presence.is_here(&agent(1)).await, "one relay's disconnect cannot erase another's");
    assert!(b.presence.leave(&agent(1), &connection("office")).await.is_some());
    until_here(a, 1, false).await;
    until_here(b, 1, false).await;
    assert!(a.presence.seen().await.is_empty());
}

pub(super) async fn a_lease_ends_by_itself(two: &Two) {
    // P5 P9
    two.a.presence.touch(&agent(3), &connection("lost")).await;
    until_here(&two.b, 3, true).await;
    let begun = tokio::time::Instant::now();
    until_here(&two.b, 3, false).await;
    assert!(begun.elapsed() + Duration::from_secs(1) > LEASE, "{:?}", begun.elapsed());
}

pub(super) async fn an_alarm_rings_at_a_relay_that_lives(two: &Two) {
    // A13: the relay that armed it is never asked again.
    let at = Timestamp::from_ms(SystemClock.now().as_ms() + 400);
    two.a.alarms.arm(at);
    timeout(PATIENCE, two.b.alarms.rings()).await.unwrap();
    assert!(SystemClock.now() >= at, "not before");
}

pub(super) async fn an_alarm_that_is_armed_twice_rings_and_is_gone(two: &Two) {
    let at = Timestamp::from_ms(SystemClock.now().as_ms() + 200);
    two.b.alarms.arm(at);
    two.b.alarms.arm(at);
    timeout(PATIENCE, two.b.alarms.rings()).await.unwrap();
    // What was armed here rings here at once, and once more when it is taken from Redis; then it is quiet.
    let mut n_more = 0;
    while timeout(Duration::from_secs(2), two.b.alarms.rings()).await.is_ok() {
        n_more += 1;
        assert!(n_more <= 1, "it does not ring for ever");
    }
}

pub(super) async fn all_relays_count_together(two: &Two) {
    let rate = Rate { burst: 3, refill_ms: 60_000 };
    for bus in [&two.a, &two.b, &two.a] {
        assert_eq!(bus.rates.allow("all:x", rate).await, Ok(()));
    }
    for bus in [&two.a, &two.b] {
        let wait = bus.rates.allow("all:x", rate).await.unwrap_err();
        assert!((50_000..=60_000).contains(&wait), "{wait}");
    }
    assert_eq!(two.a.rates.allow_many("many:x", rate, 2).await, Ok(()));
    let wait = two.b.rates.allow_many("many:x", rate, 2).await.unwrap_err();
    assert!((50_000..=60_000).contains(&wait), "all or none: {wait}");
    assert_eq!(two.b.rates.allow("many:x", rate).await, Ok(()));
}

pub(super) async fn keys_do_not_share_and_a_bucket_fills_again(two: &Two) {
    let rate = Rate { burst: 1, refill_ms: 300 };
    for key in ["one:x", "two:x", "one:y"] {
        assert_eq!(two.a.rates.allow(key, rate).await, Ok(()), "{key}");
    }
    let waits: BTreeSet<u32> = two.b.rates.allow("one:x", rate).await.err().into_iter().collect();
    assert!(waits.iter().all(|wait| *wait <= 300));
    eventually("a full bucket", PATIENCE, || async { Ok(two.b.rates.allow("one:x", rate).await.ok()) }).await.unwrap();
}
