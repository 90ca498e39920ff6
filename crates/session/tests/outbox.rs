//! Laws of the outbox.

use proptest::prelude::*;
use session::{ItemState, Outbox};

#[derive(Clone, Debug)]
enum Step {
    Push {
        lane: u8,
    },
    Take,
    Pass {
        ms: i64,
    },
    Wake,
    /// The relay took the `n`th item in flight; its answer may be lost.
    Taken {
        n: usize,
        answered: bool,
    },
    Refused {
        n: usize,
    },
    Unreachable {
        n: usize,
        retry_after_ms: Option<i64>,
    },
    Retry {
        n: usize,
    },
    Discard {
        n: usize,
    },
    /// The page is loaded anew from what was kept.
    Reload,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0_u8..3).prop_map(|lane| Step::Push { lane }),
        8 => Just(Step::Take),
        3 => (0_i64..30_000).prop_map(|ms| Step::Pass { ms }),
        1 => Just(Step::Wake),
        6 => (0_usize..4, any::<bool>()).prop_map(|(n, answered)| Step::Taken { n, answered }),
        2 => (0_usize..4).prop_map(|n| Step::Refused { n }),
        2 => (0_usize..4, prop::option::of(0_i64..60_000))
            .prop_map(|(n, retry_after_ms)| Step::Unreachable { n, retry_after_ms }),
        2 => (0_usize..4).prop_map(|n| Step::Retry { n }),
        1 => (0_usize..4).prop_map(|n| Step::Discard { n }),
        1 => Just(Step::Reload),
    ]
}

/// The outbox, and a relay that takes an id once.
struct World {
    outbox: Outbox<(u8, u32)>,
    now_ms: i64,
    n_pushed: u32,
    /// In the order of their first arrival.
    taken: Vec<(u8, u32)>,
    /// Those that were refused once: they may come after younger ones.
    refused: Vec<u32>,
    discarded: Vec<u32>,
}

impl World {
    fn nth(&self, n: usize, wanted: impl Fn(&ItemState) -> bool) -> Option<(String, (u8, u32))> {
        self.outbox.iter().filter(|(_, _, state)| wanted(state)).nth(n).map(|(id, item, _)| (id.to_owned(), *item))
    }

    fn in_flight(&self, n: usize) -> Option<(String, (u8, u32))> {
        self.nth(n, |state| *state == ItemState::InFlight)
    }

    fn failed(&self, n: usize) -> Option<(String, (u8, u32))> {
        self.nth(n, |state| matches!(state, ItemState::Failed { .. }))
    }

    fn take(&mut self) {
        for due in self.outbox.take_due(self.now_ms) {
            assert_eq!(due.id, due.item.1.to_string());
        }
        for lane in 0..3 {
            let n =
                self.outbox.iter().filter(|(_, item, state)| item.0 == lane && *state == ItemState::InFlight).count();
            assert!(n <= 1, "one of a lane in flight");
        }
    }

    fn arrive(&mut self, item: (u8, u32)) {
        if !self.taken.contains(&item) {
            self.taken.push(item);
        }
    }

    fn run(&mut self, step: Step) {
        match step {
            Step::Push { lane } => {
                self.n_pushed += 1;
                let id = self.n_pushed.to_string();
                self.outbox.push(&lane.to_string(), &id, (lane, self.n_pushed));
                self.outbox.push("another lane", &id, (9, 9));
            }
            Step::Take => self.take(),
            Step::Pass { ms } => self.now_ms += ms,
            Step::Wake => self.outbox.wake(),
            Step::Taken { n, answered } => {
                if let Some((id, item)) = self.in_flight(n) {
                    self.arrive(item);
                    if answered {
                        assert_eq!(self.outbox.stored(&id), Some(item));
                    } else {
                        self.outbox.unreachable(&id, self.now_ms, None);
                    }
                }
            }
            Step::Refused { n } => {
                if let Some((id, item)) = self.in_flight(n)
                    && !self.taken.contains(&item)
                {
                    self.outbox.refused(&id, "stale_fence");
                    self.refused.push(item.1);
                }
            }
            Step::Unreachable { n, retry_after_ms } => {
                if let Some((id, _)) = self.in_flight(n) {
                    self.outbox.unreachable(&id, self.now_ms, retry_after_ms);
                    let before = self.now_ms + retry_after_ms.unwrap_or(0);
                    self.outbox.wake();
                    let due = self.outbox.clone().take_due(before - 1);
                    assert!(
                        retry_after_ms.is_none_or(|ms| ms == 0) || due.iter().all(|due| due.id != id),
                        "Retry-After"
                    );
                }
            }
            Step::Retry { n } => {
                if let Some((id, _)) = self.failed(n) {
                    self.outbox.retry(&id);
                }
            }
            Step::Discard { n } => {
                if let Some((id, item)) = self.failed(n) {
                    assert_eq!(self.outbox.discard(&id), Some(item));
                    self.discarded.push(item.1);
                }
            }
            Step::Reload => self.reload(),
        }
    }

    fn reload(&mut self) {
        let mut fresh = Outbox::new(7);
        for (id, item, state) in self.outbox.iter() {
            let failed = match &state {
                ItemState::Failed { code } => Some(code.as_str()),
                ItemState::Waiting | ItemState::InFlight => None,
            };
            fresh.restore(&item.0.to_string(), id, *item, failed);
        }
        self.outbox = fresh;
    }

    fn drain(&mut self) {
        while let Some(due_at) = self.outbox.deadline().or(self.in_flight(0).map(|_| self.now_ms)) {
            self.now_ms = self.now_ms.max(due_at);
            self.take();
            while let Some((id, item)) = self.in_flight(0) {
                self.arrive(item);
                self.outbox.stored(&id);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    /// W6: everything pushed is taken once and in the order of its lane, or stands there refused, or was discarded.
    #[test]
    fn each_once_and_in_order_per_lane(steps in prop::collection::vec(step(), 1..200), seed: u64) {
        let mut world = World {
            outbox: Outbox::new(seed), now_ms: 0, n_pushed: 0, taken: Vec::new(), refused: Vec::new(), discarded: Vec::new(),
        };
        for step in steps {
            world.run(step);
        }
        world.drain();
        for lane in 0..3 {
            let never_refused = |item: &&(u8, u32)| item.0 == lane && !world.refused.contains(&item.1);
            let order: Vec<u32> = world.taken.iter().filter(never_refused).map(|item| item.1).collect();
            prop_assert!(order.is_sorted(), "lane {lane}: {order:?}");
        }
        for n in 1..=world.n_pushed {
            let n_places = usize::from(world.taken.iter().any(|item| item.1 == n))
                + usize::from(world.outbox.get(&n.to_string()).is_some())
                + usize::from(world.discarded.contains(&n));
            prop_assert_eq!(n_places, 1, "item {} is in one place", n);
        }
    }

    #[test]
    fn waits_between_attempts_lie_between_the_bounds(seed: u64, n in 1_usize..40) {
        let mut outbox = Outbox::new(seed);
        outbox.push("lane", "id", ());
        let mut now_ms = 0;
        for _ in 0..n {
            prop_assert_eq!(outbox.take_due(now_ms).len(), 1);
            outbox.unreachable("id", now_ms, None);
            let wait_ms = outbox.deadline().unwrap() - now_ms;
            prop_assert!((500..=20_000).contains(&wait_ms), "{wait_ms}");
            prop_assert!(outbox.take_due(now_ms + wait_ms - 1).is_empty());
            now_ms += wait_ms;
        }
    }
}

#[test]
fn a_refused_item_holds_nothing_up_and_keeps_its_place_when_retried() {
    let mut outbox = Outbox::new(1);
    for id in ["1", "2", "3"] {
        outbox.push("lane", id, id);
    }
    assert_eq!(outbox.take_due(0)[0].id, "1");
    assert!(outbox.take_due(0).is_empty(), "one at a time");
    outbox.refused("1", "conversation_finished");
    assert_eq!(outbox.get("1").unwrap().1, ItemState::Failed { code: String::from("conversation_finished") });
    assert_eq!(outbox.take_due(0)[0].id, "2");
    outbox.retry("1");
    assert!(outbox.take_due(0).is_empty(), "2 is still on its way");
    assert_eq!(outbox.stored("2"), Some("2"));
    assert_eq!(outbox.take_due(0)[0].id, "1");
}

#[test]
fn a_clock_set_back_does_not_stretch_a_wait() {
    let mut outbox = Outbox::new(1);
    outbox.push("lane", "1", ());
    outbox.take_due(10_000_000);
    outbox.unreachable("1", 10_000_000, None);
    assert!(outbox.take_due(1_000).is_empty());
    assert!(outbox.deadline().unwrap() <= 1_000 + 20_000);
}
