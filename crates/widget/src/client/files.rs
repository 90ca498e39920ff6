//! The files that the visitor chose, until the relay has them (F4).
//!
//! They stay in the page that they were chosen in, and do not survive it, as the text does: a browser gives them to no other page. What
//! the relay has already goes with the message, which is kept until it is stored.

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;

use super::{Client, Effect, Errand, Fault, Refusal};
use crate::texts::FILES_OFF;
use crate::wire::File;

/// The lane of uploads: one after the other.
const LANE: &str = "file";
/// So many go with one message: `domain::file`, as the relay checks.
const MAX_FILES: usize = 10;

/// A file that goes with the next message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// `att_…`
    pub id: String,
    /// What it is called.
    pub name: String,
    /// The file, once the relay has it.
    file: Option<File>,
}

/// What became of a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// It goes with the next message.
    Taken,
    /// It is larger than the relay takes (F2).
    TooLarge,
    /// There are enough already (F1).
    TooMany,
}

impl Client {
    /// The visitor chose a file of so many bytes; nothing of it leaves before "Send".
    pub fn choose(&mut self, id: &str, name: &str, size: i64, limit: i64) -> Choice {
        if size > limit {
            return Choice::TooLarge;
        }
        if self.chosen.len() >= MAX_FILES {
            return Choice::TooMany;
        }
        self.chosen.push(Chosen { id: id.to_owned(), name: name.to_owned(), file: None });
        Choice::Taken
    }

    /// The visitor took a file away.
    pub fn remove(&mut self, id: &str) {
        if !self.uploads {
            self.chosen.retain(|chosen| chosen.id != id);
        }
    }

    /// The files that go with the next message.
    #[must_use]
    pub fn chosen(&self) -> &[Chosen] {
        &self.chosen
    }

    /// The file that is on its way, or waits for the network.
    #[must_use]
    pub fn uploading(&self) -> Option<&Chosen> {
        self.chosen.iter().find(|chosen| chosen.file.is_none()).filter(|_| self.uploads)
    }

    /// Whether the relay has all chosen files.
    #[must_use]
    pub fn has_uploaded(&self) -> bool {
        self.chosen.iter().all(|chosen| chosen.file.is_some())
    }

    /// The visitor pressed "Send": the files go ahead, and then the text with them.
    pub fn upload(&mut self, now: i64) -> Vec<Effect> {
        self.uploads = true;
        self.settle(now)
    }

    /// The visitor pressed "Stop". Files and text stay as they are.
    pub fn stop(&mut self, now: i64) -> Vec<Effect> {
        self.stop_uploads();
        self.settle(now)
    }

    /// The relay's answer to [`Effect::Upload`] with this token.
    pub fn uploaded(&mut self, token: &str, id: &str, answer: Result<File, Refusal>, now: i64) -> Vec<Effect> {
        let current = self.token.as_deref() == Some(token);
        match answer {
            Ok(file) if current => {
                self.errands.stored(id);
                for chosen in self.chosen.iter_mut().filter(|chosen| chosen.id == id) {
                    chosen.file = Some(file.clone());
                }
                if self.uploads && self.has_uploaded() {
                    self.uploads = false;
                    self.effects.push(Effect::Submit);
                }
            }
            // It is another identity's.
            Ok(_) => self.errands.unreachable(id, now, None),
            Err(Refusal::Unreachable { retry_after_ms }) => self.errands.unreachable(id, now, retry_after_ms),
            Err(Refusal::Unauthorized) => {
                self.errands.unreachable(id, now, None);
                if current {
                    self.unauthorized(now);
                }
            }
            Err(Refusal::Refused { code }) => {
                self.refuse_upload(Some(id), &code);
                if let Some(fault) = Fault::of(&code) {
                    self.give_up(fault, &code, now);
                }
            }
        }
        self.settle(now)
    }

    /// Lets go what was chosen, once there is somebody to send it as.
    pub(super) fn push_uploads(&mut self) {
        if self.uploads && self.token.is_some() {
            for chosen in self.chosen.iter().filter(|chosen| chosen.file.is_none()) {
                self.errands.push(LANE, &chosen.id, Errand::File);
            }
        }
    }

    /// Another identity cannot send what this one brought to the relay.
    pub(super) fn forget_uploads(&mut self) {
        for chosen in &mut self.chosen {
            chosen.file = None;
        }
    }

    /// Takes what goes with a message.
    pub(super) fn take_uploaded(&mut self) -> Vec<File> {
        core::mem::take(&mut self.chosen).into_iter().filter_map(|chosen| chosen.file).collect()
    }

    /// Gives up the upload. The file that was refused goes, and all where no files are taken; the rest can be sent by another press.
    pub(super) fn refuse_upload(&mut self, id: Option<&str>, code: &str) {
        if self.uploads {
            self.stop_uploads();
            let name = self.chosen.iter().find(|chosen| Some(&*chosen.id) == id).map(|chosen| chosen.name.clone());
            self.chosen.retain(|chosen| Some(&*chosen.id) != id && code != FILES_OFF);
            self.effects.push(Effect::RefuseFile { name, code: code.to_owned() });
        }
    }

    fn stop_uploads(&mut self) {
        if core::mem::take(&mut self.uploads) {
            for chosen in &self.chosen {
                self.errands.discard(&chosen.id);
            }
            self.effects.push(Effect::StopUpload);
        }
    }
}
