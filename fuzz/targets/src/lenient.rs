//! The promises of every type that reads what an engine answers.

use std::fmt::Debug;

use serde_json::{Map, Value};

/// A word that no engine writes.
const UNKNOWN: &str = "wharf\u{1}unknown";
/// A value of an environment variable that no engine sends.
const SECRET: &str = "wharf-secret-0f3a";

/// Reads one answer; the type of the value does not matter here.
pub(crate) type Decode<T> = fn(&[u8]) -> Result<T, serde_json::Error>;

/// Holds that an answer that is read is read alike when it is written in another way (order of keys, white
/// space, escapes) and when a field that nobody knows is added; that no field must be there; and that `null`
/// for every field is the same as none.
pub(crate) fn holds<T: PartialEq + Debug>(data: &[u8], what: &str, decode: Decode<T>) {
    let Ok(answer) = decode(data) else { return };
    // What the type ignores may be no value, such as a number that fits nowhere.
    let Ok(value) = serde_json::from_slice::<Value>(data) else { return };
    let read = |value: &Value| decode(value.to_string().as_bytes());
    // Fractions may change when they are written; no type here has to keep them.
    if serde_json::from_str::<Value>(&value.to_string()).ok().as_ref() != Some(&value) {
        return;
    }
    same(what, "written in another way", &read(&value), &answer);
    same(what, "with an unknown field", &read(&with_unknown(&value)), &answer);
    let (mut nulls, mut empty) = (value.clone(), value);
    for object in objects(&mut nulls) {
        object.values_mut().for_each(|field| *field = Value::Null);
    }
    for object in objects(&mut empty) {
        object.clear();
    }
    let (nulls, empty) = (read(&nulls), read(&empty));
    assert!(
        matches!((&nulls, &empty), (Ok(nulls), Ok(empty)) if nulls == empty),
        "{what}: with null for every field {nulls:?}, and without any {empty:?}"
    );
}

/// Holds that the value of an environment variable at `pointer`, the path of a list, is not in debug output.
pub(crate) fn hides<T: Debug>(data: &[u8], what: &str, pointer: &[&str], decode: Decode<T>) {
    let Ok(Value::Object(mut answer)) = serde_json::from_slice(data) else { return };
    if decode(data).is_err() || answer.contains_key(UNKNOWN) {
        return;
    }
    let Some((last, path)) = pointer.split_last() else { return };
    let mut place = &mut answer;
    for key in path {
        let entry = place.entry(*key).or_insert_with(|| Value::Object(Map::new()));
        if !entry.is_object() {
            *entry = Value::Object(Map::new());
        }
        let Value::Object(inner) = entry else { return };
        place = inner;
    }
    place.insert((*last).to_owned(), Value::from(vec![format!("TOKEN={SECRET}")]));
    let text = Value::Object(answer).to_string();
    if text.matches(SECRET).count() > 1 {
        return;
    }
    if let Ok(answer) = decode(text.as_bytes()) {
        assert!(!format!("{answer:?}").contains(SECRET), "{what}: a value of the environment is shown");
    }
}

fn same<T: PartialEq + Debug>(what: &str, how: &str, read: &Result<T, serde_json::Error>, expected: &T) {
    assert!(matches!(read, Ok(answer) if answer == expected), "{what}: {how}: {read:?}, not {expected:?}");
}

/// The objects that an answer is, or is a list of.
fn objects(value: &mut Value) -> Vec<&mut Map<String, Value>> {
    match value {
        Value::Object(object) => vec![object],
        Value::Array(list) => list.iter_mut().filter_map(Value::as_object_mut).collect(),
        _ => Vec::new(),
    }
}

fn with_unknown(value: &Value) -> Value {
    let mut value = value.clone();
    for object in objects(&mut value) {
        object.insert(UNKNOWN.to_owned(), serde_json::json!([{"a": null}, 1.5, "x"]));
    }
    value
}
