//! What a proxy is believed, and what nobody else is.

use axum::http::HeaderValue;
use proptest::prelude::*;

use super::*;

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn trusting(list: &str) -> TrustedProxies {
    list.parse().unwrap()
}

/// Headers with these lines of `X-Forwarded-For`.
fn lines<T: AsRef<[u8]>>(lines: &[T]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in lines {
        headers.append(FORWARDED_FOR, HeaderValue::from_bytes(line.as_ref()).unwrap());
    }
    headers
}

fn counted(proxies: &str, peer: &str, forwarded: &[&str]) -> String {
    trusting(proxies).caller(Some(ip(peer)), &lines(forwarded)).counted()
}

#[test]
fn only_a_proxy_that_is_named_is_believed() {
    let own = TrustedProxies::default();
    let said = lines(&["198.51.100.1"]);
    assert_eq!(own.caller(Some(ip("127.0.0.1")), &said).counted(), "198.51.100.1");
    assert_eq!(own.caller(Some(ip("127.8.9.1")), &said).counted(), "198.51.100.1");
    assert_eq!(own.caller(Some(ip("::ffff:127.0.0.1")), &said).counted(), "198.51.100.1");
    assert_eq!(own.caller(Some(ip("::1")), &lines(&["2001:db8:1:2:3:4:5:6"])).counted(), "2001:db8:1:2::/64");
    assert_eq!(own.caller(Some(ip("203.0.113.7")), &said).counted(), "203.0.113.7");
    assert_eq!(own.caller(Some(ip("::ffff:203.0.113.7")), &said).counted(), "203.0.113.7");
    assert_eq!(own.caller(Some(ip("10.0.0.2")), &said).counted(), "10.0.0.2");
    assert_eq!(own.caller(None, &said).counted(), "unknown");
    assert_eq!(counted("", "127.0.0.1", &["198.51.100.1"]), "127.0.0.1", "nobody is believed");
}

#[test]
fn the_list_is_walked_from_the_right_past_proxies_to_the_first_who_is_none() {
    let proxies = "10.0.0.0/8,2001:db8:ff::/48,192.0.2.9";
    assert_eq!(counted(proxies, "10.0.0.2", &["203.0.113.7"]), "203.0.113.7");
    assert_eq!(counted(proxies, "10.0.0.2", &["198.51.100.1, 203.0.113.7"]), "203.0.113.7");
    assert_eq!(counted(proxies, "10.0.0.2", &["203.0.113.7, 192.0.2.9,2001:db8:ff::5, 10.9.9.9"]), "203.0.113.7");
    assert_eq!(counted(proxies, "10.0.0.2", &["198.51.100.1", "203.0.113.7", "192.0.2.9, 10.0.0.3"]), "203.0.113.7");
    assert_eq!(counted(proxies, "10.0.0.2", &["10.0.0.4, 10.0.0.3"]), "10.0.0.4", "a proxy asks for itself");
    assert_eq!(counted(proxies, "10.0.0.2", &[]), "10.0.0.2");
    assert_eq!(counted(proxies, "10.0.0.2", &["203.0.113.7, ::ffff:192.0.2.9"]), "203.0.113.7");
}

#[test]
fn what_is_no_address_ends_the_walk_at_the_last_one() {
    for garbage in ["", " ", "unknown", "_hidden", "203.0.113", "203.0.113.7.8", "fe80::1%eth0", "\"203.0.113.7\""] {
        let line = format!("198.51.100.1, {garbage}, 10.0.0.3");
        assert_eq!(counted("10.0.0.0/8", "10.0.0.2", &[&line]), "10.0.0.3", "{garbage:?}");
        assert_eq!(counted("10.0.0.0/8", "10.0.0.2", &[garbage]), "10.0.0.2", "{garbage:?}");
    }
    let not_utf8 = lines(&[b"198.51.100.1, \xff\xfe".as_slice()]);
    assert_eq!(trusting("10.0.0.2").caller(Some(ip("10.0.0.2")), &not_utf8).counted(), "10.0.0.2");
}

#[test]
fn ports_and_brackets_are_read_as_some_proxies_write_them() {
    for (written, read) in [
        ("203.0.113.7:4711", "203.0.113.7"),
        ("[2001:db8:1:2::3]", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::3]:4711", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
    ] {
        assert_eq!(counted("10.0.0.2", "10.0.0.2", &[written]), read);
    }
}

#[test]
fn a_block_names_clients_of_the_internet_only() {
    // B6
    let nameable = |proxies: &str, peer: &str| trusting(proxies).caller(Some(ip(peer)), &HeaderMap::new()).nameable();
    for inner in
        ["127.0.0.1", "10.0.0.7", "172.17.0.1", "192.168.1.5", "169.254.0.1", "::1", "fd00:1:2:3::4", "fe80::1"]
    {
        assert_eq!(nameable("", inner), None, "{inner}");
    }
    assert_eq!(TrustedProxies::default().caller(None, &HeaderMap::new()).nameable(), None);
    assert_eq!(nameable("", "203.0.113.7").as_deref(), Some("203.0.113.7"));
    assert_eq!(nameable("", "2001:db8:1:2::3").as_deref(), Some("2001:db8:1:2::/64"));
    assert_eq!(nameable("203.0.113.0/24", "203.0.113.7"), None, "a proxy's address stands for everybody behind it");
}

#[test]
fn a_list_that_cannot_be_taken_says_what_would_be() {
    assert_eq!(trusting(" 10.0.0.7 , fd00::/8,, "), trusting("10.0.0.7/32,fd00::/8"));
    assert_eq!(trusting(""), TrustedProxies(Vec::new()));
    assert_eq!(trusting("127.0.0.0/8,::1"), TrustedProxies::default());
    for bad in ["caddy", "10.0.0.0/33", "10.0.0.7/", "10.0.0", "10.0.0.1 10.0.0.2"] {
        let error = bad.parse::<TrustedProxies>().unwrap_err().to_string();
        assert!(error.contains(bad) && error.contains("such as 10.0.0.7"), "{error}");
    }
    for everybody in ["0.0.0.0/0", "::/0", "10.0.0.1,0.0.0.0/0"] {
        assert!(matches!(everybody.parse::<TrustedProxies>(), Err(InvalidProxies::Everybody(_))), "{everybody}");
    }
}

/// Anything that a header line can hold, addresses of proxies and others among it.
fn a_line() -> impl Strategy<Value = Vec<u8>> {
    let entry = prop_oneof![
        3 => any::<IpAddr>().prop_map(|ip| ip.to_string()),
        3 => (0..4u8, any::<u8>()).prop_map(|(net, host)| proxy(net, host).to_string()),
        1 => any::<SocketAddr>().prop_map(|address| address.to_string()),
        1 => Just(String::new()),
        1 => "[0-9a-f:.\\[\\]/%\" ]{0,20}",
    ];
    let list = prop::collection::vec(entry, 0..6).prop_map(|entries| entries.join(",").into_bytes());
    let bytes = prop::collection::vec(prop_oneof![Just(b','), Just(b' '), 32..=126u8, 128..=255u8], 0..40);
    prop_oneof![4 => list, 1 => bytes]
}

/// A proxy of one of our networks.
fn proxy(net: u8, host: u8) -> IpAddr {
    match net {
        0 => IpAddr::from([10, 0, 0, host]),
        1 => IpAddr::from([192, 0, 2, host]),
        2 => IpAddr::from([0x2001, 0xdb8, 0xff, 0, 0, 0, 0, u16::from(host)]),
        _ => IpAddr::from([127, 0, 0, host]),
    }
}

const PROXIES: &str = "10.0.0.0/24,192.0.2.0/24,2001:db8:ff::/64,127.0.0.0/24";

proptest! {
    /// An attacker sends what he likes, through any chain of proxies that each add whom they were asked by: it is his own address that
    /// counts, so he chooses none, and never counts as a proxy.
    #[test]
    fn whoever_is_no_proxy_counts_under_his_own_address_whatever_he_sends(
        attacker in any::<IpAddr>().prop_map(|ip| ip.to_canonical()),
        sent in prop::collection::vec(a_line(), 0..4),
        chain in prop::collection::vec((0..4u8, any::<u8>(), any::<bool>()), 0..4),
    ) {
        let proxies = trusting(PROXIES);
        prop_assume!(!proxies.believes(attacker));
        let (mut peer, mut received) = (attacker, sent);
        for (net, host, joins) in chain {
            // A proxy adds to the last line, or writes a line of its own.
            let added = peer.to_string().into_bytes();
            match received.last_mut().filter(|_| joins) {
                Some(last) => last.extend([b", ".as_slice(), &added].concat()),
                None => received.push(added),
            }
            peer = proxy(net, host);
        }
        let caller = proxies.caller(Some(peer), &lines(&received));
        prop_assert_eq!(caller, Caller { address: Some(attacker), is_proxy: false });
    }

    /// Whatever stands in the header, the address is the peer's or one that stands there, and a block never names a proxy.
    #[test]
    fn nobody_gets_a_proxy_blocked(peer in any::<IpAddr>(), sent in prop::collection::vec(a_line(), 0..4)) {
        let proxies = trusting(PROXIES);
        let caller = proxies.caller(Some(peer), &lines(&sent));
        let address = caller.address.unwrap();
        let stands_there = |line: &Vec<u8>| line.split(|byte| *byte == b',').any(|entry| said(entry) == Some(address));
        prop_assert!(address == peer.to_canonical() || sent.iter().any(stands_there));
        prop_assert_eq!(caller.is_proxy, proxies.believes(address));
        prop_assert!(!(caller.is_proxy && caller.nameable().is_some()));
    }
}
