//! A report of a visit, checked.

use crate::text::{checked, one_line};
use crate::visit::{Facts, PAGES_TOLD_MAX, browser_name};

/// Longest address of a page, in characters.
const URL_MAX_CHARS: usize = 1_000;
/// Longest title of a page, in characters.
const TITLE_MAX_CHARS: usize = 200;
/// Nobody opens more pages in one visit.
const N_MAX: u32 = 100_000;
/// Nobody has a larger screen, in CSS pixels each way.
const SCREEN_MAX: u32 = 65_535;
/// Longest language tag.
const LANGUAGE_MAX_BYTES: usize = 35;

/// Why a report was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VisitRefused {
    /// There is no page in it, or more than [`PAGES_TOLD_MAX`].
    #[error("name 1 to {PAGES_TOLD_MAX} pages")]
    Pages,
    /// A page's number is 0 or too high.
    #[error("number the pages from 1 to {N_MAX}")]
    Number,
    /// No address of a website.
    #[error("give an address that begins with http:// or https://")]
    Url,
    /// Not a name that a tab gives to its visit.
    #[error("call the visit by 8 to 32 lower-case letters and digits")]
    Key,
}

impl VisitRefused {
    /// The field of the report that it speaks of.
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::Pages => "pages",
            Self::Number => "pages.n",
            Self::Url => "pages.url",
            Self::Key => "visit",
        }
    }
}

/// What a tab calls its visit: a random text, by which its reports belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisitKey(String);

impl VisitKey {
    /// Checks what came from outside.
    ///
    /// # Errors
    /// [`VisitRefused::Key`].
    pub fn new(text: String) -> Result<Self, VisitRefused> {
        let fits = (8..=32).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        if fits { Ok(Self(text)) } else { Err(VisitRefused::Key) }
    }

    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Facts {
    /// By what a client came: an address, what his browser says of itself, its screen and its language. What a browser keeps to itself,
    /// an empty language or a screen without size, is nothing, and so is what no browser says: the rest is right all the same.
    #[must_use]
    pub fn new(ip: Option<String>, user_agent: &str, screen: Option<(u32, u32)>, language: Option<String>) -> Self {
        let screen = screen.filter(|(width, height)| *width > 0 && *height > 0 && *width.max(height) <= SCREEN_MAX);
        let language = language.filter(|tag| is_language(tag));
        Self { ip, browser: browser_name(user_agent), screen, language }
    }
}

fn is_language(tag: &str) -> bool {
    !tag.is_empty()
        && tag.len() <= LANGUAGE_MAX_BYTES
        && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// What the pages of a visit tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    here: bool,
    seconds: u32,
    first: ToldPage,
    others: Vec<ToldPage>,
}

/// A page as it is told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldPage {
    n: u32,
    url: String,
    title: String,
    ago_seconds: u32,
    seconds: u32,
}

impl Told {
    /// A report: whether the page is in sight, how long the site was in all, and some of the pages in the order of opening. One whose number
    /// is not above those before is left out.
    ///
    /// # Errors
    /// [`VisitRefused::Pages`].
    pub fn new(here: bool, seconds: u32, mut pages: Vec<ToldPage>) -> Result<Self, VisitRefused> {
        if pages.len() > PAGES_TOLD_MAX {
            return Err(VisitRefused::Pages);
        }
        let mut highest = 0;
        pages.retain(|page| {
            let rises = page.n > highest;
            highest = highest.max(page.n);
            rises
        });
        let mut pages = pages.into_iter();
        let first = pages.next().ok_or(VisitRefused::Pages)?;
        Ok(Self { here, seconds, first, others: pages.collect() })
    }

    pub(super) fn here(&self) -> bool {
        self.here
    }

    pub(super) fn seconds(&self) -> u32 {
        self.seconds
    }

    /// The first of the pages, and the others.
    pub(super) fn pages(&self) -> (&ToldPage, &[ToldPage]) {
        (&self.first, &self.others)
    }
}

impl ToldPage {
    /// A page by its number in the visit, opened so many seconds ago and in sight for so many. A long title or address is cut.
    ///
    /// # Errors
    /// [`VisitRefused::Number`], [`VisitRefused::Url`].
    pub fn new(n: u32, url: &str, title: &str, ago_seconds: u32, seconds: u32) -> Result<Self, VisitRefused> {
        if n == 0 || n > N_MAX {
            return Err(VisitRefused::Number);
        }
        let title: String = title.chars().take(TITLE_MAX_CHARS).collect();
        let title = checked(&title, TITLE_MAX_CHARS).map_or_else(|_| String::new(), |title| one_line(&title));
        let url = page_url(url).ok_or(VisitRefused::Url)?;
        Ok(Self { n, url, title, ago_seconds, seconds })
    }

    pub(super) fn n(&self) -> u32 {
        self.n
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    pub(super) fn title(&self) -> &str {
        &self.title
    }

    pub(super) fn ago_seconds(&self) -> u32 {
        self.ago_seconds
    }

    pub(super) fn seconds(&self) -> u32 {
        self.seconds
    }
}

/// A website's address without what follows `#` and without credentials, which are nobody's business; nothing if it is none. Agents
/// click on it, so no other scheme is one.
fn page_url(text: &str) -> Option<String> {
    if text.contains(|c: char| c.is_control() || c.is_whitespace()) {
        return None;
    }
    let end = text.char_indices().nth(URL_MAX_CHARS).map_or(text.len(), |(at, _)| at);
    let text = text[..end].split('#').next().unwrap_or_default();
    let scheme = ["https://", "http://"].into_iter().find(|scheme| text.starts_with(scheme))?;
    let rest = &text[scheme.len()..];
    let end = rest.find(['/', '?', '\\']).unwrap_or(rest.len());
    let host = rest[..end].rsplit('@').next().unwrap_or_default();
    (!host.is_empty() && !host.starts_with(':')).then(|| format!("{scheme}{host}{}", &rest[end..]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cleaned(url: &str) -> Option<String> {
        ToldPage::new(1, url, "", 0, 0).ok().map(|page| page.url)
    }

    #[test]
    fn only_addresses_of_websites_are_taken_without_fragment_and_credentials() {
        // I1 W3
        for (told, kept) in [
            ("https://shop.example/", "https://shop.example/"),
            ("https://shop.example/cups?size=2&page=1", "https://shop.example/cups?size=2&page=1"),
            ("http://127.0.0.1:8080/a#reviews", "http://127.0.0.1:8080/a"),
            ("https://shop.example#top", "https://shop.example"),
            ("https://ann:secret@shop.example/a@b", "https://shop.example/a@b"),
            ("https://a@b@shop.example?to=ann@example.com", "https://shop.example?to=ann@example.com"),
            ("http://[::1]:8080/", "http://[::1]:8080/"),
            ("https://shop.example/чашки", "https://shop.example/чашки"),
        ] {
            assert_eq!(cleaned(told).as_deref(), Some(kept));
        }
        let long = format!("https://shop.example/{}", "я".repeat(980));
        assert_eq!(cleaned(&long).map(|url| url.chars().count()), Some(1_000), "a long one is cut");
        for bad in [
            "",
            "shop.example",
            "javascript:alert(1)",
            "data:text/html,hi",
            "file:///etc/passwd",
            "ftp://shop.example/",
            "HTTPS://shop.example/",
            "https://",
            "https:///a",
            "https://ann@/a",
            "https://:80/",
            "https://shop.example/a b",
            "https://shop.example/\u{0}",
            " https://shop.example/",
        ] {
            assert_eq!(cleaned(bad), None, "{bad}");
        }
    }

    #[test]
    fn numbers_rise_and_titles_are_one_line() {
        // I1
        let page = |n| ToldPage::new(n, "https://shop.example/", " Cups\n&\tbowls\u{0} ", 5, 3);
        assert_eq!(page(1).unwrap().title(), "Cups & bowls");
        assert_eq!((page(0), page(100_001)), (Err(VisitRefused::Number), Err(VisitRefused::Number)));
        let title = |n: usize| ToldPage::new(1, "https://shop.example/", &"я".repeat(n), 0, 0);
        assert!(title(0).is_ok());
        assert_eq!(title(201), title(200), "a long one is cut");
        let told = |numbers: &[u32]| Told::new(true, 3, numbers.iter().map(|n| page(*n).unwrap()).collect());
        assert_eq!(told(&[]), Err(VisitRefused::Pages));
        assert_eq!(told(&(1..=26).collect::<Vec<_>>()), Err(VisitRefused::Pages));
        assert_eq!(told(&[2, 1, 2, 3]), told(&[2, 3]), "what does not rise is left out");
        assert!(told(&(1..=25).collect::<Vec<_>>()).is_ok());
    }

    #[test]
    fn what_a_browser_keeps_to_itself_is_nothing_and_so_is_what_none_says() {
        // I1
        let facts = |screen, language: &str| Facts::new(None, "", screen, Some(language.to_owned()));
        let known = facts(Some((1920, 1080)), "zh-Hant-TW");
        assert_eq!((known.screen, known.language.as_deref()), (Some((1920, 1080)), Some("zh-Hant-TW")));
        assert_eq!(facts(Some((0, 1080)), ""), Facts::default());
        let known = facts(Some((1, 65_536)), "en");
        assert_eq!((known.screen, known.language.as_deref()), (None, Some("en")), "the rest is right");
        for bad in ["en US", "<b>", "русский", &"a".repeat(36)] {
            let known = facts(Some((390, 844)), bad);
            assert_eq!((known.screen, known.language), (Some((390, 844)), None));
        }
        let key = |text: &str| VisitKey::new(text.to_owned());
        assert!(key("k3x9w7q2").is_ok() && key(&"a".repeat(32)).is_ok());
        for bad in ["", "k3x9w7q", "K3X9W7Q2", "k3x9w7q2/", &"a".repeat(33)] {
            assert_eq!(key(bad), Err(VisitRefused::Key));
        }
    }

    proptest! {
        #[test]
        fn what_is_kept_of_any_address_is_an_address_that_is_kept_as_it_is(url in "(https?://)?[a-z@#:/?\\\\\\PC]{0,30}") {
            if let Some(kept) = cleaned(&url) {
                prop_assert!(kept.starts_with("http") && !kept.contains('#'));
                prop_assert_eq!(cleaned(&kept), Some(kept));
            }
        }
    }
}
