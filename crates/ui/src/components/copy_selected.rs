//! "Copy selected" in the top chat menu (K5).

use std::rc::Rc;

use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::{Html, component, html, use_effect_with, use_node_ref, use_state};

use super::button::Button;
use super::icon::{Icon, Symbol};
use crate::focus;
use crate::hooks::{use_commands, use_panel};
use crate::state::notice::Notice;
use crate::state::panel::Action;
use crate::state::selection::Selection;
use crate::text::{composing, fill};

/// What was copied last.
#[derive(Clone, Debug)]
struct Copied {
    /// How often something was copied: the same again is said again.
    number: u32,
    /// How many messages.
    n: usize,
    /// Which.
    selection: Rc<Selection>,
}

/// The button; it puts the selected messages on the clipboard, and says so.
#[component]
pub fn CopySelected() -> Html {
    let (panel, commands, root) = (use_panel(), use_commands(), use_node_ref());
    let copied = use_state(|| None::<Copied>);
    let is_empty = panel.selection.is_empty();
    {
        // A focus on the button, which cannot be pressed any more, goes to the messages.
        let root = root.clone();
        use_effect_with(is_empty, move |is_empty| {
            let button = focus::opener(&root).filter(|_| *is_empty);
            if button.is_some_and(|button| focus::owner(&button).as_ref() == Some(&button)) {
                focus::give(focus::find_shown(focus::MESSAGES));
            }
        });
    }
    let onclick = {
        let (panel, state, copied) = (panel.clone(), commands.state.clone(), copied.clone());
        move |_| {
            let Some(conversation) = panel.selected() else { return };
            let Some(thread) = panel.thread(&conversation.id) else { return };
            let (text, n) = panel.selection.transcript(thread.messages(), &conversation.contact.name);
            let number = copied.as_ref().map_or(0, |copied| copied.number.wrapping_add(1));
            let (state, copied, selection) = (state.clone(), copied.setter(), panel.selection.clone());
            spawn_local(async move {
                match write(&text).await {
                    Ok(_) => copied.set(Some(Copied { number, n, selection })),
                    Err(error) => {
                        web_sys::console::warn_1(&error);
                        state.dispatch(Action::Notice(Notice::fault(composing().not_copied)));
                    }
                }
            });
        }
    };
    let done = copied.as_ref().filter(|copied| !is_empty && copied.selection == panel.selection);
    let hint = is_empty.then_some(composing().select_first);
    html! {
        <div class="ds-copy-selected" ref={root}>
            <Button testid="copy-selected" disabled={is_empty} {hint} {onclick}>
                if done.is_some() {
                    <Icon symbol={Symbol::Check} />
                }
                { composing().copy_selected }
            </Button>
            <div class="ds-visually-hidden" role="status" data-testid="copied">
                if let Some(Copied { number, n, .. }) = done {
                    <span key={*number}>{ words(*n) }</span>
                }
            </div>
        </div>
    }
}

fn words(n: usize) -> String {
    if n == 1 { composing().one_copied.to_owned() } else { fill(composing().n_copied, &[("n", &n.to_string())]) }
}

/// Puts a text on the clipboard.
async fn write(text: &str) -> Result<JsValue, JsValue> {
    let window = web_sys::window().ok_or_else(|| JsValue::from_str("not a page"))?;
    JsFuture::from(window.navigator().clipboard().write_text(text)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_copied_is_counted() {
        // K5
        assert_eq!((words(1).as_str(), words(12).as_str()), ("1 message copied", "12 messages copied"));
    }
}
