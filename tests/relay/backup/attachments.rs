//! Files that people sent, and those of templates, are in a backup.

use e2e::backups::{On, back_up, relay, restore};
use e2e::people::{attachment_id, message_id, template_id};
use serde_json::json;

use super::Desk;

pub(crate) async fn are_there(on: On) {
    // F3, T2
    let desk = Desk::open(on).await;
    let (id, picture) = (attachment_id(), vec![9_u8; 300_000]);
    desk.client.uploads(&id, "kettle.bin", "", picture.clone()).await.ok();
    let body = json!({ "id": message_id(), "text": "", "attachments": [id] });
    let sent = desk.client.post("/v1/widget/messages", &body).await.ok()["message"].clone();
    let own = attachment_id();
    desk.mira.brings_for_template(None, &own, ("prices.bin", "", picture.clone())).await.ok();
    let template = json!({ "id": template_id(), "title": "Prices", "text": "Here", "attachments": [own] });
    let template = desk.mira.post("/v1/templates", &template).await.ok()["template"].clone();
    let to = tempfile::tempdir().unwrap();
    let backup = back_up(&desk.relay, to.path(), &[]).await;
    let mut fresh = relay(on).await;
    restore(&fresh, &backup, &[]).await.unwrap();
    fresh.start().await.unwrap();
    let (mira, client) = (desk.mira.at(&fresh.url()), desk.client.at(&fresh.url()));
    let messages = client.get("/v1/widget/messages").await.ok()["messages"].clone();
    assert_eq!(messages.as_array().unwrap().last(), Some(&sent));
    assert_eq!(mira.get("/v1/templates").await.ok()["templates"], json!([template]));
    let answers = [
        client.fetches(&format!("/v1/widget/attachments/{id}")).await,
        mira.fetches(&format!("/v1/attachments/{id}")).await,
        mira.fetches(&format!("/v1/attachments/{own}")).await,
    ];
    for answer in answers {
        assert_eq!(answer.status(), 200);
        assert!(answer.bytes().await.unwrap() == picture);
    }
}
