//! The form of a template (T2): title, text, files, and for whom.

use std::rc::Rc;

use domain::id::TemplateId;
use domain::text::{MessageText, Name};
use domain::time::Timestamp;
use protocol::error::ErrorCode;
use protocol::template::TemplateView;
use protocol::view::ProjectView;
use protocol::worker::Account;
use ui::clock::machine_ms;
use ui::components::Button;
use ui::random::random;
use ui::state::files::{Files, FilesAction, Said};
use ui::text::{fill, templates, texts};
use web_sys::{HtmlElement, HtmlInputElement, HtmlTextAreaElement, SubmitEvent};
use yew::{
    Callback, Html, InputEvent, NodeRef, Properties, Reducible, TargetCast as _, UseReducerHandle, component, html,
    use_effect_with, use_node_ref, use_reducer,
};

use crate::relay::{self, Failure};
use crate::saving::{SaveBar, Saving};
use crate::template_files::{self, FilesField};
use crate::template_scope::ScopeField;
use crate::template_section::file_names;

/// The form's properties.
#[derive(Properties, PartialEq)]
pub(crate) struct TemplateFormProps {
    /// Whose relay.
    pub account: Account,
    /// What is stored, if it is to be changed.
    pub stored: Option<TemplateView>,
    /// The projects whose templates the agent may make.
    pub projects: Rc<Vec<ProjectView>>,
    /// Called with what is stored.
    pub onsaved: Callback<TemplateView>,
    /// Closes the form.
    pub oncancel: Callback<()>,
}

/// What was entered, and what came of it.
#[derive(Clone, Debug, PartialEq)]
struct Form {
    /// The template as it would be stored. Its id stays the same, however often it is sent.
    template: TemplateView,
    title_wrong: Option<String>,
    text_wrong: Option<String>,
    files: Files,
    /// What is to be said of files that were left out.
    files_wrong: Option<String>,
    saving: Saving,
    /// What somebody else made of it meanwhile.
    theirs: Option<TemplateView>,
}

/// What happens to the form.
#[derive(Clone, Debug)]
enum Change {
    /// "Title" was typed into.
    Title(String),
    /// "Text" was typed into.
    Text(String),
    /// "Mine" or a project was chosen.
    Scope(Option<String>),
    /// Files were chosen or taken away, or are on their way.
    Files(FilesAction),
    /// "Save" was pressed.
    Save,
    /// It is not stored.
    Failed(Failure),
    /// Somebody else changed it meanwhile: saving again replaces this.
    Theirs(TemplateView),
}

impl Form {
    fn of(template: TemplateView) -> Self {
        let (files, saving) = (template_files::stored(&template), Saving::default());
        Self { template, title_wrong: None, text_wrong: None, files, files_wrong: None, saving, theirs: None }
    }

    fn new() -> Self {
        let id = TemplateId::new(Timestamp::from_ms(machine_ms()), random()).to_string();
        let (title, text, attachments) = (String::new(), String::new(), Vec::new());
        Self::of(TemplateView { id, rev: 0, project_id: None, title, text, attachments })
    }

    /// Whether it can be stored; otherwise the fields say what to do.
    fn check(&mut self) -> bool {
        let own = templates();
        let n = self.template.text.trim().chars().count();
        self.title_wrong = Name::new(&self.template.title).is_err().then(|| own.title_wrong.to_owned());
        self.text_wrong =
            MessageText::new(&self.template.text).is_err().then(|| fill(own.text_wrong, &[("n", &n.to_string())]));
        self.title_wrong.is_none() && self.text_wrong.is_none()
    }
}

impl Form {
    /// Takes what happens to files; says whether it is no entry of the agent's.
    fn take_files(&mut self, action: FilesAction) -> bool {
        let is_entry = matches!(action, FilesAction::Choose(..) | FilesAction::Remove(_));
        if is_entry {
            self.files_wrong = None;
        }
        match self.files.take(action) {
            Some(Said::Left(words)) => self.files_wrong = Some(words),
            Some(Said::Failed(words, _)) => self.saving = Saving::Failed(words),
            None => {}
        }
        !is_entry
    }
}

impl Reducible for Form {
    type Action = Change;

    fn reduce(self: Rc<Self>, change: Change) -> Rc<Self> {
        let mut next = (*self).clone();
        match change {
            Change::Title(title) => (next.template.title, next.title_wrong) = (title, None),
            Change::Text(text) => (next.template.text, next.text_wrong) = (text, None),
            Change::Scope(project_id) => {
                next.template.project_id = project_id;
                template_files::bring_anew(&mut next.files, &self.template.id);
            }
            Change::Files(action) => {
                if next.take_files(action) {
                    return Rc::new(next);
                }
            }
            Change::Save => {
                next.saving = if next.check() { Saving::BEGUN } else { Saving::Idle };
                return Rc::new(next);
            }
            // The id is ours; what the relay does not take is one template more.
            Change::Failed(failure) if failure.is_about("id") => {
                next.files.take(FilesAction::Stop(self.template.id.clone()));
                next.saving = Saving::Failed(templates().too_many.to_owned());
                return Rc::new(next);
            }
            Change::Failed(failure) => {
                next.files.take(FilesAction::Stop(self.template.id.clone()));
                next.saving.failed(&failure);
                return Rc::new(next);
            }
            Change::Theirs(theirs) => {
                next.template.rev = theirs.rev;
                next.theirs = Some(theirs);
                return Rc::new(next);
            }
        }
        next.saving.entered();
        Rc::new(next)
    }
}

/// "Title", "Text", for whom, "Save" and "Cancel".
#[component]
pub(crate) fn TemplateForm(props: &TemplateFormProps) -> Html {
    let form = {
        let stored = props.stored.clone();
        use_reducer(move || stored.map_or_else(Form::new, Form::of))
    };
    let (own, first) = (templates(), use_node_ref());
    {
        let first = first.clone();
        use_effect_with((), move |()| {
            if let Some(Err(error)) = first.cast::<HtmlElement>().map(|first| first.focus()) {
                web_sys::console::warn_1(&error);
            }
        });
    }
    let onsubmit = {
        let (form, props) = (form.clone(), (props.account.clone(), props.stored.is_some(), props.onsaved.clone()));
        move |event: SubmitEvent| {
            event.prevent_default();
            submit(&form, &props);
        }
    };
    let onscope = {
        let form = form.dispatcher();
        Callback::from(move |scope| form.dispatch(Change::Scope(scope)))
    };
    let on_files = {
        let form = form.dispatcher();
        Callback::from(move |action| form.dispatch(Change::Files(action)))
    };
    {
        let (account, on_files) = (props.account.clone(), on_files.clone());
        use_effect_with((), move |()| template_files::ask_limit(&account, move |action| on_files.emit(action)));
    }
    let heading = if props.stored.is_some() { own.change_template } else { own.new_template };
    html! {
        <form class="ds-control-panel__form ds-control-panel__part" novalidate=true {onsubmit} data-testid="template-form" aria-label={heading}>
            <h4 class="ds-control-panel__subheading">{ heading }</h4>
            { title_field(&form, &first) }
            { text_field(&form) }
            <FilesField template_id={form.template.id.clone()} files={form.files.clone()} wrong={form.files_wrong.clone()} disabled={form.saving.is_under_way()} {on_files} />
            if props.stored.is_none() && !props.projects.is_empty() {
                <ScopeField projects={props.projects.clone()} chosen={form.template.project_id.clone()} {onscope} />
            }
            <SaveBar saving={form.saving.clone()} testid="save-template">
                <Button testid="cancel-template" onclick={props.oncancel.reform(|_| ())}>{ texts().cancel }</Button>
            </SaveBar>
            if let Some(theirs) = &form.theirs {
                <div role="status" data-testid="changed-meanwhile">
                    <p class="ds-control-panel__facts">{ own.now_says }</p>
                    <p class="ds-control-panel__name" dir="auto">{ &theirs.title }</p>
                    <p class="ds-control-panel__text" dir="auto">{ &theirs.text }</p>
                    { file_names(theirs) }
                    <p class="ds-control-panel__facts">{ own.save_replaces }</p>
                </div>
            }
        </form>
    }
}

fn title_field(form: &UseReducerHandle<Form>, first: &NodeRef) -> Html {
    let (own, set) = (templates(), form.dispatcher());
    let wrong = form.title_wrong.as_ref();
    let oninput = move |event: InputEvent| {
        set.dispatch(Change::Title(event.target_unchecked_into::<HtmlInputElement>().value()));
    };
    html! {
        <div class="ds-control-panel__field">
            <label class="ds-control-panel__label" for="template-title">{ own.title }</label>
            <input id="template-title" ref={first.clone()} class="ds-control-panel__input" type="text" dir="auto" autocomplete="off" data-testid="template-title"
                aria-describedby="template-title-hint" aria-invalid={wrong.map(|_| "true")} value={form.template.title.clone()} {oninput} />
            { under("template-title-hint", wrong, own.title_hint) }
        </div>
    }
}

fn text_field(form: &UseReducerHandle<Form>) -> Html {
    let (own, set) = (templates(), form.dispatcher());
    let wrong = form.text_wrong.as_ref();
    let oninput = move |event: InputEvent| {
        set.dispatch(Change::Text(event.target_unchecked_into::<HtmlTextAreaElement>().value()));
    };
    html! {
        <div class="ds-control-panel__field">
            <label class="ds-control-panel__label" for="template-text">{ own.text }</label>
            <textarea id="template-text" class="ds-control-panel__input ds-control-panel__input--text" rows="5" dir="auto" data-testid="template-text"
                aria-describedby="template-text-hint" aria-invalid={wrong.map(|_| "true")} value={form.template.text.clone()} {oninput} />
            { under("template-text-hint", wrong, own.text_hint) }
        </div>
    }
}

/// What stands under a field: what is wrong with it, or what it is about.
fn under(id: &'static str, wrong: Option<&String>, hint: &'static str) -> Html {
    match wrong {
        Some(wrong) => {
            html! { <p {id} class="ds-control-panel__wrong" role="alert" data-testid="field-wrong">{ wrong }</p> }
        }
        None => html! { <p {id} class="ds-control-panel__facts">{ hint }</p> },
    }
}

/// Whose relay, whether the template is there already, and who is told.
type To = (Account, bool, Callback<TemplateView>);

fn submit(form: &UseReducerHandle<Form>, to: &To) {
    let (is_fine, mut template, files) = ((**form).clone().check(), form.template.clone(), form.files.clone());
    if form.saving.is_under_way() {
        return;
    }
    form.dispatch(Change::Save);
    if !is_fine {
        return;
    }
    let (form, (account, is_stored, onsaved)) = (form.dispatcher(), to.clone());
    wasm_bindgen_futures::spawn_local(async move {
        let tell = form.clone();
        let brought =
            template_files::bring(&account, &template, files, move |action| tell.dispatch(Change::Files(action))).await;
        // Otherwise the form says which one did not get there.
        let Some(attachments) = brought else { return };
        template.attachments = attachments;
        let saved = if is_stored {
            relay::change_template(&account, &template).await
        } else {
            relay::make_template(&account, &template).await
        };
        match saved {
            Ok(stored) => onsaved.emit(stored),
            Err(failure) => {
                let is_stale = failure.is(ErrorCode::StaleRevision);
                form.dispatch(Change::Failed(failure));
                let now = if is_stale { relay::templates(&account).await.unwrap_or_default() } else { Vec::new() };
                if let Some(theirs) = now.into_iter().find(|now| now.id == template.id) {
                    form.dispatch(Change::Theirs(theirs));
                }
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use domain::text::MESSAGE_MAX_CHARS;
    use protocol::file::AttachmentView;
    use protocol::worker::UploadState;
    use ui::state::files::{Basket, Chosen, Stands};

    use super::*;

    fn stored() -> TemplateView {
        let (id, title, text) = ("tpl_1".into(), "Greeting".into(), "Hello".into());
        TemplateView { id, rev: 1, project_id: None, title, text, attachments: Vec::new() }
    }

    fn reduce(changes: Vec<Change>) -> Rc<Form> {
        changes.into_iter().fold(Rc::new(Form::of(stored())), Form::reduce)
    }

    #[test]
    fn what_is_missing_or_too_long_is_said_at_its_field() {
        // T2
        let form =
            reduce(vec![Change::Title("  ".into()), Change::Text("я".repeat(MESSAGE_MAX_CHARS + 1)), Change::Save]);
        assert_eq!(form.title_wrong.as_deref(), Some("Enter a title of 1 to 100 characters."));
        assert_eq!(form.text_wrong.as_deref(), Some("Enter a text of 1 to 4,000 characters. It has 4001."));
        assert_eq!(form.saving, Saving::Idle);
        let form = form.reduce(Change::Title("x".repeat(100))).reduce(Change::Text("x".into())).reduce(Change::Save);
        assert_eq!((form.title_wrong.as_ref(), form.text_wrong.as_ref(), &form.saving), (None, None, &Saving::BEGUN));
    }

    fn view(id: &str) -> AttachmentView {
        let (name, media_type) = (format!("{id}.pdf"), "application/pdf".into());
        AttachmentView { id: id.into(), name, size: 7, media_type, width: None, height: None }
    }

    fn waiting(id: &str, size: u64) -> Chosen {
        let (name, media_type) = (format!("{id}.pdf").into(), String::new());
        let (id, stands) = (id.into(), Stands::Waiting);
        Chosen { id, name, size, media_type, file: None, template_file: None, picture: None, stands }
    }

    #[test]
    fn files_that_are_too_large_are_named_and_one_that_fails_stops_the_saving() {
        // T2, F2
        let choose = |files| Change::Files(FilesAction::Choose("tpl_1".into(), files));
        let form = Rc::new(Form::of(TemplateView { attachments: vec![view("a")], ..stored() }));
        let form = form.reduce(choose(vec![waiting("over", 4_194_305), waiting("b", 1)]));
        let names = |form: &Form| form.files.of("tpl_1").map(Basket::names).unwrap_or_default();
        assert_eq!(
            (names(&form).as_str(), form.files_wrong.as_deref()),
            ("a.pdf\nb.pdf", Some("“over.pdf” is larger than 4 MB."))
        );
        let going = Change::Files(FilesAction::Brought("b".into()));
        let away = Change::Files(FilesAction::Told("b".into(), UploadState::Unreachable));
        let send = Change::Files(FilesAction::Send("tpl_1".into(), 0));
        let form = form.reduce(Change::Save).reduce(send).reduce(going);
        assert!(form.saving.is_under_way() && form.saving == Saving::BEGUN);
        let form = form.reduce(away);
        assert!(matches!(&form.saving, Saving::Failed(words) if words.contains("“b.pdf”")), "{:?}", form.saving);
        let form = form.reduce(Change::Files(FilesAction::Remove("b".into())));
        assert_eq!((names(&form).as_str(), &form.files_wrong, &form.saving), ("a.pdf", &None, &Saving::Idle));
    }

    #[test]
    fn what_somebody_else_changed_is_replaced_only_knowingly() {
        // T2
        let theirs = TemplateView { rev: 4, text: "Good day".into(), ..stored() };
        let failure = Failure::NotARelay("https://desk.example".into());
        let form = reduce(vec![
            Change::Text("Hi".into()),
            Change::Save,
            Change::Failed(failure),
            Change::Theirs(theirs.clone()),
        ]);
        assert_eq!((form.template.text.as_str(), form.template.rev), ("Hi", 4), "nothing typed is lost");
        assert!(form.theirs == Some(theirs) && matches!(form.saving, Saving::Failed(_)));
    }
}
