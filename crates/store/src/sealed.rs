//! Sealed secrets: XChaCha20-Poly1305 under the operator's key.
//!
//! Format, in hex: version (1 byte, 1), key id (4 bytes, the first of the key's SHA-256), nonce (24 bytes), ciphertext with tag. What it
//! belongs to (an owner such as a channel's id, and a field) is authenticated, so a sealed value moved elsewhere does not open.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use sha2::{Digest, Sha256};

use crate::error::StoreError;
use crate::secret::{hex, random};

const VERSION: u8 = 1;
const HEAD_LEN: usize = 5;
const NONCE_LEN: usize = 24;

/// The operator's secret key.
#[derive(Clone)]
pub struct SecretKey([u8; 32]);

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

/// Why a sealed value did not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Not of the format, or of a newer version.
    #[error("not a sealed value of this version")]
    Format,
    /// Sealed under another key.
    #[error("sealed under another key")]
    OtherKey,
    /// Changed, or moved to another owner or field.
    #[error("the sealed value does not belong here or was changed")]
    Forged,
}

impl SecretKey {
    /// Makes a new key.
    #[must_use]
    pub fn generate() -> Self {
        Self(random())
    }

    /// Takes a key as 64 hex digits.
    ///
    /// # Errors
    /// [`StoreError::SecretKey`] in words if it is anything else.
    pub fn from_hex(text: &str) -> Result<Self, StoreError> {
        let bytes = unhex(text.trim()).and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        bytes.map(Self).ok_or_else(|| StoreError::SecretKey("it must be 64 hexadecimal digits (32 bytes)".to_owned()))
    }

    /// The key as 64 hex digits, for the key file.
    #[must_use]
    pub fn to_hex(&self) -> String {
        hex(&self.0)
    }

    /// Seals a secret for one field of one owner.
    ///
    /// # Panics
    /// Never: XChaCha20-Poly1305 takes any text shorter than 256 GiB.
    #[must_use]
    pub fn seal(&self, owner: &str, field: &str, secret: &[u8]) -> String {
        let nonce: [u8; NONCE_LEN] = random();
        let aad = aad(owner, field);
        let payload = Payload { msg: secret, aad: &aad };
        let text = self.cipher().encrypt(&XNonce::from(nonce), payload).expect("the text is short");
        let mut bytes = vec![VERSION];
        bytes.extend(self.key_id());
        bytes.extend(nonce);
        bytes.extend(text);
        hex(&bytes)
    }

    /// Opens what [`SecretKey::seal`] made for the same field of the same owner.
    ///
    /// # Errors
    /// [`SealError`].
    pub fn open(&self, owner: &str, field: &str, sealed: &str) -> Result<Vec<u8>, SealError> {
        let bytes = unhex(sealed).ok_or(SealError::Format)?;
        let (head, rest) = bytes.split_at_checked(HEAD_LEN).ok_or(SealError::Format)?;
        if head[0] != VERSION {
            return Err(SealError::Format);
        }
        if head[1..] != self.key_id() {
            return Err(SealError::OtherKey);
        }
        let (nonce, text) = rest.split_at_checked(NONCE_LEN).ok_or(SealError::Format)?;
        let nonce = XNonce::from(<[u8; NONCE_LEN]>::try_from(nonce).map_err(|_| SealError::Format)?);
        let aad = aad(owner, field);
        self.cipher().decrypt(&nonce, Payload { msg: text, aad: &aad }).map_err(|_| SealError::Forged)
    }

    fn key_id(&self) -> [u8; 4] {
        let hash = Sha256::digest(self.0);
        [hash[0], hash[1], hash[2], hash[3]]
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&Key::from(self.0))
    }
}

fn aad(owner: &str, field: &str) -> Vec<u8> {
    [owner.as_bytes(), &[0], field.as_bytes()].concat()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0)?;
    Some(digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_sealed_opens_only_where_it_belongs(secret: Vec<u8>, at in 0_usize..200) {
            let key = SecretKey::generate();
            let sealed = key.seal("chn_a", "token", &secret);
            prop_assert_eq!(key.open("chn_a", "token", &sealed), Ok(secret.clone()));
            prop_assert_eq!(key.open("chn_b", "token", &sealed), Err(SealError::Forged));
            prop_assert_eq!(key.open("chn_a", "secret", &sealed), Err(SealError::Forged));
            prop_assert_eq!(SecretKey::generate().open("chn_a", "token", &sealed), Err(SealError::OtherKey));
            let mut bent = sealed.into_bytes();
            let at = at % bent.len();
            bent[at] = if bent[at] == b'0' { b'1' } else { b'0' };
            prop_assert!(key.open("chn_a", "token", &String::from_utf8(bent).unwrap()).is_err());
        }

        #[test]
        fn any_text_is_refused_not_a_panic(text in ".{0,120}") {
            prop_assert!(SecretKey::generate().open("a", "b", &text).is_err());
        }
    }

    #[test]
    fn a_key_reads_back_and_does_not_print() {
        let key = SecretKey::generate();
        assert_eq!(SecretKey::from_hex(&key.to_hex()).unwrap().to_hex(), key.to_hex());
        assert_eq!(format!("{key:?}"), "SecretKey(…)");
        assert!(SecretKey::from_hex("abc").is_err());
    }
}
