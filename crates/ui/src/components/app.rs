//! The whole panel.

use protocol::worker::{ConnectionState, PanelToPage};
use yew::{Callback, ContextProvider, Html, KeyboardEvent, Properties, component, html, use_memo};

use super::button::{Button, Look};
use super::conversation_pane::ConversationPane;
use super::empty_state::EmptyState;
use super::icon::Symbol;
use super::left_panel::LeftPanel;
use super::notice_bar::NoticeBar;
use super::top_menu::TopMenu;
use crate::hooks::{Commands, DraftsContext, PanelContext, use_driver, use_narrow, use_now};
use crate::link::Link;
use crate::state::panel::{Action, Panel, Standing};
use crate::text::{fill, texts};

/// The panel's properties.
#[derive(Properties, PartialEq)]
pub struct AppProps {
    /// What it knows.
    pub panel: PanelContext,
    /// What stands in the inputs.
    pub drafts: DraftsContext,
    /// Its ways out.
    pub link: Link,
}

/// The agent's panel: top menu, then the panes, or why there are none.
#[component]
pub fn App(props: &AppProps) -> Html {
    let commands = {
        let of = (props.panel.account().cloned(), props.link.clone(), props.panel.dispatcher());
        (*use_memo(of, |(account, link, state)| Commands {
            account: account.clone(),
            link: link.clone(),
            state: state.clone(),
        }))
        .clone()
    };
    use_driver(&props.panel, &props.drafts, &commands);
    let now = use_now(props.panel.offset_ms);
    let narrow = use_narrow();
    let panel = &props.panel;
    let onkeydown = {
        let page = props.link.page.clone();
        Callback::from(move |event: KeyboardEvent| {
            // A menu that was open has taken its Esc for itself.
            if event.key() == "Escape" && !event.is_composing() {
                page.emit(PanelToPage::Close);
            }
        })
    };
    let (ondismiss, ongo_online) = {
        let (state, commands) = (commands.state.clone(), commands.clone());
        (Callback::from(move |()| state.dispatch(Action::Dismiss)), Callback::from(move |()| commands.go_online()))
    };
    let pane = if panel.view.selected.is_some() { "conversation" } else { "list" };
    html! {
        <ContextProvider<PanelContext> context={panel.clone()}>
        <ContextProvider<DraftsContext> context={props.drafts.clone()}>
        <ContextProvider<Commands> context={commands.clone()}>
            <div class="ds-app" data-pane={pane} {onkeydown}>
                <TopMenu docked={narrow} {now} />
                if panel.filled && panel.connection == ConnectionState::Connecting {
                    <p class="ds-app__strip" role="status">{ texts().reconnecting }</p>
                }
                <NoticeBar notice={panel.notice.clone()} {ondismiss} {ongo_online} />
                { content(panel, &commands, now) }
            </div>
        </ContextProvider<Commands>>
        </ContextProvider<DraftsContext>>
        </ContextProvider<PanelContext>>
    }
}

fn content(panel: &Panel, commands: &Commands, now: i64) -> Html {
    let texts = texts();
    match &panel.standing {
        Standing::NoAccount { address, n_accounts } => no_account(commands, address.as_deref(), *n_accounts),
        Standing::Account(_) if panel.connection == ConnectionState::SignedOut => {
            html! {
                <EmptyState symbol={Symbol::Key} title={texts.signed_out} hint={texts.signed_out_hint}>{ to_options(commands) }</EmptyState>
            }
        }
        Standing::Account(_) if panel.filled => panes(commands, now),
        Standing::Unknown | Standing::Account(_) => {
            html! { <EmptyState symbol={Symbol::Chat} title={texts.connecting} hint={texts.connecting_hint} busy={true} /> }
        }
    }
}

fn panes(commands: &Commands, now: i64) -> Html {
    let select = {
        let state = commands.state.clone();
        Callback::from(move |id: Option<String>| state.dispatch(Action::Select(id)))
    };
    html! {
        <div class="ds-app__panes">
            <LeftPanel {now} onopen={select.reform(Some)} />
            <ConversationPane {now} onopen={select} />
        </div>
    }
}

fn no_account(commands: &Commands, address: Option<&str>, n_accounts: u32) -> Html {
    let texts = texts();
    let (title, hint) = match (n_accounts, address) {
        (0, _) => (texts.welcome.to_owned(), texts.welcome_hint),
        (_, Some(address)) => (fill(texts.other_address, &[("address", address)]), texts.other_address_hint),
        (_, None) => (texts.unknown_address.to_owned(), texts.unknown_address_hint),
    };
    html! { <EmptyState symbol={Symbol::Key} {title} {hint}>{ to_options(commands) }</EmptyState> }
}

fn to_options(commands: &Commands) -> Html {
    html! {
        <Button look={Look::Primary} testid="open-options" onclick={commands.link.open_options.reform(|_| ())}>{ texts().open_control_panel }</Button>
    }
}
