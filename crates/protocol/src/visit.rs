//! What the website chat tells of a client's visit, and what agents see of it (I1).

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize};

/// `POST /v1/widget/visit`: what is new of a tab's visit. What was told before may be told again, so a lost report does no harm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(example = json!({
    "visit": "k3x9w7q2m5v8t1r4", "here": true, "seconds": 95, "language": "en-GB", "screen": { "width": 1920, "height": 1080 },
    "pages": [{ "n": 1, "url": "https://shop.example/", "title": "Shop", "ago_seconds": 100, "seconds": 95 }]
})))]
pub struct TellVisit {
    /// What the tab calls this visit: 8 to 32 lower-case letters and digits.
    pub visit: String,
    /// Whether the page is in sight.
    pub here: bool,
    /// How long pages of the site were in sight in this visit.
    pub seconds: u32,
    /// The browser's language, such as `de-AT`.
    #[serde(default, deserialize_with = "if_right")]
    pub language: Option<String>,
    /// The screen's size.
    #[serde(default, deserialize_with = "if_right")]
    pub screen: Option<ScreenSize>,
    /// 1 to 25 pages in the order of opening.
    #[serde(deserialize_with = "those_right")]
    pub pages: Vec<TellPage>,
}

/// A value that may be of its type or not. Scripts of a website, and what keeps browsers from being recognised, make odd values of what
/// a browser says; one of them does not cost the rest of a report.
#[derive(Deserialize)]
#[serde(untagged)]
enum Odd<T> {
    Right(T),
    Wrong(IgnoredAny),
}

impl<T> Odd<T> {
    fn right(self) -> Option<T> {
        match self {
            Self::Right(value) => Some(value),
            Self::Wrong(IgnoredAny) => None,
        }
    }
}

fn if_right<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    Odd::deserialize(from).map(Odd::right)
}

fn those_right<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<TellPage>, D::Error> {
    let told = Vec::<Odd<TellPage>>::deserialize(from)?;
    Ok(told.into_iter().filter_map(Odd::right).collect())
}

/// A page as the website's own tab tells of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TellPage {
    /// 1 for the first page of the visit.
    pub n: u32,
    /// Its address: `http` or `https`, at most 1,000 characters. What follows `#` and credentials are not kept.
    pub url: String,
    /// Its title, at most 200 characters.
    #[serde(default)]
    pub title: String,
    /// How long ago it was opened; more than a day counts as a day.
    pub ago_seconds: u32,
    /// How long it was in sight.
    pub seconds: u32,
}

/// A screen in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ScreenSize {
    /// From left to right.
    pub width: u32,
    /// From top to bottom.
    pub height: u32,
}

/// A client's latest visit of the website.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VisitView {
    /// The address that he came from; nothing where a proxy's is all that is known.
    #[serde(default)]
    pub ip: Option<String>,
    /// Such as "Chrome 156 on Windows"; empty if his browser says nothing that is known.
    pub browser: String,
    /// His screen.
    #[serde(default)]
    pub screen: Option<ScreenSize>,
    /// His browser's language, such as `de-AT`.
    #[serde(default)]
    pub language: Option<String>,
    /// The page that he came to first.
    #[serde(default)]
    pub start_page: Option<PageSeen>,
    /// The page that he is on, or was on last.
    #[serde(default)]
    pub current_page: Option<PageSeen>,
    /// How many pages he opened, also those that are not in `pages`.
    pub n_pages: u32,
    /// The newest 100 pages, in the order of opening.
    pub pages: Vec<PageSeen>,
    /// How long pages of the site were in sight, in seconds.
    pub on_site_seconds: u64,
    /// Whether one is now, as far as the relay knows: it hears of him every 30 s.
    pub here: bool,
    /// When it last heard of him.
    pub at: i64,
}

/// A page that a client opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PageSeen {
    /// Its address: `http` or `https`, never another scheme.
    pub url: String,
    /// Its title, text and never HTML; may be empty.
    pub title: String,
    /// When it was opened.
    pub at: i64,
    /// How long it was in sight.
    pub seconds: u32,
}

/// `GET /v1/contacts/{contact_id}/visit`: what is known of his latest visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VisitBody {
    /// Nothing if nobody told: he writes from a messenger, he does not want to be told of, or the channel's switch is off.
    pub visit: Option<VisitView>,
}
