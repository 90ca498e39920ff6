//! A button.

use yew::{AttrValue, Callback, Html, MouseEvent, Properties, classes, component, html};

use crate::state::shortcuts::{Modifiers, Shortcut};

/// How a button looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// The one main action of a place.
    Primary,
    /// Any other action.
    #[default]
    Secondary,
    /// In a bar or a line of text.
    Quiet,
    /// An icon alone.
    Round,
}

/// The button's properties.
#[derive(Properties, PartialEq)]
pub struct ButtonProps {
    /// How it looks.
    #[prop_or_default]
    pub look: Look,
    /// Its name, where the content is an icon alone.
    #[prop_or_default]
    pub label: Option<AttrValue>,
    /// More about it, shown when pointed at.
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    /// What tests find it by.
    #[prop_or_default]
    pub testid: Option<AttrValue>,
    /// The keys that press it.
    #[prop_or_default]
    pub shortcut: Option<Shortcut>,
    /// Further classes.
    #[prop_or_default]
    pub class: Option<AttrValue>,
    /// Whether it can be pressed.
    #[prop_or_default]
    pub disabled: bool,
    /// Whether it sends the form around it.
    #[prop_or_default]
    pub submits: bool,
    /// Called when pressed.
    #[prop_or_default]
    pub onclick: Callback<MouseEvent>,
    /// What stands on it.
    #[prop_or_default]
    pub children: Html,
}

/// A button that looks as its place asks for.
#[component]
pub fn Button(props: &ButtonProps) -> Html {
    let look = match props.look {
        Look::Primary => "ds-button--primary",
        Look::Secondary => "ds-button--secondary",
        Look::Quiet => "ds-button--quiet",
        Look::Round => "ds-button--round",
    };
    let (hint, here) = (props.hint.as_ref().or(props.label.as_ref()), Modifiers::here());
    let title = match props.shortcut {
        Some(shortcut) => Some(shortcut.title(hint.map(AttrValue::as_str), here).into()),
        None => hint.cloned(),
    };
    html! {
        <button type={if props.submits { "submit" } else { "button" }} class={classes!("ds-button", look, props.class.clone())}
            data-testid={props.testid.clone()} aria-label={props.label.clone()} {title} data-shortcut={props.shortcut.map(Shortcut::name)}
            aria-keyshortcuts={props.shortcut.map(|shortcut| shortcut.aria(here))} disabled={props.disabled} onclick={props.onclick.clone()}>
            { props.children.clone() }
        </button>
    }
}
