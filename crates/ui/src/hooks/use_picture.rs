//! A picture of a message: fetched when it is wanted, and kept for a while.

use protocol::file::AttachmentView;
use yew::{Callback, hook, use_mut_ref, use_state_eq};

use super::use_commands;
use crate::blob_url::BlobUrl;

/// How a picture stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Picture {
    /// It is not here yet.
    Unknown,
    /// It is here.
    There(BlobUrl),
    /// It did not come.
    Failed,
}

/// A picture, and what fetches it unless it is there or on its way.
#[hook]
pub fn use_picture(file: &AttachmentView) -> (Picture, Callback<()>) {
    let commands = use_commands();
    let picture = {
        let kept = commands.pictures.get(&file.id);
        use_state_eq(|| kept.map_or(Picture::Unknown, Picture::There))
    };
    let asked = use_mut_ref(|| matches!(*picture, Picture::There(_)));
    let load = {
        let (file, asked, set) = (file.clone(), asked.clone(), picture.setter());
        Callback::from(move |()| {
            if asked.replace(true) {
                return;
            }
            let pictures = commands.pictures.clone();
            if let Some(url) = pictures.get(&file.id) {
                return set.set(Picture::There(url));
            }
            pictures.fetching();
            let (of, set, asked) = (file.clone(), set.clone(), asked.clone());
            let done = move |got: Result<BlobUrl, String>| {
                set.set(match got {
                    Ok(url) => {
                        pictures.put(&of.id, url.clone(), of.size);
                        Picture::There(url)
                    }
                    Err(_) => {
                        asked.replace(false);
                        Picture::Failed
                    }
                });
                pictures.fetched();
            };
            commands.fetch_file(&file, Callback::from(done));
        })
    };
    ((*picture).clone(), load)
}
