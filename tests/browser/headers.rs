//! Whatever headers Gmail sends, pop-up, panel and answer work (G2, G4: no code of ours needs the page's leave).

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use testkit::World;
use testkit::gmail::{Headers, Setup};

/// What came with the page, of the headers that say what it may do.
const CAME: &str = "
const done = arguments[arguments.length - 1];
const names = ['content-security-policy', 'cross-origin-embedder-policy', 'cross-origin-opener-policy', 'permissions-policy'];
fetch(location.href).then(({ headers }) => done(names.map((name) => headers.get(name))));";

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_goes_whatever_headers_gmail_sends() -> Result<()> {
    World::run("headers", async |world| {
        let olga = world.agent("Olga").await?;
        let ann = world.contact("Ann").await?;
        let mut seen: Vec<Value> = Vec::new();
        for headers in Headers::ALL {
            olga.gmail.show(Setup { headers, ..Setup::new(&olga.name, &olga.email) });
            olga.opens_gmail().await?;
            let came = olga.browser().driver().execute_async(CAME, Vec::new()).await?.json().clone();
            ensure!((came == json!([null, null, null, null])) == (headers == Headers::None), "{headers:?}: {came}");
            ensure!(!seen.contains(&came), "{headers:?} came as others before: {came}");
            seen.push(came);

            let answered = async {
                let (question, reply) = (format!("Is this {headers:?}?"), format!("It is {headers:?}."));
                ann.writes(&question).await?;
                olga.sees_popup(&question).await?.click().await?;
                olga.sees(&question).await?;
                if headers == Headers::None {
                    olga.accepts().await?;
                }
                olga.answers(&reply).await?;
                ann.sees(&reply).await.map(drop)
            };
            answered.await.with_context(|| format!("with the headers {headers:?}"))?;
        }
        Ok(())
    })
    .await
}
