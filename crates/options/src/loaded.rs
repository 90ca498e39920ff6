//! Something that is fetched from a relay when it is first shown.

use std::cell::Cell;
use std::rc::Rc;

use ui::components::{Button, Look};
use ui::text::{options, texts};
use yew::{Callback, Html, hook, html, use_effect_with, use_state};

use crate::relay::Failure;

/// How far it came.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Loaded<T> {
    /// It is being fetched.
    Loading,
    /// It did not come: why, in words.
    Failed(String),
    /// It is here.
    Ready(T),
}

/// Fetches something once; the callback fetches it again.
#[hook]
pub(crate) fn use_loaded<T, F>(fetch: impl Fn() -> F + 'static) -> (Loaded<T>, Callback<()>)
where
    T: Clone + 'static,
    F: Future<Output = Result<T, Failure>> + 'static,
{
    let loaded = use_state(|| Loaded::Loading);
    let n_tries = use_state(|| 0_u32);
    {
        let loaded = loaded.setter();
        use_effect_with(*n_tries, move |_| {
            let is_wanted = Rc::new(Cell::new(true));
            let (fetched, wanted) = (fetch(), is_wanted.clone());
            loaded.set(Loaded::Loading);
            wasm_bindgen_futures::spawn_local(async move {
                let answer = fetched.await;
                if wanted.get() {
                    loaded.set(answer.map_or_else(|failure| Loaded::Failed(failure.words()), Loaded::Ready));
                }
            });
            move || is_wanted.set(false)
        });
    }
    let retry = {
        let (setter, n) = (n_tries.setter(), *n_tries);
        Callback::from(move |()| setter.set(n + 1))
    };
    ((*loaded).clone(), retry)
}

/// Words while it is being fetched, and "Retry" if it did not come.
pub(crate) fn view<T>(loaded: &Loaded<T>, retry: &Callback<()>, ready: impl FnOnce(&T) -> Html) -> Html {
    match loaded {
        Loaded::Loading => html! { <p class="ds-control-panel__facts" role="status">{ options().loading }</p> },
        Loaded::Failed(why) => html! {
            <div class="ds-control-panel__failed" role="alert" data-testid="not-loaded">
                <p class="ds-control-panel__wrong">{ why }</p>
                <Button look={Look::Quiet} testid="load-again" onclick={retry.reform(|_| ())}>{ texts().retry }</Button>
            </div>
        },
        Loaded::Ready(value) => ready(value),
    }
}
