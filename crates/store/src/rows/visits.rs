//! Visits of the website.

use domain::id::ContactId;
use domain::time::Timestamp;
use domain::visit::{Facts, Page, VISITS_KEPT, Visit, VisitKey};
use serde::{Deserialize, Serialize};

use crate::commands::tokens::Visitor;
use crate::db::{Conn, Row, query};
use crate::error::StoreError;
use crate::rows::small;

/// A page as it stands in a row.
#[derive(Serialize, Deserialize)]
struct StoredPage {
    n: u32,
    url: String,
    title: String,
    at: i64,
    seconds: u32,
}

impl From<&Page> for StoredPage {
    fn from(page: &Page) -> Self {
        let Page { n, url, title, at, seconds } = page.clone();
        Self { n, url, title, at: at.as_ms(), seconds }
    }
}

impl From<StoredPage> for Page {
    fn from(StoredPage { n, url, title, at, seconds }: StoredPage) -> Self {
        Self { n, url, title, at: Timestamp::from_ms(at), seconds }
    }
}

fn corrupt(error: &serde_json::Error) -> StoreError {
    StoreError::Corrupt(format!("the pages of a visit: {error}"))
}

fn from_row(row: &Row) -> Result<Visit, StoreError> {
    let start: StoredPage =
        serde_json::from_str(&row.try_get::<String>("start_page")?).map_err(|error| corrupt(&error))?;
    let pages: Vec<StoredPage> =
        serde_json::from_str(&row.try_get::<String>("pages")?).map_err(|error| corrupt(&error))?;
    let side = |name| row.try_get::<Option<i64>>(name).map_err(StoreError::from)?.map(small).transpose();
    Ok(Visit {
        facts: Facts {
            ip: row.try_get("ip")?,
            browser: row.try_get("browser")?,
            screen: side("screen_width")?.zip(side("screen_height")?),
            language: row.try_get("language")?,
        },
        started_at: Timestamp::from_ms(row.try_get("started_at")?),
        told_at: Timestamp::from_ms(row.try_get("told_at")?),
        here: row.try_get("here")?,
        seconds: small(row.try_get("seconds")?)?,
        n_pages: small(row.try_get("n_pages")?)?,
        start: start.into(),
        pages: pages.into_iter().map(Page::from).collect(),
    })
}

const OF_TAB: &str = "
SELECT ip, browser, screen_width, screen_height, language, started_at, told_at, here, seconds, n_pages, start_page, pages
FROM visits
WHERE contact_id = $1 AND tab = $2";

pub(crate) async fn of_tab(conn: &mut Conn, contact: &ContactId, tab: &VisitKey) -> Result<Option<Visit>, StoreError> {
    query(OF_TAB)
        .bind(contact.as_str())
        .bind(tab.as_str())
        .fetch_optional(conn)
        .await?
        .as_ref()
        .map(from_row)
        .transpose()
}

const LATEST: &str = "
SELECT ip, browser, screen_width, screen_height, language, started_at, told_at, here, seconds, n_pages, start_page, pages
FROM visits
WHERE contact_id = $1
ORDER BY told_at DESC, tab DESC
LIMIT 1";

/// The visit that was told of last.
pub(crate) async fn latest(conn: &mut Conn, contact: &ContactId) -> Result<Option<Visit>, StoreError> {
    query(LATEST).bind(contact.as_str()).fetch_optional(conn).await?.as_ref().map(from_row).transpose()
}

const SAVE: &str = "
INSERT INTO visits (contact_id, tab, project_id, channel_id, ip, browser, screen_width, screen_height, language, started_at, told_at,
  here, seconds, n_pages, start_page, pages)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
ON CONFLICT (contact_id, tab) DO UPDATE SET
  ip = excluded.ip, browser = excluded.browser, screen_width = excluded.screen_width, screen_height = excluded.screen_height,
  language = excluded.language, started_at = excluded.started_at, told_at = excluded.told_at, here = excluded.here,
  seconds = excluded.seconds, n_pages = excluded.n_pages, start_page = excluded.start_page, pages = excluded.pages";

pub(crate) async fn save(conn: &mut Conn, by: &Visitor, tab: &VisitKey, visit: &Visit) -> Result<(), StoreError> {
    let pages: Vec<StoredPage> = visit.pages.iter().map(StoredPage::from).collect();
    let json = |text: serde_json::Result<String>| text.map_err(|error| corrupt(&error));
    let (width, height) = visit.facts.screen.map(|(width, height)| (i64::from(width), i64::from(height))).unzip();
    query(SAVE)
        .bind(by.contact.as_str())
        .bind(tab.as_str())
        .bind(by.project.as_str())
        .bind(by.channel.as_str())
        .bind(visit.facts.ip.as_deref())
        .bind(&visit.facts.browser)
        .bind(width)
        .bind(height)
        .bind(visit.facts.language.as_deref())
        .bind(visit.started_at.as_ms())
        .bind(visit.told_at.as_ms())
        .bind(visit.here)
        .bind(i64::from(visit.seconds))
        .bind(i64::from(visit.n_pages))
        .bind(json(serde_json::to_string(&StoredPage::from(&visit.start)))?)
        .bind(json(serde_json::to_string(&pages))?)
        .execute(conn)
        .await?;
    Ok(())
}

const FORGET_EARLIER: &str = "
DELETE FROM visits
WHERE contact_id = $1 AND tab NOT IN (
  SELECT tab FROM visits WHERE contact_id = $1 ORDER BY told_at DESC, tab DESC LIMIT $2
)";

/// Leaves a client's newest visits.
pub(crate) async fn forget_earlier(conn: &mut Conn, contact: &ContactId) -> Result<(), StoreError> {
    let kept = i64::try_from(VISITS_KEPT).unwrap_or(i64::MAX);
    query(FORGET_EARLIER).bind(contact.as_str()).bind(kept).execute(conn).await?;
    Ok(())
}

const OLD: &str = "SELECT tab FROM visits WHERE told_at < $1 LIMIT 1";

/// Whether there is a visit that was told of last before this time.
pub(crate) async fn has_older(conn: &mut Conn, than: Timestamp) -> Result<bool, StoreError> {
    Ok(query(OLD).bind(than.as_ms()).fetch_optional(conn).await?.is_some())
}

const FORGET_OLDER: &str = "
DELETE FROM visits
WHERE (contact_id, tab) IN (SELECT contact_id, tab FROM visits WHERE told_at < $1 ORDER BY told_at LIMIT $2)";

/// Deletes visits that were told of last before this time, so many at most; says how many.
pub(crate) async fn forget_older(conn: &mut Conn, than: Timestamp, limit: u64) -> Result<u64, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    Ok(query(FORGET_OLDER).bind(than.as_ms()).bind(limit).execute(conn).await?)
}
