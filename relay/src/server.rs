//! Opening a relay, and serving it.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use bus::{AlarmClock, Bus, Doorbell, Presence, Ring};
use files::Files;
use store::clock::Clock;
use store::{Appended, Batch, Listener, Store};
use tokio::net::TcpListener;

use crate::config::Config;
use crate::connections;
use crate::fanout::Fanout;
use crate::health::Health;
use crate::jobs;
use crate::lock::DataLock;
use crate::metrics::door::Door;
use crate::metrics::{self, Metrics};
use crate::open_error::OpenError;
use crate::routes;
use crate::state::{AppState, Limits, Settings};
use crate::tasks::Tasks;
use crate::turns::Turns;
use crate::uploads::Uploads;

/// So long a relay that is one of several serves on while `/readyz` says that it stops: whoever spreads requests asks every second.
const NOTICE: Duration = Duration::from_secs(2);
/// How long a shutdown waits for sockets and requests.
const DRAIN: Duration = Duration::from_secs(10);

/// Why a relay ends by itself.
const REPLACED: &str =
    "a backup was restored in the record's place while this relay was cut off from it; start it again";

/// A relay whose record is open.
pub struct Relay {
    state: AppState,
    /// Held as long as the relay lives.
    lock: Option<DataLock>,
    metrics_on: Option<TcpListener>,
}

impl Relay {
    /// Answers `GET /metrics` on a listener of its own for as long as the relay is served.
    pub fn answer_metrics_on(&mut self, listener: TcpListener) {
        self.metrics_on = Some(listener);
    }

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
    record: metrics::Record,
}

impl Listener for AfterCommit {
    fn appended(&self, events: Vec<Appended>) {
        self.record.appended(events.len());
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

    fn batch_ended(&self, batch: &Batch) {
        self.record.batch_ended(batch);
    }
}

/// Opens the record and starts what runs beside the routes.
///
/// # Errors
/// [`OpenError`] says what of the setup cannot be right, or why the record cannot be opened.
pub async fn open(config: Config, clock: Arc<dyn Clock>) -> Result<Relay, OpenError> {
    let lock = locked(&config)?;
    let uploads = Uploads::new(Files::open(config.files_url.as_deref(), &config.data)?, config.file_limit);
    let mut bus = match config.redis.clone() {
        None => Bus::local(&clock),
        Some(_) if config.database_url.is_none() => return Err(OpenError::RedisWithoutPostgres),
        Some(redis) => Bus::redis(redis, &clock),
    };
    let rings = bus.doorbell.listen();
    let metrics = Arc::new(Metrics::new(Arc::clone(&bus.health)));
    let (doorbell, alarms) = (Arc::clone(&bus.doorbell), Arc::clone(&bus.alarms));
    let store = Store::open(store::Options {
        database: config.database(),
        secret_key: config.secret_key,
        clock: Arc::clone(&clock),
        listener: Arc::new(AfterCommit { doorbell, alarms, record: metrics.record.clone() }),
        max_pages: config.max_pages,
        batch_max: store::BATCH_MAX,
    })
    .await?;
    let health = Health::new(Arc::clone(&bus.health));
    let tasks = Tasks::new();
    if config.compares_clocks {
        compare_clocks(&health, &store, Arc::clone(&clock), &tasks).await?;
    }
    bus.jobs.drain(..).for_each(|job| tasks.spawn_job(job));
    let fanout = Arc::new(Fanout::counted(metrics.passed.clone()));
    tasks.spawn_job(Arc::clone(&fanout).run(rings));
    tasks.spawn_job(Arc::clone(&fanout).watch_heads(store.clone()));
    tasks.spawn_job(health.clone().watch_record(store.clone()));
    let settings = Arc::new(Settings {
        public_url: config.public_url,
        extension_origins: config.extension_ids.iter().map(|id| format!("chrome-extension://{id}")).collect(),
        assets: config.assets,
        trusted_proxies: config.trusted_proxies,
        gmail_places: config.gmail_places.if_newer(),
        file_limit: config.file_limit,
    });
    let Bus { doorbell, alarms, presence, rates, .. } = bus;
    let limits = Limits { rates, turns: Turns::default(), requests: metrics.requests.clone() };
    let state = AppState {
        store,
        clock,
        fanout,
        limits,
        uploads,
        settings,
        tasks,
        presence,
        alarms,
        doorbell,
        health,
        metrics,
    };
    start_clocks(&state);
    Ok(Relay { state, lock, metrics_on: None })
}

/// Holds this machine's clock against the record's, now and from now on.
async fn compare_clocks(health: &Health, store: &Store, clock: Arc<dyn Clock>, tasks: &Tasks) -> Result<(), OpenError> {
    health.compare(store, &*clock).await?;
    if !health.clocks_agree() {
        store.close().await;
        return Err(OpenError::ClocksApart(health.apart_ms()));
    }
    tasks.spawn_job(health.clone().watch(store.clone(), clock));
    Ok(())
}

/// SQLite has one relay, which holds the folder's lock.
fn locked(config: &Config) -> Result<Option<DataLock>, OpenError> {
    if config.database_url.is_some() {
        return Ok(None);
    }
    match DataLock::take(&config.data) {
        Ok(Some(lock)) => Ok(Some(lock)),
        Ok(None) => Err(OpenError::Occupied(config.data.clone())),
        Err(why) => Err(OpenError::Lock { folder: config.data.clone(), why }),
    }
}

/// Deadlines and signs of life.
fn start_clocks(state: &AppState) {
    let clocks = jobs::Clocks {
        store: state.store.clone(),
        clock: Arc::clone(&state.clock),
        alarms: Arc::clone(&state.alarms),
        presence: Arc::clone(&state.presence),
    };
    state.tasks.spawn_job(clocks.run());
    state.tasks.spawn_job(jobs::make_up_for_search(state.store.clone()));
    state.tasks.spawn_job(jobs::forget_visits(state.store.clone(), Arc::clone(&state.clock)));
    let (store, files) = (state.store.clone(), state.uploads.files().clone());
    state.tasks.spawn_job(jobs::purge_files(store, files, Arc::clone(&state.clock)));
    state.tasks.spawn_job(jobs::note_presence(state.store.clone(), Arc::clone(&state.presence)));
}

/// Answers on the listener until `shutdown` is done; then says goaway to every socket, waits for what runs, at most 10 s, and closes
/// the record.
///
/// # Errors
/// What the listener says, or that a backup was restored in the record's place: the relay is to be started anew.
pub async fn serve(
    listener: TcpListener,
    mut relay: Relay,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let AppState { metrics, store, health, .. } = relay.state.clone();
    let (door, metrics_on) = (Door { metrics, store, health }, relay.metrics_on.take());
    tokio::select! {
        served = serve_all(listener, relay, shutdown) => served,
        // To the end, so that a shutdown is seen too.
        failed = door.serve(metrics_on) => failed,
    }
}

async fn serve_all(
    listener: TcpListener,
    relay: Relay,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let (tasks, store) = (relay.state.tasks.clone(), relay.state.store.clone());
    let health = relay.state.health.clone();
    let app = relay.router();
    let Relay { state, lock, .. } = relay;
    drop(state);
    let noticed = async {
        shutdown.await;
        health.stops();
        if health.bus.is_shared() {
            tokio::time::sleep(NOTICE).await;
        }
    };
    let ended = tokio::select! {
        () = connections::take(listener, app, &tasks) => Ok(()),
        () = noticed => Ok(()),
        () = health.replaced() => Err(std::io::Error::other(REPLACED)),
    };
    tasks.stop();
    if tokio::time::timeout(DRAIN, tasks.ended()).await.is_err() {
        tracing::warn!("some requests or sockets did not end in time");
    }
    store.close().await;
    drop(lock);
    ended
}
