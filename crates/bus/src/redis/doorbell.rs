//! The doorbell over Redis' pub/sub: quick, and never the record.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt as _;
use redis::aio::PubSub;
use tokio::sync::{Mutex, mpsc};
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::doorbell::{Doorbell, LocalDoorbell, Ring, Rings, Signal, Sound};
use crate::keys::Keys;
use crate::redis::address::WITHIN;
use crate::redis::link::Link;
use crate::redis::packet::{self, Sender};

/// How many commits may wait to go out. What does not fit is found by comparing heads.
const QUEUE: usize = 1_024;
/// How many bytes go out at once at most.
const PACKET_MAX: usize = 256 * 1024;
/// How often the listening connection is asked for a sign of life.
const PING_EVERY: Duration = Duration::from_secs(1);
/// How long to wait before listening again.
const AGAIN: Duration = Duration::from_millis(250);

/// Rings in this process at once, and in the others through Redis.
pub(crate) struct RedisDoorbell {
    local: Arc<LocalDoorbell>,
    link: Arc<Link>,
    channel: String,
    own: Sender,
    outgoing: mpsc::Sender<Vec<Sound>>,
    /// Taken by the one job that publishes.
    queue: Mutex<mpsc::Receiver<Vec<Sound>>>,
}

impl RedisDoorbell {
    pub(crate) fn new(link: Arc<Link>, keys: &Keys) -> Self {
        let (outgoing, queue) = mpsc::channel(QUEUE);
        let own = store::secret::random::<8>();
        Self { local: Arc::default(), link, channel: keys.doorbell(), own, outgoing, queue: Mutex::new(queue) }
    }

    fn send(&self, sounds: Vec<Sound>) {
        let n_events = sounds.iter().filter(|sound| matches!(sound, Sound::Ring(_))).count();
        if self.outgoing.try_send(sounds).is_err() {
            self.link.health().lost(n_events);
        }
    }

    /// Publishes what waits, in order, several commits at once if there are.
    pub(crate) async fn publish(self: Arc<Self>) {
        let mut queue = self.queue.lock().await;
        while let Some(first) = queue.recv().await {
            let (mut packet, mut n_events) = (packet::begin(self.own), 0);
            let mut next = Some(first);
            while let Some(sounds) = next {
                n_events += sounds.iter().filter(|sound| matches!(sound, Sound::Ring(_))).count();
                sounds.iter().for_each(|sound| packet::add(&mut packet, sound));
                next = if packet.len() < PACKET_MAX { queue.try_recv().ok() } else { None };
            }
            let mut command = redis::cmd("PUBLISH");
            command.arg(&self.channel).arg(&packet[..]);
            if self.link.ask::<i64>(&command).await.is_err() {
                self.link.health().lost(n_events);
            }
        }
    }

    /// Listens, for ever. Whenever the way was broken, listeners are told to compare the heads.
    pub(crate) async fn hear(self: Arc<Self>) {
        for turn in 0.. {
            if let Ok(Ok(mut heard)) = timeout(2 * WITHIN, self.link.address().listen(turn)).await
                && let Ok(Ok(())) = timeout(WITHIN, heard.subscribe(&self.channel)).await
            {
                self.local.sound(Sound::Missed);
                self.hear_with(heard).await;
                self.local.sound(Sound::Missed);
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// Passes on what is heard until the connection fails. The link says in the log that Redis is away.
    async fn hear_with(&self, heard: PubSub) {
        let (mut sink, mut messages) = heard.split();
        let mut every = interval(PING_EVERY);
        every.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let signs_of_life = async {
            loop {
                every.tick().await;
                if !matches!(timeout(2 * WITHIN, sink.ping::<redis::Value>()).await, Ok(Ok(_))) {
                    return;
                }
            }
        };
        let passing_on = async {
            while let Some(message) = messages.next().await {
                let sounds = packet::read(Bytes::copy_from_slice(message.get_payload_bytes()), self.own);
                sounds.into_iter().for_each(|sound| self.local.sound(sound));
            }
        };
        tokio::select! {
            () = signs_of_life => {}
            () = passing_on => {}
        }
    }
}

impl Doorbell for RedisDoorbell {
    fn ring(&self, rings: Vec<Ring>) {
        if rings.is_empty() {
            return;
        }
        self.send(rings.iter().cloned().map(Sound::Ring).collect());
        self.local.ring(rings);
    }

    fn signal(&self, signal: Signal) {
        self.send(vec![Sound::Signal(signal.clone())]);
        self.local.signal(signal);
    }

    fn listen(&self) -> Rings {
        self.local.listen()
    }
}
