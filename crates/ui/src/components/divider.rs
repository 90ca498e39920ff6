//! A line across the messages: a day, the end of an earlier conversation, or the first new message.

use yew::{AttrValue, Html, Properties, classes, component, html};

/// What a divider stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Line {
    /// A day begins.
    #[default]
    Day,
    /// An earlier conversation ends here.
    End,
    /// Below it is what the agent has not seen.
    New,
}

/// The divider's properties.
#[derive(Properties, PartialEq)]
pub struct DividerProps {
    /// What stands on the line.
    pub text: AttrValue,
    /// What it stands for.
    #[prop_or_default]
    pub line: Line,
}

/// A divider with its words.
#[component]
pub fn Divider(props: &DividerProps) -> Html {
    let (class, testid) = match props.line {
        Line::Day => ("ds-divider--day", "day"),
        Line::End => ("ds-divider--end", "earlier"),
        Line::New => ("ds-divider--new", "new-messages"),
    };
    html! {
        <div class={classes!("ds-divider", class)} data-testid={testid}>
            <span class="ds-divider__text">{ &props.text }</span>
        </div>
    }
}
