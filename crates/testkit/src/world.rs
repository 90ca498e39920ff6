//! A test's own world: a relay with a project, a shop, agents and clients.

use std::fs::File;
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use futures_util::FutureExt;

use crate::agent::Agent;
use crate::artefacts;
use crate::chromium::{Browser, Launch};
use crate::contact::Contact;
use crate::paths;
use crate::postgres::Postgres;
use crate::redis::Redis;
use crate::relay::{Project, Relay};
use crate::shop::Shop;

/// A relay with one project, and everybody around it.
#[derive(Debug)]
pub struct World {
    /// The relay; it runs. Of two, the one that agents use.
    pub relay: Relay,
    /// The relay that clients use, where there are two on one database and one Redis.
    pub second: Option<Relay>,
    /// Its project.
    pub project: Project,
    shop: Shop,
    owner_code: Option<String>,
    browsers: Vec<(String, Arc<Browser>)>,
    /// Held while it stands.
    _turns: Vec<File>,
}

/// What a world leaves to others while it stands: many browsers beside each other would make each other slow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    /// One of these stands at a time.
    Busy,
    /// One that only waits for a clock most of its time; one of these may stand beside a busy one.
    Waiting,
    /// Nothing else stands: it measures.
    Alone,
}

/// The owner whom the project is made for; the first agent is he.
const OWNER: &str = "owner@fennimore.example";

impl World {
    /// Makes a world, runs `body` in it, and ends it. If the body fails or panics, what the browsers showed is kept in
    /// `target/e2e/<test>/`.
    ///
    /// # Errors
    /// The body's.
    ///
    /// # Panics
    /// When the body does.
    pub async fn run(test: &str, body: impl AsyncFnOnce(&mut Self) -> Result<()>) -> Result<()> {
        Self::new(Turn::Busy, Relay::new()?, None).await?.play(test, body).await
    }

    /// The same for a test that waits for a real clock most of its time; another may run beside it.
    ///
    /// # Errors
    /// The body's.
    ///
    /// # Panics
    /// When the body does.
    pub async fn run_waiting(test: &str, body: impl AsyncFnOnce(&mut Self) -> Result<()>) -> Result<()> {
        Self::new(Turn::Waiting, Relay::new()?, None).await?.play(test, body).await
    }

    /// The same for a test that measures: no other world stands.
    ///
    /// # Errors
    /// The body's.
    ///
    /// # Panics
    /// When the body does.
    pub async fn run_alone(test: &str, body: impl AsyncFnOnce(&mut Self) -> Result<()>) -> Result<()> {
        Self::new(Turn::Alone, Relay::new()?, None).await?.play(test, body).await
    }

    /// The same with two relays on one PostgreSQL and one Redis: agents use one, clients the other.
    ///
    /// # Errors
    /// The body's.
    ///
    /// # Panics
    /// When the body does.
    pub async fn run_over_two(test: &str, body: impl AsyncFnOnce(&mut Self) -> Result<()>) -> Result<()> {
        let (postgres, redis) = (Postgres::shared().await?, Redis::shared().await?);
        let first = Relay::on_postgres(postgres.fresh().await?)?
            .with("DESKSIDE_REDIS_URL", redis.url())
            .with("DESKSIDE_REDIS_PREFIX", redis.fresh_prefix()?);
        let second = Relay::beside(&first)?;
        let own = second.url();
        Self::new(Turn::Busy, first, Some(second.public_url(own))).await?.play(test, body).await
    }

    async fn play(mut self, test: &str, body: impl AsyncFnOnce(&mut Self) -> Result<()>) -> Result<()> {
        let outcome = AssertUnwindSafe(body(&mut self)).catch_unwind().await;
        if !matches!(outcome, Ok(Ok(()))) {
            self.save(test).await?;
        }
        match outcome {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }

    async fn new(turn: Turn, mut relay: Relay, mut second: Option<Relay>) -> Result<Self> {
        let turns = tokio::task::spawn_blocking(move || turn.take()).await??;
        let shop = Shop::start().await?;
        let project = relay.create_project("Fennimore", OWNER, &[&shop.origin()]).await?;
        relay.start().await?;
        if let Some(second) = &mut second {
            second.start().await?;
        }
        let clients = second.as_ref().unwrap_or(&relay);
        shop.embed(&format!("{}/widget/{}.js", clients.url(), project.channel_key))?;
        let owner_code = Some(project.owner_code.clone());
        Ok(Self { relay, second, project, shop, owner_code, browsers: Vec::new(), _turns: turns })
    }

    /// An agent with his own browser, signed in and Online, in front of Gmail with the panel closed. The first is the project's owner.
    ///
    /// # Errors
    /// When any step of it fails.
    pub async fn agent(&mut self, name: &str) -> Result<Agent> {
        self.agent_in(name, Launch::default()).await
    }

    /// The same in a browser that is started so.
    ///
    /// # Errors
    /// When any step of it fails.
    pub async fn agent_in(&mut self, name: &str, launch: Launch) -> Result<Agent> {
        let (email, code) = match self.owner_code.take() {
            Some(code) => (OWNER.to_owned(), code),
            None => self.invites(name).await?,
        };
        let launch = Launch { extension: Some(paths::extension()?), ..launch };
        let agent = Agent::start(name, &email, launch).await.with_context(|| format!("starting {name}'s browser"))?;
        self.browsers.push((name.to_owned(), Arc::clone(agent.browser())));
        agent.signs_in(&self.relay.url(), &code).await?;
        agent.opens_gmail().await?;
        agent.opens_panel().await?;
        agent.goes_online().await?;
        agent.closes_panel().await?;
        Ok(agent)
    }

    /// Invites an administrator; gives his address and the code.
    ///
    /// # Errors
    /// When the relay refuses.
    pub async fn invites(&self, name: &str) -> Result<(String, String)> {
        let email = format!("{}@fennimore.example", name.to_lowercase());
        let code = self.relay.invite(&self.project.id, &email, "administrator").await?;
        Ok((email, code))
    }

    /// A client with his own browser, who has the chat open.
    ///
    /// # Errors
    /// When any step of it fails.
    pub async fn contact(&mut self, name: &str) -> Result<Contact> {
        let contact = self.contact_in(name, Launch::default()).await?;
        contact.opens_chat().await?;
        Ok(contact)
    }

    /// A client with his own browser, started so, who has visited nothing yet.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn contact_in(&mut self, name: &str, launch: Launch) -> Result<Contact> {
        let launch = Launch { size: (1100, 900), ..launch };
        let browser = Arc::new(Browser::launch(&launch).await.with_context(|| format!("starting {name}'s browser"))?);
        self.browsers.push((name.to_owned(), Arc::clone(&browser)));
        Ok(Contact::new(name, &format!("{}/", self.shop.origin()), browser))
    }

    async fn save(&self, test: &str) -> Result<()> {
        let folder = artefacts::folder(test)?;
        for (name, browser) in &self.browsers {
            artefacts::save(&folder, name, browser).await;
        }
        artefacts::write(&folder, "relay.log", &self.relay.log_text()?).await;
        if let Some(second) = &self.second {
            artefacts::write(&folder, "second.log", &second.log_text()?).await;
        }
        Ok(())
    }
}

impl Turn {
    /// Waits until it may stand.
    fn take(self) -> Result<Vec<File>> {
        let folder = artefacts::folder("")?;
        std::fs::create_dir_all(&folder)?;
        // Always in this order, so that no two wait for each other.
        let names: &[&str] = match self {
            Self::Busy => &["busy.lock"],
            Self::Waiting => &["waiting.lock"],
            Self::Alone => &["busy.lock", "waiting.lock"],
        };
        names.iter().map(|name| lock(&folder.join(name))).collect()
    }
}

fn lock(path: &Path) -> Result<File> {
    let file = File::options().create(true).truncate(false).write(true).open(path)?;
    file.lock()?;
    Ok(file)
}
