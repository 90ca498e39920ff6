//! PostgreSQL is restarted, and crashes, while clients and agents write.

use testkit::postgres::Postgres;
use testkit::relay::Relay;

use crate::writing::Load;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgresql_restarts_and_crashes_under_load_and_nothing_acknowledged_is_lost() {
    // W6, design: faults
    let mut postgres = Postgres::start().await.unwrap();
    let mut relay = Relay::on_postgres(postgres.fresh().await.unwrap()).unwrap();
    let project = relay.create_project("Kettle", "mira@example.com", &["https://shop.example"]).await.unwrap();
    relay.start().await.unwrap();
    let load = Load::begin(&relay.url(), &project.owner_code, &project.channel_key).await;
    let progress = load.until.progress.clone();
    for round in 0..4 {
        progress.more(40).await;
        if round % 2 == 0 {
            postgres.stop().await.unwrap();
        } else {
            postgres.crash().await.unwrap();
        }
        // While it is away the relay says so, clearly, and its page for the load balancer too.
        let ready = reqwest::get(format!("{}/readyz", relay.url())).await.unwrap();
        assert_eq!(ready.status(), 503);
        postgres.start_again().await.unwrap();
        progress.more(40).await;
    }
    load.end().await.tell("PostgreSQL stopped twice and crashed twice");
}
