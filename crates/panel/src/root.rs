//! The panel's state and its two ways out.

use protocol::worker::{PageToPanel, PanelToPage};
use ui::components::App;
use ui::hooks::{DraftsContext, PanelContext};
use ui::link::Link;
use ui::state::drafts::Drafts;
use ui::state::panel::{Action, Panel};
use yew::{Callback, Html, component, html, use_effect_with, use_memo, use_reducer};

use crate::hub::Hub;
use crate::page;

/// The component that everything else stands in.
#[component]
pub(crate) fn Root() -> Html {
    let panel: PanelContext = use_reducer(Panel::default);
    let drafts: DraftsContext = use_reducer(Drafts::default);
    let hub = {
        let state = panel.dispatcher();
        use_memo((), move |()| Hub::new(page::id(), state.into()))
    };
    {
        let (hub, state) = (hub.clone(), panel.dispatcher());
        use_effect_with((), move |()| {
            hub.open();
            let listener = page::listen(move |message| match message {
                PageToPanel::Open { conversation_id } => state.dispatch(Action::Select(Some(conversation_id))),
                PageToPanel::Shown { shown } => state.dispatch(Action::Shown(shown)),
                PageToPanel::Theme { dark, rtl } => page::dress(dark, rtl),
            });
            page::tell(&PanelToPage::Ready);
            move || drop(listener)
        });
    }
    let link = use_memo((), move |()| {
        let (asking, telling) = (hub.clone(), hub.clone());
        Link {
            ask: Callback::from(move |ask| asking.ask(ask)),
            tell: Callback::from(move |message| telling.tell(message)),
            page: Callback::from(|message| page::tell(&message)),
            open_options: Callback::from(|()| page::open_options()),
        }
    });
    html! { <App {panel} {drafts} link={(*link).clone()} /> }
}
