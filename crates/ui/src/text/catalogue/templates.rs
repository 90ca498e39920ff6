//! The texts of the Control Panel's "Templates".

catalogue! {
    /// All texts of the section "Templates" of the Control Panel, in one language.
    TemplatesCatalogue;

    /// The heading.
    templates = "Templates";
    /// Under it.
    templates_hint = "Ready-made texts for answers. In a conversation “Templates” offers them, and so does / in the empty input.";
    /// One's own (T2).
    mine = "Mine";
    /// Under an empty list.
    none_of_mine = "You have no templates of your own.";
    /// Those of a project (T2).
    project = "Project";
    /// Those of a project, where there are several.
    project_named = "Project “{name}”";
    /// Under an empty list.
    none_of_project = "The project has no templates.";
    /// Opens the form.
    new_template = "New template";
    /// Over the form of a template that is there.
    change_template = "Change template";
    /// A field.
    title = "Title";
    /// Under it.
    title_hint = "By this you find it; up to 100 characters.";
    /// No title, or too long a one.
    title_wrong = "Enter a title of 1 to 100 characters.";
    /// A field.
    text = "Text";
    /// Under it.
    text_hint = "Up to 4,000 characters. {client_name}, {agent_name}, {project_name} and {channel_name} are filled in for you.";
    /// No text, or too long a one.
    text_wrong = "Enter a text of 1 to 4,000 characters. It has {n}.";
    /// Chooses files for it.
    add_files = "Add files";
    /// Under them; the largest that is taken.
    files_hint = "Optional: up to 10 files of at most {limit} each. They go with the answer that the template is put into.";
    /// Whose it is to be.
    scope = "For whom";
    /// Opens the form of one.
    change = "Change";
    /// Begins to delete one.
    delete = "Delete";
    /// By name, for whoever does not see which one a button is beside.
    change_named = "Change “{title}”";
    /// The same.
    delete_named = "Delete “{title}”";
    /// Asks before it is deleted.
    really_delete = "Delete “{title}”? Messages that were sent with it stay.";
    /// There are as many as there may be.
    too_many = "Not saved. There are 500 templates already. Delete one first.";
    /// It is stored.
    template_saved = "“{title}” is saved.";
    /// It is gone.
    template_deleted = "“{title}” is deleted.";
    /// Over what somebody else made of it meanwhile.
    now_says = "It now says:";
    /// What saving does then.
    save_replaces = "“Save” puts your text in its place.";
}
