//! The menu of agents: whether it is open, and whose answer it waits for.

use std::rc::Rc;

use protocol::command::Assignable;
use yew::Reducible;

/// What stands in the menu.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Opened {
    /// It is closed.
    #[default]
    Closed,
    /// The agents are being asked for.
    Asking,
    /// They came.
    Agents(Rc<Assignable>),
}

/// The menu's state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Menu {
    /// What stands in it.
    pub opened: Opened,
    /// How often it was opened; an answer to an earlier question is passed over.
    pub n_opened: u32,
}

/// What happens to the menu.
#[derive(Clone, Debug)]
pub enum MenuAction {
    /// It opens and asks who could have the conversation.
    Ask,
    /// It opens without agents.
    Open,
    /// It closes.
    Close,
    /// The answer to the question of this number; nothing if there is none to show.
    Answered(u32, Option<Assignable>),
}

impl Reducible for Menu {
    type Action = MenuAction;

    fn reduce(self: Rc<Self>, action: MenuAction) -> Rc<Self> {
        let n_opened = self.n_opened;
        let agents = |assignable| Opened::Agents(Rc::new(assignable));
        match action {
            MenuAction::Ask => Rc::new(Self { opened: Opened::Asking, n_opened: n_opened.wrapping_add(1) }),
            MenuAction::Open => {
                let opened = agents(Assignable { agents: Vec::new() });
                Rc::new(Self { opened, n_opened: n_opened.wrapping_add(1) })
            }
            MenuAction::Close => Rc::new(Self { opened: Opened::Closed, n_opened }),
            MenuAction::Answered(number, _) if number != n_opened || self.opened != Opened::Asking => self,
            MenuAction::Answered(_, answer) => {
                Rc::new(Self { opened: answer.map_or(Opened::Closed, agents), n_opened })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nobody() -> Option<Assignable> {
        Some(Assignable { agents: Vec::new() })
    }

    fn reduce(actions: Vec<MenuAction>) -> Rc<Menu> {
        actions.into_iter().fold(Rc::default(), Menu::reduce)
    }

    #[test]
    fn an_answer_after_the_menu_was_closed_does_not_open_it() {
        let menu = reduce(vec![MenuAction::Ask, MenuAction::Close, MenuAction::Answered(1, nobody())]);
        assert_eq!(menu.opened, Opened::Closed);
    }

    #[test]
    fn an_answer_to_an_earlier_question_is_passed_over() {
        let menu = reduce(vec![MenuAction::Ask, MenuAction::Close, MenuAction::Ask, MenuAction::Answered(1, nobody())]);
        assert_eq!(menu.opened, Opened::Asking);
        assert!(matches!(menu.reduce(MenuAction::Answered(2, nobody())).opened, Opened::Agents(_)));
    }

    #[test]
    fn a_failure_closes_it_instead_of_saying_that_nobody_is_online() {
        assert_eq!(reduce(vec![MenuAction::Ask, MenuAction::Answered(1, None)]).opened, Opened::Closed);
    }
}
