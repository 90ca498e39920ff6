//! The agent's presence at the left of the top chat menu: the button, why he is Offline, and what to do with his conversations.

use protocol::view::Availability;
use protocol::worker::ConnectionState;
use yew::{Callback, Html, Properties, component, html, use_effect_with, use_state_eq};

use super::offline_dialog::{Leaving, OfflineDialog};
use super::offline_reason::OfflineReason;
use super::online_button::OnlineButton;
use crate::hooks::{use_commands, use_panel};
use crate::text::why_offline;

/// The properties of the presence.
#[derive(Properties, PartialEq)]
pub struct PresenceProps {
    /// The relay's time.
    pub now: i64,
}

/// Shows the agent's presence, changes it, and explains it (P1, P10, P11).
#[component]
pub fn Presence(props: &PresenceProps) -> Html {
    let (panel, commands) = (use_panel(), use_commands());
    let availability = panel.desk.availability();
    // How many conversations he was asked about.
    let asked = use_state_eq(|| None::<usize>);
    {
        // What another page or an administrator did answers the question.
        let asked = asked.setter();
        use_effect_with(availability, move |_| asked.set(None));
    }
    let onchoose = {
        let (asked, commands, n_in_work) =
            (asked.setter(), commands.clone(), panel.desk.counts(&desk::Filter::default()).n_my);
        Callback::from(move |chosen| match chosen {
            Availability::Online => commands.go_online(),
            Availability::Offline if n_in_work > 0 => asked.set(Some(n_in_work)),
            Availability::Offline => commands.go_offline(false),
        })
    };
    let onanswer = {
        let asked = asked.setter();
        Callback::from(move |leaving| {
            asked.set(None);
            match leaving {
                Leaving::Returns => commands.go_offline(true),
                Leaving::Keeps => commands.go_offline(false),
                Leaving::Stays => {}
            }
        })
    };
    html! {
        <div class="ds-presence">
            <OnlineButton {availability} disabled={panel.connection != ConnectionState::Live} {onchoose} />
            if let Some(offline) = panel.desk.offline() {
                <OfflineReason words={why_offline(offline, props.now)} />
            }
            if let Some(n_in_work) = *asked {
                <OfflineDialog {n_in_work} {onanswer} />
            }
        </div>
    }
}
