//! A clock that ticks when the next sign of a conversation is over (A8).

use gloo_timers::callback::Timeout;
use yew::{Callback, hook, use_callback, use_effect_with, use_mut_ref, use_state};

use super::use_window_event::use_window_event;
use crate::clock::machine_ms;
use crate::state::signals::Signals;

/// This machine's time; the component is drawn anew when somebody stops looking or typing.
#[hook]
pub fn use_signals(signals: &Signals, conversation_id: &str) -> i64 {
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
    let now = machine_ms();
    use_effect_with((signals.next_end(conversation_id, now), *tick), move |(next, _)| {
        let wait_ms = next.map(|next| u32::try_from(next - machine_ms()).unwrap_or(0).saturating_add(1));
        let timeout = wait_ms.map(|wait_ms| Timeout::new(wait_ms, move || renew.emit(())));
        move || drop(timeout)
    });
    now
}
