//! Fetches what the screen needs, marks what was seen, and gives refused answers back to the input.

use std::rc::Rc;

use domain::order::Tab;
use protocol::view::ConversationView;
use protocol::worker::ConnectionState;
use yew::{hook, use_effect_with, use_mut_ref};

use super::use_visible::use_visible;
use super::{Commands, DraftsContext, PanelContext};
use crate::state::drafts::{DraftAction, returned};
use crate::state::notice::Notice;
use crate::state::outbox::{Pending, Progress};
use crate::state::panel::{Action, Panel};
use crate::state::thread::Fetch;

/// Keeps a panel going; used once, at its top.
#[hook]
pub fn use_driver(panel: &PanelContext, drafts: &DraftsContext, commands: &Commands) {
    let live = panel.connection == ConnectionState::Live;
    use_fetching(panel, commands, live);
    use_read_marks(panel, commands, live);
    {
        let drafts = drafts.dispatcher();
        use_effect_with(panel.account().cloned(), move |account| {
            drafts.dispatch(DraftAction::Account(account.clone()));
        });
    }
    let (drafts, commands) = (drafts.clone(), commands.clone());
    use_effect_with(panel.outbox.clone(), move |outbox| {
        for pending in outbox.returning() {
            give_back(&drafts, &commands, pending);
        }
    });
}

/// Fetches the chosen conversation's newest messages and the first finished conversations, as soon as they are wanted.
#[hook]
fn use_fetching(panel: &PanelContext, commands: &Commands, live: bool) {
    {
        let commands = commands.clone();
        let wanted = panel.view.selected.clone().filter(|id| live && wants_newest(panel, id));
        use_effect_with(wanted, move |wanted| {
            if let Some(id) = wanted {
                commands.fetch_history(id, None);
            }
        });
    }
    let commands = commands.clone();
    let scope = panel.view.scope.clone();
    let paging = panel.paging(&scope);
    let wanted = live && panel.view.tab == Tab::Finished && !paging.begun && paging.fetch == Fetch::Idle;
    use_effect_with((scope, wanted), move |(scope, wanted)| {
        if *wanted {
            commands.fetch_finished(scope, None);
        }
    });
}

fn wants_newest(panel: &Panel, id: &str) -> bool {
    panel.thread(id).is_some_and(|thread| thread.fetch == Fetch::Idle && (!thread.loaded || thread.stale))
}

/// Marks the chosen conversation as read while the agent can see it (N2).
#[hook]
fn use_read_marks(panel: &PanelContext, commands: &Commands, live: bool) {
    let visible = use_visible();
    let marked = use_mut_ref(|| None);
    let commands = commands.clone();
    let seen = seen(panel).filter(|_| live && visible);
    use_effect_with((seen, live), move |(seen, live)| {
        let mut marked = marked.borrow_mut();
        if !live {
            // What was on its way when the connection went may not have arrived.
            *marked = None;
        }
        if let Some((conversation, n)) = seen {
            let mark = Some((conversation.id.clone(), conversation.n_alerts, *n));
            if *marked != mark {
                *marked = mark;
                commands.mark_read(conversation, *n);
            }
        }
    });
}

/// The conversation on the screen and the number of its last message, if something of it counts as unread.
fn seen(panel: &Panel) -> Option<(Rc<ConversationView>, u32)> {
    let conversation = panel.selected().filter(|_| panel.view.shown)?;
    let thread = panel.thread(&conversation.id).filter(|thread| thread.loaded && !thread.stale)?;
    let n = thread.messages().last()?.n;
    let client_waits = thread.last_contact_n().is_some_and(|n| n > conversation.contact.seen_n);
    let unread = panel.desk.unread(&conversation) > 0 || (conversation.closed_at.is_none() && client_waits);
    unread.then_some((conversation, n))
}

/// Puts a refused answer's text back into the input and says why (A7).
fn give_back(drafts: &DraftsContext, commands: &Commands, pending: &Pending) {
    let Progress::Failed(error) = &pending.progress else { return };
    let item = &pending.item;
    let kept = drafts.kept(&item.conversation_id);
    let before = drafts.of(&item.conversation_id).map_or_else(|| kept.clone().unwrap_or_default(), ToString::to_string);
    drafts.keep(&item.conversation_id, &returned(&before, &item.text));
    drafts.dispatch(DraftAction::Return {
        conversation_id: item.conversation_id.clone(),
        text: item.text.clone(),
        kept,
    });
    commands.state.dispatch(Action::Notice(Notice::returned(error)));
    commands.discard(&item.id);
}
