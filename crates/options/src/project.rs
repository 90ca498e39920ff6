//! A project that the agent administers.

use protocol::view::ProjectSettings;
use protocol::worker::Account;
use yew::{AttrValue, Html, Properties, component, html};

use crate::blocked::Blocked;
use crate::loaded::{self, use_loaded};
use crate::project_form::ProjectForm;
use crate::relay;

/// The project's properties.
#[derive(Properties, PartialEq)]
pub(crate) struct ProjectProps {
    /// Who administers it.
    pub account: Account,
    /// `prj_…`
    pub id: AttrValue,
    /// Its name.
    pub name: AttrValue,
    /// The account in words, if there are several.
    pub whose: Option<AttrValue>,
}

/// Its times, and its blocked clients.
#[component]
pub(crate) fn Project(props: &ProjectProps) -> Html {
    let (stored, load) = {
        let (account, id) = (props.account.clone(), props.id.clone());
        use_loaded(move || {
            let (account, id) = (account.clone(), id.clone());
            async move { relay::project_settings(&account, &id).await }
        })
    };
    let form = |stored: &ProjectSettings| {
        html! { <ProjectForm account={props.account.clone()} project_id={props.id.clone()} stored={*stored} /> }
    };
    html! {
        <section class="ds-control-panel__card" data-testid="project" data-project-id={props.id.clone()}>
            <h2 class="ds-control-panel__heading"><bdi>{ &props.name }</bdi></h2>
            if let Some(whose) = &props.whose {
                <p class="ds-control-panel__facts"><bdi>{ whose }</bdi></p>
            }
            { loaded::view(&stored, &load, form) }
            <Blocked account={props.account.clone()} project_id={props.id.clone()} />
        </section>
    }
}
