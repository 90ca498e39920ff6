//! The same story on pages that other people made of Gmail, and on a Gmail whose every class has another name (G2).

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use testkit::World;
use testkit::agent::Agent;
use testkit::contact::Contact;
use testkit::gmail::{Headers, Page, Setup};
use testkit::paths;

/// The address that the captured pages show; the stand-in puts the agent's in its place.
const CAPTURED: &str = "exportboxestest@gmail.com";

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

/// What every page is shown as: without headers, and with Gmail's stricter ones.
fn setups(agent: &Agent) -> Result<Vec<(String, Setup)>> {
    let plain = Setup::new(&agent.name, &agent.email);
    let stand_in = |renamed| Page::StandIn { renamed };
    let mut setups = vec![
        ("strict headers".to_owned(), Setup { headers: Headers::Strict, ..plain.clone() }),
        ("every class renamed".to_owned(), Setup { page: stand_in(true), headers: Headers::Strict, ..plain.clone() }),
        ("dark, right to left".to_owned(), Setup { dark: true, rtl: true, ..plain.clone() }),
    ];
    for path in captures()? {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let page = Page::File { path, address: Some(CAPTURED.to_owned()) };
        setups.push((name, Setup { page, headers: Headers::Strict, ..plain.clone() }));
    }
    Ok(setups)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_story_holds_on_every_page() -> Result<()> {
    World::run("pages", async |world| {
        let olga = world.agent("Olga").await?;
        let paul = world.agent("Paul").await?;
        let ann = world.contact("Ann").await?;
        let pages = setups(&olga)?.into_iter().zip(setups(&paul)?);
        for (n, ((page, of_olga), (_, of_paul))) in pages.enumerate() {
            olga.gmail.show(of_olga);
            paul.gmail.show(of_paul);
            story(&olga, &paul, &ann, n).await.with_context(|| format!("on the page \"{page}\""))?;
        }
        Ok(())
    })
    .await
}

/// From the client's question to "Finished"; the client comes back for each page, so the conversation before stands above.
async fn story(olga: &Agent, paul: &Agent, ann: &Contact, n: usize) -> Result<()> {
    let (question, reply) = (format!("Question {n}: is it in stock?"), format!("Answer {n}: yes."));
    for agent in [olga, paul] {
        agent.opens_gmail().await?;
        agent.sees_waiting(0).await?;
    }
    ann.writes(&question).await?;
    for agent in [olga, paul] {
        agent.sees_popup(&question).await?;
        agent.sees_waiting(1).await?;
    }
    olga.sees_popup(&question).await?.click().await?;
    olga.sees(&question).await?;
    if let Some(before) = n.checked_sub(1) {
        olga.sees(&format!("Question {before}: is it in stock?")).await?;
    }
    olga.accepts().await?;
    paul.opens_panel().await?;
    let row = paul
        .sees_row("of Olga in Worked on", |row| {
            row.group.as_deref() == Some("Worked on") && row.owner.contains("Olga") && row.preview.contains(&question)
        })
        .await?;
    olga.answers(&reply).await?;
    ann.sees(&reply).await?;
    olga.closes().await?;
    paul.sees_no_row(&row.id).await?;
    paul.shows_tab("finished").await?;
    paul.sees_row("that is finished", |finished| finished.id == row.id).await?;
    ensure!(olga.fired_shortcuts().await?.is_empty(), "typing fired Gmail's shortcuts");
    Ok(())
}
