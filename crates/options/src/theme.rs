//! The theme that the agent chose: his own, whatever his accounts, and taken by Chrome to his other browsers (G3).

use serde::{Deserialize, Serialize};
use webext::storage::Area;
use yew::{hook, use_effect_with, use_state_eq};

/// Where it is kept, for the content script too.
const KEY: &str = "look";

/// What the panel's colours go by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Theme {
    /// Light.
    Light,
    /// Dark.
    Dark,
    /// As Gmail's page is; also what only a newer release knows.
    #[default]
    #[serde(other)]
    Gmail,
}

/// As it is kept.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
struct Look {
    #[serde(default)]
    theme: Theme,
}

impl Theme {
    /// Keeps it.
    ///
    /// # Errors
    /// [`webext::Error::Refused`] by the browser.
    pub(crate) async fn keep(self) -> Result<(), webext::Error> {
        Area::Sync.set(KEY, &Look { theme: self }).await
    }

    /// Dresses this page alike; there is no Gmail here to look like.
    fn dress(self) {
        let root =
            web_sys::window().and_then(|window| window.document()).and_then(|document| document.document_element());
        let Some(root) = root else { return };
        let dressed = match self {
            Self::Light => root.set_attribute("data-theme", "light"),
            Self::Dark => root.set_attribute("data-theme", "dark"),
            Self::Gmail => root.remove_attribute("data-theme"),
        };
        if let Err(error) = dressed {
            web_sys::console::warn_1(&error);
        }
    }
}

/// The theme that is kept, here and wherever else it is changed; this page wears it.
#[hook]
pub(crate) fn use_theme() -> Theme {
    let theme = use_state_eq(Theme::default);
    {
        let theme = theme.setter();
        use_effect_with((), move |()| {
            let show = move |read: Result<Option<Look>, webext::Error>| match read {
                Ok(look) => theme.set(look.unwrap_or_default().theme),
                Err(error) => web_sys::console::warn_1(&format!("the theme cannot be read: {error}").into()),
            };
            let listener = Area::Sync.on_changed(KEY, show.clone());
            wasm_bindgen_futures::spawn_local(async move { show(Area::Sync.get(KEY).await) });
            move || drop(listener)
        });
    }
    use_effect_with(*theme, |theme| theme.dress());
    *theme
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_theme_is_kept_as_the_content_script_reads_it() {
        // G3
        for (theme, kept) in [(Theme::Gmail, "gmail"), (Theme::Light, "light"), (Theme::Dark, "dark")] {
            let look = Look { theme };
            let text = format!(r#"{{"theme":"{kept}"}}"#);
            assert_eq!(serde_json::to_string(&look).unwrap(), text);
            assert_eq!(serde_json::from_str::<Look>(&text).unwrap(), look);
        }
        for newer in [r#"{"theme":"sepia"}"#, r#"{"density":"compact"}"#] {
            assert_eq!(serde_json::from_str::<Look>(newer).unwrap().theme, Theme::Gmail, "{newer}");
        }
    }
}
