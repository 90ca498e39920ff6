//! Files over HTTP: both ways, up to the limit, for who may have them, and never as what could run.

use domain::agent::Right;
use domain::file::FILE_LIMIT;
use e2e::people::{Answer, Person, attachment_id, message_id};
use e2e::world::{Project, World};
use protocol::error::ErrorCode;
use protocol::file::NAME_HEADER;
use protocol::frame::{Event, RelayFrame, SnapshotData};
use reqwest::Method;
use reqwest::header::{
    CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS,
};
use serde_json::{Value, json};
use testkit::eventually::eventually;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// A picture of 3 by 2.
fn png() -> Vec<u8> {
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x03\0\0\0\x02\x08\x06\0\0\0".to_vec()
}

/// A client who wrote, and the conversation that an agent has taken, by the fence 1.
async fn taken(world: &World, shop: &Project, mira: &Person) -> (Person, String) {
    let (client, mut at_mira) = (world.visitor(shop).await, mira.works());
    at_mira.live().await;
    client.writes("Is the blue one in stock?").await;
    let conversation = at_mira.conversation().await;
    mira.acts("accept", &conversation, &json!({})).await.ok();
    (client, conversation)
}

async fn answers_with(mira: &Person, conversation: &str, files: &[&str]) -> Value {
    let body = json!({ "id": message_id(), "text": "", "attachments": files, "fence": 1 });
    mira.acts("messages", conversation, &body).await.ok()["message"].clone()
}

async fn writes_with(client: &Person, files: &[&str]) -> Answer {
    client.post("/v1/widget/messages", &json!({ "id": message_id(), "text": "", "attachments": files })).await
}

/// Saves a file; gives its type and its bytes, once all that keeps it from running was seen.
async fn saves(by: &Person, path: &str, name: &str) -> (String, Vec<u8>) {
    let answer = by.fetches(path).await;
    assert_eq!(answer.status(), 200);
    let header = |name| answer.headers().get(name).unwrap().to_str().unwrap().to_owned();
    assert_eq!(header(X_CONTENT_TYPE_OPTIONS), "nosniff");
    assert_eq!(header(CONTENT_SECURITY_POLICY), "sandbox; default-src 'none'");
    let disposition = header(CONTENT_DISPOSITION);
    assert!(disposition.starts_with("attachment; filename=\""), "{disposition}");
    assert!(disposition.ends_with(&format!("filename*=UTF-8''{name}")), "{disposition}");
    let (kind, length) = (header(CONTENT_TYPE), header(CONTENT_LENGTH));
    let bytes = answer.bytes().await.unwrap().to_vec();
    assert_eq!(length, bytes.len().to_string());
    (kind, bytes)
}

pub(crate) async fn a_file_goes_both_ways_and_is_saved_not_shown(world: World) {
    // F1 F3 F4 F5
    let (shop, bank) = (world.project("Kettle").await, world.project("Bank").await);
    let (mira, tom) = (world.agent(&shop, "Mira", Right::Agent).await, world.agent(&shop, "Tom", Right::Agent).await);
    let eve = world.agent(&bank, "Eve", Right::Owner).await;
    let (client, conversation) = taken(&world, &shop, &mira).await;
    let (spy, neighbour) = (world.visitor(&bank).await, world.visitor(&shop).await);
    let (mut at_tom, mut at_client) = (tom.reads(), client.reads());
    at_tom.live().await;
    at_client.live().await;

    let (page, picture) = (attachment_id(), attachment_id());
    let html = b"<script>alert(1)</script>".to_vec();
    let view = client.uploads(&page, "../Ёж.html", "text/html", html.clone()).await.ok();
    assert_eq!(view, json!({ "id": page, "name": "Ёж.html", "size": 25, "media_type": "text/html" }));
    let view = client.uploads(&picture, "a.svg", "image/svg+xml", png()).await.ok();
    let is_png =
        json!({ "id": picture, "name": "a.svg", "size": 29, "media_type": "image/png", "width": 3, "height": 2 });
    assert_eq!(view, is_png, "a picture is what its bytes are");
    let sent = writes_with(&client, &[&page, &picture]).await.ok()["message"].clone();
    assert_eq!(sent["attachments"][1], is_png);
    let is_it = |event: &Event| event.data.message.as_ref().is_some_and(|message| message.attachments.len() == 2);
    let event = at_tom.event("the files", is_it).await;
    assert_eq!(event.data.conversation.unwrap().preview.text, "Ёж.html");

    let drawing = attachment_id();
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>".to_vec();
    let view = mira.brings(&conversation, 1, &drawing, ("b c.svg", "image/svg+xml", svg.clone())).await.ok();
    assert_eq!(view["media_type"], "image/svg+xml");
    assert_eq!(answers_with(&mira, &conversation, &[&drawing]).await["attachments"], json!([view]));
    let of_mira = |event: &Event| {
        event.data.contact_message.as_ref().is_some_and(|message| message.attachments.iter().any(|it| it.id == drawing))
    };
    at_client.event("the drawing", of_mira).await;

    let octets = "application/octet-stream";
    for (id, name, kind, bytes) in [
        (&page, "%D0%81%D0%B6.html", octets, &html),
        (&picture, "a.svg", "image/png", &png()),
        (&drawing, "b%20c.svg", octets, &svg),
    ] {
        let (to_agent, to_client) = (format!("/v1/attachments/{id}"), format!("/v1/widget/attachments/{id}"));
        assert_eq!(saves(&mira, &to_agent, name).await, (kind.to_owned(), bytes.clone()));
        assert_eq!(saves(&tom.at(world.visitors_url()), &to_agent, name).await, (kind.to_owned(), bytes.clone()));
        assert_eq!(saves(&client, &to_client, name).await, (kind.to_owned(), bytes.clone()));
        for stranger in [&spy, &neighbour] {
            assert_eq!(stranger.get(&to_client).await.code(), ErrorCode::NotFound);
        }
        assert_eq!(eve.get(&to_agent).await.code(), ErrorCode::NotFound);
        assert_eq!(client.get(&to_agent).await.code(), ErrorCode::Unauthorized);
        let nobody = Person::nobody(&world.url);
        assert_eq!(nobody.get(&to_agent).await.code(), ErrorCode::Unauthorized, "an address alone opens nothing");
    }
    let guessed = format!("/v1/attachments/{}", attachment_id());
    assert_eq!(mira.get(&guessed).await.code(), ErrorCode::NotFound);
    assert_eq!(mira.get("/v1/attachments/att_x").await.code(), ErrorCode::NotFound);
    assert_eq!(mira.history(&conversation).await[1]["attachments"].as_array().unwrap().len(), 2);
    assert_eq!(world.n_files(), 3);
}

pub(crate) async fn a_switch_reaches_the_pages_and_keeps_clients_files_out(world: World) {
    // F4
    let shop = world.project("Kettle").await;
    let (boss, mira) =
        (world.agent(&shop, "Boss", Right::Administrator).await, world.agent(&shop, "Mira", Right::Agent).await);
    let client = world.visitor(&shop).await;
    let path = format!("/v1/channels/{}/settings", shop.channel_id);
    assert_eq!(boss.get(&path).await.ok(), json!({ "files_allowed": true, "visits_allowed": true }));
    let mut at_mira = mira.reads();
    at_mira.live().await;
    let off = json!({ "files_allowed": false, "visits_allowed": true });
    assert_eq!(boss.put(&path, &json!({ "files_allowed": false })).await.ok(), off);
    let is_off = |event: &Event| event.data.channel.as_ref().is_some_and(|channel| !channel.switches.files_allowed);
    at_mira.event("the switch", is_off).await;
    let mut later = mira.reads();
    let told = |frame: &RelayFrame| match frame {
        RelayFrame::Snapshot(snapshot) => match &snapshot.data {
            SnapshotData::Channel { channel, .. } => Some(channel.switches.files_allowed),
            _ => None,
        },
        _ => None,
    };
    later.until("the channel", |delivered| delivered.frames.iter().find_map(told).filter(|allowed| !allowed)).await;

    let id = attachment_id();
    let refused = client.uploads(&id, "a.png", "image/png", png()).await;
    assert_eq!(refused.code(), ErrorCode::FilesNotAllowed);
    boss.put(&path, &json!({ "files_allowed": true })).await.ok();
    client.uploads(&id, "a.png", "image/png", png()).await.ok();
    let message = writes_with(&client, &[&id]).await.ok()["message"]["id"].clone();
    let of_it = |event: &Event| event.cause.as_deref() == message.as_str();
    let conversation = at_mira.event("the message", of_it).await.data.conversation.unwrap().id;
    mira.acts("block", &conversation, &json!({ "term": "1_hour" })).await.ok();
    let refused = client.uploads(&attachment_id(), "a.png", "image/png", png()).await;
    assert_eq!(refused.code(), ErrorCode::ContactBlocked);
}

pub(crate) async fn what_was_not_sent_is_purged_after_a_day(world: World) {
    let shop = world.project("Kettle").await;
    let client = world.visitor(&shop).await;
    let (sent, waits) = (attachment_id(), attachment_id());
    for id in [&sent, &waits, &waits] {
        client.uploads(id, "a.png", "image/png", png()).await.ok();
    }
    writes_with(&client, &[&sent]).await.ok();
    assert_eq!(world.n_files(), 2, "what came twice is kept once");
    world.clock.advance_ms(DAY_MS + 1);
    // A start looks at once.
    let world = world.restarted().await;
    let client = client.at(world.visitors_url());
    eventually("the purge", std::time::Duration::from_secs(30), || async { Ok((world.n_files() == 1).then_some(())) })
        .await
        .unwrap();
    assert_eq!(client.get(&format!("/v1/widget/attachments/{waits}")).await.code(), ErrorCode::NotFound);
    saves(&client, &format!("/v1/widget/attachments/{sent}"), "a.png").await;
}

#[tokio::test]
async fn a_file_of_exactly_the_limit_goes_and_one_byte_more_is_refused_while_five_others_go() {
    // F2
    let world = World::new().await;
    let shop = world.project("Kettle").await;
    let mira = world.agent(&shop, "Mira", Right::Agent).await;
    let (client, conversation) = taken(&world, &shop, &mira).await;
    assert_eq!(mira.get("/v1/me").await.ok()["file_limit"], 4_194_304);
    assert_eq!(FILE_LIMIT, 4_194_304);
    let (whole, over) = (vec![7; 4_194_304], vec![7; 4_194_305]);
    let exact = attachment_id();
    let view = mira.brings(&conversation, 1, &exact, ("whole.bin", "", whole.clone())).await.ok();
    assert_eq!(view["size"], 4_194_304);
    let ids: Vec<String> = (0..5).map(|_| attachment_id()).collect();
    let others = async {
        for id in &ids {
            mira.brings(&conversation, 1, id, ("small.png", "image/png", png())).await.ok();
        }
    };
    let id = attachment_id();
    let too_large = mira.brings(&conversation, 1, &id, ("over.bin", "", over.clone()));
    let (refused, ()) = tokio::join!(too_large, others);
    assert_eq!(refused.code(), ErrorCode::FileTooLarge);
    let error = &refused.body["error"];
    assert_eq!(error["details"], json!({ "file": "over.bin", "limit_bytes": 4_194_304 }));
    assert!(error["message"].as_str().unwrap().contains("over.bin"), "{error}");
    let mut files: Vec<&str> = ids.iter().map(String::as_str).collect();
    files.push(&exact);
    assert_eq!(answers_with(&mira, &conversation, &files).await["attachments"].as_array().unwrap().len(), 6);
    let (_, bytes) = saves(&client, &format!("/v1/widget/attachments/{exact}"), "whole.bin").await;
    assert!(bytes == whole);
    let refused = client.uploads(&attachment_id(), "over.bin", "", over).await;
    assert_eq!(refused.code(), ErrorCode::FileTooLarge);
    assert_eq!(world.n_files(), 6);
}

#[tokio::test]
async fn the_operators_limit_is_told_and_kept() {
    // F2
    let world = World::with_file_limit(1_000).await;
    let shop = world.project("Kettle").await;
    let mira = world.agent(&shop, "Mira", Right::Agent).await;
    assert_eq!(mira.get("/v1/me").await.ok()["file_limit"], 1_000);
    let client = world.visitor(&shop).await;
    client.uploads(&attachment_id(), "a", "", vec![0; 1_000]).await.ok();
    let refused = client.uploads(&attachment_id(), "a", "", vec![0; 1_001]).await;
    assert_eq!(
        (refused.code(), &refused.body["error"]["details"]["limit_bytes"]),
        (ErrorCode::FileTooLarge, &json!(1_000))
    );
}

#[tokio::test]
async fn a_name_stands_in_a_header_and_a_bad_or_missing_one_is_refused_in_words() {
    // F1, F4: what stands in an address is in the logs of proxies.
    let world = World::new().await;
    let shop = world.project("Kettle").await;
    let client = world.visitor(&shop).await;
    let upload = async |query: &str, names: &[&str]| {
        let path = format!("/v1/widget/uploads?id={}{query}", attachment_id());
        let headers: Vec<_> = names.iter().map(|name| (NAME_HEADER, *name)).collect();
        client.send(Method::POST, &path, png(), &headers).await
    };
    for (name, wanted) in
        [("%D0%81%d0%b6.png", "Ёж.png"), ("a b+c.png", "a b+c.png"), ("..%2F%00", "file"), ("", "file")]
    {
        assert_eq!(upload("", &[name]).await.ok()["name"], wanted);
    }
    let bad: [(&str, &[&str]); 7] = [
        ("", &[]),
        ("&name=a.png", &[]),
        ("", &["a.png", "b.png"]),
        ("", &["%ff"]),
        ("", &["100%"]),
        ("", &["%4"]),
        ("", &["Ёж.png"]),
    ];
    for (query, names) in bad {
        let refused = upload(query, names).await;
        let error = &refused.body["error"];
        assert_eq!((refused.code(), &error["details"]["field"]), (ErrorCode::InvalidValue, &json!(NAME_HEADER)));
        assert!(error["message"].as_str().unwrap().contains("percent-encoded"), "{error}");
    }
}

#[tokio::test]
async fn one_address_brings_so_much_a_day_whoever_its_clients_are() {
    // F4
    let world = World::with_file_limit(1 << 30).await;
    let shop = world.project("Kettle").await;
    let (one, other) = (world.visitor(&shop).await, world.visitor(&shop).await);
    other.uploads(&attachment_id(), "a", "", vec![0; 1_000]).await.ok();
    let mut line = TcpStream::connect(world.url.trim_start_matches("http://")).await.unwrap();
    let head = format!(
        "POST /v1/widget/uploads?id={} HTTP/1.1\r\nhost: relay\r\nauthorization: Bearer {}\r\n{NAME_HEADER}: a\r\n\
         content-length: 1073740800\r\nexpect: 100-continue\r\n\r\n",
        attachment_id(),
        one.token
    );
    line.write_all(head.as_bytes()).await.unwrap();
    let mut said = [0; 12];
    line.read_exact(&mut said).await.unwrap();
    assert_eq!(&said, b"HTTP/1.1 100", "it is taken, and counted");
    let refused = other.uploads(&attachment_id(), "a", "", vec![0; 1_000]).await;
    assert_eq!(refused.code(), ErrorCode::RateLimited);
    drop(line);
    world.clock.advance_ms(1_000);
    other.uploads(&attachment_id(), "a", "", vec![0; 1_000]).await.ok();
}

#[tokio::test]
async fn only_the_owner_by_his_present_claim_sends_files_and_floods_are_limited() {
    // A7 P7
    let world = World::new().await;
    let shop = world.project("Kettle").await;
    let (mira, tom) = (world.agent(&shop, "Mira", Right::Agent).await, world.agent(&shop, "Tom", Right::Agent).await);
    let (client, conversation) = taken(&world, &shop, &mira).await;
    let brings = async |by: &Person, fence| {
        by.brings(&conversation, fence, &attachment_id(), ("a.png", "image/png", png())).await
    };
    let refused = brings(&tom, 1).await;
    assert_eq!((refused.code(), refused.holder()), (ErrorCode::NotHolder, "Mira"));
    assert_eq!(brings(&mira, 0).await.code(), ErrorCode::StaleFence);
    mira.goes("offline").await;
    assert_eq!(brings(&mira, 1).await.code(), ErrorCode::AgentOffline);
    let path = format!("/v1/conversations/{conversation}/uploads");
    assert_eq!(
        mira.send(Method::POST, &path, png(), &[(NAME_HEADER, "a")]).await.code(),
        ErrorCode::InvalidValue,
        "no id"
    );
    let eleven: Vec<String> = (0..11).map(|_| attachment_id()).collect();
    let eleven: Vec<&str> = eleven.iter().map(String::as_str).collect();
    for files in [&eleven[..], &["att_1"], &eleven[..1]] {
        let refused = writes_with(&client, files).await;
        let field = &refused.body["error"]["details"]["field"];
        assert_eq!((refused.code(), field), (ErrorCode::InvalidValue, &json!("attachments")));
    }
    let mut n_asked = 0;
    let limited = loop {
        let answer = client.uploads(&attachment_id(), "a", "", Vec::new()).await;
        n_asked += 1;
        if !answer.status.is_success() {
            break answer;
        }
        assert!(n_asked < 100, "no client sends so many");
    };
    assert_eq!((limited.code(), n_asked), (ErrorCode::RateLimited, 61));
}
