//! Projects and channels with their counters (L5, N2).

use std::rc::Rc;

use protocol::worker::AccountKey;
use yew::{AttrValue, Callback, Html, Properties, classes, component, html};

use super::conversation_row::counter;
use super::icon::{Icon, Symbol};
use crate::state::panel::DeskRef;
use crate::state::view::Scope;
use crate::text::{fill, texts};

/// The list's properties.
#[derive(Properties, PartialEq)]
pub struct ChannelListProps {
    /// The desk.
    pub desk: DeskRef,
    /// What is chosen.
    pub scope: Scope,
    /// Called with another choice.
    pub onchoose: Callback<Scope>,
    /// The other accounts of the same address, at other relays.
    pub others: Rc<Vec<AccountKey>>,
    /// Turns to one of them.
    pub onturn: Callback<AccountKey>,
}

/// "All channels" first, then each project with its channels, then where else the agent is signed in; a column where there is room, else
/// a strip.
#[component]
pub fn ChannelList(props: &ChannelListProps) -> Html {
    let desk = &props.desk;
    let projects = desk.projects();
    let total = projects
        .iter()
        .flat_map(|project| desk.channels(&project.id))
        .map(|channel| desk.channel_unread(&channel.id))
        .sum();
    html! {
        <nav class="ds-channel-list" aria-label={texts().channels}>
            { item(props, Scope::All, texts().all_channels.into(), total) }
            { for projects.iter().map(|project| {
                let channels = desk.channels(&project.id);
                html! {
                    <div key={project.id.clone()} class="ds-channel-list__project" role="group" aria-label={project.name.clone()}>
                        { heading(props, &project.id, &project.name) }
                        { for channels.iter().map(|channel| {
                            item(props, Scope::Channel(channel.id.clone()), channel.name.clone().into(), desk.channel_unread(&channel.id))
                        }) }
                    </div>
                }
            }) }
            if !props.others.is_empty() {
                <div class="ds-channel-list__project" role="group" aria-label={texts().other_accounts}>
                    { for props.others.iter().map(|account| other(props, account)) }
                </div>
            }
        </nav>
    }
}

fn heading(props: &ChannelListProps, id: &str, name: &str) -> Html {
    let scope = Scope::Project(id.to_owned());
    let chosen = props.scope == scope;
    html! {
        <button type="button" class={classes!("ds-channel-list__heading", chosen.then_some("ds-channel-list__heading--chosen"))}
            data-testid="project" data-project-id={id.to_owned()} title={name.to_owned()} aria-current={chosen.then_some("true")}
            onclick={props.onchoose.reform(move |_| scope.clone())}>
            <bdi>{ name }</bdi>
        </button>
    }
}

/// Another account, by the name of its relay.
fn other(props: &ChannelListProps, account: &AccountKey) -> Html {
    let host = account.0.split_once('|').map_or(account.0.as_str(), |(relay, _)| relay);
    let host = host.split_once("://").map_or(host, |(_, host)| host).to_owned();
    let account = account.clone();
    html! {
        <button type="button" key={account.0.clone()} class="ds-channel-list__item" data-testid="other-account"
            title={fill(texts().turn_to, &[("relay", &host)])} onclick={props.onturn.reform(move |_| account.clone())}>
            <Icon symbol={Symbol::Key} />
            <bdi class="ds-channel-list__name">{ host }</bdi>
        </button>
    }
}

fn item(props: &ChannelListProps, scope: Scope, name: AttrValue, n_unread: u32) -> Html {
    let chosen = props.scope == scope;
    let is_muted = matches!(&scope, Scope::Channel(id) if !props.desk.is_subscribed(id));
    let (channel_id, symbol) = match &scope {
        Scope::Channel(id) => (Some(id.clone()), Symbol::Chat),
        Scope::All | Scope::Project(_) => (Some(String::new()), Symbol::Tray),
    };
    html! {
        <button type="button" key={channel_id.clone().unwrap_or_default()} class={classes!("ds-channel-list__item", chosen.then_some("ds-channel-list__item--chosen"))}
            data-testid="channel" data-channel-id={channel_id} title={name.clone()} aria-current={chosen.then_some("true")}
            onclick={props.onchoose.reform(move |_| scope.clone())}>
            <Icon {symbol} />
            <bdi class="ds-channel-list__name">{ name }</bdi>
            if is_muted {
                <span class="ds-channel-list__muted" role="img" data-testid="not-subscribed" aria-label={texts().not_subscribed}
                    title={texts().not_subscribed}>
                    <Icon symbol={Symbol::Muted} />
                </span>
            }
            if n_unread > 0 {
                <span class="ds-channel-list__counter" data-testid="counter" title={fill(texts().n_unread, &[("n", &n_unread.to_string())])}>
                    { counter(n_unread) }
                </span>
            }
        </button>
    }
}
