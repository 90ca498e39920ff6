//! Going Offline with conversations in work: whether they go back to "New" (P11).

use yew::{AttrValue, Callback, Html, Properties, component, html};

use super::button::{Button, Look};
use crate::hooks::{Modal, use_modal};
use crate::text::{fill, texts};

/// What an agent who goes Offline does with his conversations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaving {
    /// They go back to "New".
    Returns,
    /// He keeps them.
    Keeps,
    /// He stays Online.
    Stays,
}

/// The dialog's properties.
#[derive(Properties, PartialEq)]
pub struct OfflineDialogProps {
    /// How many conversations he has in work.
    pub n_in_work: usize,
    /// Called with the answer.
    pub onanswer: Callback<Leaving>,
}

/// Asks once; nothing else can be done before it is answered.
#[component]
pub fn OfflineDialog(props: &OfflineDialogProps) -> Html {
    let texts = texts();
    let answer = |leaving: Leaving| props.onanswer.reform(move |()| leaving);
    let Modal { node, onkeydown, onmousedown } = use_modal(answer(Leaving::Stays));
    let (question, keep): (AttrValue, _) = match props.n_in_work {
        1 => (texts.leave_one.into(), texts.keep_it),
        n => (fill(texts.leave_many, &[("n", &n.to_string())]).into(), texts.keep_them),
    };
    html! {
        <div class="ds-offline-dialog" {onkeydown} {onmousedown}>
            <div class="ds-offline-dialog__box" ref={node} role="alertdialog" aria-modal="true" tabindex="-1" data-testid="offline-dialog"
                aria-labelledby="ds-offline-dialog-name" aria-describedby="ds-offline-dialog-question">
                <h2 id="ds-offline-dialog-name" class="ds-offline-dialog__name">{ texts.leave }</h2>
                <p id="ds-offline-dialog-question">{ question }</p>
                <div class="ds-offline-dialog__answers">
                    <Button look={Look::Primary} testid="return-to-new" onclick={answer(Leaving::Returns).reform(|_| ())}>{ texts.return_to_new }</Button>
                    <Button testid="keep-them" onclick={answer(Leaving::Keeps).reform(|_| ())}>{ keep }</Button>
                    <Button look={Look::Quiet} testid="stay-online" onclick={answer(Leaving::Stays).reform(|_| ())}>{ texts.cancel }</Button>
                </div>
            </div>
        </div>
    }
}
