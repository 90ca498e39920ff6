use proptest::prelude::*;

use super::*;

const NOW: i64 = 1_800_000_000_000;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_ms(NOW + seconds * 1_000)
}

fn told(n: u32, ago_seconds: u32, seconds: u32) -> ToldPage {
    ToldPage::new(n, &format!("https://shop.example/{n}"), &format!("Page {n}"), ago_seconds, seconds).unwrap()
}

fn report(seconds: u32, pages: Vec<ToldPage>) -> Told {
    Told::new(true, seconds, pages).unwrap()
}

fn begun(seconds: u32, pages: Vec<ToldPage>) -> Visit {
    Visit::begun(Facts::default(), report(seconds, pages), at(0))
}

fn numbers(visit: &Visit) -> Vec<u32> {
    visit.pages.iter().map(|page| page.n).collect()
}

#[test]
fn a_visit_begins_with_what_was_noted_before_and_goes_on() {
    // I1
    let mut visit = begun(50, vec![told(1, 60, 40), told(2, 20, 10)]);
    assert_eq!((visit.started_at, visit.start.url.as_str()), (at(-60), "https://shop.example/1"));
    assert_eq!((visit.current().n, visit.current().at, visit.seconds, visit.n_pages), (2, at(-20), 50, 2));
    visit.tell(Facts::default(), report(75, vec![told(2, 50, 35), told(3, 5, 5)]), at(30));
    assert_eq!((visit.current().url.as_str(), visit.current().at), ("https://shop.example/3", at(25)));
    assert_eq!(visit.pages.iter().map(|page| page.seconds).collect::<Vec<_>>(), [40, 35, 5]);
    assert_eq!((visit.seconds, visit.n_pages, visit.pages[1].at), (75, 3, at(-20)), "when it was opened stays");
}

#[test]
fn a_liar_cannot_claim_a_year() {
    // I1
    let year = 365 * 24 * 3_600;
    let mut visit = begun(year, vec![told(1, year, year)]);
    let day = 24 * 3_600;
    assert_eq!((visit.seconds, visit.start.seconds, visit.started_at), (day, day, at(-i64::from(day))));
    visit.tell(Facts::default(), report(year, vec![told(1, year, year), told(2, year, year)]), at(10));
    assert_eq!((visit.seconds, visit.start.seconds), (day + 10, day + 10), "ten seconds passed");
    assert!(visit.current().seconds <= day);
}

#[test]
fn the_newest_hundred_pages_are_kept_and_the_first() {
    // I1
    let mut visit = begun(0, vec![told(1, 0, 0)]);
    for first in (2..202).step_by(20) {
        let pages = (first..first + 20).map(|n| told(n, 0, 0)).collect();
        visit.tell(Facts::default(), report(0, pages), at(i64::from(first)));
    }
    assert_eq!(numbers(&visit), (102..=201).collect::<Vec<_>>());
    assert_eq!((visit.start.n, visit.start.at, visit.n_pages), (1, at(0), 201));
    // Reports that overtook one another.
    let mut late = begun(30, vec![told(26, 10, 5)]);
    late.tell(Facts::default(), report(30, vec![told(1, 60, 30), told(2, 20, 0)]), at(0));
    assert_eq!((numbers(&late), late.start.n, late.current().n, late.seconds), (vec![1, 2, 26], 1, 26, 30));
}

#[test]
fn who_is_not_heard_of_is_not_here() {
    // I1
    let mut visit = begun(0, vec![told(1, 0, 0)]);
    assert!(visit.is_here(at(0)) && visit.is_here(at(74)));
    assert!(!visit.is_here(at(75)));
    visit.tell(Facts::default(), Told::new(false, 0, vec![told(1, 0, 0)]).unwrap(), at(80));
    assert!(!visit.is_here(at(80)), "the tab is behind another");
}

proptest! {
    #[test]
    fn no_report_makes_more_of_a_visit_than_time_allows(
        reports in prop::collection::vec((0_i64..4_000, any::<u32>(), 1_u32..300, 1_u32..30, any::<u32>(), any::<u32>()), 1..20),
    ) {
        let (mut visit, mut passed): (Option<Visit>, i64) = (None, 0);
        for (wait, seconds, first, n_pages, ago, in_sight) in reports {
            passed += wait;
            let pages = (first..first + n_pages.min(25)).map(|n| told(n, ago, in_sight)).collect();
            match &mut visit {
                None => visit = Some(begun_at(seconds, pages, passed)),
                Some(visit) => visit.tell(Facts::default(), report(seconds, pages), at(passed)),
            }
            let it = visit.as_ref().unwrap();
            let most = 24 * 3_600 + u32::try_from(passed).unwrap();
            prop_assert!(it.seconds <= most && it.pages.iter().all(|page| page.seconds <= most && page.at <= at(passed)));
            prop_assert!(it.pages.len() <= PAGES_KEPT && it.pages.windows(2).all(|two| two[0].n < two[1].n));
            prop_assert!(it.current().n == it.n_pages && it.start.n <= it.pages[0].n);
        }
    }
}

fn begun_at(seconds: u32, pages: Vec<ToldPage>, passed: i64) -> Visit {
    Visit::begun(Facts::default(), report(seconds, pages), at(passed))
}
