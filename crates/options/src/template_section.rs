//! "Templates" (T2): one's own, and those of one's projects.

use std::rc::Rc;

use domain::agent::Right;
use protocol::command::Membership;
use protocol::template::TemplateView;
use protocol::view::ProjectView;
use protocol::worker::Account;
use ui::components::{Button, Icon, Look, Symbol};
use ui::text::{files, fill, options, templates, texts};
use wasm_bindgen::JsCast as _;
use web_sys::HtmlElement;
use yew::{
    AttrValue, Callback, Html, NodeRef, Properties, UseReducerDispatcher, component, html, use_effect_with,
    use_node_ref, use_reducer,
};

use crate::relay;
use crate::template_form::TemplateForm;
use crate::template_scope::project_words;
use crate::templates::{Doing, Templates, TemplatesAction};

/// The section's properties.
#[derive(Clone, Properties, PartialEq)]
pub(crate) struct TemplateSectionProps {
    /// Whose.
    pub account: Account,
    /// The projects.
    pub memberships: Rc<Vec<Membership>>,
    /// The account in words, if there are several.
    pub whose: Option<AttrValue>,
}

/// What a list and its entries need.
struct Of<'a> {
    props: &'a TemplateSectionProps,
    templates: &'a Templates,
    state: UseReducerDispatcher<Templates>,
    administered: Rc<Vec<ProjectView>>,
    heading: NodeRef,
}

/// The lists, each entry with "Change" and "Delete" for whoever may, and the form of a new one.
#[component]
pub(crate) fn TemplateSection(props: &TemplateSectionProps) -> Html {
    let (state, heading) = (use_reducer(Templates::default), use_node_ref());
    let fetch = {
        let (account, state) = (props.account.clone(), state.dispatcher());
        Callback::from(move |()| fetch(&account, &state))
    };
    {
        let fetch = fetch.clone();
        use_effect_with((), move |()| fetch.emit(()));
    }
    {
        // What was done took its button or its form away.
        let heading = heading.clone();
        use_effect_with(state.done.clone(), move |done| {
            if done.is_some() {
                give_focus(heading.cast());
            }
        });
    }
    let is_managed = |it: &&Membership| Right::from(it.right).administers();
    let administered = props.memberships.iter().filter(is_managed).map(|it| it.project.clone()).collect();
    let of = Of { props, templates: &state, state: state.dispatcher(), administered: Rc::new(administered), heading };
    let (own, several) = (templates(), props.memberships.len() > 1);
    let project = |it: &Membership| {
        let words = project_words(&it.project.name, several);
        view_list(&of, Some(&it.project.id), words, own.none_of_project)
    };
    html! {
        <section class="ds-control-panel__card" data-testid="templates">
            <h2 class="ds-control-panel__heading" ref={of.heading.clone()} tabindex="-1">{ own.templates }</h2>
            if let Some(whose) = &props.whose {
                <p class="ds-control-panel__facts"><bdi>{ whose }</bdi></p>
            }
            <p class="ds-control-panel__facts">{ own.templates_hint }</p>
            <div class="ds-control-panel__told" role="status">
                if let Some(done) = &state.done {
                    <p class="ds-control-panel__done" data-testid="template-done">{ done }</p>
                }
                if state.list.is_none() && state.failed.is_none() {
                    <p class="ds-control-panel__facts">{ options().loading }</p>
                }
            </div>
            if let Some(why) = &state.failed {
                <div class="ds-control-panel__failed" role="alert" data-testid="not-loaded">
                    <p class="ds-control-panel__wrong">{ why }</p>
                    <Button look={Look::Quiet} testid="load-again" onclick={fetch.reform(|_| ())}>{ texts().retry }</Button>
                </div>
            }
            if state.list.is_some() {
                { view_list(&of, None, own.mine.into(), own.none_of_mine) }
                { for props.memberships.iter().map(project) }
                { view_new(&of) }
            }
        </section>
    }
}

/// The form of a new one, or the button that opens it.
fn view_new(of: &Of<'_>) -> Html {
    if of.templates.doing == Doing::Making {
        return view_form(of, None);
    }
    let onclick = doing(of, Doing::Making);
    html! {
        <div class="ds-control-panel__choices">
            <Button look={Look::Primary} testid="new-template" onclick={onclick.reform(|_| ())}>{ templates().new_template }</Button>
        </div>
    }
}

fn view_form(of: &Of<'_>, stored: Option<TemplateView>) -> Html {
    let (state, oncancel) = (of.state.clone(), closing(of));
    let onsaved = Callback::from(move |template| state.dispatch(TemplatesAction::Saved(template)));
    html! { <TemplateForm account={of.props.account.clone()} {stored} projects={of.administered.clone()} {onsaved} {oncancel} /> }
}

/// One's own templates, or a project's; of those only administrators are offered a change.
fn view_list(of: &Of<'_>, project_id: Option<&str>, words: AttrValue, none: &'static str) -> Html {
    let may = project_id.is_none_or(|id| of.administered.iter().any(|project| project.id == id));
    let mut list = of.templates.of(project_id).map(|template| view(of, template, may)).peekable();
    let is_empty = list.peek().is_none();
    html! {
        <div class="ds-control-panel__part" data-testid={if project_id.is_some() { "project-templates" } else { "own-templates" }}>
            <h3 class="ds-control-panel__subheading">{ words }</h3>
            if is_empty {
                <p class="ds-control-panel__facts" data-testid="no-templates">{ none }</p>
            } else {
                <ul class="ds-control-panel__accounts">{ for list }</ul>
            }
        </div>
    }
}

fn view(of: &Of<'_>, template: &TemplateView, may: bool) -> Html {
    let content = match &of.templates.doing {
        Doing::Changing(id) if *id == template.id => view_form(of, Some(template.clone())),
        Doing::Deleting(id, refused) if *id == template.id => {
            let (delete, cancel) = (deletion(of, id), closing(of));
            html! { <Question title={template.title.clone()} refused={refused.clone()} ondelete={delete} oncancel={cancel} /> }
        }
        _ => view_entry(of, template, may),
    };
    html! {
        <li key={template.id.clone()} class="ds-control-panel__account" data-testid="template" data-template-id={template.id.clone()}>{ content }</li>
    }
}

fn view_entry(of: &Of<'_>, template: &TemplateView, may: bool) -> Html {
    let (own, title) = (templates(), [("title", template.title.as_str())]);
    let change = doing(of, Doing::Changing(template.id.clone()));
    let delete = doing(of, Doing::Deleting(template.id.clone(), None));
    html! {
        <>
            <div class="ds-control-panel__who">
                <p class="ds-control-panel__name" dir="auto">{ &template.title }</p>
                <p class="ds-control-panel__text ds-control-panel__text--cut" dir="auto">{ &template.text }</p>
                { file_names(template) }
            </div>
            if may {
                <div class="ds-control-panel__buttons">
                    <Button testid="change-template" label={fill(own.change_named, &title)} onclick={change.reform(|_| ())}>{ own.change }</Button>
                    <Button testid="delete-template" label={fill(own.delete_named, &title)} onclick={delete.reform(|_| ())}>{ own.delete }</Button>
                </div>
            }
        </>
    }
}

/// What a template's files are called, if it has some.
pub(crate) fn file_names(template: &TemplateView) -> Html {
    if template.attachments.is_empty() {
        return Html::default();
    }
    let names: Vec<&str> = template.attachments.iter().map(|file| file.name.as_str()).collect();
    html! {
        <p class="ds-control-panel__facts ds-control-panel__file-names" data-testid="template-file-names">
            <Icon symbol={Symbol::Clip} /><span class="ds-visually-hidden">{ files().files }{ ": " }</span><bdi>{ names.join(files().and) }</bdi>
        </p>
    }
}

/// The question's properties.
#[derive(Properties, PartialEq)]
struct QuestionProps {
    /// Which one.
    title: AttrValue,
    /// Why it was not deleted, in words.
    refused: Option<String>,
    /// Deletes it.
    ondelete: Callback<()>,
    /// Does not.
    oncancel: Callback<()>,
}

/// Asks whether one is to be deleted; the safe answer has the focus.
#[component]
fn Question(props: &QuestionProps) -> Html {
    let (own, node) = (templates(), use_node_ref());
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            let safe = node.cast::<HtmlElement>().and_then(|node| node.last_element_child());
            give_focus(safe.and_then(|safe| safe.dyn_into().ok()));
        });
    }
    html! {
        <div class="ds-control-panel__who" role="group" aria-labelledby="really-delete" data-testid="delete-question">
            <p id="really-delete">{ fill(own.really_delete, &[("title", &props.title)]) }</p>
            if let Some(why) = &props.refused {
                <p class="ds-control-panel__wrong" role="alert" data-testid="not-deleted">{ why }</p>
            }
            <div class="ds-control-panel__choices" ref={node}>
                <Button testid="really-delete" onclick={props.ondelete.reform(|_| ())}>{ own.delete }</Button>
                <Button testid="keep-template" onclick={props.oncancel.reform(|_| ())}>{ texts().cancel }</Button>
            </div>
        </div>
    }
}

fn doing(of: &Of<'_>, doing: Doing) -> Callback<()> {
    let state = of.state.clone();
    Callback::from(move |()| state.dispatch(TemplatesAction::Do(doing.clone())))
}

/// Does nothing more; the focus, whose button goes, stays at the section.
fn closing(of: &Of<'_>) -> Callback<()> {
    let (cancel, heading) = (doing(of, Doing::Nothing), of.heading.clone());
    Callback::from(move |()| {
        cancel.emit(());
        give_focus(heading.cast());
    })
}

fn deletion(of: &Of<'_>, id: &str) -> Callback<()> {
    let (account, state, id) = (of.props.account.clone(), of.state.clone(), id.to_owned());
    Callback::from(move |()| {
        let (account, state, id) = (account.clone(), state.clone(), id.clone());
        wasm_bindgen_futures::spawn_local(async move {
            state.dispatch(match relay::delete_template(&account, &id).await {
                Ok(()) => TemplatesAction::Deleted(id),
                Err(failure) => TemplatesAction::NotDeleted(id, failure.words()),
            });
        });
    })
}

fn fetch(account: &Account, state: &UseReducerDispatcher<Templates>) {
    let (account, state) = (account.clone(), state.clone());
    state.dispatch(TemplatesAction::Asked);
    wasm_bindgen_futures::spawn_local(async move {
        state.dispatch(match relay::templates(&account).await {
            Ok(list) => TemplatesAction::Came(list),
            Err(failure) => TemplatesAction::Failed(failure.words()),
        });
    });
}

fn give_focus(element: Option<HtmlElement>) {
    if let Some(Err(error)) = element.map(|element| element.focus()) {
        web_sys::console::warn_1(&error);
    }
}
