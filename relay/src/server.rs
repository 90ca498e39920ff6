//! Opening a relay, and serving it.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use bus::{AlarmClock, Doorbell, LocalAlarmClock, LocalDoorbell, LocalPresence, LocalRateLimiter, Presence, Ring};
use store::clock::Clock;
use store::{Appended, Listener, Store, StoreError};
use tokio::net::TcpListener;

use crate::config::Config;
use crate::fanout::Fanout;
use crate::jobs;
use crate::routes;
use crate::state::{AppState, Limits, Settings};
use crate::tasks::Tasks;

/// How long a shutdown waits for sockets and requests.
const DRAIN: Duration = Duration::from_secs(10);

/// A relay whose record is open.
pub struct Relay {
    state: AppState,
}

impl Relay {
    /// The record, for the command line and for tests.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.state.store
    }

    /// Who has a Gmail page open.
    #[must_use]
    pub fn presence(&self) -> Arc<dyn Presence> {
        Arc::clone(&self.state.presence)
    }

    /// All routes.
    pub fn router(&self) -> Router {
        routes::router(self.state.clone())
    }
}

/// Rings the doorbell and sets the alarm clock after each commit.
struct AfterCommit {
    doorbell: Arc<dyn Doorbell>,
    alarms: Arc<dyn AlarmClock>,
}

impl Listener for AfterCommit {
    fn appended(&self, events: Vec<Appended>) {
        for deadline in events.iter().filter_map(|event| event.deadline_at) {
            self.alarms.arm(deadline);
        }
        let rings = events.into_iter().map(|event| Ring {
            topic: event.topic,
            seq: event.frame.seq,
            frame: event.frame.frame,
            changes_access: event.frame.changes_access,
        });
        self.doorbell.ring(rings.collect());
    }
}

/// Opens the record and starts what runs beside the routes.
///
/// # Errors
/// What [`Store::open`] says.
pub async fn open(config: Config, clock: Arc<dyn Clock>) -> Result<Relay, StoreError> {
    let doorbell: Arc<dyn Doorbell> = Arc::new(LocalDoorbell::default());
    let alarms: Arc<dyn AlarmClock> = Arc::new(LocalAlarmClock::new(Arc::clone(&clock)));
    let rings = doorbell.listen();
    let store = Store::open(store::Options {
        database: config.database(),
        secret_key: config.secret_key,
        clock: Arc::clone(&clock),
        listener: Arc::new(AfterCommit { doorbell, alarms: Arc::clone(&alarms) }),
        max_pages: config.max_pages,
        batch_max: store::BATCH_MAX,
    })
    .await?;
    let (fanout, tasks) = (Arc::new(Fanout::default()), Tasks::new());
    tasks.spawn_job(Arc::clone(&fanout).run(rings));
    tasks.spawn_job(Arc::clone(&fanout).watch_heads(store.clone()));
    let presence: Arc<dyn Presence> = Arc::new(LocalPresence::new(Arc::clone(&clock)));
    let clocks = jobs::Clocks {
        store: store.clone(),
        clock: Arc::clone(&clock),
        alarms: Arc::clone(&alarms),
        presence: Arc::clone(&presence),
    };
    tasks.spawn_job(clocks.run());
    tasks.spawn_job(jobs::note_presence(store.clone(), Arc::clone(&presence)));
    let settings = Arc::new(Settings {
        public_url: config.public_url,
        extension_origins: config.extension_ids.iter().map(|id| format!("chrome-extension://{id}")).collect(),
        assets: config.assets,
    });
    let limits = Limits(Arc::new(LocalRateLimiter::new(Arc::clone(&clock))));
    Ok(Relay { state: AppState { store, clock, fanout, limits, settings, tasks, presence, alarms } })
}

/// Answers on the listener until `shutdown` is done; then says goaway to every socket, waits for what runs, at most 10 s, and closes
/// the record.
///
/// # Errors
/// What the listener says.
pub async fn serve(
    listener: TcpListener,
    relay: Relay,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let (tasks, store) = (relay.state.tasks.clone(), relay.state.store.clone());
    let stop = tasks.clone();
    let app = relay.router().into_make_service_with_connect_info::<SocketAddr>();
    drop(relay);
    let served = axum::serve(listener, app).with_graceful_shutdown(async move {
        shutdown.await;
        stop.stop();
    });
    let stopped = tasks.clone();
    tokio::select! {
        served = served => served?,
        () = async { stopped.stopped().await; tokio::time::sleep(DRAIN).await } => {
            tracing::warn!("some requests did not end in time");
        }
    }
    if tokio::time::timeout(DRAIN, tasks.ended()).await.is_err() {
        tracing::warn!("some sockets did not end in time");
    }
    store.close().await;
    Ok(())
}
