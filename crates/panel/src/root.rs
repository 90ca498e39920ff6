//! The panel's state and its two ways out.

use protocol::worker::{PageToPanel, PanelToHub, PanelToPage};
use ui::components::App;
use ui::hooks::{DraftsContext, PanelContext};
use ui::link::Link;
use ui::state::density::Density;
use ui::state::drafts::Drafts;
use ui::state::panel::{Action, Panel};
use yew::{Callback, Html, UseReducerDispatcher, component, html, use_effect_with, use_memo, use_reducer};

use crate::hub::Hub;
use crate::page;
use crate::window::{self, use_window};

/// The component that everything else stands in.
#[component]
pub(crate) fn Root() -> Html {
    let panel: PanelContext = use_reducer(Panel::default);
    let drafts: DraftsContext = use_reducer(Drafts::default);
    let own = (*use_memo((), |()| window::account())).clone();
    let hub = {
        let (own, state) = (own.clone(), panel.dispatcher());
        use_memo((), move |()| Hub::new(page::field("page").unwrap_or_default(), own, state.into()))
    };
    {
        let (hub, state) = (hub.clone(), panel.dispatcher());
        use_effect_with((), move |()| {
            hub.open();
            let listener = page::listen(move |message| hear(message, &hub, &state));
            page::tell(&PanelToPage::Ready);
            move || drop(listener)
        });
    }
    use_window(own.clone(), &hub, &panel.dispatcher());
    let is_window = own.is_some();
    let link = use_memo((), move |()| {
        let (asking, telling) = (hub.clone(), hub.clone());
        let close = Callback::from(|()| page::tell(&PanelToPage::Close));
        Link {
            ask: Callback::from(move |ask| asking.ask(ask)),
            tell: Callback::from(move |message| telling.tell(message)),
            page: Callback::from(move |message| match message {
                PanelToPage::Close if is_window => window::close(),
                message => page::tell(&message),
            }),
            pop_out: Callback::from(move |wanted| window::pop_out(wanted, close.clone())),
            open_options: Callback::from(|()| page::open_options()),
        }
    });
    html! { <App {panel} {drafts} link={(*link).clone()} popped_out={is_window} /> }
}

/// Does what the Gmail page around the panel says.
fn hear(message: PageToPanel, hub: &Hub, state: &UseReducerDispatcher<Panel>) {
    match message {
        PageToPanel::Open { account, conversation_id } => {
            hub.tell(PanelToHub::Choose { account: account.clone() });
            state.dispatch(Action::Open(account, conversation_id));
        }
        PageToPanel::Shown { shown } => state.dispatch(Action::Shown(shown)),
        PageToPanel::Theme { dark, rtl, compact } => {
            let density = if compact { Density::Compact } else { Density::Comfortable };
            page::dress(dark, rtl, density);
            state.dispatch(Action::Density(density));
        }
        PageToPanel::Ping => page::tell(&PanelToPage::Ready),
    }
}
