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
    /// What stands beside it.
    #[prop_or_default]
    pub children: Html,
}

/// A box to tick with its name, and below it what it is about.
#[component]
pub(crate) fn SwitchField(props: &SwitchFieldProps) -> Html {
    let oninput =
        props.onswitch.reform(|event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().checked());
    let described = format!("{}-hint", props.id);
    html! {
        <div class="ds-control-panel__field">
            <div class="ds-control-panel__row">
                <label class="ds-control-panel__check">
                    <input type="checkbox" data-testid={props.testid.clone()} aria-describedby={described.clone()} checked={props.on} {oninput} />
                    { &props.label }
                </label>
                { props.children.clone() }
            </div>
            <p id={described} class="ds-control-panel__facts">{ &props.hint }</p>
        </div>
    }
}
