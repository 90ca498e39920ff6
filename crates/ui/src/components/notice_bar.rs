//! Refusals and faults, read aloud at once.

use yew::{Callback, Html, Properties, component, html};

use super::button::{Button, Look};
use super::icon::{Icon, Symbol};
use crate::state::notice::Notice;
use crate::text::texts;

/// The notice's properties.
#[derive(Properties, PartialEq)]
pub struct NoticeBarProps {
    /// What to say, if anything.
    pub notice: Option<Notice>,
    /// Puts it away.
    pub ondismiss: Callback<()>,
    /// Goes Online.
    pub ongo_online: Callback<()>,
}

/// The place of notices; it is always there, so that screen readers watch it.
#[component]
pub fn NoticeBar(props: &NoticeBarProps) -> Html {
    let texts = texts();
    html! {
        <div class="ds-notice-bar" role="alert">
            if let Some(notice) = &props.notice {
                <div class="ds-notice-bar__notice" key={notice.number} data-testid="notice">
                    <Icon symbol={Symbol::Alert} />
                    <p class="ds-notice-bar__text">{ &notice.text }</p>
                    if notice.offers_online {
                        <Button look={Look::Quiet} onclick={props.ongo_online.reform(|_| ())}>{ texts.go_online }</Button>
                    }
                    <Button look={Look::Round} label={texts.dismiss} onclick={props.ondismiss.reform(|_| ())}>
                        <Icon symbol={Symbol::Cross} />
                    </Button>
                </div>
            }
        </div>
    }
}
