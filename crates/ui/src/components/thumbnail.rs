//! A picture of a message, small; a click shows it bigger (F3).

use protocol::file::{AttachmentView, usual_limit};
use yew::{Html, Properties, component, html, use_node_ref};

use super::icon::{Icon, Symbol};
use crate::hooks::{Picture, use_commands, use_near, use_picture};
use crate::state::panel::Action;
use crate::text::{files, fill};

/// The thumbnail's properties.
#[derive(Properties, PartialEq)]
pub struct ThumbnailProps {
    /// The picture.
    pub file: AttachmentView,
}

/// It has its room before it is there, so that nothing moves when it comes; it comes when it is near what is seen, a large one when it is
/// asked for.
#[component]
pub fn Thumbnail(props: &ThumbnailProps) -> Html {
    let (commands, node) = (use_commands(), use_node_ref());
    let (picture, load) = use_picture(&props.file);
    let is_large = props.file.size > usual_limit();
    let come = {
        let (pictures, id) = (commands.pictures.clone(), props.file.id.clone());
        move |is_near: bool| {
            if !is_near {
                pictures.forgo(&id);
            } else if !is_large {
                pictures.want(&id, load.clone());
            }
        }
    };
    use_near(&node, come.into());
    let (width, height) = (props.file.width.unwrap_or(4), props.file.height.unwrap_or(3));
    let style = format!("aspect-ratio: {width} / {height}");
    let onclick = {
        let file = props.file.clone();
        move |_| commands.state.dispatch(Action::View(Some(file.clone())))
    };
    let (state, drawn) = match &picture {
        Picture::There(url) => {
            ("there", html! { <img class="ds-thumbnail__picture" src={url.address()} alt="" draggable="false" /> })
        }
        Picture::Unknown if is_large => ("large", html! { <Icon symbol={Symbol::Lens} /> }),
        Picture::Unknown => ("coming", html! {}),
        Picture::Failed => ("failed", html! { <Icon symbol={Symbol::Alert} /> }),
    };
    html! {
        <button type="button" ref={node} class="ds-thumbnail" {style} data-testid="thumbnail" data-state={state} {onclick}
            aria-label={fill(files().view, &[("name", &props.file.name)])} aria-haspopup="dialog">{ drawn }</button>
    }
}
