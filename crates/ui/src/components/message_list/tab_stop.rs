//! One message at a time is reached by Tab, from which the arrow keys lead on.

use wasm_bindgen::JsCast as _;
use web_sys::Element;
use yew::{Callback, FocusEvent, hook, use_callback, use_state_eq};

use crate::state::timeline::Entry;

/// Which message was focused last; Tab leads back to it.
#[hook]
pub(super) fn use_tab_stop() -> (Option<u32>, Callback<FocusEvent>) {
    let focused = use_state_eq(|| None::<u32>);
    let onfocusin = {
        let focused = focused.setter();
        use_callback((), move |event: FocusEvent, ()| {
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            if let Some(n) = target.and_then(|target| target.get_attribute("data-n")?.parse().ok()) {
                focused.set(Some(n));
            }
        })
    };
    (*focused, onfocusin)
}

/// The message that Tab leads to: the one that was focused last, or the newest.
pub(super) fn tab_stop(entries: &[Entry], focused: Option<u32>) -> Option<u32> {
    let mut drawn = entries.iter().rev().filter_map(|entry| match entry {
        Entry::Message { message, .. } => Some(message.n),
        Entry::Day { .. } | Entry::Earlier { .. } | Entry::Pending { .. } => None,
    });
    let newest = drawn.next();
    focused.filter(|focused| Some(*focused) == newest || drawn.any(|n| n == *focused)).or(newest)
}
