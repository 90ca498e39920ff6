//! The message catalogue: every text that people read.
//!
//! The wire carries typed reasons; [`refusal`] and its neighbours turn them into words. A place of the form `{name}` is filled by [`fill`].

mod catalogue;
mod refusals;
mod sizes;

pub use catalogue::Catalogue;
pub use catalogue::aside::AsideCatalogue;
pub use catalogue::channels::ChannelsCatalogue;
pub use catalogue::composing::ComposingCatalogue;
pub use catalogue::files::FilesCatalogue;
pub use catalogue::finding::FindingCatalogue;
pub use catalogue::options::OptionsCatalogue;
pub use catalogue::templates::TemplatesCatalogue;
pub use catalogue::visit::VisitCatalogue;
pub use refusals::{outcome, refusal, too_large, why_offline};
pub use sizes::{limit, size};

/// The catalogue in use.
#[must_use]
pub const fn texts() -> &'static Catalogue {
    &catalogue::ENGLISH
}

/// The catalogue of the right chat panel in use.
#[must_use]
pub const fn aside() -> &'static AsideCatalogue {
    &catalogue::aside::ENGLISH
}

/// The catalogue of the Control Panel's channels in use.
#[must_use]
pub const fn channels() -> &'static ChannelsCatalogue {
    &catalogue::channels::ENGLISH
}

/// The catalogue of composing and selecting in use.
#[must_use]
pub const fn composing() -> &'static ComposingCatalogue {
    &catalogue::composing::ENGLISH
}

/// The catalogue of the Control Panel's "Templates" in use.
#[must_use]
pub const fn templates() -> &'static TemplatesCatalogue {
    &catalogue::templates::ENGLISH
}

/// The catalogue of the Control Panel in use.
#[must_use]
pub const fn options() -> &'static OptionsCatalogue {
    &catalogue::options::ENGLISH
}

/// The catalogue of files in use.
#[must_use]
pub const fn files() -> &'static FilesCatalogue {
    &catalogue::files::ENGLISH
}

/// The catalogue of finding one's way: search, jumps, new messages.
#[must_use]
pub const fn finding() -> &'static FindingCatalogue {
    &catalogue::finding::ENGLISH
}

/// The catalogue of a client's visit in use.
#[must_use]
pub const fn visit() -> &'static VisitCatalogue {
    &catalogue::visit::ENGLISH
}

/// Puts values into a text's `{places}`; an unknown place stays as it stands.
#[must_use]
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        let (before, place) = rest.split_at(start);
        filled.push_str(before);
        let known =
            values.iter().find(|(name, _)| place[1..].starts_with(name) && place[1 + name.len()..].starts_with('}'));
        if let Some((name, value)) = known {
            filled.push_str(value);
            rest = &place[name.len() + 2..];
        } else {
            filled.push('{');
            rest = &place[1..];
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_once_and_unknown_ones_stay() {
        assert_eq!(fill("{who} has it, {what}{", &[("who", "{what}")]), "{what} has it, {what}{");
        assert_eq!(fill("no places", &[("who", "x")]), "no places");
    }
}
