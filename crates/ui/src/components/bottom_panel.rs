//! The bottom chat panel: what the agent can do with this conversation now (A1, A7).

use std::rc::Rc;

use protocol::view::ConversationView;
use yew::{AttrValue, Callback, Html, Properties, component, html, use_effect_with};

use super::assign_menu::AssignMenu;
use super::blocked_line::BlockedLine;
use super::button::{Button, Look};
use super::composer::Composer;
use crate::hooks::{Commands, use_commands, use_drafts, use_panel};
use crate::state::abilities::Abilities;
use crate::state::drafts::DraftAction;
use crate::state::files::{Basket, Files};
use crate::state::shortcuts::Shortcut;
use crate::text::{fill, texts};

/// The bottom panel's properties.
#[derive(Properties, PartialEq)]
pub struct BottomPanelProps {
    /// The conversation.
    pub conversation: Rc<ConversationView>,
    /// What the agent may do.
    pub abilities: Abilities,
    /// What he may do once he is Online.
    pub when_online: Abilities,
    /// Whether it is his own.
    pub is_mine: bool,
    /// The block of the client, if he is blocked: who did it, when, until when, and why.
    pub blocked: Option<AttrValue>,
    /// The name of who has it.
    pub owner: Option<AttrValue>,
    /// The client's conversation after this one, if it is known.
    pub newer: Option<AttrValue>,
    /// Opens another conversation.
    pub onopen: Callback<String>,
}

/// Accept or give away, answer, or why not.
#[component]
pub fn BottomPanel(props: &BottomPanelProps) -> Html {
    let (commands, drafts, panel) = (use_commands(), use_drafts(), use_panel());
    let conversation = &props.conversation;
    {
        let (drafts, id) = (drafts.clone(), conversation.id.clone());
        let missing = drafts.of(&id).is_none();
        use_effect_with((id, missing), move |(id, missing)| {
            if *missing {
                drafts.dispatch(DraftAction::Load { conversation_id: id.clone(), kept: drafts.kept(id) });
            }
        });
    }
    let draft = drafts.of(&conversation.id).filter(|text| !text.trim().is_empty()).cloned().unwrap_or_default();
    let names = panel.files.of(&conversation.id).map(Basket::names).unwrap_or_default();
    let blocked = props.blocked.as_ref().filter(|_| conversation.closed_at.is_none());
    html! {
        <section class="ds-bottom-panel">
            if !props.abilities.answer && (!draft.is_empty() || !names.is_empty()) {
                <div class="ds-bottom-panel__draft" data-testid="draft">
                    <p class="ds-bottom-panel__draft-name">{ texts().unsent_draft }</p>
                    if !draft.is_empty() {
                        <p class="ds-bottom-panel__draft-text" dir="auto">{ draft }</p>
                    }
                    if !names.is_empty() {
                        <p class="ds-bottom-panel__draft-files" data-testid="draft-files" dir="auto">{ names }</p>
                    }
                </div>
            }
            if let Some(facts) = blocked {
                <BlockedLine conversation={conversation.clone()} facts={facts.clone()} may={props.abilities.unblock} />
            }
            if blocked.is_none() || !props.is_mine {
                { content(props, &commands, &panel.files) }
            }
        </section>
    }
}

fn content(props: &BottomPanelProps, commands: &Commands, files: &Rc<Files>) -> Html {
    let conversation = &props.conversation;
    if props.abilities.answer {
        html! { <Composer key={conversation.id.clone()} conversation={conversation.clone()} files={files.clone()} /> }
    } else if props.abilities.accept {
        let accept = {
            let (commands, conversation) = (commands.clone(), conversation.clone());
            move |_| commands.accept(&conversation)
        };
        html! {
            <div class="ds-bottom-panel__actions">
                <Button look={Look::Primary} testid="accept" shortcut={Shortcut::Accept} onclick={accept}>{ texts().accept }</Button>
                <AssignMenu key={conversation.id.clone()} conversation={conversation.clone()} label={texts().assign_to_agent} testid="assign-to-agent"
                    may_assign={props.abilities.assign} may_clear={false} upwards={true} />
            </div>
        }
    } else if props.when_online.answer || props.when_online.accept {
        let commands = commands.clone();
        let go_online = move |_| commands.go_online();
        let words = if props.when_online.answer { texts().offline_mine } else { texts().offline_new };
        html! {
            <div class="ds-bottom-panel__line" data-testid="offline">
                <p class="ds-bottom-panel__words">{ words }</p>
                <Button look={Look::Primary} testid="go-online" onclick={go_online}>{ texts().go_online }</Button>
            </div>
        }
    } else {
        reading(props)
    }
}

/// Somebody else's, or finished.
fn reading(props: &BottomPanelProps) -> Html {
    if props.conversation.closed_at.is_none() {
        let name = props.owner.clone().unwrap_or_default();
        return html! {
            <div class="ds-bottom-panel__line" data-testid="held">
                <p class="ds-bottom-panel__words">{ fill(texts().held_by, &[("name", &name)]) }</p>
            </div>
        };
    }
    let newer = props.newer.clone().map(|id| {
        let onclick = props.onopen.reform(move |_| id.to_string());
        html! {
            <>
                <p class="ds-bottom-panel__words">{ fill(texts().wrote_again, &[("name", &props.conversation.contact.name)]) }</p>
                <Button testid="open-newer" {onclick}>{ texts().open_newer }</Button>
            </>
        }
    });
    html! {
        <div class="ds-bottom-panel__line" data-testid="finished">
            if newer.is_none() {
                <p class="ds-bottom-panel__words">{ texts().is_finished }</p>
            }
            { newer }
        </div>
    }
}
