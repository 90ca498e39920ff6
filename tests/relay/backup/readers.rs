//! Readers who saw what is no more.

use desk::{Desk as Model, Filter};
use domain::order::Tab;
use e2e::backups::{On, back_up, restore};
use e2e::people::Person;
use e2e::reader::Delivered;
use protocol::frame::{RelayFrame, Snapshot, SnapshotData, StartOver};

use super::Desk;

/// What an agent's panel shows after all that its reader was given: open conversations, and how many messages each has.
fn shown(delivered: &Delivered) -> Vec<(String, u32)> {
    let mut model = Model::default();
    for frame in &delivered.frames {
        model.apply(frame);
    }
    let open = model.list(Tab::Open, &Filter::default());
    open.iter().map(|conversation| (conversation.id.clone(), conversation.last_n)).collect()
}

/// The snapshots that came because the record's epoch was another one.
fn starts_over(delivered: &Delivered) -> impl Iterator<Item = &Snapshot> {
    delivered.frames.iter().filter_map(|frame| match frame {
        RelayFrame::Snapshot(snapshot) if snapshot.reason == StartOver::OtherEpoch => Some(&**snapshot),
        _ => None,
    })
}

pub(super) async fn ahead(on: On) {
    // design rule 4
    let mut desk = Desk::open(on).await;
    let (mut at_mira, mut at_client) = (desk.mira.works(), desk.client.reads());
    at_mira.live().await;
    at_client.live().await;
    let to = tempfile::tempdir().unwrap();
    let backup = back_up(&desk.relay, to.path(), &[]).await;
    let kept = vec![(desk.conversation.clone(), 2)];
    assert_eq!(at_mira.with(shown), kept);

    // Both see what will be gone: two messages, and the conversation of another client.
    desk.client.writes("gone").await;
    desk.mira.answers(&desk.conversation, 1, "gone too").await.ok();
    Person::visitor(&desk.relay.url(), &desk.project.channel_key).await.writes("gone as well").await;
    at_mira
        .until("all of it", |delivered| {
            let shown = shown(delivered);
            (shown.len() == 2 && shown.contains(&(desk.conversation.clone(), 4))).then_some(())
        })
        .await;

    desk.relay.kill().await.unwrap();
    restore(&desk.relay, &backup, &["--replace"]).await.unwrap();
    desk.relay.start().await.unwrap();
    at_mira.until("what is left", |delivered| (shown(delivered) == kept).then_some(())).await;
    at_mira.with(|delivered| assert!(starts_over(delivered).any(|snapshot| snapshot.topic.starts_with("channel/"))));
    let texts: Vec<String> = at_client
        .until("the client's chat", |delivered| {
            starts_over(delivered).find_map(|snapshot| match &snapshot.data {
                SnapshotData::Contact(contact) => Some(contact.messages.iter().map(|it| it.text.clone()).collect()),
                _ => None,
            })
        })
        .await;
    assert_eq!(texts, ["Is the blue one in stock?", "Three are left."]);

    // And they go on together.
    desk.client.writes("Are you there?").await;
    let on = vec![(desk.conversation.clone(), 3)];
    at_mira.until("what is new", |delivered| (shown(delivered) == on).then_some(())).await;
}
