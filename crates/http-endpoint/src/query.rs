//! Writing paths and queries.

use std::collections::BTreeMap;

use crate::{ParameterKind, Unset};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Unreserved characters of RFC 3986 stay; all others are encoded.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
/// In a path, `:` and `@` of an image reference may stay, too.
const SEGMENT: &AsciiSet = &VALUE.remove(b':').remove(b'@');
const PATH: &AsciiSet = &SEGMENT.remove(b'/');

/// Percent-encodes a path parameter; a slash in it is encoded, too.
#[must_use]
pub fn encode_path_segment(value: &str) -> String {
    utf8_percent_encode(value, SEGMENT).to_string()
}

/// Percent-encodes a path parameter that may hold slashes, such as an image reference.
#[must_use]
pub fn encode_path(value: &str) -> String {
    utf8_percent_encode(value, PATH).to_string()
}

/// Writes `template` with each `{name}` (`{name:.*}` may hold slashes) replaced by its encoded value.
pub(crate) fn fill_path(path: &mut String, template: &str, values: &[(&str, &String)]) {
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        path.push_str(before);
        let Some((parameter, after)) = after.split_once('}') else {
            rest = after;
            break;
        };
        let (name, set) = match parameter.strip_suffix(":.*") {
            Some(name) => (name, PATH),
            None => (parameter, SEGMENT),
        };
        for (_, value) in values.iter().filter(|(field, _)| *field == name) {
            path.extend(utf8_percent_encode(value, set));
        }
        rest = after;
    }
    path.push_str(rest);
}

/// Appends query parameters to a request target.
#[derive(Debug)]
pub struct QueryWriter {
    target: String,
    first: bool,
}

impl QueryWriter {
    /// Starts with a path that has no query yet.
    #[must_use]
    pub fn new(path: String) -> Self {
        Self { target: path, first: true }
    }

    /// Appends `key=value`, both percent-encoded.
    pub fn pair(&mut self, key: &str, value: &str) {
        self.target.push(if self.first { '?' } else { '&' });
        self.first = false;
        self.target.extend(utf8_percent_encode(key, VALUE));
        self.target.push('=');
        self.target.extend(utf8_percent_encode(value, VALUE));
    }

    /// The finished request target.
    #[must_use]
    pub fn finish(self) -> String {
        self.target
    }
}

/// A value that can stand in a query. A value that equals the type's "not set" writes nothing.
pub trait QueryValue {
    /// What an engine's documentation calls its type.
    const KIND: ParameterKind;

    /// Appends this value under `key`.
    fn write(&self, key: &str, query: &mut QueryWriter);
}

/// What a `with_*` setter takes for a field of type `T`: the type itself, and for an `Option` its content;
/// a `&str` stands for a `String`.
pub trait IntoQuery<T> {
    /// The value to store.
    fn into_query(self) -> T;
}

impl<T> IntoQuery<T> for T {
    fn into_query(self) -> T {
        self
    }
}

impl<T> IntoQuery<Option<T>> for T {
    fn into_query(self) -> Option<T> {
        Some(self)
    }
}

impl IntoQuery<String> for &str {
    fn into_query(self) -> String {
        self.to_owned()
    }
}

impl IntoQuery<Option<String>> for &str {
    fn into_query(self) -> Option<String> {
        Some(self.to_owned())
    }
}

/// Written as `true`; `false` is not set. Use `Option<bool>` where an engine's default is true.
impl QueryValue for bool {
    const KIND: ParameterKind = ParameterKind::Bool;

    fn write(&self, key: &str, query: &mut QueryWriter) {
        if *self {
            query.pair(key, "true");
        }
    }
}

/// An empty string is not set.
impl QueryValue for String {
    const KIND: ParameterKind = ParameterKind::Text;

    fn write(&self, key: &str, query: &mut QueryWriter) {
        if !self.is_empty() {
            query.pair(key, self);
        }
    }
}

macro_rules! always {
    ($($t:ty)*) => {$(
        /// Always written.
        impl QueryValue for $t {
            const KIND: ParameterKind = ParameterKind::Number;

            fn write(&self, key: &str, query: &mut QueryWriter) {
                query.pair(key, &self.to_string());
            }
        }
    )*};
}
always!(u16 u32 u64 usize i32 i64);

impl QueryValue for Option<bool> {
    const KIND: ParameterKind = ParameterKind::Bool;

    fn write(&self, key: &str, query: &mut QueryWriter) {
        if let Some(value) = self {
            query.pair(key, if *value { "true" } else { "false" });
        }
    }
}

/// `Some("")` is written as an empty value.
impl QueryValue for Option<String> {
    const KIND: ParameterKind = ParameterKind::Text;

    fn write(&self, key: &str, query: &mut QueryWriter) {
        if let Some(value) = self {
            query.pair(key, value);
        }
    }
}

macro_rules! optional {
    ($($t:ty)*) => {$(
        impl QueryValue for Option<$t> {
            const KIND: ParameterKind = ParameterKind::Number;

            fn write(&self, key: &str, query: &mut QueryWriter) {
                if let Some(value) = self {
                    value.write(key, query);
                }
            }
        }
    )*};
}
optional!(u16 u32 u64 usize i32 i64);

/// One `key=value` for each element.
impl QueryValue for Vec<String> {
    const KIND: ParameterKind = ParameterKind::List;

    fn write(&self, key: &str, query: &mut QueryWriter) {
        for value in self {
            query.pair(key, value);
        }
    }
}

/// One `key=NAME=value` for each variable.
impl QueryValue for crate::EnvList {
    const KIND: ParameterKind = ParameterKind::List;

    fn write(&self, key: &str, query: &mut QueryWriter) {
        self.0.write(key, query);
    }
}

/// A flag that an endpoint always sends, since it selects the kind of the answer: `stream=true`, `quiet=false`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fixed<const VALUE: bool>;

impl<const VALUE: bool> QueryValue for Fixed<VALUE> {
    const KIND: ParameterKind = ParameterKind::Bool;

    fn write(&self, key: &str, query: &mut QueryWriter) {
        query.pair(key, if VALUE { "true" } else { "false" });
    }
}

/// In a body, too.
impl<const VALUE: bool> Unset for Fixed<VALUE> {
    fn is_unset(&self) -> bool {
        false
    }
}

impl<const VALUE: bool> Serialize for Fixed<VALUE> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(VALUE)
    }
}

/// Whatever it reads, it stays what it is.
impl<'de, const VALUE: bool> Deserialize<'de> for Fixed<VALUE> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        bool::deserialize(deserializer).map(|_| Self)
    }
}

/// The `filters` parameter: values of one key are alternatives, different keys must all match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filters(BTreeMap<String, Vec<String>>);

impl Filters {
    /// No filter.
    #[must_use]
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Adds one alternative under `key`.
    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<String>) -> Self {
        self.add(key, value);
        self
    }

    /// Adds one alternative under `key`.
    pub fn add(&mut self, key: &str, value: impl Into<String>) {
        self.0.entry(key.to_owned()).or_default().push(value.into());
    }

    /// Whether nothing is filtered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Written as one JSON object; nothing when empty.
impl QueryValue for Filters {
    const KIND: ParameterKind = ParameterKind::Json;

    fn write(&self, key: &str, query: &mut QueryWriter) {
        if !self.0.is_empty() {
            JsonQuery(&self.0).write(key, query);
        }
    }
}

/// Any value written as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JsonQuery<T>(pub T);

impl<T: Serialize> QueryValue for JsonQuery<T> {
    const KIND: ParameterKind = ParameterKind::Json;

    fn write(&self, key: &str, query: &mut QueryWriter) {
        // Maps with string keys, lists and scalars always serialise; anything else is not set.
        if let Ok(text) = serde_json::to_string(&self.0) {
            query.pair(key, &text);
        }
    }
}

impl<T: Serialize> QueryValue for Option<JsonQuery<T>> {
    const KIND: ParameterKind = ParameterKind::Json;

    fn write(&self, key: &str, query: &mut QueryWriter) {
        if let Some(value) = self {
            value.write(key, query);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_are_not_set_write_nothing() {
        let mut q = QueryWriter::new("/x".into());
        false.write("a", &mut q);
        String::new().write("b", &mut q);
        None::<bool>.write("c", &mut q);
        Filters::new().write("d", &mut q);
        Vec::<String>::new().write("e", &mut q);
        assert_eq!(q.finish(), "/x");
    }

    #[test]
    fn what_selects_the_answer_is_always_written() {
        let mut q = QueryWriter::new("/x".into());
        Fixed::<true>.write("stream", &mut q);
        Fixed::<false>.write("quiet", &mut q);
        assert_eq!(serde_json::to_string(&Fixed::<true>).unwrap(), "true");
        assert_eq!(serde_json::from_str::<Fixed<true>>("false").unwrap(), Fixed);
        assert_eq!(q.finish(), "/x?stream=true&quiet=false");
    }

    #[test]
    fn reserved_characters_are_encoded() {
        let mut q = QueryWriter::new("/x".into());
        "a&b=c d/é".to_owned().write("k", &mut q);
        Filters::new().with("label", "a=b").write("filters", &mut q);
        Some(false).write("rm", &mut q);
        assert_eq!(
            q.finish(),
            "/x?k=a%26b%3Dc%20d%2F%C3%A9&filters=%7B%22label%22%3A%5B%22a%3Db%22%5D%7D&rm=false"
        );
    }

    #[test]
    fn an_image_reference_keeps_its_slashes_but_a_name_does_not() {
        assert_eq!(encode_path("docker.io/a/b:1@sha256:0?x"), "docker.io/a/b:1@sha256:0%3Fx");
        assert_eq!(encode_path_segment("../images"), "..%2Fimages");
    }

    #[test]
    fn a_value_that_looks_like_a_parameter_is_only_a_value() {
        let mut path = String::from("/v1");
        fill_path(&mut path, "/a/{x}/b/{y:.*}/c", &[("x", &"{y}/..".to_owned()), ("y", &"p/q".to_owned())]);
        assert_eq!(path, "/v1/a/%7By%7D%2F../b/p/q/c");
    }
}
