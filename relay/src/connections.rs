//! Connections: taking them, and ending those on which nobody says what he wants.
//!
//! hyper has a limit for heads too, but counts the time between two requests as part of the second one's head: it would have to be as
//! long as proxies keep a connection, or end connections that a proxy is about to use.

use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::{Instant, sleep};

use crate::tasks::Tasks;

/// How long a request may take from its first byte to the end of its headers.
const HEAD_WITHIN: Duration = Duration::from_secs(10);
/// How long nothing may be asked or taken: longer than proxies keep a connection (Caddy 120 s), so that none sends into one that ends.
const IDLE_AT_MOST: Duration = Duration::from_secs(150);
/// How often a connection is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How long to wait when the system has no connection to give.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// How many connections may wait to be taken, as far as the system lets them: after a network was away everybody comes back at once, and
/// whoever finds no room tries again after a second.
const WAITING_MAX: u32 = 4_096;

/// Listens on an address.
pub(crate) fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // One that was just here may have left connections that linger.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(WAITING_MAX)
}

/// Takes connections and answers on each, until dropped. Those that were taken end by themselves once the tasks are told to stop.
pub(crate) async fn take(listener: TcpListener, app: Router, tasks: &Tasks) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => tasks.spawn(answer(stream, peer, app.clone(), tasks.clone())),
            Err(error) if is_the_others(&error) => {}
            Err(error) => {
                tracing::error!(cause = %error, "no connection can be taken; raise the limit of open files if it is reached");
                sleep(RETRY_AFTER).await;
            }
        }
    }
}

/// Whether the other side went away before it was answered.
fn is_the_others(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

async fn answer(stream: TcpStream, peer: SocketAddr, app: Router, tasks: Tasks) {
    // Each write is a whole answer or batch of events. Without this the system would keep back a small one until the one before it is
    // acknowledged, which the other side may put off by 40 ms.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(cause = %error, "a connection went away at once");
        return;
    }
    let watch = Arc::new(Watch::new());
    let io = TokioIo::new(Watched { stream, watch: Arc::clone(&watch) });
    let app = TowerToHyperService::new(app);
    let service = service_fn(|mut request: Request<Incoming>| {
        watch.turns(Doing::Answering);
        request.extensions_mut().insert(ConnectInfo(peer));
        let answered = app.call(request);
        async {
            let response = answered.await;
            watch.turns(Doing::Nothing);
            response
        }
    });
    let mut connection = pin!(http1::Builder::new().serve_connection(io, service).with_upgrades());
    let mut stopped = pin!(tasks.stopped());
    let mut stops = false;
    loop {
        tokio::select! {
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    // Whoever went away or sent what is no HTTP has had his answer.
                    tracing::trace!(cause = %error, "a connection ended");
                }
                return;
            }
            () = watch.tires() => return,
            () = &mut stopped, if !stops => {
                stops = true;
                connection.as_mut().graceful_shutdown();
            }
        }
    }
}

/// What happens on a connection.
#[derive(Clone, Copy)]
enum Doing {
    /// Nothing is asked, or the other side takes what it asked for.
    Nothing,
    /// A request has begun to come.
    Hearing,
    /// A request is answered.
    Answering,
}

/// Since when something happens on a connection.
struct Watch(Mutex<(Doing, Instant)>);

impl Watch {
    fn new() -> Self {
        Self(Mutex::new((Doing::Nothing, Instant::now())))
    }

    fn turns(&self, doing: Doing) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = (doing, Instant::now());
    }

    /// Bytes came: a request begins with the first of them.
    fn heard(&self) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(state.0, Doing::Nothing) {
            *state = (Doing::Hearing, Instant::now());
        }
    }

    /// Bytes went.
    fn told(&self) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(state.0, Doing::Nothing) {
            state.1 = Instant::now();
        }
    }

    /// Waits until something has happened for too long.
    async fn tires(&self) {
        loop {
            sleep(LOOK_EVERY).await;
            let (doing, since) = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let at_most = match doing {
                Doing::Nothing => IDLE_AT_MOST,
                Doing::Hearing => HEAD_WITHIN,
                // Bodies and handlers have limits of their own.
                Doing::Answering => Duration::MAX,
            };
            if since.elapsed() >= at_most {
                return;
            }
        }
    }
}

/// A stream that tells its watch what goes and comes.
struct Watched {
    stream: TcpStream,
    watch: Arc<Watch>,
}

impl AsyncRead for Watched {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        let before = into.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, into);
        if into.filled().len() > before {
            self.watch.heard();
        }
        read
    }
}

impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        if written.is_ready() {
            self.watch.told();
        }
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[std::io::IoSlice<'_>],
    ) -> Poll<std::io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        if written.is_ready() {
            self.watch.told();
        }
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::timeout;

    use super::*;

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    /// After how long a watch tires.
    async fn tired_after(watch: &Watch) -> Option<Duration> {
        let begun = Instant::now();
        timeout(DAY, watch.tires()).await.ok().map(|()| begun.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn a_head_is_waited_for_however_slowly_it_comes_and_a_quiet_connection_much_longer() {
        let watch = Watch::new();
        assert_eq!(tired_after(&watch).await, Some(IDLE_AT_MOST));
        watch.turns(Doing::Nothing);
        watch.heard();
        let trickles = async {
            loop {
                sleep(Duration::from_secs(1)).await;
                watch.heard();
            }
        };
        tokio::select! {
            after = tired_after(&watch) => assert_eq!(after, Some(HEAD_WITHIN)),
            () = trickles => {}
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_is_answered_and_who_takes_what_he_asked_for_is_left_alone() {
        let watch = Watch::new();
        watch.heard();
        watch.turns(Doing::Answering);
        watch.heard();
        assert_eq!(tired_after(&watch).await, None);
        watch.turns(Doing::Nothing);
        let takes = async {
            for _ in 0..1_000 {
                sleep(Duration::from_secs(1)).await;
                watch.told();
            }
        };
        let both = async { tokio::join!(takes, tired_after(&watch)).1 };
        assert_eq!(both.await, Some(Duration::from_secs(1_000) + IDLE_AT_MOST));
    }
}
