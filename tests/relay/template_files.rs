//! Files of templates over HTTP: brought, kept, and sent without their bytes going again.

use domain::agent::Right;
use domain::file::FILE_LIMIT;
use e2e::people::{Person, attachment_id, message_id, template_id};
use e2e::world::World;
use protocol::error::ErrorCode;
use reqwest::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use serde_json::{Value, json};
use testkit::eventually::eventually;

const PATH: &str = "/v1/templates";
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Makes a template of these files; of one's own without a project.
async fn makes(by: &Person, project: Option<&str>, files: &[&str]) -> Value {
    let id = template_id();
    let body = json!({ "id": id, "project_id": project, "title": "Prices", "text": "Here", "attachments": files });
    by.post(PATH, &body).await.ok()["template"].clone()
}

/// What keeps a file from running, and its bytes.
async fn saves(by: &Person, id: &str) -> Vec<u8> {
    let answer = by.fetches(&format!("/v1/attachments/{id}")).await;
    assert_eq!(answer.status(), 200);
    let header = |name| answer.headers().get(name).unwrap().to_str().unwrap().to_owned();
    assert_eq!(
        (header(X_CONTENT_TYPE_OPTIONS), header(CONTENT_TYPE)),
        ("nosniff".into(), "application/octet-stream".into())
    );
    assert_eq!(header(CONTENT_SECURITY_POLICY), "sandbox; default-src 'none'");
    assert!(header(CONTENT_DISPOSITION).starts_with("attachment;"));
    answer.bytes().await.unwrap().to_vec()
}

async fn code(by: &Person, id: &str) -> ErrorCode {
    by.get(&format!("/v1/attachments/{id}")).await.code()
}

/// The bounds of what is taken, each refused in words that name the field.
async fn bounds(mira: &Person, file: &str) {
    let large = mira
        .brings_for_template(
            None,
            &attachment_id(),
            ("plan.bin", "", vec![0; usize::try_from(FILE_LIMIT).unwrap() + 1]),
        )
        .await;
    assert_eq!((large.code(), &large.body["error"]["details"]["file"]), (ErrorCode::FileTooLarge, &json!("plan.bin")));
    let ten: Vec<String> = (0..11).map(|_| attachment_id()).collect();
    for files in [json!(ten), json!([file, file]), json!(["att_x"]), json!([attachment_id()])] {
        let body = json!({ "id": template_id(), "title": "Prices", "text": "Here", "attachments": files });
        let refused = mira.post(PATH, &body).await;
        let field = &refused.body["error"]["details"]["field"];
        assert_eq!((refused.code(), field), (ErrorCode::InvalidValue, &json!("attachments")), "{files}");
    }
}

pub(crate) async fn a_templates_file_goes_out_with_an_answer_and_stays_there(world: World) {
    // T2 F5
    let (shop, bank) = (world.project("Kettle").await, world.project("Bank").await);
    let (mira, boss) =
        (world.agent(&shop, "Mira", Right::Agent).await, world.agent(&shop, "Boss", Right::Administrator).await);
    let eve = world.agent(&bank, "Eve", Right::Owner).await;
    let (page, own) = (attachment_id(), attachment_id());
    let html = b"<script>alert(1)</script>".to_vec();
    let file = ("../Ёж.html", "text/html", html.clone());
    let refused = mira.brings_for_template(Some(shop.id.as_str()), &page, file.clone()).await;
    assert_eq!(refused.code(), ErrorCode::Forbidden);
    let refused = eve.brings_for_template(Some(shop.id.as_str()), &page, file.clone()).await;
    assert_eq!(refused.code(), ErrorCode::NotFound);
    let view = boss.brings_for_template(Some(shop.id.as_str()), &page, file.clone()).await.ok();
    assert_eq!(view, json!({ "id": page, "name": "Ёж.html", "size": 25, "media_type": "text/html" }));
    assert_eq!(boss.brings_for_template(Some(shop.id.as_str()), &page, file).await.ok(), view);
    mira.brings_for_template(None, &own, ("own.txt", "text/plain", b"own".to_vec())).await.ok();
    bounds(&mira, &own).await;
    assert_eq!(code(&mira, &page).await, ErrorCode::NotFound, "it is not saved yet");
    let (ours, mine) = (makes(&boss, Some(shop.id.as_str()), &[&page]).await, makes(&mira, None, &[&own]).await);
    assert_eq!(ours["attachments"], json!([view]));
    assert_eq!(mira.get(PATH).await.ok()["templates"].as_array().unwrap().len(), 2);
    assert_eq!((saves(&mira, &page).await, saves(&mira, &own).await), (html.clone(), b"own".to_vec()));
    assert_eq!((code(&boss, &own).await, code(&eve, &page).await), (ErrorCode::NotFound, ErrorCode::NotFound));

    let (client, mut at_mira) = (world.visitor(&shop).await, mira.works());
    at_mira.live().await;
    client.writes("What does it cost?").await;
    let conversation = at_mira.conversation().await;
    mira.acts("accept", &conversation, &json!({})).await.ok();
    let mut sent = Vec::new();
    for file in [&page, &own] {
        let (id, verb) = (attachment_id(), "template-files");
        let body = json!({ "id": id, "template_file_id": file, "fence": 1 });
        let taken = mira.acts(verb, &conversation, &body).await.ok();
        assert_eq!(mira.acts(verb, &conversation, &body).await.ok(), taken);
        let stale = json!({ "id": attachment_id(), "template_file_id": file, "fence": 7 });
        assert_eq!(mira.acts(verb, &conversation, &stale).await.code(), ErrorCode::StaleFence);
        assert_eq!(boss.acts(verb, &conversation, &body).await.code(), ErrorCode::NotHolder);
        sent.push(id);
    }
    let body = json!({ "id": message_id(), "text": "Here", "attachments": sent, "fence": 1 });
    let message = mira.acts("messages", &conversation, &body).await.ok()["message"].clone();
    assert_eq!(message["attachments"][0]["name"], "Ёж.html");
    assert_eq!(world.n_files(), 2, "the bytes are shared");
    goes([(&boss, &ours, &page), (&mira, &mine, &own)], (&mira, &conversation)).await;
    mira.brings_for_template(None, &attachment_id(), ("lost.txt", "text/plain", b"lost".to_vec())).await.ok();
    assert_eq!(world.n_files(), 3);
    world.clock.advance_ms(DAY_MS + 1);
    // A start looks at once.
    let world = world.restarted().await;
    let client = client.at(world.visitors_url());
    eventually("the purge", std::time::Duration::from_secs(30), || async { Ok((world.n_files() == 2).then_some(())) })
        .await
        .unwrap();
    let path = |id: &String| format!("/v1/widget/attachments/{id}");
    assert_eq!(client.fetches(&path(&sent[0])).await.bytes().await.unwrap(), html);
    assert_eq!(client.fetches(&path(&sent[1])).await.bytes().await.unwrap(), "own");
    assert_eq!(client.get(&path(&page)).await.code(), ErrorCode::NotFound, "the template's own is not his");
}

/// The templates go, and with them what was not sent yet.
async fn goes(templates: [(&Person, &Value, &String); 2], (mira, conversation): (&Person, &String)) {
    for (by, template, file) in templates {
        by.delete(&format!("{PATH}/{}", template["id"].as_str().unwrap())).await.ok();
        let body = json!({ "id": attachment_id(), "template_file_id": file, "fence": 1 });
        let refused = mira.acts("template-files", conversation, &body).await;
        let field = &refused.body["error"]["details"]["field"];
        assert_eq!((refused.code(), field), (ErrorCode::InvalidValue, &json!("template_file_id")));
        assert_eq!(code(by, file).await, ErrorCode::NotFound);
    }
}
