//! The message catalogue: every text that people read in the chat, by a typed key.

/// A text's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text {
    /// The chat's name where the channel has no title.
    Title,
    /// The button that closes the chat.
    Close,
    /// The input's placeholder.
    InputLabel,
    /// The input's accessible name.
    InputName,
    /// The button that sends.
    Send,
    /// The list's label.
    LogLabel,
    /// Above the client's own messages, for screen readers.
    You,
    /// The divider of today's messages.
    Today,
    /// The divider of yesterday's messages.
    Yesterday,
    /// A message on its way.
    Sending,
    /// A stored message.
    Sent,
    /// A message that an agent has seen.
    Seen,
    /// A message that the relay refused.
    Failed,
    /// Tries a failed message again.
    Retry,
    /// Removes a failed message.
    Delete,
    /// Older messages are being fetched.
    LoadingEarlier,
    /// Leads to the newest message.
    NewMessages,
    /// Below the last message of a finished conversation.
    Ended,
    /// The connection is being made again.
    Connecting,
    /// The machine has no network.
    Offline,
    /// The browser keeps nothing for this chat.
    MemoryOnly,
    /// The identity was not known any more.
    HistoryLost,
    /// The page may not use the chat.
    OriginNotAllowed,
    /// The frame was opened by itself.
    NotEmbedded,
    /// The channel is gone.
    ChannelGone,
    /// After the number of characters left.
    CharactersLeft,
    /// After the number of characters too many.
    CharactersTooMany,
    /// The visitor is blocked.
    Blocked,
    /// Before the time until which he is.
    BlockedUntil,
    /// Chooses files (F1).
    Attach,
    /// Takes a file away, before its name.
    Remove,
    /// Saves a file, before its name (F3).
    Download,
    /// Gives up a file that is on its way, before its name.
    Stop,
    /// A file is on its way, before its name.
    Uploading,
    /// A file is larger than the limit, between both (F2).
    TooLarge,
    /// More files were chosen than go with one message.
    TooMany,
    /// After the name of a file that did not come.
    NotDownloaded,
    /// After the name of what cannot be read, such as a folder.
    NotRead,
    /// A refusal: the page that had the files is gone.
    FilesGone,
    /// A refusal: files are not taken.
    FilesOff,
    /// A refusal: the client himself stopped it.
    Stopped,
    /// A refusal: the text cannot be taken.
    RefusedText,
    /// A refusal: too many messages.
    RefusedRate,
    /// A refusal without own words.
    RefusedOther,
}

impl Text {
    /// The English text.
    #[must_use]
    pub const fn english(self) -> &'static str {
        match self {
            Self::Title => "Chat with us",
            Self::Close => "Close chat",
            Self::InputLabel => "Write a message…",
            Self::InputName => "Write a message",
            Self::Send => "Send",
            Self::LogLabel => "Messages",
            Self::You => "You",
            Self::Today => "Today",
            Self::Yesterday => "Yesterday",
            Self::Sending => "Sending…",
            Self::Sent => "Sent",
            Self::Seen => "Seen",
            Self::Failed => "Not sent.",
            Self::Retry => "Retry",
            Self::Delete => "Delete",
            Self::LoadingEarlier => "Loading earlier messages…",
            Self::NewMessages => "New messages",
            Self::Ended => "This conversation has ended. Write again whenever you like.",
            Self::Connecting => "Connecting…",
            Self::Offline => "You are offline. Your messages will be sent when you are back.",
            Self::MemoryOnly => {
                "This browser keeps nothing for this chat: the conversation is gone when you leave the page."
            }
            Self::HistoryLost => {
                "Your earlier conversation could not be loaded. What you write now reaches us as usual."
            }
            Self::OriginNotAllowed => "This chat may not be used on this website.",
            Self::NotEmbedded => "This chat belongs to a website. Please open it there.",
            Self::ChannelGone => "This chat is no longer available.",
            Self::CharactersLeft => "characters left",
            Self::CharactersTooMany => "characters too many",
            Self::Blocked => "You cannot write here at the moment.",
            Self::BlockedUntil => "You cannot write here until",
            Self::Attach => "Attach files",
            Self::Remove => "Remove",
            Self::Download => "Download",
            Self::Stop => "Stop",
            Self::Uploading => "Uploading",
            Self::TooLarge => "is larger than",
            Self::TooMany => "At most 10 files go with one message.",
            Self::NotDownloaded => "was not downloaded. Try again.",
            Self::NotRead => "cannot be read.",
            Self::FilesGone => "Its files are gone with the page. Attach them again.",
            Self::FilesOff => "No files can be sent here any more.",
            Self::Stopped => "You stopped it.",
            Self::RefusedText => "This message could not be taken.",
            Self::RefusedRate => "Too many messages at once.",
            Self::RefusedOther => "It was not taken.",
        }
    }
}

/// The refusal of a client who is blocked.
pub const BLOCKED: &str = "contact_blocked";

/// Why a message was refused, in words.
#[must_use]
pub fn refusal(code: &str) -> Text {
    match code {
        "invalid_value" | "invalid_body" | "too_large" | "file_too_large" => Text::RefusedText,
        "rate_limited" => Text::RefusedRate,
        BLOCKED => Text::Blocked,
        "files_not_allowed" => Text::FilesOff,
        // The script's own.
        "stopped" => Text::Stopped,
        "files_gone" => Text::FilesGone,
        "not_found" => Text::ChannelGone,
        "origin_not_allowed" => Text::OriginNotAllowed,
        _ => Text::RefusedOther,
    }
}
