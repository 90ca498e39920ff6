//! A correction of what is known of a client, while others may correct it too (I4).

use std::rc::Rc;

use protocol::contact::{ContactDetails, SetContact};

/// What the agent typed into the four fields: name, e-mail, phone and free text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// What was known when the form was opened.
    base: Rc<ContactDetails>,
    /// Nothing where the agent touched nothing: such a field shows what is known now.
    texts: [Option<String>; Self::N],
}

impl Typed {
    /// How many fields there are.
    pub const N: usize = 4;

    /// A form that has just been opened.
    #[must_use]
    pub fn new(base: &Rc<ContactDetails>) -> Self {
        Self { base: base.clone(), texts: Default::default() }
    }

    /// The same after a field was typed in.
    #[must_use]
    pub fn with(&self, at: usize, text: String) -> Self {
        let mut typed = self.clone();
        typed.texts[at] = Some(text);
        typed
    }

    /// What stands in a field.
    #[must_use]
    pub fn shown<'a>(&'a self, known: &'a ContactDetails, at: usize) -> &'a str {
        self.texts[at].as_deref().unwrap_or_else(|| value(known, at))
    }

    /// What somebody else wrote into a field meanwhile that the agent typed in as well.
    #[must_use]
    pub fn theirs<'a>(&self, known: &'a ContactDetails, at: usize) -> Option<&'a str> {
        let theirs = value(known, at);
        let typed = self.texts[at].as_deref()?;
        (theirs != value(&self.base, at) && theirs != typed).then_some(theirs)
    }

    /// What is to be stored; nothing if it is so already. What would replace somebody else's words is sent as a change of what was
    /// known at first, which the relay refuses, until the agent was told.
    #[must_use]
    pub fn wanted(&self, known: &ContactDetails, was_told: bool) -> Option<SetContact> {
        let fields = 0..Self::N;
        if fields.clone().all(|at| self.shown(known, at) == value(known, at)) {
            return None;
        }
        let replaces = fields.into_iter().any(|at| self.theirs(known, at).is_some());
        let [name, email, phone, about] = [0, 1, 2, 3].map(|at| self.shown(known, at).to_owned());
        Some(SetContact {
            rev: if replaces && !was_told { self.base.rev } else { known.rev },
            name,
            email,
            phone,
            about,
        })
    }
}

fn value(details: &ContactDetails, at: usize) -> &str {
    [&details.name, &details.email, &details.phone, &details.about][at]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::dossier::tests::details;

    fn typed() -> Typed {
        Typed::new(&Rc::new(details(1, "Visitor 4F7K"))).with(0, "Ann".into())
    }

    #[test]
    fn only_what_was_typed_changes_and_nothing_is_sent_for_nothing() {
        // I4
        let known = details(1, "Visitor 4F7K");
        let wanted = typed().wanted(&known, false).expect("a change");
        assert_eq!((wanted.rev, wanted.name.as_str(), wanted.email.as_str()), (1, "Ann", ""));
        assert_eq!(Typed::new(&Rc::new(known.clone())).wanted(&known, false), None);
        assert_eq!(typed().wanted(&details(2, "Ann"), false), None, "a colleague has done it");
    }

    #[test]
    fn what_a_colleague_wrote_into_another_field_stays() {
        // I4
        let known = ContactDetails { phone: "+44 20".into(), ..details(2, "Visitor 4F7K") };
        assert_eq!((typed().shown(&known, 2), typed().theirs(&known, 2)), ("+44 20", None));
        let wanted = typed().wanted(&known, false).expect("a change");
        assert_eq!((wanted.rev, wanted.name.as_str(), wanted.phone.as_str()), (2, "Ann", "+44 20"));
    }

    #[test]
    fn what_a_colleague_wrote_into_the_same_field_is_replaced_only_knowingly() {
        // I4
        let known = details(2, "Anna");
        assert_eq!((typed().shown(&known, 0), typed().theirs(&known, 0)), ("Ann", Some("Anna")));
        assert_eq!(typed().wanted(&known, false).map(|wanted| wanted.rev), Some(1), "the relay refuses that");
        assert_eq!(typed().wanted(&known, true).map(|wanted| (wanted.rev, wanted.name)), Some((2, "Ann".into())));
    }
}
