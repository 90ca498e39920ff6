//! What a panel says and hears.
//!
//! Unlike the wire's types, these name their kind from outside (`{"reply": {…}}`): an enum whose kind stands among its fields is read into
//! a buffer first, which takes a second copy of the code that reads each type in it. The panel is sent over a network, so its size counts.

mod frame;

use serde::{Deserialize, Serialize};

use crate::command::{Assignable, ConversationPage, History};
use crate::contact::{ContactBody, SetContact};
use crate::error::WireError;
use crate::file::AttachmentView;
use crate::frame::RelayFrame;
use crate::note::{LeaveNote, NoteBody, NotePage};
use crate::search::SearchPage;
use crate::template::TemplateList;
use crate::view::{Availability, BlockTerm, ConversationView, MessageView};
use crate::visit::VisitBody;
use crate::worker::AccountKey;

/// From a panel to the hub.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PanelToHub {
    /// The first message.
    Hello {
        /// The page that the panel stands in; empty for one in a window of its own.
        page_id: String,
        /// Whose the panel is, if it stands in a window of its own.
        #[serde(default)]
        account: Option<AccountKey>,
    },
    /// A question or command; answered by [`HubToPanel::Reply`] with the same number.
    Call {
        /// Whose; refused if the panel's account is another by now.
        account: AccountKey,
        /// Made by the panel, unique for the port.
        call_id: u32,
        /// What.
        request: Request,
    },
    /// Put an answer into the outbox; the hub sends it until the relay took or refused it.
    Send {
        /// Whose; an answer for another account is never taken.
        account: AccountKey,
        /// The answer.
        item: OutboxItem,
    },
    /// Bring a file to the relay, to be sent with an answer (F1); [`HubToPanel::UploadState`] says how it goes. One after the other: the
    /// port's messages come in order, and this one is large.
    Upload {
        /// Whose.
        account: AccountKey,
        /// The file.
        upload: Upload,
    },
    /// Give a file up that is on its way; nothing is said of it any more.
    CancelUpload {
        /// Whose.
        account: AccountKey,
        /// `att_…`
        attachment_id: String,
    },
    /// The agent types in a conversation, or chooses a file: at the first key and then at most every 10 s (A9).
    Typing {
        /// Whose.
        account: AccountKey,
        /// `cnv_…`
        conversation_id: String,
    },
    /// A conversation is on the agent's screen, or none any more: when that changes, and every 20 s while one is (A8).
    Viewing {
        /// Whose.
        account: AccountKey,
        /// `cnv_…`; nothing if none is.
        conversation_id: Option<String>,
    },
    /// The agent turns to another account of the address that the page shows.
    Choose {
        /// Which.
        account: AccountKey,
    },
    /// A panel in a window of its own came into sight, or went out of it; one in a Gmail page is seen as that page is.
    Shown {
        /// Whether the agent can see it.
        shown: bool,
    },
    /// Try a failed answer again.
    Retry {
        /// Whose.
        account: AccountKey,
        /// `msg_…`
        message_id: String,
    },
    /// Take a failed answer out of the outbox: the agent has its text back in the input, or gave it up.
    Discard {
        /// Whose.
        account: AccountKey,
        /// `msg_…`
        message_id: String,
    },
}

/// What a panel asks of the relay, through the hub that holds the token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// Go Online or Offline (P1).
    SetAvailability {
        /// What.
        availability: Availability,
        /// With Offline: whether what he has in work goes back to "New" (P11).
        return_conversations: bool,
    },
    /// "Accept conversation" (A2).
    Accept {
        /// `cnv_…`
        conversation_id: String,
    },
    /// Who could have it (A4).
    Assignable {
        /// `cnv_…`
        conversation_id: String,
    },
    /// "Assign to an agent", "Assign" (A4).
    Assign {
        /// `cnv_…`
        conversation_id: String,
        /// `agt_…`
        agent_id: String,
        /// The claim that the page shows.
        fence: Option<u32>,
    },
    /// "Assign" → "Clear" (A11).
    Clear {
        /// `cnv_…`
        conversation_id: String,
        /// The claim that the page shows.
        fence: Option<u32>,
    },
    /// "Close" (X1).
    Close {
        /// `cnv_…`
        conversation_id: String,
        /// The claim that the page shows.
        fence: Option<u32>,
    },
    /// "Postpone" (X3).
    Postpone {
        /// `cnv_…`
        conversation_id: String,
        /// The claim that the page shows.
        fence: Option<u32>,
    },
    /// "Block" (B1).
    Block {
        /// `cnv_…`
        conversation_id: String,
        /// For how long.
        term: BlockTerm,
        /// Why, if he said.
        reason: Option<String>,
        /// Whether new visitors from the same address are kept out too.
        also_ip: bool,
    },
    /// "Unblock" (B5).
    Unblock {
        /// `cnv_…`
        conversation_id: String,
    },
    /// Seen on a visible page (N2).
    MarkRead {
        /// `cnv_…`
        conversation_id: String,
        /// The `n_alerts` that was shown.
        n_alerts: u32,
        /// The `last_n` that was shown.
        n: u32,
    },
    /// Messages of the conversation and of the client's earlier ones.
    History {
        /// `cnv_…`
        conversation_id: String,
        /// Only messages with a smaller number.
        before: Option<u32>,
    },
    /// Conversations in which all words match, in a message or in the client's name (S2).
    Search {
        /// The words.
        query: String,
        /// The `next` of the page before.
        after: Option<String>,
    },
    /// Notes of all conversations of the client, newest first (O3).
    Notes {
        /// `cnv_…`
        conversation_id: String,
        /// The `next` of the page before.
        after: Option<String>,
    },
    /// "Leave a note" → "Save" (O1).
    LeaveNote {
        /// `cnv_…`
        conversation_id: String,
        /// The note, with the id that the panel gave it.
        note: LeaveNote,
    },
    /// What is known of a client (I4).
    Contact {
        /// `con_…`
        contact_id: String,
    },
    /// What is known of a client's latest visit of the website (I1).
    Visit {
        /// `con_…`
        contact_id: String,
    },
    /// Corrects what is known of a client.
    SetContact {
        /// `con_…`
        contact_id: String,
        /// All fields, as they shall be.
        contact: SetContact,
    },
    /// A client's conversations, the latest first (I3).
    ConversationsOf {
        /// `con_…`
        contact_id: String,
        /// The `next` of the page before.
        after: Option<String>,
    },
    /// One's own templates and those of one's projects (T1).
    Templates,
    /// The largest file that the relay takes (F2).
    FileLimit,
    /// The bytes of a file (F3).
    File {
        /// `att_…`
        attachment_id: String,
    },
    /// Finished conversations.
    Finished {
        /// Of this channel; of all if none.
        channel_id: Option<String>,
        /// Of this project; of all if none.
        project_id: Option<String>,
        /// The `next` of the page before.
        after: Option<String>,
    },
}

/// What the relay answered to a [`Request`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answered {
    /// Done, nothing to show.
    Done,
    /// The conversation after the command.
    Conversation {
        /// Its state.
        conversation: Box<ConversationView>,
    },
    /// Who could have it.
    Assignable(Assignable),
    /// Messages.
    History(History),
    /// Finished conversations, or a client's.
    Page(ConversationPage),
    /// What was found.
    Found(SearchPage),
    /// Notes.
    Notes(NotePage),
    /// The note that was left.
    Note(NoteBody),
    /// What is known of a client.
    Contact(ContactBody),
    /// What is known of a client's visit.
    Visit(VisitBody),
    /// Templates.
    Templates(TemplateList),
    /// The largest file.
    FileLimit {
        /// How many bytes it may have.
        bytes: u64,
    },
    /// A file.
    File {
        /// Its bytes, in Base64.
        base64: String,
    },
    /// Refused.
    Refused {
        /// Why.
        error: WireError,
    },
    /// The relay could not be reached.
    Unreachable,
}

/// A file on its way to the relay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    /// `att_…`, made by the panel.
    pub id: String,
    /// `cnv_…`
    pub conversation_id: String,
    /// The claim that it stands on.
    pub fence: u32,
    /// What it is called.
    pub name: String,
    /// What the browser takes it for; empty if it does not know.
    pub media_type: String,
    /// Its bytes, in Base64.
    pub base64: String,
    /// Or the file of a template that it is, whose bytes the relay has already (T2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template_file_id: Option<String>,
}

/// Where an [`Upload`] stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UploadState {
    /// On its way.
    Going {
        /// How much of it is there.
        percent: u32,
    },
    /// The relay has it.
    Done {
        /// As the relay shows it.
        attachment: AttachmentView,
    },
    /// Refused.
    Refused {
        /// Why.
        error: WireError,
    },
    /// The relay could not be reached; the panel may try again.
    Unreachable,
}

/// An answer on its way to the relay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxItem {
    /// `msg_…`, made by the panel.
    pub id: String,
    /// `cnv_…`
    pub conversation_id: String,
    /// The text; it may be empty beside files.
    pub text: String,
    /// The files, which the relay has already (F1).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<AttachmentView>,
    /// The claim that it stands on.
    pub fence: u32,
    /// When the agent pressed "Send", by the page's clock.
    pub at: i64,
}

/// Where an [`OutboxItem`] stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutboxState {
    /// Being sent, again and again.
    Sending,
    /// Stored by the relay; the item leaves the outbox.
    Sent {
        /// As stored.
        message: Box<MessageView>,
    },
    /// Refused; it stays until the agent retries or discards it.
    Failed {
        /// Why.
        error: WireError,
    },
}

/// From the hub to a panel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HubToPanel {
    /// Whose panel it is; sent first and again when the accounts change.
    Account {
        /// The page's account, if its address is signed in.
        account: Option<AccountKey>,
        /// The address that the page shows.
        address: Option<String>,
        /// How many accounts are signed in at all.
        n_accounts: u32,
        /// The other accounts of that address, at other relays: the agent may turn to each.
        #[serde(default)]
        others: Vec<AccountKey>,
    },
    /// How the relay connection stands.
    Connection {
        /// How.
        state: ConnectionState,
        /// The relay's clock less this machine's, in milliseconds (L6).
        offset_ms: i64,
    },
    /// A frame of the account's stream; at first the snapshots of what the hub knows.
    Frame {
        /// The frame.
        #[serde(with = "frame::FromOutside")]
        frame: RelayFrame,
    },
    /// The answer to a call.
    Reply {
        /// The call's number.
        call_id: u32,
        /// The answer.
        answered: Answered,
    },
    /// How the bringing of a file goes; said to the panel that brings it.
    UploadState {
        /// `att_…`
        attachment_id: String,
        /// How.
        state: UploadState,
    },
    /// An answer's state; all of them at first.
    Outbox {
        /// The answer.
        item: OutboxItem,
        /// Where it stands.
        state: OutboxState,
    },
}

/// How a relay connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionState {
    /// Not connected yet, or catching up.
    Connecting,
    /// Caught up and live.
    Live,
    /// The token was revoked: sign in again.
    SignedOut,
}
