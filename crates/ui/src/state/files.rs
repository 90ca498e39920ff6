//! Files that wait above an input, and those on their way to the relay (F1, F2).

use std::rc::Rc;

use domain::file::FILES_MAX;
use protocol::error::{ErrorCode, WireError};
use protocol::file::{AttachmentView, usual_limit};
use protocol::worker::UploadState;
use web_sys::File;
use yew::AttrValue;

use crate::blob_url::BlobUrl;
use crate::text::{files as words, fill, refusal, texts, too_large};

/// Where a chosen file stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Stands {
    /// It waits for "Send", or for its turn.
    #[default]
    Waiting,
    /// The page reads it.
    Reading,
    /// Its bytes, in Base64, are to be handed to the hub.
    Read(Rc<str>),
    /// So many percent of it are at the relay.
    Going(u32),
    /// All of it is.
    There(AttachmentView),
    /// It did not get there; with "Send" it is tried again.
    Failed,
}

/// A file that was chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Chosen {
    /// `att_…`
    pub id: String,
    /// What it is called.
    pub name: AttrValue,
    /// How many bytes it has.
    pub size: u64,
    /// What the browser takes it for.
    pub media_type: String,
    /// The file; one that came back from an answer is at the relay alone.
    pub file: Option<File>,
    /// The file of a template that it is, whose bytes are at the relay already (T2).
    pub template_file: Option<String>,
    /// By which it is shown, if it is a picture.
    pub picture: Option<BlobUrl>,
    /// Where it stands.
    pub stands: Stands,
}

/// The files of one conversation's next answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Basket {
    /// `cnv_…`
    pub conversation_id: String,
    /// In the order of choosing.
    pub files: Vec<Chosen>,
    /// The claim on which they are on their way, once "Send" was pressed.
    pub sending: Option<u32>,
}

/// All of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Files {
    /// The largest file that the relay takes, once it said so.
    pub limit: Option<u64>,
    baskets: Vec<Basket>,
}

/// What happens to files.
#[derive(Clone, Debug)]
pub enum FilesAction {
    /// The relay says how large one may be.
    Limit(u64),
    /// The agent chose some for a conversation.
    Choose(String, Vec<Chosen>),
    /// He takes one away.
    Remove(String),
    /// He pressed "Send" in a conversation; its claim.
    Send(String, u32),
    /// He pressed "Stop" in a conversation.
    Stop(String),
    /// One is being read.
    Read(String),
    /// It was read: its bytes in Base64; nothing if the browser could not.
    Came(String, Option<Rc<str>>),
    /// Its bytes were handed to the hub.
    Brought(String),
    /// The hub says how that goes.
    Told(String, UploadState),
    /// A conversation's files went with its answer.
    Gone(String),
    /// An answer was taken back; its files are at the relay still.
    Back(String, Vec<AttachmentView>),
    /// The hub is gone, and what it was bringing with it.
    Lost,
}

/// What the agent is told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// Some of what he chose does not go.
    Left(String),
    /// One did not get to the relay, by its refusal if it was refused.
    Failed(String, Option<WireError>),
}

impl Files {
    /// The files of a conversation's next answer, if there are any.
    #[must_use]
    pub fn of(&self, conversation_id: &str) -> Option<&Basket> {
        self.baskets.iter().find(|basket| basket.conversation_id == conversation_id)
    }

    /// Whether there are none at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.baskets.is_empty()
    }

    /// The file with which something is to be done now, one after the other: it is to be read, or was.
    #[must_use]
    pub fn next(&self) -> Option<(&Basket, &Chosen)> {
        let sending = self.baskets.iter().filter(|basket| basket.sending.is_some());
        let mut all = sending.flat_map(|basket| basket.files.iter().map(move |chosen| (basket, chosen)));
        let under_way = all.clone().find(|(_, chosen)| chosen.is_under_way());
        let next = under_way.or_else(|| all.find(|(_, chosen)| chosen.stands == Stands::Waiting));
        next.filter(|(_, chosen)| matches!(chosen.stands, Stands::Waiting | Stands::Read(_)))
    }

    /// The files that are all at the relay, so that their answer can go.
    #[must_use]
    pub fn ready(&self) -> Option<(&Basket, Vec<AttachmentView>)> {
        let there = |chosen: &Chosen| match &chosen.stands {
            Stands::There(view) => Some(view.clone()),
            _ => None,
        };
        let all = |basket: &Basket| basket.files.iter().map(there).collect::<Option<Vec<_>>>();
        self.baskets.iter().filter(|basket| basket.sending.is_some()).find_map(|basket| Some((basket, all(basket)?)))
    }

    /// Takes what happens; says what the agent is to be told.
    pub fn take(&mut self, action: FilesAction) -> Option<Said> {
        match action {
            FilesAction::Limit(bytes) => self.limit = Some(bytes),
            FilesAction::Choose(conversation_id, chosen) => return self.choose(conversation_id, chosen),
            FilesAction::Remove(id) => {
                for basket in self.baskets.iter_mut().filter(|basket| basket.sending.is_none()) {
                    basket.files.retain(|chosen| chosen.id != id);
                }
            }
            FilesAction::Send(conversation_id, fence) => {
                if let Some(basket) = self.basket(&conversation_id) {
                    if basket.files.len() > FILES_MAX {
                        let n = [("n", &*FILES_MAX.to_string())];
                        return Some(Said::Left(fill(words().too_many_back, &n)));
                    }
                    basket.sending = Some(fence);
                    basket.wait();
                }
            }
            FilesAction::Stop(conversation_id) => {
                self.basket(&conversation_id).map(Basket::rest);
            }
            // What was stopped meanwhile is another attempt's, or nobody's.
            FilesAction::Read(id) => self.step(&id, |stands| *stands == Stands::Waiting, Stands::Reading),
            FilesAction::Came(id, Some(base64)) => {
                self.step(&id, |stands| *stands == Stands::Reading, Stands::Read(base64));
            }
            FilesAction::Came(id, None) => {
                return self.fail(&id, |stands| *stands == Stands::Reading, None, words().unreadable);
            }
            // A template's file needs no reading.
            FilesAction::Brought(id) => {
                self.step(&id, |stands| matches!(stands, Stands::Waiting | Stands::Read(_)), Stands::Going(0));
            }
            FilesAction::Told(id, state) => return self.hear(&id, state),
            FilesAction::Gone(conversation_id) => {
                self.baskets.retain(|basket| basket.conversation_id != conversation_id);
            }
            FilesAction::Back(conversation_id, views) => self.give_back(conversation_id, views),
            FilesAction::Lost => {
                let going = self.baskets.iter().flat_map(|basket| &basket.files);
                let going = going.filter(|chosen| is_going(&chosen.stands));
                let ids: Vec<String> = going.map(|chosen| chosen.id.clone()).collect();
                return ids.iter().fold(None, |said, id| self.fail(id, is_going, None, texts().unreachable).or(said));
            }
        }
        self.baskets.retain(|basket| !basket.files.is_empty());
        None
    }

    /// The account goes: nothing of what was chosen does before "Send" is pressed again.
    pub fn rest(&mut self) {
        self.baskets.iter_mut().for_each(Basket::rest);
    }

    fn basket(&mut self, conversation_id: &str) -> Option<&mut Basket> {
        self.baskets.iter_mut().find(|basket| basket.conversation_id == conversation_id)
    }

    fn basket_or_new(&mut self, conversation_id: String) -> &mut Basket {
        let at = self.baskets.iter().position(|basket| basket.conversation_id == conversation_id);
        let at = at.unwrap_or_else(|| {
            self.baskets.push(Basket { conversation_id, files: Vec::new(), sending: None });
            self.baskets.len() - 1
        });
        &mut self.baskets[at]
    }

    /// Puts those in that may go: what is too large is named with the limit, and the others stay.
    fn choose(&mut self, conversation_id: String, chosen: Vec<Chosen>) -> Option<Said> {
        let limit = self.limit.unwrap_or_else(usual_limit);
        let (mut said, mut left_out) = (String::new(), String::new());
        let basket = self.basket_or_new(conversation_id);
        for file in chosen {
            let is_here = |known: &Chosen| known.template_file.is_some() && known.template_file == file.template_file;
            if basket.files.iter().any(is_here) {
                continue;
            }
            if file.size > limit {
                add(&mut said, " ", &too_large(&file.name, limit));
            } else if basket.files.len() >= FILES_MAX || basket.sending.is_some() {
                add(&mut left_out, words().and, &fill(words().quoted, &[("name", &file.name)]));
            } else {
                basket.files.push(file);
            }
        }
        if !left_out.is_empty() {
            let n = FILES_MAX.to_string();
            add(&mut said, " ", &fill(words().too_many, &[("n", &n), ("names", &left_out)]));
        }
        self.baskets.retain(|basket| !basket.files.is_empty());
        (!said.is_empty()).then_some(Said::Left(said))
    }

    fn hear(&mut self, id: &str, state: UploadState) -> Option<Said> {
        let stands = match state {
            UploadState::Going { percent } => Stands::Going(percent),
            UploadState::Done { attachment } => Stands::There(attachment),
            UploadState::Refused { error } if error.code == ErrorCode::FileTooLarge => {
                return self.leave_out(id, &error);
            }
            UploadState::Refused { error } => {
                let why = refusal(&error);
                return self.fail(id, is_going, Some(error), &why);
            }
            UploadState::Unreachable => return self.fail(id, is_going, None, texts().unreachable),
        };
        // After "Stop" nothing goes on; what arrived all the same need not go again.
        let arrived = matches!(stands, Stands::There(_));
        self.step(id, |stands| arrived || is_going(stands), stands);
        None
    }

    /// One is larger than the relay takes, which was not known here: it is named, and the others still go (F2).
    fn leave_out(&mut self, id: &str, error: &WireError) -> Option<Said> {
        self.limit = error.details.limit_bytes.or(self.limit);
        let is_it = |chosen: &Chosen| chosen.id == id && is_going(&chosen.stands);
        let basket = self.baskets.iter_mut().find(|basket| basket.files.iter().any(is_it))?;
        basket.files.retain(|chosen| !is_it(chosen));
        self.baskets.retain(|basket| !basket.files.is_empty());
        Some(Said::Left(refusal(error)))
    }

    /// Moves a file on if it stands where that leads on from.
    fn step(&mut self, id: &str, from: impl Fn(&Stands) -> bool, to: Stands) {
        for basket in &mut self.baskets {
            let goes = basket.sending.is_some() || matches!(to, Stands::There(_));
            let chosen = basket.files.iter_mut().find(|chosen| goes && chosen.id == id && from(&chosen.stands));
            if let Some(chosen) = chosen {
                chosen.stands = to.clone();
            }
        }
    }

    /// One that fails stops the others of its answer, which would not go without it.
    fn fail(&mut self, id: &str, at: fn(&Stands) -> bool, error: Option<WireError>, why: &str) -> Option<Said> {
        let is_it = |chosen: &Chosen| chosen.id == id && at(&chosen.stands);
        let mut sending = self.baskets.iter_mut().filter(|basket| basket.sending.is_some());
        let basket = sending.find(|basket| basket.files.iter().any(is_it))?;
        basket.rest();
        let chosen = basket.files.iter_mut().find(|chosen| chosen.id == id)?;
        chosen.stands = Stands::Failed;
        Some(Said::Failed(fill(words().failed_why, &[("name", &chosen.name), ("why", why)]), error))
    }

    fn give_back(&mut self, conversation_id: String, views: Vec<AttachmentView>) {
        let basket = self.basket_or_new(conversation_id);
        // What comes back is not to go with another answer that is just leaving.
        basket.rest();
        // None is lost, even if they are more than go with one message: "Send" says so then.
        let back = views.into_iter().map(|view| Chosen {
            id: view.id.clone(),
            name: view.name.clone().into(),
            size: view.size,
            media_type: view.media_type.clone(),
            file: None,
            template_file: None,
            picture: None,
            stands: Stands::There(view),
        });
        basket.files.extend(back);
    }
}

impl Chosen {
    /// Whether it is being read or brought.
    #[must_use]
    pub const fn is_under_way(&self) -> bool {
        matches!(self.stands, Stands::Reading | Stands::Read(_) | Stands::Going(_))
    }
}

const fn is_going(stands: &Stands) -> bool {
    matches!(stands, Stands::Going(_))
}

impl Basket {
    fn rest(&mut self) {
        self.sending = None;
        self.wait();
    }

    /// Nothing of it goes any more, or yet.
    fn wait(&mut self) {
        for chosen in &mut self.files {
            if !matches!(chosen.stands, Stands::There(_)) {
                chosen.stands = Stands::Waiting;
            }
        }
    }

    /// Their names, each on a line of its own.
    #[must_use]
    pub fn names(&self) -> String {
        let mut names = String::new();
        self.files.iter().for_each(|chosen| add(&mut names, "\n", &chosen.name));
        names
    }
}

/// What a message says, for whoever does not see it: its text, then the names of its files, each on a line of its own.
#[must_use]
pub fn spoken(text: &str, files: &[AttachmentView]) -> String {
    let mut spoken = text.to_owned();
    files.iter().for_each(|file| add(&mut spoken, "\n", &file.name));
    spoken
}

fn add(list: &mut String, between: &str, more: &str) {
    if !list.is_empty() {
        list.push_str(between);
    }
    list.push_str(more);
}

#[cfg(test)]
#[path = "files_tests.rs"]
pub(crate) mod tests;
