//! The texts of files, those to be sent and those in messages.

catalogue! {
    /// All texts of files, in one language.
    FilesCatalogue;

    /// Chooses files (F1).
    attach = "Attach files";
    /// Those that wait above the input.
    chosen = "Files to send";
    /// Takes one away.
    remove = "Remove {name}";
    /// Gives up those that are on their way.
    stop = "Stop";
    /// One is on its way.
    uploading = "Uploading {name}";
    /// Those are on their way, read aloud.
    uploading_all = "Uploading files";
    /// One is at the relay; its size.
    uploaded = "{size}, uploaded";
    /// One is a template's, which the relay has already; its size (T2).
    of_template = "{size}, from a template";
    /// One did not get there.
    failed = "Not uploaded";
    /// Why one did not get there.
    failed_why = "“{name}” was not sent. {why} Your text and the files are kept.";
    /// The browser cannot read one, because it was moved or is a folder.
    unreadable = "The browser cannot read it. Choose it again.";
    /// More than that were chosen (F1).
    too_many = "At most {n} files go with one message. Left out: {names}.";
    /// More than that came back from answers that were not sent (A7).
    too_many_back = "At most {n} files go with one message. Take some away, and send them with the next one.";
    /// One that is named in a list.
    quoted = "“{name}”";
    /// Between two of a list.
    and = ", ";
    /// Files that are dragged over the conversation.
    drop_here = "Drop files to attach them";

    /// The files of a message.
    files = "Files";
    /// Saves one (F3).
    download = "Download {name}";
    /// It is being fetched.
    downloading = "Downloading {name}";
    /// Shows a picture bigger.
    view = "View {name}";
    /// Closes that.
    close_view = "Close";
    /// One did not come.
    not_downloaded = "“{name}” was not downloaded. {why}";
    /// A size.
    bytes = "{n} bytes";
    /// The smallest size that is one.
    one_byte = "1 byte";
    /// A size in units of 1,024 bytes.
    kilobytes = "{n} KB";
    /// A size in units of 1,024 of these.
    megabytes = "{n} MB";
}
