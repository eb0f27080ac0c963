//! What a plain scalar means. Compose reads YAML with a mix of versions 1.1 and 1.2: `yes` is a string, `017` and `0o17`
//! are octal, `1_000` is a number, and a date is a time that prints in Go's way.

use std::fmt::Write as _;

use crate::tree::Value;

/// The meaning of an unquoted scalar without a tag.
pub(super) fn resolve(text: &str) -> Value {
    match special(text) {
        Some(Special::Value(value)) => value,
        Some(Special::Time(time)) => Value::Str(time),
        None => Value::Str(text.to_owned()),
    }
}

/// Whether an unquoted scalar is a text, as a key must be. A time prints as a text, and is none.
pub(super) fn is_text(text: &str) -> bool {
    special(text).is_none()
}

/// What an unquoted scalar can be besides a text.
enum Special {
    Value(Value),
    Time(String),
}

fn special(text: &str) -> Option<Special> {
    let Some(first) = text.bytes().next() else { return Some(Special::Value(Value::Null)) };
    let value = match first {
        b'~' if text == "~" => Value::Null,
        b'n' | b'N' if matches!(text, "null" | "Null" | "NULL") => Value::Null,
        b't' | b'T' if matches!(text, "true" | "True" | "TRUE") => Value::Bool(true),
        b'f' | b'F' if matches!(text, "false" | "False" | "FALSE") => Value::Bool(false),
        b'.' | b'+' | b'-' | b'0'..=b'9' => {
            return match time(text) {
                Some(time) => Some(Special::Time(time)),
                None => number(text).map(Special::Value),
            };
        }
        _ => return None,
    };
    Some(Special::Value(value))
}

/// Reads an integer or a float.
pub(super) fn number(text: &str) -> Option<Value> {
    match text {
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => return Some(Value::Float(f64::INFINITY)),
        "-.inf" | "-.Inf" | "-.INF" => return Some(Value::Float(f64::NEG_INFINITY)),
        ".nan" | ".NaN" | ".NAN" => return Some(Value::Float(f64::NAN)),
        // An integer has no such value; it stays what it looks like.
        "-0" => return Some(Value::Float(-0.0)),
        _ => {}
    }
    let plain: std::borrow::Cow<'_, str> =
        if text.contains('_') { text.replace('_', "").into() } else { text.into() };
    integer(&plain).or_else(|| float(&plain).map(Value::Float))
}

fn integer(text: &str) -> Option<Value> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    let magnitude = u64::from_str_radix(digits, radix).ok()?;
    if negative {
        return 0i64.checked_sub_unsigned(magnitude).map(Value::Int);
    }
    Some(i64::try_from(magnitude).map_or(Value::Uint(magnitude), Value::Int))
}

/// Digits with at most one point, and an exponent.
fn float(text: &str) -> Option<f64> {
    let body = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = body.split_once(['e', 'E']).map_or((body, None), |(m, e)| (m, Some(e)));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    if let Some(exponent) = exponent {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if exponent.is_empty() || !digits(exponent) {
            return None;
        }
    }
    body_value(text).filter(|value| value.is_finite())
}

fn body_value(text: &str) -> Option<f64> {
    text.strip_prefix('+').unwrap_or(text).parse().ok()
}

/// A date or a time, printed as Go prints one.
fn time(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    if bytes.len() < 8 || bytes[4] != b'-' || !bytes[..4].iter().all(u8::is_ascii_digit) {
        return None;
    }
    let year: u32 = text.get(..4)?.parse().ok()?;
    let (month, rest) = text.get(5..)?.split_once('-')?;
    let month = short_number(month)?;
    let day_end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let day = short_number(&rest[..day_end])?;
    if !(1..=12).contains(&month) || day < 1 || day > days_in(year, month) {
        return None;
    }
    let rest = &rest[day_end..];
    let mut out = format!("{year:04}-{month:02}-{day:02} ");
    let Some(separator) = rest.chars().next() else { return Some(out + "00:00:00 +0000 UTC") };
    if !matches!(separator, 'T' | 't' | ' ') {
        return None;
    }
    let (clock, zone) = split_zone(&rest[1..]);
    let zone = match (separator, zone) {
        (' ', None) => "+0000 UTC".to_owned(),
        ('T' | 't', Some("Z")) => "+0000 UTC".to_owned(),
        ('T' | 't', Some(offset)) => {
            let (hours, minutes) = offset[1..].split_once(':')?;
            let valid = hours.len() == 2 && minutes.len() == 2;
            let (hours, minutes) = (short_number(hours)?, short_number(minutes)?);
            if !valid || hours > 23 || minutes > 59 {
                return None;
            }
            let number = format!("{}{hours:02}{minutes:02}", &offset[..1]);
            if hours == 0 && minutes == 0 { "+0000 UTC".to_owned() } else { format!("{number} {number}") }
        }
        _ => return None,
    };
    let mut parts = clock.splitn(3, ':');
    let (hour, minute) = (short_number(parts.next()?)?, short_number(parts.next()?)?);
    let (second, fraction) = parts.next().map(|s| s.split_once('.').unwrap_or((s, "")))?;
    let second = short_number(second)?;
    if hour > 23
        || minute > 59
        || second > 59
        || fraction.len() > 9
        || !fraction.bytes().all(|b| b.is_ascii_digit())
    {
        return None;
    }
    let _ = write!(out, "{hour:02}:{minute:02}:{second:02}");
    let fraction = fraction.trim_end_matches('0');
    if !fraction.is_empty() {
        let _ = write!(out, ".{fraction}");
    }
    let _ = write!(out, " {zone}");
    Some(out)
}

fn split_zone(text: &str) -> (&str, Option<&str>) {
    match text.find(['Z', '+', '-']) {
        Some(at) => (&text[..at], Some(&text[at..])),
        None => (text, None),
    }
}

fn short_number(text: &str) -> Option<u32> {
    if text.is_empty() || text.len() > 2 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

fn days_in(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(text: &str) -> String {
        resolve(text).scalar_text().unwrap()
    }

    /// Each pair was seen in the labels that Docker Compose prints.
    #[test]
    fn scalars_mean_what_compose_says() {
        for (text, expected) in [
            ("1.10", "1.1"),
            ("1e3", "1000"),
            ("0x10", "16"),
            ("0X1F", "31"),
            ("0o17", "15"),
            ("0O17", "15"),
            ("017", "15"),
            ("0888", "888"),
            ("0o8", "0o8"),
            ("0b101", "5"),
            ("-0x10", "-16"),
            ("+1", "1"),
            ("-0", "-0"),
            ("yes", "yes"),
            (".5", "0.5"),
            ("+.5", "0.5"),
            ("1.", "1"),
            (".5e1", "5"),
            ("1_000", "1000"),
            ("1__0", "10"),
            ("0_7", "7"),
            ("_1", "_1"),
            ("1_000.5", "1000.5"),
            ("12:30", "12:30"),
            ("1e", "1e"),
            ("1e400", "1e400"),
            ("0x1p4", "0x1p4"),
            ("12345678901234567890", "12345678901234567890"),
            ("123456789012345678901234567890", "1.2345678901234568e+29"),
            ("100000000.0", "1e+08"),
            ("1.0", "1"),
            ("tRUE", "tRUE"),
            ("TRUE", "true"),
            ("Null", ""),
            ("nULL", "nULL"),
            ("=", "="),
            ("2020-01-01", "2020-01-01 00:00:00 +0000 UTC"),
            ("2020-1-1", "2020-01-01 00:00:00 +0000 UTC"),
            ("2020-13-01", "2020-13-01"),
            ("2020-02-30", "2020-02-30"),
            ("2020-01-01t", "2020-01-01t"),
            ("2020-01-01T01:02:03Z", "2020-01-01 01:02:03 +0000 UTC"),
            ("2020-01-01 1:2:3", "2020-01-01 01:02:03 +0000 UTC"),
            ("2020-01-01 01:02:03.5", "2020-01-01 01:02:03.5 +0000 UTC"),
            ("2020-01-01T01:02:03+02:00", "2020-01-01 01:02:03 +0200 +0200"),
            ("2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43.1 -0500 -0500"),
            ("2001-12-14 21:59:43.10 -5", "2001-12-14 21:59:43.10 -5"),
        ] {
            assert_eq!(printed(text), expected, "{text}");
        }
    }

    #[test]
    fn types_are_kept() {
        assert_eq!(resolve("~"), Value::Null);
        assert_eq!(resolve("true"), Value::Bool(true));
        assert_eq!(resolve("80"), Value::Int(80));
        assert_eq!(resolve("0.5"), Value::Float(0.5));
        assert_eq!(resolve("80:80"), Value::Str("80:80".to_owned()));
        assert!(!is_text("2020-01-01") && !is_text("") && is_text("web"));
    }
}
