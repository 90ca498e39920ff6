//! A line across the messages: a day, or the end of an earlier conversation.

use yew::{AttrValue, Html, Properties, classes, component, html};

/// The divider's properties.
#[derive(Properties, PartialEq)]
pub struct DividerProps {
    /// What stands on the line.
    pub text: AttrValue,
    /// Whether an earlier conversation ends here; otherwise a day begins.
    #[prop_or_default]
    pub ends_conversation: bool,
}

/// A divider with its words.
#[component]
pub fn Divider(props: &DividerProps) -> Html {
    let (class, testid) =
        if props.ends_conversation { ("ds-divider--end", "earlier") } else { ("ds-divider--day", "day") };
    html! {
        <div class={classes!("ds-divider", class)} data-testid={testid}>
            <span class="ds-divider__text">{ &props.text }</span>
        </div>
    }
}
