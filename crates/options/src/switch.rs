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
    /// What it is about, if its name does not say it.
    #[prop_or_default]
    pub hint: Option<AttrValue>,
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

/// A box to tick with its name, and below it what it is about, if that is to be said.
#[component]
pub(crate) fn SwitchField(props: &SwitchFieldProps) -> Html {
    let oninput =
        props.onswitch.reform(|event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().checked());
    let hint_id = format!("{}-hint", props.id);
    let described = [props.hint.as_ref().map(|_| hint_id.as_str()), props.locked_by.as_deref()];
    let described: Vec<_> = described.into_iter().flatten().collect();
    let described = (!described.is_empty()).then(|| described.join(" "));
    html! {
        <div class="ds-control-panel__field">
            <div class="ds-control-panel__row">
                <label class="ds-control-panel__check">
                    <input type="checkbox" data-testid={props.testid.clone()} aria-describedby={described} checked={props.on}
                        disabled={props.locked_by.is_some()} {oninput} />
                    <bdi>{ &props.label }</bdi>
                </label>
                { props.children.clone() }
            </div>
            if let Some(hint) = &props.hint {
                <p id={hint_id} class="ds-control-panel__facts">{ hint }</p>
            }
        </div>
    }
}
