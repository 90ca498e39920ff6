//! What an agent does with files: choosing and sending them, and looking at those in messages (F1–F3).

use std::rc::Rc;

use domain::file::{FileName, is_picture, served_type};
use domain::id::AttachmentId;
use domain::time::Timestamp;
use gloo_timers::callback::Timeout;
use protocol::file::AttachmentView;
use protocol::template::TemplateView;
use protocol::view::ConversationView;
use protocol::worker::{Answered, PanelToHub, Request, Upload};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, File, FileList, FileReader, HtmlElement, Response};
use yew::Callback;

use super::{Commands, random};
use crate::blob_url::BlobUrl;
use crate::clock::machine_ms;
use crate::state::files::{Basket, Chosen, FilesAction, Stands};
use crate::state::notice::Notice;
use crate::state::panel::Action;
use crate::text::{files, fill, refusal, texts};

/// How long a file stays for the browser to save it.
const SAVING_MS: u32 = 60_000;

impl Commands {
    /// Puts files above the input of a conversation (F1). It counts as activity there (A9).
    pub fn attach(&self, conversation: &ConversationView, list: &FileList) {
        self.put(conversation, Chosen::all(list));
    }

    /// Puts a template's files above the input (T2). The relay has them; nothing more is brought before "Send", and then no bytes.
    pub fn attach_template(&self, conversation: &ConversationView, template: &TemplateView) {
        self.put(conversation, template.attachments.iter().map(of_template).collect());
    }

    fn put(&self, conversation: &ConversationView, chosen: Vec<Chosen>) {
        if !chosen.is_empty() {
            self.on_files(FilesAction::Choose(conversation.id.clone(), chosen));
            self.typing(conversation);
        }
    }

    /// Takes a file away.
    pub fn detach(&self, id: String) {
        self.on_files(FilesAction::Remove(id));
    }

    /// Sends the files that wait, and then the answer.
    pub fn send_files(&self, conversation: &ConversationView) {
        self.on_files(FilesAction::Send(conversation.id.clone(), conversation.fence));
    }

    /// Gives up what is on its way; files and text stay. Of one that is still being read the hub knows nothing, which does no harm.
    pub fn stop_files(&self, basket: &Basket) {
        let going = basket.files.iter().find(|chosen| chosen.is_under_way());
        if let (Some(account), Some(going)) = (self.account.clone(), going) {
            self.link.tell.emit(PanelToHub::CancelUpload { account, attachment_id: going.id.clone() });
        }
        self.on_files(FilesAction::Stop(basket.conversation_id.clone()));
    }

    /// Reads a file, or brings one to the relay that was read.
    pub fn bring(&self, basket: &Basket, chosen: &Chosen) {
        let (Some(account), Some(fence)) = (self.account.clone(), basket.sending) else { return };
        let (id, conversation_id) = (chosen.id.clone(), basket.conversation_id.clone());
        let base64 = match &chosen.stands {
            Stands::Read(base64) => Some(base64.to_string()),
            // A template's file is at the relay.
            _ => chosen.template_file.as_ref().map(|_| String::new()),
        };
        if let Some(base64) = base64 {
            self.on_files(FilesAction::Brought(id.clone()));
            let Chosen { name, media_type, template_file: template_file_id, .. } = chosen.clone();
            let name = name.to_string();
            let upload = Upload { id, conversation_id, fence, name, media_type, base64, template_file_id };
            self.link.tell.emit(PanelToHub::Upload { account, upload });
        } else {
            self.on_files(FilesAction::Read(id.clone()));
            let commands = self.clone();
            read(chosen.file.clone(), move |base64| commands.on_files(FilesAction::Came(id, base64)));
        }
    }

    /// Asks how large a file may be (F2).
    pub fn fetch_file_limit(&self) {
        let commands = self.clone();
        self.ask(Request::FileLimit, move |answered| {
            // Otherwise the usual limit holds here, and the relay's own there.
            if let Answered::FileLimit { bytes } = answered {
                commands.on_files(FilesAction::Limit(bytes));
            }
        });
    }

    /// Fetches a file; calls back with where it is, or with why it did not come.
    pub fn fetch_file(&self, file: &AttachmentView, done: Callback<Result<BlobUrl, String>>) {
        let (size, media_type) = (file.size, served_type(&file.media_type));
        let request = Request::File { attachment_id: file.id.clone() };
        self.ask(request, move |answered| match answered {
            // Anything else is not the file.
            Answered::File { base64 } if u64::try_from(base64.len()) == Ok(size.div_ceil(3) * 4) => {
                let done = done.clone();
                spawn_local(async move {
                    let blob = to_blob(&base64, media_type).await;
                    done.emit(blob.ok().and_then(|blob| BlobUrl::of(&blob)).ok_or(String::new()));
                });
            }
            Answered::Refused { error } => done.emit(Err(refusal(&error))),
            _ => done.emit(Err(texts().unreachable.to_owned())),
        });
    }

    /// Saves a file of a message (F3); calls back when it is there, or did not come.
    pub fn download(&self, file: &AttachmentView, done: Callback<()>) {
        let (state, name) = (self.state.clone(), file.name.clone());
        let then = Callback::from(move |got: Result<BlobUrl, String>| {
            match got {
                Ok(url) => save(url, &name),
                Err(why) => {
                    let text = fill(files().not_downloaded, &[("name", &name), ("why", &why)]).into();
                    state.dispatch(Action::Notice(Notice { text, ..Notice::fault("") }));
                }
            }
            done.emit(());
        });
        match self.pictures.get(&file.id) {
            Some(url) => then.emit(Ok(url)),
            None => self.fetch_file(file, then),
        }
    }

    fn on_files(&self, action: FilesAction) {
        self.state.dispatch(Action::Files(action));
    }
}

impl Chosen {
    /// The files that the browser's dialog gave, each with a new id.
    #[must_use]
    pub fn all(list: &FileList) -> Vec<Self> {
        (0..list.length()).filter_map(|at| list.get(at)).map(chosen).collect()
    }
}

/// An id for a file that was just chosen.
#[must_use]
pub fn new_file_id() -> String {
    AttachmentId::new(Timestamp::from_ms(machine_ms()), random()).to_string()
}

fn of_template(file: &AttachmentView) -> Chosen {
    Chosen {
        id: new_file_id(),
        name: file.name.clone().into(),
        size: file.size,
        media_type: String::new(),
        file: None,
        template_file: Some(file.id.clone()),
        picture: None,
        stands: Stands::Waiting,
    }
}

fn chosen(file: File) -> Chosen {
    let (media_type, name) = (file.type_(), FileName::new(&file.name()).as_str().to_owned());
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a number of bytes is whole and positive"
    )]
    let size = file.size() as u64;
    Chosen {
        id: new_file_id(),
        name: name.into(),
        size,
        picture: if is_picture(&media_type) { BlobUrl::of(&file) } else { None },
        media_type,
        file: Some(file),
        template_file: None,
        stands: Stands::Waiting,
    }
}

/// Reads a file; calls back with its bytes in Base64, or with nothing if the browser cannot.
fn read(file: Option<File>, done: impl FnOnce(Option<Rc<str>>) + 'static) {
    let (Some(file), Ok(reader)) = (file, FileReader::new()) else { return done(None) };
    let ended = {
        let reader = reader.clone();
        Closure::once_into_js(move || {
            let address = reader.result().ok().and_then(|result| result.as_string());
            done(address.map(|address| address.split_once("base64,").map_or("", |(_, bytes)| bytes).into()));
        })
    };
    reader.set_onloadend(Some(ended.unchecked_ref()));
    if let Err(error) = reader.read_as_data_url(&file) {
        web_sys::console::warn_1(&error);
    }
}

async fn to_blob(base64: &str, media_type: &str) -> Result<Blob, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let fetched = window.fetch_with_str(&format!("data:{media_type};base64,{base64}"));
    let response: Response = JsFuture::from(fetched).await?.dyn_into()?;
    JsFuture::from(response.blob()?).await?.dyn_into()
}

/// Has the browser save a file. It is never opened: what could run in it does not.
fn save(url: BlobUrl, name: &str) {
    let document = web_sys::window().and_then(|window| window.document());
    let link = document.and_then(|document| document.create_element("a").ok());
    let Some(link) = link else { return };
    let set = link.set_attribute("href", &url.address()).and_then(|()| link.set_attribute("download", name));
    match (set, link.dyn_into::<HtmlElement>()) {
        (Ok(()), Ok(link)) => link.click(),
        (Err(error), _) => web_sys::console::warn_1(&error),
        (_, Err(_)) => {}
    }
    Timeout::new(SAVING_MS, move || drop(url)).forget();
}
