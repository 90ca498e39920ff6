//! A clock that ticks only in the last two minutes.

use gloo_timers::callback::Timeout;
use yew::{Callback, hook, use_callback, use_effect_with, use_mut_ref, use_state};

use super::use_window_event::use_window_event;
use crate::clock::machine_ms;
use crate::state::count_down::{next_change_ms, seconds_left};

/// The seconds that are left until an instant of the relay's clock; nothing while there are more than two minutes. The component is
/// drawn anew each second then, and not before.
#[hook]
pub fn use_count_down(deadline_at: Option<i64>, offset_ms: i64) -> Option<i64> {
    let ticks = use_mut_ref(|| 0_u32);
    let tick = use_state(|| 0_u32);
    let renew: Callback<()> = {
        let tick = tick.setter();
        use_callback((), move |(), ()| {
            let next = ticks.borrow().wrapping_add(1);
            ticks.replace(next);
            tick.set(next);
        })
    };
    // Timers of hidden pages sleep.
    use_window_event("visibilitychange", renew.clone());
    use_effect_with((deadline_at, offset_ms, *tick), move |(deadline_at, offset_ms, _)| {
        let wait_ms = deadline_at.and_then(|at| next_change_ms(at, machine_ms() + offset_ms));
        let timeout = wait_ms.map(|wait_ms| Timeout::new(wait_ms, move || renew.emit(())));
        move || drop(timeout)
    });
    deadline_at.and_then(|at| seconds_left(at, machine_ms() + offset_ms))
}
