//! The texts of finding one's way: search, jumps into a conversation, new messages.

catalogue! {
    /// All texts of search, jumps and new messages, in one language.
    FindingCatalogue;

    /// The tab (S1).
    search = "Search";
    /// The name of the input.
    search_input = "Search messages and clients";
    /// In the empty input.
    search_placeholder = "Messages, files, names";
    /// Clears it.
    search_clear = "Clear search";
    /// Before anything was searched for.
    search_begin = "Search all conversations";
    /// Under it.
    search_begin_hint = "Type at least 3 characters and press Enter. Open and finished conversations of all your channels are searched.";
    /// While it is searched.
    searching = "Searching…";
    /// Nothing was found (S4).
    search_nothing = "Nothing found for “{query}”";
    /// Under it.
    search_nothing_hint = "All words must stand in one message with the names of its files, or in the client’s name. Try fewer or shorter words.";
    /// Too short, or too long (S3).
    search_refused = "Search for at least 3 characters, and at most 10 words.";
    /// The relay could not be reached.
    search_away = "The search did not reach the relay";
    /// Under it.
    search_away_hint = "It is tried again as soon as the connection is back.";
    /// The name of what was found.
    search_results = "Found conversations";
    /// Read aloud.
    n_found_one = "1 conversation found";
    /// Read aloud.
    n_found = "{n} conversations found";
    /// Read aloud, if there are more.
    n_found_more = "More than {n} conversations found";
    /// The next page (S4).
    search_more = "More";
    /// Further messages of a conversation.
    found_all = "{n} more in this conversation";
    /// Not all of them came.
    found_newest = "The newest {n} of this conversation. More words find fewer.";
    /// A shortcut.
    key_search = "Tab “Search”";

    /// The line above the first message that the agent has not seen.
    new_messages = "New messages";
    /// Leads down to one.
    one_below = "1 new message";
    /// Leads down to more.
    n_below = "{n} new messages";
    /// A part of the messages could not be fetched; tries again.
    part_failed = "Not all messages could be loaded. Retry";

    /// The stream catches up after an absence.
    catching_up_one = "Catching up: 1 message";
    /// The same with more.
    catching_up = "Catching up: {n} messages";
}
