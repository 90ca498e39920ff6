//! A setting of whole minutes.

use domain::clock::Minutes;
use ui::text::{fill, options};
use web_sys::HtmlInputElement;
use yew::{AttrValue, Callback, Html, InputEvent, Properties, TargetCast as _, component, html};

/// What was typed into a field, and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Typed {
    /// The text.
    pub text: String,
    /// What to do about it.
    pub wrong: Option<String>,
}

impl Typed {
    /// A stored number.
    pub(crate) fn of(minutes: u32) -> Self {
        Self { text: minutes.to_string(), wrong: None }
    }

    /// What is typed now.
    pub(crate) fn text(text: String) -> Self {
        Self { text, wrong: None }
    }

    /// The number, if it is one from 1 to `MAX`; otherwise notes what to do.
    pub(crate) fn read<const MAX: u32>(&mut self) -> Option<u32> {
        let minutes = self.text.trim().parse().ok().and_then(|minutes| Minutes::<MAX>::new(minutes).ok());
        self.wrong = minutes.is_none().then(|| fill(options().minutes_wrong, &[("max", &MAX.to_string())]));
        minutes.map(Minutes::get)
    }
}

/// The field's properties.
#[derive(Properties, PartialEq)]
pub(crate) struct MinutesFieldProps {
    /// The DOM id; one on the page.
    pub id: AttrValue,
    /// What tests find it by.
    pub testid: AttrValue,
    /// Its name.
    pub label: AttrValue,
    /// What it is about.
    pub hint: AttrValue,
    /// The largest number that is taken.
    pub max: u32,
    /// What was typed.
    pub typed: Typed,
    /// Called with what is typed.
    pub ontype: Callback<String>,
}

/// A number field with its name, and below it what it is about or what to do.
#[component]
pub(crate) fn MinutesField(props: &MinutesFieldProps) -> Html {
    let oninput = props.ontype.reform(|event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().value());
    let described = format!("{}-hint", props.id);
    html! {
        <div class="ds-control-panel__field">
            <label class="ds-control-panel__label" for={props.id.clone()}>{ &props.label }</label>
            <input id={props.id.clone()} class="ds-control-panel__input ds-control-panel__input--number" type="number" inputmode="numeric" min="1"
                max={props.max.to_string()} step="1" autocomplete="off" data-testid={props.testid.clone()} aria-describedby={described.clone()}
                aria-invalid={props.typed.wrong.as_ref().map(|_| "true")} value={props.typed.text.clone()} {oninput} />
            if let Some(wrong) = &props.typed.wrong {
                <p id={described} class="ds-control-panel__wrong" role="alert" data-testid="field-wrong">{ wrong }</p>
            } else {
                <p id={described} class="ds-control-panel__facts">{ &props.hint }</p>
            }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_minutes_in_the_range_are_taken_and_the_text_stays() {
        // P6, A10, X2
        let read = |text: &str| {
            let mut typed = Typed::text(text.to_owned());
            let minutes = typed.read::<1_440>();
            assert_eq!(typed.text, text, "nothing typed is lost");
            (minutes, typed.wrong)
        };
        assert_eq!(read(" 15 "), (Some(15), None));
        assert_eq!(read("1440"), (Some(1_440), None));
        for text in ["0", "1441", "-3", "1.5", "", "an hour", "99999999999"] {
            assert_eq!(read(text), (None, Some("Enter whole minutes from 1 to 1440.".to_owned())), "{text:?}");
        }
    }

    #[test]
    fn typing_again_takes_the_words_away() {
        let mut typed = Typed::text("0".into());
        assert!(typed.read::<1_440>().is_none() && typed.wrong.is_some());
        assert_eq!(Typed::text("01".into()).wrong, None);
        assert_eq!(Typed::of(30).text, "30");
    }
}
