//! Fetches what the screen needs, marks what was seen, and gives refused answers back to the input.

use domain::order::Tab;
use protocol::worker::{ConnectionState, OutboxItem};
use yew::{hook, use_effect, use_effect_with, use_mut_ref};

use super::use_elsewhere::use_elsewhere;
use super::use_place::use_place;
use super::use_visible::use_visible;
use super::{Commands, DraftsContext, PanelContext};
use crate::state::drafts::DraftAction;
use crate::state::files::FilesAction;
use crate::state::marks::{Marks, Seen};
use crate::state::notice::Notice;
use crate::state::outbox::Progress;
use crate::state::panel::{Action, Panel};
use crate::state::thread::Fetch;

/// Keeps a panel going; used once, at its top.
#[hook]
pub fn use_driver(panel: &PanelContext, drafts: &DraftsContext, commands: &Commands) {
    let live = panel.connection == ConnectionState::Live;
    use_place(panel);
    use_fetching(panel, commands, live);
    use_read_marks(panel, commands, live);
    {
        let drafts = drafts.dispatcher();
        use_effect_with(panel.account().cloned(), move |account| {
            drafts.dispatch(DraftAction::Account(account.clone()));
        });
    }
    use_elsewhere(panel, drafts);
    use_tidying(panel, drafts, live);
    let (drafts, commands) = (drafts.clone(), commands.clone());
    let shown = panel.view.selected.clone().filter(|_| panel.view.shown);
    use_effect_with((panel.outbox.clone(), shown), move |(outbox, shown)| {
        for pending in outbox.returning(shown.as_deref()) {
            if let Progress::Failed(error) = &pending.progress {
                commands.state.dispatch(Action::Notice(Notice::returned(error)));
            }
            give_back(&drafts, &commands, &pending.item);
        }
    });
}

/// Forgets outdated drafts when the agent goes from one conversation to another: by then all open ones are known.
#[hook]
fn use_tidying(panel: &PanelContext, drafts: &DraftsContext, live: bool) {
    let (panel, drafts) = (panel.clone(), drafts.clone());
    let before = use_mut_ref(|| None);
    use_effect_with(panel.view.selected.clone(), move |selected| {
        if before.replace(selected.clone()).is_some() && live {
            drafts.tidy(|id| panel.desk.conversation(id).is_some_and(|it| it.closed_at.is_none()));
        }
    });
}

/// Fetches the chosen conversation's newest messages and the first finished conversations, as soon as they are wanted.
#[hook]
fn use_fetching(panel: &PanelContext, commands: &Commands, live: bool) {
    {
        let commands = commands.clone();
        let wanted = panel.view.selected.clone().filter(|_| live).and_then(|id| Some((panel.wanted(&id)?, id)));
        use_effect_with(wanted, move |wanted| {
            if let Some((fetch, id)) = wanted {
                commands.fetch_history(id, *fetch);
            }
        });
    }
    {
        let (commands, finding) = (commands.clone(), panel.finding.clone());
        use_effect_with((finding.number, finding.is_wanted()), move |(_, is_wanted)| {
            if *is_wanted {
                commands.search(&finding);
            }
        });
    }
    let commands = commands.clone();
    let scope = panel.scope();
    let paging = panel.paging(&scope);
    let wanted = live && panel.view.tab == Tab::Finished && !paging.begun && paging.fetch == Fetch::Idle;
    use_effect_with((scope, wanted), move |(scope, wanted)| {
        if *wanted {
            commands.fetch_finished(scope, None);
        }
    });
}

/// Marks the chosen conversation as read while the agent can see it (N2). A mark that was lost is told again with the next change of
/// anything.
#[hook]
fn use_read_marks(panel: &PanelContext, commands: &Commands, live: bool) {
    let visible = use_visible();
    let marks = use_mut_ref(Marks::default);
    let commands = commands.clone();
    let seen = seen(panel).filter(|_| visible);
    use_effect(move || {
        let next = marks.borrow_mut().next(seen, live);
        if let Some(next) = next {
            commands.mark_read(next, move |lost| marks.borrow_mut().failed(lost));
        }
    });
}

/// What stands on the screen, if something of it counts as unread.
fn seen(panel: &Panel) -> Option<Seen> {
    // What the right chat panel covers is not seen.
    let conversation = panel.selected().filter(|_| panel.view.shown && !panel.view.aside.over)?;
    let thread =
        panel.thread(&conversation.id).filter(|thread| thread.loaded && !thread.stale && thread.cut().is_none())?;
    let n = thread.messages().last()?.n;
    let client_waits = thread.last_contact_n().is_some_and(|n| n > conversation.contact.seen_n);
    let unread = panel.desk.unread(&conversation) > 0 || (conversation.closed_at.is_none() && client_waits);
    let (conversation_id, n_alerts, fence) = (conversation.id.clone(), conversation.n_alerts, conversation.fence);
    unread.then_some(Seen { conversation_id, n_alerts, n, fence })
}

/// Puts a refused answer's text back into the input (A7), unless another panel has done so.
pub(crate) fn give_back(drafts: &DraftsContext, commands: &Commands, item: &OutboxItem) {
    let id = &item.conversation_id;
    let kept = drafts.kept(id);
    if drafts.was_returned(&item.id) {
        if drafts.of(id).is_none_or(|text| text.trim().is_empty())
            && let Some(text) = kept
        {
            drafts.dispatch(DraftAction::Type { conversation_id: id.clone(), text: text.into() });
        }
    } else {
        drafts.keep(id, &drafts.after_return(item, kept.as_deref()));
        drafts.note_returned(&item.id);
        drafts.dispatch(DraftAction::Return { item: item.clone(), kept });
        if !item.attachments.is_empty() {
            // The relay has them still: for another answer they need not go again.
            let back = FilesAction::Back(id.clone(), item.attachments.clone());
            commands.state.dispatch(Action::Files(back));
        }
    }
    commands.discard(&item.id);
}
