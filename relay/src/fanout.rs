//! Passes each new event to the sockets that read its topic.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bus::{Heard, Ring, Rings, Signal};
use store::{Store, StoreError, Topic};
use tokio::sync::{Notify, mpsc};

use crate::metrics::Passed;

/// How many events may wait for one socket; a reader that is slower is closed and resumes.
const MAILBOX: usize = 1_024;
/// How often the heads are compared with the log: a silent doorbell cannot be heard.
const COMPARE_EVERY: Duration = Duration::from_secs(1);

/// What a socket finds in its mailbox.
#[derive(Clone, Debug)]
pub(crate) enum Mail {
    /// A new event.
    Event(Ring),
    /// What passes by.
    Signal(Signal),
    /// The topic's head is here: read the log if that is news.
    Look { topic: Arc<Topic>, head: u64 },
}

/// A socket's mailbox. Dropping it takes it off every topic.
pub(crate) struct Mailbox {
    id: u64,
    fanout: Arc<Fanout>,
    mail: mpsc::Receiver<Mail>,
    slot: Slot,
    topics: Vec<Topic>,
}

/// The fanout's end of a mailbox.
#[derive(Clone)]
struct Slot {
    mail: mpsc::Sender<Mail>,
    overflowed: Arc<AtomicBool>,
}

#[derive(Default)]
struct Watched {
    /// The last number that was passed on.
    passed: u64,
    sockets: HashMap<u64, Slot>,
}

/// Topics and the sockets that read them.
#[derive(Default)]
pub(crate) struct Fanout {
    next_id: AtomicU64,
    topics: Mutex<HashMap<Topic, Watched>>,
    /// The doorbell said that rings were lost.
    missed: Notify,
    passed: Passed,
}

impl Fanout {
    /// One whose events are counted.
    pub(crate) fn counted(passed: Passed) -> Self {
        Self { passed, ..Self::default() }
    }

    /// A mailbox that watches nothing yet.
    pub(crate) fn mailbox(self: &Arc<Self>) -> Mailbox {
        let (sender, mail) = mpsc::channel(MAILBOX);
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let slot = Slot { mail: sender, overflowed: Arc::default() };
        Mailbox { id, fanout: Arc::clone(self), mail, slot, topics: Vec::new() }
    }

    fn with_topics<R>(&self, act: impl FnOnce(&mut HashMap<Topic, Watched>) -> R) -> R {
        act(&mut self.topics.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts mail into the boxes of a topic's readers. If there are any, says up to which number they had been told before.
    fn pass(&self, topic: &Topic, seq: u64, mail: &Mail) -> Option<u64> {
        self.with_topics(|topics| {
            let watched = topics.get_mut(topic)?;
            let passed = watched.passed;
            watched.passed = passed.max(seq);
            for slot in watched.sockets.values() {
                if slot.mail.try_send(mail.clone()).is_err() {
                    slot.overflowed.store(true, Ordering::Relaxed);
                }
            }
            Some(passed)
        })
    }

    /// Passes events on until the doorbell is gone.
    pub(crate) async fn run(self: Arc<Self>, mut rings: Rings) {
        loop {
            match rings.next().await {
                Heard::Ring(ring) => {
                    let (topic, seq) = (Arc::clone(&ring.topic), ring.seq);
                    if let Some(before) = self.pass(&topic, seq, &Mail::Event(ring)) {
                        self.passed.rang(before, seq);
                    }
                }
                Heard::Signal(signal) => {
                    self.pass(&Arc::clone(&signal.topic), 0, &Mail::Signal(signal));
                }
                Heard::Missed => self.missed.notify_one(),
                Heard::Closed => return,
            }
        }
    }

    /// Compares the heads once a second, and at once when rings were missed. A job of its own: passing on never waits for the record.
    pub(crate) async fn watch_heads(self: Arc<Self>, store: Store) {
        let mut every = tokio::time::interval(COMPARE_EVERY);
        every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = self.missed.notified() => {}
                _ = every.tick() => {}
            }
            self.compare(&store).await;
        }
    }

    async fn compare(&self, store: &Store) {
        if let Err(error) = self.try_compare(store).await {
            tracing::warn!(cause = ?error, "comparing the topics' heads with the log");
        }
    }

    async fn try_compare(&self, store: &Store) -> Result<(), StoreError> {
        let watched: Vec<(Topic, u64)> =
            self.with_topics(|topics| topics.iter().map(|(topic, watched)| (topic.clone(), watched.passed)).collect());
        let topics: Vec<Topic> = watched.iter().map(|(topic, _)| topic.clone()).collect();
        let mut n_found = 0;
        for ((topic, passed), head) in watched.into_iter().zip(store.heads(&topics).await?) {
            if head > passed {
                let before = self.pass(&topic.clone(), head, &Mail::Look { topic: Arc::new(topic), head });
                n_found += before.map_or(0, |before| self.passed.found(before, head));
            }
        }
        self.passed.lagged(n_found);
        Ok(())
    }

    /// How many sockets read at least one topic.
    #[cfg(test)]
    fn n_watched(&self) -> usize {
        self.with_topics(|topics| topics.len())
    }
}

impl Mailbox {
    /// Watches a topic from now on; events that came before are read from the log.
    pub(crate) fn watch(&mut self, topic: &Topic) {
        self.topics.push(topic.clone());
        self.fanout.with_topics(|topics| {
            topics.entry(topic.clone()).or_default().sockets.insert(self.id, self.slot.clone());
        });
    }

    /// Stops watching a topic.
    pub(crate) fn unwatch(&mut self, topic: &Topic) {
        self.topics.retain(|watched| watched != topic);
        self.fanout.with_topics(|topics| forget(topics, topic, self.id));
    }

    /// The next mail.
    pub(crate) async fn next(&mut self) -> Option<Mail> {
        self.mail.recv().await
    }

    /// Whether mail was lost because the reader is too slow.
    pub(crate) fn overflowed(&self) -> bool {
        self.slot.overflowed.load(Ordering::Relaxed)
    }

    /// What waits already.
    pub(crate) fn try_next(&mut self) -> Option<Mail> {
        self.mail.try_recv().ok()
    }
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        self.fanout.with_topics(|topics| {
            for topic in &self.topics {
                forget(topics, topic, self.id);
            }
        });
    }
}

fn forget(topics: &mut HashMap<Topic, Watched>, topic: &Topic, id: u64) {
    if let Some(watched) = topics.get_mut(topic) {
        watched.sockets.remove(&id);
        if watched.sockets.is_empty() {
            topics.remove(topic);
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use domain::id::ChannelId;
    use domain::time::Timestamp;

    use super::*;

    fn topic(n: u8) -> Topic {
        Topic::Channel(ChannelId::new(Timestamp::from_ms(1), [n; 10]))
    }

    fn mail(topic: &Topic, seq: u64) -> Mail {
        Mail::Event(Ring {
            topic: Arc::new(topic.clone()),
            seq,
            frame: Bytes::from_static(b"{}"),
            changes_access: false,
        })
    }

    #[tokio::test]
    async fn a_mailbox_gets_the_topics_that_it_watches_and_leaves_nothing_behind() {
        let fanout = Arc::new(Fanout::default());
        let mut mailbox = fanout.mailbox();
        mailbox.watch(&topic(1));
        fanout.pass(&topic(2), 1, &mail(&topic(2), 1));
        fanout.pass(&topic(1), 7, &mail(&topic(1), 7));
        assert!(matches!(mailbox.next().await, Some(Mail::Event(ring)) if ring.seq == 7));
        mailbox.unwatch(&topic(1));
        assert_eq!(fanout.n_watched(), 0);
        mailbox.watch(&topic(2));
        drop(mailbox);
        assert_eq!(fanout.n_watched(), 0);
    }

    #[tokio::test]
    async fn a_slow_reader_overflows_alone() {
        let fanout = Arc::new(Fanout::default());
        let (mut slow, mut quick) = (fanout.mailbox(), fanout.mailbox());
        slow.watch(&topic(1));
        quick.watch(&topic(1));
        for seq in 1..=MAILBOX as u64 + 1 {
            fanout.pass(&topic(1), seq, &mail(&topic(1), seq));
            assert!(quick.try_next().is_some());
        }
        assert!(slow.overflowed());
        assert!(!quick.overflowed());
        assert!(slow.try_next().is_some());
    }
}
