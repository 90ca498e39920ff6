//! The alarm clock: says when to look at the deadlines in the record.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use domain::time::Timestamp;
use store::clock::Clock;
use tokio::sync::Notify;

/// The longest sleep between two looks at the clock, so that a clock that is set forward is noticed.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Remembers instants and wakes whoever waits when one has come.
///
/// An alarm may ring late, twice, or for a deadline that has moved; firing asks the rules again.
#[async_trait]
pub trait AlarmClock: Send + Sync + 'static {
    /// Rings at this instant.
    fn arm(&self, at: Timestamp);
    /// Waits until an armed instant has come, and forgets all that have.
    async fn rings(&self);
}

/// The alarm clock of a single process. It keeps the earliest instant only: whoever fires looks for the one after it.
pub struct LocalAlarmClock {
    clock: Arc<dyn Clock>,
    earliest: Mutex<Option<i64>>,
    armed: Notify,
}

impl LocalAlarmClock {
    /// An alarm clock that goes by this clock.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, earliest: Mutex::default(), armed: Notify::new() }
    }

    /// Forgets what has come; says whether anything had, and how long until the next.
    fn take_due(&self) -> (bool, Option<Duration>) {
        let now = self.clock.now().as_ms();
        let mut earliest = self.earliest.lock().unwrap_or_else(PoisonError::into_inner);
        match *earliest {
            None => (false, None),
            Some(at) if at > now => (false, Some(Duration::from_millis((at - now).unsigned_abs()))),
            Some(_) => {
                *earliest = None;
                (true, None)
            }
        }
    }
}

#[async_trait]
impl AlarmClock for LocalAlarmClock {
    fn arm(&self, at: Timestamp) {
        let mut earliest = self.earliest.lock().unwrap_or_else(PoisonError::into_inner);
        *earliest = Some(earliest.map_or(at.as_ms(), |known| known.min(at.as_ms())));
        drop(earliest);
        self.armed.notify_one();
    }

    async fn rings(&self) {
        loop {
            let (due, next) = self.take_due();
            if due {
                return;
            }
            let armed = self.armed.notified();
            match next {
                None => armed.await,
                Some(wait) => tokio::select! {
                    () = armed => {}
                    () = tokio::time::sleep(wait.min(LOOK_EVERY)) => {}
                },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use store::clock::TestClock;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_rings_when_the_instant_has_come_and_not_before() {
        // A13
        let clock = Arc::new(TestClock::at(Timestamp::from_ms(0)));
        let alarms = Arc::new(LocalAlarmClock::new(clock.clone()));
        alarms.arm(Timestamp::from_ms(900_000));
        clock.advance_ms(899_999);
        assert_eq!(alarms.take_due(), (false, Some(Duration::from_millis(1))));
        clock.advance_ms(1);
        alarms.rings().await;
        assert_eq!(alarms.take_due(), (false, None), "it rings once");
    }

    #[tokio::test(start_paused = true)]
    async fn an_earlier_alarm_wakes_one_who_waits_for_a_later() {
        let clock = Arc::new(TestClock::at(Timestamp::from_ms(0)));
        let alarms = Arc::new(LocalAlarmClock::new(clock.clone()));
        alarms.arm(Timestamp::from_ms(i64::MAX));
        let waiting = tokio::spawn({
            let alarms = alarms.clone();
            async move { alarms.rings().await }
        });
        alarms.arm(Timestamp::from_ms(0));
        waiting.await.unwrap();
    }
}
