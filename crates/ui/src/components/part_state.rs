//! In the place of something that is being fetched, or could not be.

use yew::{Callback, Html, Properties, component, html};

use super::button::{Button, Look};
use crate::state::thread::Fetch;
use crate::text::{aside, texts};

/// Its properties.
#[derive(Properties, PartialEq)]
pub struct PartStateProps {
    /// How the fetching stands.
    pub fetch: Fetch,
    /// Tries again.
    pub onretry: Callback<()>,
}

/// That it is being fetched, or that it could not be, with "Retry".
#[component]
pub fn PartState(props: &PartStateProps) -> Html {
    html! {
        <p class="ds-part-state" role="status">
            if props.fetch == Fetch::Failed {
                { aside().not_loaded }
                <Button look={Look::Quiet} onclick={props.onretry.reform(|_| ())}>{ texts().retry }</Button>
            } else {
                { aside().loading }
            }
        </p>
    }
}
