//! The header that says what a path in a container is, `docker_api::containers::PathStat`.

use docker_api::containers::PathStat;

use crate::lenient::holds;

const URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Takes the input as a header, and as the JSON within one. Holds that the JSON is read as it is in either
/// alphabet of base 64, with and without padding; that a letter that base 64 does not have is refused; that
/// a path has at most one kind and no permissions beyond Unix's twelve bits; and the promises of lenient
/// reading.
///
/// # Panics
/// The decoder breaks one of these.
pub fn check(data: &[u8]) {
    if let Ok(stat) = std::str::from_utf8(data).map_err(drop).and_then(|text| read(text).ok_or(())) {
        sane(&stat);
    }
    let json = serde_json::from_slice::<PathStat>(data).ok();
    for alphabet in [URL, STANDARD] {
        let header = encoded(data, alphabet);
        assert_eq!(read(&header), json, "{header}");
        assert_eq!(read(header.trim_end_matches('=')), json, "{header} without padding");
        assert_eq!(read(&format!("!{header}")), None, "a letter that is none");
    }
    if let Some(stat) = &json {
        sane(stat);
    }
    holds(data, "path stat", |data| serde_json::from_slice::<PathStat>(data));
}

fn read(header: &str) -> Option<PathStat> {
    PathStat::from_header(header).ok()
}

fn sane(stat: &PathStat) {
    assert!(stat.permissions() <= 0o7777, "{stat:?}");
    assert!(!(stat.is_file() && (stat.is_dir() || stat.is_symlink())), "{stat:?} is two things");
}

fn encoded(bytes: &[u8], alphabet: &[u8; 64]) -> String {
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let mut bits = [0; 4];
        bits[1..=group.len()].copy_from_slice(group);
        let bits = u32::from_be_bytes(bits);
        for place in 0..4u32 {
            let index = (bits >> (18 - 6 * place)) & 0x3f;
            let letter = usize::try_from(index).ok().and_then(|index| alphabet.get(index)).copied();
            text.push(if place as usize <= group.len() { letter.map_or('=', char::from) } else { '=' });
        }
    }
    text
}
