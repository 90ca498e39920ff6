//! The same story on every page that Gmail may be: on a bare one, in each look of our own, on pages that other people made of Gmail, and
//! on one whose every class has another name (G2, G3).
//!
//! Pictures of each go to `target/e2e/places/<place>-{popup,docked,workspace}.png`.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use testkit::agent::{Agent, Row};
use testkit::chromium::Launch;
use testkit::contact::Contact;
use testkit::gmail::{Headers, Page, Setup};
use testkit::{World, artefacts, paths};

/// The address that the captured pages show; the stand-in puts the agent's in its place.
const CAPTURED: &str = "exportboxestest@gmail.com";
/// A small laptop.
const SMALL: (u32, u32) = (1024, 720);

/// A Gmail page in a certain look.
struct Place {
    name: String,
    setup: Setup,
    /// The page's size, if it is not the window's.
    size: Option<(u32, u32)>,
}

impl Place {
    fn new(name: &str, setup: Setup) -> Self {
        Self { name: name.to_owned(), setup, size: None }
    }

    /// Shows it to an agent.
    async fn shows(&self, agent: &Agent) -> Result<()> {
        agent.gmail.show(self.setup.clone());
        match self.size {
            Some(size) => agent.browser().resizes(size).await?,
            None => agent.browser().resizes_back().await?,
        }
        agent.opens_gmail().await
    }
}

/// The captured pages, if they lie beside the repository.
fn captures() -> Result<Vec<PathBuf>> {
    let folder = paths::root()?.join("../shared/fixtures/gmail");
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut pages = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "html") {
            pages.push(path);
        }
    }
    pages.sort();
    ensure!(!pages.is_empty(), "the folder of captured pages is empty");
    Ok(pages)
}

/// All the places, as this agent sees them; most of them with Gmail's stricter headers.
fn places(agent: &Agent) -> Result<Vec<Place>> {
    let plain = Setup::new(&agent.name, &agent.email);
    let strict = Setup { headers: Headers::Strict, ..plain.clone() };
    let mut places = vec![
        Place::new("light", plain.clone()),
        Place::new("dark", Setup { dark: true, ..plain.clone() }),
        Place::new("right-to-left", Setup { rtl: true, language: "he", ..plain.clone() }),
        Place::new("compact", Setup { compact: true, ..strict.clone() }),
        Place { size: Some(SMALL), ..Place::new("small", plain.clone()) },
        Place::new("renamed", Setup { page: Page::StandIn { renamed: true }, language: "de", ..strict.clone() }),
        Place::new("bare", Setup { page: Page::Bare, ..strict.clone() }),
    ];
    for path in captures()? {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let page = Page::File { path, address: Some(CAPTURED.to_owned()) };
        places.push(Place::new(&name, Setup { page, ..strict.clone() }));
    }
    Ok(places)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_story_holds_on_every_page() -> Result<()> {
    World::run("pages", async |world| {
        let olga = world.agent("Olga").await?;
        let paul = world.agent("Paul").await?;
        let ann = world.contact("Ann").await?;
        paul.opens_panel().await?;
        paul.widens().await?;
        let mut n = 0;
        for place in places(&olga)? {
            let told = story(&olga, &paul, &ann, n, &place).await;
            told.with_context(|| format!("on the page \"{}\"", place.name))?;
            n += 1;
        }
        // In a browser of its own: the profile says so before it starts.
        let nora = world.agent_in("Nora", Launch { blocks_third_party_cookies: true, ..Launch::default() }).await?;
        let place = Place::new("no-third-party-cookies", Setup::new(&nora.name, &nora.email));
        let shop = ann.browser().driver().current_url().await?;
        let keep = [keeps_cookies_of(&olga, shop.as_str()).await?, keeps_cookies_of(&nora, shop.as_str()).await?];
        ensure!(keep == [true, false], "third-party cookies are kept: {keep:?}");
        story(&nora, &paul, &ann, n, &place).await.context("where third-party cookies are blocked")
    })
    .await
}

/// From the client's question to "Finished", at one who works on this page and at Paul, who looks on. The client comes back for each page,
/// so the conversation before stands above.
async fn story(agent: &Agent, paul: &Agent, ann: &Contact, n: usize, place: &Place) -> Result<()> {
    let (question, reply) = (format!("Question {n}: is it in stock?"), format!("Answer {n}: yes."));
    place.shows(agent).await?;
    agent.sees_waiting(0).await?;
    ann.writes(&question).await?;
    agent.sees_popup(&question).await?;
    agent.sees_waiting(1).await?;
    takes_picture(agent, place, "popup").await?;
    let new = |row: &Row| row.group.as_deref() == Some("New") && row.preview.contains(&question);
    let row = paul.sees_row("in New", new).await?;

    agent.sees_popup(&question).await?.click().await?;
    agent.sees(&question).await?;
    if let Some(before) = n.checked_sub(1) {
        agent.sees(&format!("Question {before}: is it in stock?")).await?;
    }
    agent.accepts().await?;
    let is_taken = |taken: &Row| {
        taken.id == row.id && taken.group.as_deref() == Some("Worked on") && taken.owner.contains(&agent.name)
    };
    paul.sees_row("in Worked on", is_taken).await?;
    agent.answers(&reply).await?;
    ann.sees(&reply).await?;
    agent.sees(&reply).await?;
    takes_picture(agent, place, "docked").await?;
    agent.widens().await?;
    agent.sees(&reply).await?;
    takes_picture(agent, place, "workspace").await?;
    agent.docks().await?;
    agent.closes().await?;
    paul.sees_no_row(&row.id).await?;
    ensure!(agent.fired_shortcuts().await?.is_empty(), "typing fired Gmail's shortcuts");
    Ok(())
}

/// Whether a page of others that stands in Gmail's can keep a cookie.
async fn keeps_cookies_of(agent: &Agent, address: &str) -> Result<bool> {
    // Under Gmail's strict headers no page of others would stand there at all.
    agent.gmail.show(Setup::new(&agent.name, &agent.email));
    agent.opens_gmail().await?;
    let driver = agent.browser().driver();
    let frame = format!(
        "const frame = document.createElement('iframe');
         frame.style = 'position: fixed; inset: 0;';
         frame.onload = arguments[arguments.length - 1];
         frame.src = '{address}';
         document.body.append(frame);"
    );
    driver.execute_async(&frame, Vec::new()).await?;
    agent.browser().find("body > iframe").await?.enter_frame().await?;
    let kept = "document.cookie = 'kept=1; SameSite=None; Secure'; return document.cookie !== '';";
    let kept = agent.browser().run(kept).await?;
    driver.enter_default_frame().await?;
    Ok(kept == true)
}

async fn takes_picture(agent: &Agent, place: &Place, what: &str) -> Result<()> {
    agent.browser().settles().await?;
    agent.browser().screenshot(&artefacts::folder("places")?.join(format!("{}-{what}.png", place.name))).await
}
