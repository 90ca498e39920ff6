//! The input: Enter sends, Shift+Enter begins a new line, and what was typed is kept until it is sent.

use std::rc::Rc;

use domain::text::{MESSAGE_MAX_CHARS, MessageText};
use protocol::view::ConversationView;
use wasm_bindgen::JsCast as _;
use web_sys::{ClipboardEvent, HtmlTextAreaElement};
use yew::{
    AttrValue, Callback, Event, Html, InputEvent, KeyboardEvent, NodeRef, Properties, TargetCast as _, classes,
    component, hook, html, use_callback, use_effect_with, use_mut_ref, use_node_ref, use_state_eq,
};

use super::attach_button::AttachButton;
use super::button::{Button, Look};
use super::chosen_files::ChosenFiles;
use super::emoji_menu::EmojiMenu;
use super::template_menu::{Opened, TemplateMenu};
use crate::clock::machine_ms;
use crate::focus;
use crate::hooks::{Commands, use_commands, use_drafts, use_window_event};
use crate::state::drafts::DraftAction;
use crate::state::files::{Basket, Files};
use crate::state::shortcuts::{Modifiers, Shortcut};
use crate::state::signs::Signs;
use crate::text::{files, fill, texts};

/// From how many characters left the counter shows.
const WARN_CHARS: usize = 300;

/// The composer's properties.
#[derive(Properties, PartialEq)]
pub struct ComposerProps {
    /// The conversation that is answered.
    pub conversation: Rc<ConversationView>,
    /// The files that wait to be sent.
    pub files: Rc<Files>,
}

/// The text input and "Send". Each conversation has its own, by its key: what is being composed, can be undone or stands open there is
/// nothing that another one's client should get.
#[component]
pub fn Composer(props: &ComposerProps) -> Html {
    let (commands, drafts, node) = (use_commands(), use_drafts(), use_node_ref());
    let (signs, opened) = (use_mut_ref(Signs::default), use_state_eq(Opened::default));
    let id = &props.conversation.id;
    let text = drafts.of(id).cloned().unwrap_or_default();
    use_own_focus(&node);
    let set = {
        let (drafts, id) = (drafts.clone(), id.clone());
        Callback::from(move |text: AttrValue| {
            drafts.keep(&id, &text);
            drafts.dispatch(DraftAction::Type { conversation_id: id.clone(), text });
        })
    };
    let checked = MessageText::new(&text).ok();
    let basket = props.files.of(id).cloned();
    let is_sending = basket.as_ref().is_some_and(|basket| basket.sending.is_some());
    let can_send = !is_sending && (checked.is_some() || (basket.is_some() && text.trim().is_empty()));
    let send = {
        let (set, commands, conversation) = (set.clone(), commands.clone(), props.conversation.clone());
        let (has_files, node) = (basket.is_some(), node.clone());
        Callback::from(move |()| {
            if has_files {
                // The text stays until they are at the relay.
                if can_send {
                    commands.send_files(&conversation);
                }
            } else if let Ok(text) = MessageText::new(&typed(&node))
                && commands.account.is_some()
            {
                // First the input: if the account changes just now, the text comes back as its draft.
                set.emit(AttrValue::default());
                commands.send(&conversation, text.as_str().to_owned());
            }
        })
    };
    let onback = {
        // Behind what stands there by now: a refused answer's text may have come back.
        let (set, text) = (set.clone(), text.clone());
        Callback::from(move |typed: String| set.emit(format!("{text}{typed}").into()))
    };
    let onpaste = paste(&commands, &props.conversation);
    let onremove = {
        let commands = commands.clone();
        Callback::from(move |id| commands.detach(id))
    };
    let stop = basket.clone().filter(|_| is_sending).map(|basket| stop(&commands, basket));
    let oninput = {
        let (conversation, commands) = (props.conversation.clone(), commands.clone());
        Callback::from(move |event: InputEvent| {
            set.emit(event.target_unchecked_into::<HtmlTextAreaElement>().value().into());
            if signs.borrow_mut().is_due(&conversation.id, machine_ms()) {
                commands.typing(&conversation);
            }
        })
    };
    let onopen = {
        let opened = opened.setter();
        use_callback((), move |next, ()| opened.set(next))
    };
    let onkeydown = {
        let (send, onopen, node) = (send.clone(), onopen.clone(), node.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "/" && !is_sending && !event.is_composing() && typed(&node).is_empty() {
                event.prevent_default();
                onopen.emit(Opened::BySlash);
            }
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
            if let Some(basket) = basket {
                <ChosenFiles {basket} {onremove} />
            }
            <textarea class="ds-composer__input" ref={node.clone()} rows="1" dir="auto" data-testid="composer" aria-label={texts().input}
                aria-describedby="ds-composer-hint" aria-keyshortcuts={Shortcut::Reply.aria(Modifiers::here())} aria-invalid={over.then_some("true")}
                placeholder={fill(texts().input_hint, &[("name", &props.conversation.contact.name)])} value={text} readonly={is_sending} {oninput} {onkeydown} {onpaste} />
            <div class="ds-composer__foot">
                <TemplateMenu conversation={props.conversation.clone()} opened={*opened} {onopen} field={node.clone()} {onback} disabled={is_sending} />
                <EmojiMenu field={node.clone()} disabled={is_sending} />
                <AttachButton conversation={props.conversation.clone()} field={node} knows_limit={props.files.limit.is_some()} disabled={is_sending} />
                <span id="ds-composer-hint" class={classes!("ds-composer__hint", (hint == texts().keys_hint).then_some("ds-composer__hint--keys"), over.then_some("ds-composer__hint--over"))}>{ hint }</span>
                if let Some(onclick) = stop {
                    <Button testid="stop" {onclick}>{ files().stop }</Button>
                } else {
                    <Button look={Look::Primary} testid="send" disabled={!can_send} onclick={send.reform(|_| ())}>{ texts().send }</Button>
                }
            </div>
        </div>
    }
}

/// What stands in the input. On a busy machine keys come quicker than what they typed is drawn, and the text that was drawn last lacks
/// the end of it.
fn typed(node: &NodeRef) -> String {
    node.cast::<HtmlTextAreaElement>().map(|field| field.value()).unwrap_or_default()
}

/// Gives up the files that are on their way.
fn stop(commands: &Commands, basket: Basket) -> Callback<yew::MouseEvent> {
    let commands = commands.clone();
    Callback::from(move |_| commands.stop_files(&basket))
}

/// Takes pasted files; what has a text too, such as cells of a sheet, is pasted as text.
fn paste(commands: &Commands, conversation: &Rc<ConversationView>) -> Callback<Event> {
    let (commands, conversation) = (commands.clone(), conversation.clone());
    Callback::from(move |event: Event| {
        let data = event.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data);
        let Some(data) = data.filter(|data| data.get_data("text/plain").is_ok_and(|text| text.is_empty())) else {
            return;
        };
        if let Some(list) = data.files().filter(|list| list.length() > 0) {
            event.prevent_default();
            commands.attach(&conversation, &list);
        }
    })
}

/// Gives the input the focus when a conversation comes, or as soon as the panel has the keyboard: while Gmail has it, it is Gmail's.
#[hook]
fn use_own_focus(node: &NodeRef) {
    {
        let node = node.clone();
        use_effect_with((), move |()| {
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
