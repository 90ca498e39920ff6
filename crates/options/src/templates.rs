//! The templates of an account, and what is being done with them (T2).

use std::rc::Rc;

use protocol::template::TemplateView;
use ui::text::{fill, templates};
use yew::Reducible;

/// What is being done.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Doing {
    /// Nothing.
    #[default]
    Nothing,
    /// A new one is being written.
    Making,
    /// This one is being changed.
    Changing(String),
    /// Whether this one is to be deleted is being asked; with the words, if the relay did not.
    Deleting(String, Option<String>),
}

/// The list's state.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Templates {
    /// In the order of their making; nothing until they came.
    pub list: Option<Vec<TemplateView>>,
    /// Why they did not come, in words.
    pub failed: Option<String>,
    /// What is being done.
    pub doing: Doing,
    /// What was done last, in words.
    pub done: Option<String>,
}

/// What happens to the list.
#[derive(Clone, Debug)]
pub(crate) enum TemplatesAction {
    /// They were asked for.
    Asked,
    /// They came.
    Came(Vec<TemplateView>),
    /// They did not come.
    Failed(String),
    /// Something else is to be done.
    Do(Doing),
    /// One is stored.
    Saved(TemplateView),
    /// One is gone.
    Deleted(String),
    /// One is not.
    NotDeleted(String, String),
}

impl Templates {
    /// Those of a project, or one's own.
    pub(crate) fn of<'a>(&'a self, project_id: Option<&'a str>) -> impl Iterator<Item = &'a TemplateView> {
        self.list.iter().flatten().filter(move |template| template.project_id.as_deref() == project_id)
    }

    fn find(&self, id: &str) -> Option<&TemplateView> {
        self.list.iter().flatten().find(|template| template.id == id)
    }

    fn tell(&mut self, text: &str, title: &str) {
        (self.doing, self.done) = (Doing::Nothing, Some(fill(text, &[("title", title)])));
    }
}

impl Reducible for Templates {
    type Action = TemplatesAction;

    fn reduce(self: Rc<Self>, action: TemplatesAction) -> Rc<Self> {
        let mut next = (*self).clone();
        match action {
            TemplatesAction::Asked => next.failed = None,
            TemplatesAction::Came(list) => next.list = Some(list),
            TemplatesAction::Failed(why) => next.failed = Some(why),
            TemplatesAction::Do(doing) => (next.doing, next.done) = (doing, None),
            TemplatesAction::Saved(template) => {
                next.tell(templates().template_saved, &template.title);
                let list = next.list.get_or_insert_default();
                match list.iter_mut().find(|known| known.id == template.id) {
                    Some(known) => *known = template,
                    None => list.push(template),
                }
            }
            TemplatesAction::Deleted(id) => {
                let title = self.find(&id).map(|gone| gone.title.clone()).unwrap_or_default();
                next.tell(templates().template_deleted, &title);
                next.list.iter_mut().for_each(|list| list.retain(|known| known.id != id));
            }
            TemplatesAction::NotDeleted(id, why) => next.doing = Doing::Deleting(id, Some(why)),
        }
        Rc::new(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(id: &str, project_id: Option<&str>) -> TemplateView {
        let project_id = project_id.map(Into::into);
        TemplateView {
            id: id.into(),
            rev: 1,
            project_id,
            title: format!("Title {id}"),
            text: "Hello".into(),
            attachments: Vec::new(),
        }
    }

    fn reduce(actions: Vec<TemplatesAction>) -> Rc<Templates> {
        let came = TemplatesAction::Came(vec![template("tpl_1", None), template("tpl_2", Some("prj_1"))]);
        std::iter::once(came).chain(actions).fold(Rc::default(), Templates::reduce)
    }

    fn ids<'a>(templates: &'a Templates, project_id: Option<&'a str>) -> Vec<&'a str> {
        templates.of(project_id).map(|template| template.id.as_str()).collect()
    }

    #[test]
    fn ones_own_and_the_projects_stand_apart() {
        // T2
        let templates = reduce(Vec::new());
        assert_eq!((ids(&templates, None), ids(&templates, Some("prj_1"))), (vec!["tpl_1"], vec!["tpl_2"]));
        assert_eq!(ids(&templates, Some("prj_2")), [""; 0]);
    }

    #[test]
    fn what_is_stored_stands_in_its_place_or_at_the_end_and_the_form_closes() {
        // T2
        let changed = TemplateView { rev: 2, title: "Changed".into(), ..template("tpl_1", None) };
        let changing = TemplatesAction::Do(Doing::Changing("tpl_1".into()));
        let templates = reduce(vec![changing, TemplatesAction::Saved(changed.clone())]);
        assert_eq!(templates.of(None).collect::<Vec<_>>(), [&changed]);
        assert_eq!((&templates.doing, templates.done.as_deref()), (&Doing::Nothing, Some("“Changed” is saved.")));
        let templates = reduce(vec![TemplatesAction::Saved(template("tpl_3", None))]);
        assert_eq!(ids(&templates, None), ["tpl_1", "tpl_3"]);
    }

    #[test]
    fn one_is_deleted_once_the_relay_said_so_and_a_refusal_is_said_beside_it() {
        // T2
        let asked = || TemplatesAction::Do(Doing::Deleting("tpl_1".into(), None));
        let refused = reduce(vec![asked(), TemplatesAction::NotDeleted("tpl_1".into(), "no".into())]);
        assert_eq!(ids(&refused, None), ["tpl_1"]);
        assert_eq!(refused.doing, Doing::Deleting("tpl_1".into(), Some("no".into())));
        let gone = reduce(vec![asked(), TemplatesAction::Deleted("tpl_1".into())]);
        assert_eq!((ids(&gone, None), gone.done.as_deref()), (vec![], Some("“Title tpl_1” is deleted.")));
    }
}
