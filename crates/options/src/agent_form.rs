//! What an agent sets for himself: his times, how he is alerted, and the theme (P6, A10, N6, G3).

use std::rc::Rc;

use domain::clock::AgentMinutes;
use protocol::view::AgentSettings;
use protocol::worker::Account;
use ui::text::options;
use web_sys::SubmitEvent;
use yew::{Callback, Html, Properties, Reducible, UseReducerHandle, component, html, use_effect_with, use_reducer};

use crate::minutes::{MinutesField, Typed};
use crate::relay::{self, Failure};
use crate::saving::{SaveBar, Saving};
use crate::switch::SwitchField;
use crate::theme::Theme;
use crate::theme_field::ThemeField;
use crate::try_sound::TrySound;

/// The form's properties.
#[derive(Properties, PartialEq)]
pub(crate) struct AgentFormProps {
    /// Whose settings.
    pub account: Account,
    /// What is stored at the relay.
    pub stored: AgentSettings,
    /// The theme that the browser keeps.
    pub theme: Theme,
}

/// What was entered, and what came of it.
#[derive(Clone, Debug, PartialEq)]
struct Form {
    detach: Typed,
    offline: Typed,
    sound: bool,
    popup: bool,
    repeat: bool,
    theme: Theme,
    /// The theme that the browser keeps.
    kept: Theme,
    saving: Saving,
}

/// What happens to the form.
#[derive(Clone, Debug)]
enum Change {
    /// "Detach my conversations" was typed into.
    Detach(String),
    /// "Turn off online mode" was typed into.
    Offline(String),
    /// "Sound notifications" was turned on or off.
    Sound(bool),
    /// "Pop-up notifications" was turned on or off.
    Popup(bool),
    /// "Repeat until seen" was turned on or off.
    Repeat(bool),
    /// A theme was chosen.
    Theme(Theme),
    /// The browser keeps another theme: it was chosen beside another account, or on another computer.
    Kept(Theme),
    /// "Save" was pressed.
    Save,
    /// The relay stored its part, or not.
    Answered(Result<AgentSettings, Failure>),
    /// The relay stored its part, and the browser did not keep the theme.
    ThemeNotKept,
}

impl Form {
    fn of(stored: AgentSettings, theme: Theme) -> Self {
        Self {
            detach: Typed::of(stored.detach_after_minutes),
            offline: Typed::of(stored.offline_after_minutes),
            sound: stored.sound_notifications,
            popup: stored.popup_notifications,
            repeat: stored.repeat_until_seen,
            theme,
            kept: theme,
            saving: Saving::default(),
        }
    }

    /// What is to be stored, if everything can be; otherwise the fields say what to do.
    fn read(&mut self) -> Option<AgentSettings> {
        let detach = self.detach.read::<{ AgentMinutes::MAX }>();
        let offline = self.offline.read::<{ AgentMinutes::MAX }>();
        Some(AgentSettings {
            detach_after_minutes: detach?,
            offline_after_minutes: offline?,
            sound_notifications: self.sound,
            popup_notifications: self.popup,
            repeat_until_seen: self.repeat,
        })
    }

    /// The theme that is to be kept, if it is another.
    fn new_theme(&self) -> Option<Theme> {
        (self.theme != self.kept).then_some(self.theme)
    }

    /// The browser keeps this theme; what was chosen and not saved stays.
    fn kept(&mut self, theme: Theme) {
        if self.new_theme().is_none() {
            self.theme = theme;
        }
        self.kept = theme;
    }
}

impl Reducible for Form {
    type Action = Change;

    fn reduce(self: Rc<Self>, change: Change) -> Rc<Self> {
        let mut next = (*self).clone();
        match change {
            Change::Detach(text) => next.detach = Typed::text(text),
            Change::Offline(text) => next.offline = Typed::text(text),
            Change::Sound(on) => next.sound = on,
            Change::Popup(on) => next.popup = on,
            Change::Repeat(on) => next.repeat = on,
            Change::Theme(theme) => next.theme = theme,
            Change::Kept(theme) => {
                next.kept(theme);
                return Rc::new(next);
            }
            Change::Save => {
                next.saving = if next.read().is_some() { Saving::BEGUN } else { Saving::Idle };
                return Rc::new(next);
            }
            Change::Answered(Ok(stored)) => {
                if next.saving.stored() {
                    next = Self { saving: next.saving, kept: next.kept, ..Self::of(stored, next.theme) };
                }
                return Rc::new(next);
            }
            Change::Answered(Err(failure)) => {
                next.saving.failed(&failure);
                return Rc::new(next);
            }
            Change::ThemeNotKept => {
                next.saving = Saving::Failed(options().theme_not_kept.to_owned());
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
        let (stored, theme) = (props.stored, props.theme);
        use_reducer(move || Form::of(stored, theme))
    };
    {
        let form = form.dispatcher();
        use_effect_with(props.theme, move |theme| form.dispatch(Change::Kept(*theme)));
    }
    let texts = options();
    let onsubmit = {
        let (form, account) = (form.clone(), props.account.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            submit(&form, &account);
        }
    };
    let typing = |change| entering::<String>(&form, change);
    let turning = |change| entering::<bool>(&form, change);
    let id = |name: &str| format!("{name}-{}", props.account.agent_id);
    html! {
        <form class="ds-control-panel__form" novalidate=true {onsubmit}>
            <h3 class="ds-control-panel__subheading">{ texts.interface }</h3>
            <MinutesField id={id("detach-after")} testid="detach-after" label={texts.detach_after} hint={texts.detach_after_hint}
                max={AgentMinutes::MAX} typed={form.detach.clone()} ontype={typing(Change::Detach)} />
            <ThemeField id={id("theme")} theme={form.theme} onchoose={entering(&form, Change::Theme)} />
            <h3 class="ds-control-panel__subheading">{ texts.chat_settings }</h3>
            <MinutesField id={id("offline-after")} testid="offline-after" label={texts.offline_after} hint={texts.offline_after_hint}
                max={AgentMinutes::MAX} typed={form.offline.clone()} ontype={typing(Change::Offline)} />
            <SwitchField id={id("sound")} testid="sound-notifications" label={texts.sound_notifications} hint={texts.sound_notifications_hint}
                on={form.sound} onswitch={turning(Change::Sound)}><TrySound /></SwitchField>
            <SwitchField id={id("popup")} testid="popup-notifications" label={texts.popup_notifications} hint={texts.popup_notifications_hint}
                on={form.popup} onswitch={turning(Change::Popup)} />
            <SwitchField id={id("repeat")} testid="repeat-until-seen" label={texts.repeat_until_seen} hint={texts.repeat_until_seen_hint}
                on={form.repeat} onswitch={turning(Change::Repeat)} />
            <SaveBar saving={form.saving.clone()} testid="save-settings" />
        </form>
    }
}

/// Passes on what is entered into a field.
fn entering<T: 'static>(form: &UseReducerHandle<Form>, change: fn(T) -> Change) -> Callback<T> {
    let form = form.dispatcher();
    Callback::from(move |entered| form.dispatch(change(entered)))
}

fn submit(form: &UseReducerHandle<Form>, account: &Account) {
    let (settings, theme) = ((**form).clone().read(), form.new_theme());
    form.dispatch(Change::Save);
    let Some(settings) = settings else { return };
    let (form, account) = (form.dispatcher(), account.clone());
    wasm_bindgen_futures::spawn_local(async move {
        // The relay goes first: if it refuses, nothing at all is saved, as the words say then.
        let answer = relay::set_settings(&account, settings).await;
        let kept = match theme.filter(|_| answer.is_ok()) {
            Some(theme) => theme.keep().await,
            None => Ok(()),
        };
        form.dispatch(Change::Answered(answer));
        if let Err(error) = kept {
            web_sys::console::warn_1(&error.to_string().into());
            form.dispatch(Change::ThemeNotKept);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORED: AgentSettings = AgentSettings {
        detach_after_minutes: 15,
        offline_after_minutes: 30,
        sound_notifications: true,
        popup_notifications: true,
        repeat_until_seen: false,
    };

    fn reduce(changes: Vec<Change>) -> Rc<Form> {
        changes.into_iter().fold(Rc::new(Form::of(STORED, Theme::Gmail)), Form::reduce)
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
    fn what_is_stored_is_shown_and_a_failure_leaves_what_was_entered() {
        // A10, N6
        let saved = AgentSettings { detach_after_minutes: 5, sound_notifications: false, ..STORED };
        let form = reduce(vec![detach(" 5"), Change::Sound(false), Change::Save]);
        assert!(form.saving.is_under_way());
        let done = form.clone().reduce(Change::Answered(Ok(saved)));
        assert_eq!((done.detach.text.as_str(), done.sound, &done.saving), ("5", false, &Saving::Saved));
        assert_eq!(done.reduce(detach("6")).saving, Saving::Idle);
        let failed = form.reduce(Change::Answered(Err(Failure::Unreachable("https://desk.example".into()))));
        assert_eq!((failed.detach.text.as_str(), failed.sound), (" 5", false));
        assert!(matches!(&failed.saving, Saving::Failed(why) if why.starts_with("Not saved. No relay answers")));
    }

    #[test]
    fn what_is_entered_while_it_is_being_saved_stays() {
        let form = reduce(vec![detach("5"), Change::Save, detach("6"), Change::Repeat(true)]);
        assert!(form.saving.is_under_way());
        let form = form.reduce(Change::Answered(Ok(AgentSettings { detach_after_minutes: 5, ..STORED })));
        assert_eq!((form.detach.text.as_str(), form.repeat, &form.saving), ("6", true, &Saving::Idle));
    }

    #[test]
    fn each_switch_is_stored_as_its_own() {
        // N6
        let read = |change| (*reduce(vec![change])).clone().read().unwrap();
        assert_eq!(read(Change::Sound(false)), AgentSettings { sound_notifications: false, ..STORED });
        assert_eq!(read(Change::Popup(false)), AgentSettings { popup_notifications: false, ..STORED });
        assert_eq!(read(Change::Repeat(true)), AgentSettings { repeat_until_seen: true, ..STORED });
    }

    #[test]
    fn a_theme_is_kept_only_if_it_was_chosen_here() {
        // G3
        let form = reduce(vec![Change::Kept(Theme::Dark)]);
        assert_eq!((form.theme, form.new_theme()), (Theme::Dark, None), "chosen elsewhere");
        let form = form.reduce(Change::Theme(Theme::Light)).reduce(Change::Kept(Theme::Gmail));
        assert_eq!(form.new_theme(), Some(Theme::Light), "what was chosen and not saved stays");
        let form = form.reduce(Change::Save).reduce(Change::Answered(Ok(STORED)));
        assert_eq!((form.theme, &form.saving), (Theme::Light, &Saving::Saved));
        let refused = form.clone().reduce(Change::ThemeNotKept);
        assert!(matches!(&refused.saving, Saving::Failed(why) if why.starts_with("Saved, but")));
        assert_eq!(refused.new_theme(), Some(Theme::Light), "to be tried again");
        assert_eq!(form.reduce(Change::Kept(Theme::Light)).new_theme(), None);
    }
}
