//! What saves a file (F3).

use protocol::file::AttachmentView;
use yew::{Callback, Html, Properties, component, html, use_state_eq};

use super::button::{Button, Look};
use super::icon::{Icon, Symbol};
use crate::hooks::use_commands;
use crate::text::{files, fill};

/// The button's properties.
#[derive(Properties, PartialEq)]
pub struct DownloadButtonProps {
    /// The file.
    pub file: AttachmentView,
}

/// The download icon; while the file comes, it says so.
#[component]
pub fn DownloadButton(props: &DownloadButtonProps) -> Html {
    let (commands, is_busy) = (use_commands(), use_state_eq(|| false));
    let text = if *is_busy { files().downloading } else { files().download };
    let label = fill(text, &[("name", &props.file.name)]);
    let symbol = if *is_busy { Symbol::Clock } else { Symbol::Download };
    let onclick = {
        let (file, is_busy) = (props.file.clone(), is_busy.clone());
        move |_| {
            if !*is_busy {
                is_busy.set(true);
                let set = is_busy.setter();
                commands.download(&file, Callback::from(move |()| set.set(false)));
            }
        }
    };
    html! { <Button look={Look::Round} class="ds-download-button" testid="download" {label} {onclick}><Icon {symbol} /></Button> }
}
