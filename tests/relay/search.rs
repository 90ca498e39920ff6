//! Searching over HTTP.

use domain::agent::Right;
use e2e::world::World;
use protocol::error::ErrorCode;
use serde_json::json;

pub(crate) async fn what_was_written_is_found_at_once_and_only_by_who_may_see_it(world: World) {
    // S1 S2 S3 S4
    let (shop, bank) = (world.project("Kettle").await, world.project("Bank").await);
    let (mira, eve) = (world.agent(&shop, "Mira", Right::Agent).await, world.agent(&bank, "Eve", Right::Owner).await);
    let client = world.visitor(&shop).await;
    let stored = client.writes("Ist die große Kanne da?").await["message"].clone();
    let found = mira.get("/v1/search?q=GROSSE%20kanne").await.ok();
    let message = &found["found"][0]["messages"][0];
    assert_eq!((&message["message"]["id"], &found["next"]), (&stored["id"], &json!(null)));
    assert_eq!(message["ranges"], json!([{ "start": 8, "end": 13 }, { "start": 14, "end": 19 }]));
    assert_eq!(eve.get("/v1/search?q=kanne").await.ok()["found"], json!([]));
    assert_eq!(mira.get("/v1/search?q=teapot").await.ok()["found"], json!([]));
    for (query, field) in [("q=ab", "q"), ("", "q"), ("q=kanne&after=x", "after")] {
        let refused = mira.get(&format!("/v1/search?{query}")).await;
        assert_eq!(
            (refused.code(), &refused.body["error"]["details"]["field"]),
            (ErrorCode::InvalidValue, &json!(field))
        );
    }
    let mut n_asked = 0;
    let limited = loop {
        let answer = mira.get("/v1/search?q=kanne").await;
        n_asked += 1;
        if !answer.status.is_success() {
            break answer;
        }
        assert!(n_asked < 100, "nobody types so fast");
    };
    assert_eq!(limited.code(), ErrorCode::RateLimited);
}
