//! "Leave a note" → text → "Save" (O1). Typing one tells nobody.

use std::rc::Rc;

use domain::text::MESSAGE_MAX_CHARS;
use protocol::view::ConversationView;
use web_sys::HtmlTextAreaElement;
use yew::{
    AttrValue, Callback, Html, InputEvent, KeyboardEvent, Properties, TargetCast as _, classes, component, html,
    use_effect_with, use_mut_ref, use_node_ref,
};

use super::button::{Button, Look};
use crate::focus;
use crate::hooks::{use_commands, use_panel};
use crate::state::note_drafts::{NoteAction, NoteDraft};
use crate::state::shortcuts::Shortcut;
use crate::text::{aside, fill, texts};

/// The form's properties.
#[derive(Properties, PartialEq)]
pub struct NoteFormProps {
    /// The conversation that the note is left on.
    pub conversation: Rc<ConversationView>,
}

/// The button, or the field. What is typed stays with its conversation until it is saved or given up.
#[component]
pub fn NoteForm(props: &NoteFormProps) -> Html {
    let (panel, commands) = (use_panel(), use_commands());
    let (root, field) = (use_node_ref(), use_node_ref());
    let draft = panel.note_drafts.of(&props.conversation.id);
    let act = {
        let (commands, id) = (commands.clone(), props.conversation.id.clone());
        Callback::from(move |happened| commands.note(&id, happened))
    };
    use_effect_with((commands.clone(), props.conversation.id.clone()), |(commands, id)| commands.fetch_kept_note(id));
    {
        let (root, field) = (root.clone(), field.clone());
        let before = use_mut_ref(|| draft.is_open);
        use_effect_with(draft.is_open, move |is_open| {
            // Not a field that was open when the conversation came.
            if before.replace(*is_open) == *is_open {
                return;
            }
            if *is_open && focus::is_here() {
                focus::give(field.cast());
            } else if focus::is_lost() {
                focus::give(focus::opener(&root));
            }
        });
    }
    if !draft.is_open {
        return html! { <div class="ds-note-form" ref={root}>{ closed(&draft, &act) }</div> };
    }
    let save = {
        let field = field.clone();
        let (conversation, draft) = (props.conversation.clone(), draft.clone());
        Callback::from(move |()| {
            // Keys come quicker than what they typed is drawn.
            let typed = field.cast::<HtmlTextAreaElement>().map(|field| field.value());
            commands.leave_note(&conversation, &draft.with(typed.unwrap_or_default().into()));
        })
    };
    let oninput = act.reform(|event: InputEvent| {
        NoteAction::Type(event.target_unchecked_into::<HtmlTextAreaElement>().value().into())
    });
    let onkeydown = {
        let (act, save) = (act.clone(), save.clone());
        move |event: KeyboardEvent| match event.key().as_str() {
            _ if event.is_composing() => {}
            "Escape" => {
                // The panel does not close with it, and nothing typed is lost.
                event.prevent_default();
                event.stop_propagation();
                act.emit(NoteAction::Close);
            }
            "Enter" if event.ctrl_key() || event.meta_key() => save.emit(()),
            _ => {}
        }
    };
    let (hint, over) = hint(&draft);
    let can_save = draft.checked().is_some() && !draft.is_saving;
    let why_not = (!can_save && !draft.is_saving).then(|| hint.clone());
    html! {
        <div class="ds-note-form" ref={root}>
            <textarea class="ds-note-form__input" ref={field} rows="3" dir="auto" data-testid="note-text" aria-label={aside().leave_note} placeholder={aside().leave_note}
                aria-describedby="ds-note-hint" aria-invalid={over.then_some("true")} readonly={draft.is_saving} value={draft.text.clone()} {oninput} {onkeydown} />
            <p id="ds-note-hint" class={classes!("ds-note-form__hint", over.then_some("ds-note-form__hint--over"))}>{ hint }</p>
            if let Some(why) = &draft.failed {
                <p class="ds-note-form__wrong" role="alert" data-testid="note-failed">{ why }</p>
            }
            <div class="ds-note-form__answers">
                <Button look={Look::Primary} testid="save-note" hint={why_not} disabled={!can_save} onclick={save.reform(|_| ())}>
                    { if draft.is_saving { aside().saving } else { aside().save } }
                </Button>
                <Button look={Look::Quiet} testid="cancel-note" disabled={draft.is_saving} onclick={act.reform(|_| NoteAction::Discard)}>{ texts().cancel }</Button>
            </div>
        </div>
    }
}

/// The button; and what became of the last note, or that one was begun.
fn closed(draft: &NoteDraft, act: &Callback<NoteAction>) -> Html {
    let words = match draft {
        NoteDraft { is_saved: true, .. } => aside().note_saved,
        NoteDraft { text, .. } if !text.trim().is_empty() => aside().finish_note,
        _ => "",
    };
    html! {
        <>
            <Button testid="leave-note" shortcut={Shortcut::Note} onclick={act.reform(|_| NoteAction::Open)}>{ aside().leave_note }</Button>
            <span class="ds-note-form__words" role="status" data-testid="note-words">{ words }</span>
        </>
    }
}

/// What stands under the field, and whether the text is too long.
fn hint(draft: &NoteDraft) -> (AttrValue, bool) {
    let n = draft.text.trim().chars().count();
    match n {
        0 => (format!("{} {}", aside().note_hint, aside().note_empty).into(), false),
        n if n > MESSAGE_MAX_CHARS => {
            (fill(texts().too_long, &[("n", &(n - MESSAGE_MAX_CHARS).to_string())]).into(), true)
        }
        _ => (aside().note_hint.into(), false),
    }
}
