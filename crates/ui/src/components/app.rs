//! The whole panel.

use protocol::worker::ConnectionState;
use yew::{Callback, ContextProvider, Html, Properties, component, html, use_memo};

use super::aside::Aside;
use super::button::{Button, Look};
use super::conversation_pane::ConversationPane;
use super::empty_state::EmptyState;
use super::icon::Symbol;
use super::left_panel::LeftPanel;
use super::notice_bar::NoticeBar;
use super::opening::Opening;
use super::picture_view::PictureView;
use super::shortcuts_dialog::ShortcutsDialog;
use super::top_menu::TopMenu;
use crate::hooks::{
    Commands, DraftsContext, PanelContext, Shortcuts, use_driver, use_narrow, use_now, use_pane_focus, use_room,
    use_shortcuts, use_title, use_uploads, use_viewing,
};
use crate::link::Link;
use crate::state::panel::{Action, Panel, Standing};
use crate::state::pictures::Pictures;
use crate::text::{fill, finding, texts};

/// The panel's properties.
#[derive(Properties, PartialEq)]
pub struct AppProps {
    /// What it knows.
    pub panel: PanelContext,
    /// What stands in the inputs.
    pub drafts: DraftsContext,
    /// Its ways out.
    pub link: Link,
    /// Whether it stands in a window of its own.
    #[prop_or_default]
    pub popped_out: bool,
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
            pictures: Pictures::default(),
        }))
        .clone()
    };
    use_driver(&props.panel, &props.drafts, &commands);
    use_uploads(&props.panel, &props.drafts, &commands);
    let now = use_now(props.panel.offset_ms);
    use_viewing(&props.panel, &commands);
    let (narrow, has_room) = (use_narrow(), use_room());
    let panel = &props.panel;
    let shortcuts = use_shortcuts(panel, &commands, props.popped_out);
    use_title(panel, props.popped_out);
    let opened = panel.finding.opened.clone().filter(|_| panel.view.searching);
    use_pane_focus(panel.view.selected.is_none(), opened, panel.selected().as_deref());
    let (ondismiss, ongo_online) = {
        let (state, commands) = (commands.state.clone(), commands.clone());
        (Callback::from(move |()| state.dispatch(Action::Dismiss)), Callback::from(move |()| commands.go_online()))
    };
    let aside = panel.selected().filter(|_| panel.view.aside.is_shown(has_room));
    let place = aside.as_ref().map(|_| if has_room { "beside" } else { "over" });
    let aside = aside.map(|conversation| html! { <Aside {conversation} {now} {has_room} /> });
    let pane = if panel.view.selected.is_some() { "conversation" } else { "list" };
    html! {
        <ContextProvider<PanelContext> context={panel.clone()}>
        <ContextProvider<DraftsContext> context={props.drafts.clone()}>
        <ContextProvider<Commands> context={commands.clone()}>
            <div class="ds-app" data-pane={pane} data-aside={place}>
                <TopMenu docked={narrow} popped_out={props.popped_out} {now} onmap={shortcuts.show_map.reform(|()| true)} />
                if panel.filled && panel.connection == ConnectionState::Connecting {
                    <p class="ds-app__strip" role="status" data-testid="connection">{ absence(panel.n_caught_up) }</p>
                }
                <NoticeBar notice={panel.notice.clone()} {ondismiss} {ongo_online} />
                { content(panel, &commands, now, aside) }
                { told(&shortcuts) }
                if let Some(file) = &panel.viewed {
                    <PictureView file={(**file).clone()} onclose={look_away(&commands)} />
                }
                if shortcuts.map_is_open {
                    <ShortcutsDialog onclose={shortcuts.show_map.reform(|()| false)} />
                }
            </div>
        </ContextProvider<Commands>>
        </ContextProvider<DraftsContext>>
        </ContextProvider<PanelContext>>
    }
}

fn look_away(commands: &Commands) -> Callback<()> {
    let state = commands.state.clone();
    Callback::from(move |()| state.dispatch(Action::View(None)))
}

/// What is said of a connection that is not there: while the stream catches up, how much came so far.
fn absence(n_caught_up: u32) -> String {
    match n_caught_up {
        0 => texts().reconnecting.to_owned(),
        1 => finding().catching_up_one.to_owned(),
        n => fill(finding().catching_up, &[("n", &n.to_string())]),
    }
}

/// Reads out that a shortcut could do nothing here.
fn told(shortcuts: &Shortcuts) -> Html {
    html! {
        <div class="ds-visually-hidden" role="status" data-testid="told">
            if let Some((number, shortcut)) = shortcuts.idle {
                <span key={number}>{ fill(texts().shortcut_idle, &[("what", shortcut.words())]) }</span>
            }
        </div>
    }
}

fn content(panel: &Panel, commands: &Commands, now: i64, aside: Option<Html>) -> Html {
    let texts = texts();
    match &panel.standing {
        Standing::NoAccount { address, n_accounts } => no_account(commands, address.as_deref(), *n_accounts),
        Standing::Account(_) if panel.connection == ConnectionState::SignedOut => {
            html! {
                <EmptyState symbol={Symbol::Key} title={texts.signed_out} hint={texts.signed_out_hint}>{ to_options(commands) }</EmptyState>
            }
        }
        Standing::Account(_) if panel.filled => panes(commands, now, aside),
        Standing::Unknown | Standing::Account(_) => {
            html! { <Opening /> }
        }
    }
}

fn panes(commands: &Commands, now: i64, aside: Option<Html>) -> Html {
    let select = {
        let state = commands.state.clone();
        Callback::from(move |id: Option<String>| state.dispatch(Action::Select(id)))
    };
    html! {
        <div class="ds-app__panes">
            <LeftPanel {now} onopen={select.reform(Some)} />
            <ConversationPane {now} onopen={select} />
            { aside }
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
