//! "Theme".

use ui::text::options;
use yew::{AttrValue, Callback, Html, Properties, component, html};

use crate::theme::Theme;

/// The choice's properties.
#[derive(Properties, PartialEq)]
pub(crate) struct ThemeFieldProps {
    /// What the DOM ids begin with, and the name of the buttons; one on the page.
    pub id: AttrValue,
    /// Which is chosen.
    pub theme: Theme,
    /// Called with another one.
    pub onchoose: Callback<Theme>,
}

/// One of three themes.
#[component]
pub(crate) fn ThemeField(props: &ThemeFieldProps) -> Html {
    let texts = options();
    let (name, described) = (format!("{}-name", props.id), format!("{}-hint", props.id));
    let choice = |theme: Theme, testid: &'static str, label: &'static str| {
        html! {
            <label class="ds-control-panel__check">
                <input type="radio" name={props.id.clone()} data-testid={testid} checked={props.theme == theme}
                    onchange={props.onchoose.reform(move |_| theme)} />
                { label }
            </label>
        }
    };
    html! {
        <div class="ds-control-panel__field" role="radiogroup" aria-labelledby={name.clone()} aria-describedby={described.clone()}>
            <span id={name} class="ds-control-panel__label">{ texts.theme }</span>
            <div class="ds-control-panel__row">
                { choice(Theme::Gmail, "theme-gmail", texts.theme_gmail) }
                { choice(Theme::Light, "theme-light", texts.theme_light) }
                { choice(Theme::Dark, "theme-dark", texts.theme_dark) }
            </div>
            <p id={described} class="ds-control-panel__facts">{ texts.theme_hint }</p>
        </div>
    }
}
