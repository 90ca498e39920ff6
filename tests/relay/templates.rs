//! Templates over HTTP, and on every machine.

use domain::agent::Right;
use e2e::people::template_id;
use e2e::world::World;
use protocol::error::ErrorCode;
use serde_json::json;

const PATH: &str = "/v1/templates";

pub(crate) async fn a_template_is_on_every_machine_that_may_use_it(world: World) {
    // T2
    let shop = world.project("Kettle").await;
    let (mira, boss) =
        (world.agent(&shop, "Mira", Right::Agent).await, world.agent(&shop, "Boss", Right::Administrator).await);
    let (mut home, mut office, mut at_boss) = (mira.works(), mira.at(world.visitors_url()).reads(), boss.works());
    for machine in [&mut home, &mut office, &mut at_boss] {
        machine.live().await;
    }
    let own = json!({ "id": template_id(), "title": " Greeting ", "text": "Hello {client_name}" });
    let own = mira.post(PATH, &own).await.ok()["template"].clone();
    assert_eq!((&own["title"], &own["project_id"], &own["rev"]), (&json!("Greeting"), &json!(null), &json!(1)));
    let ours =
        json!({ "id": template_id(), "project_id": shop.id.as_str(), "title": "Opening hours", "text": "9 to 5" });
    assert_eq!(mira.post(PATH, &ours).await.code(), ErrorCode::Forbidden);
    let ours = boss.post(PATH, &ours).await.ok()["template"].clone();
    for machine in [&mut home, &mut office] {
        for wanted in [&own, &ours] {
            let is_it = |event: &protocol::frame::Event| {
                event.data.template.as_ref().is_some_and(|it| serde_json::to_value(it).unwrap() == *wanted)
            };
            machine.event("the template", is_it).await;
        }
    }
    let list = mira.get(PATH).await.ok();
    assert_eq!(list["templates"].as_array().unwrap().len(), 2);
    assert_eq!(boss.get(PATH).await.ok()["templates"], json!([ours]));

    let path = format!("{PATH}/{}", ours["id"].as_str().unwrap());
    let change = json!({ "rev": 1, "title": "Opening hours", "text": "10 to 4" });
    assert_eq!(boss.put(&path, &change).await.ok()["template"]["rev"], 2);
    let late = json!({ "rev": 1, "title": "Opening hours", "text": "8 to 8" });
    assert_eq!(boss.put(&path, &late).await.code(), ErrorCode::StaleRevision);
    boss.delete(&path).await.ok();
    let is_gone = |event: &protocol::frame::Event| event.data.removed_template_id.as_deref() == ours["id"].as_str();
    office.event("that it is gone", is_gone).await;
    at_boss.event("that it is gone", is_gone).await;
    assert_eq!(boss.get(PATH).await.ok()["templates"], json!([]));
    assert!(!at_boss.everything().contains(own["id"].as_str().unwrap()), "Mira's own are her own");

    let long = |title: usize, text: usize| json!({ "id": template_id(), "title": "я".repeat(title), "text": "я".repeat(text) });
    for (title, text, field) in [(0, 5, "title"), (101, 5, "title"), (5, 0, "text"), (5, 4_001, "text")] {
        let refused = mira.post(PATH, &long(title, text)).await;
        assert_eq!(
            (refused.code(), &refused.body["error"]["details"]["field"]),
            (ErrorCode::InvalidValue, &json!(field))
        );
    }
    mira.post(PATH, &long(100, 4_000)).await.ok();
}
