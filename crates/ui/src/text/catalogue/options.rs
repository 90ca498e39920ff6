//! The texts of the Control Panel.

catalogue! {
    /// All texts that stand on the Control Panel only, in one language.
    OptionsCatalogue;

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
    signed_out_here = "{email} is signed out on this browser, but the relay could not be told. This browser has forgotten the access; on the relay it still stands.";
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

    /// The heading over what an agent sets for himself.
    settings = "Settings";
    /// The heading over how the panel works.
    interface = "Interface";
    /// The heading over how chats work.
    chat_settings = "Chat settings";
    /// The time after which an agent loses a conversation (A10).
    detach_after = "Detach my conversations";
    /// Under it.
    detach_after_hint = "Minutes without an answer or typing of yours, 1 to 1440. Then a conversation goes back to New.";
    /// The time after which an agent goes Offline (P6).
    offline_after = "Turn off online mode";
    /// Under it.
    offline_after_hint = "Minutes after your last Gmail page was closed, 1 to 1440. Then you are Offline.";
    /// The panel's colours (G3).
    theme = "Theme";
    /// Under it.
    theme_hint = "The panel’s colours, on every computer where you are signed in to Chrome.";
    /// As Gmail's page is.
    theme_gmail = "Like Gmail";
    /// Light, whatever Gmail is.
    theme_light = "Light";
    /// Dark, whatever Gmail is.
    theme_dark = "Dark";
    /// All else is stored.
    theme_not_kept = "Saved, but the browser could not keep the theme. Reload this page and try again.";
    /// Whether a new message makes a sound (N6).
    sound_notifications = "Sound notifications";
    /// Under it.
    sound_notifications_hint = "One sound for each message that is for you, however many Gmail tabs are open.";
    /// Plays it.
    try_sound = "Try the sound";
    /// It was not heard.
    sound_not_played = "The browser could not play the sound. Check that this computer can play sound, and try again.";
    /// Whether a new message pops up (N4, N5).
    popup_notifications = "Pop-up notifications";
    /// Under it.
    popup_notifications_hint = "In Gmail while the panel is closed, and on the desktop while no Gmail window is visible.";
    /// Whether alerts come again.
    repeat_until_seen = "Repeat until seen";
    /// Under it.
    repeat_until_seen_hint = "Sound and pop-up come again every minute until you have seen the message.";
    /// The time after which a conversation finishes (X2).
    finish_after = "Finish after client inactivity";
    /// Under it.
    finish_after_hint = "Minutes, 1 to 10080: a week.";
    /// From when that counts (X2).
    count_from_contact = "Count from the client's last message";
    /// Under it.
    count_from_contact_hint = "Otherwise it counts from our last answer, and a client who waits for one is never finished.";
    /// Not a number in the range.
    minutes_wrong = "Enter whole minutes from 1 to {max}.";
    /// Sends the form.
    save = "Save";
    /// While it is being sent.
    saving = "Saving…";
    /// It is stored.
    saved = "Saved.";
    /// It is not stored.
    not_saved = "Not saved. {why}";
    /// Being fetched.
    loading = "Loading…";
    /// The heading over the blocked clients (B6).
    blocked_clients = "Blocked clients";
    /// There are none.
    nobody_blocked = "Nobody is blocked.";
    /// Why somebody was blocked.
    blocked_why = "Reason: {reason}";
    /// Fetches the next ones.
    more = "More";
    /// A client is not blocked any more.
    unblocked = "{name} is not blocked any more.";
}
