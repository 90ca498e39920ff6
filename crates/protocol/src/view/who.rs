//! How the small enums that name their kind among their fields are read.

use std::fmt::{self, Formatter};

use serde::Deserialize;
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// One of the small enums that name their kind among their fields, as it stands on the wire: read flat, without the buffer that serde
/// would make.
#[derive(Deserialize)]
pub(crate) struct Who {
    pub(crate) kind: String,
    #[serde(default, deserialize_with = "text_if_any")]
    pub(crate) agent_id: Option<String>,
    #[serde(default, deserialize_with = "text_if_any")]
    pub(crate) name: Option<String>,
}

/// A text, or nothing where something else stands: a kind that only a newer relay knows may have other fields of that name. A kind that is
/// known and needs the text is refused for want of it.
fn text_if_any<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    struct TextIfAny;
    impl<'de> Visitor<'de> for TextIfAny {
        type Value = Option<String>;

        fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
            f.write_str("anything")
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
            Ok(Some(text.to_owned()))
        }

        fn visit_bool<E: de::Error>(self, _: bool) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_i64<E: de::Error>(self, _: i64) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_u64<E: de::Error>(self, _: u64) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_f64<E: de::Error>(self, _: f64) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
            IgnoredAny.visit_seq(seq).map(|_| None)
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
            IgnoredAny.visit_map(map).map(|_| None)
        }
    }
    from.deserialize_any(TextIfAny)
}
