//! This machine's clock against the database's and the public relay's: deadlines are fired by a clock.

use std::time::UNIX_EPOCH;

use async_trait::async_trait;
use domain::time::Timestamp;
use store::inspect::{InspectError, Inspector};

use super::door::Door;
use super::http::get;
use super::looked::Looked;
use super::running::Running;
use super::{Check, Setup};
use crate::health::APART_MAX;

const MEND: &str = "set the clocks of all machines by NTP: `timedatectl set-ntp true`, or chrony; in a virtual machine let the host do it";
/// How often the database is asked: the quickest answer tells the most.
const N_ASKED: usize = 3;

/// Looks at the clocks.
pub(super) struct Clocks;

#[async_trait]
impl Check for Clocks {
    fn name(&self) -> &'static str {
        "clock"
    }

    async fn look(&self, setup: &Setup, running: Running, looked: &mut Looked) {
        match database(setup).await {
            Ok(Some(between)) => told("the database's", between, looked),
            Ok(None) => {}
            Err(_) => looked.not_checked("the database is not reached: see `database`"),
        }
        match relay(setup).await {
            Some(between) => told("the public address's", between, looked),
            None if running == Running::No => looked.not_checked("no relay runs to compare with"),
            None => looked.not_checked("the public relay tells no time: see `address`"),
        }
    }
}

/// How far this machine's clock is ahead of another at least and at most, in ms: the answer was on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Between(i64, i64);

impl Between {
    /// Of a time that stood somewhere between `first` and `last` when it was asked for between `before` and `after`.
    fn of(before: Timestamp, (first, last): (i64, i64), after: Timestamp) -> Self {
        Self(before.as_ms() - last, after.as_ms() - first)
    }

    fn width(self) -> i64 {
        self.1 - self.0
    }

    /// By how much it is apart in any case: nothing if it may be right.
    fn apart_ms(self) -> i64 {
        if self.0 > 0 { self.0 } else { self.1.min(0) }
    }
}

fn told(whose: &str, between: Between, looked: &mut Looked) {
    let apart = between.apart_ms();
    if u128::from(apart.unsigned_abs()) > APART_MAX.as_millis() {
        let way = if apart > 0 { "ahead of" } else { "behind" };
        let tenths = apart.unsigned_abs() / 100;
        looked.bad(format!("this machine's clock is {}.{} s {way} {whose}", tenths / 10, tenths % 10), MEND);
    } else {
        looked.fact(format!("within 1 s of {whose}"));
    }
}

async fn database(setup: &Setup) -> Result<Option<Between>, InspectError> {
    if setup.database_url.is_none() {
        return Ok(None);
    }
    let mut inspector = Inspector::open(&setup.database()).await?;
    let mut best: Option<Between> = None;
    for _ in 0..N_ASKED {
        let before = setup.clock.now();
        let Some(theirs) = inspector.clock().await? else { break };
        let between = Between::of(before, (theirs.as_ms(), theirs.as_ms()), setup.clock.now());
        if best.is_none_or(|best| between.width() < best.width()) {
            best = Some(between);
        }
    }
    inspector.close().await;
    Ok(best)
}

/// By the answer's `Date`, which tells whole seconds.
async fn relay(setup: &Setup) -> Option<Between> {
    let door = Door::of(&setup.public_url).ok()?;
    let before = setup.clock.now();
    let answer = get(&door, "/healthz", None).await.ok()?;
    let after = setup.clock.now();
    let date = httpdate::parse_http_date(answer.header("date")?).ok()?;
    let first = i64::try_from(date.duration_since(UNIX_EPOCH).ok()?.as_millis()).ok()?;
    Some(Between::of(before, (first, first + 1_000), after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apart(before: i64, theirs: (i64, i64), after: i64) -> i64 {
        Between::of(Timestamp::from_ms(before), theirs, Timestamp::from_ms(after)).apart_ms()
    }

    #[test]
    fn what_the_way_and_whole_seconds_hide_is_not_counted() {
        assert_eq!(apart(10_000, (10_010, 10_010), 10_040), 0);
        assert_eq!(apart(15_000, (10_000, 10_000), 15_020), 5_000, "ahead");
        assert_eq!(apart(5_000, (10_000, 10_000), 5_020), -4_980, "behind");
        assert_eq!(apart(10_900, (10_000, 11_000), 10_910), 0);
        assert_eq!(apart(13_000, (10_000, 11_000), 13_010), 2_000);
    }
}
