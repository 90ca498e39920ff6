//! The middle: one conversation with its head, its messages and the bottom panel.

use std::rc::Rc;

use protocol::view::{BlockView, ConversationView};
use protocol::worker::OutboxItem;
use yew::{AttrValue, Callback, Html, Properties, component, html};

use super::avatar::Avatar;
use super::bottom_panel::BottomPanel;
use super::button::{Button, Look};
use super::count_down::CountDown;
use super::details_button::DetailsButton;
use super::empty_state::EmptyState;
use super::file_drop::FileDrop;
use super::icon::{Icon, Symbol};
use super::message_list::MessageList;
use super::signals_line::SignalsLine;
use crate::clock::full;
use crate::hooks::{Commands, PanelContext, give_back, use_commands, use_drafts, use_panel};
use crate::state::abilities::Abilities;
use crate::state::blocks::{block_of, facts_and_reason, remaining};
use crate::state::panel::{Action, Panel};
use crate::state::selection::Choose;
use crate::state::thread::Fetch;
use crate::text::{fill, outcome, texts};

/// The pane's properties.
#[derive(Properties, PartialEq)]
pub struct ConversationPaneProps {
    /// The relay's time.
    pub now: i64,
    /// Opens another conversation; none goes back to the list.
    pub onopen: Callback<Option<String>>,
}

/// The chosen conversation, or what to do without one.
#[component]
pub fn ConversationPane(props: &ConversationPaneProps) -> Html {
    let (panel, commands, drafts) = (use_panel(), use_commands(), use_drafts());
    let onedit = {
        let commands = commands.clone();
        Callback::from(move |item: OutboxItem| give_back(&drafts, &commands, &item))
    };
    let Some(conversation) = panel.selected() else {
        return html! {
            <main class="ds-conversation-pane">{ nothing(&panel, &props.onopen) }</main>
        };
    };
    let thread = panel.thread(&conversation.id).cloned().unwrap_or_default();
    let me = panel.desk.me().map(|me| me.name.clone()).unwrap_or_default();
    let owner = owner(&panel, &conversation);
    let is_mine = panel.desk.is_mine(&conversation);
    let block = block_of(&panel.desk, &conversation, props.now).cloned();
    let blocked = block.as_ref().map(|block| AttrValue::from(facts_and_reason(block, props.now)));
    let abilities = Abilities::of(&panel.desk, &conversation, props.now);
    let when_online = Abilities::when_online(&panel.desk, &conversation, props.now);
    html! {
        <main class="ds-conversation-pane" data-testid="conversation" data-conversation-id={conversation.id.clone()} aria-label={conversation.contact.name.clone()}>
            <FileDrop conversation={conversation.clone()} {abilities} {when_online}>
            { head(&panel, &conversation, owner.as_deref(), block.as_ref(), props) }
            <MessageList key={conversation.id.clone()} onfetch={fetch(&commands, &conversation)} conversation={conversation.clone()} {thread}
                outbox={panel.outbox.clone()} {me} now={props.now} n_unread={panel.desk.unread(&conversation)} shown={panel.view.shown}
                target={panel.view.target.clone()} selection={panel.selection.clone()} onchoose={choose(&commands)} onretry={retry(&commands)} {onedit} />
            <CountDown key={format!("clock {}", conversation.id)} conversation={conversation.clone()} {is_mine} offset_ms={panel.offset_ms}
                onpostpone={postpone(&commands, &conversation, abilities, when_online)} />
            <SignalsLine conversation={conversation.clone()} />
            <BottomPanel conversation={conversation.clone()} {abilities} {when_online} {is_mine} {blocked} owner={owner.map(AttrValue::from)}
                newer={newer(&panel, &conversation).map(AttrValue::from)} onopen={props.onopen.reform(Some)} />
            </FileDrop>
        </main>
    }
}

fn fetch(commands: &Commands, conversation: &ConversationView) -> Callback<Fetch> {
    let (commands, id) = (commands.clone(), conversation.id.clone());
    Callback::from(move |fetch| match fetch {
        Fetch::Idle => commands.state.dispatch(Action::HistoryAgain(id.clone())),
        _ => commands.fetch_history(&id, fetch),
    })
}

fn choose(commands: &Commands) -> Callback<Choose> {
    let commands = commands.clone();
    Callback::from(move |chosen| commands.choose(chosen))
}

fn retry(commands: &Commands) -> Callback<OutboxItem> {
    let commands = commands.clone();
    Callback::from(move |item: OutboxItem| commands.retry(&item))
}

/// "Postpone", for the owner alone; without being Online he is offered that.
fn postpone(
    commands: &Commands,
    conversation: &Rc<ConversationView>,
    can: Abilities,
    when_online: Abilities,
) -> Option<Callback<()>> {
    let (commands, conversation) = (commands.clone(), conversation.clone());
    when_online.postpone.then(|| {
        Callback::from(move |()| if can.postpone { commands.postpone(&conversation) } else { commands.offer_online() })
    })
}

fn owner(panel: &Panel, conversation: &ConversationView) -> Option<String> {
    let id = conversation.assignee_id.as_deref()?;
    Some(panel.desk.agent_name(id).unwrap_or(id).to_owned())
}

/// The client's next conversation, if it is open.
fn newer(panel: &Panel, conversation: &ConversationView) -> Option<String> {
    conversation.closed_at?;
    panel.desk.open_of(&conversation.contact.id).map(|later| later.id.clone())
}

fn nothing(panel: &PanelContext, onopen: &Callback<Option<String>>) -> Html {
    let texts = texts();
    let Some(id) = &panel.view.selected else {
        return html! { <EmptyState symbol={Symbol::Chat} title={texts.choose} hint={texts.choose_hint} /> };
    };
    if panel.thread(id).is_some_and(|thread| !thread.loaded && thread.fetch != Fetch::Failed) {
        return html! { <EmptyState symbol={Symbol::Chat} title={texts.loading_history} busy={true} /> };
    }
    html! {
        <EmptyState symbol={Symbol::Alert} title={texts.gone} hint={texts.gone_hint}>
            <Button onclick={onopen.reform(|_| None)}>{ texts.back }</Button>
        </EmptyState>
    }
}

fn head(
    panel: &Panel,
    conversation: &Rc<ConversationView>,
    owner: Option<&str>,
    block: Option<&BlockView>,
    props: &ConversationPaneProps,
) -> Html {
    let texts = texts();
    let channel = panel.desk.channel(&conversation.channel_id).map(|channel| channel.name.clone()).unwrap_or_default();
    let state = match (conversation.closed_at, owner) {
        (Some(at), _) => format!("{} · {}", outcome(conversation.close_reason), full(at, props.now)),
        (None, None) => texts.state_new.to_owned(),
        (None, Some(_)) if panel.desk.is_mine(conversation) => texts.state_mine.to_owned(),
        (None, Some(name)) => fill(texts.state_taken, &[("name", name)]),
    };
    html! {
        <header class="ds-conversation-pane__head">
            <Button look={Look::Round} class="ds-conversation-pane__back" testid="back" label={texts.back} onclick={props.onopen.reform(|_| None)}>
                <Icon symbol={Symbol::Back} />
            </Button>
            <Avatar name={conversation.contact.name.clone()} seed={conversation.contact.id.clone()} />
            <div class="ds-conversation-pane__who">
                <h2 class="ds-conversation-pane__name" title={conversation.contact.name.clone()}><bdi>{ &conversation.contact.name }</bdi></h2>
                <p class="ds-conversation-pane__facts">
                    <bdi>{ channel }</bdi>{ " · " }<span data-testid="conversation-state">{ state }</span>
                </p>
            </div>
            if let Some(block) = block {
                <p class="ds-conversation-pane__blocked" data-testid="blocked" title={facts_and_reason(block, props.now)}>{ remaining(block, props.now) }</p>
            }
            <DetailsButton />
        </header>
    }
}
