//! What relays share beside the record: the doorbell of new events, the alarm clock of deadlines, presence, rate limits.
//!
//! Neither is the record. A ring that is lost shows as a gap in a topic's numbers, and a lost alarm is found by the sweep (design rules
//! 3 and 7). The in-process versions serve one relay; several relays ring each other through the same traits.

mod alarm;
mod doorbell;
mod presence;
mod rate;

pub use alarm::{AlarmClock, LocalAlarmClock};
pub use doorbell::{Doorbell, Heard, LocalDoorbell, Ring, Rings};
pub use presence::{ConnectionId, LocalPresence, Presence};
pub use rate::{LocalRateLimiter, Rate, RateLimiter};
