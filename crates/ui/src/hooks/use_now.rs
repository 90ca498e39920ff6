//! The relay's clock as a component sees it.

use gloo_timers::callback::Interval;
use yew::{Callback, hook, use_callback, use_effect_with, use_state_eq};

use super::use_window_event::use_window_event;
use crate::clock::machine_ms;

/// How often waiting times are looked at again.
const TICK_MS: u32 = 10_000;

/// The relay's time, renewed every ten seconds and whenever the page becomes visible (timers of hidden pages sleep).
#[hook]
pub fn use_now(offset_ms: i64) -> i64 {
    use_clock(offset_ms, TICK_MS)
}

/// The relay's time, renewed as often as this and whenever the page becomes visible.
#[hook]
pub fn use_clock(offset_ms: i64, tick_ms: u32) -> i64 {
    let now = use_state_eq(machine_ms);
    let renew: Callback<()> = {
        let now = now.setter();
        use_callback((), move |(), ()| now.set(machine_ms()))
    };
    use_window_event("visibilitychange", renew.clone());
    use_effect_with(tick_ms, move |tick_ms| {
        let tick = Interval::new(*tick_ms, move || renew.emit(()));
        move || drop(tick)
    });
    *now + offset_ms
}
