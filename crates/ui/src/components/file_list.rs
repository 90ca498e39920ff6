//! The files of a message (F3).

use protocol::file::AttachmentView;
use yew::{AttrValue, Html, Properties, component, html};

use super::file_card::FileCard;
use crate::text::files;

/// The list's properties.
#[derive(Properties, PartialEq)]
pub struct FileListProps {
    /// Its id, by which the message is described.
    pub id: AttrValue,
    /// The files.
    pub files: Vec<AttachmentView>,
}

/// Each file as a card.
#[component]
pub fn FileList(props: &FileListProps) -> Html {
    let card = |file: &AttachmentView| html! { <FileCard key={file.id.clone()} file={file.clone()} /> };
    html! {
        <ul id={props.id.clone()} class="ds-file-list" aria-label={files().files}>{ for props.files.iter().map(card) }</ul>
    }
}
