//! Questions to the system that may never be answered.

use tokio::sync::oneshot;

/// Asks on a thread of its own, which is left behind if the answer does not come: a disk over a network that is away holds up whoever
/// touches it, and the runtime would wait for a thread of its own.
pub(super) async fn on_thread<T: Send + 'static>(ask: impl FnOnce() -> T + Send + 'static) -> std::io::Result<T> {
    let (tell, told) = oneshot::channel();
    std::thread::Builder::new().name("doctor".to_owned()).spawn(move || drop(tell.send(ask())))?;
    told.await.map_err(|_| std::io::Error::other("the question itself failed"))
}
