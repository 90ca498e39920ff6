//! How the widget's files travel.

use std::fs;

use e2e::world::World;
use reqwest::StatusCode;
use reqwest::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, VARY};

#[tokio::test]
async fn a_widgets_file_goes_as_it_was_packed_to_browsers_that_take_it() {
    let world = World::new().await;
    let http = reqwest::Client::new();
    let asks = async |codings: &str| {
        let url = format!("{}/widget/assets/boot.js", world.url);
        let answer = http.get(url).header(ACCEPT_ENCODING, codings).send().await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        let text = |name| headers.get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
        let facts = [text(CONTENT_ENCODING), text(CONTENT_TYPE), text(VARY)];
        (status, facts, answer.bytes().await.unwrap())
    };
    assert_eq!(asks("gzip").await.0, StatusCode::NOT_FOUND);

    let plain = "// a script that is long enough to be packed\n".repeat(40);
    fs::create_dir_all(world.assets().join("widget")).unwrap();
    fs::write(world.assets().join("widget/boot.js"), &plain).unwrap();
    let (status, facts, body) = asks("gzip, br").await;
    assert_eq!((status, facts[0].as_str()), (StatusCode::OK, "gzip"), "packed on its way");
    assert!(body.len() < plain.len() / 4, "{} bytes", body.len());

    fs::create_dir_all(world.assets().join("packed")).unwrap();
    fs::write(world.assets().join("packed/boot.js.gz"), b"as it was packed").unwrap();
    let (status, facts, body) = asks("br, gzip;q=0.8").await;
    assert_eq!((status, &body[..]), (StatusCode::OK, &b"as it was packed"[..]));
    assert_eq!(facts, ["gzip", "text/javascript", "accept-encoding"]);
    let (status, facts, body) = asks("identity, gzip;q=0").await;
    assert_eq!((status, facts[0].as_str(), &body[..]), (StatusCode::OK, "", plain.as_bytes()));
}
