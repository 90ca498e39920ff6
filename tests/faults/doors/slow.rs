//! Requests that never end: a head that is not finished, a body that does not come, a stream that says nothing.

use std::net::SocketAddr;
use std::time::Duration;

use e2e::people::Person;
use futures_util::future::join_all;
use testkit::relay::Relay;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

/// How long a connection may be held by who does not say what he wants.
const HELD_AT_MOST: Duration = Duration::from_secs(20);
/// How often who is slow sends one more byte.
const TRICKLE_EVERY: Duration = Duration::from_millis(500);

/// Says something and then nothing more, or one letter now and then; gives what was answered and after how long the line was closed.
async fn dawdles(to: SocketAddr, said: String, trickle: Option<u8>) -> (String, Option<Duration>) {
    let begun = Instant::now();
    let (mut from, mut into) = TcpStream::connect(to).await.unwrap().into_split();
    into.write_all(said.as_bytes()).await.unwrap();
    let writing = async move {
        let mut every = interval(TRICKLE_EVERY);
        every.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while let Some(letter) = trickle {
            every.tick().await;
            // Who has closed reads no more.
            if into.write_all(&[letter]).await.is_err() {
                break;
            }
        }
        // Held open: the relay is to close it.
        std::future::pending::<()>().await;
    };
    let mut heard = Vec::new();
    let reading = from.read_to_end(&mut heard);
    let ended = timeout(HELD_AT_MOST, async {
        tokio::select! {
            // A connection that is reset has ended too.
            _ = reading => {}
            () = writing => {}
        }
    });
    let after = ended.await.ok().map(|()| begun.elapsed());
    (String::from_utf8_lossy(&heard).lines().next().unwrap_or_default().to_owned(), after)
}

/// Has all dawdle at once, and says who was held for too long.
async fn held_too_long(to: SocketAddr, cases: Vec<(&'static str, String, Option<u8>)>) -> Vec<&'static str> {
    let dawdling =
        cases.into_iter().map(|(what, said, trickle)| async move { (what, dawdles(to, said, trickle).await) });
    let mut held = Vec::new();
    for (what, (answer, after)) in join_all(dawdling).await {
        let told = after.map_or_else(|| "never".to_owned(), |after| format!("after {:.1} s", after.as_secs_f64()));
        println!("{what}: ended {told}, answered {answer:?}");
        if after.is_none() {
            held.push(what);
        }
    }
    held
}

/// A relay that runs, its address, and a visitor's token.
async fn relay() -> (Relay, SocketAddr, String) {
    let mut relay = Relay::new().unwrap();
    let project = relay.create_project("Kettle", "mira@example.com", &["https://shop.example"]).await.unwrap();
    relay.start().await.unwrap();
    let visitor = Person::visitor(&relay.url(), &project.channel_key).await;
    let to = relay.url().trim_start_matches("http://").parse().unwrap();
    (relay, to, visitor.token)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_that_never_ends_is_not_waited_for() {
    // design: faults, last row
    let (_relay, to, _) = relay().await;
    let head = "GET /healthz HTTP/1.1\r\nhost: x\r\n";
    let cases = vec![
        ("a letter", "G".to_owned(), None),
        ("a head that stops", head.to_owned(), None),
        ("a head that trickles", format!("{head}x-long: "), Some(b'a')),
        ("a second head that trickles", format!("{head}\r\n"), Some(b'G')),
    ];
    assert_eq!(held_too_long(to, cases).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_never_ends_is_not_waited_for_and_neither_is_a_first_frame() {
    // design: faults, last row
    let (_relay, to, token) = relay().await;
    let post = |path: &str, length: usize| {
        let head = format!("POST {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n");
        format!("{head}content-length: {length}\r\n\r\n{{")
    };
    let upgrade = "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
                   sec-websocket-key: bW9obmtpcGZlcmwhISEhIQ==\r\n\r\n";
    let cases = vec![
        ("a body that stops", post("/v1/widget/messages", 100), None),
        ("a body that trickles", post("/v1/widget/messages", 1_000), Some(b' ')),
        ("a body that nobody reads", post("/v1/mohnkipferl", 100), None),
        ("a body that says it is too large", post("/v1/widget/messages", 99_999_999), None),
        ("a stream that says nothing", format!("GET /v1/stream HTTP/1.1\r\nhost: x\r\n{upgrade}"), None),
    ];
    assert_eq!(held_too_long(to, cases).await, [""; 0]);
}
