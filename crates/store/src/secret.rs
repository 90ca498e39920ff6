//! Tokens and codes: made at random, shown once, stored as a hash.

use domain::time::Timestamp;
use sha2::{Digest, Sha256};

/// Fills 10 random bytes for a new id.
///
/// # Panics
/// If the operating system has no randomness, which no program can survive.
#[must_use]
pub fn random_id_bytes() -> [u8; 10] {
    random()
}

/// Fills an array with random bytes.
///
/// # Panics
/// If the operating system has no randomness, which no program can survive.
#[must_use]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system has randomness");
    bytes
}

/// A new secret of 256 random bits behind a prefix that tells people and scanners what it is.
#[must_use]
pub fn new_secret(prefix: &str) -> String {
    format!("{prefix}{}", hex(&random::<32>()))
}

/// A new invitation code: 16 characters (80 random bits) in groups of four, easy to read aloud.
#[must_use]
pub fn new_code() -> String {
    let id = domain::id::InvitationId::new(Timestamp::from_ms(0), random_id_bytes());
    let body = &id.as_str()[id.as_str().len() - 16..];
    format!("{}-{}-{}-{}", &body[..4], &body[4..8], &body[8..12], &body[12..])
}

/// The hash under which a secret is stored and found.
#[must_use]
pub fn hash(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

/// Bytes as lower-case hex digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes every write");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_hash_alike() {
        let (one, two) = (new_secret("dsd_"), new_secret("dsd_"));
        assert_ne!(one, two);
        assert_eq!(one.len(), 68);
        assert_eq!(hash(&one), hash(&one));
        assert_eq!(hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn codes_have_80_random_bits_in_groups() {
        let code = new_code();
        assert_eq!(code.len(), 19);
        assert_eq!(code.matches('-').count(), 3);
        assert_ne!(code, new_code());
    }
}
