//! Every route as everybody: a route without a row fails.

use std::collections::BTreeSet;

use domain::agent::Right;
use e2e::people::{Person, attachment_id, message_id, note_id, template_id};
use e2e::world::{Project, World};
use protocol::file::NAME_HEADER;
use relay::ROUTES;
use reqwest::Method;
use serde_json::{Value, json};

/// What one persona is answered: the status if it is good, else the error's code.
type Said = &'static str;

/// Who asks, in the order of a row's answers.
struct Cast {
    /// Owner, administrator, agent of the channel, agent of no channel, removed agent, owner of another project, visitor, nobody.
    people: [Person; 8],
    shop: Project,
    /// An agent of the channel whom others act upon.
    other: Person,
}

/// What a request is about; empty where it is about something else.
#[derive(Default)]
struct Fresh {
    conversation: String,
    contact: String,
    block: String,
}

/// For what concerns a conversation: the three who see it get `said`.
const fn seers(said: Said) -> [Said; 8] {
    [said, said, said, "not_found", "not_found", "not_found", "unauthorized", "unauthorized"]
}

/// For agents whoever they are.
const fn agents(said: Said) -> [Said; 8] {
    [said, said, said, said, said, said, "unauthorized", "unauthorized"]
}

/// For members of the project.
const fn members(owner: Said, administrator: Said, agent: Said) -> [Said; 8] {
    [owner, administrator, agent, agent, "not_found", "not_found", "unauthorized", "unauthorized"]
}

/// For the website's visitor, of his own.
const fn visitor(said: Said) -> [Said; 8] {
    let no = "unauthorized";
    [no, no, no, no, no, no, said, no]
}

/// The answers of a route to everybody; the conversation is new, and the body is [`body`]'s.
fn row(method: &str, path: &str) -> Option<[Said; 8]> {
    Some(match (method, path) {
        // Not built here, so nothing to hand out; who asks does not matter.
        (
            "GET",
            "/demo/{key}" | "/extension.zip" | "/widget/assets/{file}" | "/widget/{file}" | "/widget/{key}/frame",
        ) => ["not_found"; 8],
        ("GET", "/healthz" | "/readyz" | "/v1/openapi.json") => ["200"; 8],
        // Without the upgrade; who one is, the first frame tells.
        ("GET", "/v1/stream") => ["400"; 8],
        ("GET", "/v1/conversations" | "/v1/search") => agents("200"),
        ("GET" | "PUT", "/v1/contacts/{contact_id}") => seers("200"),
        ("GET", "/v1/contacts/{contact_id}/conversations" | "/v1/contacts/{contact_id}/visit") => seers("200"),
        (
            "POST",
            "/v1/conversations/{id}/accept" | "/v1/conversations/{id}/assign" | "/v1/conversations/{id}/close",
        ) => seers("200"),
        ("POST", "/v1/conversations/{id}/block") => seers("200"),
        ("POST", "/v1/conversations/{id}/unblock") => seers("not_blocked"),
        ("GET", "/v1/conversations/{id}/assignable" | "/v1/conversations/{id}/history") => seers("200"),
        // Also of the agent who is Offline, and though nobody has the conversation (O3).
        ("GET" | "POST", "/v1/conversations/{id}/notes") => seers("200"),
        ("POST", "/v1/conversations/{id}/clear") => seers("conversation_not_taken"),
        (
            "POST",
            "/v1/conversations/{id}/messages" | "/v1/conversations/{id}/postpone" | "/v1/conversations/{id}/uploads",
        ) => seers("not_holder"),
        ("GET", "/v1/attachments/{attachment_id}") => seers("200"),
        ("POST", "/v1/conversations/{id}/read") => seers("204"),
        ("GET", "/v1/me" | "/v1/me/settings") | ("PUT", "/v1/me/availability" | "/v1/me/settings") => agents("200"),
        ("GET", "/v1/gmail-places") => agents("200"),
        ("DELETE", "/v1/me/device") => agents("204"),
        ("PUT", "/v1/me/subscriptions/{channel_id}") => seers("204"),
        ("PUT", "/v1/channels/{channel_id}/agents/{agent_id}")
        | ("PUT", "/v1/projects/{project_id}/agents/{agent_id}/right")
        | ("DELETE", "/v1/projects/{project_id}/blocks/{block_id}") => members("204", "204", "forbidden"),
        ("POST", "/v1/projects/{project_id}/agents/{agent_id}/offline")
        | ("GET", "/v1/projects/{project_id}/blocks")
        | ("PUT", "/v1/projects/{project_id}/settings") => members("200", "200", "forbidden"),
        ("GET" | "PUT", "/v1/channels/{channel_id}/settings") => members("200", "200", "forbidden"),
        ("GET", "/v1/projects/{project_id}/settings") => members("200", "200", "200"),
        ("DELETE", "/v1/projects/{project_id}/agents/{agent_id}") => members("204", "forbidden", "forbidden"),
        // One's own.
        ("GET" | "POST", "/v1/templates") => agents("200"),
        // The project's.
        ("PUT", "/v1/templates/{template_id}") => members("200", "200", "forbidden"),
        ("DELETE", "/v1/templates/{template_id}") => members("204", "204", "forbidden"),
        ("POST", "/v1/invitations/redeem") => {
            let refused = "invitation_invalid";
            [refused, refused, refused, refused, refused, refused, "unauthorized", refused]
        }
        // There is a project already. The page itself needs no build, and has no such file.
        ("POST", "/v1/welcome") => ["invitation_invalid"; 8],
        ("GET", "/welcome") => ["200"; 8],
        ("GET", "/welcome/{file}") => ["not_found"; 8],
        ("POST", "/v1/widget/visit") => visitor("204"),
        // His own file.
        ("GET", "/v1/widget/attachments/{attachment_id}") => visitor("200"),
        ("GET" | "POST", "/v1/widget/messages") | ("POST", "/v1/widget/uploads") => visitor("200"),
        ("POST", "/v1/widget/{key}/visitors") => ["200"; 8],
        _ => return None,
    })
}

fn body(path: &str, other: &str) -> Value {
    match path {
        "/v1/contacts/{contact_id}" => json!({ "rev": 0, "name": "Ann Lee" }),
        "/v1/conversations/{id}/assign" => json!({ "agent_id": other }),
        "/v1/conversations/{id}/block" => json!({ "term": "1_day" }),
        "/v1/conversations/{id}/messages" => json!({ "id": message_id(), "text": "Hello", "fence": 0 }),
        "/v1/conversations/{id}/notes" => json!({ "id": note_id(), "text": "Prefers mornings" }),
        "/v1/conversations/{id}/read" => json!({ "n_alerts": 1, "n": 1 }),
        "/v1/me/availability" => json!({ "availability": "online" }),
        "/v1/me/settings" => json!({ "offline_after_minutes": 15, "detach_after_minutes": 15 }),
        "/v1/me/subscriptions/{channel_id}" => json!({ "subscribed": true }),
        "/v1/channels/{channel_id}/agents/{agent_id}" => json!({ "assigned": true }),
        "/v1/projects/{project_id}/agents/{agent_id}/right" => json!({ "right": "agent" }),
        "/v1/projects/{project_id}/settings" => json!({ "finish_after_minutes": 15, "count_from_contact": false }),
        "/v1/invitations/redeem" => json!({ "code": "0000-0000-0000" }),
        "/v1/templates" => json!({ "id": template_id(), "title": "Greeting", "text": "Hello" }),
        "/v1/templates/{template_id}" => json!({ "rev": 1, "title": "Greeting", "text": "Good day" }),
        "/v1/welcome" => json!({ "code": "0000-0000-0000-0000", "project_name": "Kettle", "email": "ann@example.com" }),
        "/v1/widget/messages" => json!({ "id": message_id(), "text": "Hello" }),
        "/v1/widget/visit" => {
            let page = json!({ "n": 1, "url": "https://shop.example/", "ago_seconds": 5, "seconds": 5 });
            json!({ "visit": "k3x9w7q2m5v8t1r4", "here": true, "seconds": 5, "pages": [page] })
        }
        _ => json!({}),
    }
}

async fn cast(world: &World) -> Cast {
    let (shop, bank) = (world.project("Kettle").await, world.project("Bank").await);
    let owner = world.agent(&shop, "Owner", Right::Owner).await;
    let administrator = world.agent(&shop, "Administrator", Right::Administrator).await;
    let agent = world.agent(&shop, "Agent", Right::Agent).await;
    let elsewhere = world.agent(&shop, "Elsewhere", Right::Agent).await;
    let removed = world.agent(&shop, "Removed", Right::Agent).await;
    let other = world.agent(&shop, "Other", Right::Agent).await;
    let stranger = world.agent(&bank, "Stranger", Right::Owner).await;
    let visitor = world.visitor(&shop).await;
    let path = format!("/v1/channels/{}/agents/{}", shop.channel_id, elsewhere.id);
    owner.put(&path, &json!({ "assigned": false })).await.ok();
    owner.delete(&format!("/v1/projects/{}/agents/{}", shop.id, removed.id)).await.ok();
    let nobody = Person::nobody(&world.url);
    Cast { people: [owner, administrator, agent, elsewhere, removed, stranger, visitor, nobody], shop, other }
}

impl Cast {
    /// A conversation in "New" that nobody has touched, its client, and his block if the route is about one.
    async fn fresh(&self, world: &World, path: &str) -> Fresh {
        // As the rate limits want.
        world.clock.advance_ms(1_000);
        let client = world.visitor(&self.shop).await;
        let mut reader = self.other.reads();
        reader.live().await;
        let message = client.writes("Hello").await["message"]["id"].as_str().unwrap().to_owned();
        let event = reader.event("it", |event| event.cause.as_deref() == Some(message.as_str())).await;
        let view = event.data.conversation.unwrap();
        let (conversation, contact) = (view.id, view.contact.id);
        if !path.contains("{block_id}") {
            return Fresh { conversation, contact, block: String::new() };
        }
        self.other.goes("online").await;
        let blocked = self.other.acts("block", &conversation, &json!({ "term": "1_day" })).await.ok();
        let block = blocked["conversation"]["contact"]["block"]["id"].as_str().unwrap().to_owned();
        Fresh { conversation, contact, block }
    }

    /// A template of the project.
    async fn fresh_template(&self) -> String {
        let body = json!({ "id": template_id(), "project_id": self.shop.id.as_str(), "title": "Hi", "text": "Hi" });
        self.people[0].post("/v1/templates", &body).await.ok()["template"]["id"].as_str().unwrap().to_owned()
    }

    /// A file that the visitor sent.
    async fn fresh_attachment(&self, world: &World) -> String {
        world.clock.advance_ms(1_000);
        let (id, visitor) = (attachment_id(), &self.people[6]);
        visitor.uploads(&id, "kettle.txt", "text/plain", b"three".to_vec()).await.ok();
        let body = json!({ "id": message_id(), "text": "", "attachments": [id] });
        visitor.post("/v1/widget/messages", &body).await.ok();
        id
    }

    async fn ask(&self, world: &World, by: &Person, method: &str, path: &str) -> String {
        let needs_conversation = ["{id}", "{block_id}", "{contact_id}"].iter().any(|part| path.contains(part));
        let fresh = if needs_conversation { self.fresh(world, path).await } else { Fresh::default() };
        let template = if path.contains("{template_id}") { self.fresh_template().await } else { String::new() };
        let attachment =
            if path.contains("{attachment_id}") { self.fresh_attachment(world).await } else { String::new() };
        let real = path
            .replace("{attachment_id}", &attachment)
            .replace("{id}", &fresh.conversation)
            .replace("{contact_id}", &fresh.contact)
            .replace("{template_id}", &template)
            .replace("{block_id}", &fresh.block)
            .replace("{channel_id}", &self.shop.channel_id)
            .replace("{project_id}", self.shop.id.as_str())
            .replace("{agent_id}", &self.other.id)
            .replace("{key}", &self.shop.channel_key)
            .replace("{file}", "boot.js");
        let real = if path == "/v1/conversations" { format!("{real}?tab=finished") } else { real };
        let real = if path == "/v1/search" { format!("{real}?q=hello") } else { real };
        let is_upload = path.ends_with("/uploads");
        let real = if is_upload { format!("{real}?id={}&fence=0", attachment_id()) } else { real };
        let body = if method == "GET" { Vec::new() } else { body(path, &self.other.id).to_string().into_bytes() };
        let headers: &[_] = if is_upload { &[(NAME_HEADER, "a.txt")] } else { &[] };
        let answer = by.send(Method::from_bytes(method.as_bytes()).unwrap(), &real, body, headers).await;
        match answer.body["error"]["code"].as_str() {
            Some(code) => code.to_owned(),
            None => answer.status.as_u16().to_string(),
        }
    }
}

pub(crate) async fn every_route_answers_everybody_as_the_table_says(world: World) {
    // J2 J3 P10 A14 B6 X1, design rule 10
    let cast = cast(&world).await;
    let routes: BTreeSet<(&str, &str)> = ROUTES.iter().map(|(method, path, _)| (*method, *path)).collect();
    assert_eq!(routes.len(), ROUTES.len(), "each route once");
    // What takes tokens and people away comes last.
    let takes_away =
        |(method, path): &(&str, &str)| (*method == "DELETE", path.ends_with("/device"), path.ends_with("/{agent_id}"));
    let mut routes: Vec<_> = routes.into_iter().collect();
    routes.sort_by_key(takes_away);
    let mut n_asked = 0;
    for (method, path) in routes {
        let row = row(method, path).unwrap_or_else(|| panic!("{method} {path} has no row in the table"));
        // Whoever may least goes first, so that what is allowed at last was there to be refused before.
        for (by, wanted) in cast.people.iter().zip(row).rev() {
            if path.ends_with("/assign") || path.ends_with("/assignable") {
                cast.other.goes("online").await;
            }
            let said = cast.ask(&world, by, method, path).await;
            let who =
                ["owner", "administrator", "agent", "agent of no channel", "removed", "stranger", "visitor", "nobody"];
            let nth = cast.people.iter().position(|one| one.token == by.token).unwrap();
            assert_eq!(said, wanted, "{method} {path} as {}", who[nth]);
            n_asked += 1;
        }
    }
    println!("{} routes asked {n_asked} times by 8 sorts of people", ROUTES.len());
}
