//! Online and Offline in real browsers, against a real clock.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use testkit::World;
use testkit::agent::Agent;
use testkit::chromium::{Launch, PATIENCE};
use testkit::contact::Contact;
use testkit::eventually;
use tokio::time::interval;

/// From a change of presence to a colleague's screen (P8), and from a message to the alert of a hidden page (N7).
const AT_ONCE: Duration = Duration::from_secs(2);
/// "Turn off online mode" at its shortest, and what the relay and the colleague may take.
const MINUTE: Duration = Duration::from_secs(80);
/// How long a hidden page is watched at least, two minutes of it slowed; and how far apart its ticks are then, in milliseconds.
const HIDDEN: Duration = Duration::from_secs(180);
const SLOW_MS: f64 = 30_000.0;

#[tokio::test(flavor = "multi_thread")]
async fn going_offline_by_hand_asks_once_and_says_why() -> Result<()> {
    World::run("offline", async |world| {
        let olga = world.agent("Olga").await?;
        let paul = world.agent("Paul").await?;
        let ann = world.contact("Ann").await?;
        ann.writes("Is the oak desk in stock?").await?;
        olga.sees_popup("oak desk").await?.click().await?;
        olga.accepts().await?;
        reads(&paul, "oak desk").await?;

        // P11: whoever stays Online or answers once is not asked again.
        olga.leaves().await?;
        olga.answers_leaving("Cancel").await?;
        olga.sees_himself("Online").await?;
        olga.leaves().await?;
        olga.answers_leaving("Return to New").await?;
        let left = Instant::now();
        olga.sees_himself("Offline").await?;
        // Live: the one whom he has before him is nobody's, and can be taken.
        paul.browser().find_test("accept").await?;
        let took = left.elapsed();
        ensure!(took < AT_ONCE, "it took {took:?} to be in New at Paul's");
        paul.sees_row("in New", |row| row.group.as_deref() == Some("New")).await?;
        // P8, A4
        paul.sees_offered("Olga", false, AT_ONCE).await?;
        // P10
        let why = olga.asks_why_offline().await?;
        ensure!(why.starts_with("Switched off by you at "), "Olga reads {why:?}");

        // P3: neither another page nor the panel makes him Online; the button does (P1, P8).
        olga.opens_gmail().await?;
        olga.opens_panel().await?;
        olga.sees_himself("Offline").await?;
        olga.goes_online().await?;
        paul.sees_offered("Olga", true, AT_ONCE).await?;
        olga.leaves().await?;
        olga.is_not_asked().await?;
        olga.sees_himself("Offline").await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_last_page_closed_he_is_offline_when_his_time_is_over() -> Result<()> {
    World::run_waiting("last-page", async |world| {
        let olga = world.agent("Olga").await?;
        let paul = world.agent("Paul").await?;
        sets_one_minute(&olga).await?;
        let ann = world.contact("Ann").await?;
        ann.writes("Hello").await?;
        reads(&paul, "Hello").await?;
        paul.accepts().await?;
        paul.sees_offered("Olga", true, AT_ONCE).await?;

        // P5, P6: with another tab of the browser left, and not before the minute is over.
        olga.closes_last_gmail_page().await?;
        let closed = Instant::now();
        paul.sees_offered("Olga", false, MINUTE).await?;
        let lasted = closed.elapsed();
        ensure!(lasted > Duration::from_secs(55), "Online lasted {lasted:?}");

        // P3, P10
        olga.opens_gmail().await?;
        olga.opens_panel().await?;
        olga.sees_himself("Offline").await?;
        let why = olga.asks_why_offline().await?;
        ensure!(why.starts_with("Your last Gmail page was closed at "), "Olga reads {why:?}");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_page_with_slow_timers_stays_online_and_is_alerted_at_once() -> Result<()> {
    World::run_waiting("hidden", async |world| {
        let olga = world.agent_in("Olga", Launch { slows_hidden_pages_soon: true, ..Launch::default() }).await?;
        let paul = world.agent("Paul").await?;
        sets_one_minute(&olga).await?;
        let ann = world.contact("Ann").await?;
        ann.writes("Hello").await?;
        reads(&paul, "Hello").await?;

        // P9: without his page's lease, his minute would be over twice.
        olga.browser().run(TICK).await?;
        let devtools = olga.browser().devtools()?;
        olga.opens_another_tab().await?;
        let (page, hidden) = (devtools.target("page", "/mail/u/0/").await?, Instant::now());
        let (mut slowest_ms, mut looks) = (Some(0.0), interval(Duration::from_secs(1)));
        while hidden.elapsed() < HIDDEN || slowest_ms < Some(SLOW_MS) {
            let offered = paul.sees_offered("Olga", true, AT_ONCE).await;
            offered.with_context(|| format!("hidden for {:?}", hidden.elapsed()))?;
            slowest_ms = devtools.evaluate(&page, SLOWEST).await?.as_f64();
            ensure!(hidden.elapsed() < 2 * HIDDEN, "the page is not slow: at most {slowest_ms:?} ms between two ticks");
            looks.tick().await;
        }
        alerts_at_once(&olga, &ann).await
    })
    .await
}

/// Ticks each second, as far as the browser lets a page, and keeps the longest time between two ticks.
const TICK: &str = "
window.__last = performance.now();
window.__slowest = 0;
setInterval(() => {
  window.__slowest = Math.max(__slowest, performance.now() - __last);
  window.__last = performance.now();
}, 1000);";
/// The longest time between two ticks so far, in milliseconds, while the page is hidden.
const SLOWEST: &str = "document.hidden ? Math.max(__slowest, performance.now() - __last) : 0";

/// N7: a new client's message sounds in the hub, although no page of Gmail is visible.
async fn alerts_at_once(olga: &Agent, ann: &Contact) -> Result<()> {
    let devtools = olga.browser().devtools()?;
    let before = devtools.hub().await?;
    let written = Instant::now();
    ann.writes("Is anybody there?").await?;
    eventually("a sound", PATIENCE, || async { Ok((devtools.hub().await?.n_sounds > before.n_sounds).then_some(())) })
        .await?;
    let took = written.elapsed();
    ensure!(took < AT_ONCE, "the sound took {took:?}");
    Ok(())
}

/// Opens the wide panel at the conversation whose last message this is.
async fn reads(agent: &Agent, text: &str) -> Result<()> {
    agent.opens_panel().await?;
    agent.widens().await?;
    let row = agent.sees_row("with it", |row| row.preview.contains(text)).await?;
    agent.opens_row(&row).await
}

/// "Turn off online mode" after a minute; Online or not, he stays as he is.
async fn sets_one_minute(agent: &Agent) -> Result<()> {
    agent.opens_control_panel().await?;
    agent.sets_minutes("Turn off online mode", 1).await?;
    agent.opens_gmail().await
}
