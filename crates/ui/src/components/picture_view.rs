//! A picture by itself, as large as it fits (F3).

use protocol::file::AttachmentView;
use wasm_bindgen::JsCast as _;
use web_sys::Element;
use yew::{Callback, Html, MouseEvent, Properties, component, html, use_effect_with};

use super::button::{Button, Look};
use super::download_button::DownloadButton;
use super::icon::{Icon, Symbol};
use crate::hooks::{Modal, Picture, use_modal, use_picture};
use crate::text::{files, fill, size, texts};

/// The view's properties.
#[derive(Properties, PartialEq)]
pub struct PictureViewProps {
    /// The picture.
    pub file: AttachmentView,
    /// Called when the agent has looked.
    pub onclose: Callback<()>,
}

/// Covers the panel; Esc, "Close" and a click beside the picture end it.
#[component]
pub fn PictureView(props: &PictureViewProps) -> Html {
    let file = &props.file;
    let (picture, load) = use_picture(file);
    use_effect_with((), move |()| load.emit(()));
    let Modal { node, onkeydown, onmousedown } = use_modal(props.onclose.clone());
    let onclick = {
        let onclose = props.onclose.clone();
        Callback::from(move |event: MouseEvent| {
            let on = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            if on.is_some_and(|on| on.class_name() == "ds-picture-view__room") {
                onclose.emit(());
            }
        })
    };
    let drawn = match &picture {
        Picture::There(url) => {
            html! { <img class="ds-picture-view__picture" src={url.address()} alt={file.name.clone()} data-testid="picture" /> }
        }
        Picture::Unknown => html! {},
        Picture::Failed => {
            let words = fill(files().not_downloaded, &[("name", &file.name), ("why", texts().unreachable)]);
            html! { <p class="ds-picture-view__failed" role="alert">{ words }</p> }
        }
    };
    html! {
        <div class="ds-picture-view" {onkeydown} {onmousedown} {onclick}>
            <div class="ds-picture-view__box" ref={node} role="dialog" aria-modal="true" tabindex="-1" aria-label={file.name.clone()} data-testid="picture-view">
                <header class="ds-picture-view__head">
                    <bdi class="ds-picture-view__name" title={file.name.clone()}>{ &file.name }</bdi>
                    <span class="ds-picture-view__size">{ size(file.size) }</span>
                    <DownloadButton file={file.clone()} />
                    <Button look={Look::Round} testid="close-view" label={files().close_view} onclick={props.onclose.reform(|_| ())}><Icon symbol={Symbol::Cross} /></Button>
                </header>
                <div class="ds-picture-view__room" aria-busy={(picture == Picture::Unknown).to_string()}>{ drawn }</div>
            </div>
        </div>
    }
}
