//! A project's times (X2).

use std::rc::Rc;

use domain::clock::FinishMinutes;
use protocol::view::ProjectSettings;
use protocol::worker::Account;
use ui::text::options;
use web_sys::SubmitEvent;
use yew::{AttrValue, Callback, Html, Properties, Reducible, UseReducerHandle, component, html, use_reducer};

use crate::minutes::{MinutesField, Typed};
use crate::relay::{self, Failure};
use crate::saving::{SaveBar, Saving};
use crate::switch::SwitchField;

/// The form's properties.
#[derive(Properties, PartialEq)]
pub(crate) struct ProjectFormProps {
    /// Who administers it.
    pub account: Account,
    /// Which project.
    pub project_id: AttrValue,
    /// What is stored.
    pub stored: ProjectSettings,
}

/// What was entered, and what came of it.
#[derive(Clone, Debug, PartialEq)]
struct Form {
    finish: Typed,
    count_from_contact: bool,
    saving: Saving,
}

/// What happens to the form.
#[derive(Clone, Debug)]
enum Change {
    /// "Finish after client inactivity" was typed into.
    Finish(String),
    /// "Count from the client's last message" was ticked or not.
    CountFromContact(bool),
    /// "Save" was pressed.
    Save,
    /// It is stored, or not.
    Answered(Result<ProjectSettings, Failure>),
}

impl Form {
    fn of(stored: ProjectSettings) -> Self {
        let ProjectSettings { finish_after_minutes, count_from_contact } = stored;
        Self { finish: Typed::of(finish_after_minutes), count_from_contact, saving: Saving::default() }
    }

    /// What is to be stored, if it can be; otherwise the field says what to do.
    fn read(&mut self) -> Option<ProjectSettings> {
        let finish_after_minutes = self.finish.read::<{ FinishMinutes::MAX }>()?;
        Some(ProjectSettings { finish_after_minutes, count_from_contact: self.count_from_contact })
    }
}

impl Reducible for Form {
    type Action = Change;

    fn reduce(self: Rc<Self>, change: Change) -> Rc<Self> {
        let mut next = (*self).clone();
        match change {
            Change::Finish(text) => next.finish = Typed::text(text),
            Change::CountFromContact(counts) => next.count_from_contact = counts,
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

/// "Finish after client inactivity" and "Count from the client's last message" of one project.
#[component]
pub(crate) fn ProjectForm(props: &ProjectFormProps) -> Html {
    let form = {
        let stored = props.stored;
        use_reducer(move || Form::of(stored))
    };
    let texts = options();
    let onsubmit = {
        let (form, account, project_id) = (form.clone(), props.account.clone(), props.project_id.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            submit(&form, &account, &project_id);
        }
    };
    let ontype = {
        let form = form.dispatcher();
        Callback::from(move |text| form.dispatch(Change::Finish(text)))
    };
    let onswitch = {
        let form = form.dispatcher();
        Callback::from(move |counts| form.dispatch(Change::CountFromContact(counts)))
    };
    html! {
        <form class="ds-control-panel__form" novalidate=true {onsubmit}>
            <MinutesField id={format!("finish-after-{}", props.project_id)} testid="finish-after" label={texts.finish_after}
                hint={texts.finish_after_hint} max={FinishMinutes::MAX} typed={form.finish.clone()} {ontype} />
            <SwitchField id={format!("count-from-contact-{}", props.project_id)} testid="count-from-contact" label={texts.count_from_contact}
                hint={texts.count_from_contact_hint} on={form.count_from_contact} {onswitch} />
            <SaveBar saving={form.saving.clone()} testid="save-project" />
        </form>
    }
}

fn submit(form: &UseReducerHandle<Form>, account: &Account, project_id: &AttrValue) {
    let settings = (**form).clone().read();
    form.dispatch(Change::Save);
    let Some(settings) = settings else { return };
    let (form, account, project_id) = (form.dispatcher(), account.clone(), project_id.clone());
    wasm_bindgen_futures::spawn_local(async move {
        form.dispatch(Change::Answered(relay::set_project_settings(&account, &project_id, settings).await));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORED: ProjectSettings = ProjectSettings { finish_after_minutes: 10_080, count_from_contact: false };

    fn reduce(changes: Vec<Change>) -> Rc<Form> {
        changes.into_iter().fold(Rc::new(Form::of(STORED)), Form::reduce)
    }

    #[test]
    fn a_week_is_the_longest_time() {
        // X2
        assert_eq!((*reduce(Vec::new())).clone().read(), Some(STORED));
        let form = reduce(vec![Change::Finish("10081".into()), Change::CountFromContact(true), Change::Save]);
        assert_eq!(form.finish.wrong.as_deref(), Some("Enter whole minutes from 1 to 10080."));
        assert_eq!((form.finish.text.as_str(), form.count_from_contact, &form.saving), ("10081", true, &Saving::Idle));
    }

    #[test]
    fn a_failure_leaves_what_was_entered() {
        // X2
        let form = reduce(vec![Change::CountFromContact(true), Change::Save]);
        let failure = Failure::NotARelay("https://desk.example".into());
        let failed = form.clone().reduce(Change::Answered(Err(failure)));
        assert!(failed.count_from_contact && matches!(failed.saving, Saving::Failed(_)));
        let stored = ProjectSettings { count_from_contact: true, ..STORED };
        assert_eq!(form.reduce(Change::Answered(Ok(stored))).saving, Saving::Saved);
    }
}
