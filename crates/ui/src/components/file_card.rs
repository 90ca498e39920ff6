//! A file of a message: its name, its size, what saves it, and a thumbnail if it is a picture (F3).

use domain::file::is_picture;
use protocol::file::AttachmentView;
use yew::{Html, Properties, component, html};

use super::download_button::DownloadButton;
use super::icon::{Icon, Symbol};
use super::thumbnail::Thumbnail;
use crate::text::size;

/// The card's properties.
#[derive(Properties, PartialEq)]
pub struct FileCardProps {
    /// The file.
    pub file: AttachmentView,
}

/// One file. Nothing but a picture is ever shown; anything else is saved.
#[component]
pub fn FileCard(props: &FileCardProps) -> Html {
    let file = &props.file;
    let is_picture = is_picture(&file.media_type);
    html! {
        <li class="ds-file-card" data-testid="file" data-file-id={file.id.clone()}>
            if is_picture {
                <Thumbnail file={file.clone()} />
            }
            <div class="ds-file-card__row">
                if !is_picture {
                    <Icon symbol={Symbol::File} />
                }
                <span class="ds-file-card__words">
                    <bdi class="ds-file-card__name" title={file.name.clone()}>{ &file.name }</bdi>
                    <span class="ds-file-card__size">{ size(file.size) }</span>
                </span>
                <DownloadButton file={file.clone()} />
            </div>
        </li>
    }
}
