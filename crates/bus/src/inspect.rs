//! Questions to Redis that `deskside doctor` asks: each server by itself, and a round trip through all of it. Nothing lasting is written.

use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::future::join_all;
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, Cmd, FromRedisValue, RedisError, RedisResult};
use tokio::time::{Instant, timeout};

use crate::keys::Keys;
use crate::redis::RedisSettings;
use crate::redis::address::{WITHIN, Wire};

/// How long the whole of one answer may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(3);
/// So long what is written on the way round stays, if it is not taken away.
const KEPT_MS: i64 = 5_000;

/// What one server said, or why it said nothing.
#[derive(Clone, Debug)]
pub struct Said<T> {
    /// Its address, without a password.
    pub server: String,
    /// What it said; else the reason in words.
    pub said: Result<T, String>,
}

/// What was found out about a Redis.
#[derive(Clone, Debug)]
pub struct Inspection {
    /// The servers that hold keys.
    pub servers: Vec<Said<ServerFacts>>,
    /// The sentinels that watch over them, if there are any.
    pub sentinels: Vec<Said<SentinelFacts>>,
    /// How long it took to write, read and publish something, and to hear of it.
    pub round_trip: Result<Duration, String>,
}

/// What a server says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerFacts {
    /// `Redis` or `Valkey`.
    pub product: &'static str,
    /// Its version, such as `7.2.4`.
    pub version: String,
    /// Whether it is written to; else it follows another.
    pub is_master: bool,
    /// What it does when its memory is full, such as `noeviction`.
    pub eviction: String,
    /// The memory it uses.
    pub used_bytes: u64,
    /// The memory it may use; nothing if nobody set a limit.
    pub max_bytes: Option<u64>,
    /// Whether it keeps its data over a restart; nothing if it does not tell.
    pub keeps: Option<bool>,
    /// Whether all keys of its cluster are served; nothing without a cluster.
    pub cluster_is_ok: Option<bool>,
}

/// What a sentinel says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentinelFacts {
    /// Whether it knows a master by the name.
    pub knows_master: bool,
    /// Why the sentinels could not choose another master now, if they could not.
    pub no_quorum: Option<String>,
}

/// Asks all servers that the settings lead to, at once. Takes some seconds at most.
pub async fn inspect(settings: &RedisSettings) -> Inspection {
    let address = &settings.address;
    let (sentinels, clients) = match address.master_name() {
        Some(name) => {
            let asked = async |client: Client| said(&client, sentinel(&client, name)).await;
            let sentinels = join_all(address.named().unwrap_or_default().into_iter().map(asked)).await;
            (sentinels, timeout(ANSWER_WITHIN, address.master(0)).await.map(|master| master.map(|one| vec![one])))
        }
        None => (Vec::new(), Ok(address.named())),
    };
    let servers = match clients {
        Ok(Ok(clients)) => servers(settings, clients).await,
        Ok(Err(error)) => vec![Said { server: address.to_string(), said: Err(words(&error)) }],
        Err(_) => vec![Said { server: address.to_string(), said: Err(late()) }],
    };
    let round_trip = timeout(2 * ANSWER_WITHIN, round_trip(settings)).await;
    let round_trip = round_trip.map_err(|_| late()).and_then(|trip| trip.map_err(|error| words(&error)));
    Inspection { servers, sentinels, round_trip }
}

/// The servers that are named, and those that a cluster has beside them.
async fn servers(settings: &RedisSettings, named: Vec<Client>) -> Vec<Said<ServerFacts>> {
    let mut clients = named;
    if settings.address.is_cluster() {
        for client in clients.clone() {
            if let Ok(Ok(others)) = timeout(ANSWER_WITHIN, others(settings, &client)).await {
                let known: Vec<String> = clients.iter().map(shown).collect();
                clients.extend(others.into_iter().filter(|other| !known.contains(&shown(other))));
                break;
            }
        }
    }
    join_all(clients.iter().map(|client| said(client, server(client, settings.address.is_cluster())))).await
}

async fn said<T>(client: &Client, asked: impl Future<Output = RedisResult<T>>) -> Said<T> {
    let said = timeout(ANSWER_WITHIN, asked).await;
    let said = said.map_err(|_| late()).and_then(|said| said.map_err(|error| words(&error)));
    Said { server: shown(client), said }
}

fn shown(client: &Client) -> String {
    client.get_connection_info().addr().to_string()
}

fn late() -> String {
    "it does not answer in time".to_owned()
}

fn words(error: &RedisError) -> String {
    error.to_string()
}

async fn connected(client: &Client) -> RedisResult<MultiplexedConnection> {
    let config = AsyncConnectionConfig::new().set_connection_timeout(Some(WITHIN)).set_response_timeout(Some(WITHIN));
    client.get_multiplexed_async_connection_with_config(&config).await
}

/// The other nodes of a cluster, as one of them knows them.
///
/// A line is `id host:port@bus-port[,name] flags …`.
async fn others(settings: &RedisSettings, client: &Client) -> RedisResult<Vec<Client>> {
    let mut connection = connected(client).await?;
    let text: String = redis::cmd("CLUSTER").arg("NODES").query_async(&mut connection).await?;
    let mut others = Vec::new();
    for line in text.lines().filter(|line| !line.contains("myself") && !line.contains("noaddr")) {
        let place = line.split(' ').nth(1).and_then(|place| place.split('@').next());
        let Some((host, port)) = place.and_then(|place| place.rsplit_once(':')) else { continue };
        if let Ok(port) = port.parse() {
            others.push(settings.address.client_at(host, port)?);
        }
    }
    Ok(others)
}

async fn server(client: &Client, is_cluster: bool) -> RedisResult<ServerFacts> {
    let mut connection = connected(client).await?;
    let text: String = redis::cmd("INFO").query_async(&mut connection).await?;
    let mut facts = facts(&text);
    if facts.keeps == Some(false) {
        // Snapshots are a setting, which a rented Redis may not tell.
        let asked = redis::cmd("CONFIG").arg("GET").arg("save").query_async::<Vec<String>>(&mut connection).await;
        facts.keeps = asked.ok().map(|save| save.get(1).is_some_and(|save| !save.is_empty()));
    }
    if is_cluster {
        let state: String = redis::cmd("CLUSTER").arg("INFO").query_async(&mut connection).await?;
        facts.cluster_is_ok = Some(state.lines().any(|line| line.trim() == "cluster_state:ok"));
    }
    Ok(facts)
}

fn facts(info: &str) -> ServerFacts {
    let field = |name: &str| info.lines().find_map(|line| line.trim().split_once(':').filter(|(key, _)| *key == name));
    let text = |name: &str| field(name).map(|(_, value)| value.to_owned());
    let bytes = |name: &str| text(name).and_then(|value| value.parse().ok()).unwrap_or(0);
    let valkey = text("valkey_version");
    ServerFacts {
        product: if valkey.is_some() { "Valkey" } else { "Redis" },
        version: valkey.or_else(|| text("redis_version")).unwrap_or_default(),
        is_master: text("role").as_deref() == Some("master"),
        eviction: text("maxmemory_policy").unwrap_or_default(),
        used_bytes: bytes("used_memory"),
        max_bytes: Some(bytes("maxmemory")).filter(|max| *max > 0),
        keeps: text("aof_enabled").map(|enabled| enabled == "1"),
        cluster_is_ok: None,
    }
}

async fn sentinel(client: &Client, master: &str) -> RedisResult<SentinelFacts> {
    let mut connection = connected(client).await?;
    let ask = |what: &str| redis::cmd("SENTINEL").arg(what).arg(master).to_owned();
    let place: Option<(String, String)> = ask("GET-MASTER-ADDR-BY-NAME").query_async(&mut connection).await?;
    let quorum = ask("CKQUORUM").query_async::<String>(&mut connection).await;
    Ok(SentinelFacts { knows_master: place.is_some(), no_quorum: quorum.err().map(|error| words(&error)) })
}

/// Writes, reads and takes away a key, and publishes what a listener must hear.
async fn round_trip(settings: &RedisSettings) -> RedisResult<Duration> {
    let mark = store::secret::hex(&store::secret::random::<8>());
    let key = Keys::new(&settings.prefix).probe(&mark);
    let mut listener = settings.address.listen(0).await?;
    listener.subscribe(&key).await?;
    let mut wire = settings.address.connect().await?;
    let began = Instant::now();
    let set = redis::cmd("SET").arg(&key).arg(&mark).arg("PX").arg(KEPT_MS).to_owned();
    ask::<()>(&mut wire, &set).await?;
    let read: String = ask(&mut wire, redis::cmd("GET").arg(&key)).await?;
    ask::<()>(&mut wire, redis::cmd("DEL").arg(&key)).await?;
    ask::<()>(&mut wire, redis::cmd("PUBLISH").arg(&key).arg(&mark)).await?;
    let heard = listener.on_message().next().await.map(|message| message.get_payload::<String>()).transpose()?;
    if read == mark && heard.as_ref() == Some(&mark) {
        return Ok(began.elapsed());
    }
    Err((redis::ErrorKind::UnexpectedReturnType, "what was written did not come back").into())
}

async fn ask<T: FromRedisValue>(wire: &mut Wire, command: &Cmd) -> RedisResult<T> {
    match wire {
        Wire::One(wire) => command.query_async(wire).await,
        Wire::Cluster(wire) => command.query_async(wire).await,
    }
}
