//! The texts themselves, in English.

macro_rules! catalogue {
    ($($(#[$doc:meta])* $name:ident = $english:literal;)*) => {
        /// All texts of one language.
        #[derive(Debug, PartialEq, Eq)]
        pub struct Catalogue {
            $($(#[$doc])* pub $name: &'static str,)*
        }

        /// The English catalogue.
        pub static ENGLISH: Catalogue = Catalogue { $($name: $english,)* };

        #[cfg(test)]
        pub(super) const ALL: &[&str] = &[$($english,)*];
    };
}

catalogue! {
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
    /// Hands a taken conversation on (A4).
    assign = "Assign";
    /// Gives a conversation back to "New" (A11).
    clear = "Clear";
    /// What "Clear" does.
    clear_hint = "Back to New";
    /// Finishes a conversation (X1).
    close = "Close";
    /// Closes the panel.
    close_panel = "Close panel";
    /// Puts the panel at the side.
    dock = "Dock to the side";
    /// Widens the panel over Gmail's content.
    widen = "Widen";
    /// Back from a conversation to the list.
    back = "Back to the list";
    /// The name of the top chat menu.
    top_menu = "Chat menu";

    /// The name of the channel list.
    channels = "Projects and channels";
    /// The whole set (L5).
    all_channels = "All channels";
    /// A counter, read aloud.
    n_unread = "{n} unread";
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
    to_newest = "Newest messages";
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

    /// Not connected yet.
    connecting = "Connecting…";
    /// Under it.
    connecting_hint = "Fetching your conversations.";
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

    /// The options page's name.
    control_panel = "Control Panel";
    /// Its opening words.
    control_panel_hint = "Deskside works inside the Gmail page of the address that you were invited with.";
    /// The heading over the accounts.
    accounts = "Signed in on this browser";
    /// The heading over the form.
    connect_heading = "Connect an account";
    /// The relay's address.
    relay_address = "Relay address";
    /// Under it.
    relay_address_hint = "You got it with your invitation, for example https://desk.example.com";
    /// The code.
    invitation_code = "Invitation code";
    /// Under it.
    invitation_code_hint = "It works once, within 24 hours.";
    /// The agent's name.
    agent_name = "Your name";
    /// Under it.
    agent_name_hint = "Clients and colleagues read it. Left empty, the first part of your address is used.";
    /// Sends the form.
    connect = "Connect";
    /// While it is being sent.
    connecting_account = "Connecting…";
    /// It worked.
    connected_as = "Connected as {name}, {email}. Open Gmail with this address to begin.";
    /// Ends the account on this browser.
    sign_out = "Sign out";
    /// Before it is ended, what would be lost.
    unsent_answers = "Answers that are not sent yet: {n}. Signing out loses them.";
    /// Ends it all the same.
    sign_out_anyway = "Sign out anyway";
    /// The new account has the address of one at another relay.
    same_address = "{email} is signed in at {relay} already";
    /// Under it.
    same_address_hint = "A Gmail page shows one account of its address. Which one shall this browser have?";
    /// Takes the new one, naming its relay.
    use_new = "Use {relay}";
    /// Keeps the one that was there.
    keep_former = "Keep {relay}";
    /// The new one was not taken.
    kept_former = "{email} stays signed in at {relay}.";
    /// It was ended.
    signed_out_done = "{email} is signed out.";
    /// It was ended here only.
    signed_out_here = "{email} is signed out on this browser, but the relay could not be told. Its access ends when an administrator removes this device.";
    /// The accounts could not be read or written.
    storage_failed = "The browser could not keep the account. Reload this page and try again.";
    /// The relay could not be reached from the form.
    relay_unreachable = "No relay answers at {address}. Check the address and your connection.";
    /// Something else answered.
    not_a_relay = "What answers at {address} is not a Deskside relay.";
    /// No address was given.
    address_empty = "Enter the relay’s address.";
    /// Neither http nor https.
    address_scheme = "The address must begin with https:// or, on this computer, http://.";
    /// Plain http to another machine.
    address_insecure = "Over plain http only a relay on this computer can be used. Use https://.";
    /// Not an address.
    address_malformed = "This is not an address of the form https://desk.example.com.";
    /// No code was given.
    code_empty = "Enter the invitation code.";
}

#[cfg(test)]
mod tests {
    use super::ALL;

    #[test]
    fn no_text_is_empty_or_has_an_open_place() {
        for text in ALL {
            assert!(!text.trim().is_empty());
            assert_eq!(text.matches('{').count(), text.matches('}').count(), "{text}");
        }
    }
}
