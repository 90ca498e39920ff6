//! Which channels of a project an agent is told of (N1).

use std::collections::BTreeSet;
use std::rc::Rc;

use protocol::view::ChannelView;
use protocol::worker::Account;
use ui::text::channels as texts;
use web_sys::SubmitEvent;
use yew::{AttrValue, Callback, Html, Properties, Reducible, UseReducerHandle, component, html, use_reducer};

use crate::relay::{self, Failure};
use crate::saving::{SaveBar, Saving};
use crate::switch::SwitchField;

/// The form's properties.
#[derive(Properties, PartialEq)]
pub(crate) struct SubscriptionFormProps {
    /// Whose subscriptions.
    pub account: Account,
    /// `prj_…`
    pub project_id: AttrValue,
    /// The channels that he has access to.
    pub channels: Vec<ChannelView>,
    /// The ids of those that he is subscribed to.
    pub subscribed: Vec<String>,
}

/// What is ticked, and what came of it.
#[derive(Clone, Debug, PartialEq)]
struct Form {
    stored: BTreeSet<String>,
    wanted: BTreeSet<String>,
    saving: Saving,
}

/// What happens to the form.
#[derive(Clone, Debug)]
enum Change {
    /// A channel was ticked or not.
    Turned(String, bool),
    /// "Save" was pressed.
    Save,
    /// The relay stored one of them.
    Stored(String, bool),
    /// All are stored, or one is not.
    Answered(Result<(), Failure>),
}

impl Form {
    fn of(subscribed: &[String]) -> Self {
        let stored: BTreeSet<_> = subscribed.iter().cloned().collect();
        Self { wanted: stored.clone(), stored, saving: Saving::default() }
    }

    /// What is to be sent: only what was turned, so that it does not undo what another machine of the agent's turned meanwhile.
    fn turned(&self) -> Vec<(String, bool)> {
        self.stored.symmetric_difference(&self.wanted).map(|id| (id.clone(), self.wanted.contains(id))).collect()
    }
}

fn set(ids: &mut BTreeSet<String>, id: String, is_in: bool) {
    if is_in {
        ids.insert(id);
    } else {
        ids.remove(&id);
    }
}

impl Reducible for Form {
    type Action = Change;

    fn reduce(self: Rc<Self>, change: Change) -> Rc<Self> {
        let mut next = (*self).clone();
        match change {
            Change::Turned(id, on) => {
                set(&mut next.wanted, id, on);
                next.saving.entered();
            }
            Change::Save => next.saving = Saving::BEGUN,
            Change::Stored(id, on) => set(&mut next.stored, id, on),
            // What was turned meanwhile stays turned, and can be saved in its turn.
            Change::Answered(Ok(())) => _ = next.saving.stored(),
            Change::Answered(Err(failure)) => next.saving.failed(&failure),
        }
        Rc::new(next)
    }
}

/// "My subscriptions": each channel, to be ticked.
#[component]
pub(crate) fn SubscriptionForm(props: &SubscriptionFormProps) -> Html {
    let form = {
        let subscribed = props.subscribed.clone();
        use_reducer(move || Form::of(&subscribed))
    };
    let onsubmit = {
        let (form, account) = (form.clone(), props.account.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            submit(&form, &account);
        }
    };
    let heading = format!("subscriptions-{}", props.project_id);
    html! {
        <section class="ds-control-panel__part" aria-labelledby={heading.clone()} data-testid="subscriptions">
            <h3 id={heading} class="ds-control-panel__subheading">{ texts().subscriptions }</h3>
            <p class="ds-control-panel__facts">{ texts().subscriptions_hint }</p>
            <form class="ds-control-panel__form" novalidate=true {onsubmit}>
                { for props.channels.iter().map(|channel| view_channel(&form, channel)) }
                <SaveBar saving={form.saving.clone()} testid="save-subscriptions" />
            </form>
        </section>
    }
}

fn view_channel(form: &UseReducerHandle<Form>, channel: &ChannelView) -> Html {
    let onswitch = {
        let (form, id) = (form.dispatcher(), channel.id.clone());
        Callback::from(move |on| form.dispatch(Change::Turned(id.clone(), on)))
    };
    html! {
        <SwitchField key={channel.id.clone()} id={format!("subscribed-{}", channel.id)} testid="subscribed" label={channel.name.clone()}
            on={form.wanted.contains(&channel.id)} {onswitch} />
    }
}

fn submit(form: &UseReducerHandle<Form>, account: &Account) {
    let turned = form.turned();
    form.dispatch(Change::Save);
    let (form, account) = (form.dispatcher(), account.clone());
    wasm_bindgen_futures::spawn_local(async move {
        for (id, on) in turned {
            if let Err(failure) = relay::set_subscription(&account, &id, on).await {
                return form.dispatch(Change::Answered(Err(failure)));
            }
            form.dispatch(Change::Stored(id, on));
        }
        form.dispatch(Change::Answered(Ok(())));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reduce(changes: Vec<Change>) -> Rc<Form> {
        let subscribed = ["chn_1".to_owned(), "chn_2".to_owned()];
        changes.into_iter().fold(Rc::new(Form::of(&subscribed)), Form::reduce)
    }

    fn turn(id: &str, on: bool) -> Change {
        Change::Turned(id.into(), on)
    }

    #[test]
    fn only_what_was_turned_is_sent() {
        // N1
        assert_eq!(reduce(vec![turn("chn_1", false), turn("chn_1", true)]).turned(), []);
        let form = reduce(vec![turn("chn_2", false), turn("chn_3", true)]);
        assert_eq!(form.turned(), [("chn_2".to_owned(), false), ("chn_3".to_owned(), true)]);
    }

    #[test]
    fn what_was_not_taken_or_was_turned_during_saving_stays_to_be_saved() {
        // N1
        let saving = reduce(vec![turn("chn_1", false), turn("chn_3", true), Change::Save]);
        let half = saving.reduce(Change::Stored("chn_1".into(), false));
        let failure = Failure::NotARelay("https://desk.example".into());
        let failed = half.clone().reduce(Change::Answered(Err(failure)));
        assert!(matches!(failed.saving, Saving::Failed(_)));
        assert_eq!(failed.turned(), [("chn_3".to_owned(), true)], "the first one is stored");
        let form = half.reduce(turn("chn_2", false)).reduce(Change::Stored("chn_3".into(), true));
        let form = form.reduce(Change::Answered(Ok(())));
        assert_eq!((form.turned(), &form.saving), (vec![("chn_2".to_owned(), false)], &Saving::Idle));
        assert_eq!(
            reduce(vec![turn("chn_1", false), Change::Save]).reduce(Change::Answered(Ok(()))).saving,
            Saving::Saved
        );
    }
}
