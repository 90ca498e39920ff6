//! The files of a template's form (T2): chosen like those of an answer, and brought when it is saved.

use protocol::file::{AttachmentView, usual_limit};
use protocol::template::TemplateView;
use protocol::worker::{Account, UploadState};
use ui::components::chosen_files::ChosenFiles;
use ui::components::{Button, Icon, Symbol};
use ui::hooks::new_file_id;
use ui::state::files::{Chosen, Files, FilesAction, Stands};
use ui::text::{files, fill, limit, templates};
use web_sys::{HtmlElement, HtmlInputElement};
use yew::{AttrValue, Callback, Event, Html, Properties, TargetCast as _, component, html, use_node_ref};

use crate::relay;
use crate::transfer;

/// The files that a template has already.
pub(crate) fn stored(template: &TemplateView) -> Files {
    let mut files = Files::default();
    files.take(FilesAction::Back(template.id.clone(), template.attachments.clone()));
    files
}

/// Those that were brought for another owner are to be brought anew.
pub(crate) fn bring_anew(files: &mut Files, id: &str) {
    let basket = files.of(id).cloned();
    for chosen in basket.into_iter().flat_map(|basket| basket.files).filter(|chosen| chosen.file.is_some()) {
        files.take(FilesAction::Remove(chosen.id.clone()));
        let anew = Chosen { id: new_file_id(), stands: Stands::Waiting, ..chosen };
        files.take(FilesAction::Choose(id.to_owned(), vec![anew]));
    }
}

/// Brings the files that are not there yet, one after the other; `tell` hears how that goes. Gives them all, or nothing if one did not
/// get there.
pub(crate) async fn bring(
    account: &Account,
    template: &TemplateView,
    mut files: Files,
    tell: impl Fn(FilesAction) + Clone + 'static,
) -> Option<Vec<AttachmentView>> {
    let begin = FilesAction::Send(template.id.clone(), 0);
    tell(begin.clone());
    files.take(begin);
    while let Some(chosen) = files.next().map(|(_, chosen)| chosen.clone()) {
        let (id, told) = (chosen.id.clone(), tell.clone());
        let begun = FilesAction::Brought(id.clone());
        tell(begun.clone());
        files.take(begun);
        let going = move |percent| told(FilesAction::Told(id.clone(), UploadState::Going { percent }));
        let state = transfer::bring(account, template.project_id.as_deref(), &chosen, going).await;
        let ended = FilesAction::Told(chosen.id, state);
        tell(ended.clone());
        // Why it did not get there was said.
        if files.take(ended).is_some() {
            return None;
        }
    }
    match files.of(&template.id) {
        Some(_) => files.ready().map(|(_, views)| views),
        None => Some(Vec::new()),
    }
}

/// Asks how large a file may be (F2); otherwise the usual limit holds here, and the relay's own there.
pub(crate) fn ask_limit(account: &Account, tell: impl Fn(FilesAction) + 'static) {
    let account = account.clone();
    wasm_bindgen_futures::spawn_local(async move {
        if let Ok(me) = relay::me(&account).await {
            tell(FilesAction::Limit(me.file_limit));
        }
    });
}

/// The field's properties.
#[derive(Properties, PartialEq)]
pub(crate) struct FilesFieldProps {
    /// The template that they go into.
    pub template_id: AttrValue,
    /// The files.
    pub files: Files,
    /// What is to be said of those that were left out.
    pub wrong: Option<String>,
    /// Whether they are on their way.
    pub disabled: bool,
    /// Called with what happens to them.
    pub on_files: Callback<FilesAction>,
}

/// "Files", each with what takes it away, and what adds some.
#[component]
pub(crate) fn FilesField(props: &FilesFieldProps) -> Html {
    let (own, input) = (templates(), use_node_ref());
    let onclick = {
        let input = input.clone();
        move |_| {
            if let Some(input) = input.cast::<HtmlElement>() {
                input.click();
            }
        }
    };
    let onchange = {
        let id = props.template_id.to_string();
        props.on_files.reform(move |event: Event| {
            let input = event.target_unchecked_into::<HtmlInputElement>();
            let chosen = input.files().map(|list| Chosen::all(&list)).unwrap_or_default();
            // So that the same file can be chosen again.
            input.set_value("");
            FilesAction::Choose(id.clone(), chosen)
        })
    };
    let onremove = props.on_files.reform(FilesAction::Remove);
    let most = limit(props.files.limit.unwrap_or_else(usual_limit));
    html! {
        <div class="ds-control-panel__field" role="group" aria-labelledby="template-files-label" data-testid="template-files">
            <p id="template-files-label" class="ds-control-panel__label">{ files().files }</p>
            if let Some(basket) = props.files.of(&props.template_id) {
                <ChosenFiles basket={basket.clone()} {onremove} />
            }
            <div class="ds-control-panel__choices">
                <Button testid="add-files" disabled={props.disabled} {onclick}><Icon symbol={Symbol::Clip} />{ own.add_files }</Button>
                <input ref={input} type="file" multiple={true} hidden={true} tabindex="-1" aria-label={own.add_files} data-testid="template-file-input" {onchange} />
            </div>
            <div role="status">
                if let Some(wrong) = &props.wrong {
                    <p class="ds-control-panel__wrong" data-testid="files-wrong">{ wrong }</p>
                }
            </div>
            <p class="ds-control-panel__facts">{ fill(own.files_hint, &[("limit", &most)]) }</p>
        </div>
    }
}
