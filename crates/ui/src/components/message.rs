//! One message, stored or on its way.

use yew::{AttrValue, Callback, Html, Properties, classes, component, html};

use super::button::{Button, Look};
use super::icon::{Icon, Symbol};
use crate::text::texts;

/// Where a message stands.
#[derive(Clone, Debug, PartialEq)]
pub enum MessageState {
    /// On its way to the relay.
    Sending,
    /// Stored.
    Sent,
    /// The client's, and an agent has seen it.
    Seen,
    /// Refused, with the reason in words.
    Failed(AttrValue),
}

impl MessageState {
    const fn name(&self) -> &'static str {
        match self {
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Seen => "seen",
            Self::Failed(_) => "failed",
        }
    }
}

/// The message's properties.
#[derive(Properties, PartialEq)]
pub struct MessageProps {
    /// `msg_…`
    pub id: AttrValue,
    /// Who wrote it.
    pub author: AttrValue,
    /// Whether an agent wrote it.
    pub ours: bool,
    /// The text.
    pub text: AttrValue,
    /// The time of day.
    pub time: AttrValue,
    /// Day and time, shown when pointed at.
    pub when: AttrValue,
    /// Whether name and time stand above it.
    pub headed: bool,
    /// Where it stands.
    pub state: MessageState,
    /// Tries a failed one again.
    #[prop_or_default]
    pub onretry: Callback<()>,
    /// Takes a failed one back into the input.
    #[prop_or_default]
    pub onedit: Callback<()>,
}

/// A message in its bubble.
#[component]
pub fn Message(props: &MessageProps) -> Html {
    let side = if props.ours { "ds-message--ours" } else { "ds-message--theirs" };
    let class = classes!(
        "ds-message",
        side,
        props.headed.then_some("ds-message--headed"),
        matches!(props.state, MessageState::Failed(_)).then_some("ds-message--failed")
    );
    html! {
        <article {class} data-testid="message" data-message-id={props.id.clone()} data-state={props.state.name()}
            data-author={if props.ours { "agent" } else { "contact" }} aria-label={props.author.clone()}>
            if props.headed {
                <header class="ds-message__head">
                    <bdi class="ds-message__author">{ &props.author }</bdi>
                    <time class="ds-message__time" dir="auto">{ &props.time }</time>
                </header>
            }
            <p class="ds-message__bubble" dir="auto" title={props.when.clone()}>{ &props.text }</p>
            { foot(props) }
        </article>
    }
}

fn foot(props: &MessageProps) -> Html {
    let texts = texts();
    match &props.state {
        MessageState::Sent | MessageState::Seen => html! {},
        MessageState::Sending => html! {
            <footer class="ds-message__foot"><Icon symbol={Symbol::Clock} />{ texts.sending }</footer>
        },
        MessageState::Failed(reason) => html! {
            <footer class="ds-message__foot ds-message__foot--failed">
                <span class="ds-message__reason"><Icon symbol={Symbol::Alert} /><span>{ texts.failed }{ ". " }{ reason }</span></span>
                <Button look={Look::Quiet} testid="retry" onclick={props.onretry.reform(|_| ())}>{ texts.retry }</Button>
                <Button look={Look::Quiet} testid="edit" onclick={props.onedit.reform(|_| ())}>{ texts.edit }</Button>
            </footer>
        },
    }
}
