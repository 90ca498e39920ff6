//! Who else looks at the conversation, and who types (A8).

use std::rc::Rc;

use protocol::view::ConversationView;
use yew::{Html, Properties, component, html};

use crate::hooks::{use_panel, use_signals};
use crate::state::panel::Panel;
use crate::state::signals::Doing;
use crate::text::{aside, fill};

/// How many are named.
const NAMED: usize = 3;

/// The line's properties.
#[derive(Properties, PartialEq)]
pub struct SignalsLineProps {
    /// The conversation.
    pub conversation: Rc<ConversationView>,
}

/// One line, read out politely; empty while nobody does anything.
#[component]
pub fn SignalsLine(props: &SignalsLineProps) -> Html {
    let panel = use_panel();
    let now = use_signals(&panel.signals, &props.conversation.id);
    let part = |doing, one, many| said(&names(&panel, &props.conversation, doing, now), one, many);
    let typing = part(Doing::Typing, aside().one_types, aside().many_type);
    let looking = part(Doing::Looking, aside().one_looks, aside().many_look);
    html! {
        <div class="ds-signals-line" aria-live="polite" data-testid="signals">
            if let Some(typing) = typing {
                <span class="ds-signals-line__part ds-signals-line__part--typing" data-testid="who-types">{ typing }</span>
            }
            if let Some(looking) = looking {
                <span class="ds-signals-line__part" data-testid="who-looks">{ looking }</span>
            }
        </div>
    }
}

/// The others who do this; never the agent himself, nor anybody whose name is not known here.
fn names<'a>(panel: &'a Panel, conversation: &'a ConversationView, doing: Doing, now: i64) -> Vec<&'a str> {
    let me = panel.desk.me().map(|me| me.agent_id.as_str());
    let who = panel.signals.who(&conversation.id, doing, now).into_iter();
    who.filter(|who| who.is_none() || *who != me)
        .filter_map(|who| who.map_or(Some(conversation.contact.name.as_str()), |id| panel.desk.agent_name(id)))
        .collect()
}

fn said(names: &[&str], one: &str, many: &str) -> Option<String> {
    let mut list = names.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    if names.len() > NAMED {
        list.push_str(" +");
        list.push_str(&(names.len() - NAMED).to_string());
    }
    let text = if names.len() == 1 { one } else { many };
    (!names.is_empty()).then(|| fill(text, &[("names", &list)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_and_many_are_named_and_the_rest_is_counted() {
        // A8
        let line = |names: &[&str]| said(names, aside().one_looks, aside().many_look);
        assert_eq!(line(&[]), None);
        assert_eq!(line(&["Tom"]).as_deref(), Some("Tom is looking"));
        assert_eq!(line(&["Tom", "Ann"]).as_deref(), Some("Tom, Ann are looking"));
        assert_eq!(line(&["A", "B", "C", "D", "E"]).as_deref(), Some("A, B, C +2 are looking"));
    }
}
