//! The address of a Redis: one server, a cluster, or servers watched by sentinels.

use std::time::Duration;

use redis::aio::{MultiplexedConnection, PubSub};
use redis::cluster::{ClusterClient, ClusterClientBuilder};
use redis::cluster_async::ClusterConnection;
use redis::sentinel::{SentinelClient, SentinelClientBuilder, SentinelServerType};
use redis::{AsyncConnectionConfig, Client, ConnectionAddr, ConnectionInfo, IntoConnectionInfo as _, TlsCertificates};
use redis::{RedisResult, TlsMode};

/// How long a connection may take to stand, and an answer to come.
pub(crate) const WITHIN: Duration = Duration::from_secs(1);

/// Where Redis is and how it is reached. Its `Debug` shows no password.
#[derive(Clone)]
pub struct RedisAddress {
    kind: Kind,
    /// The authorities that may vouch for the servers, as PEM, in place of the bundled ones.
    ca: Option<Vec<u8>>,
}

#[derive(Clone)]
enum Kind {
    One(ConnectionInfo),
    Cluster(Vec<ConnectionInfo>),
    Sentinel { sentinels: Vec<ConnectionInfo>, master: String, db: i64 },
}

/// An address that cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0}; a Redis address is redis://host:6379, rediss://… with TLS, redis+cluster://host:6379,host:6379, or \
     redis+sentinel://host:26379,host:26379/master-name (rediss+… with TLS), with user:password@ before the first host if needed"
)]
pub struct InvalidAddress(String);

/// A connection that carries commands.
#[derive(Clone)]
pub(crate) enum Wire {
    One(MultiplexedConnection),
    Cluster(ClusterConnection),
}

impl std::fmt::Debug for RedisAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.to_string())
    }
}

impl std::fmt::Display for RedisAddress {
    /// The hosts alone.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let hosts =
            |nodes: &[ConnectionInfo]| nodes.iter().map(|node| node.addr().to_string()).collect::<Vec<_>>().join(",");
        match &self.kind {
            Kind::One(node) => write!(f, "Redis at {}", node.addr()),
            Kind::Cluster(nodes) => write!(f, "Redis cluster at {}", hosts(nodes)),
            Kind::Sentinel { sentinels, master, .. } => {
                write!(f, "Redis {master} behind the sentinels at {}", hosts(sentinels))
            }
        }
    }
}

impl RedisAddress {
    /// Reads an address.
    ///
    /// # Errors
    /// [`InvalidAddress`] says what is wrong and which forms there are. It repeats no password.
    pub fn parse(url: &str) -> Result<Self, InvalidAddress> {
        let wrong = |why: &str| InvalidAddress(why.to_owned());
        let (scheme, rest) = url.split_once("://").ok_or_else(|| wrong("the address has no scheme"))?;
        let (base, form) = scheme.split_once('+').unwrap_or((scheme, "one"));
        if !matches!(base, "redis" | "rediss") {
            return Err(wrong("the scheme is neither redis nor rediss"));
        }
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (who, hosts) = authority.rsplit_once('@').map_or(("", authority), |(who, hosts)| (who, hosts));
        let at = if who.is_empty() { "" } else { "@" };
        let nodes = |db: &str| -> Result<Vec<ConnectionInfo>, InvalidAddress> {
            let node = |host: &str| format!("{base}://{who}{at}{host}/{db}").into_connection_info();
            hosts
                .split(',')
                .map(|host| node(host).map_err(|_| wrong("a host, a password or a database cannot be read")))
                .collect()
        };
        let kind = match form {
            "one" => {
                let [node] =
                    <[_; 1]>::try_from(nodes(path)?).map_err(|_| wrong("several hosts need +cluster or +sentinel"))?;
                Kind::One(node)
            }
            "cluster" if path.is_empty() || path == "0" => Kind::Cluster(nodes("")?),
            "cluster" => return Err(wrong("a cluster has no numbered databases")),
            "sentinel" => {
                let (master, db) = path.split_once('/').unwrap_or((path, "0"));
                let db = db.parse().map_err(|_| wrong("the database is a number"))?;
                if master.is_empty() {
                    return Err(wrong("the master's name is missing"));
                }
                Kind::Sentinel { sentinels: nodes("")?, master: master.to_owned(), db }
            }
            _ => return Err(wrong("after + comes cluster or sentinel")),
        };
        Ok(Self { kind, ca: None })
    }

    /// The same, with authorities of one's own (PEM) in place of the bundled ones.
    #[must_use]
    pub fn trusting(mut self, ca: Option<Vec<u8>>) -> Self {
        self.ca = ca;
        self
    }

    /// Whether the keys are spread over several nodes.
    #[must_use]
    pub fn is_cluster(&self) -> bool {
        matches!(self.kind, Kind::Cluster(_))
    }

    /// The name of the master that sentinels watch, if they do.
    pub(crate) fn master_name(&self) -> Option<&str> {
        match &self.kind {
            Kind::Sentinel { master, .. } => Some(master),
            Kind::One(_) | Kind::Cluster(_) => None,
        }
    }

    /// A client of a node that another one named, reached as the first one is.
    ///
    /// # Errors
    /// What the library says of certificates.
    pub(crate) fn client_at(&self, host: &str, port: u16) -> RedisResult<Client> {
        let first = self.nodes().first().ok_or((redis::ErrorKind::InvalidClientConfig, "no node is named"))?;
        let place = match first.addr().clone() {
            ConnectionAddr::TcpTls { insecure, tls_params, .. } => {
                ConnectionAddr::TcpTls { host: host.to_owned(), port, insecure, tls_params }
            }
            ConnectionAddr::Tcp(..) | ConnectionAddr::Unix(_) => ConnectionAddr::Tcp(host.to_owned(), port),
            other => other,
        };
        self.client_of(&first.clone().set_addr(place))
    }

    /// What the address names: nodes of a cluster, sentinels, or the one server.
    fn nodes(&self) -> &[ConnectionInfo] {
        match &self.kind {
            Kind::One(node) => std::slice::from_ref(node),
            Kind::Cluster(nodes) | Kind::Sentinel { sentinels: nodes, .. } => nodes,
        }
    }

    fn certificates(&self) -> Option<TlsCertificates> {
        self.ca.clone().map(|ca| TlsCertificates { client_tls: None, root_cert: Some(ca) })
    }

    fn client_of(&self, node: &ConnectionInfo) -> RedisResult<Client> {
        match self.certificates() {
            Some(certificates) if matches!(node.addr(), ConnectionAddr::TcpTls { .. }) => {
                Client::build_with_tls(node.clone(), certificates)
            }
            _ => Client::open(node.clone()),
        }
    }

    /// A client of each server that the address names: nodes of a cluster, sentinels, or the one.
    ///
    /// # Errors
    /// What the library says of certificates.
    pub(crate) fn named(&self) -> RedisResult<Vec<Client>> {
        self.nodes().iter().map(|node| self.client_of(node)).collect()
    }

    /// A client of the server that is written to; of a cluster, of the node whose turn it is.
    pub(crate) async fn master(&self, turn: usize) -> RedisResult<Client> {
        match &self.kind {
            Kind::One(node) => self.client_of(node),
            Kind::Cluster(nodes) => self.client_of(&nodes[turn % nodes.len()]),
            Kind::Sentinel { sentinels, master, db } => self.watched(sentinels, master, *db)?.async_get_client().await,
        }
    }

    fn watched(&self, sentinels: &[ConnectionInfo], master: &str, db: i64) -> RedisResult<SentinelClient> {
        let addresses = sentinels.iter().map(|node| node.addr().clone());
        let mut builder =
            SentinelClientBuilder::new(addresses, master, SentinelServerType::Master)?.set_client_to_redis_db(db);
        let first = sentinels.first();
        if let Some(user) = first.and_then(|node| node.redis_settings().username()) {
            builder = builder.set_client_to_redis_username(user);
        }
        if let Some(password) = first.and_then(|node| node.redis_settings().password()) {
            builder = builder.set_client_to_redis_password(password);
        }
        if first.is_some_and(|node| matches!(node.addr(), ConnectionAddr::TcpTls { .. })) {
            builder =
                builder.set_client_to_redis_tls_mode(TlsMode::Secure).set_client_to_sentinel_tls_mode(TlsMode::Secure);
            if let Some(certificates) = self.certificates() {
                builder = builder
                    .set_client_to_redis_certificates(certificates.clone())
                    .set_client_to_sentinel_certificates(certificates);
            }
        }
        builder.build()
    }

    fn cluster(&self, nodes: &[ConnectionInfo]) -> RedisResult<ClusterClient> {
        let mut builder =
            ClusterClientBuilder::new(nodes.to_vec()).connection_timeout(WITHIN).response_timeout(WITHIN).retries(2);
        if let Some(certificates) = self.certificates() {
            builder = builder.certs(certificates);
        }
        builder.build()
    }

    /// Connects for commands.
    pub(crate) async fn connect(&self) -> RedisResult<Wire> {
        if let Kind::Cluster(nodes) = &self.kind {
            return Ok(Wire::Cluster(self.cluster(nodes)?.get_async_connection().await?));
        }
        let config =
            AsyncConnectionConfig::new().set_connection_timeout(Some(WITHIN)).set_response_timeout(Some(WITHIN));
        let client = self.master(0).await?;
        Ok(Wire::One(client.get_multiplexed_async_connection_with_config(&config).await?))
    }

    /// Connects for listening. A message that is published at any node of a cluster is heard at every one.
    pub(crate) async fn listen(&self, turn: usize) -> RedisResult<PubSub> {
        self.master(turn).await?.get_async_pubsub().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_understood_and_no_password_is_shown() {
        for (url, shown) in [
            ("redis://127.0.0.1", "Redis at 127.0.0.1:6379"),
            ("redis://mira:secret@cache.example:7000/2", "Redis at cache.example:7000"),
            ("rediss://:secret@cache.example:7000", "Redis at cache.example:7000"),
            ("redis+cluster://:secret@a.example:7000,b.example:7001", "Redis cluster at a.example:7000,b.example:7001"),
            (
                "redis+sentinel://:secret@a.example:26379,b.example/desk/3",
                "Redis desk behind the sentinels at a.example:26379,b.example:6379",
            ),
        ] {
            let address = RedisAddress::parse(url).unwrap();
            assert_eq!(address.to_string(), shown);
            assert!(!format!("{address:?}").contains("secret"));
        }
    }

    #[test]
    fn what_is_no_address_is_refused_with_the_forms() {
        for bad in [
            "",
            "localhost:6379",
            "postgres://a",
            "redis://a,b",
            "redis://a:port",
            "redis://a/first",
            "redis+cluster://a/2",
            "redis+sentinel://a",
            "redis+sentinel://a/desk/two",
            "redis+raft://a",
        ] {
            let error = RedisAddress::parse(bad).unwrap_err().to_string();
            assert!(error.contains("redis+sentinel://"), "{bad}: {error}");
        }
        let error = RedisAddress::parse("redis://:secret@a:port").unwrap_err().to_string();
        assert!(!error.contains("secret"), "{error}");
    }
}
