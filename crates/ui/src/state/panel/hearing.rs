//! What the hub's messages do to a panel.

use std::rc::Rc;

use protocol::frame::{Event, RelayFrame};
use protocol::view::Availability;
use protocol::worker::{AccountKey, ConnectionState, HubToPanel, OutboxItem, OutboxState};

use super::{DeskRef, Panel, Standing};
use crate::state::files::FilesAction;
use crate::state::finding::Find;
use crate::state::outbox::Progress;
use crate::state::thread::Fetch;
use crate::state::view::{Scope, View};

impl Panel {
    pub(super) fn hear(&mut self, message: HubToPanel) {
        match message {
            HubToPanel::Account { account, address, n_accounts, others } => {
                self.hear_account(account, address, n_accounts);
                self.others = Rc::new(others);
            }
            HubToPanel::Connection { state, offset_ms } => {
                if state == ConnectionState::Live && self.connection != ConnectionState::Live {
                    self.try_failed_fetches_again();
                }
                if state == ConnectionState::SignedOut {
                    self.begin_anew(self.standing.clone());
                }
                self.connection = state;
                if state != ConnectionState::Connecting {
                    self.n_caught_up = 0;
                }
                self.offset_ms = offset_ms;
                self.filled |= state == ConnectionState::Live;
            }
            HubToPanel::Frame { frame } => self.hear_frame(&frame),
            HubToPanel::Outbox { item, state } => self.hear_outbox(item, state),
            HubToPanel::UploadState { attachment_id, state } => {
                self.take_files(FilesAction::Told(attachment_id, state));
            }
            // Answers go to those who asked, by the link.
            HubToPanel::Reply { .. } => {}
        }
    }

    fn hear_account(&mut self, account: Option<AccountKey>, address: Option<String>, n_accounts: u32) {
        let standing = match account {
            Some(account) => Standing::Account(account),
            None => Standing::NoAccount { address, n_accounts },
        };
        if standing == self.standing && self.connection != ConnectionState::SignedOut {
            Rc::make_mut(&mut self.outbox).forget_failed();
            // Until the first of it comes, what was known is better than nothing.
            self.refill = true;
            return;
        }
        // What the page asked for of this account, or before the hub spoke, is chosen; another account's is not.
        let chosen = self.view.selected.clone().filter(|_| self.standing == Standing::Unknown);
        let asked = self.asked.clone();
        self.begin_anew(standing);
        match asked {
            Some((account, id)) if self.account() == Some(&account) => self.select(Some(id)),
            _ => self.select(chosen),
        }
    }

    /// Forgets everything of the account. What the agent typed and chose is put aside for it, and comes back with it alone.
    fn begin_anew(&mut self, standing: Standing) {
        let View { shown, density, aside, .. } = *self.view;
        let view = View { shown, density, aside, ..View::default() };
        let mut put_aside = std::mem::take(&mut self.put_aside);
        if let Standing::Account(account) = &self.standing {
            Rc::make_mut(&mut self.files).rest();
            Rc::make_mut(&mut self.note_drafts).rest();
            put_aside.push((account.clone(), self.files.clone(), self.note_drafts.clone()));
        }
        let is_its = |(account, ..): &(AccountKey, _, _)| standing == Standing::Account(account.clone());
        let own = put_aside.iter().position(is_its).map(|at| put_aside.swap_remove(at));
        let (files, note_drafts) = own.map(|(_, files, note_drafts)| (files, note_drafts)).unwrap_or_default();
        *self = Self {
            standing,
            view: Rc::new(view),
            files,
            note_drafts,
            put_aside,
            n_notices: self.n_notices,
            n_changes: self.n_changes,
            ..Self::default()
        };
    }

    fn hear_frame(&mut self, frame: &RelayFrame) {
        match frame {
            RelayFrame::Event(event) => self.hear_event(event),
            RelayFrame::Snapshot(snapshot) => {
                if std::mem::take(&mut self.refill) {
                    self.desk = DeskRef::default();
                }
                if snapshot.part == 0 && snapshot.topic.starts_with("channel/") {
                    self.paging = Rc::default();
                    self.threads_may_lack_messages();
                    Rc::make_mut(&mut self.dossier).outdate();
                } else if self.templates.loaded {
                    // An event of a template may have been missed: they are fetched again when they are needed.
                    Rc::make_mut(&mut self.templates).loaded = false;
                }
            }
            RelayFrame::Left { topic } => {
                if let Some(channel_id) = topic.strip_prefix("channel/") {
                    self.leave_channel(channel_id);
                } else {
                    self.templates = Rc::default();
                }
            }
            _ => {}
        }
        Rc::make_mut(&mut self.desk.0).apply(frame);
        // The offer to go Online has been taken, here or on another page.
        if self.desk.availability() == Availability::Online {
            self.notice.take_if(|notice| notice.offers_online);
        }
    }

    /// Forgets a channel that the agent has no access to any more, while the desk still knows what belongs to it.
    fn leave_channel(&mut self, channel_id: &str) {
        let of_channel = |panel: &Self, id: &str| {
            let conversation = panel.conversation(id);
            conversation.is_some_and(|it| it.channel_id == channel_id)
        };
        if self.view.selected.as_deref().is_some_and(|id| of_channel(self, id)) {
            Rc::make_mut(&mut self.view).selected = None;
        }
        if self.view.scope == Scope::Channel(channel_id.to_owned()) {
            Rc::make_mut(&mut self.view).scope = Scope::All;
        }
        let gone: Vec<String> = self.threads.names().filter(|id| of_channel(self, id)).cloned().collect();
        let threads = Rc::make_mut(&mut self.threads);
        threads.retain(|id, _| !gone.iter().any(|gone| gone == id));
        // The same client's earlier conversations elsewhere are fetched again, as far as they may still be read.
        for thread in threads.values_mut().filter(|thread| thread.concerns(channel_id)) {
            *thread = Rc::default();
        }
        Rc::make_mut(&mut self.recent).retain(|id| !gone.contains(id));
        self.paging = Rc::default();
        if self.dossier.may_concern(channel_id) {
            self.dossier = Rc::default();
        }
        self.viewed = None;
        Rc::make_mut(&mut self.finding).found.retain(|found| found.conversation.channel_id != channel_id);
    }

    fn hear_event(&mut self, event: &Event) {
        self.hear_of_contact(event);
        if let Some(template) = &event.data.template {
            Rc::make_mut(&mut self.templates).put(template.clone());
        }
        if let Some(id) = &event.data.removed_template_id {
            Rc::make_mut(&mut self.templates).remove(id);
        }
        let Some(message) = &event.data.message else { return };
        self.n_caught_up += u32::from(self.filled && self.connection == ConnectionState::Connecting);
        let message = Rc::new(message.clone());
        self.with_thread(&message.conversation_id.clone(), |thread| thread.append(message.clone()));
        Rc::make_mut(&mut self.outbox).remove(&message.id);
    }

    fn hear_outbox(&mut self, item: OutboxItem, state: OutboxState) {
        let outbox = Rc::make_mut(&mut self.outbox);
        match state {
            OutboxState::Sending => outbox.put(item, Progress::Sending),
            OutboxState::Failed { error } => outbox.put(item, Progress::Failed(error)),
            OutboxState::Sent { message } => {
                outbox.remove(&item.id);
                let message = Rc::new(*message);
                self.with_thread(&item.conversation_id, |thread| thread.append(message));
            }
        }
    }

    fn threads_may_lack_messages(&mut self) {
        for thread in Rc::make_mut(&mut self.threads).values_mut() {
            Rc::make_mut(thread).stale = true;
        }
    }

    fn try_failed_fetches_again(&mut self) {
        for thread in Rc::make_mut(&mut self.threads).values_mut().filter(|thread| thread.fetch == Fetch::Failed) {
            Rc::make_mut(thread).again();
        }
        if self.finding.fetch == Fetch::Failed {
            Rc::make_mut(&mut self.finding).take(Find::Again);
        }
        for paging in Rc::make_mut(&mut self.paging).values_mut().filter(|paging| paging.fetch == Fetch::Failed) {
            paging.fetch = Fetch::Idle;
        }
        let dossier = Rc::make_mut(&mut self.dossier);
        dossier.try_again();
        // What a visit told while nobody could hear has no number by which it would be missed.
        dossier.hear_visit();
    }
}
