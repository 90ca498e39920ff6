//! What the extension costs a Gmail page before the first open (G4).

mod trace;

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use testkit::chromium::{Browser, Launch, PATIENCE};
use testkit::devtools::{Memory, Session};
use testkit::gmail::{Gmail, Setup};
use testkit::{World, eventually};

use trace::Trace;

/// How long a page is looked at: longer than all that is done once.
const LOOKED_AT_MS: u32 = 3_000;
/// A task that people feel, in milliseconds.
const LONG_TASK_MS: f64 = 50.0;
/// What the hosts, the launcher and the title may need.
const MOST_NODES: u64 = 60;
/// What a script's own world in a page and all that it keeps may need.
const MOST_HEAP_KB: f64 = 2_048.0;

/// What one load of a page took.
#[derive(Debug)]
struct Load {
    memory: Memory,
    trace: Trace,
    /// Of everything that the page itself asked for.
    requests: Vec<String>,
    /// Of everything that was compiled in its worlds.
    scripts: Vec<String>,
}

/// Loads Gmail once more in the tab that is in front, while Chromium writes down what happens.
async fn loads(browser: &Browser) -> Result<Load> {
    let devtools = browser.devtools()?;
    let page = devtools.target("page", "/mail/u/0/").await?;
    let mut session = devtools.attach(&page).await?;
    for domain in ["Network", "Debugger"] {
        session.call(&format!("{domain}.enable"), json!({})).await?;
    }
    session.told();
    let config = json!({ "transferMode": "ReportEvents", "traceConfig": { "includedCategories": trace::CATEGORIES } });
    session.call("Tracing.start", config).await?;
    reloads(browser, &mut session).await?;
    session.call("Tracing.end", json!({})).await?;
    let told = session.told_until("Tracing.tracingComplete").await?;

    let all =
        |method: &str| told.iter().filter(|told| told.method == method).map(|told| &told.params).collect::<Vec<_>>();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    // What comes from nowhere (`data:`) costs no request, and the order is the browser's.
    let urls = all("Network.requestWillBeSent").into_iter().map(|params| text(&params["request"]["url"]));
    let mut requests: Vec<String> = urls.filter(|url| !url.starts_with("data:")).collect();
    requests.sort();
    Ok(Load {
        trace: Trace::read(all("Tracing.dataCollected").into_iter().map(|params| &params["value"]))?,
        requests,
        scripts: all("Debugger.scriptParsed").into_iter().map(|params| text(&params["url"])).collect(),
        memory: devtools.memory(&page).await?,
    })
}

/// Loads the page again and waits until it is old enough; in the page, so that nobody asks it meanwhile.
async fn reloads(browser: &Browser, session: &mut Session) -> Result<()> {
    browser.run("window.__isOld = true;").await?;
    session.call("Page.reload", json!({})).await?;
    let script = format!(
        "const done = arguments[arguments.length - 1];
         if (window.__isOld) done(false);
         else setTimeout(done, {LOOKED_AT_MS} - performance.now(), true);"
    );
    eventually("the page to be loaded and old enough", PATIENCE, || async {
        // While the old page goes, the script goes with it.
        Ok((browser.driver().execute_async(&script, Vec::new()).await?.json() == true).then_some(()))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn before_the_first_open_gmail_does_not_feel_it() -> Result<()> {
    World::run_alone("cost", async |world| {
        let olga = world.agent("Olga").await?;
        let gmail = Gmail::start(Setup::new(&olga.name, &olga.email)).await?;
        let plain = Browser::launch(&Launch { gmail_port: Some(gmail.port()), ..Launch::default() }).await?;
        plain.driver().goto(Gmail::url()).await?;
        let without = loads(&plain).await?;
        plain.close().await?;
        olga.opens_gmail().await?;
        let with = loads(olga.browser()).await?;
        olga.launcher_says(|words| words.ends_with(", Online")).await?;

        let n_nodes = with.memory.n_nodes.saturating_sub(without.memory.n_nodes);
        let heap_kb = with.memory.heap_kb - without.memory.heap_kb;
        let (ours, longest) = (with.trace.ours_ms(), with.trace.longest_of_ours_ms());
        println!(
            "ours in the first {LOOKED_AT_MS} ms: {ours:.1} ms of the main thread, at most {longest:.1} ms in one task"
        );
        println!("more with the extension: {n_nodes} nodes, {heap_kb:.0} KiB of heap");
        println!(
            "Gmail's own longest task: {:.1} ms without, {:.1} ms with",
            without.trace.longest_ms(),
            with.trace.longest_ms()
        );

        ensure!(without.trace.ours_ms() == 0.0 && ours > 0.0, "ours is not told apart: {ours} ms with the extension");
        ensure!(longest < LONG_TASK_MS, "a task holds {longest:.1} ms of ours: {:#?}", with.trace);
        ensure!(n_nodes <= MOST_NODES, "the extension adds {n_nodes} nodes");
        ensure!(heap_kb <= MOST_HEAP_KB, "the extension adds {heap_kb:.0} KiB of heap");
        ensure!(with.requests == without.requests, "with: {:?}, without: {:?}", with.requests, without.requests);
        let own = |url: &&String| url.starts_with("chrome-extension://");
        ensure!(with.scripts.iter().filter(own).count() > 0, "no script of ours is among {:?}", with.scripts);
        let has_wasm = with.memory.wasm_kb > 0.0 || with.scripts.iter().any(|url| url.contains("wasm"));
        ensure!(!has_wasm, "wasm runs in Gmail's page: {:?}", with.scripts);
        let frames = olga.browser().devtools()?.targets().await?;
        ensure!(!frames.iter().any(|target| target.kind == "iframe"), "a frame stands in the page: {frames:?}");
        Ok(())
    })
    .await
}
