//! Passing new events to every relay process.

use std::sync::Arc;

use bytes::Bytes;
use store::Topic;
use tokio::sync::broadcast;

/// How many rings a slow listener may be behind before it is told that it missed some.
const BACKLOG: usize = 4_096;

/// One new event of a topic.
#[derive(Clone, Debug)]
pub struct Ring {
    /// The topic.
    pub topic: Arc<Topic>,
    /// The event's number.
    pub seq: u64,
    /// The frame as it goes out.
    pub frame: Bytes,
    /// Whether readers prove themselves again.
    pub changes_access: bool,
}

/// What passes by and is never recorded: somebody types, or looks at a conversation.
#[derive(Clone, Debug)]
pub struct Signal {
    /// Whose readers are told.
    pub topic: Arc<Topic>,
    /// The frame as it goes out.
    pub frame: Bytes,
}

/// What a listener hears.
#[derive(Debug)]
pub enum Heard {
    /// An event.
    Ring(Ring),
    /// What passes by; one that is lost is lost.
    Signal(Signal),
    /// Some were lost: compare the heads with the log.
    Missed,
    /// There will be no more.
    Closed,
}

/// Carries new events to all relay processes that listen.
pub trait Doorbell: Send + Sync + 'static {
    /// Rings for events after their commit, in the order of the log. Does not block.
    fn ring(&self, rings: Vec<Ring>);
    /// Tells what passes by. Does not block.
    fn signal(&self, signal: Signal);
    /// Listens from now on.
    fn listen(&self) -> Rings;
}

/// The rings that one listener hears.
pub struct Rings(broadcast::Receiver<Sound>);

/// What goes to the listeners of this process.
#[derive(Clone, Debug)]
pub(crate) enum Sound {
    Ring(Ring),
    Signal(Signal),
    /// The way from other processes was broken.
    Missed,
}

impl Rings {
    /// Waits for the next one.
    pub async fn next(&mut self) -> Heard {
        match self.0.recv().await {
            Ok(Sound::Ring(ring)) => Heard::Ring(ring),
            Ok(Sound::Signal(signal)) => Heard::Signal(signal),
            Ok(Sound::Missed) | Err(broadcast::error::RecvError::Lagged(_)) => Heard::Missed,
            Err(broadcast::error::RecvError::Closed) => Heard::Closed,
        }
    }
}

/// The doorbell of a single process.
pub struct LocalDoorbell(broadcast::Sender<Sound>);

impl Default for LocalDoorbell {
    fn default() -> Self {
        Self(broadcast::Sender::new(BACKLOG))
    }
}

impl LocalDoorbell {
    /// Lets all listeners of this process hear it. Where nobody listens, nobody misses anything either.
    pub(crate) fn sound(&self, sound: Sound) {
        drop(self.0.send(sound));
    }
}

impl Doorbell for LocalDoorbell {
    fn ring(&self, rings: Vec<Ring>) {
        for ring in rings {
            self.sound(Sound::Ring(ring));
        }
    }

    fn signal(&self, signal: Signal) {
        self.sound(Sound::Signal(signal));
    }

    fn listen(&self) -> Rings {
        Rings(self.0.subscribe())
    }
}

#[cfg(test)]
mod tests {
    use domain::id::ChannelId;
    use domain::time::Timestamp;

    use super::*;

    fn ring(seq: u64) -> Ring {
        let topic = Topic::Channel(ChannelId::new(Timestamp::from_ms(1), [1; 10]));
        Ring { topic: Arc::new(topic), seq, frame: Bytes::from_static(b"{}"), changes_access: false }
    }

    #[tokio::test]
    async fn every_listener_hears_every_ring_in_order() {
        let bell = LocalDoorbell::default();
        bell.ring(vec![ring(1)]);
        let mut listeners = [bell.listen(), bell.listen()];
        bell.ring(vec![ring(2), ring(3)]);
        for listener in &mut listeners {
            for wanted in [2, 3] {
                assert!(matches!(listener.next().await, Heard::Ring(Ring { seq, .. }) if seq == wanted));
            }
        }
    }

    #[tokio::test]
    async fn a_listener_that_is_too_slow_is_told_and_the_end_is_told() {
        let bell = LocalDoorbell::default();
        let mut slow = bell.listen();
        bell.ring((0..2 * BACKLOG as u64).map(ring).collect());
        assert!(matches!(slow.next().await, Heard::Missed));
        drop(bell);
        let mut last = Heard::Missed;
        while !matches!(last, Heard::Closed) {
            last = slow.next().await;
        }
    }
}
