//! Files that people sent are in a backup with their messages.

use e2e::backups::{On, back_up, relay, restore};
use e2e::people::{attachment_id, message_id};
use serde_json::json;

use super::Desk;

pub(crate) async fn are_there(on: On) {
    // F3
    let desk = Desk::open(on).await;
    let (id, picture) = (attachment_id(), vec![9_u8; 300_000]);
    desk.client.uploads(&id, "kettle.bin", "", picture.clone()).await.ok();
    let body = json!({ "id": message_id(), "text": "", "attachments": [id] });
    let sent = desk.client.post("/v1/widget/messages", &body).await.ok()["message"].clone();
    let to = tempfile::tempdir().unwrap();
    let backup = back_up(&desk.relay, to.path(), &[]).await;
    let mut fresh = relay(on).await;
    restore(&fresh, &backup, &[]).await.unwrap();
    fresh.start().await.unwrap();
    let (mira, client) = (desk.mira.at(&fresh.url()), desk.client.at(&fresh.url()));
    let messages = client.get("/v1/widget/messages").await.ok()["messages"].clone();
    assert_eq!(messages.as_array().unwrap().last(), Some(&sent));
    let answers = [
        client.fetches(&format!("/v1/widget/attachments/{id}")).await,
        mira.fetches(&format!("/v1/attachments/{id}")).await,
    ];
    for answer in answers {
        assert_eq!(answer.status(), 200);
        assert!(answer.bytes().await.unwrap() == picture);
    }
}
