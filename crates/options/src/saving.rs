//! The end of a form: "Save", and what came of it.

use ui::components::{Button, Look};
use ui::text::{fill, options};
use yew::{AttrValue, Html, Properties, component, html};

use crate::relay::Failure;

/// How far saving came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Saving {
    /// Nothing was saved since something was entered.
    #[default]
    Idle,
    /// It is being sent.
    UnderWay {
        /// Whether something was entered since.
        is_outdated: bool,
    },
    /// It is stored.
    Saved,
    /// It is not: why, in words.
    Failed(String),
}

impl Saving {
    /// It is being sent.
    pub(crate) const BEGUN: Self = Self::UnderWay { is_outdated: false };

    /// Something was entered.
    pub(crate) fn entered(&mut self) {
        *self = if self.is_under_way() { Self::UnderWay { is_outdated: true } } else { Self::Idle };
    }

    /// It is stored; whether the form still says the same.
    pub(crate) fn stored(&mut self) -> bool {
        let is_outdated = *self == Self::UnderWay { is_outdated: true };
        *self = if is_outdated { Self::Idle } else { Self::Saved };
        !is_outdated
    }

    /// A relay refused it, or could not be reached.
    pub(crate) fn failed(&mut self, failure: &Failure) {
        *self = Self::Failed(fill(options().not_saved, &[("why", &failure.words())]));
    }

    /// Whether an answer is being waited for.
    pub(crate) fn is_under_way(&self) -> bool {
        matches!(self, Self::UnderWay { .. })
    }
}

/// The properties of the form's end.
#[derive(Properties, PartialEq)]
pub(crate) struct SaveBarProps {
    /// How far saving came.
    pub saving: Saving,
    /// What tests find the button by.
    pub testid: AttrValue,
    /// Buttons beside it.
    #[prop_or_default]
    pub children: Html,
}

/// The button that sends the form around it, and the place that tells what came of it; it is always there, so that screen readers
/// watch it.
#[component]
pub(crate) fn SaveBar(props: &SaveBarProps) -> Html {
    let texts = options();
    let is_under_way = props.saving.is_under_way();
    html! {
        <div class="ds-control-panel__choices">
            <Button look={Look::Primary} submits={true} testid={props.testid.clone()} disabled={is_under_way}>
                { if is_under_way { texts.saving } else { texts.save } }
            </Button>
            { props.children.clone() }
            <div class="ds-control-panel__told" role="status">
                if props.saving == Saving::Saved {
                    <p class="ds-control-panel__done" data-testid="saved">{ texts.saved }</p>
                }
                if let Saving::Failed(why) = &props.saving {
                    <p class="ds-control-panel__wrong" data-testid="not-saved">{ why }</p>
                }
            </div>
        </div>
    }
}
