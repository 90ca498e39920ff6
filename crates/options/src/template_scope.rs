//! For whom a template is (T2).

use std::rc::Rc;

use protocol::view::ProjectView;
use ui::text::{fill, templates};
use yew::{AttrValue, Callback, Html, InputEvent, Properties, component, html};

/// The field's properties.
#[derive(Properties, PartialEq)]
pub(crate) struct ScopeFieldProps {
    /// The projects that can be chosen.
    pub projects: Rc<Vec<ProjectView>>,
    /// The chosen one; none is "Mine".
    pub chosen: Option<String>,
    /// Called with the choice.
    pub onscope: Callback<Option<String>>,
}

/// "Mine", or one of the projects.
#[component]
pub(crate) fn ScopeField(props: &ScopeFieldProps) -> Html {
    let choice = |project_id: Option<&String>, label: AttrValue| {
        let chosen = project_id.cloned();
        let oninput = props.onscope.reform(move |_: InputEvent| chosen.clone());
        html! {
            <label class="ds-control-panel__check">
                <input type="radio" name="template-scope" checked={props.chosen.as_ref() == project_id} {oninput} />
                { label }
            </label>
        }
    };
    let project =
        |project: &ProjectView| choice(Some(&project.id), project_words(&project.name, props.projects.len() > 1));
    html! {
        <div class="ds-control-panel__field" role="radiogroup" aria-label={templates().scope} data-testid="template-scope">
            <p class="ds-control-panel__label">{ templates().scope }</p>
            { choice(None, templates().mine.into()) }
            { for props.projects.iter().map(project) }
        </div>
    }
}

/// What a project's templates are called: by its name, if there are several.
pub(crate) fn project_words(name: &str, several: bool) -> AttrValue {
    let own = templates();
    if several { fill(own.project_named, &[("name", name)]).into() } else { own.project.into() }
}
