//! The list of blocked clients, as far as it was fetched (B6).

use std::rc::Rc;

use protocol::command::{BlockPage, BlockedContact};
use yew::Reducible;

/// The list's state.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Blocks {
    /// Newest first.
    pub list: Vec<BlockedContact>,
    /// Whether a page came.
    pub begun: bool,
    /// Where the next page begins; nothing at the end.
    pub next: Option<String>,
    /// Whether a page is being fetched.
    pub fetching: bool,
    /// Why the last page did not come, in words.
    pub failed: Option<String>,
    /// The block that is being ended.
    pub ending: Option<String>,
    /// Why a block was not ended: which, and the words.
    pub refused: Option<(String, String)>,
    /// Who was unblocked last.
    pub unblocked: Option<String>,
}

/// What happens to the list.
#[derive(Clone, Debug)]
pub(crate) enum BlocksAction {
    /// A page was asked for.
    Asked,
    /// It came.
    Came(BlockPage),
    /// It did not come.
    Failed(String),
    /// "Unblock" was pressed.
    Ending(String),
    /// The block is ended.
    Ended(String),
    /// It is not.
    Refused(String, String),
}

impl Reducible for Blocks {
    type Action = BlocksAction;

    fn reduce(self: Rc<Self>, action: BlocksAction) -> Rc<Self> {
        let mut next = (*self).clone();
        match action {
            BlocksAction::Asked => (next.fetching, next.failed) = (true, None),
            BlocksAction::Came(page) => {
                let is_new = |it: &BlockedContact| self.list.iter().all(|known| known.block.id != it.block.id);
                next.list.extend(page.blocks.into_iter().filter(is_new));
                (next.next, next.begun, next.fetching) = (page.next, true, false);
            }
            BlocksAction::Failed(why) => (next.failed, next.fetching) = (Some(why), false),
            BlocksAction::Ending(id) => (next.ending, next.refused, next.unblocked) = (Some(id), None, None),
            BlocksAction::Ended(id) => {
                let gone = next.list.iter().find(|it| it.block.id == id);
                next.unblocked = gone.map(|it| it.contact.name.clone());
                next.list.retain(|it| it.block.id != id);
                next.ending = None;
            }
            BlocksAction::Refused(id, why) => (next.refused, next.ending) = (Some((id, why)), None),
        }
        Rc::new(next)
    }
}

#[cfg(test)]
mod tests {
    use protocol::view::{BlockView, ContactView};

    use super::*;

    fn blocked(n: u32) -> BlockedContact {
        let contact = ContactView { id: format!("con_{n}"), name: format!("Visitor {n}"), seen_n: 0, block: None };
        let (id, by_name) = (format!("blk_{n}"), "Mira".to_owned());
        BlockedContact {
            contact,
            block: BlockView { id, since: 60_000, until: None, by_name, reason: None, also_ip: false },
        }
    }

    fn page(numbers: std::ops::RangeInclusive<u32>, next: Option<&str>) -> BlocksAction {
        BlocksAction::Came(BlockPage { blocks: numbers.map(blocked).collect(), next: next.map(ToOwned::to_owned) })
    }

    fn reduce(actions: Vec<BlocksAction>) -> Rc<Blocks> {
        actions.into_iter().fold(Rc::default(), Blocks::reduce)
    }

    fn ids(blocks: &Blocks) -> Vec<&str> {
        blocks.list.iter().map(|it| it.block.id.as_str()).collect()
    }

    #[test]
    fn pages_join_and_nobody_stands_twice() {
        // B6: who is blocked between two pages moves the others on.
        let blocks =
            reduce(vec![BlocksAction::Asked, page(1..=2, Some("more")), BlocksAction::Asked, page(2..=3, None)]);
        assert_eq!(ids(&blocks), ["blk_1", "blk_2", "blk_3"]);
        assert!(blocks.begun && !blocks.fetching && blocks.next.is_none());
    }

    #[test]
    fn a_page_that_did_not_come_leaves_the_list_and_can_be_asked_for_again() {
        let blocks = reduce(vec![page(1..=2, Some("more")), BlocksAction::Asked, BlocksAction::Failed("no".into())]);
        assert_eq!((ids(&blocks).len(), blocks.failed.as_deref()), (2, Some("no")));
        assert_eq!(blocks.next.as_deref(), Some("more"));
        assert_eq!(blocks.reduce(BlocksAction::Asked).failed, None);
    }

    #[test]
    fn who_is_unblocked_goes_and_a_refusal_stands_at_its_client() {
        // B5, B6
        let ending = |n: u32| BlocksAction::Ending(format!("blk_{n}"));
        let blocks = reduce(vec![page(1..=2, None), ending(1), BlocksAction::Ended("blk_1".into())]);
        assert_eq!((ids(&blocks), blocks.unblocked.as_deref()), (vec!["blk_2"], Some("Visitor 1")));
        let blocks = blocks.reduce(ending(2)).reduce(BlocksAction::Refused("blk_2".into(), "no".into()));
        assert_eq!(ids(&blocks), ["blk_2"]);
        assert_eq!(blocks.refused, Some(("blk_2".into(), "no".into())));
        assert_eq!((blocks.ending.as_ref(), blocks.unblocked.as_ref()), (None, None));
    }
}
