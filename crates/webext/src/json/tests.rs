//! The small reader against `serde_json`: whatever the one takes, the other takes as the same.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Unreadable, read, write};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Alone,
    Inside(String),
    Pair(i64, bool),
    Named { deep: Vec<Kind>, number: Option<u64> },
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Key(String);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Whole {
    text: String,
    key: Key,
    small: u32,
    below: i64,
    large: u64,
    #[serde(default)]
    is_left_out: bool,
    map: BTreeMap<String, i32>,
    kinds: Vec<Kind>,
    nothing: Option<()>,
    two: (u8, String),
}

fn kind() -> impl Strategy<Value = Kind> {
    let leaf = prop_oneof![
        Just(Kind::Alone),
        any::<String>().prop_map(Kind::Inside),
        any::<(i64, bool)>().prop_map(|(number, is)| Kind::Pair(number, is)),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let deep = prop::collection::vec(inner, 0..3);
        (deep, any::<Option<u64>>()).prop_map(|(deep, number)| Kind::Named { deep, number })
    })
}

prop_compose! {
    fn whole()(
        text in any::<String>(), key in any::<String>(), small in any::<u32>(), below in any::<i64>(), large in any::<u64>(),
        map in any::<BTreeMap<String, i32>>(), kinds in prop::collection::vec(kind(), 0..4), two in any::<(u8, String)>(),
    ) -> Whole {
        Whole { text, key: Key(key), small, below, large, is_left_out: large % 2 == 0, map, kinds, nothing: None, two }
    }
}

/// Any JSON, with numbers that have fractions too.
fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..4).prop_map(Value::from_iter),
        ]
    })
}

proptest! {
    #[test]
    fn what_was_written_is_read(whole in whole()) {
        prop_assert_eq!(read::<Whole>(&write(&whole).unwrap()).unwrap(), whole.clone());
        // Space and other fields, of any kind, change nothing.
        prop_assert_eq!(read::<Whole>(&serde_json::to_string_pretty(&whole).unwrap()).unwrap(), whole);
    }

    #[test]
    fn fields_that_nobody_knows_are_read_over(whole in whole(), newer in json()) {
        let mut object = serde_json::to_value(&whole).unwrap();
        object["a newer field"] = newer;
        prop_assert_eq!(read::<Whole>(&object.to_string()).unwrap(), whole);
    }

    #[test]
    fn a_text_that_is_cut_or_spoilt_is_unreadable_or_read_as_serde_json_does(whole in whole(), at in any::<prop::sample::Index>(), by in any::<char>()) {
        let text = write(&whole).unwrap();
        let places: Vec<usize> = text.char_indices().map(|(place, _)| place).collect();
        let place = places[at.index(places.len())];
        let next = places.iter().copied().find(|next| *next > place).unwrap_or(text.len());
        prop_assert_eq!(read::<Whole>(&text[..place]), Err(Unreadable));
        let spoilt = format!("{}{by}{}", &text[..place], &text[next..]);
        prop_assert_eq!(read::<Whole>(&spoilt).ok(), serde_json::from_str::<Whole>(&spoilt).ok());
    }

    #[test]
    fn any_text_is_read_without_harm(text in r#"[\[\]{}",:\\u0-9a-fnrt .\-+eE]{0,40}"#) {
        let here = read::<serde::de::IgnoredAny>(&text).is_ok();
        prop_assert_eq!(here, serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok(), "{}", text);
        prop_assert_eq!(read::<String>(&text).ok(), serde_json::from_str::<String>(&text).ok());
        prop_assert_eq!(read::<i64>(&text).ok(), serde_json::from_str::<i64>(&text).ok());
    }
}

#[test]
fn escapes_are_read_as_their_characters() {
    let read = read::<String>;
    assert_eq!(read(r#""a\n\t\"\\\/\u00e9\ud83d\ude00\b\f\r""#).unwrap(), "a\n\t\"\\/é😀\u{8}\u{c}\r");
    for wrong in
        [r#""\ud83d""#, r#""\ud83d\u0041""#, r#""\ude00""#, r#""\x""#, r#""\u12g4""#, "\"a\nb\"", r#""open"#, ""]
    {
        assert_eq!(read(wrong), Err(Unreadable), "{wrong}");
    }
}

#[test]
fn what_is_too_deep_is_unreadable() {
    let deep = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
    assert!(read::<serde::de::IgnoredAny>(&deep(100)).is_ok());
    assert_eq!(read::<serde::de::IgnoredAny>(&deep(100_000)).err(), Some(Unreadable));
}
