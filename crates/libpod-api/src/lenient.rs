//! Reading what differs between versions.

use serde::{Deserialize, Deserializer};

/// Reads `null` as the type's default; for `#[serde(deserialize_with = "...")]`.
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

/// Reads a list, one string (a list of one; an empty string is an empty list), or `null`.
pub(crate) fn string_or_list<'de, D>(deserializer: D) -> Result<Vec<String>, D::Error>
where
    D: Deserializer<'de>,
{
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        One(String),
        Many(Vec<String>),
    }
    Ok(match Option::<Either>::deserialize(deserializer)? {
        None => Vec::new(),
        Some(Either::One(text)) if text.is_empty() => Vec::new(),
        Some(Either::One(text)) => vec![text],
        Some(Either::Many(list)) => list,
    })
}

/// Reads an error that Go writes as a string, as an object, or as `null`.
pub(crate) fn go_error<'de, D>(deserializer: D) -> Result<Option<String>, D::Error>
where
    D: Deserializer<'de>,
{
    Ok(match Option::<serde_json::Value>::deserialize(deserializer)? {
        None => None,
        Some(serde_json::Value::String(text)) if text.is_empty() => None,
        Some(serde_json::Value::String(text)) => Some(text),
        // An error value without exported fields: it says that there was one, and nothing else.
        Some(other) => Some(other.to_string()),
    })
}
