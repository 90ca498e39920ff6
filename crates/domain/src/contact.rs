//! What agents write down of a client (I4).

use crate::text::{Name, TextRefused, checked, one_line};

/// Longest address for mail, in characters.
const EMAIL_MAX_CHARS: usize = 254;
/// Longest telephone number as people write it, in characters.
const PHONE_MAX_CHARS: usize = 50;
/// Longest free text, in characters.
const ABOUT_MAX_CHARS: usize = 4_000;

/// A client's name, and what else agents know of him: checked, and empty where they know nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    name: Name,
    email: String,
    phone: String,
    about: String,
}

/// Why details were not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DetailsRefused {
    /// A text is too long, or the name is empty.
    #[error("{field}: {refused}")]
    Text {
        /// Which field.
        field: &'static str,
        /// Why.
        refused: TextRefused,
    },
    /// No address for mail.
    #[error("give a mail address such as ann@example.com, or none")]
    Email,
}

impl Details {
    /// Checks and cleans what an agent typed. Everything but the name may be left empty.
    ///
    /// # Errors
    /// [`DetailsRefused`] names the field.
    pub fn new(name: &str, email: &str, phone: &str, about: &str) -> Result<Self, DetailsRefused> {
        let refused = |field| move |refused| DetailsRefused::Text { field, refused };
        let email = optional(email, EMAIL_MAX_CHARS).map_err(refused("email"))?;
        if !email.is_empty() && !is_email(&email) {
            return Err(DetailsRefused::Email);
        }
        Ok(Self {
            name: Name::new(name).map_err(refused("name"))?,
            email,
            phone: one_line(&optional(phone, PHONE_MAX_CHARS).map_err(refused("phone"))?),
            about: optional(about, ABOUT_MAX_CHARS).map_err(refused("about"))?,
        })
    }

    /// His name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    /// His address for mail; empty if nobody knows it.
    #[must_use]
    pub fn email(&self) -> &str {
        &self.email
    }

    /// His telephone number as people write it; empty if nobody knows it.
    #[must_use]
    pub fn phone(&self) -> &str {
        &self.phone
    }

    /// What else there is to know of him; empty if nothing is.
    #[must_use]
    pub fn about(&self) -> &str {
        &self.about
    }
}

fn optional(text: &str, max: usize) -> Result<String, TextRefused> {
    match checked(text, max) {
        Err(TextRefused::Empty) => Ok(String::new()),
        other => other,
    }
}

/// Whether a text can be an address for mail; whether it is one, only a mail can tell.
fn is_email(text: &str) -> bool {
    let parts = text.split_once('@');
    !text.contains(char::is_whitespace)
        && parts.is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_but_the_name_may_be_empty_and_each_field_is_cleaned() {
        // I4
        let bare = Details::new(" Ann\nLee ", "", " ", "\n").unwrap();
        assert_eq!((bare.name(), bare.email(), bare.phone(), bare.about()), ("Ann Lee", "", "", ""));
        let full = Details::new("Ann", " Ann@Example.com ", "+44\n20", "calls\r\nat \u{0}night").unwrap();
        assert_eq!((full.email(), full.phone(), full.about()), ("Ann@Example.com", "+44 20", "calls\nat night"));
    }

    #[test]
    fn what_cannot_be_taken_is_named() {
        // I4
        let long = |n: usize| "я".repeat(n);
        let field = |details: Result<Details, DetailsRefused>| match details {
            Err(DetailsRefused::Text { field, .. }) => field,
            Err(DetailsRefused::Email) => "not an address",
            Ok(_) => "taken",
        };
        assert_eq!(field(Details::new("", "", "", "")), "name");
        assert_eq!(field(Details::new(&long(101), "", "", "")), "name");
        assert_eq!(field(Details::new("Ann", "", &long(51), "")), "phone");
        assert_eq!(field(Details::new("Ann", "", &long(50), &long(4_001))), "about");
        assert_eq!(field(Details::new("Ann", "", &long(50), &long(4_000))), "taken");
        assert_eq!(field(Details::new("Ann", &format!("{}@b.co", long(250)), "", "")), "email");
        for bad in ["ann", "ann@", "@b.co", "ann@b", "a@b@c.co", "a b@c.co", "a\nb@c.co"] {
            assert_eq!(field(Details::new("Ann", bad, "", "")), "not an address", "{bad}");
        }
    }
}
