//! The texts themselves, in English.

/// Makes a catalogue's type, and the English one.
macro_rules! catalogue {
    ($(#[$about:meta])* $catalogue:ident; $($(#[$doc:meta])* $name:ident = $english:literal;)*) => {
        $(#[$about])*
        #[derive(Debug, PartialEq, Eq)]
        pub struct $catalogue {
            $($(#[$doc])* pub $name: &'static str,)*
        }

        /// The same in English.
        pub(in crate::text) static ENGLISH: $catalogue = $catalogue { $($name: $english,)* };

        #[cfg(test)]
        pub(super) const ALL: &[&str] = &[$($english,)*];
    };
}

pub(in crate::text) mod aside;
pub(in crate::text) mod channels;
pub(in crate::text) mod composing;
pub(in crate::text) mod files;
pub(in crate::text) mod finding;
pub(in crate::text) mod options;
pub(in crate::text) mod templates;
pub(in crate::text) mod visit;

catalogue! {
    /// All texts of the panel, and those that it shares with the Control Panel, in one language.
    Catalogue;

    /// The product's name.
    product = "Deskside";

    /// The presence button of an agent who is Online (P1).
    online = "Online";
    /// The presence button of an agent who is Offline (P1).
    offline = "Offline";
    /// What pressing the button does, Online.
    go_offline = "You are Online. Press to go Offline.";
    /// What pressing the button does, Offline.
    go_online_hint = "You are Offline. Press to go Online.";
    /// The offer to an Offline agent.
    go_online = "Go Online";
    /// Asks why the agent is Offline (P10).
    why_offline = "Why am I offline?";
    /// He has not been Online.
    offline_never = "You have not been Online yet.";
    /// He pressed the button.
    offline_by_hand = "Switched off by you at {time}.";
    /// His Gmail pages were gone for too long.
    offline_last_page = "Your last Gmail page was closed at {time}.";
    /// An administrator did it.
    offline_administrator = "Set offline by administrator {name} at {time}.";
    /// An administrator whose name is not known did it.
    offline_an_administrator = "Set offline by an administrator at {time}.";
    /// In a way that only a newer relay knows.
    offline_since = "Offline since {time}.";
    /// A time of another day than today.
    time_on = "{time} on {date}";
    /// Going Offline with conversations in work (P11).
    leave = "Go Offline?";
    /// Under it, for one conversation.
    leave_one = "You have 1 conversation in work. Shall it go back to New, so that others can take it?";
    /// Under it, for more.
    leave_many = "You have {n} conversations in work. Shall they go back to New, so that others can take them?";
    /// They go back.
    return_to_new = "Return to New";
    /// They stay.
    keep_them = "Keep them";
    /// He keeps the only one.
    keep_it = "Keep it";
    /// Nothing happens.
    cancel = "Cancel";
    /// Hands a taken conversation on (A4).
    assign = "Assign";
    /// Gives a conversation back to "New" (A11).
    clear = "Clear";
    /// What "Clear" does.
    clear_hint = "Back to New";
    /// Finishes a conversation (X1).
    close = "Close";
    /// Blocks the client (B1).
    block = "Block";
    /// Ends his block (B5).
    unblock = "Unblock";
    /// Over the terms.
    block_for = "Block {name} for";
    /// A term.
    term_15_minutes = "15 minutes";
    /// A term.
    term_hour = "1 hour";
    /// A term.
    term_day = "1 day";
    /// A term.
    term_week = "1 week";
    /// A term.
    term_month = "1 month";
    /// A term.
    term_forever = "Forever";
    /// Why a client is blocked.
    block_reason = "Reason";
    /// In the empty input.
    block_reason_hint = "Optional, for colleagues only";
    /// Whether new visitors from the same address are kept out too (B6).
    also_this_ip = "also this IP";
    /// How long a block still lasts.
    blocked_left = "Blocked · {time} left";
    /// A block that does not end by itself.
    blocked_forever = "Blocked forever";
    /// In place of the input.
    is_blocked = "The client is blocked and can neither write nor be answered.";
    /// Who blocked, and when.
    blocked_by = "By {name}, {when}";
    /// Until when.
    blocked_until = "until {when}";
    /// Closes the panel.
    close_panel = "Close panel";
    /// Puts the panel at the side.
    dock = "Dock to the side";
    /// Widens the panel over Gmail's content.
    widen = "Widen";
    /// Opens the panel in a window of its own (G1).
    pop_out = "Pop out";
    /// Closes the window of the panel's own.
    close_window = "Close window";
    /// The title of that window.
    window_title = "Deskside – {name}";
    /// Back from a conversation to the list.
    back = "Back to the list";
    /// The name of the top chat menu.
    top_menu = "Chat menu";

    /// The name of the channel list.
    channels = "Projects and channels";
    /// The whole set (L5).
    all_channels = "All channels";
    /// The name of the accounts at other relays.
    other_accounts = "Other accounts";
    /// Shows another account.
    turn_to = "Turn to your account at {relay}";
    /// A counter, read aloud.
    n_unread = "{n} unread";
    /// A channel that the agent is not subscribed to (N1).
    not_subscribed = "Not subscribed: no counters and no alerts";
    /// The name of the tabs.
    tabs = "Conversations";
    /// Open conversations (L1).
    open = "Open";
    /// Mine (L1).
    my = "My";
    /// Finished ones (L1).
    finished = "Finished";
    /// Nobody has it (L1).
    new = "New";
    /// Somebody has it (L1).
    worked_on = "Worked on";
    /// An empty "Open".
    empty_open = "All quiet";
    /// Under it.
    empty_open_hint = "When a client writes, the conversation appears here.";
    /// An empty "My".
    empty_my = "Nothing in your hands";
    /// Under it.
    empty_my_hint = "Conversations that you accept or are given appear here.";
    /// An empty "Finished".
    empty_finished = "Nothing finished yet";
    /// Under it.
    empty_finished_hint = "Closed conversations stay here to read.";
    /// More finished ones are being fetched.
    loading_more = "Loading more…";
    /// The last message in a row was an agent's.
    from_us = "Team: {text}";
    /// A row's unread counter by name, read aloud.
    row_waiting = "waiting {time}";

    /// Nothing is chosen.
    choose = "Choose a conversation";
    /// Under it.
    choose_hint = "Pick one on the left to read it here.";
    /// The conversation is not known here.
    gone = "This conversation is not available";
    /// Under it.
    gone_hint = "It was moved out of your channels, or has not arrived yet.";
    /// Nobody has it yet.
    state_new = "New";
    /// Who has it.
    state_taken = "With {name}";
    /// The reader has it.
    state_mine = "With you";
    /// It is over, by hand.
    ended_by_agent = "Closed by an agent";
    /// It is over, in a way that only a newer relay knows.
    ended_otherwise = "Finished";
    /// It is over, by the clock.
    ended_by_silence = "Finished after the client’s silence";
    /// It is over, because its client was blocked (B6).
    ended_by_block = "Finished: the client was blocked";
    /// The agent loses it soon (A10).
    goes_back = "Goes back to New in {time} unless you answer";
    /// The same, read aloud once.
    goes_back_soon = "This conversation goes back to New in less than two minutes unless you answer.";
    /// It is over soon (X3).
    finishes = "Finishes in {time}";
    /// The same, read aloud once.
    finishes_soon = "This conversation finishes in less than two minutes.";
    /// Gives it a full period from now (X3).
    postpone = "Postpone";
    /// The divider under an earlier conversation.
    earlier = "Earlier conversation · {how} · {when}";
    /// The name of the message list.
    messages = "Messages";
    /// The history is being fetched.
    loading_history = "Loading messages…";
    /// The history could not be fetched.
    history_failed = "The messages could not be loaded.";
    /// Tries again.
    retry = "Retry";
    /// Takes a failed answer out and puts its text into the input.
    edit = "Edit";
    /// Leads to the newest messages.
    to_newest = "To the newest messages";
    /// Announced when a message arrives.
    announce = "{name}: {text}";

    /// Who wrote, if only a newer relay knows.
    unknown_author = "Deskside";

    /// Being sent.
    sending = "Sending…";
    /// Not stored.
    failed = "Not sent";
    /// Today, in a day's divider.
    today = "Today";
    /// Yesterday, in a day's divider.
    yesterday = "Yesterday";

    /// Takes the conversation (A1).
    accept = "Accept conversation";
    /// Gives a new conversation to somebody (A1).
    assign_to_agent = "Assign to an agent";
    /// The name of the input.
    input = "Your answer";
    /// In the empty input.
    input_hint = "Write to {name}…";
    /// Sends the answer.
    send = "Send";
    /// Under the input.
    keys_hint = "Enter sends · Shift+Enter new line";
    /// How many characters are left or over.
    too_long = "{n} characters too many";
    /// Nearly at the limit.
    chars_left = "{n} characters left";
    /// Somebody else has it.
    held_by = "{name} has this conversation. You can read along.";
    /// It is over.
    is_finished = "This conversation is finished.";
    /// The client wrote again.
    wrote_again = "{name} has written again.";
    /// Leads to the newer conversation.
    open_newer = "Open the new conversation";
    /// The reader is Offline.
    offline_new = "You are Offline. Go Online to accept or answer.";
    /// The reader is Offline and has it.
    offline_mine = "You are Offline. Go Online to answer.";
    /// A text that was not sent, where no input is.
    unsent_draft = "Your unsent text";

    /// Who could have it is being asked.
    loading_agents = "Looking who is Online…";
    /// Nobody could have it (A4).
    nobody_online = "No other agent is Online.";
    /// The name of the menu.
    assign_menu = "Agents who are Online";

    /// A notice is put away.
    dismiss = "Dismiss";
    /// The relay could not be reached.
    unreachable = "The relay could not be reached. Try again in a moment.";
    /// A refused answer went back to the input.
    text_kept = "Your text is kept as a draft.";

    /// The map of the keys, and the button that opens it.
    shortcuts = "Keyboard shortcuts";
    /// Closes the map.
    hide_shortcuts = "Close keyboard shortcuts";
    /// When they work.
    shortcuts_note = "They work while the panel has the focus, also while you type; only ? needs you outside of a text field. Esc closes menus, and the panel in Gmail.";
    /// The one that works in all of Gmail.
    shortcuts_toggle = "Anywhere in Gmail, Alt+Shift+D opens and closes the panel. You can change that one at chrome://extensions/shortcuts.";
    /// A hint with its keys.
    with_keys = "{what} ({keys})";
    /// Read aloud when a shortcut can do nothing.
    shortcut_idle = "Not possible now: {what}.";
    /// A shortcut.
    key_next = "Next conversation";
    /// A shortcut.
    key_previous = "Previous conversation";
    /// A shortcut.
    key_list = "To the list of conversations";
    /// A shortcut.
    key_open = "Tab “Open”";
    /// A shortcut.
    key_my = "Tab “My”";
    /// A shortcut.
    key_finished = "Tab “Finished”";
    /// A shortcut.
    key_reply = "To the reply field";
    /// A shortcut.
    key_assign = "Assign";
    /// A shortcut.
    key_block = "Block or unblock the client";
    /// A shortcut.
    key_close = "Close conversation";
    /// A shortcut.
    key_presence = "Go Online or Offline";

    /// Not connected yet.
    connecting = "Connecting…";
    /// Under it.
    connecting_hint = "Fetching your conversations.";
    /// It takes long.
    no_relay = "The relay does not answer";
    /// Under it.
    no_relay_hint = "It is asked again and again. If this stays, tell its operator.";
    /// The browser has no network.
    no_network = "You are not connected to the internet";
    /// Under it.
    no_network_hint = "Your conversations come as soon as you are.";
    /// The connection was lost; what is shown may be old.
    reconnecting = "Reconnecting… What you see may be a moment old.";
    /// No account at all.
    welcome = "Welcome to Deskside";
    /// Under it.
    welcome_hint = "Connect this browser with the invitation that you were given, and your clients’ conversations appear here.";
    /// The page's address is not signed in.
    other_address = "No account for {address}";
    /// The page shows no address and several are signed in.
    unknown_address = "Which account is this?";
    /// Under it.
    unknown_address_hint = "Gmail does not show its address here, and more than one account is signed in.";
    /// Under [`Self::other_address`].
    other_address_hint = "Deskside shows in each Gmail the account of the same address. Connect this one on the Control Panel.";
    /// The token was revoked.
    signed_out = "You were signed out";
    /// Under it.
    signed_out_hint = "This browser’s access was ended. Connect again with a new invitation.";
    /// Opens the Control Panel.
    open_control_panel = "Open the Control Panel";
}

#[cfg(test)]
mod tests {
    use super::{ALL, aside, channels, composing, files, finding, options, templates, visit};

    #[test]
    fn no_text_is_empty_or_has_an_open_place() {
        let parts = [
            aside::ALL,
            channels::ALL,
            composing::ALL,
            files::ALL,
            finding::ALL,
            options::ALL,
            templates::ALL,
            visit::ALL,
        ];
        for text in ALL.iter().chain(parts.into_iter().flatten()) {
            assert!(!text.trim().is_empty());
            assert_eq!(text.matches('{').count(), text.matches('}').count(), "{text}");
        }
    }
}
