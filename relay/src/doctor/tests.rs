//! How checks are run and told, whatever they find.

use std::future::pending;

use async_trait::async_trait;
use store::clock::SystemClock;

use super::*;

struct Panics;
struct Hangs;

#[async_trait]
impl Check for Panics {
    fn name(&self) -> &'static str {
        "panics"
    }

    async fn look(&self, _: &Setup, _: Running, looked: &mut Looked) {
        looked.fact("half of it is fine");
        panic!("a check with a fault");
    }
}

#[async_trait]
impl Check for Hangs {
    fn name(&self) -> &'static str {
        "hangs"
    }

    async fn look(&self, _: &Setup, _: Running, looked: &mut Looked) {
        looked.fact("half of it is fine");
        pending::<()>().await;
    }
}

fn setup() -> Setup {
    Setup {
        data: PathBuf::from("nowhere"),
        database_url: None,
        secret_key: None,
        redis_url: None,
        redis_prefix: "ds:".to_owned(),
        redis_ca: None,
        files_url: None,
        listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
        public_url: "http://127.0.0.1:8080".to_owned(),
        names_proxies: false,
        extension_ids: Vec::new(),
        gmail_places: None,
        ca: None,
        unknown_settings: Vec::new(),
        clock: Arc::new(SystemClock),
    }
}

#[tokio::test(start_paused = true)]
async fn a_check_that_fails_or_hangs_is_told_with_what_it_had_found() {
    for check in [&Panics as &dyn Check, &Hangs] {
        let findings = look(check, &setup(), Running::No).await;
        assert_eq!(findings.iter().map(|finding| finding.grade).collect::<Vec<_>>(), [Grade::Ok, Grade::Bad]);
        assert!(findings[1].mend.is_some());
    }
}

#[test]
fn the_report_has_a_line_for_each_finding_and_says_how_to_mend_it() {
    let mut looked = Looked::default();
    looked.fact("PostgreSQL 15.18");
    looked.fact("90 of 97 connections left");
    looked.bad("the database's encoding is SQL_ASCII and not UTF8", "make it anew. ".repeat(9));
    looked.not_checked("no relay runs");
    let report = Report { findings: looked.findings("database") };
    assert_eq!(
        report.to_string(),
        "\
ok           database  PostgreSQL 15.18, 90 of 97 connections left
bad          database  the database's encoding is SQL_ASCII and not UTF8
                       -> make it anew. make it anew. make it anew. make it anew. make it anew. make it anew.
                       make it anew. make it anew. make it anew.
not checked  database  no relay runs"
    );
    assert_eq!(report.summary(), "1 thing to mend");
    let mut looked = Looked::default();
    looked.note("Redis keeps nothing", "set `appendonly yes`");
    let report = Report { findings: looked.findings("redis") };
    assert_eq!((report.n_bad(), report.summary()), (0, "nothing to mend, and a note".to_owned()));
    assert_eq!(report.to_json()["findings"][0]["grade"], "note");
}
