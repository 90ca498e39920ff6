//! A place with nothing in it, said kindly.

use yew::{AttrValue, Html, Properties, classes, component, html};

use super::icon::{Icon, Symbol};

/// The empty state's properties.
#[derive(Properties, PartialEq)]
pub struct EmptyStateProps {
    /// A picture.
    pub symbol: Symbol,
    /// What is the matter.
    pub title: AttrValue,
    /// What the agent may do.
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    /// Whether something is under way.
    #[prop_or_default]
    pub busy: bool,
    /// Buttons.
    #[prop_or_default]
    pub children: Html,
}

/// A picture, what is the matter, and what to do.
#[component]
pub fn EmptyState(props: &EmptyStateProps) -> Html {
    html! {
        <div class="ds-empty-state" role="status">
            <span class={classes!("ds-empty-state__picture", props.busy.then_some("ds-empty-state__picture--busy"))}>
                <Icon symbol={props.symbol} />
            </span>
            <p class="ds-empty-state__title">{ &props.title }</p>
            if let Some(hint) = &props.hint {
                <p class="ds-empty-state__hint">{ hint }</p>
            }
            { props.children.clone() }
        </div>
    }
}
