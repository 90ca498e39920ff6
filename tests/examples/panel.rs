//! How quick the panel is with 10,000 conversations and 10,000 messages in one: the first paint after the data, the main thread's time in a
//! frame while one scrolls, and what it holds. `cargo xtask bench panel`.

#![allow(clippy::print_stdout, reason = "it prints what it measured")]

use anyhow::{Context as _, Result, ensure};
use e2e::backups::sql;
use e2e::crowded;
use protocol::EXTENSION_ID;
use protocol::worker::AccountKey;
use serde_json::{Value, json};
use testkit::World;
use testkit::chromium::Browser;

const MANY: usize = 10_000;
const FIRST: &str = "cnv_00000000000000000000000001";
/// How often the panel is opened; the middle of them counts.
const OPENINGS: usize = 5;
/// How many frames one scrolls through, and how far in each.
const FRAMES: u32 = 300;
const STEP_PX: u32 = 90;

/// Milliseconds.
const FIRST_PAINT: f64 = 300.0;
const FRAME: f64 = 8.0;
const LONGEST: f64 = 50.0;

/// Notes when the first of the hub's frames comes, and when the first row has been painted.
const WATCH: &str = "
const runtime = globalThis.chrome?.runtime;
if (runtime?.connect) {
  const connect = runtime.connect.bind(runtime);
  runtime.connect = (...given) => {
    const port = connect(...given);
    port.onMessage.addListener((text) => { if (text.startsWith('{\\u0022frame')) window.__data ??= performance.now(); });
    return port;
  };
  new MutationObserver((_, observer) => {
    if (!document.querySelector('[data-testid=row]')) return;
    observer.disconnect();
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => { window.__painted = performance.now(); };
      port2.postMessage(0);
    });
  }).observe(document, { childList: true, subtree: true });
}";

/// What one measured, beside its budget.
fn print(what: &str, value: f64, budget: f64) -> bool {
    let fits = value <= budget;
    println!("  {what:<58} {value:>7.1} ms of {budget:>3.0} ms{}", if fits { "" } else { "  over the budget" });
    fits
}

/// Opens the panel in a window of its own; gives the time from the first data to the first paint.
async fn opens(browser: &Browser, url: &str) -> Result<f64> {
    browser.driver().goto("about:blank").await?;
    browser.driver().goto(url).await?;
    browser.find_test("row").await?;
    let script = "const done = arguments[arguments.length - 1];
        const look = () => window.__painted ? done(window.__painted - window.__data) : requestAnimationFrame(look);
        look();";
    let took = browser.driver().execute_async(script, Vec::new()).await?.json().as_f64();
    took.context("no data was seen to come")
}

/// The main thread's busy time so far, in milliseconds.
async fn busy_ms(browser: &Browser) -> Result<f64> {
    let told = browser.driver().cdp().send_raw("Performance.getMetrics", json!({})).await?;
    let metrics = told["metrics"].as_array().context("no metrics")?;
    let task = metrics.iter().find(|metric| metric["name"] == "TaskDuration");
    task.and_then(|task| task["value"].as_f64()).map(|seconds| seconds * 1_000.0).context("no time of tasks")
}

/// Scrolls an element frame by frame; gives the main thread's time in a frame, and the longest task over 50 ms.
async fn scrolls(browser: &Browser, css: &str, sign: &str) -> Result<(f64, f64)> {
    let script = format!(
        "const done = arguments[arguments.length - 1], list = document.querySelector('{css}');
         let n = 0, longest = 0;
         const observer = new PerformanceObserver((told) => told.getEntries().forEach(({{ duration }}) => {{ longest = Math.max(longest, duration); }}));
         observer.observe({{ type: 'longtask' }});
         const step = () => {{
           list.scrollTop {sign}= {STEP_PX};
           if (++n < {FRAMES}) requestAnimationFrame(step); else setTimeout(() => done(longest), 200);
         }};
         requestAnimationFrame(step);"
    );
    let before = busy_ms(browser).await?;
    let longest: Value = browser.driver().execute_async(&script, Vec::new()).await?.json().clone();
    let busy = busy_ms(browser).await? - before;
    Ok((busy / f64::from(FRAMES), longest.as_f64().context("no longest task")?))
}

async fn measure(world: &mut World) -> Result<()> {
    crowded::fill(&world.relay, MANY).await;
    crowded::writes_on(&world.relay, FIRST, MANY).await;
    let olga = world.agent("Olga").await?;
    let agent = sql(&world.relay, "SELECT id FROM agents").await.swap_remove(0);
    let account = AccountKey::new(&world.relay.url(), &agent).0.replace('|', "%7C");
    let url = format!("chrome-extension://{EXTENSION_ID}/extension/panel.html#account={account}");
    let browser = olga.browser();
    for (method, params) in
        [("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WATCH })), ("Performance.enable", json!({}))]
    {
        browser.driver().cdp().send_raw(method, params).await?;
    }
    let mut paints = Vec::new();
    for _ in 0..OPENINGS {
        paints.push(opens(browser, &url).await?);
    }
    paints.sort_by(f64::total_cmp);
    println!("{MANY} conversations, {MANY} messages in one, in a window of its own:");
    let mut fits = print("first paint after the first data", paints[OPENINGS / 2], FIRST_PAINT);
    let (frame, longest) = scrolls(browser, "#ds-conversations", "+").await?;
    fits &= print("main thread in a frame while the list is scrolled", frame, FRAME);
    fits &= print("  its longest task", longest, LONGEST);
    browser.run("document.getElementById('ds-conversations').scrollTop = 0;").await?;
    browser.click(&format!("[data-conversation-id=\"{FIRST}\"]")).await?;
    browser.find_test("message").await?;
    let (frame, longest) = scrolls(browser, ".ds-message-list__scroll", "-").await?;
    fits &= print("main thread in a frame while messages are scrolled up", frame, FRAME);
    fits &= print("  its longest task", longest, LONGEST);
    let n_loaded = browser.run("return document.querySelectorAll('[data-testid=message]').length;").await?;
    let devtools = browser.devtools()?;
    let page = devtools.targets().await?.into_iter().find(|target| target.url.contains("/panel.html"));
    let held = devtools.memory(&page.context("the panel is gone")?).await?;
    println!(
        "  {} nodes, {n_loaded} messages drawn; heap {:.0} KiB, wasm {:.0} KiB",
        held.n_nodes, held.heap_kb, held.wasm_kb
    );
    ensure!(fits, "over the budget");
    Ok(())
}

#[tokio::main]
async fn main() -> Result<()> {
    World::run_alone("bench-panel", measure).await
}
