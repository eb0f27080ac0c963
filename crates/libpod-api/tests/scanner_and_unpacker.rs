//! Archives that read differently to a careless scanner than to Go's `archive/tar`, which unpacks them.

use libpod_api::archive::{ScanError, Scanner, Summary};

const FILE: u8 = b'0';
const EVIL: &str = "../../etc/cron.d/evil";

/// One entry of an archive, with what a test needs to be odd about it.
struct Entry<'a> {
    name: &'a str,
    kind: u8,
    content: &'a [u8],
    /// Bytes that are written over the header, and where.
    patches: &'a [(usize, &'a [u8])],
}

impl Entry<'_> {
    fn bytes(&self) -> Vec<u8> {
        let mut header = tar::Header::new_ustar();
        header.as_mut_bytes()[..self.name.len()].copy_from_slice(self.name.as_bytes());
        header.as_mut_bytes()[156] = self.kind;
        header.set_size(self.content.len() as u64);
        for (at, patch) in self.patches {
            header.as_mut_bytes()[*at..*at + patch.len()].copy_from_slice(patch);
        }
        header.set_cksum();
        let mut bytes = header.as_bytes().to_vec();
        bytes.extend(self.content);
        bytes.resize(bytes.len().next_multiple_of(512), 0);
        bytes
    }
}

fn entry(name: &str, kind: u8, content: &[u8]) -> Vec<u8> {
    Entry { name, kind, content, patches: &[] }.bytes()
}

fn patched(name: &str, kind: u8, content: &[u8], patches: &[(usize, &[u8])]) -> Vec<u8> {
    Entry { name, kind, content, patches }.bytes()
}

/// An entry of PAX records.
fn pax(records: &[(&str, &str)]) -> Vec<u8> {
    let mut text = String::new();
    for (key, value) in records {
        let rest = format!(" {key}={value}\n").len();
        let length = (rest..).find(|length| length.to_string().len() + rest == *length);
        text += &format!("{} {key}={value}\n", length.unwrap_or_default());
    }
    entry("PaxHeaders.0/x", b'x', text.as_bytes())
}

fn scan(entries: &[Vec<u8>], scanner: Scanner) -> Result<Summary, ScanError> {
    let mut scanner = scanner;
    for entry in entries {
        scanner.feed(entry)?;
    }
    scanner.feed(&[0; 1024])?;
    scanner.finish()
}

fn strict(entries: &[Vec<u8>]) -> Result<Summary, ScanError> {
    scan(entries, Scanner::new().strict().with_entry("config.dump", 100))
}

#[track_caller]
fn is_refused_as(entries: &[Vec<u8>], name: &str) {
    let result = strict(entries);
    assert!(matches!(&result, Err(ScanError::Entry { name: found, .. }) if found == name), "{result:?}");
}

#[test]
fn an_empty_name_in_an_extension_is_none() {
    is_refused_as(&[pax(&[("path", "")]), entry(EVIL, FILE, b"x")], EVIL);
    is_refused_as(&[pax(&[("path", "ok"), ("path", "")]), entry(EVIL, FILE, b"x")], EVIL);
    is_refused_as(&[entry("././@LongLink", b'L', b"\0"), entry(EVIL, FILE, b"x")], EVIL);
}

#[test]
fn a_second_extension_replaces_all_of_the_first() {
    is_refused_as(&[pax(&[("path", "ok")]), pax(&[("mtime", "1")]), entry(EVIL, FILE, b"x")], EVIL);
}

#[test]
fn a_long_name_counts_for_more_than_a_pax_path() {
    let long = format!("{EVIL}\0");
    let long = entry("././@LongLink", b'L', long.as_bytes());
    for extensions in [[long.clone(), pax(&[("path", "ok")])], [pax(&[("path", "ok")]), long]] {
        is_refused_as(&[&extensions[..], &[entry("a", FILE, b"x")]].concat(), EVIL);
    }
}

#[test]
fn records_for_all_entries_end_what_was_said_of_the_next() {
    let global = entry("pax_global_header", b'g', b"13 comment=x\n");
    is_refused_as(&[pax(&[("path", "ok")]), global, entry(EVIL, FILE, b"x")], EVIL);
}

#[test]
fn only_the_small_x_is_a_pax_header() {
    let capital = entry("x", b'X', b"11 path=ok\n");
    assert!(matches!(strict(&[capital, entry(EVIL, FILE, b"x")]), Err(ScanError::Entry { .. })));
}

#[test]
fn a_sparse_file_has_another_name_than_it_seems() {
    let sparse = pax(&[("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.name", EVIL)]);
    is_refused_as(&[sparse, entry("ok", FILE, b"0\n")], "ok");
}

#[test]
fn a_prefix_counts_only_in_the_formats_that_have_one() {
    let prefix: (usize, &[u8]) = (345, b"harmless");
    let other_version = patched("/etc/passwd", FILE, b"x", &[prefix, (263, b"01")]);
    is_refused_as(&[other_version], "/etc/passwd");
    let old_gnu = patched("evil", FILE, b"x", &[(345, b"../.."), (257, b"ustar  \0")]);
    assert_eq!(strict(&[old_gnu]), Err(ScanError::NotTar { offset: 0 }));
    // In star's format, the prefix is shorter and times follow.
    let times: &[(usize, &[u8])] =
        &[(345, &[b'a'; 131]), (476, b"00000000001\x0000000000001\0"), (508, b"tar\0")];
    let name = format!("{}/../x", "a".repeat(131));
    is_refused_as(&[patched("../x", FILE, b"x", times)], &name);
}

#[test]
fn a_size_is_read_as_the_unpacker_reads_it() {
    let hidden = entry(EVIL, FILE, b"");
    // NULs before the digits are filling, and an end before its last digit is no number.
    let filled: &[(usize, &[u8])] = &[(124, b"\0\x000001000 \0")];
    let summary = scan(&[patched("a", FILE, &hidden, filled)], Scanner::new().strict());
    assert_eq!(summary.map(|summary| summary.entries), Ok(1));
    let ambiguous: &[(usize, &[u8])] = &[(124, b"0\x00001000\0\0\0\0")];
    assert_eq!(strict(&[patched("a", FILE, &hidden, ambiguous)]), Err(ScanError::NotTar { offset: 0 }));
}

#[test]
fn an_old_directory_has_no_content() {
    let patches: &[(usize, &[u8])] = &[(124, b"00000001000\0")];
    let old = patched("checkpoint/", 0, b"", patches);
    is_refused_as(&[old, entry(EVIL, FILE, b"")], EVIL);
    let summary = strict(&[entry("config.dump", 0, b"{}")]);
    assert_eq!(summary.unwrap().content("config.dump"), Some(&b"{}"[..]), "a file otherwise");
}

#[test]
fn a_wanted_entry_is_known_however_its_path_is_written() {
    for again in [".//config.dump", "././config.dump", "config.dump/.", ".///./config.dump//"] {
        is_refused_as(&[entry("config.dump", FILE, b"a"), entry(again, FILE, b"b")], again);
    }
    let summary = strict(&[entry(".//config.dump", FILE, b"a")]);
    assert_eq!(summary.unwrap().content("config.dump"), Some(&b"a"[..]));
}

#[test]
fn the_link_of_a_checkpoint_stays_within_it_and_nothing_goes_through_it() {
    let link = |target: &'static [u8]| patched("checkpoint/parent", b'2', b"", &[(157, target)]);
    assert!(strict(&[link(b"../pre-checkpoint")]).is_ok());
    for out in [&b"/etc"[..], b"../../etc", b"../a/../../b"] {
        is_refused_as(&[link(out)], "checkpoint/parent");
    }
    is_refused_as(&[pax(&[("linkpath", "/etc")]), link(b"ok")], "checkpoint/parent");
    is_refused_as(&[entry("././@LongLink", b'K', b"/etc\0"), link(b"ok")], "checkpoint/parent");
    for through in ["checkpoint/parent/a", "./checkpoint//parent/a", "checkpoint/parent"] {
        is_refused_as(&[link(b"../pre-checkpoint"), entry(through, FILE, b"x")], through);
    }
    assert!(strict(&[link(b"../pre-checkpoint"), entry("checkpoint/parents", FILE, b"x")]).is_ok());
}

#[test]
fn malformed_records_are_told_at_the_same_place_however_they_are_cut() {
    let mut bytes = entry("config.dump", FILE, b"{}");
    bytes.extend(entry("x", b'x', b"12 path=a/b\n8 size=5\n"));
    for size in [1, 7, 700, bytes.len()] {
        let mut scanner = Scanner::new();
        let result = bytes.chunks(size).try_for_each(|piece| scanner.feed(piece));
        assert_eq!(result, Err(ScanError::NotTar { offset: 1024 }), "pieces of {size}");
    }
}
