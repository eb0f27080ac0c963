//! Types for what differs between engines and versions, and how lenient answers are read.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::time::{Duration, SystemTime};

use serde::de::{DeserializeOwned, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Unset;

/// Reads `null` as the type's default; for `#[serde(deserialize_with = "...")]` in a program's own types.
///
/// # Errors
/// The value is neither `null` nor what the type says.
pub fn nullable<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// Reads an answer: `null` is the default, and so is nothing at all where a code without a body is a success.
pub(crate) fn decode_json<T: DeserializeOwned + Default>(
    body: &[u8],
    success: &[u16],
) -> Result<T, serde_json::Error> {
    if body.is_empty() && success.iter().any(|status| matches!(status, 204 | 304)) {
        return Ok(T::default());
    }
    Ok(serde_json::from_slice::<Option<T>>(body)?.unwrap_or_default())
}

/// Reads the name of a field.
#[derive(Debug)]
pub struct KeyVisitor<T>(pub fn(&str) -> T);

impl<T> Visitor<'_> for KeyVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E>(self, key: &str) -> Result<T, E> {
        Ok((self.0)(key))
    }

    fn visit_bytes<E>(self, key: &[u8]) -> Result<T, E> {
        Ok((self.0)(&String::from_utf8_lossy(key)))
    }
}

/// Reads a word.
#[derive(Debug)]
pub struct WordVisitor<T>(pub fn(&str) -> T);

impl<T> Visitor<'_> for WordVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E>(self, word: &str) -> Result<T, E> {
        Ok((self.0)(word))
    }
}

/// A list that some engines and versions write as one string: an entry point, a command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StringOrList(pub Vec<String>);

impl<'de> Deserialize<'de> for StringOrList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = StringOrList;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or a list of strings")
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(StringOrList(if text.is_empty() { Vec::new() } else { vec![text.to_owned()] }))
            }

            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(StringOrList::default())
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = seq.next_element()? {
                    list.push(item);
                }
                Ok(StringOrList(list))
            }
        }

        deserializer.deserialize_any(Either)
    }
}

/// Text that some engines and versions write as a number: a signal, a size.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StringOrNumber(pub String);

impl<'de> Deserialize<'de> for StringOrNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl Visitor<'_> for Either {
            type Value = StringOrNumber;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or a number")
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(StringOrNumber(text.to_owned()))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
                Ok(StringOrNumber(number.to_string()))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
                Ok(StringOrNumber(number.to_string()))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
                Ok(StringOrNumber(number.to_string()))
            }
        }

        deserializer.deserialize_any(Either)
    }
}

/// An error that Go writes as a string, as an object, or as `null`; `None` is no error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GoError(pub Option<String>);

impl<'de> Deserialize<'de> for GoError {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Option::<serde_json::Value>::deserialize(deserializer)? {
            None => None,
            Some(serde_json::Value::String(text)) if text.is_empty() => None,
            Some(serde_json::Value::String(text)) => Some(text),
            // An error value without exported fields: it says that there was one, and nothing else.
            Some(other) => Some(other.to_string()),
        }))
    }
}

/// A time in RFC 3339, or `None` for an empty text and for Go's zero time (`0001-01-01T00:00:00Z`), which
/// the engines write for "never".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Date(pub Option<String>);

impl Date {
    /// The text, as the engine wrote it.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// The moment; `None` for never, and for a text that is no time of RFC 3339 since the epoch.
    #[must_use]
    pub fn time(&self) -> Option<SystemTime> {
        parse_rfc3339(self.0.as_deref()?)
    }
}

/// Never is not sent.
impl Unset for Date {
    fn is_unset(&self) -> bool {
        self.0.is_none()
    }
}

/// The text as it was read, an empty one for never.
impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str().unwrap_or_default())
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        Ok(Self(text.filter(|text| !text.is_empty() && !text.starts_with("0001-01-01T"))))
    }
}

/// `2026-11-24T10:00:00.123456789+01:00`.
fn parse_rfc3339(text: &str) -> Option<SystemTime> {
    let number = |range: std::ops::Range<usize>| -> Option<i64> {
        let digits = text.get(range)?;
        if digits.bytes().all(|b| b.is_ascii_digit()) { digits.parse().ok() } else { None }
    };
    let is = |at: usize, marks: &str| text[at..].starts_with(|c| marks.contains(c));
    if !text.is_ascii() || text.len() < 20 {
        return None;
    }
    if !(is(4, "-") && is(7, "-") && is(10, "Tt ") && is(13, ":") && is(16, ":")) {
        return None;
    }
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let mut zone = &text[19..];
    let mut nanos = 0;
    if let Some(fraction) = zone.strip_prefix('.') {
        let end = fraction.find(|c: char| !c.is_ascii_digit())?;
        let digits = &fraction[..end.min(9)];
        nanos = digits.parse::<u32>().ok()? * 10_u32.pow(9 - u32::try_from(digits.len()).ok()?);
        zone = &fraction[end..];
    }
    let offset = match zone {
        "Z" | "z" => 0,
        _ if zone.len() == 6 && zone.as_bytes()[3] == b':' => {
            let minutes = zone.get(1..3)?.parse::<i64>().ok()? * 60 + zone.get(4..6)?.parse::<i64>().ok()?;
            match zone.as_bytes()[0] {
                b'+' => minutes * 60,
                b'-' => -minutes * 60,
                _ => return None,
            }
        }
        _ => return None,
    };
    // Days since the epoch, with years that begin in March, so that a leap day is a year's last day.
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = y * 365 + y / 4 - y / 100 + y / 400 + (m * 153 + 2) / 5 + day - 1 - 719_468;
    let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - offset;
    Some(SystemTime::UNIX_EPOCH + Duration::new(u64::try_from(seconds).ok()?, nanos))
}

/// The keys of a map whose values say nothing (`{"/data": {}}`), in their order by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys(pub Vec<String>);

impl Unset for Keys {
    fn is_unset(&self) -> bool {
        self.0.is_empty()
    }
}

impl<S: Into<String>> FromIterator<S> for Keys {
    fn from_iter<I: IntoIterator<Item = S>>(iter: I) -> Self {
        let mut keys: Vec<String> = iter.into_iter().map(Into::into).collect();
        keys.sort();
        keys.dedup();
        Self(keys)
    }
}

impl Serialize for Keys {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|key| (key, Empty {})))
    }
}

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let map = BTreeMap::<String, Empty>::deserialize(deserializer)?;
        Ok(Self(map.into_keys().collect()))
    }
}

/// A value that says nothing: `{}`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Empty {}

impl Serialize for Empty {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(std::iter::empty::<(&str, &str)>())
    }
}

impl<'de> Deserialize<'de> for Empty {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Empty;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an empty object")
            }

            fn visit_unit<E>(self) -> Result<Empty, E> {
                Ok(Empty {})
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Empty, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Empty {})
            }
        }

        deserializer.deserialize_struct("Empty", &[], Object)
    }
}

/// Environment variables as `NAME=value`; `Debug` shows names only.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct EnvList(pub Vec<String>);

impl fmt::Debug for EnvList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|pair| pair.split('=').next().unwrap_or_default())).finish()
    }
}

impl Unset for EnvList {
    fn is_unset(&self) -> bool {
        self.0.is_empty()
    }
}

impl<S: Into<String>> FromIterator<S> for EnvList {
    fn from_iter<I: IntoIterator<Item = S>>(iter: I) -> Self {
        Self(iter.into_iter().map(Into::into).collect())
    }
}

impl Serialize for EnvList {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for EnvList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        nullable(deserializer).map(Self)
    }
}

/// A map of names to values that may be secrets: environment, build arguments, driver options. `Debug` shows
/// names only.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SecretMap(pub BTreeMap<String, String>);

impl fmt::Debug for SecretMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Unset for SecretMap {
    fn is_unset(&self) -> bool {
        self.0.is_empty()
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for SecretMap {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(iter: I) -> Self {
        Self(iter.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }
}

impl Serialize for SecretMap {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for SecretMap {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        nullable(deserializer).map(Self)
    }
}

/// One of two shapes that different versions write for the same thing: `New`, else `Old`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Either<New, Old> {
    /// The shape of newer versions.
    New(New),
    /// The shape of older versions.
    Old(Old),
}

impl<New: Default, Old> Default for Either<New, Old> {
    fn default() -> Self {
        Self::New(New::default())
    }
}

/// Reads an object as `New` and a string as `Old`; for what was a name and became an object.
impl<'de, New: Deserialize<'de>, Old: From<String>> Deserialize<'de> for Either<New, Old> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ObjectOrText<New, Old>(PhantomData<(New, Old)>);

        impl<'de, New: Deserialize<'de>, Old: From<String>> Visitor<'de> for ObjectOrText<New, Old> {
            type Value = Either<New, Old>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object or a string")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Either::Old(Old::from(text.to_owned())))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                New::deserialize(serde::de::value::MapAccessDeserializer::new(map)).map(Either::New)
            }
        }

        deserializer.deserialize_any(ObjectOrText(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_may_be_a_string_or_null() {
        let read = |json| serde_json::from_str::<StringOrList>(json).unwrap().0;
        assert_eq!(read(r#"["/a","b c"]"#), ["/a", "b c"]);
        assert_eq!(read(r#""/a b""#), ["/a b"]);
        assert_eq!(read("null"), Vec::<String>::new());
        assert_eq!(read(r#""""#), Vec::<String>::new());
        assert!(serde_json::from_str::<StringOrList>("7").is_err());
    }

    #[test]
    fn a_text_may_be_a_number_and_an_object_may_be_a_text() {
        assert_eq!(serde_json::from_str::<StringOrNumber>("15").unwrap().0, "15");
        assert_eq!(serde_json::from_str::<StringOrNumber>(r#""SIGTERM""#).unwrap().0, "SIGTERM");
        let read = |json| serde_json::from_str::<Either<Empty, String>>(json).unwrap();
        assert_eq!(read(r#""/data""#), Either::Old("/data".to_owned()));
        assert_eq!(read(r#"{"a":{}}"#), Either::New(Empty {}));
    }

    #[test]
    fn an_error_of_go_may_be_text_an_object_or_nothing() {
        let read = |json| serde_json::from_str::<GoError>(json).unwrap().0;
        assert_eq!(read("null"), None);
        assert_eq!(read(r#""in use""#).as_deref(), Some("in use"));
        assert_eq!(read("{}").as_deref(), Some("{}"));
    }

    #[test]
    fn the_zero_time_is_never() {
        let read = |json| serde_json::from_str::<Date>(json).unwrap().0;
        assert_eq!(read(r#""0001-01-01T00:00:00Z""#), None);
        assert_eq!(read(r#""""#), None);
        assert_eq!(read("null"), None);
        assert_eq!(read(r#""2026-11-24T10:00:00.5Z""#).as_deref(), Some("2026-11-24T10:00:00.5Z"));
    }

    #[test]
    fn a_date_is_a_moment() {
        for (text, seconds, nanos) in [
            ("1970-01-01T00:00:00Z", 0, 0),
            ("2000-02-29T12:30:15Z", 951_827_415, 0),
            ("2026-11-24T10:00:00.5Z", 1_795_514_400, 500_000_000),
            ("2026-11-24T10:00:00.123456789+01:00", 1_795_510_800, 123_456_789),
            ("2026-11-24T10:00:00.1234567891-00:30", 1_795_516_200, 123_456_789),
        ] {
            let time = Date(Some(text.to_owned())).time();
            assert_eq!(time, Some(SystemTime::UNIX_EPOCH + Duration::new(seconds, nanos)), "{text}");
        }
        for text in [
            "",
            "2026-11-24",
            "2026-13-24T10:00:00Z",
            "1969-12-31T23:59:59Z",
            "2026-11-24T10:00:00.5",
            "2026-11-24T10:00:00é",
            "2026-11-24T10:00:00+aa:bb",
            "+026-11-24T10:00:00Z",
            "2026-11-24T10:00:00.Z",
        ] {
            assert_eq!(Date(Some(text.to_owned())).time(), None, "{text}");
        }
    }

    #[test]
    fn values_that_may_be_secrets_are_not_in_debug_output() {
        let env: EnvList = ["TOKEN=hunter2", "EMPTY"].into_iter().collect();
        assert_eq!(format!("{env:?}"), r#"["TOKEN", "EMPTY"]"#);
        let map: SecretMap = [("TOKEN", "hunter2")].into_iter().collect();
        assert_eq!(format!("{map:?}"), r#"{"TOKEN"}"#);
    }

    #[test]
    fn an_answer_may_be_null_and_empty_only_where_a_code_has_no_body() {
        assert_eq!(decode_json::<Vec<u8>>(b"null", &[200]).unwrap(), Vec::<u8>::new());
        assert_eq!(decode_json::<Vec<u8>>(b"", &[200, 304]).unwrap(), Vec::<u8>::new());
        assert!(decode_json::<Vec<u8>>(b"", &[200]).is_err());
    }
}
