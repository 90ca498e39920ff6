//! A channel's switches (F4, W3).

use std::rc::Rc;

use protocol::file::{ChannelSwitches, SetChannelSwitches};
use protocol::view::ChannelView;
use protocol::worker::Account;
use ui::text::channels;
use web_sys::SubmitEvent;
use yew::{AttrValue, Callback, Html, Properties, Reducible, UseReducerHandle, component, html, use_reducer};

use crate::relay::{self, Failure};
use crate::saving::{SaveBar, Saving};
use crate::switch::SwitchField;

/// The form's properties.
#[derive(Properties, PartialEq)]
pub(crate) struct ChannelFormProps {
    /// Who looks at it.
    pub account: Account,
    /// The channel, as it is stored.
    pub channel: ChannelView,
    /// The DOM id of the words that say why he cannot change anything; nothing if he can.
    pub locked_by: Option<AttrValue>,
}

/// What was entered, and what came of it.
#[derive(Clone, Debug, PartialEq)]
struct Form {
    stored: ChannelSwitches,
    wanted: ChannelSwitches,
    saving: Saving,
}

/// What happens to the form.
#[derive(Clone, Debug)]
enum Change {
    /// "Clients may send files" was turned on or off.
    Files(bool),
    /// "Note the pages that clients open" was turned on or off.
    Visits(bool),
    /// "Save" was pressed.
    Save,
    /// It is stored, or not.
    Answered(Result<ChannelSwitches, Failure>),
}

impl Form {
    fn of(stored: ChannelSwitches) -> Self {
        Self { stored, wanted: stored, saving: Saving::default() }
    }

    /// What was turned; the other switch is left to whoever turns it meanwhile.
    fn turned(&self) -> SetChannelSwitches {
        let turned = |wanted: bool, stored: bool| (wanted != stored).then_some(wanted);
        SetChannelSwitches {
            files_allowed: turned(self.wanted.files_allowed, self.stored.files_allowed),
            visits_allowed: turned(self.wanted.visits_allowed, self.stored.visits_allowed),
        }
    }
}

impl Reducible for Form {
    type Action = Change;

    fn reduce(self: Rc<Self>, change: Change) -> Rc<Self> {
        let mut next = (*self).clone();
        match change {
            Change::Files(on) => next.wanted.files_allowed = on,
            Change::Visits(on) => next.wanted.visits_allowed = on,
            Change::Save => {
                next.saving = Saving::BEGUN;
                return Rc::new(next);
            }
            Change::Answered(Ok(stored)) => {
                next.stored = stored;
                if next.saving.stored() {
                    next.wanted = stored;
                }
                return Rc::new(next);
            }
            Change::Answered(Err(failure)) => {
                next.saving.failed(&failure);
                return Rc::new(next);
            }
        }
        next.saving.entered();
        Rc::new(next)
    }
}

/// "Clients may send files" and "Note the pages that clients open" of one channel.
#[component]
pub(crate) fn ChannelForm(props: &ChannelFormProps) -> Html {
    let ChannelFormProps { account, channel, locked_by } = props;
    let form = {
        let stored = channel.switches;
        use_reducer(move || Form::of(stored))
    };
    let texts = channels();
    let onsubmit = {
        let (form, account, id) = (form.clone(), account.clone(), channel.id.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            submit(&form, &account, &id);
        }
    };
    let turn = |change: fn(bool) -> Change| {
        let form = form.dispatcher();
        Callback::from(move |on| form.dispatch(change(on)))
    };
    let id = |what: &str| format!("{what}-{}", channel.id);
    html! {
        <form class="ds-control-panel__form" novalidate=true aria-labelledby={id("name")} data-testid="channel" {onsubmit}>
            <h4 id={id("name")} class="ds-control-panel__name"><bdi>{ &channel.name }</bdi></h4>
            <SwitchField id={id("files-allowed")} testid="files-allowed" label={texts.files_allowed} hint={texts.files_allowed_hint}
                on={form.wanted.files_allowed} locked_by={locked_by.clone()} onswitch={turn(Change::Files)} />
            <SwitchField id={id("visits-allowed")} testid="visits-allowed" label={texts.visits_allowed} hint={texts.visits_allowed_hint}
                on={form.wanted.visits_allowed} locked_by={locked_by.clone()} onswitch={turn(Change::Visits)} />
            if locked_by.is_none() {
                <SaveBar saving={form.saving.clone()} testid="save-channel" />
            }
        </form>
    }
}

fn submit(form: &UseReducerHandle<Form>, account: &Account, channel_id: &str) {
    let turned = form.turned();
    form.dispatch(Change::Save);
    let (form, account, channel_id) = (form.dispatcher(), account.clone(), channel_id.to_owned());
    wasm_bindgen_futures::spawn_local(async move {
        form.dispatch(Change::Answered(relay::set_channel_switches(&account, &channel_id, turned).await));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    const ON: ChannelSwitches = ChannelSwitches { files_allowed: true, visits_allowed: true };

    fn reduce(changes: Vec<Change>) -> Rc<Form> {
        changes.into_iter().fold(Rc::new(Form::of(ON)), Form::reduce)
    }

    #[test]
    fn only_what_was_turned_is_sent() {
        // F4 W3
        assert_eq!(reduce(Vec::new()).turned(), SetChannelSwitches::default());
        let form = reduce(vec![Change::Visits(false), Change::Files(false), Change::Files(true)]);
        assert_eq!(form.turned(), SetChannelSwitches { files_allowed: None, visits_allowed: Some(false) });
    }

    #[test]
    fn what_a_colleague_turned_meanwhile_is_shown_after_saving() {
        // F4 W3
        let form = reduce(vec![Change::Visits(false), Change::Save]);
        let stored = ChannelSwitches { files_allowed: false, visits_allowed: false };
        let form = form.reduce(Change::Answered(Ok(stored)));
        assert_eq!((form.wanted, form.turned(), &form.saving), (stored, SetChannelSwitches::default(), &Saving::Saved));
    }

    #[test]
    fn what_was_turned_during_saving_or_not_taken_stays_turned() {
        // F4 W3
        let saving = reduce(vec![Change::Files(false), Change::Save]);
        let form = saving.clone().reduce(Change::Visits(false));
        let form = form.reduce(Change::Answered(Ok(ChannelSwitches { files_allowed: false, ..ON })));
        assert_eq!(form.turned(), SetChannelSwitches { files_allowed: None, visits_allowed: Some(false) });
        let failed = saving.reduce(Change::Answered(Err(Failure::NotARelay("https://desk.example".into()))));
        assert!(matches!(failed.saving, Saving::Failed(_)));
        assert_eq!(failed.turned().files_allowed, Some(false));
    }
}
