//! The input: Enter sends, Shift+Enter begins a new line, and what was typed is kept until it is sent.

use std::rc::Rc;

use domain::text::{MESSAGE_MAX_CHARS, MessageText};
use protocol::view::ConversationView;
use web_sys::HtmlTextAreaElement;
use yew::{
    AttrValue, Callback, Html, InputEvent, KeyboardEvent, NodeRef, Properties, TargetCast as _, classes, component,
    hook, html, use_callback, use_effect_with, use_mut_ref, use_node_ref,
};

use super::button::{Button, Look};
use crate::clock::machine_ms;
use crate::focus;
use crate::hooks::{use_commands, use_drafts, use_window_event};
use crate::state::drafts::DraftAction;
use crate::state::shortcuts::{Modifiers, Shortcut};
use crate::state::signs::Signs;
use crate::text::{fill, texts};

/// From how many characters left the counter shows.
const WARN_CHARS: usize = 300;

/// The composer's properties.
#[derive(Properties, PartialEq)]
pub struct ComposerProps {
    /// The conversation that is answered.
    pub conversation: Rc<ConversationView>,
}

/// The text input and "Send".
#[component]
pub fn Composer(props: &ComposerProps) -> Html {
    let (commands, drafts, node) = (use_commands(), use_drafts(), use_node_ref());
    let signs = use_mut_ref(Signs::default);
    let id = &props.conversation.id;
    let text = drafts.of(id).cloned().unwrap_or_default();
    use_own_focus(&node, id);
    let set = {
        let (drafts, id) = (drafts.clone(), id.clone());
        Callback::from(move |text: AttrValue| {
            drafts.keep(&id, &text);
            drafts.dispatch(DraftAction::Type { conversation_id: id.clone(), text });
        })
    };
    let checked = MessageText::new(&text).ok();
    let can_send = checked.is_some();
    let send = {
        let (set, commands, conversation) = (set.clone(), commands.clone(), props.conversation.clone());
        Callback::from(move |()| {
            if let Some(text) = &checked
                && commands.account.is_some()
            {
                // First the input: if the account changes just now, the text comes back as its draft.
                set.emit(AttrValue::default());
                commands.send(&conversation, text.as_str().to_owned());
            }
        })
    };
    let oninput = {
        let conversation = props.conversation.clone();
        Callback::from(move |event: InputEvent| {
            set.emit(event.target_unchecked_into::<HtmlTextAreaElement>().value().into());
            if signs.borrow_mut().is_due(&conversation.id, machine_ms()) {
                commands.typing(&conversation);
            }
        })
    };
    let onkeydown = {
        let send = send.clone();
        Callback::from(move |event: KeyboardEvent| {
            // While a character is being composed, Enter belongs to the input method.
            if event.key() == "Enter" && !event.shift_key() && !event.is_composing() {
                event.prevent_default();
                send.emit(());
            }
        })
    };
    let (hint, over) = hint(&text);
    html! {
        <div class="ds-composer">
            <textarea class="ds-composer__input" ref={node} rows="1" dir="auto" data-testid="composer" aria-label={texts().input}
                aria-describedby="ds-composer-hint" aria-keyshortcuts={Shortcut::Reply.aria(Modifiers::here())} aria-invalid={over.then_some("true")}
                placeholder={fill(texts().input_hint, &[("name", &props.conversation.contact.name)])} value={text} {oninput} {onkeydown} />
            <div class="ds-composer__foot">
                <span id="ds-composer-hint" class={classes!("ds-composer__hint", over.then_some("ds-composer__hint--over"))}>{ hint }</span>
                <Button look={Look::Primary} testid="send" disabled={!can_send} onclick={send.reform(|_| ())}>{ texts().send }</Button>
            </div>
        </div>
    }
}

/// Gives the input the focus when a conversation comes, or as soon as the panel has the keyboard: while Gmail has it, it is Gmail's.
#[hook]
fn use_own_focus(node: &NodeRef, conversation_id: &str) {
    {
        let node = node.clone();
        use_effect_with(conversation_id.to_owned(), move |_| {
            if focus::is_here() {
                focus::give(node.cast());
            }
        });
    }
    let node = node.clone();
    let onfocus = use_callback((), move |(), ()| {
        if focus::is_free() {
            focus::give(node.cast());
        }
    });
    use_window_event("focus", onfocus);
}

/// What stands under the input, and whether the text is too long.
fn hint(text: &str) -> (AttrValue, bool) {
    let n = text.trim().chars().count();
    let (text, number) = match n.checked_sub(MESSAGE_MAX_CHARS) {
        Some(over) if over > 0 => (texts().too_long, over),
        _ if n + WARN_CHARS > MESSAGE_MAX_CHARS => (texts().chars_left, MESSAGE_MAX_CHARS.saturating_sub(n)),
        _ => return (texts().keys_hint.into(), false),
    };
    (fill(text, &[("n", &number.to_string())]).into(), n > MESSAGE_MAX_CHARS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counter_shows_near_the_limit() {
        assert_eq!(hint("hello"), (texts().keys_hint.into(), false));
        assert_eq!(hint(&"я".repeat(3_900)).0, "100 characters left");
        assert_eq!(hint(&"x".repeat(4_000)), ("0 characters left".into(), false));
        assert_eq!(hint(&"x".repeat(4_002)), ("2 characters too many".into(), true));
    }
}
