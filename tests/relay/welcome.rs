//! The first start: the link in the terminal, the page, the first project.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::time::Duration;

use protocol::error::ErrorCode;
use reqwest::{Method, header};
use serde_json::{Value, json};
use tempfile::TempDir;
use testkit::eventually;
use testkit::relay::Relay;

use e2e::people::Person;
use e2e::world::World;

/// How long a relay may take to start.
const PATIENCE: Duration = Duration::from_secs(60);

fn kettle(code: &str, email: &str) -> Value {
    json!({ "code": code, "project_name": "Kettle", "email": email, "origins": ["https://shop.example"] })
}

pub(crate) async fn of_20_posts_with_one_code_one_makes_the_project(world: World) {
    // J3 W2
    let code = world.store.welcome_code().await.unwrap().unwrap();
    let nobody = Person::nobody(&world.url);
    let posts: Vec<_> = (0..20)
        .map(|n| {
            let (by, body) = (nobody.clone(), kettle(&code, &format!("owner{n}@example.com")));
            tokio::spawn(async move { by.post("/v1/welcome", &body).await })
        })
        .collect();
    let mut made = Vec::new();
    for post in posts {
        let answer = post.await.unwrap();
        if answer.status.is_success() {
            made.push(answer.ok());
        } else {
            assert_eq!(answer.code(), ErrorCode::InvitationInvalid);
            assert!(answer.body["error"]["message"].as_str().unwrap().contains("deskside welcome"), "{answer:?}");
        }
    }
    assert_eq!(made.len(), 1, "{made:?}");
    let text = |field: &str| made[0][field].as_str().unwrap().to_owned();
    let owner = Person::invited(&world.url, &text("invitation_code"), "Mira").await;
    let me = owner.get("/v1/me").await.ok();
    let membership = &me["memberships"][0];
    assert_eq!(membership["project"], json!({ "id": text("project_id"), "name": "Kettle" }));
    assert_eq!(membership["right"], "owner");
    assert_eq!(membership["channels"].as_array().unwrap().len(), 1, "{membership}");
    let client = Person::visitor(&world.url, &text("channel_key")).await;
    let mut at_owner = owner.reads();
    at_owner.live().await;
    client.writes("Hello").await;
    at_owner.conversation().await;
    let channel = world.store.widget_channel(&text("channel_key")).await.unwrap();
    assert_eq!(
        channel.settings.origins,
        ["https://shop.example", "http://relay.test"],
        "the website, and the demo page"
    );
}

pub(crate) async fn what_cannot_be_taken_is_named_and_does_not_use_the_code_up(world: World) {
    // J3
    let code = world.store.welcome_code().await.unwrap().unwrap();
    let nobody = Person::nobody(&world.url);
    let cases = [
        ("project_name", json!(" ")),
        ("project_name", json!("x".repeat(101))),
        ("email", json!("mira")),
        ("email", json!("mira\u{0}@example.com")),
        ("origins", json!(["http://shop.example"])),
        ("origins", json!(["https://shop.example/path"])),
        ("origins", json!(["https://shop.example", "*"])),
    ];
    for (field, value) in cases {
        let mut body = kettle(&code, "mira@example.com");
        body[field] = value.clone();
        let refused = nobody.post("/v1/welcome", &body).await;
        assert_eq!(refused.code(), ErrorCode::InvalidValue, "{field}: {value}");
        assert_eq!(refused.body["error"]["details"]["field"], field, "{value}");
    }
    let mut without_website = kettle(&code, "mira@example.com");
    without_website.as_object_mut().unwrap().remove("origins");
    nobody.post("/v1/welcome", &without_website).await.ok();
}

pub(crate) async fn where_a_project_exists_the_code_makes_none(world: World) {
    // J3
    let code = world.store.welcome_code().await.unwrap().unwrap();
    world.project("Kettle").await;
    let refused = Person::nobody(&world.url).post("/v1/welcome", &kettle(&code, "eve@example.com")).await;
    assert_eq!(refused.code(), ErrorCode::InvitationInvalid);
}

#[tokio::test]
async fn who_guesses_codes_is_slowed_down_by_his_address() {
    // J3
    let world = World::new().await;
    let code = world.store.welcome_code().await.unwrap().unwrap();
    let nobody = Person::nobody(&world.url);
    let guess = kettle("0000-0000-0000-0000", "eve@example.com");
    let mut n_tries = 0;
    let slowed = loop {
        let answer = nobody.post("/v1/welcome", &guess).await;
        if answer.code() != ErrorCode::InvitationInvalid {
            break answer;
        }
        n_tries += 1;
        assert!(n_tries < 100, "nothing slows the guesses down");
    };
    assert_eq!(slowed.code(), ErrorCode::RateLimited);
    assert_eq!(nobody.post("/v1/welcome", &kettle(&code, "mira@example.com")).await.code(), ErrorCode::RateLimited);
    world.clock.advance_ms(3_000);
    nobody.post("/v1/welcome", &kettle(&code, "mira@example.com")).await.ok();
}

#[tokio::test]
async fn the_page_needs_no_build_and_stands_in_nobodys_frame() {
    let world = World::new().await;
    let answer = reqwest::get(format!("{}/welcome", world.url)).await.unwrap();
    assert_eq!(answer.status(), 200);
    let policy = answer.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
    for part in ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"] {
        assert!(policy.split("; ").any(|stands| stands == part), "{part} is not in {policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    let page = answer.text().await.unwrap();
    assert!(page.contains("data-relay=\"http://relay.test\""), "{page}");
    for inline in ["<style", " style=", "<script>", " onclick=", "javascript:"] {
        assert!(!page.contains(inline), "{inline} would be blocked");
    }
    let nobody = Person::nobody(&world.url);
    for (file, kind) in [("welcome.css", "text/css"), ("welcome.js", "text/javascript"), ("icon.svg", "image/svg+xml")]
    {
        let answer = reqwest::get(format!("{}/welcome/{file}", world.url)).await.unwrap();
        assert_eq!(answer.status(), 200, "{file}");
        assert!(answer.headers()[header::CONTENT_TYPE].to_str().unwrap().starts_with(kind), "{file}");
        assert_eq!(answer.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    }
    assert_eq!(nobody.get("/welcome/welcome.html").await.code(), ErrorCode::NotFound);
    let foreign = [("origin", "https://evil.example")];
    let body = kettle("0000-0000-0000-0000", "eve@example.com").to_string().into_bytes();
    let refused = nobody.send(Method::POST, "/v1/welcome", body, &foreign).await;
    assert_eq!(refused.code(), ErrorCode::OriginNotAllowed);
}

/// A relay whose two outputs are read apart.
struct Served {
    child: Child,
    output: BufReader<ChildStdout>,
    /// What it has said up to its address.
    url: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The program on this folder's data, without what whoever runs the tests has set.
fn deskside(data: &TempDir) -> Command {
    let relay = Relay::new().unwrap();
    let mut command = Command::new(relay.binary());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("DESKSIDE_") {
            command.env_remove(name);
        }
    }
    command.env("DESKSIDE_DATA", data.path()).env("DESKSIDE_LOG", "trace").stdin(Stdio::null());
    command
}

impl Served {
    fn start(data: &TempDir) -> Self {
        let mut command = deskside(data);
        command.args(["serve", "--listen", "0.0.0.0:0"]).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let url = line.trim_end().rsplit(' ').next().unwrap().to_owned();
        assert!(line.starts_with("Deskside listens on 0.0.0.0:") && url.starts_with("http://127.0.0.1:"), "{line:?}");
        Self { child, output, url }
    }

    /// Waits until it answers, kills it, and gives the rest of what it printed, and what it logged.
    async fn ends(mut self) -> (String, String) {
        let ready = format!("{}/readyz", self.url);
        eventually("the relay to be ready", PATIENCE, || async {
            Ok(reqwest::get(&ready).await?.status().is_success().then_some(()))
        })
        .await
        .unwrap();
        self.child.kill().unwrap();
        let (mut printed, mut logged) = (String::new(), String::new());
        self.output.read_to_string(&mut printed).unwrap();
        self.child.stderr.take().unwrap().read_to_string(&mut logged).unwrap();
        (printed, logged)
    }
}

/// The code of the link that stands in what was printed.
fn code_of(printed: &str, public_url: &str) -> String {
    let link = format!("Make the first project at {public_url}/welcome#");
    let rest = printed.lines().find_map(|line| line.strip_prefix(&link)).unwrap_or_else(|| panic!("{printed:?}"));
    assert_eq!(rest.len(), 19, "{rest:?} is a code");
    rest.to_owned()
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_start_prints_the_link_once_and_never_logs_it() {
    // J3
    let data = tempfile::tempdir().unwrap();
    let served = Served::start(&data);
    let url = served.url.clone();
    let (printed, logged) = served.ends().await;
    let first = code_of(&printed, &url);
    assert!(printed.contains("works once") && !logged.contains(&first), "{logged}");
    let (printed, _) = Served::start(&data).ends().await;
    assert_eq!(printed, "", "a second start prints nothing");

    let other = deskside(&data).args(["welcome", "--public-url", "https://desk.example"]).output().unwrap();
    assert!(other.status.success(), "{}", words(&other));
    let code = code_of(&String::from_utf8_lossy(&other.stdout), "https://desk.example");
    assert!(!String::from_utf8_lossy(&other.stderr).contains(&code), "the log knows no code");

    let served = Served::start(&data);
    let nobody = Person::nobody(&served.url);
    let lost = nobody.post("/v1/welcome", &kettle(&first, "eve@example.com")).await;
    assert_eq!(lost.code(), ErrorCode::InvitationInvalid, "it was replaced");
    let made = nobody.post("/v1/welcome", &kettle(&code, "mira@example.com")).await.ok();
    let (printed, logged) = served.ends().await;
    assert_eq!(printed, "");
    for secret in [&code, made["invitation_code"].as_str().unwrap(), "mira@example.com"] {
        assert!(!logged.contains(secret), "{secret} is in the log");
    }
    let (printed, _) = Served::start(&data).ends().await;
    assert_eq!(printed, "");

    let too_late = deskside(&data).arg("welcome").output().unwrap();
    let said = words(&too_late);
    assert!(!too_late.status.success() && !said.contains("/welcome#"), "{said}");
    let invite = format!("deskside invite --project {}", made["project_id"].as_str().unwrap());
    assert!(said.contains("a project already") && said.contains(&invite), "{said}");
}
