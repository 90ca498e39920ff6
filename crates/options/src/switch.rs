//! A setting that is on or off.

use web_sys::HtmlInputElement;
use yew::{AttrValue, Callback, Html, InputEvent, Properties, TargetCast as _, component, html};

/// The switch's properties.
#[derive(Properties, PartialEq)]
pub(crate) struct SwitchFieldProps {
    /// What the DOM ids begin with; one on the page.
    pub id: AttrValue,
    /// What tests find it by.
    pub testid: AttrValue,
    /// Its name.
    pub label: AttrValue,
    /// What it is about.
    pub hint: AttrValue,
    /// Whether it is on.
    pub on: bool,
    /// Called with what it is turned to.
    pub onswitch: Callback<bool>,
    /// The DOM id of the words that say why it cannot be turned.
    #[prop_or_default]
    pub locked_by: Option<AttrValue>,
    /// What stands beside it.
    #[prop_or_default]
    pub children: Html,
}

/// A box to tick with its name, and below it what it is about.
#[component]
pub(crate) fn SwitchField(props: &SwitchFieldProps) -> Html {
    let oninput =
        props.onswitch.reform(|event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().checked());
    let hint = format!("{}-hint", props.id);
    let described = props.locked_by.as_ref().map_or_else(|| hint.clone(), |why| format!("{hint} {why}"));
    html! {
        <div class="ds-control-panel__field">
            <div class="ds-control-panel__row">
                <label class="ds-control-panel__check">
                    <input type="checkbox" data-testid={props.testid.clone()} aria-describedby={described} checked={props.on}
                        disabled={props.locked_by.is_some()} {oninput} />
                    { &props.label }
                </label>
                { props.children.clone() }
            </div>
            <p id={hint} class="ds-control-panel__facts">{ &props.hint }</p>
        </div>
    }
}
