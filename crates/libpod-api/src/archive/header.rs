//! One 512-byte header of a tar archive.

/// Size of a tar block.
pub(super) const BLOCK: usize = 512;

/// What a header says of the entry that follows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) name: String,
    /// Target of a link.
    pub(super) link: String,
    pub(super) size: u64,
    pub(super) kind: Kind,
}

/// The kinds of entry that make a difference here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    /// A file of the oldest format, which writes a directory as a file whose name ends with a slash.
    OldFile,
    Directory,
    Symlink,
    /// Names and sizes for the next entry, in PAX form.
    Pax,
    /// The next entry's name.
    LongName,
    /// The next entry's link target.
    LongLink,
    /// PAX records for all entries. None of them is used; readers hand them out like an entry.
    Global,
    Other(u8),
}

impl Kind {
    /// Whether content follows. Links, devices and directories have none whatever their size field says.
    pub(super) const fn has_content(self) -> bool {
        !matches!(self, Self::Directory | Self::Symlink | Self::Other(b'1' | b'3' | b'4' | b'6'))
    }
}

/// Reads a header; `None` when its check sum does not match or a number in it is malformed.
///
/// What an archive is checked for and what an engine unpacks must be the same, so this reads names, sizes
/// and types as Go's `archive/tar` does; where that one takes what no writer writes, this gives `None`.
pub(super) fn parse(block: &[u8; BLOCK]) -> Option<Header> {
    // The check sum counts its own field as eight spaces.
    let sum: u64 = block.iter().map(|&b| u64::from(b)).sum::<u64>()
        - block[148..156].iter().map(|&b| u64::from(b)).sum::<u64>()
        + 8 * u64::from(b' ');
    if number(&block[148..156])? != sum {
        return None;
    }
    let mut name = text(&block[..100]);
    let prefix = match &block[257..265] {
        b"ustar\x0000" if block[508..] == *b"tar\0" => text(&block[345..476]),
        b"ustar\x0000" => text(&block[345..500]),
        b"ustar  \0" => {
            // Two times. Go takes anything else for a prefix, which a mistake of its own once wrote here.
            number(&block[345..357])?;
            number(&block[357..369])?;
            String::new()
        }
        _ => String::new(),
    };
    if !prefix.is_empty() {
        name = format!("{prefix}/{name}");
    }
    let kind = match block[156] {
        0 => Kind::OldFile,
        b'0' | b'7' => Kind::File,
        b'5' => Kind::Directory,
        b'2' => Kind::Symlink,
        b'x' => Kind::Pax,
        b'L' => Kind::LongName,
        b'K' => Kind::LongLink,
        b'g' => Kind::Global,
        other => Kind::Other(other),
    };
    let size = number(&block[124..136])?;
    let link = text(&block[157..257]);
    Some(Header { name, link, size: if kind.has_content() { size } else { 0 }, kind })
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
    // Readers differ in what may stand before and after the digits, but for filling.
    let is_filling = |b: &u8| *b == b' ' || *b == 0;
    let Some(start) = field.iter().position(|b| !is_filling(b)) else { return Some(0) };
    let digits = field[start..].split(|b| is_filling(b)).next().unwrap_or_default();
    if !field[start + digits.len()..].iter().all(is_filling) {
        return None;
    }
    digits.iter().try_fold(0u64, |value, &b| {
        let digit = b.checked_sub(b'0').filter(|digit| *digit < 8)?;
        value.checked_mul(8)?.checked_add(u64::from(digit))
    })
}

/// What PAX records say of the next entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pax {
    pub(super) path: Option<String>,
    pub(super) size: Option<u64>,
    /// It has a link target.
    pub(super) link: bool,
    /// It is a sparse file in GNU's form, which has another name and size than the rest says.
    pub(super) sparse: bool,
}

/// Reads PAX records (`<length> <key>=<value>\n`); `None` when they are malformed. The last of two for the
/// same key counts, and an empty value is none.
pub(super) fn pax(mut records: &[u8]) -> Option<Pax> {
    let mut pax = Pax::default();
    while !records.is_empty() {
        let space = records.iter().take(20).position(|&b| b == b' ')?;
        let length: usize = std::str::from_utf8(&records[..space]).ok()?.parse().ok()?;
        let record = records.get(space + 1..length)?;
        let (&end, record) = record.split_last()?;
        let equals = record.iter().position(|&b| b == b'=')?;
        if end != b'\n' {
            return None;
        }
        let (key, value) = (&record[..equals], &record[equals + 1..]);
        match key {
            b"path" if value.contains(&0) => return None,
            b"path" => {
                pax.path = (!value.is_empty()).then(|| String::from_utf8_lossy(value).into_owned());
            }
            b"size" if value.is_empty() => pax.size = None,
            b"size" => pax.size = Some(std::str::from_utf8(value).ok()?.parse().ok()?),
            b"linkpath" => pax.link = !value.is_empty(),
            _ if key.starts_with(b"GNU.sparse.") => pax.sparse = true,
            _ => {}
        }
        records = &records[length..];
    }
    Some(pax)
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
        assert_eq!(number(b"\x00\x0017 \0"), Some(0o17), "filling may stand before it, too");
        assert_eq!(number(b"00009\0"), None);
        assert_eq!(number(b"12\x0034"), None);
        assert_eq!(number(&[0xff; 12]), None);
    }

    #[test]
    fn pax_records_give_the_path_and_the_size() {
        let both = Pax { path: Some("a/b".to_owned()), size: Some(5), ..Pax::default() };
        assert_eq!(pax(b"12 path=a/b\n11 mtime=7\n9 size=5\n"), Some(both));
        assert_eq!(pax(b"12 path=a/b\n8 path=\n"), Some(Pax::default()), "an empty value takes one back");
        assert_eq!(pax(b"12 path=a\0b\n"), None);
        assert_eq!(pax(b"12 path=a/b\n8 size=5\n"), None, "a wrong length");
        for broken in
            [&b"x"[..], b"99 path=a\n", b"3 \n", b"0 path=a\n", b"7 size\n", b"9 size=x\n", b"9 size=55"]
        {
            assert_eq!(pax(broken), None, "{broken:?}");
        }
    }
}
