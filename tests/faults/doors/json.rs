//! JSON that is not what a reader asked for: other types, other numbers, keys twice, too deep, not JSON at all.

use serde_json::{Map, Value, json};

use super::chance::Chance;
use super::nasty;

/// Stands where JSON is put that [`Value`] cannot hold.
const PLACE: &str = "\u{1}place\u{1}";

/// JSON that is none, or none that a careless reader survives.
const LITERALS: [&str; 12] = [
    "1e400",
    "-1e400",
    "0.1e-400",
    "123456789012345678901234567890123456789012345678901234567890",
    "00",
    "+1",
    ".5",
    "NaN",
    "\"\\ud800\"",
    "\"\\udc00\\ud800\"",
    "\"\\u0000\"",
    "'text'",
];

/// Changes one or more places of a JSON text; what is none gets its bytes broken.
pub(crate) fn change(body: &[u8], chance: &mut Chance) -> Vec<u8> {
    let Ok(mut value) = serde_json::from_slice::<Value>(body) else {
        let mut broken = body.to_vec();
        nasty::bytes(&mut broken, body, chance);
        return broken;
    };
    let n_places = places(&value);
    for _ in 0..=chance.below(2) {
        let mut nth = chance.below(n_places);
        at(&mut value, &mut nth, &mut |place| change_one(place, chance));
    }
    written(&value, &literal(chance))
}

/// Every place of a JSON text with everything in it that may not stand there, one at a time.
pub(crate) fn each(body: &[u8]) -> Vec<Vec<u8>> {
    let Ok(value) = serde_json::from_slice::<Value>(body) else { return Vec::new() };
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let literals = LITERALS.iter().map(|literal| (json!(PLACE), *literal)).chain([(json!(PLACE), deep.as_str())]);
    let numbers =
        [json!(-1), json!(0), json!(u32::MAX), json!(1_u64 << 32), json!(i64::MAX), json!(u64::MAX), json!(0.5)];
    let others = [json!(null), json!(true), json!([]), json!({}), json!([[]])];
    let texts = nasty::texts().into_iter().map(Value::from);
    let wrong: Vec<_> = texts.chain(numbers).chain(others).map(|value| (value, "")).chain(literals).collect();
    let mut found = Vec::new();
    for place in 0..places(&value) {
        for (instead, literal) in &wrong {
            let mut changed = value.clone();
            at(&mut changed, &mut place.clone(), &mut |value| *value = instead.clone());
            found.push(written(&changed, literal));
        }
    }
    found
}

/// A value as text, with a literal in its place.
fn written(value: &Value, literal: &str) -> Vec<u8> {
    let place = json!(PLACE).to_string();
    value.to_string().replace(&place, literal).replace(place.trim_matches('"'), "").into_bytes()
}

/// How many values stand in a value, itself among them.
fn places(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(places).sum(),
        Value::Object(fields) => fields.values().map(places).sum(),
        _ => 0,
    }
}

/// Does something to the nth value within a value.
fn at(value: &mut Value, nth: &mut usize, act: &mut dyn FnMut(&mut Value)) {
    if *nth == 0 {
        *nth = usize::MAX;
        return act(value);
    }
    *nth -= 1;
    let within: Box<dyn Iterator<Item = &mut Value>> = match value {
        Value::Array(items) => Box::new(items.iter_mut()),
        Value::Object(fields) => Box::new(fields.values_mut()),
        _ => return,
    };
    for inner in within {
        at(inner, nth, act);
        if *nth == usize::MAX {
            return;
        }
    }
}

fn change_one(value: &mut Value, chance: &mut Chance) {
    if let Value::Object(fields) = value
        && !chance.one_in(4)
    {
        return change_fields(fields, chance);
    }
    *value = match chance.below(16) {
        0 => Value::Null,
        1 => json!(chance.one_in(2)),
        2 => json!(*chance.pick(&[0_i64, -1, 1, 50, 65_536, i64::MAX, i64::MIN])),
        3 => json!(*chance.pick(&[u64::from(u32::MAX), u64::from(u32::MAX) + 1, u64::MAX])),
        4 => json!(*chance.pick(&[0.5, -0.0, 1e300, 1e-300])),
        5 => json!([value.clone(), value.clone()]),
        6 => json!({ "text": value.clone(), "t": "hello" }),
        7 => json!([]),
        8 => Value::String(value.to_string()),
        9 | 10 => json!(PLACE),
        _ => json!(nasty::text(chance)),
    };
}

fn change_fields(fields: &mut Map<String, Value>, chance: &mut Chance) {
    let keys: Vec<String> = fields.keys().cloned().collect();
    let key = if keys.is_empty() { String::new() } else { chance.pick(&keys).clone() };
    match chance.below(6) {
        0 => drop(fields.remove(&key)),
        1 => drop(fields.insert(nasty::text(chance), json!(1))),
        2 => {
            let value = fields.remove(&key).unwrap_or_default();
            fields.insert(key.to_uppercase(), value);
        }
        3 => fields.extend((0..200).map(|n| (format!("mohnkipferl_{n}"), json!({ "n": n })))),
        4 => drop(fields.insert(key, json!(PLACE))),
        // The same key twice: the place within it is taken out of the text.
        _ => drop(fields.insert(format!("{key}{PLACE}"), json!(nasty::text(chance)))),
    }
}

fn literal(chance: &mut Chance) -> String {
    let deep = *chance.pick(&[120, 130, 10_000]);
    match chance.below(4) {
        0 => format!("{}{}", "[".repeat(deep), "]".repeat(deep)),
        1 => format!("{}1{}", "{\"a\":".repeat(deep), "}".repeat(deep)),
        _ => (*chance.pick(&LITERALS)).to_owned(),
    }
}

#[test]
fn each_place_gets_each_wrong_value() {
    let found = each(br#"{"id":"msg_1","more":[7]}"#);
    let holds = |text: &str| found.iter().any(|bytes| bytes == text.as_bytes());
    assert!(holds(r#"{"id":"'; DROP TABLE messages; --","more":[7]}"#));
    assert!(holds(r#"{"id":"msg_1","more":[1e400]}"#));
    assert!(holds(r#"{"id":"msg_1","more":null}"#));
    assert!(holds("18446744073709551615"));
    assert_eq!(found.len() % 4, 0, "as many for each of the four places");
}

#[test]
fn changed_json_is_mostly_other_json_and_sometimes_none() {
    let body = br#"{"t":"hello","token":"x","cursors":{"agent/1":{"epoch":"e","seq":3}}}"#;
    let mut chance = Chance::of(1, 1);
    let changed: Vec<_> = (0..500).map(|_| change(body, &mut chance)).collect();
    let n_json = changed.iter().filter(|bytes| serde_json::from_slice::<Value>(bytes).is_ok()).count();
    let n_same = changed.iter().filter(|bytes| bytes.as_slice() == body).count();
    assert!((100..490).contains(&n_json), "{n_json} are JSON");
    assert!(n_same < 50, "{n_same} are as before");
    assert!(changed.iter().any(|bytes| bytes.len() > 10_000), "some are deep or long");
}
