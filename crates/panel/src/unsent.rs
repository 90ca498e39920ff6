//! What the agent sent or said and the hub may not have: said again to a hub that starts anew, and never of another account.

use protocol::worker::{AccountKey, HubToPanel, OutboxItem, OutboxState, PanelToHub};

/// An answer to a client that the hub has not yet said to be stored or refused.
#[derive(Debug)]
struct Answer {
    account: AccountKey,
    item: OutboxItem,
    /// Whether the hub said that it has it, and so keeps it.
    is_taken: bool,
}

/// Answers of a former account that the hub never had; their texts belong into drafts.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Left {
    /// In the order in which they were written, each with its account.
    pub answers: Vec<(AccountKey, OutboxItem)>,
}

/// What goes out when the port opens, and what of it is done.
#[derive(Debug, Default)]
pub(crate) struct Unsent {
    /// Whose panel it is, as the hub said last.
    account: Option<AccountKey>,
    answers: Vec<Answer>,
    /// What was said while the port was closed.
    unsaid: Vec<PanelToHub>,
    /// Answers whose texts went into drafts: what the hub says of them concerns nobody any more.
    left: Vec<String>,
}

impl Unsent {
    /// Notes an answer that is being sent; it comes back if the panel is another account's by now.
    pub(crate) fn send(&mut self, account: AccountKey, item: OutboxItem) -> Left {
        if self.account.as_ref() != Some(&account) {
            self.left.push(item.id.clone());
            return Left { answers: vec![(account, item)] };
        }
        self.answers.retain(|known| known.item.id != item.id);
        self.answers.push(Answer { account, item, is_taken: false });
        Left::default()
    }

    /// An answer was given up.
    pub(crate) fn discard(&mut self, message_id: &str) {
        self.answers.retain(|answer| answer.item.id != message_id);
    }

    /// Keeps what could not be said for the next port.
    pub(crate) fn keep(&mut self, message: PanelToHub) {
        self.unsaid.push(message);
    }

    /// What a newly opened port says after its greeting.
    pub(crate) fn again(&mut self) -> Vec<PanelToHub> {
        let answers = self.answers.iter();
        let answers =
            answers.map(|answer| PanelToHub::Send { account: answer.account.clone(), item: answer.item.clone() });
        let mut messages: Vec<_> = answers.collect();
        messages.append(&mut self.unsaid);
        messages
    }

    /// Follows what the hub says; tells whether it concerns the panel, and what is left of a former account.
    pub(crate) fn hear(&mut self, message: &HubToPanel) -> (bool, Left) {
        match message {
            HubToPanel::Account { account, .. } => {
                self.account.clone_from(account);
                return (true, self.leave());
            }
            HubToPanel::Outbox { item, .. } if self.left.contains(&item.id) => return (false, Left::default()),
            HubToPanel::Outbox { item, state: OutboxState::Sending } => {
                for answer in self.answers.iter_mut().filter(|answer| answer.item.id == item.id) {
                    answer.is_taken = true;
                }
            }
            HubToPanel::Outbox { item, state: OutboxState::Sent { .. } | OutboxState::Failed { .. } } => {
                self.discard(&item.id);
            }
            HubToPanel::Connection { .. }
            | HubToPanel::Frame { .. }
            | HubToPanel::Reply { .. }
            | HubToPanel::UploadState { .. } => {}
        }
        (true, Left::default())
    }

    /// Parts with what belongs to another account. What the hub has taken it sends by itself.
    fn leave(&mut self) -> Left {
        let account = self.account.clone();
        let is_mine = |of: &AccountKey| Some(of) == account.as_ref();
        self.unsaid.retain(|message| account_of(message).is_none_or(is_mine));
        let (mine, others): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.answers).into_iter().partition(|answer| is_mine(&answer.account));
        self.answers = mine;
        let left = others.into_iter().filter(|answer| !answer.is_taken);
        let answers: Vec<_> = left.map(|answer| (answer.account, answer.item)).collect();
        self.left.extend(answers.iter().map(|(_, item)| item.id.clone()));
        Left { answers }
    }
}

fn account_of(message: &PanelToHub) -> Option<&AccountKey> {
    match message {
        PanelToHub::Hello { .. } | PanelToHub::Shown { .. } => None,
        PanelToHub::Call { account, .. }
        | PanelToHub::Send { account, .. }
        | PanelToHub::Upload { account, .. }
        | PanelToHub::CancelUpload { account, .. }
        | PanelToHub::Typing { account, .. }
        | PanelToHub::Viewing { account, .. }
        | PanelToHub::Choose { account }
        | PanelToHub::Retry { account, .. }
        | PanelToHub::Discard { account, .. } => Some(account),
    }
}

#[cfg(test)]
mod tests {
    use protocol::error::{ErrorCode, WireError};

    use super::*;

    fn key(agent: &str) -> AccountKey {
        AccountKey::new("https://desk.example", agent)
    }

    fn item(id: &str) -> OutboxItem {
        OutboxItem {
            id: id.into(),
            conversation_id: "cnv_1".into(),
            text: "hi".into(),
            attachments: Vec::new(),
            fence: 1,
            at: 5,
        }
    }

    fn account(agent: Option<&str>) -> HubToPanel {
        HubToPanel::Account { account: agent.map(key), address: None, n_accounts: 1, others: Vec::new() }
    }

    fn refused(id: &str) -> HubToPanel {
        let code = ErrorCode::Unauthorized;
        let error = WireError { code, message: String::new(), details: Default::default(), request_id: String::new() };
        HubToPanel::Outbox { item: item(id), state: OutboxState::Failed { error } }
    }

    fn of_mia() -> Unsent {
        let mut unsent = Unsent::default();
        unsent.hear(&account(Some("agt_mia")));
        for id in ["msg_b", "msg_a"] {
            assert_eq!(unsent.send(key("agt_mia"), item(id)), Left::default());
        }
        unsent
    }

    fn ids(messages: &[PanelToHub]) -> Vec<&str> {
        messages.iter().map(id).collect()
    }

    fn id(message: &PanelToHub) -> &str {
        match message {
            PanelToHub::Send { item, .. } => &item.id,
            PanelToHub::Retry { message_id, .. } => message_id,
            _ => "",
        }
    }

    #[test]
    fn a_hub_that_starts_anew_gets_what_it_may_not_have_in_the_written_order() {
        let mut unsent = of_mia();
        unsent.keep(PanelToHub::Retry { account: key("agt_mia"), message_id: "msg_0".into() });
        assert_eq!(ids(&unsent.again()), ["msg_b", "msg_a", "msg_0"]);
        assert_eq!(unsent.hear(&account(Some("agt_mia"))), (true, Left::default()));
        unsent.hear(&refused("msg_b"));
        assert_eq!(ids(&unsent.again()), ["msg_a"]);
    }

    #[test]
    fn another_account_gets_nothing_of_the_former() {
        let mut unsent = of_mia();
        unsent.keep(PanelToHub::Retry { account: key("agt_mia"), message_id: "msg_0".into() });
        unsent.hear(&HubToPanel::Outbox { item: item("msg_a"), state: OutboxState::Sending });
        // What the hub has taken it sends itself; the other text goes into a draft.
        let left = unsent.hear(&account(Some("agt_noah"))).1;
        assert_eq!(left.answers, [(key("agt_mia"), item("msg_b"))]);
        assert_eq!(unsent.again(), []);
        // The hub refuses it for the new account, which must not see it.
        assert_eq!(unsent.hear(&refused("msg_b")), (false, Left::default()));
    }

    #[test]
    fn an_answer_that_is_sent_just_after_the_account_changed_goes_into_a_draft() {
        let mut unsent = of_mia();
        unsent.hear(&account(None));
        let left = unsent.send(key("agt_mia"), item("msg_c"));
        assert_eq!(left.answers, [(key("agt_mia"), item("msg_c"))]);
        assert_eq!(unsent.again(), []);
    }
}
