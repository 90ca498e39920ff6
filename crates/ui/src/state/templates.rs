//! The agent's templates and those of his projects (T1), fetched once and kept live by events.

use std::rc::Rc;

use protocol::template::TemplateView;

use super::thread::Fetch;

/// What is known of the templates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Templates {
    /// In the order of their making, which is that of their ids.
    list: Vec<Rc<TemplateView>>,
    /// Those that events told of since they were asked for: an answer that is still on its way may lack them.
    came: Vec<String>,
    /// Those that were deleted: such an answer may have them.
    gone: Vec<String>,
    /// How the fetching stands.
    pub fetch: Fetch,
    /// Whether they were fetched, and no event was missed since.
    pub loaded: bool,
}

impl Templates {
    /// Notes that they were asked for.
    pub fn ask(&mut self) {
        self.fetch = Fetch::Newest;
        self.came.clear();
    }

    /// Takes what was fetched, beside what events told meanwhile.
    pub fn take(&mut self, fetched: Vec<TemplateView>) {
        self.list.retain(|template| self.came.contains(&template.id));
        fetched.into_iter().for_each(|template| self.keep(template));
        (self.fetch, self.loaded) = (Fetch::Idle, true);
    }

    /// Takes one that was made or changed.
    pub fn put(&mut self, template: TemplateView) {
        self.came.push(template.id.clone());
        self.keep(template);
    }

    fn keep(&mut self, template: TemplateView) {
        if self.gone.contains(&template.id) {
            return;
        }
        match self.position(&template.id) {
            Ok(at) if self.list[at].rev > template.rev => {}
            Ok(at) => self.list[at] = Rc::new(template),
            Err(at) => self.list.insert(at, Rc::new(template)),
        }
    }

    /// Forgets one that was deleted.
    pub fn remove(&mut self, id: &str) {
        self.gone.push(id.to_owned());
        self.list.retain(|template| template.id != id);
    }

    /// Those that can be used in a conversation of this project and have what was typed: in their titles, then in their texts.
    #[must_use]
    pub fn offered(&self, project_id: &str, typed: &str) -> Vec<Rc<TemplateView>> {
        let typed = lower(typed.trim());
        let (mut by_title, mut by_text) = (Vec::new(), Vec::new());
        for template in &self.list {
            if template.project_id.as_deref().is_some_and(|id| id != project_id) {
                continue;
            }
            if lower(&template.title).contains(&typed) {
                by_title.push(template.clone());
            } else if lower(&template.text).contains(&typed) {
                by_text.push(template.clone());
            }
        }
        by_title.append(&mut by_text);
        by_title
    }

    fn position(&self, id: &str) -> Result<usize, usize> {
        self.list.binary_search_by(|known| known.id.as_str().cmp(id))
    }
}

/// Lower case as the browser has it, whose tables need not be carried along.
#[cfg(target_arch = "wasm32")]
fn lower(text: &str) -> String {
    js_sys::JsString::from(text).to_lower_case().into()
}

#[cfg(not(target_arch = "wasm32"))]
fn lower(text: &str) -> String {
    text.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(n: u32, project_id: Option<&str>, title: &str, text: &str) -> TemplateView {
        let project_id = project_id.map(Into::into);
        TemplateView {
            id: format!("tpl_{n}"),
            rev: 1,
            project_id,
            title: title.into(),
            text: text.into(),
            attachments: Vec::new(),
        }
    }

    fn taken(list: Vec<TemplateView>) -> Templates {
        let mut templates = Templates::default();
        templates.take(list);
        templates
    }

    fn titles(templates: &Templates, typed: &str) -> Vec<String> {
        templates.offered("prj_1", typed).iter().map(|template| template.title.clone()).collect()
    }

    #[test]
    fn what_is_typed_is_found_in_titles_first_and_then_in_texts() {
        // T1
        let templates = taken(vec![
            template(1, None, "Opening hours", "We are here from 9. Greetings!"),
            template(2, Some("prj_1"), "Greeting", "Hello {client_name}"),
            template(3, None, "ПРИВЕТ", "Здравствуйте"),
        ]);
        assert_eq!(titles(&templates, " GREET"), ["Greeting", "Opening hours"]);
        assert_eq!(titles(&templates, "привет"), ["ПРИВЕТ"]);
        assert_eq!(titles(&templates, ""), ["Opening hours", "Greeting", "ПРИВЕТ"]);
        assert_eq!(titles(&templates, "nothing of it"), [""; 0]);
    }

    #[test]
    fn another_projects_templates_are_not_offered() {
        // T1, T2
        let templates = taken(vec![template(1, Some("prj_2"), "Theirs", "x"), template(2, None, "Mine", "x")]);
        assert_eq!(titles(&templates, ""), ["Mine"]);
    }

    #[test]
    fn events_keep_them_live_also_while_they_are_being_fetched() {
        // T1
        let mut templates = taken(vec![template(1, None, "One", "x"), template(3, None, "Three", "x")]);
        templates.ask();
        templates.put(template(2, None, "Two", "x"));
        templates.put(TemplateView { rev: 2, ..template(3, None, "Third", "x") });
        templates.put(template(3, None, "Three", "x"));
        templates.remove("tpl_1");
        assert_eq!(titles(&templates, ""), ["Two", "Third"]);
        // An answer that was on its way: it has what was deleted, and an old state.
        templates.take(vec![template(1, None, "One", "x"), template(3, None, "Three", "x")]);
        assert_eq!(titles(&templates, ""), ["Two", "Third"]);
        // Asked again, the answer is all there is.
        templates.ask();
        templates.take(vec![template(3, None, "Three", "x")]);
        assert_eq!(titles(&templates, ""), ["Three"]);
        assert!(templates.loaded);
    }
}
