//! The last two minutes of a conversation's clock (A10, X3).

use std::rc::Rc;

use protocol::view::ConversationView;
use yew::{Callback, Html, Properties, classes, component, html};

use super::button::Button;
use super::icon::{Icon, Symbol};
use crate::clock::minutes_and_seconds;
use crate::hooks::use_count_down;
use crate::state::count_down::{Ahead, ahead};
use crate::text::{fill, texts};

/// The count-down's properties.
#[derive(Properties, PartialEq)]
pub struct CountDownProps {
    /// The conversation.
    pub conversation: Rc<ConversationView>,
    /// Whether it is the reader's own.
    pub is_mine: bool,
    /// The relay's clock less this machine's (L6).
    pub offset_ms: i64,
    /// "Postpone", where it is offered (X3).
    pub onpostpone: Option<Callback<()>>,
}

/// What happens to the conversation by itself, and in how many seconds. It alone is drawn each second; screen readers hear of it once.
#[component]
pub fn CountDown(props: &CountDownProps) -> Html {
    let texts = texts();
    let ahead = ahead(&props.conversation, props.is_mine);
    let left = use_count_down(ahead.map(|(_, at)| at), props.offset_ms);
    let shown = ahead.zip(left).map(|((ahead, _), seconds)| {
        let (words, aloud) = match ahead {
            Ahead::Detach => (texts.goes_back, texts.goes_back_soon),
            Ahead::Finish => (texts.finishes, texts.finishes_soon),
        };
        (ahead, fill(words, &[("time", &minutes_and_seconds(seconds))]), aloud)
    });
    let aloud = shown.as_ref().map(|(_, _, aloud)| *aloud);
    html! {
        <>
            if let Some((ahead, words, _)) = shown {
                <div class={classes!("ds-count-down", (ahead == Ahead::Detach).then_some("ds-count-down--detach"))} data-testid="count-down">
                    <Icon symbol={Symbol::Clock} />
                    <span class="ds-count-down__words" role="timer" aria-live="off" data-testid="count-down-words">{ words }</span>
                    if let Some(onpostpone) = props.onpostpone.as_ref().filter(|_| ahead == Ahead::Finish) {
                        <Button testid="postpone" onclick={onpostpone.reform(|_| ())}>{ texts.postpone }</Button>
                    }
                </div>
            }
            <div class="ds-visually-hidden" aria-live="polite">{ aloud }</div>
        </>
    }
}
