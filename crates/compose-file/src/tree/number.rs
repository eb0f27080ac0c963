//! Numbers as Go prints them, which is how they appear inside the strings of a canonical Compose file.

/// A float as Go's `%v`: the shortest digits that give it back, with an exponent below 1e-4 and from 1e6.
pub(crate) fn format_float(value: f64) -> String {
    format_shortest(&format!("{value:e}"))
}

/// Reads a float as Go does: digits may be parted by underscores. Only finite numbers count.
pub(crate) fn parse_float(text: &str) -> Option<f64> {
    let bytes = text.as_bytes();
    let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    let parted = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'_');
    if !parted.map(|(at, _)| at).all(|at| digit(at.checked_sub(1)) && digit(Some(at + 1))) {
        return None;
    }
    text.replace('_', "").parse().ok().filter(|number: &f64| number.is_finite())
}

/// A float that Compose keeps with 32 bits: the `f64` that prints the same digits.
pub(crate) fn shortest_f32(value: f64) -> f64 {
    #[expect(clippy::cast_possible_truncation, reason = "the loss of digits is what is asked for")]
    let short = value as f32;
    short.to_string().parse().unwrap_or(value)
}

/// A JSON number for a float; whole ones become integers where they fit, as Go's encoder prints them.
pub(crate) fn json_float(value: f64) -> serde_json::Value {
    #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
    if value.fract() == 0.0 && value.abs() < 1e15 {
        return serde_json::Value::from(value as i64);
    }
    serde_json::Number::from_f64(value).map_or(serde_json::Value::Null, serde_json::Value::Number)
}

/// Takes Rust's `1.5e10` form.
fn format_shortest(scientific: &str) -> String {
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let digits: String = mantissa.chars().filter(|c| *c != '.').collect();
    if !(-4..6).contains(&exponent) {
        let fraction = if digits.len() > 1 { format!(".{}", &digits[1..]) } else { String::new() };
        let mark = if exponent < 0 { '-' } else { '+' };
        return format!("{sign}{}{fraction}e{mark}{:02}", &digits[..1], exponent.abs());
    }
    if exponent < 0 {
        let zeros = "0".repeat(usize::try_from(-exponent - 1).unwrap_or(0));
        return format!("{sign}0.{zeros}{digits}");
    }
    let whole = usize::try_from(exponent + 1).unwrap_or(1);
    if digits.len() <= whole {
        return format!("{sign}{digits}{}", "0".repeat(whole - digits.len()));
    }
    format!("{sign}{}.{}", &digits[..whole], &digits[whole..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_print_as_in_go() {
        for (value, text) in [
            (1.1, "1.1"),
            (1000.0, "1000"),
            (100_000.0, "100000"),
            (1e6, "1e+06"),
            (1_234_567.0, "1.234567e+06"),
            (123_456_789.5, "1.234567895e+08"),
            (1e21, "1e+21"),
            (0.5, "0.5"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (-10.5, "-10.5"),
            (-0.0, "-0"),
            (1.234_567_890_123_456_8e29, "1.2345678901234568e+29"),
        ] {
            assert_eq!(format_float(value), text);
        }
    }

    #[test]
    fn floats_are_read_as_in_go() {
        for (text, value) in [
            ("1_0", Some(10.0)),
            ("1_0.5_0", Some(10.5)),
            (".5", Some(0.5)),
            ("+1e1", Some(10.0)),
            ("_10", None),
            ("1__0", None),
            ("1_.0", None),
            ("10_", None),
            ("inf", None),
            (" 5", None),
        ] {
            assert_eq!(parse_float(text), value, "{text}");
        }
    }

    #[test]
    fn short_floats_lose_digits() {
        assert_eq!(shortest_f32(0.1), 0.1);
        assert_eq!(shortest_f32(1.234_567_890_123), 1.234_567_9);
    }
}
