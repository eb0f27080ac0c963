//! Sizes such as `512m` or `1.5g`, with binary units.

/// Reads a number of bytes. Whole numbers may be negative (`-1` is "no limit" for some attributes), sizes with a unit
/// may not.
pub(crate) fn parse_size(text: &str) -> Option<i64> {
    if let Ok(number) = text.strip_prefix('+').filter(|rest| !rest.starts_with('-')).unwrap_or(text).parse() {
        return Some(number);
    }
    let last = text.rfind(|c: char| c.is_ascii_digit() || matches!(c, '.' | ' '))?;
    let (number, unit) = text.split_at(last + 1);
    let number = number.strip_suffix(' ').unwrap_or(number);
    let valid = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-');
    if number.is_empty() || !number.chars().all(valid) {
        return None;
    }
    let number: f64 = number.parse().ok().filter(|number| *number >= 0.0)?;
    let unit = unit.to_ascii_lowercase();
    let scale = match unit.strip_suffix("ib").or_else(|| unit.strip_suffix('b')).unwrap_or(&unit) {
        "" if unit == "ib" => return None,
        "" => 0,
        "k" => 1,
        "m" => 2,
        "g" => 3,
        "t" => 4,
        "p" => 5,
        _ => return None,
    };
    let bytes = number * 1024f64.powi(scale);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the range is checked, and parts of a byte are dropped"
    )]
    (bytes < 9.2e18).then_some(bytes as i64)
}

#[cfg(test)]
mod tests {
    use super::parse_size;

    #[test]
    fn sizes() {
        for (text, bytes) in [
            ("0", 0),
            ("-1", -1),
            ("+5", 5),
            ("100", 100),
            ("1b", 1),
            ("1k", 1 << 10),
            ("1kb", 1 << 10),
            ("1KiB", 1 << 10),
            ("512m", 512 << 20),
            ("1g", 1 << 30),
            ("1.5g", 1_610_612_736),
            ("1 g", 1 << 30),
            (".5k", 512),
            ("1.k", 1024),
            ("1e3", 1000),
            ("1p", 1 << 50),
            ("1.5", 1),
        ] {
            assert_eq!(parse_size(text), Some(bytes), "{text}");
        }
        for text in [
            "",
            "abc",
            "g",
            "1x",
            "1bb",
            "1ki",
            "1  g",
            "1e",
            "-1g",
            "99999999p",
            "1ib",
            "inf",
            "nan",
            "infk",
        ] {
            assert_eq!(parse_size(text), None, "{text}");
        }
    }
}
