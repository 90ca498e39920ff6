//! Over real sockets.

use std::io::ErrorKind;
use std::sync::Mutex;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::timeout;

use super::*;

const PATIENCE: Duration = Duration::from_secs(20);

/// A server whose ends of the connections the test holds.
struct Server {
    listener: TcpListener,
    proxy: Proxy,
    /// Open until the end.
    held: Mutex<Vec<(TcpStream, TcpStream)>>,
}

impl Server {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let proxy = Proxy::to(listener.local_addr().unwrap()).await.unwrap();
        Self { listener, proxy, held: Mutex::default() }
    }

    /// A new connection through the proxy: the client's end and the server's.
    async fn connection(&self) -> (TcpStream, TcpStream) {
        let client = TcpStream::connect(self.proxy.addr()).await.unwrap();
        let (server, _) = timeout(PATIENCE, self.listener.accept()).await.unwrap().unwrap();
        let mut pair = (client, server);
        // Once a byte has gone both ways the proxy carries it.
        assert!(carries(&mut pair).await);
        pair
    }

    /// Another connection that carries long enough for anything under way to arrive.
    async fn busy(&self) {
        let mut pair = self.connection().await;
        for _ in 0..100 {
            assert!(carries(&mut pair).await);
        }
        self.held.lock().unwrap().push(pair);
    }
}

/// Whether a byte goes there and back.
async fn carries((client, server): &mut (TcpStream, TcpStream)) -> bool {
    let there_and_back = async {
        client.write_all(b"?").await?;
        assert_eq!(server.read_u8().await?, b'?');
        server.write_all(b"!").await?;
        client.read_u8().await
    };
    matches!(timeout(PATIENCE, there_and_back).await.unwrap(), Ok(b'!'))
}

#[tokio::test]
async fn it_carries_bytes_and_ends() {
    let server = Server::start().await;
    let (mut near, mut far) = server.connection().await;
    let sent = vec![7; 1_000_000];
    let (mut received, mut answer) = (Vec::new(), Vec::new());
    let all = async {
        let write = async {
            near.write_all(&sent).await.unwrap();
            near.shutdown().await.unwrap();
        };
        tokio::join!(write, async { far.read_to_end(&mut received).await.unwrap() });
        far.write_all(b"still open this way").await.unwrap();
        drop(far);
        near.read_to_end(&mut answer).await.unwrap();
    };
    timeout(PATIENCE, all).await.unwrap();
    assert!(received == sent);
    assert_eq!(answer, b"still open this way");
    assert_eq!(server.proxy.counts(), Counts { n_connections: 1, ..Counts::default() });
    assert_eq!(server.proxy.cut().await, 0, "it is over");
}

#[tokio::test]
async fn a_cut_resets_both_sides() {
    let server = Server::start().await;
    let (one, other) = (server.connection().await, server.connection().await);
    assert_eq!(server.proxy.cut().await, 2);
    for mut socket in [one.0, one.1, other.0, other.1] {
        let read = timeout(PATIENCE, socket.read_u8()).await.unwrap();
        assert_eq!(read.unwrap_err().kind(), ErrorKind::ConnectionReset);
    }
    assert!(carries(&mut server.connection().await).await);
    assert_eq!(server.proxy.counts(), Counts { n_connections: 3, n_cut: 2, n_frozen: 0 });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frozen_connection_is_silent_and_never_ends() {
    let server = Server::start().await;
    let (mut near, mut far) = server.connection().await;
    assert_eq!(server.proxy.freeze().await, 1);
    near.write_all(b"lost").await.unwrap();
    far.write_all(b"lost").await.unwrap();
    server.busy().await;
    assert_eq!(server.proxy.cut().await, 1, "the busy one; the frozen one is left alone");
    for socket in [&near, &far] {
        assert_eq!(socket.try_read(&mut [0; 8]).unwrap_err().kind(), ErrorKind::WouldBlock);
    }
    drop(far);
    server.busy().await;
    assert_eq!(near.try_read(&mut [0; 8]).unwrap_err().kind(), ErrorKind::WouldBlock);
    assert_eq!(server.proxy.counts(), Counts { n_connections: 3, n_cut: 1, n_frozen: 1 });

    drop(server.proxy);
    let ended = timeout(PATIENCE, near.read_u8()).await.unwrap();
    assert!(matches!(ended.unwrap_err().kind(), ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset));
}

#[tokio::test]
async fn trouble_goes_on_until_its_guard_is_dropped() {
    let server = Server::start().await;
    let trouble = server.proxy.cut_every(Duration::from_millis(1), Fault::Cut);
    while server.proxy.counts().n_cut < 3 {
        let near = TcpStream::connect(server.proxy.addr()).await.unwrap();
        let (far, _) = timeout(PATIENCE, server.listener.accept()).await.unwrap().unwrap();
        let mut pair = (near, far);
        while carries(&mut pair).await {}
    }
    drop(trouble);
    let mut last = server.connection().await;
    for _ in 0..1_000 {
        assert!(carries(&mut last).await);
    }
}

#[tokio::test]
async fn a_server_that_is_away_looks_like_a_reset() {
    let Server { listener, proxy, .. } = Server::start().await;
    drop(listener);
    let mut near = TcpStream::connect(proxy.addr()).await.unwrap();
    let read = timeout(PATIENCE, near.read_u8()).await.unwrap();
    assert_eq!(read.unwrap_err().kind(), ErrorKind::ConnectionReset);
    assert_eq!(proxy.counts(), Counts::default());
}

#[tokio::test]
async fn what_is_delayed_arrives_later_in_order_and_with_its_end() {
    const DELAY: Duration = Duration::from_millis(150);
    let server = Server::start().await;
    let (mut near, mut far) = server.connection().await;
    server.proxy.delay(DELAY);
    let began = Instant::now();
    for byte in 0..100_u8 {
        near.write_all(&[byte]).await.unwrap();
    }
    near.shutdown().await.unwrap();
    let mut received = Vec::new();
    timeout(PATIENCE, far.read_to_end(&mut received)).await.unwrap().unwrap();
    assert_eq!(received, Vec::from_iter(0..100));
    assert!(began.elapsed() >= DELAY, "{:?}", began.elapsed());
    far.write_all(b"back").await.unwrap();
    let mut answer = [0; 4];
    timeout(PATIENCE, near.read_exact(&mut answer)).await.unwrap().unwrap();
    assert_eq!(&answer, b"back");
    assert!(began.elapsed() >= 2 * DELAY, "{:?}", began.elapsed());
}

#[tokio::test]
async fn without_a_delay_arrives_all_that_was_under_way() {
    let server = Server::start().await;
    let (mut near, mut far) = server.connection().await;
    server.proxy.delay(Duration::from_secs(3_600));
    near.write_all(b"one").await.unwrap();
    // By then the first is under way.
    let within = Duration::from_millis(200);
    assert!(timeout(within, far.read_u8()).await.is_err());
    server.proxy.delay(Duration::ZERO);
    near.write_all(b"two").await.unwrap();
    let mut received = [0; 6];
    timeout(PATIENCE, far.read_exact(&mut received)).await.unwrap().unwrap();
    assert_eq!(&received, b"onetwo");
}

#[tokio::test]
async fn new_connections_are_refused_and_old_ones_go_on() {
    let server = Server::start().await;
    let mut old = server.connection().await;
    server.proxy.refuse(true);
    let mut near = TcpStream::connect(server.proxy.addr()).await.unwrap();
    let read = timeout(PATIENCE, near.read_u8()).await.unwrap();
    assert_eq!(read.unwrap_err().kind(), ErrorKind::ConnectionReset);
    assert!(carries(&mut old).await);
    server.proxy.refuse(false);
    assert!(carries(&mut server.connection().await).await);
    assert_eq!(server.proxy.counts().n_connections, 2);
}

#[tokio::test]
async fn its_url_is_the_servers_with_another_address() {
    let url = "postgres://ann:p%40ss@127.0.0.1:5432/desk?options=-csearch_path%3Dx@y";
    let proxy = Proxy::before(url).await.unwrap();
    assert_eq!(proxy.url(), url.replace("127.0.0.1:5432", &proxy.addr().to_string()));
    let proxy = Proxy::to("127.0.0.1:80".parse().unwrap()).await.unwrap();
    assert_eq!(proxy.url(), format!("http://{}", proxy.addr()));
    for wrong in ["127.0.0.1:80", "http://127.0.0.1/x", "http://shop.example:80"] {
        assert!(Proxy::before(wrong).await.is_err(), "{wrong}");
    }
}
