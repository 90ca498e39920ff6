//! What websites tell of their clients' visits.

use protocol::visit::{ScreenSize, TellPage, TellVisit, VisitView};

use super::world::{Shop, World};
use crate::commands::tokens::Visitor;
use crate::db::{query, query_scalar};
use crate::{StoreError, writer::Lane};

const CHROME: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
const TAB: &str = "k3x9w7q2m5v8t1r4";

fn page(n: u32, ago_seconds: u32, seconds: u32) -> TellPage {
    TellPage { n, url: format!("https://shop.example/{n}#top"), title: format!("Cup {n}"), ago_seconds, seconds }
}

fn report(visit: &str, seconds: u32, pages: Vec<TellPage>) -> TellVisit {
    let screen = Some(ScreenSize { width: 1920, height: 1080 });
    TellVisit { visit: visit.to_owned(), here: true, seconds, language: Some("de-AT".to_owned()), screen, pages }
}

async fn tells(world: &World, visitor: &Visitor, report: TellVisit) -> Result<(), StoreError> {
    world.store.tell_visit(visitor.clone(), report, CHROME, Some("203.0.113.7".to_owned())).await
}

async fn seen(world: &World, shop: &Shop) -> Option<VisitView> {
    world.store.visit(&shop.mira, &shop.visitor.contact, world.now()).await.unwrap()
}

async fn n_visits(world: &World) -> i64 {
    let mut conn = world.store.readers.acquire().await.unwrap();
    query_scalar("SELECT COUNT(*) FROM visits").fetch_one(&mut conn).await.unwrap()
}

pub(super) async fn a_visit_is_followed_and_only_who_has_access_to_its_client_sees_it(world: World) {
    // I1
    let shop = world.shop("Kettle").await;
    let bank = world.shop("Bank").await;
    tells(&world, &shop.visitor, report(TAB, 40, vec![page(1, 60, 30), page(2, 10, 10)])).await.unwrap();
    let before = world.store.visit(&shop.mira, &shop.visitor.contact, world.now()).await;
    assert!(matches!(before, Err(StoreError::NotFound)), "he wrote nothing yet");
    world.asks(&shop.visitor, "hello").await;
    let visit = seen(&world, &shop).await.unwrap();
    assert_eq!((visit.ip.as_deref(), visit.browser.as_str()), (Some("203.0.113.7"), "Chrome 156 on Linux"));
    assert_eq!((visit.language.as_deref(), visit.screen.map(|screen| screen.width)), (Some("de-AT"), Some(1920)));
    let start = visit.start_page.unwrap();
    assert_eq!((start.url.as_str(), start.title.as_str()), ("https://shop.example/1", "Cup 1"));
    assert_eq!((start.at, start.seconds), (world.now().as_ms() - 60_000, 30));
    assert_eq!((visit.current_page.unwrap().url.as_str(), visit.n_pages), ("https://shop.example/2", 2));
    assert_eq!((visit.on_site_seconds, visit.here, visit.at), (40, true, world.now().as_ms()));

    world.clock.advance_ms(30_000);
    let gone = TellVisit { here: false, ..report(TAB, 65, vec![page(2, 40, 30), page(3, 5, 5)]) };
    tells(&world, &shop.visitor, gone).await.unwrap();
    let visit = seen(&world, &shop).await.unwrap();
    assert_eq!(visit.pages.iter().map(|page| page.seconds).collect::<Vec<_>>(), [30, 30, 5]);
    assert_eq!((visit.current_page.unwrap().title.as_str(), visit.on_site_seconds, visit.here), ("Cup 3", 65, false));
    let stranger = world.store.visit(&bank.owner, &shop.visitor.contact, world.now()).await;
    assert!(matches!(stranger, Err(StoreError::NotFound)));
    world.asks(&bank.visitor, "hello").await;
    assert_eq!(world.store.visit(&bank.mira, &bank.visitor.contact, world.now()).await.unwrap(), None);
}

pub(super) async fn each_tab_has_its_own_visit_and_the_latest_is_shown(world: World) {
    // I1
    let shop = world.shop("Kettle").await;
    world.asks(&shop.visitor, "hello").await;
    for n in 0..12 {
        tells(&world, &shop.visitor, report(&format!("visit{n:04}"), n, vec![page(n + 1, 60, 1)])).await.unwrap();
        world.clock.advance_ms(1_000);
    }
    assert_eq!(n_visits(&world).await, 10, "the newest ten");
    assert_eq!(seen(&world, &shop).await.unwrap().on_site_seconds, 11);
    tells(&world, &shop.visitor, report("visit0005", 7, vec![page(1, 80, 2)])).await.unwrap();
    let latest = seen(&world, &shop).await.unwrap();
    assert_eq!((latest.on_site_seconds, latest.pages.len(), latest.n_pages), (7, 2, 6), "he came back to that tab");
    assert_eq!(n_visits(&world).await, 10);
}

pub(super) async fn old_visits_go_and_the_log_knows_nothing_of_any(world: World) {
    // I1
    let shop = world.shop("Kettle").await;
    world.asks(&shop.visitor, "hello").await;
    tells(&world, &shop.visitor, report(TAB, 1, vec![page(1, 60, 1)])).await.unwrap();
    let mut conn = world.store.readers.acquire().await.unwrap();
    let log: Vec<String> = query_scalar("SELECT data FROM events").fetch_all(&mut conn).await.unwrap();
    drop(conn);
    assert!(log.iter().all(|event| !event.contains("shop.example/") && !event.contains("203.0.113")), "{log:?}");
    let days = |n: i64| n * 24 * 60;
    world.minutes_pass(days(89));
    assert!(!world.store.forget_visits(world.now()).await.unwrap());
    assert_eq!(n_visits(&world).await, 1);
    tells(&world, &shop.visitor, report("visit0001", 1, vec![page(1, 60, 1)])).await.unwrap();
    world.minutes_pass(days(1) + 1);
    assert!(!world.store.forget_visits(world.now()).await.unwrap(), "no more than a slice");
    assert_eq!(n_visits(&world).await, 1, "the later one stays");
    // Whoever erases a client leaves nothing behind.
    let contact = shop.visitor.contact.clone();
    let erased = world.store.writer.run(Lane::Project(shop.id.clone()), move |tx| {
        Box::pin(async move {
            query("DELETE FROM visits WHERE contact_id = $1").bind(contact.as_str()).execute(tx.conn).await?;
            Ok::<_, StoreError>(())
        })
    });
    erased.await.unwrap();
    assert_eq!(seen(&world, &shop).await, None);
}

pub(super) async fn what_no_page_tells_is_refused_by_its_field(world: World) {
    // I1
    let shop = world.shop("Kettle").await;
    let fine = report(TAB, 1, vec![page(1, 60, 1)]);
    let of = |page: TellPage| TellVisit { pages: vec![page], ..fine.clone() };
    for (wrong, named) in [
        (TellVisit { visit: "K".to_owned(), ..fine.clone() }, "visit"),
        (TellVisit { pages: Vec::new(), ..fine.clone() }, "pages"),
        (TellVisit { pages: (1..27).map(|n| page(n, 0, 0)).collect(), ..fine.clone() }, "pages"),
        (of(page(0, 0, 0)), "pages.n"),
        (of(TellPage { url: "javascript:alert(1)".to_owned(), ..page(1, 0, 0) }), "pages.url"),
    ] {
        let refused = tells(&world, &shop.visitor, wrong).await;
        assert!(matches!(refused, Err(StoreError::Value { field, .. }) if field == named), "{named}: {refused:?}");
    }
    assert_eq!(n_visits(&world).await, 0);
    assert!(world.store.visits_allowed(&shop.channel).await.unwrap());
    // What only one field says wrong is right without it.
    let screen = Some(ScreenSize { width: 1 << 20, height: 1 });
    let odd = TellVisit {
        screen,
        language: Some("<b>".to_owned()),
        ..of(TellPage { title: "a".repeat(201), ..page(1, 0, 0) })
    };
    tells(&world, &shop.visitor, odd).await.unwrap();
    assert_eq!(n_visits(&world).await, 1);
}
