//! Durations as Compose writes them: Go's notation plus `d` and `w`.

use std::fmt::Write as _;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serializer};

/// Why a text is not a duration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a duration; write a number with a unit, such as `30s`, `1m30s` or `500ms`")]
pub struct ParseDurationError {
    text: String,
}

const NANOS: [(&str, u64); 9] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60 * 1_000_000_000),
    ("h", 3_600 * 1_000_000_000),
    ("d", 24 * 3_600 * 1_000_000_000),
];
const WEEK: u64 = 7 * 24 * 3_600 * 1_000_000_000;

/// Reads a Compose duration: `1m30s`, `0.5s`, `1d2h`, `2w`, or a bare `0`.
///
/// # Errors
/// If the text has no unit, an unknown unit, a sign, or is longer than Go's longest duration (about 292 years).
pub fn parse_duration(text: &str) -> Result<Duration, ParseDurationError> {
    let error = || ParseDurationError { text: text.to_owned() };
    let mut rest = text.strip_prefix('+').unwrap_or(text);
    if rest == "0" {
        return Ok(Duration::ZERO);
    }
    if rest.is_empty() {
        return Err(error());
    }
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let (whole, after) = rest.split_at(digits);
        let (fraction, after) = match after.strip_prefix('.') {
            Some(tail) => {
                let end = tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len());
                tail.split_at(end)
            }
            None => ("", after),
        };
        if whole.is_empty() && fraction.is_empty() {
            return Err(error());
        }
        let unit_len = after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len());
        let (unit, after) = after.split_at(unit_len);
        let scale = match unit {
            "w" => WEEK,
            _ => NANOS.iter().find(|(name, _)| *name == unit).map(|(_, scale)| *scale).ok_or_else(error)?,
        };
        let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().map_err(|_| error())? };
        let mut nanos = whole.checked_mul(scale).ok_or_else(error)?;
        let mut part = scale;
        for digit in fraction.bytes() {
            // Below a nanosecond nothing is left to add.
            let value = u64::from(digit - b'0');
            nanos = nanos.checked_add(value * part / 10).ok_or_else(error)?;
            part /= 10;
            if part == 0 {
                break;
            }
        }
        total = total.checked_add(nanos).filter(|sum| i64::try_from(*sum).is_ok()).ok_or_else(error)?;
        rest = after;
    }
    Ok(Duration::from_nanos(total))
}

/// Writes a duration as Go does, which is the canonical form: `1m30s`, `1h0m0s`, `500ms`, `0s`.
#[must_use]
pub fn format_duration(duration: Duration) -> String {
    let nanos = duration.as_nanos();
    let decimal = |value: u128, unit: u128, suffix: &str| {
        let (whole, part) = (value / unit, value % unit);
        let width = unit.ilog10() as usize;
        let mut text = format!("{whole}");
        if part > 0 {
            let digits = format!("{part:0width$}");
            text.push('.');
            text.push_str(digits.trim_end_matches('0'));
        }
        text.push_str(suffix);
        text
    };
    match nanos {
        0 => "0s".to_owned(),
        1..1_000 => format!("{nanos}ns"),
        1_000..1_000_000 => decimal(nanos, 1_000, "µs"),
        1_000_000..1_000_000_000 => decimal(nanos, 1_000_000, "ms"),
        _ => {
            let seconds = decimal(nanos % 60_000_000_000, 1_000_000_000, "s");
            let minutes = nanos / 60_000_000_000;
            let mut text = String::new();
            if minutes >= 60 {
                let _ = write!(text, "{}h", minutes / 60);
            }
            if minutes > 0 {
                let _ = write!(text, "{}m", minutes % 60);
            }
            text + &seconds
        }
    }
}

/// serde glue for an optional duration in its canonical text form.
pub(crate) mod option {
    use super::{Deserialize, Deserializer, Duration, Serializer, format_duration, parse_duration};

    #[expect(clippy::ref_option, reason = "serde asks for this signature")]
    pub(crate) fn serialize<S: Serializer>(
        value: &Option<Duration>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Some(duration) => serializer.serialize_str(&format_duration(*duration)),
            None => serializer.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Duration>, D::Error> {
        let text: Option<String> = Option::deserialize(deserializer)?;
        text.map(|text| parse_duration(&text).map_err(serde::de::Error::custom)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_as_go_does() {
        for (text, canonical) in [
            ("0", "0s"),
            ("0s", "0s"),
            ("1s", "1s"),
            ("90s", "1m30s"),
            ("1m", "1m0s"),
            ("500ms", "500ms"),
            ("1.5s", "1.5s"),
            ("1h2m3.5s", "1h2m3.5s"),
            ("1us", "1µs"),
            ("1500us", "1.5ms"),
            ("1ns", "1ns"),
            ("1d2h", "26h0m0s"),
            ("1w", "168h0m0s"),
            (".5m", "30s"),
            ("3600s", "1h0m0s"),
        ] {
            let duration = parse_duration(text).unwrap_or_else(|e| panic!("{text}: {e}"));
            assert_eq!(format_duration(duration), canonical, "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_duration() {
        for text in ["", "10", "s", "1x", "-1s", "1s 2s", "1..2s", "99999999999999w", ".s", "1e3s"] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }
}
