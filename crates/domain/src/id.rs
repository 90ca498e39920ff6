//! Ids: a prefix that says what it names, then 26 characters that sort by time of making.
//!
//! The characters are Crockford's base 32 in lower case (48 bits of milliseconds, 80 random bits), so every
//! database and every language sorts ids alike, and a sender can make one before anything is stored.

use std::fmt;

use crate::time::Timestamp;

/// Length of the part after the prefix.
const BODY_LEN: usize = 26;
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The text was not an id of the wanted kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id of the form {prefix}… with {BODY_LEN} characters after it")]
pub struct InvalidId {
    /// The prefix that the id should have had.
    pub prefix: &'static str,
}

/// Writes the 26 characters for an instant and 80 random bits.
fn body(at: Timestamp, random: [u8; 10]) -> String {
    let mut bits: u128 = u128::from(at.as_ms().max(0).unsigned_abs() & 0xffff_ffff_ffff) << 80;
    for (position, byte) in random.into_iter().enumerate() {
        bits |= u128::from(byte) << (8 * (9 - position));
    }
    (0..BODY_LEN)
        .rev()
        .map(|place| char::from(ALPHABET[usize::try_from((bits >> (5 * place)) & 31).unwrap_or(0)]))
        .collect()
}

fn check(prefix: &'static str, text: &str) -> Result<(), InvalidId> {
    let rest = text.strip_prefix(prefix).ok_or(InvalidId { prefix })?;
    // The first character carries only three bits of a 128-bit number.
    let fits =
        rest.len() == BODY_LEN && rest.as_bytes()[0] <= b'7' && rest.bytes().all(|byte| ALPHABET.contains(&byte));
    if fits { Ok(()) } else { Err(InvalidId { prefix }) }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// What every id of this kind begins with.
            pub const PREFIX: &'static str = $prefix;

            /// Makes a new id from the time and 80 random bits.
            #[must_use]
            pub fn new(at: Timestamp, random: [u8; 10]) -> Self {
                Self(format!("{}{}", $prefix, body(at, random)))
            }

            /// Takes an id that came from outside.
            ///
            /// # Errors
            /// [`InvalidId`] if the prefix, the length or a character is wrong.
            pub fn parse(text: &str) -> Result<Self, InvalidId> {
                check($prefix, text).map(|()| Self(text.to_owned()))
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, InvalidId> {
                check($prefix, &text).map(|()| Self(text))
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }
    )*};
}

ids! {
    /// Names an agent, across all projects.
    AgentId = "agt_";
    /// Names a file that somebody uploaded; made by its sender.
    AttachmentId = "att_";
    /// Names a block of a contact.
    BlockId = "blk_";
    /// Names a channel of a project.
    ChannelId = "chn_";
    /// Names a contact (a client) of a project.
    ContactId = "con_";
    /// Names a conversation.
    ConversationId = "cnv_";
    /// Names an invitation.
    InvitationId = "inv_";
    /// Names a message; made by its sender.
    MessageId = "msg_";
    /// Names a note; made by its sender.
    NoteId = "not_";
    /// Names a project.
    ProjectId = "prj_";
    /// Names an HTTP request, for logs and error bodies.
    RequestId = "req_";
    /// Names a template; made by its sender.
    TemplateId = "tpl_";
    /// Names a token (an agent's device, or a visitor's).
    TokenId = "tok_";
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn ids_sort_by_time_and_parse_back(a in 0_i64..1 << 47, b in 0_i64..1 << 47, random: [u8; 10]) {
            let (first, second) = (MessageId::new(Timestamp::from_ms(a), random), MessageId::new(Timestamp::from_ms(b), random));
            prop_assert_eq!(a.cmp(&b), first.cmp(&second));
            prop_assert_eq!(MessageId::parse(first.as_str()), Ok(first));
        }

        #[test]
        fn any_text_either_parses_to_itself_or_is_refused(text in ".{0,40}") {
            if let Ok(id) = AgentId::parse(&text) {
                prop_assert_eq!(id.as_str(), text);
            }
        }
    }

    #[test]
    fn the_characters_are_the_time_and_then_the_random_bits() {
        let id = MessageId::new(Timestamp::from_ms(1), [0, 0, 0, 0, 0, 0, 0, 0, 1, 2]);
        assert_eq!(id.as_str(), "msg_00000000010000000000000082");
        let highest = MessageId::new(Timestamp::from_ms(0xffff_ffff_ffff), [0xff; 10]);
        assert_eq!(highest.as_str(), "msg_7zzzzzzzzzzzzzzzzzzzzzzzzz");
    }

    #[test]
    fn another_kind_upper_case_and_wrong_length_are_refused() {
        let id = AgentId::new(Timestamp::from_ms(5), [1; 10]);
        assert!(ChannelId::parse(id.as_str()).is_err());
        assert!(AgentId::parse(&id.as_str().to_uppercase()).is_err());
        assert!(AgentId::parse(&id.as_str()[..29]).is_err());
        assert!(AgentId::parse("agt_zzzzzzzzzzzzzzzzzzzzzzzzzz").is_err(), "more than 128 bits");
    }
}
