//! A client's visit of the website, followed live (I1).

use std::rc::Rc;

use domain::visit::HERE_FOR_MS;
use protocol::view::ConversationView;
use protocol::visit::{PageSeen, VisitView};
use yew::{Callback, Html, Properties, UseStateSetter, classes, component, html, use_state_eq};

use super::icon::{Icon, Symbol};
use super::part_state::PartState;
use super::visit_page::VisitPage;
use crate::clock::{full, moment, took};
use crate::hooks::{use_clock, use_commands, use_following, use_panel};
use crate::state::dossier::{Dossier, Part};
use crate::text::{fill, visit as texts};

/// The DOM ids of the list of pages, of what unfolds it, and of that one's name.
const LIST_ID: &str = "ds-visit-pages";
const BUTTON_ID: &str = "ds-visit-n-pages";
const LABEL_ID: &str = "ds-visit-pages-opened";
/// The time on the site moves by the second.
const TICK_MS: u32 = 1_000;

/// The card's properties.
#[derive(Properties, PartialEq)]
pub struct VisitCardProps {
    /// The conversation whose client it is.
    pub conversation: Rc<ConversationView>,
    /// What is known of him.
    pub dossier: Rc<Dossier>,
}

/// Who he is by his browser, where he is, and for how long; or that nobody told.
#[component]
pub fn VisitCard(props: &VisitCardProps) -> Html {
    let (panel, commands, unfolded) = (use_panel(), use_commands(), use_state_eq(|| false));
    let VisitCardProps { conversation, dossier } = props;
    let now = use_clock(panel.offset_ms, TICK_MS);
    use_following(&panel, &commands, conversation, dossier);
    let onretry = {
        let (commands, conversation) = (commands.clone(), conversation.clone());
        Callback::from(move |()| commands.fetch_part(&conversation, Part::Visit, None))
    };
    let paging = dossier.paging(Part::Visit);
    html! {
        <section class="ds-visit-card" aria-labelledby="ds-visit-name" data-testid="visit">
            <h3 id="ds-visit-name" class="ds-visit-card__name">{ texts().visit }</h3>
            if let Some(visit) = &dossier.visit {
                { presence(visit, now) }
                <dl class="ds-visit-card__facts">
                    { facts(visit, now) }
                    { pages(visit, now, *unfolded, unfolded.setter()) }
                </dl>
            } else if paging.begun {
                <p class="ds-visit-card__none" data-testid="no-visit">{ texts().none }</p>
            } else {
                <PartState fetch={paging.fetch} {onretry} />
            }
        </section>
    }
}

/// How many seconds went by since the relay heard of him, while he is there; nothing once he is gone, whatever was told last.
fn goes_on(visit: &VisitView, now: i64) -> Option<i64> {
    let since_ms = now.saturating_sub(visit.at).max(0);
    (visit.here && since_ms < HERE_FOR_MS).then_some(since_ms / 1_000)
}

fn presence(visit: &VisitView, now: i64) -> Html {
    let is_here = goes_on(visit, now).is_some();
    let words =
        if is_here { texts().here.to_owned() } else { fill(texts().last_here, &[("when", &full(visit.at, now))]) };
    html! {
        <p class={classes!("ds-visit-card__presence", is_here.then_some("ds-visit-card__presence--here"))} data-testid="visit-presence">{ words }</p>
    }
}

/// What is known; what nobody told is not drawn.
fn facts(visit: &VisitView, now: i64) -> Html {
    let texts = texts();
    let screen = visit.screen.map(|screen| {
        fill(texts.screen_size, &[("width", &screen.width.to_string()), ("height", &screen.height.to_string())])
    });
    let told = i64::try_from(visit.on_site_seconds).unwrap_or(i64::MAX);
    let on_site = took(told.saturating_add(goes_on(visit, now).unwrap_or(0)));
    let text = |label, testid: &'static str, value: Option<&str>| {
        let value = value.filter(|value| !value.is_empty())?;
        Some(line(label, html! { <span data-testid={testid} dir="auto">{ value }</span> }))
    };
    let page = |label, testid: &'static str, page: Option<&PageSeen>| {
        page.cloned().map(|page| line(label, html! { <VisitPage {page} {testid} /> }))
    };
    html! {
        <>
            { text(texts.ip, "visit-ip", visit.ip.as_deref()) }
            { text(texts.browser, "visit-browser", Some(&visit.browser)) }
            { text(texts.screen, "visit-screen", screen.as_deref()) }
            { text(texts.language, "visit-language", visit.language.as_deref()) }
            { page(texts.start_page, "visit-start", visit.start_page.as_ref()) }
            { page(texts.current_page, "visit-current", visit.current_page.as_ref()) }
            { text(texts.time_on_site, "visit-time", Some(&on_site)) }
        </>
    }
}

fn line(label: &'static str, value: Html) -> Html {
    html! {
        <div class="ds-visit-card__line">
            <dt class="ds-visit-card__label">{ label }</dt>
            <dd class="ds-visit-card__value">{ value }</dd>
        </div>
    }
}

/// How many pages were opened; pressed, which ones, the newest on top.
fn pages(visit: &VisitView, now: i64, unfolded: bool, set: UseStateSetter<bool>) -> Html {
    let onclick = move |_| set.set(!unfolded);
    html! {
        <div class="ds-visit-card__line">
            <dt id={LABEL_ID} class="ds-visit-card__label">{ texts().pages_opened }</dt>
            <dd class="ds-visit-card__value">
                <button type="button" id={BUTTON_ID} class="ds-visit-card__unfold" data-testid="visit-pages-opened"
                    aria-labelledby={format!("{LABEL_ID} {BUTTON_ID}")} aria-expanded={unfolded.to_string()} aria-controls={unfolded.then_some(LIST_ID)} {onclick}>
                    { visit.n_pages }
                    <Icon symbol={Symbol::Down} />
                </button>
            </dd>
            if unfolded {
                <dd class="ds-visit-card__value ds-visit-card__value--wide">{ list(visit, now) }</dd>
            }
        </div>
    }
}

fn list(visit: &VisitView, now: i64) -> Html {
    // The page that is still in sight is the last one that was opened.
    let mut since = goes_on(visit, now);
    let (n_listed, n_all) = (visit.pages.len(), usize::try_from(visit.n_pages).unwrap_or(usize::MAX));
    let row = |(back, page): (usize, &PageSeen)| {
        let seconds = i64::from(page.seconds).saturating_add(since.take().unwrap_or(0));
        let facts = fill(texts().page_facts, &[("when", &moment(page.at, now)), ("time", &took(seconds))]);
        html! {
            <li key={n_all.saturating_sub(back)} class="ds-visit-card__page" data-testid="visit-page">
                <VisitPage page={page.clone()} testid="visit-page-name" />
                <span class="ds-visit-card__when">{ facts }</span>
            </li>
        }
    };
    html! {
        <>
            <ol id={LIST_ID} class="ds-visit-card__pages" reversed=true>{ for visit.pages.iter().rev().enumerate().map(row) }</ol>
            if n_listed < n_all {
                <p class="ds-visit-card__none">{ fill(texts().newest_only, &[("n", &n_listed.to_string())]) }</p>
            }
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_goes_on_while_the_client_is_there_and_no_longer() {
        // I1
        let mut visit: VisitView = serde_json::from_str(
            r#"{"browser":"Firefox 140 on Linux","n_pages":1,"pages":[],"on_site_seconds":95,"here":true,"at":10000}"#,
        )
        .expect("a visit");
        assert_eq!(
            [9_000, 10_999, 11_000, 84_999, 85_000].map(|now| goes_on(&visit, now)),
            [Some(0), Some(0), Some(1), Some(74), None]
        );
        visit.here = false;
        assert_eq!(goes_on(&visit, 11_000), None);
    }
}
