//! A project's channels (W2).

use protocol::view::ChannelView;
use protocol::worker::Account;
use ui::text::channels;
use yew::{AttrValue, Html, Properties, component, html};

use crate::channel_form::ChannelForm;

/// The list's properties.
#[derive(Properties, PartialEq)]
pub(crate) struct ChannelListProps {
    /// Who looks at it.
    pub account: Account,
    /// `prj_…`
    pub project_id: AttrValue,
    /// The channels that he has access to, as they are stored.
    pub channels: Vec<ChannelView>,
    /// Whether he administers the project.
    pub administers: bool,
}

/// Each channel with its switches. Who does not administer the project sees how they stand, and reads why he cannot turn them (J2).
#[component]
pub(crate) fn ChannelList(props: &ChannelListProps) -> Html {
    let texts = channels();
    let why = (!props.administers).then(|| AttrValue::from(format!("locked-{}", props.project_id)));
    html! {
        <section class="ds-control-panel__part" data-testid="channels">
            <h3 class="ds-control-panel__subheading">{ texts.channels }</h3>
            if let Some(why) = &why {
                <p id={why.clone()} class="ds-control-panel__facts" data-testid="administrators-only">{ texts.administrators_only }</p>
            }
            if props.channels.is_empty() {
                <p class="ds-control-panel__facts" data-testid="no-channels">{ texts.no_channels }</p>
            }
            { for props.channels.iter().map(|channel| html! {
                <ChannelForm key={channel.id.clone()} account={props.account.clone()} channel={channel.clone()} locked_by={why.clone()} />
            }) }
        </section>
    }
}
