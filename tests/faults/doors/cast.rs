//! Who and what stands behind the doors: people with tokens, conversations in every state, by the names that the corpus uses.

use std::collections::BTreeMap;

use e2e::people::{Person, attachment_id, message_id, note_id, template_id};
use protocol::frame::{RelayFrame, SnapshotData};
use reqwest::Method;
use serde_json::{Value, json};
use testkit::relay::Relay;

use super::chance::Chance;
use super::{MARK, request};

/// How many clients have a conversation that an agent took, that he answered too, and how many were blocked; these are left alone.
const HELD: usize = 8;
const ANSWERED: usize = 2;
const BLOCKED: usize = 2;
/// How many clients wrote.
const CLIENTS: usize = HELD + ANSWERED + BLOCKED + 20;

/// Name → the values that it stands for.
pub(crate) struct Cast(BTreeMap<&'static str, Vec<String>>);

impl Cast {
    /// Nobody yet: only the link to the first project.
    pub(crate) fn with_link(code: &str) -> Self {
        Self(BTreeMap::from([("link_code", vec![code.to_owned()])]))
    }

    /// New people in a new project of a relay that runs; `round` tells them apart from those before.
    pub(crate) async fn gather(relay: &Relay, round: usize) -> Self {
        let mail = |who: &str| format!("{who}-{round}@example.com");
        let project = relay.create_project(MARK, &mail("owner"), &["https://shop.example"]).await.unwrap();
        let mut cast = Self(BTreeMap::new());
        cast.add("project_id", &project.id);
        cast.add("key", &project.channel_key);
        let nobody = Person::nobody(&relay.url());
        let owner = joins(&nobody, &project.owner_code, round).await;
        let mut people = BTreeMap::from([("owner", owner)]);
        for (who, right) in
            [("administrator", "administrator"), ("agent", "agent"), ("member", "agent"), ("leaver", "agent")]
        {
            let code = relay.invite(&project.id, &mail(who), right).await.unwrap();
            people.insert(who, joins(&nobody, &code, round).await);
        }
        cast.add("code", &relay.invite(&project.id, &mail("newcomer"), "agent").await.unwrap());
        for (who, person) in &people {
            cast.add(who, &person.token);
            if *who != "leaver" {
                cast.add("anyone", &person.token);
            }
            person.goes("online").await;
        }
        cast.add("colleague_id", &people["administrator"].id);
        cast.add("member_id", &people["member"].id);
        cast.add("leaver_id", &people["leaver"].id);
        cast.add("agent_id", &people["agent"].id);
        // One that is deleted, and two that stay.
        for (n, name) in ["template_id", "template_id", "doomed_template"].into_iter().enumerate() {
            let body =
                json!({ "id": template_id(), "project_id": project.id, "title": MARK, "text": format!("{MARK} {n}") });
            let made = people["owner"].post("/v1/templates", &body).await.ok();
            cast.add(name, made["template"]["id"].as_str().unwrap());
        }
        // One with a file, which nothing changes.
        let (file, owner) = (attachment_id(), &people["owner"]);
        owner.brings_for_template(Some(&project.id), &file, (MARK, "text/plain", MARK.into())).await.ok();
        let body = json!({ "id": template_id(), "project_id": project.id, "title": MARK, "text": MARK, "attachments": [file] });
        owner.post("/v1/templates", &body).await.ok();
        cast.add("template_file_id", &file);
        cast.clients(&nobody, &people["agent"], round).await;
        cast
    }

    /// Clients who write, and what the agent did with their conversations.
    async fn clients(&mut self, nobody: &Person, agent: &Person, round: usize) {
        let path = format!("/v1/widget/{}/visitors", self.0["key"][0]);
        for n in 0..CLIENTS {
            let made = nobody.send(Method::POST, &path, b"{}".to_vec(), &[("x-forwarded-for", &address(round))]).await;
            let visitor = nobody.with_token(&made.ok());
            let text = format!("{MARK} {n:02}");
            if n + 1 == CLIENTS {
                // One who sent a file, and is asked for by name.
                let file = attachment_id();
                visitor.uploads(&file, MARK, "text/plain", MARK.into()).await.ok();
                let body = json!({ "id": message_id(), "text": text, "attachments": [file] });
                visitor.post("/v1/widget/messages", &body).await.ok();
                self.add("sender", &visitor.token);
                self.add("attachment_id", &file);
                continue;
            }
            visitor.writes(&text).await;
            if n >= HELD + ANSWERED + BLOCKED {
                self.add("visitor", &visitor.token);
            }
        }
        let frames = e2e::reader::catch_up(&agent.url, &agent.token, &json!({})).await;
        let mut conversations = Vec::new();
        for frame in &frames {
            let RelayFrame::Snapshot(snapshot) = frame else { continue };
            self.add("topic", &snapshot.topic);
            self.add("epoch", &snapshot.epoch);
            if let SnapshotData::Channel { channel, conversations: open } = &snapshot.data {
                self.add("channel_id", &channel.id);
                conversations.extend(open.iter().map(|one| (one.preview.text.clone(), one.id.clone())));
                for one in open {
                    self.add("contact_id", &one.contact.id);
                }
            }
        }
        assert_eq!(conversations.len(), CLIENTS, "the agent sees every conversation");
        conversations.sort();
        let mut conversations = conversations.into_iter().map(|(_, id)| id);
        for n in 0..HELD + ANSWERED {
            let id = conversations.next().unwrap();
            agent.acts("accept", &id, &json!({})).await.ok();
            if n < ANSWERED {
                agent.answers(&id, 1, MARK).await.ok();
            }
            self.add(if n < ANSWERED { "answered" } else { "held" }, &id);
        }
        for _ in 0..BLOCKED {
            let id = conversations.next().unwrap();
            let body: Value = agent.acts("block", &id, &json!({ "term": "1_day", "reason": MARK })).await.ok();
            self.add("block_id", body["conversation"]["contact"]["block"]["id"].as_str().unwrap());
            self.add("blocked", &id);
        }
        // The last one is the sender's, who is left alone too.
        for id in conversations.take(CLIENTS - HELD - ANSWERED - BLOCKED - 1) {
            self.add("conversation", &id);
        }
    }

    fn add(&mut self, name: &'static str, value: &str) {
        let values = self.0.entry(name).or_default();
        if !values.iter().any(|known| known == value) {
            values.push(value.to_owned());
        }
    }

    /// Puts a value in the place of each name. Of several `nth` chooses.
    pub(crate) fn fill(&self, text: &[u8], mut nth: impl FnMut(&'static str, usize) -> usize) -> Vec<u8> {
        let mut filled = Vec::with_capacity(text.len());
        let mut rest = text;
        while let Some(open) = rest.iter().position(|byte| *byte == b'{') {
            filled.extend(&rest[..open]);
            rest = &rest[open..];
            let name = rest.iter().take(20).position(|byte| *byte == b'}').map(|close| &rest[1..close]);
            let name = name.and_then(|name| std::str::from_utf8(name).ok()).unwrap_or_default();
            let value = match (name, self.0.get_key_value(name)) {
                ("message_id", _) => message_id(),
                ("note_id", _) => note_id(),
                ("new_attachment_id", _) => attachment_id(),
                ("new_template_id", _) => template_id(),
                ("address", _) => any_address(),
                (_, Some((known, values))) => values[nth(known, values.len())].clone(),
                // A brace of the text's own.
                (_, None) => {
                    filled.push(b'{');
                    rest = &rest[1..];
                    continue;
                }
            };
            filled.extend(value.bytes());
            rest = &rest[name.len() + 2..];
        }
        filled.extend(rest);
        filled
    }

    /// Puts any value in the place of each name.
    pub(crate) fn fill_any(&self, text: &[u8], chance: &mut Chance) -> Vec<u8> {
        self.fill(text, |_, n| chance.below(n))
    }

    /// Any value of all.
    pub(crate) fn any<'a>(&'a self, chance: &mut Chance) -> &'a str {
        let values: Vec<&String> = self.0.values().flatten().collect();
        chance.pick::<&String>(&values)
    }

    /// Any token.
    pub(crate) fn any_token<'a>(&'a self, chance: &mut Chance) -> &'a str {
        let who = *chance.pick(&["owner", "administrator", "agent", "member", "visitor", "visitor"]);
        chance.pick::<String>(&self.0[who])
    }

    /// Puts names in the place of values: what is printed holds no token, and can be put into the corpus.
    pub(crate) fn hide(&self, bytes: &[u8]) -> Vec<u8> {
        let mut hidden = bytes.to_vec();
        for (name, values) in &self.0 {
            for value in values {
                while let Some(at) = request::find(&hidden, value.as_bytes()) {
                    hidden.splice(at..at + value.len(), format!("{{{name}}}").bytes());
                }
            }
        }
        hidden
    }

    /// What no log may hold.
    pub(crate) fn secrets(&self) -> Vec<String> {
        let names = ["owner", "administrator", "agent", "member", "leaver", "visitor", "sender", "code"];
        names.iter().flat_map(|name| self.0[name].clone()).collect()
    }
}

/// Takes an invitation from an address of his own, as the rate limits want.
async fn joins(nobody: &Person, code: &str, round: usize) -> Person {
    let body = json!({ "code": code, "name": MARK, "device": MARK }).to_string().into_bytes();
    let from = [("x-forwarded-for", address(round))];
    let from = from.each_ref().map(|(name, value)| (*name, value.as_str()));
    let answer = nobody.send(Method::POST, "/v1/invitations/redeem", body, &from).await;
    nobody.with_token(&answer.ok())
}

fn address(round: usize) -> String {
    format!("198.51.100.{}", round % 256)
}

/// An address that nobody has yet.
fn any_address() -> String {
    let [a, b, c, d] = store::secret::random();
    format!("2001:db8:{a:x}{b:02x}:{c:x}{d:02x}::1")
}
