//! One message, stored or on its way.

use protocol::file::AttachmentView;
use yew::{AttrValue, Callback, Html, Properties, classes, component, html};

use super::button::{Button, Look};
use super::file_list::FileList;
use super::icon::{Icon, Symbol};
use crate::state::pieces::{Piece, pieces};
use crate::text::{composing, fill, texts};

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
    /// The files.
    #[prop_or_default]
    pub files: Vec<AttachmentView>,
    /// The time of day.
    pub time: AttrValue,
    /// Day and time, shown when pointed at.
    pub when: AttrValue,
    /// Whether name and time stand above it.
    pub headed: bool,
    /// Where it stands.
    pub state: MessageState,
    /// Whether one was just led to it.
    #[prop_or_default]
    pub marked: bool,
    /// Its number within the contact, by which it is selected (K2); one on its way has none.
    #[prop_or_default]
    pub n: Option<u32>,
    /// Whether it is selected.
    #[prop_or_default]
    pub selected: bool,
    /// Whether it is the one that Tab leads to.
    #[prop_or_default]
    pub tabbable: bool,
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
        props.marked.then_some("ds-message--marked"),
        matches!(props.state, MessageState::Failed(_)).then_some("ds-message--failed"),
        props.selected.then_some("ds-message--selected")
    );
    let name = match props.selected {
        true => fill(composing().selected_message, &[("name", &props.author)]).into(),
        false => props.author.clone(),
    };
    let (text_id, files_id) = (format!("text-{}", props.id), format!("files-{}", props.id));
    let (has_text, has_files) = (!props.text.is_empty(), !props.files.is_empty());
    let described = match (has_text, has_files) {
        (true, true) => format!("{text_id} {files_id}"),
        (false, true) => files_id.clone(),
        (_, false) => text_id.clone(),
    };
    let tabindex = props.n.map(|_| if props.tabbable { "0" } else { "-1" });
    html! {
        <article {class} data-testid="message" data-message-id={props.id.clone()} data-state={props.state.name()}
            data-author={if props.ours { "agent" } else { "contact" }} data-n={props.n.map(|n| n.to_string())} {tabindex}
            aria-label={name} aria-describedby={described} data-selected={props.selected.to_string()}>
            if props.headed {
                <header class="ds-message__head">
                    <bdi class="ds-message__author">{ &props.author }</bdi>
                    <time class="ds-message__time" dir="auto">{ &props.time }</time>
                </header>
            }
            if has_text || !has_files {
                <p id={text_id} class="ds-message__bubble" dir="auto" title={props.when.clone()}>{ for pieces(&props.text).into_iter().map(view_piece) }</p>
            }
            if has_files {
                <FileList id={files_id} files={props.files.clone()} />
            }
            if props.selected {
                <span class="ds-message__tick"><Icon symbol={Symbol::Check} /></span>
            }
            { foot(props) }
        </article>
    }
}

/// A piece of the text. An address leads out of Gmail and says nothing of where one came from.
fn view_piece(piece: Piece<'_>) -> Html {
    match piece {
        Piece::Text(text) => html! { { text } },
        Piece::Link(address) => html! {
            <a class="ds-message__link" href={address.to_owned()} target="_blank" rel="noopener noreferrer nofollow" draggable="false">{ address }</a>
        },
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
