//! An agent's own times (P6, A10).

use std::rc::Rc;

use domain::clock::AgentMinutes;
use protocol::view::AgentSettings;
use protocol::worker::Account;
use ui::text::options;
use web_sys::SubmitEvent;
use yew::{Callback, Html, Properties, Reducible, UseReducerHandle, component, html, use_reducer};

use crate::minutes::{MinutesField, Typed};
use crate::relay::{self, Failure};
use crate::saving::{SaveBar, Saving};

/// The form's properties.
#[derive(Properties, PartialEq)]
pub(crate) struct AgentFormProps {
    /// Whose times.
    pub account: Account,
    /// What is stored.
    pub stored: AgentSettings,
}

/// What was typed, and what came of it.
#[derive(Clone, Debug, PartialEq)]
struct Form {
    detach: Typed,
    offline: Typed,
    saving: Saving,
}

/// What happens to the form.
#[derive(Clone, Debug)]
enum Change {
    /// "Detach my conversations" was typed into.
    Detach(String),
    /// "Turn off online mode" was typed into.
    Offline(String),
    /// "Save" was pressed.
    Save,
    /// It is stored, or not.
    Answered(Result<AgentSettings, Failure>),
}

impl Form {
    fn of(stored: AgentSettings) -> Self {
        let AgentSettings { detach_after_minutes, offline_after_minutes } = stored;
        Self {
            detach: Typed::of(detach_after_minutes),
            offline: Typed::of(offline_after_minutes),
            saving: Saving::default(),
        }
    }

    /// What is to be stored, if everything can be; otherwise the fields say what to do.
    fn read(&mut self) -> Option<AgentSettings> {
        let detach = self.detach.read::<{ AgentMinutes::MAX }>();
        let offline = self.offline.read::<{ AgentMinutes::MAX }>();
        Some(AgentSettings { detach_after_minutes: detach?, offline_after_minutes: offline? })
    }
}

impl Reducible for Form {
    type Action = Change;

    fn reduce(self: Rc<Self>, change: Change) -> Rc<Self> {
        let mut next = (*self).clone();
        match change {
            Change::Detach(text) => next.detach = Typed::text(text),
            Change::Offline(text) => next.offline = Typed::text(text),
            Change::Save => {
                next.saving = if next.read().is_some() { Saving::BEGUN } else { Saving::Idle };
                return Rc::new(next);
            }
            Change::Answered(Ok(stored)) => {
                if next.saving.stored() {
                    next = Self { saving: next.saving, ..Self::of(stored) };
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

/// "Interface" and "Chat settings" of one account.
#[component]
pub(crate) fn AgentForm(props: &AgentFormProps) -> Html {
    let form = {
        let stored = props.stored;
        use_reducer(move || Form::of(stored))
    };
    let texts = options();
    let onsubmit = {
        let (form, account) = (form.clone(), props.account.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            submit(&form, &account);
        }
    };
    let typing = |change: fn(String) -> Change| {
        let form = form.dispatcher();
        Callback::from(move |text| form.dispatch(change(text)))
    };
    let id = |name: &str| format!("{name}-{}", props.account.agent_id);
    html! {
        <form class="ds-control-panel__form" novalidate=true {onsubmit}>
            <h3 class="ds-control-panel__subheading">{ texts.interface }</h3>
            <MinutesField id={id("detach-after")} testid="detach-after" label={texts.detach_after} hint={texts.detach_after_hint}
                max={AgentMinutes::MAX} typed={form.detach.clone()} ontype={typing(Change::Detach)} />
            <h3 class="ds-control-panel__subheading">{ texts.chat_settings }</h3>
            <MinutesField id={id("offline-after")} testid="offline-after" label={texts.offline_after} hint={texts.offline_after_hint}
                max={AgentMinutes::MAX} typed={form.offline.clone()} ontype={typing(Change::Offline)} />
            <SaveBar saving={form.saving.clone()} testid="save-settings" />
        </form>
    }
}

fn submit(form: &UseReducerHandle<Form>, account: &Account) {
    let settings = (**form).clone().read();
    form.dispatch(Change::Save);
    let Some(settings) = settings else { return };
    let (form, account) = (form.dispatcher(), account.clone());
    wasm_bindgen_futures::spawn_local(async move {
        form.dispatch(Change::Answered(relay::set_settings(&account, settings).await));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORED: AgentSettings = AgentSettings { detach_after_minutes: 15, offline_after_minutes: 30 };

    fn reduce(changes: Vec<Change>) -> Rc<Form> {
        changes.into_iter().fold(Rc::new(Form::of(STORED)), Form::reduce)
    }

    fn detach(text: &str) -> Change {
        Change::Detach(text.into())
    }

    #[test]
    fn both_fields_are_looked_at_and_nothing_typed_is_lost() {
        // P6, A10
        let form = reduce(vec![detach("0"), Change::Offline("2000".into()), Change::Save]);
        assert!(form.detach.wrong.is_some() && form.offline.wrong.is_some());
        assert_eq!((form.detach.text.as_str(), form.offline.text.as_str()), ("0", "2000"));
        assert_eq!(form.saving, Saving::Idle, "nothing is sent");
        let form = form.reduce(detach("5"));
        assert!(form.detach.wrong.is_none() && form.offline.wrong.is_some());
        assert_eq!((*reduce(vec![detach("5")])).clone().read().map(|it| it.detach_after_minutes), Some(5));
    }

    #[test]
    fn what_is_stored_is_shown_and_a_failure_leaves_what_was_typed() {
        // A10
        let saved = AgentSettings { detach_after_minutes: 5, ..STORED };
        let form = reduce(vec![detach(" 5"), Change::Save]);
        assert!(form.saving.is_under_way());
        let done = form.clone().reduce(Change::Answered(Ok(saved)));
        assert_eq!((done.detach.text.as_str(), &done.saving), ("5", &Saving::Saved));
        assert_eq!(done.reduce(detach("6")).saving, Saving::Idle);
        let failed = form.reduce(Change::Answered(Err(Failure::Unreachable("https://desk.example".into()))));
        assert_eq!(failed.detach.text, " 5");
        assert!(matches!(&failed.saving, Saving::Failed(why) if why.starts_with("Not saved. No relay answers")));
    }

    #[test]
    fn what_is_typed_while_it_is_being_saved_stays() {
        let form = reduce(vec![detach("5"), Change::Save, detach("6")]);
        assert!(form.saving.is_under_way());
        let form = form.reduce(Change::Answered(Ok(AgentSettings { detach_after_minutes: 5, ..STORED })));
        assert_eq!((form.detach.text.as_str(), &form.saving), ("6", &Saving::Idle));
    }
}
