//! The texts of composing an answer and of selecting messages.

catalogue! {
    /// All texts of composing and selecting, in one language.
    ComposingCatalogue;

    /// Opens the list of templates (T1).
    templates = "Templates";
    /// The field that filters it.
    find_template = "Find a template";
    /// An agent's own template (T2).
    mine = "Mine";
    /// A project's template (T2).
    project = "Project";
    /// There are none at all.
    no_templates = "There are no templates yet. Make them on the Control Panel.";
    /// None has what was typed.
    no_template_found = "No template has “{text}”.";
    /// They could not be fetched.
    templates_failed = "The templates could not be loaded.";
    /// How many fit, read aloud.
    n_templates = "Templates: {n}";
    /// How many files a template has, read aloud.
    n_template_files = "Files: {n}";
    /// Opens the emoji.
    emoji = "Emoji";

    /// A message by its author, read aloud.
    selected_message = "{name}, selected";
    /// How many messages are selected, read aloud.
    n_selected = "Messages selected: {n}";
    /// Puts the selected messages on the clipboard (K5).
    copy_selected = "Copy selected";
    /// Nothing is selected.
    select_first = "Select messages first: press one and hold, or press Space on it.";
    /// One was copied, read aloud.
    one_copied = "1 message copied";
    /// So many were copied, read aloud.
    n_copied = "{n} messages copied";
    /// The browser refused.
    not_copied = "The browser did not let the messages be copied. Click into the panel and try again.";
}
