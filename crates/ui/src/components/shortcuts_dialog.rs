//! The map of the keyboard shortcuts (G5).

use wasm_bindgen::JsCast as _;
use web_sys::Element;
use yew::{Callback, Html, MouseEvent, Properties, component, html};

use super::button::{Button, Look};
use super::icon::{Icon, Symbol};
use crate::hooks::{Modal, use_modal};
use crate::state::shortcuts::{Modifiers, Shortcut};
use crate::text::texts;

/// The dialog's properties.
#[derive(Properties, PartialEq)]
pub struct ShortcutsDialogProps {
    /// Closes it.
    pub onclose: Callback<()>,
}

/// Every shortcut with its keys; the button, Esc, and a click beside it close it.
#[component]
pub fn ShortcutsDialog(props: &ShortcutsDialogProps) -> Html {
    let texts = texts();
    let Modal { node, onkeydown, onmousedown } = use_modal(props.onclose.clone());
    let onclick = {
        let (node, close) = (node.clone(), props.onclose.clone());
        move |event: MouseEvent| {
            let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            if !node.cast::<Element>().is_some_and(|dialog| dialog.contains(target.as_deref())) {
                close.emit(());
            }
        }
    };
    html! {
        <div class="ds-shortcuts-dialog" {onkeydown} {onmousedown} {onclick}>
            <div class="ds-shortcuts-dialog__box" ref={node} role="dialog" aria-modal="true" tabindex="-1" data-testid="shortcuts"
                aria-labelledby="ds-shortcuts-dialog-name" aria-describedby="ds-shortcuts-dialog-note">
                <div class="ds-shortcuts-dialog__head">
                    <h2 id="ds-shortcuts-dialog-name" class="ds-shortcuts-dialog__name">{ texts.shortcuts }</h2>
                    <Button look={Look::Round} testid="hide-shortcuts" label={texts.hide_shortcuts} onclick={props.onclose.reform(|_| ())}>
                        <Icon symbol={Symbol::Cross} />
                    </Button>
                </div>
                <dl class="ds-shortcuts-dialog__list">{ for Shortcut::all().map(line) }</dl>
                <p id="ds-shortcuts-dialog-note" class="ds-shortcuts-dialog__note"><bdi>{ texts.shortcuts_note }</bdi></p>
                <p class="ds-shortcuts-dialog__note"><bdi>{ texts.shortcuts_toggle }</bdi></p>
            </div>
        </div>
    }
}

fn line(shortcut: Shortcut) -> Html {
    html! {
        <div key={shortcut.name()} class="ds-shortcuts-dialog__line">
            <dt><bdi>{ shortcut.words() }</bdi></dt>
            <dd class="ds-shortcuts-dialog__keys" dir="ltr">
                { for shortcut.keys(Modifiers::here()).into_iter().map(|key| html! { <kbd class="ds-shortcuts-dialog__key">{ key }</kbd> }) }
            </dd>
        </div>
    }
}
