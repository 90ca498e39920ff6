//! What the website chat tells of its client's visit (I1).

use domain::id::ChannelId;
use domain::time::Timestamp;
use domain::visit::{Facts, KEPT_FOR_MS, PAGES_TOLD_MAX, Told, ToldPage, Visit, VisitKey, VisitRefused};
use protocol::visit::{TellPage, TellVisit};

use crate::commands::tokens::Visitor;
use crate::error::StoreError;
use crate::queries::channels;
use crate::rows::{contacts, visits};
use crate::store::Store;
use crate::writer::{Lane, Tx};

/// How many visits one command deletes: the writer is held up for some milliseconds.
const SLICE: u64 = 200;

impl Store {
    /// Whether a channel takes visit data (W3): its loader notes pages only then, and what is told all the same is not stored.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for a channel that is gone; [`StoreError::Unavailable`].
    pub async fn visits_allowed(&self, channel: &ChannelId) -> Result<bool, StoreError> {
        let mut conn = self.readers.acquire().await?;
        Ok(channels::load(&mut conn, channel).await?.switches.visits_allowed)
    }

    /// Takes what a tab tells of its visit, which began with the first report of this key. `ip` is the address that it came from.
    ///
    /// # Errors
    /// [`StoreError::Value`] names the field that cannot be taken; [`StoreError::NotFound`] for a client who is gone.
    pub async fn tell_visit(
        &self,
        visitor: Visitor,
        report: TellVisit,
        user_agent: &str,
        ip: Option<String>,
    ) -> Result<(), StoreError> {
        let (tab, facts, told) = checked(report, user_agent, ip)
            .map_err(|refused| StoreError::Value { field: refused.field(), message: refused.to_string() })?;
        let lane = Lane::Project(visitor.project.clone());
        self.writer.run(lane, move |tx| Box::pin(async move { tell(tx, &visitor, &tab, facts, told).await })).await
    }

    /// Deletes some of the visits whose time is over, and says whether there may be more.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn forget_visits(&self, now: Timestamp) -> Result<bool, StoreError> {
        let since = Timestamp::from_ms(now.as_ms().saturating_sub(KEPT_FOR_MS));
        let mut conn = self.readers.acquire().await?;
        if !visits::has_older(&mut conn, since).await? {
            return Ok(false);
        }
        drop(conn);
        let forgotten = self
            .writer
            .run(Lane::Shared, move |tx| Box::pin(async move { visits::forget_older(tx.conn, since, SLICE).await }));
        Ok(forgotten.await? == SLICE)
    }
}

fn checked(report: TellVisit, user_agent: &str, ip: Option<String>) -> Result<(VisitKey, Facts, Told), VisitRefused> {
    let TellVisit { visit, here, seconds, language, screen, pages } = report;
    let tab = VisitKey::new(visit)?;
    let facts = Facts::new(ip, user_agent, screen.map(|screen| (screen.width, screen.height)), language);
    if pages.len() > PAGES_TOLD_MAX {
        return Err(VisitRefused::Pages);
    }
    let mut odd = None;
    let page = |page: &TellPage| {
        let checked = ToldPage::new(page.n, &page.url, &page.title, page.ago_seconds, page.seconds);
        checked.map_err(|refused| odd = Some(refused)).ok()
    };
    let right: Vec<_> = pages.iter().filter_map(page).collect();
    // One that cannot be taken costs the others nothing; where there are no others, it says what is wrong.
    match odd {
        Some(refused) if right.is_empty() => Err(refused),
        _ => Ok((tab, facts, Told::new(here, seconds, right)?)),
    }
}

async fn tell(tx: &mut Tx<'_>, by: &Visitor, tab: &VisitKey, facts: Facts, told: Told) -> Result<(), StoreError> {
    contacts::load(tx.conn, &by.contact).await?;
    match visits::of_tab(tx.conn, &by.contact, tab).await? {
        Some(mut visit) => {
            visit.tell(facts, told, tx.now);
            visits::save(tx.conn, by, tab, &visit).await
        }
        None => {
            visits::save(tx.conn, by, tab, &Visit::begun(facts, told, tx.now)).await?;
            visits::forget_earlier(tx.conn, &by.contact).await
        }
    }
}
