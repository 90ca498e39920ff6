//! Who asks, where proxies stand between: which of them are believed, and which address counts.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use axum::http::HeaderMap;
use ipnet::{IpNet, Ipv4Net};

/// The header in which each proxy adds whom it was asked by.
///
/// `Forwarded` (RFC 7239) is not read: a proxy that writes one of the two passes on the other as the client sent it, so a relay that
/// believes both lets clients choose their address.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// The proxies that are believed when they say who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

/// A list of proxies that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidProxies {
    /// An entry is neither an address nor a network.
    #[error("{0:?} is neither an address nor a network: give a list such as 10.0.0.7,192.168.4.0/24,fd00::/8")]
    Entry(String),
    /// An entry is the whole internet.
    #[error("{0} would let everybody choose his address: name the proxies' own addresses or networks")]
    Everybody(IpNet),
}

impl Default for TrustedProxies {
    /// This machine's.
    fn default() -> Self {
        let four = Ipv4Net::new_assert(Ipv4Addr::new(127, 0, 0, 0), 8);
        Self(vec![four.into(), IpAddr::V6(Ipv6Addr::LOCALHOST).into()])
    }
}

impl FromStr for TrustedProxies {
    type Err = InvalidProxies;

    /// Reads addresses and networks parted by commas; an empty list believes nobody.
    fn from_str(text: &str) -> Result<Self, InvalidProxies> {
        let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        entries.map(network).collect::<Result<_, _>>().map(Self)
    }
}

fn network(entry: &str) -> Result<IpNet, InvalidProxies> {
    let address = || entry.parse::<IpAddr>().map(|address| IpNet::from(address.to_canonical()));
    let network = entry.parse::<IpNet>().or_else(|_| address()).map_err(|_| InvalidProxies::Entry(entry.to_owned()))?;
    if network.prefix_len() == 0 { Err(InvalidProxies::Everybody(network)) } else { Ok(network) }
}

impl TrustedProxies {
    /// Whoever a request came from.
    ///
    /// Each proxy adds the address that it was asked by at the right end, so the list is walked from there: proxies that are believed
    /// are passed over, and the first address that is none is the client. What stands further left is what the client says, and is never
    /// looked at. What is no address ends the walk at the last one that was.
    pub(crate) fn caller(&self, peer: Option<IpAddr>, headers: &HeaderMap) -> Caller {
        let Some(peer) = peer.map(|peer| peer.to_canonical()) else {
            return Caller { address: None, is_proxy: false };
        };
        let lines = headers.get_all(FORWARDED_FOR).iter().collect::<Vec<_>>();
        let entries = lines.iter().rev().flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
        let mut address = peer;
        for next in entries.map_while(said) {
            if !self.believes(address) {
                break;
            }
            address = next;
        }
        Caller { address: Some(address), is_proxy: self.believes(address) }
    }

    fn believes(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// An entry of the list: an address, which some proxies write with the port, and in brackets.
fn said(entry: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(entry).ok()?.trim();
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let address = bare.parse().or_else(|_| text.parse::<SocketAddr>().map(|address| address.ip()));
    address.ok().map(|address: IpAddr| address.to_canonical())
}

/// Whoever a request came from: a client, or a proxy that asks for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    /// Nothing where the listener does not tell.
    address: Option<IpAddr>,
    is_proxy: bool,
}

impl Caller {
    /// What rate limits by address go by. Of an IPv6 address only the first half counts, since one line has all of the second.
    pub(crate) fn counted(&self) -> String {
        match self.address {
            None => "unknown".to_owned(),
            Some(IpAddr::V4(address)) => address.to_string(),
            Some(IpAddr::V6(address)) => {
                let [a, b, c, d, ..] = address.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
        }
    }

    /// The whole address, as agents see it (I1). A proxy that asks for itself says nothing of where a client is; but who sits at this
    /// machine and tries things out is here.
    pub(crate) fn shown(&self) -> Option<String> {
        self.address.filter(|address| !self.is_proxy || address.is_loopback()).map(|address| address.to_string())
    }

    /// An address that a block can name (B6): a client's, of the internet. Others stand for whoever is behind a proxy that is not named
    /// in the settings, which would be everybody.
    pub(crate) fn nameable(&self) -> Option<String> {
        let is_inner = match self.address? {
            IpAddr::V4(ip) => ip.is_loopback() || ip.is_private() || ip.is_link_local() || ip.is_unspecified(),
            IpAddr::V6(ip) => {
                ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local() || ip.is_unspecified()
            }
        };
        (!is_inner && !self.is_proxy).then(|| self.counted())
    }
}

#[cfg(test)]
mod tests;
