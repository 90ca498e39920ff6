//! The visit of the website, from its pages to the agents (I1, W3).

mod panel;
mod switches;

use anyhow::{Context as _, Result, ensure};
use e2e::people::Person;
use protocol::frame::{RelayFrame, SnapshotData};
use protocol::visit::{VisitBody, VisitView};
use testkit::World;
use testkit::chromium::{Launch, PATIENCE};
use testkit::contact::Contact;
use testkit::devtools::Session;
use testkit::eventually;

/// The pages that the tab has noted.
const NOTED: &str = "
const notes = Object.keys(sessionStorage).map((key) => JSON.parse(sessionStorage.getItem(key)).pages);
return notes.flat().map(({ url, title }) => [url.replace(location.origin, ''), title.length > 0]);";
/// The chat's frames, and whether the chat is before the visitor's eyes.
const FRAMES: &str = "
const root = document.querySelector('deskside-chat').shadowRoot;
return [root.querySelectorAll('iframe').length, root.querySelector('.panel').checkVisibility()];";

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_noted_in_the_tab_told_when_the_chat_is_used_and_followed_live() -> Result<()> {
    World::run("visit", async |world| {
        // I1 W3
        let olga = invited(world).await?;
        let ann = world.contact_in("Ann", Launch::default()).await?;
        ann.visits_shop().await?;
        let launcher = ann.visits_page("?cup=1#reviews").await?;
        let noted = ann.browser().run(NOTED).await?;
        ensure!(noted == serde_json::json!([["/", true], ["/?cup=1", true]]), "noted: {noted}");
        ensure!(ann.browser().run(FRAMES).await? == serde_json::json!([0, false]), "the chat is there already");

        launcher.click().await?;
        ann.enters_chat().await?;
        ann.browser().find_test("chat-input").await?;
        ann.writes("Is the blue one in stock?").await?;
        let contact = contact_of(&olga).await;
        let visit = sees(&olga, &contact, "?cup=1").await?;
        let start = visit.start_page.context("no first page")?;
        ensure!(start.url.ends_with("/") && start.title.starts_with("Fennimore"), "it began at {start:?}");
        ensure!((visit.n_pages, visit.pages.len(), visit.here) == (2, 2, true), "{:?}", visit.pages);
        ensure!(visit.browser.starts_with("Chrome ") && visit.browser.ends_with(" on Linux"), "{}", visit.browser);
        ensure!(
            visit.ip.as_deref() == Some("127.0.0.1") && visit.screen.is_some(),
            "{:?} {:?}",
            visit.ip,
            visit.screen
        );
        ensure!(visit.language.as_deref() == Some("en-US"), "{:?}", visit.language);

        // Another page without a load, and one with: the chat goes on behind its button.
        ann.browser().driver().enter_default_frame().await?;
        ann.browser().run("history.pushState(null, '', '/?basket'); document.title = 'Basket'; return null;").await?;
        let basket = sees(&olga, &contact, "?basket").await?.current_page.context("no page")?;
        ensure!(basket.title == "Basket", "{basket:?}");
        ann.visits_page("?cup=2").await?;
        let visit = sees(&olga, &contact, "?cup=2").await?;
        ensure!(visit.n_pages == 4 && visit.start_page.is_some_and(|page| page.url == start.url), "{:?}", visit.pages);
        ensure!(ann.browser().run(FRAMES).await? == serde_json::json!([1, false]), "it is not behind its button");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_not_to_be_tracked_is_neither_noted_nor_told_of() -> Result<()> {
    World::run("no-visit", async |world| {
        // W3
        let olga = invited(world).await?;
        let ann = world.contact_in("Ann", Launch { asks_not_to_track: true, ..Launch::default() }).await?;
        ann.visits_shop().await?;
        let said = ann.browser().run("return navigator.doNotTrack;").await?;
        ensure!(said == "1", "the browser says {said}");
        is_not_followed(&olga, &ann).await?;

        let bob = world.contact_in("Bob", Launch::default()).await?;
        bob.visits_shop().await?;
        eventually("notes of Bob's visit", PATIENCE, || async {
            let kept = bob.browser().run("return sessionStorage.length;").await?;
            Ok((kept == 1).then_some(()))
        })
        .await?;
        // Who objects in the midst of a visit takes its notes back.
        let _says_so = global_privacy_control(&bob).await?;
        bob.visits_shop().await?;
        let said = bob.browser().run("return navigator.globalPrivacyControl;").await?;
        ensure!(said == true, "the browser says {said}");
        is_not_followed(&olga, &bob).await
    })
    .await
}

/// The client uses the chat from the page that he is on, and the next; nothing is noted, and nothing told.
async fn is_not_followed(olga: &Person, client: &Contact) -> Result<()> {
    client.opens_chat().await?;
    client.writes("Hello").await?;
    client.sees_state("Hello", &["sent", "seen"]).await?;
    client.visits_page("?cup=1").await?;
    let kept = client.browser().run("return sessionStorage.length + localStorage.length;").await?;
    ensure!(kept == 0, "{} has {kept} things kept", client.name);
    ensure!(client.browser().run(FRAMES).await? == serde_json::json!([0, false]), "the chat goes on by itself");
    let contact = contact_of(olga).await;
    ensure!(visit(olga, &contact).await?.is_none(), "the relay was told of {}", client.name);
    olga.acts("close", &conversation_of(olga).await, &serde_json::json!({})).await.ok();
    Ok(())
}

/// Has every page of the browser say that its user sends Global Privacy Control, as long as the session is there.
async fn global_privacy_control(client: &Contact) -> Result<Session> {
    let devtools = client.browser().devtools()?;
    let page = devtools.target("page", "").await?;
    let mut session = devtools.attach(&page).await?;
    session.call("Page.enable", serde_json::json!({})).await?;
    let source = "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true });";
    session.call("Page.addScriptToEvaluateOnNewDocument", serde_json::json!({ "source": source })).await?;
    Ok(session)
}

/// An agent who asks the relay himself.
async fn invited(world: &World) -> Result<Person> {
    let (_, code) = world.invites("Olga").await?;
    Ok(Person::invited(&world.relay.url(), &code, "Olga").await)
}

/// The one open conversation, and its client.
async fn open(olga: &Person) -> (String, String) {
    let mut reader = olga.reads();
    reader
        .until("the conversation", |delivered| {
            delivered.frames.iter().find_map(|frame| match frame {
                RelayFrame::Snapshot(snapshot) => match &snapshot.data {
                    SnapshotData::Channel { conversations, .. } => {
                        conversations.first().map(|it| (it.id.clone(), it.contact.id.clone()))
                    }
                    _ => None,
                },
                RelayFrame::Event(event) => {
                    event.data.conversation.as_ref().map(|it| (it.id.clone(), it.contact.id.clone()))
                }
                _ => None,
            })
        })
        .await
}

async fn contact_of(olga: &Person) -> String {
    open(olga).await.1
}

async fn conversation_of(olga: &Person) -> String {
    open(olga).await.0
}

async fn visit(olga: &Person, contact: &str) -> Result<Option<VisitView>> {
    let body: VisitBody = serde_json::from_value(olga.get(&format!("/v1/contacts/{contact}/visit")).await.ok())?;
    Ok(body.visit)
}

/// Waits until the agent sees the client on this page.
async fn sees(olga: &Person, contact: &str, page: &str) -> Result<VisitView> {
    eventually(format!("the client on {page}"), PATIENCE, || async move {
        let visit = visit(olga, contact).await?;
        Ok(visit.filter(|visit| visit.current_page.as_ref().is_some_and(|current| current.url.ends_with(page))))
    })
    .await
}
