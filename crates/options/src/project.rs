//! A project of the agent's.

use protocol::view::{ChannelView, ProjectSettings};
use protocol::worker::Account;
use yew::{AttrValue, Html, Properties, component, html};

use crate::blocked::Blocked;
use crate::channel_list::ChannelList;
use crate::loaded::{self, use_loaded};
use crate::project_form::ProjectForm;
use crate::relay;
use crate::subscription_form::SubscriptionForm;

/// The project's properties.
#[derive(Properties, PartialEq)]
pub(crate) struct ProjectProps {
    /// Who looks at it.
    pub account: Account,
    /// `prj_…`
    pub id: AttrValue,
    /// Its name.
    pub name: AttrValue,
    /// The channels that he has access to.
    pub channels: Vec<ChannelView>,
    /// Which of them he is subscribed to (N1), if the relay says it.
    pub subscriptions: Option<Vec<String>>,
    /// Whether he administers it.
    pub administers: bool,
    /// The account in words, if there are several.
    pub whose: Option<AttrValue>,
}

/// His subscriptions and its channels; and, for who administers it, its times and its blocked clients.
#[component]
pub(crate) fn Project(props: &ProjectProps) -> Html {
    let ProjectProps { account, id, administers, .. } = props;
    html! {
        <section class="ds-control-panel__card" data-testid="project" data-project-id={id.clone()}>
            <h2 class="ds-control-panel__heading"><bdi>{ &props.name }</bdi></h2>
            if let Some(whose) = &props.whose {
                <p class="ds-control-panel__facts"><bdi>{ whose }</bdi></p>
            }
            if *administers {
                <Times account={account.clone()} id={id.clone()} />
            }
            if let Some(subscribed) = props.subscriptions.as_ref().filter(|_| !props.channels.is_empty()) {
                <SubscriptionForm account={account.clone()} project_id={id.clone()} channels={props.channels.clone()} subscribed={subscribed.clone()} />
            }
            <ChannelList account={account.clone()} project_id={id.clone()} channels={props.channels.clone()} administers={*administers} />
            if *administers {
                <Blocked account={account.clone()} project_id={id.clone()} />
            }
        </section>
    }
}

/// The properties of the project's times.
#[derive(Properties, PartialEq)]
struct TimesProps {
    account: Account,
    id: AttrValue,
}

/// Its times, once they are there.
#[component]
fn Times(props: &TimesProps) -> Html {
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
    loaded::view(&stored, &load, form)
}
