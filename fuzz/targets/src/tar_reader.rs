//! A second reader of tar archives: what the engines' own reader, Go's `archive/tar`, makes of the bytes.
//!
//! A check that reads an archive differently from the one who unpacks it can be passed by. This reader has
//! the whole archive in memory, judges nothing, and stops where Go's would give up, or later.

/// Size of a block.
pub(crate) const BLOCK: usize = 512;

/// The types whose header is followed by no content, whatever size it gives.
const WITHOUT_CONTENT: &[u8] = b"123456";

/// An entry as it would be unpacked.
#[derive(Clone, Debug)]
pub(crate) struct Entry<'a> {
    /// Its name, as it stands.
    pub(crate) name: Vec<u8>,
    /// Its type: `0` for a file, `5` for a directory, `S` for a sparse file in any format.
    pub(crate) kind: u8,
    /// The part of its content that is there.
    pub(crate) content: &'a [u8],
}

/// The entries up to the end, or to the first thing that is no tar archive; and where the two blocks of
/// zeros at the end are over, if it came to that.
pub(crate) fn entries(data: &[u8]) -> (Vec<Entry<'_>>, Option<usize>) {
    let mut entries = Vec::new();
    let mut at = 0;
    let (mut pax, mut long_name) = (Pax::default(), Vec::new());
    while let Some(block) = block_at(data, at) {
        if block.iter().all(|b| *b == 0) {
            let end = block_at(data, at + BLOCK).filter(|next| next.iter().all(|b| *b == 0));
            return (entries, end.map(|_| at + 2 * BLOCK));
        }
        let Some((mut size, mut kind)) = size_and_kind(block) else { break };
        let content_at = at + BLOCK;
        if WITHOUT_CONTENT.contains(&kind) {
            size = 0;
        }
        match kind {
            b'x' => match read_pax(content(data, content_at, size)) {
                Some(read) => pax = read,
                None => break,
            },
            b'L' => long_name = until_nul(content(data, content_at, size)).to_vec(),
            b'K' => {}
            // Handed out like an entry: what came before it is used up.
            b'g' => (pax, long_name) = (Pax::default(), Vec::new()),
            _ => {
                let pax = std::mem::take(&mut pax);
                let mut name = pax.path.unwrap_or_else(|| name_of(block));
                size = pax.size.unwrap_or(size);
                let long_name = std::mem::take(&mut long_name);
                if !long_name.is_empty() {
                    name = long_name;
                }
                if kind == 0 {
                    kind = if name.ends_with(b"/") { b'5' } else { b'0' };
                }
                if WITHOUT_CONTENT.contains(&kind) {
                    size = 0;
                }
                let kind = if pax.sparse { b'S' } else { kind };
                entries.push(Entry { name, kind, content: content(data, content_at, size) });
            }
        }
        let Some(next) = usize::try_from(size).ok().and_then(|size| size.checked_next_multiple_of(BLOCK))
        else {
            break;
        };
        at = content_at.saturating_add(next);
    }
    (entries, None)
}

/// `data` with the check sum of every header put right, up to the first number that cannot be read, and with
/// an end: else hardly any change of an archive would get past its first header.
pub(crate) fn repaired(data: &[u8]) -> Vec<u8> {
    let mut data = data.to_vec();
    data.resize(data.len().next_multiple_of(BLOCK), 0);
    let mut at = 0usize;
    while let Some(block) = data.get_mut(at..at.saturating_add(BLOCK)) {
        at += BLOCK;
        if block.iter().all(|b| *b == 0) {
            continue;
        }
        block[148..156].fill(b' ');
        let sum: u64 = block.iter().map(|b| u64::from(*b)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        let Some(size) = number(&block[124..136]) else { break };
        if !WITHOUT_CONTENT.contains(&block[156])
            && let Some(size) = usize::try_from(size).ok().and_then(|s| s.checked_next_multiple_of(BLOCK))
        {
            at = at.saturating_add(size);
        }
    }
    data.resize(data.len() + 2 * BLOCK, 0);
    data
}

fn block_at(data: &[u8], at: usize) -> Option<&[u8; BLOCK]> {
    data.get(at..)?.first_chunk()
}

fn content(data: &[u8], at: usize, size: u64) -> &[u8] {
    let rest = data.get(at..).unwrap_or_default();
    &rest[..usize::try_from(size).map_or(rest.len(), |size| size.min(rest.len()))]
}

fn size_and_kind(block: &[u8; BLOCK]) -> Option<(u64, u8)> {
    let plain = || block.iter().enumerate().map(|(at, b)| if (148..156).contains(&at) { b' ' } else { *b });
    let unsigned: u64 = plain().map(u64::from).sum();
    let signed: i64 = plain().map(|b| i64::from(i8::from_ne_bytes([b]))).sum();
    let sum = number(&block[148..156])?;
    if sum != unsigned && i64::try_from(sum).ok() != Some(signed) {
        return None;
    }
    Some((number(&block[124..136])?, block[156]))
}

fn name_of(block: &[u8; BLOCK]) -> Vec<u8> {
    let is_ustar = block[257..].starts_with(b"ustar\x0000");
    let prefix = match &block[257..265] {
        b"ustar\x0000" if block[508..] == *b"tar\0" => until_nul(&block[345..476]),
        _ if is_ustar => until_nul(&block[345..500]),
        // A mistake of old writers: a prefix where GNU has two times.
        b"ustar  \0" if number(&block[345..357]).is_none() || number(&block[357..369]).is_none() => {
            until_nul(&block[345..500])
        }
        _ => b"",
    };
    let name = until_nul(&block[..100]);
    if prefix.is_empty() { name.to_vec() } else { [prefix, b"/", name].concat() }
}

fn until_nul(field: &[u8]) -> &[u8] {
    field.split(|b| *b == 0).next().unwrap_or_default()
}

/// A number in octal, with spaces and NULs around it, or in base 256.
fn number(field: &[u8]) -> Option<u64> {
    let negative_or_large = field.first().is_some_and(|b| b & 0x40 != 0);
    if field.first().is_some_and(|b| b & 0x80 != 0) {
        let value = field.iter().skip(1).try_fold(u64::from(field[0] & 0x3f), |value, b| {
            value.checked_mul(256).and_then(|value| value.checked_add(u64::from(*b)))
        });
        return value.filter(|value| !negative_or_large && i64::try_from(*value).is_ok());
    }
    let is_filling = |b: &u8| *b == b' ' || *b == 0;
    let start = field.iter().position(|b| !is_filling(b)).unwrap_or(field.len());
    let end = field.iter().rposition(|b| !is_filling(b)).map_or(start, |at| at + 1);
    let digits = std::str::from_utf8(until_nul(&field[start..end])).ok()?;
    if digits.is_empty() { Some(0) } else { u64::from_str_radix(digits, 8).ok() }
}

/// What the records of one PAX header say of the next entry.
#[derive(Debug, Default)]
struct Pax {
    path: Option<Vec<u8>>,
    size: Option<u64>,
    sparse: bool,
}

fn read_pax(mut records: &[u8]) -> Option<Pax> {
    let mut pax = Pax::default();
    while !records.is_empty() {
        let space = records.iter().position(|b| *b == b' ')?;
        let length: usize = std::str::from_utf8(&records[..space]).ok()?.parse().ok()?;
        let record = records.get(space + 1..length)?.strip_suffix(b"\n")?;
        let equals = record.iter().position(|b| *b == b'=')?;
        let (key, value) = (&record[..equals], &record[equals + 1..]);
        records = &records[length..];
        if key.starts_with(b"GNU.sparse.") {
            pax.sparse = true;
        }
        match key {
            // An empty value takes back an earlier one and leaves what the header says.
            b"path" if value.contains(&0) => return None,
            b"path" => pax.path = (!value.is_empty()).then(|| value.to_vec()),
            b"size" if value.is_empty() => pax.size = None,
            b"size" => pax.size = Some(std::str::from_utf8(value).ok()?.parse().ok()?),
            _ => {}
        }
    }
    Some(pax)
}
