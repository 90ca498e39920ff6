//! Temporary.
use testkit::chromium::{Browser, Launch};
use testkit::gmail::*;
use std::time::Duration;
#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let gmail = Gmail::start(Setup::new("Olga", "olga@fennimore.example")).await?;
    let ext = std::env::var("DESKSIDE_EXTENSION")?;
    let b = Browser::launch(&Launch { gmail_port: Some(gmail.port()), extension: Some(ext.into()), ..Launch::default() }).await?;
    let plain = gmail.setup();
    for h in Headers::ALL {
        gmail.show(Setup{headers:h, ..plain.clone()});
        b.driver().goto(Gmail::url()).await?; b.driver().refresh().await?;
        tokio::time::sleep(Duration::from_millis(2000)).await;
        b.run("document.querySelector('deskside-rail').shadowRoot.querySelector('button').click()").await?;
        tokio::time::sleep(Duration::from_millis(1500)).await;
        let t = b.devtools()?.targets().await?;
        println!("{h:?} isolated {} {:?}", b.run("return crossOriginIsolated").await?, t.iter().map(|t| format!("{} {}", t.kind, t.url)).collect::<Vec<_>>());
        b.screenshot(std::path::Path::new(&format!("/tmp/a_look/coep-{h:?}.png"))).await?;
    }
    for l in b.driver().browser_log().await? { println!("{l:?}"); }
    b.close().await
}
