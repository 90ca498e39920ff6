//! A new message's id: a small twin of `domain::id::MessageId`, checked against it by a test.

use alloc::string::String;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const N_CHARS: u32 = 26;
const TIME_MASK: u64 = 0xffff_ffff_ffff;

/// `msg_`, then 48 bits of milliseconds and 80 random ones, five to a character.
#[must_use]
pub fn message_id(at: i64, random: [u32; 3]) -> String {
    let [first, second, third] = random.map(u64::from);
    let high = (at.max(0).unsigned_abs() & TIME_MASK) << 16 | third & 0xffff;
    let bits = u128::from(high) << 64 | u128::from(first << 32 | second);
    let mut id = String::from("msg_");
    for place in (0..N_CHARS).rev() {
        let five = ((bits >> (5 * place)) & 31) as u8;
        id.push(char::from(ALPHABET[usize::from(five)]));
    }
    id
}

#[cfg(test)]
mod tests {
    use domain::id::MessageId;
    use domain::time::Timestamp;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_the_one_that_the_relay_would_make(at in 0_i64..1 << 47, random: [u32; 3]) {
            let [first, second, third] = random.map(u32::to_be_bytes);
            let mut bytes = [0; 10];
            bytes[..2].copy_from_slice(&third[2..]);
            bytes[2..6].copy_from_slice(&first);
            bytes[6..].copy_from_slice(&second);
            let theirs = MessageId::new(Timestamp::from_ms(at), bytes);
            prop_assert_eq!(message_id(at, random), theirs.as_str());
        }
    }
}
