//! What an agent sets at one of his relays: for himself, and for his projects.

use std::rc::Rc;

use domain::agent::Right;
use protocol::command::{Me, Membership};
use protocol::view::AgentSettings;
use protocol::worker::Account;
use ui::text::options;
use yew::{AttrValue, Html, Properties, component, html};

use crate::agent_form::AgentForm;
use crate::loaded::{self, Loaded, use_loaded};
use crate::project::Project;
use crate::relay;
use crate::template_section::TemplateSection;
use crate::theme::Theme;

/// The properties of the settings.
#[derive(Properties, PartialEq)]
pub(crate) struct SettingsProps {
    /// Whose.
    pub account: Account,
    /// Whether the browser has other accounts too, so that it must be said whose these are.
    pub several: bool,
    /// The theme, which is the browser's and not the relay's.
    pub theme: Theme,
}

/// "Settings", and a card for each project that has something for the agent.
#[component]
pub(crate) fn Settings(props: &SettingsProps) -> Html {
    let account = &props.account;
    let (loaded, retry) = {
        let account = account.clone();
        use_loaded(move || {
            let account = account.clone();
            async move { Ok((relay::settings(&account).await?, relay::me(&account).await?)) }
        })
    };
    let whose = props.several.then(|| AttrValue::from(format!("{} · {}", account.email, account.relay)));
    let card = |membership: &Membership| {
        let project = &membership.project;
        html! {
            <Project key={project.id.clone()} account={account.clone()} id={project.id.clone()} name={project.name.clone()}
                channels={membership.channels.clone()} subscriptions={membership.subscriptions.clone()} administers={administers(membership)} whose={whose.clone()} />
        }
    };
    let form =
        |stored: &AgentSettings| html! { <AgentForm account={account.clone()} stored={*stored} theme={props.theme} /> };
    html! {
        <>
            <section class="ds-control-panel__card" data-testid="settings">
                <h2 class="ds-control-panel__heading">{ options().settings }</h2>
                if let Some(whose) = &whose {
                    <p class="ds-control-panel__facts"><bdi>{ whose }</bdi></p>
                }
                { loaded::view(&loaded, &retry, |(stored, _)| form(stored)) }
            </section>
            if let Loaded::Ready((_, me)) = &loaded {
                <TemplateSection account={account.clone()} memberships={Rc::new(me.memberships.clone())} whose={whose.clone()} />
                { for shown(me).map(card) }
            }
        </>
    }
}

fn administers(membership: &Membership) -> bool {
    Right::from(membership.right).administers()
}

/// What an agent without channels could only read the name of is left out.
fn shown(me: &Me) -> impl Iterator<Item = &Membership> {
    me.memberships.iter().filter(|membership| administers(membership) || !membership.channels.is_empty())
}

#[cfg(test)]
mod tests {
    use protocol::file::ChannelSwitches;
    use protocol::view::{self, Availability, ChannelKind, ChannelView, ProjectView};

    use super::*;

    #[test]
    fn projects_are_shown_that_have_something_for_the_agent() {
        // J2
        let membership = |id: &str, right, channels| Membership {
            project: ProjectView { id: id.into(), name: id.into() },
            right,
            channels,
            subscriptions: None,
        };
        let (project_id, switches) = ("prj_4".into(), ChannelSwitches::default());
        let channel = ChannelView {
            id: "chn_1".into(),
            project_id,
            name: "Shop".into(),
            kind: ChannelKind::OnlineChat,
            switches,
        };
        let memberships = vec![
            membership("prj_1", view::Right::Agent, Vec::new()),
            membership("prj_2", view::Right::Administrator, Vec::new()),
            membership("prj_3", view::Right::Owner, Vec::new()),
            membership("prj_4", view::Right::Agent, vec![channel]),
        ];
        let (agent_id, email, name) = ("agt_1".into(), "mira@example.com".into(), "Mira".into());
        let me = Me {
            agent_id,
            email,
            name,
            availability: Availability::Offline,
            offline: None,
            memberships,
            file_limit: 1,
        };
        let shown: Vec<_> = shown(&me).map(|it| (it.project.id.as_str(), administers(it))).collect();
        assert_eq!(shown, [("prj_2", true), ("prj_3", true), ("prj_4", false)]);
    }
}
