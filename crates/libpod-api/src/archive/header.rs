//! One 512-byte header of a tar archive.

/// Size of a tar block.
pub(super) const BLOCK: usize = 512;

/// What a header says of the entry that follows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) name: String,
    pub(super) size: u64,
    pub(super) kind: Kind,
}

/// The kinds of entry that make a difference here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Directory,
    Symlink,
    /// Names and sizes for the next entry, in PAX form.
    Pax,
    /// The next entry's name.
    LongName,
    /// Records that are no entry of their own: PAX globals, the next entry's link name.
    Extension,
    Other(u8),
}

/// Reads a header; `None` when its check sum does not match or a number in it is malformed.
pub(super) fn parse(block: &[u8; BLOCK]) -> Option<Header> {
    // The check sum counts its own field as eight spaces.
    let sum: u64 = block.iter().map(|&b| u64::from(b)).sum::<u64>()
        - block[148..156].iter().map(|&b| u64::from(b)).sum::<u64>()
        + 8 * u64::from(b' ');
    if number(&block[148..156])? != sum {
        return None;
    }
    let mut name = text(&block[..100]);
    if block[257..].starts_with(b"ustar\0") {
        let prefix = text(&block[345..500]);
        if !prefix.is_empty() {
            name = format!("{prefix}/{name}");
        }
    }
    let kind = match block[156] {
        0 | b'0' | b'7' => Kind::File,
        b'5' => Kind::Directory,
        b'2' => Kind::Symlink,
        b'x' | b'X' => Kind::Pax,
        b'L' => Kind::LongName,
        b'g' | b'K' => Kind::Extension,
        other => Kind::Other(other),
    };
    let size = number(&block[124..136])?;
    // Links, devices and directories have no content whatever their size field says.
    let has_content = matches!(kind, Kind::File | Kind::Pax | Kind::LongName | Kind::Extension);
    Some(Header { name, size: if has_content { size } else { 0 }, kind })
}

/// Text up to the first NUL.
pub(super) fn text(field: &[u8]) -> String {
    let end = field.iter().position(|&b| b == 0).unwrap_or(field.len());
    String::from_utf8_lossy(&field[..end]).into_owned()
}

/// A number in octal, or in GNU's base 256 for large ones.
fn number(field: &[u8]) -> Option<u64> {
    let (&first, rest) = field.split_first()?;
    if first & 0x80 != 0 {
        // The bit below the marker is the sign.
        if first & 0x40 != 0 {
            return None;
        }
        return rest.iter().try_fold(u64::from(first & 0x3f), |value, &b| {
            value.checked_mul(256)?.checked_add(u64::from(b))
        });
    }
    let digits = field.iter().skip_while(|&&b| b == b' ').take_while(|&&b| b != 0 && b != b' ');
    digits.into_iter().try_fold(0u64, |value, &b| {
        let digit = b.checked_sub(b'0').filter(|digit| *digit < 8)?;
        value.checked_mul(8)?.checked_add(u64::from(digit))
    })
}

/// `path` and `size` of PAX records (`<length> <key>=<value>\n`); `None` when they are malformed.
pub(super) fn pax(mut records: &[u8]) -> Option<(Option<String>, Option<u64>)> {
    let (mut path, mut size) = (None, None);
    while !records.is_empty() {
        let space = records.iter().take(20).position(|&b| b == b' ')?;
        let length: usize = std::str::from_utf8(&records[..space]).ok()?.parse().ok()?;
        let record = records.get(space + 1..length)?;
        let (&end, record) = record.split_last()?;
        let equals = record.iter().position(|&b| b == b'=')?;
        if end != b'\n' {
            return None;
        }
        let value = &record[equals + 1..];
        match &record[..equals] {
            b"path" => path = Some(String::from_utf8_lossy(value).into_owned()),
            b"size" => size = Some(std::str::from_utf8(value).ok()?.parse().ok()?),
            _ => {}
        }
        records = &records[length..];
    }
    Some((path, size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_octal_and_in_base_256() {
        assert_eq!(number(b"0000644\0"), Some(0o644));
        assert_eq!(number(b"   12 \0\0"), Some(0o12));
        assert_eq!(number(b"\0\0\0\0\0\0\0\0\0\0\0\0"), Some(0));
        assert_eq!(number(&[0x80, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0]), Some(2 << 32));
        assert_eq!(number(b"00009\0"), None);
        assert_eq!(number(&[0xff; 12]), None);
    }

    #[test]
    fn pax_records_give_the_path_and_the_size() {
        assert_eq!(pax(b"12 path=a/b\n11 mtime=7\n9 size=5\n").unwrap(), (Some("a/b".to_owned()), Some(5)));
        assert_eq!(pax(b"12 path=a/b\n8 size=5\n"), None, "a wrong length");
        for broken in
            [&b"x"[..], b"99 path=a\n", b"3 \n", b"0 path=a\n", b"7 size\n", b"9 size=x\n", b"9 size=55"]
        {
            assert_eq!(pax(broken), None, "{broken:?}");
        }
    }
}
