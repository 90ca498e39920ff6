//! Who else looks at a conversation, and who types in it (A8). Each sign is over by itself, unless it comes again.

use protocol::frame::RelayFrame;
use protocol::view::Author;

/// How long somebody types after a sign of it.
const TYPING_MS: i64 = 12_000;
/// How long somebody looks after a sign of it.
const VIEWING_MS: i64 = 45_000;

/// What somebody does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// He has it on his screen.
    Looking,
    /// He types, or chooses a file.
    Typing,
}

/// Somebody who does something in a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Sign {
    conversation_id: String,
    /// `agt_…`; nothing for the client.
    agent_id: Option<String>,
    doing: Doing,
    /// By this machine's clock.
    ends_at: i64,
}

/// The signs that came and may not be over yet, in the order in which each began.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signals {
    signs: Vec<Sign>,
}

impl Signals {
    /// Takes a frame that passes by; any other changes nothing.
    pub fn hear(&mut self, frame: &RelayFrame, now: i64) {
        self.signs.retain(|sign| sign.ends_at > now);
        match frame {
            RelayFrame::Typing { conversation_id: Some(id), agent_id, .. } => {
                self.note(id, agent_id.as_deref(), Doing::Typing, now.saturating_add(TYPING_MS));
            }
            RelayFrame::Viewing { conversation_id, agent_id, viewing: true, .. } => {
                self.note(conversation_id, Some(agent_id), Doing::Looking, now.saturating_add(VIEWING_MS));
            }
            // Whoever goes away has stopped typing there too.
            RelayFrame::Viewing { conversation_id, agent_id, .. } => {
                self.end(conversation_id, |sign| sign.agent_id.as_ref() == Some(agent_id));
            }
            _ => {}
        }
    }

    /// A message came: its author has stopped typing it.
    pub fn wrote(&mut self, conversation_id: &str, author: &Author) {
        let author = match author {
            Author::Contact => None,
            Author::Agent { agent_id, .. } => Some(agent_id.as_str()),
            Author::Other => return,
        };
        self.end(conversation_id, |sign| sign.doing == Doing::Typing && sign.agent_id.as_deref() == author);
    }

    /// Who does this in a conversation now; nothing stands for the client. Whoever types is not said to look as well.
    pub fn who(&self, conversation_id: &str, doing: Doing, now: i64) -> Vec<Option<&str>> {
        let here =
            || self.signs.iter().filter(move |sign| sign.conversation_id == conversation_id && sign.ends_at > now);
        let types = |who: &Option<String>| here().any(|sign| sign.doing == Doing::Typing && sign.agent_id == *who);
        here()
            .filter(|sign| sign.doing == doing && (doing == Doing::Typing || !types(&sign.agent_id)))
            .map(|sign| sign.agent_id.as_deref())
            .collect()
    }

    /// When the next sign of a conversation is over.
    #[must_use]
    pub fn next_end(&self, conversation_id: &str, now: i64) -> Option<i64> {
        let here = self.signs.iter().filter(|sign| sign.conversation_id == conversation_id);
        here.map(|sign| sign.ends_at).filter(|ends_at| *ends_at > now).min()
    }

    fn note(&mut self, conversation_id: &str, agent_id: Option<&str>, doing: Doing, ends_at: i64) {
        let is_same = |sign: &&mut Sign| {
            sign.conversation_id == conversation_id && sign.agent_id.as_deref() == agent_id && sign.doing == doing
        };
        if let Some(sign) = self.signs.iter_mut().find(is_same) {
            sign.ends_at = ends_at;
        } else {
            let (conversation_id, agent_id) = (conversation_id.to_owned(), agent_id.map(ToOwned::to_owned));
            self.signs.push(Sign { conversation_id, agent_id, doing, ends_at });
        }
    }

    fn end(&mut self, conversation_id: &str, fits: impl Fn(&Sign) -> bool) {
        self.signs.retain(|sign| sign.conversation_id != conversation_id || !fits(sign));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn types(agent_id: Option<&str>) -> RelayFrame {
        let agent_id = agent_id.map(Into::into);
        RelayFrame::Typing { topic: "channel/chn_1".into(), conversation_id: Some("cnv_1".into()), agent_id }
    }

    fn looks(agent_id: &str, viewing: bool) -> RelayFrame {
        let (topic, conversation_id) = ("channel/chn_1".into(), "cnv_1".into());
        RelayFrame::Viewing { topic, conversation_id, agent_id: agent_id.into(), viewing }
    }

    fn at(signals: &Signals, now: i64) -> (Vec<Option<&str>>, Vec<Option<&str>>) {
        (signals.who("cnv_1", Doing::Typing, now), signals.who("cnv_1", Doing::Looking, now))
    }

    #[test]
    fn a_sign_is_over_after_its_time_unless_it_comes_again() {
        // A8
        let mut signals = Signals::default();
        signals.hear(&looks("agt_noah", true), 1_000);
        signals.hear(&types(None), 2_000);
        assert_eq!(at(&signals, 13_999), (vec![None], vec![Some("agt_noah")]));
        assert_eq!(signals.next_end("cnv_1", 2_000), Some(14_000));
        signals.hear(&types(None), 12_000);
        assert_eq!(at(&signals, 23_999).0, [None]);
        assert_eq!(at(&signals, 24_000), (vec![], vec![Some("agt_noah")]));
        assert_eq!(signals.next_end("cnv_1", 24_000), Some(46_000));
        assert_eq!((at(&signals, 46_000), signals.next_end("cnv_1", 46_000)), ((vec![], vec![]), None));
    }

    #[test]
    fn whoever_types_is_not_said_to_look_as_well_and_whoever_goes_does_neither() {
        // A8
        let mut signals = Signals::default();
        signals.hear(&looks("agt_noah", true), 0);
        signals.hear(&types(Some("agt_noah")), 0);
        signals.hear(&looks("agt_eve", true), 0);
        assert_eq!(at(&signals, 1), (vec![Some("agt_noah")], vec![Some("agt_eve")]));
        signals.hear(&looks("agt_noah", false), 1);
        assert_eq!(at(&signals, 1), (vec![], vec![Some("agt_eve")]));
    }

    #[test]
    fn a_message_ends_its_authors_typing_and_nobody_elses() {
        // A8
        let mut signals = Signals::default();
        signals.hear(&types(None), 0);
        signals.hear(&types(Some("agt_noah")), 0);
        signals.wrote("cnv_2", &Author::Contact);
        assert_eq!(at(&signals, 1).0, [None, Some("agt_noah")], "another conversation");
        signals.wrote("cnv_1", &Author::Contact);
        assert_eq!(at(&signals, 1).0, [Some("agt_noah")]);
        signals.wrote("cnv_1", &Author::Agent { agent_id: "agt_noah".into(), name: "Noah".into() });
        assert!(at(&signals, 1).0.is_empty());
    }

    #[test]
    fn what_is_over_is_forgotten() {
        let mut signals = Signals::default();
        for n in 0..100 {
            signals.hear(&looks(&format!("agt_{n}"), true), n * 60_000);
        }
        assert_eq!(signals.signs.len(), 1);
    }
}
