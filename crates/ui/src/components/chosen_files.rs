//! The files of the next answer, above the input (F1, F3).

use yew::{AttrValue, Callback, Html, Properties, classes, component, html};

use super::button::{Button, Look};
use super::icon::{Icon, Symbol};
use crate::state::files::{Basket, Chosen, Stands};
use crate::text::{files, fill, size};

/// The list's properties.
#[derive(Properties, PartialEq)]
pub struct ChosenFilesProps {
    /// The files.
    pub basket: Basket,
    /// Takes one away.
    pub onremove: Callback<String>,
}

/// Each with its name, its size, how far it is, and what takes it away.
#[component]
pub fn ChosenFiles(props: &ChosenFilesProps) -> Html {
    let is_sending = props.basket.sending.is_some();
    html! {
        <div class="ds-chosen-files">
            <ul class="ds-chosen-files__list" aria-label={files().chosen} data-testid="chosen-files">
                { for props.basket.files.iter().map(|chosen| view(chosen, is_sending, &props.onremove)) }
            </ul>
            <p class="ds-visually-hidden" role="status">
                if is_sending {
                    { files().uploading_all }
                }
            </p>
        </div>
    }
}

fn view(chosen: &Chosen, is_sending: bool, onremove: &Callback<String>) -> Html {
    let sized = |text| AttrValue::from(fill(text, &[("size", &size(chosen.size))]));
    let (state, facts) = match &chosen.stands {
        Stands::Failed => ("failed", files().failed.into()),
        Stands::There(_) => ("there", sized(files().uploaded)),
        Stands::Reading | Stands::Read(_) | Stands::Going(_) => ("going", AttrValue::default()),
        Stands::Waiting if chosen.template_file.is_some() => ("waiting", sized(files().of_template)),
        Stands::Waiting => ("waiting", size(chosen.size).into()),
    };
    let named = |text| fill(text, &[("name", &chosen.name)]);
    let id = chosen.id.clone();
    let percent = match chosen.stands {
        Stands::Going(percent) => Some(percent.to_string()),
        Stands::Reading | Stands::Read(_) => Some(String::from("0")),
        _ => None,
    };
    html! {
        <li key={chosen.id.clone()} class={classes!("ds-chosen-files__one", (state == "failed").then_some("ds-chosen-files__one--failed"))}
            data-testid="chosen-file" data-state={state}>
            if let Some(picture) = &chosen.picture {
                <img class="ds-chosen-files__picture" src={picture.address()} alt="" />
            } else {
                <span class="ds-chosen-files__picture"><Icon symbol={Symbol::File} /></span>
            }
            <span class="ds-chosen-files__words">
                <bdi class="ds-chosen-files__name" title={chosen.name.clone()}>{ &chosen.name }</bdi>
                if let Some(value) = percent {
                    <progress class="ds-chosen-files__progress" max="100" {value} aria-label={named(files().uploading)} />
                } else {
                    <span class="ds-chosen-files__facts">{ facts }</span>
                }
            </span>
            <Button look={Look::Round} testid="remove-file" label={named(files().remove)} disabled={is_sending} onclick={onremove.reform(move |_| id.clone())}>
                <Icon symbol={Symbol::Cross} />
            </Button>
        </li>
    }
}
