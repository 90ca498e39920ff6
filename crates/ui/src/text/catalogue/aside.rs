//! The texts of the right chat panel, and of who else is in a conversation.

catalogue! {
    /// All texts of the right chat panel, in one language.
    AsideCatalogue;

    /// The right chat panel, and the button that shows it.
    details = "Details";
    /// Puts it away where it stands beside the conversation.
    hide_details = "Close details";
    /// Puts it away where it has taken the conversation's place.
    back_to_conversation = "Back to the conversation";
    /// A shortcut.
    key_details = "Details of the client";
    /// A tab: what is known of the client.
    information = "Information";
    /// A tab: what agents wrote about him (O1).
    notes = "Notes";
    /// Fetches more of a list.
    more = "More";
    /// A part could not be fetched.
    not_loaded = "This could not be loaded.";
    /// A part is being fetched.
    loading = "Loading…";

    /// Opens the form (I4).
    edit_contact = "Edit client data";
    /// A field.
    name = "Name";
    /// A field.
    email = "E-mail";
    /// A field.
    phone = "Phone";
    /// A field: free text.
    about = "About";
    /// Stores it.
    save = "Save";
    /// While it is being stored.
    saving = "Saving…";
    /// The relay did not take the name.
    name_wrong = "Give a name of 1 to 100 characters.";
    /// The relay did not take the address.
    email_wrong = "Give an address such as ann@example.com, or none.";
    /// The relay did not take the number.
    phone_wrong = "At most 50 characters.";
    /// The relay did not take the text.
    about_wrong = "At most 4,000 characters.";
    /// Somebody else wrote something else into the field meanwhile.
    changed_meanwhile = "Changed meanwhile to “{value}”. Saving replaces that.";
    /// Somebody else emptied the field meanwhile.
    emptied_meanwhile = "Emptied meanwhile. Saving fills it again.";

    /// The client's other conversations (I3).
    earlier_conversations = "Earlier conversations";
    /// There are none.
    no_earlier = "This is the client’s first conversation.";
    /// One that is not finished.
    still_open = "Open";

    /// Opens the field of a note (O1).
    leave_note = "Leave a note";
    /// Opens the field of a note that was begun.
    finish_note = "Your note is not saved yet.";
    /// Who reads it.
    note_hint = "Agents only; the client never sees it.";
    /// Why nothing can be saved.
    note_empty = "An empty note cannot be saved.";
    /// It is stored.
    note_saved = "Saved. It stands in “Notes”.";
    /// It is not stored.
    note_not_saved = "Not saved, and your text is kept. {why}";
    /// There are no notes.
    no_notes = "No notes yet";
    /// Under it.
    no_notes_hint = "What agents write about this client appears here. The client never sees it.";
    /// A note of another conversation (O3).
    of_earlier = "Earlier conversation";
    /// The same, where an earlier conversation is shown.
    of_later = "Later conversation";

    /// Who types (A8).
    one_types = "{names} is typing…";
    /// The same, for more.
    many_type = "{names} are typing…";
    /// Who looks at the conversation (A8).
    one_looks = "{names} is looking";
    /// The same, for more.
    many_look = "{names} are looking";
}
