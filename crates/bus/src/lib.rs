//! What relays share beside the record: the doorbell of new events, the alarm clock of deadlines, presence, rate limits.
//!
//! None of it is the record. A ring that is lost shows as a gap in a topic's numbers, and a lost alarm is found by the sweep (design rules
//! 3 and 7). [`Bus::local`] serves one relay, [`Bus::redis`] several, through the same traits; one suite tests both.

mod alarm;
mod bus;
mod doorbell;
mod health;
pub mod inspect;
mod keys;
mod presence;
mod rate;
mod redis;
#[cfg(test)]
mod tests;

pub use crate::redis::RedisSettings;
pub use crate::redis::address::{InvalidAddress, RedisAddress};
pub use alarm::{AlarmClock, LocalAlarmClock};
pub use bus::Bus;
pub use doorbell::{Doorbell, Heard, LocalDoorbell, Ring, Rings, Signal};
pub use health::Health;
pub use keys::Keys;
pub use presence::{ConnectionId, LocalPresence, Presence};
pub use rate::{LocalRateLimiter, Rate, RateLimiter};
