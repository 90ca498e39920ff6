//! Temporary.
use testkit::chromium::{Browser, Launch};
use testkit::gmail::*;
#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let gmail = Gmail::start(Setup::new("Olga", "olga@fennimore.example")).await?;
    let b = Browser::launch(&Launch { gmail_port: Some(gmail.port()), ..Launch::default() }).await?;
    let plain = gmail.setup();
    for (name, setup, script) in [
        ("light", plain.clone(), ""),
        ("dark", Setup { dark: true, ..plain.clone() }, "standin.companion(true); standin.compose();"),
        ("rtl", Setup { rtl: true, language: "he", ..plain.clone() }, "standin.compose(); standin.compose();"),
        ("compact", Setup { compact: true, ..plain.clone() }, "standin.rail('collapsed');"),
        ("full", Setup { ..plain.clone() }, "standin.fillScreen();"),
        ("renamed", Setup { page: Page::StandIn { renamed: true }, ..plain.clone() }, "standin.companion(true);location.hash='#inbox/m3'"),
    ] {
        gmail.show(setup);
        b.driver().goto(Gmail::url()).await?;
        b.driver().refresh().await?;
        if !script.is_empty() { b.run(script).await?; }
        b.settles().await?;
        b.screenshot(std::path::Path::new(&format!("/tmp/a_look/{name}.png"))).await?;
    }
    gmail.show(plain.clone());
    for w in ["popout?th=1", "popout?a=1", "?view=pt"] {
        b.driver().goto(format!("{}{w}", Gmail::url())).await?;
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        b.screenshot(std::path::Path::new(&format!("/tmp/a_look/w{}.png", w.len()))).await?;
        println!("{:?} {:?}", b.driver().title().await?, b.run("return document.body.className").await?);
    }
    b.driver().goto(format!("{}#inbox?compose=new", Gmail::url())).await?;
    tokio::time::sleep(std::time::Duration::from_millis(2500)).await;
    println!("{}", b.run("return document.querySelectorAll('[role=dialog]').length").await?);
    for l in b.driver().browser_log().await? { println!("{l:?}"); }
    for h in Headers::ALL {
        gmail.show(Setup{headers:h, ..plain.clone()});
        b.driver().goto(Gmail::url()).await?; b.driver().refresh().await?;
        println!("{h:?} {}", b.run("return [document.querySelectorAll('.zA').length, document.styleSheets.length, getComputedStyle(document.body).backgroundColor, standin.nLayouts]").await?);
    }
    for l in b.driver().browser_log().await? { println!("{l:?}"); }
    b.close().await
}
