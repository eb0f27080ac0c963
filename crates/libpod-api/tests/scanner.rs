//! The archive scanner against archives that the `tar` crate wrote, cut into pieces of any size.

#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use libpod_api::archive::{Captured, ScanError, Scanner};
use proptest::prelude::*;

fn append(builder: &mut tar::Builder<Vec<u8>>, name: &str, content: &[u8]) {
    let mut header = tar::Header::new_gnu();
    header.set_size(content.len() as u64);
    header.set_mode(0o600);
    header.set_cksum();
    builder.append_data(&mut header, name, content).unwrap();
}

/// An archive of plain files; a name over 100 bytes makes the crate write a long-name extension.
fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, content) in files {
        append(&mut builder, name, content);
    }
    builder.into_inner().unwrap()
}

/// One raw entry with any type and name, which the crate would refuse to write.
fn entry(name: &str, kind: u8, content: &[u8]) -> Vec<u8> {
    let mut header = tar::Header::new_ustar();
    header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
    header.set_entry_type(tar::EntryType::new(kind));
    header.set_size(content.len() as u64);
    header.set_cksum();
    let mut bytes = header.as_bytes().to_vec();
    bytes.extend(content);
    bytes.resize(bytes.len().next_multiple_of(512), 0);
    bytes
}

fn scan(bytes: &[u8], scanner: Scanner) -> Result<libpod_api::archive::Summary, ScanError> {
    let mut scanner = scanner;
    scanner.feed(bytes)?;
    scanner.finish()
}

#[test]
fn an_entry_is_taken_out_and_another_is_not() {
    let bytes = archive(&[("./stats-dump", b"hello"), ("checkpoint/pages-1.img", &[7; 5000])]);
    let summary = scan(&bytes, Scanner::new().strict().with_entry("stats-dump", 10)).unwrap();
    assert_eq!(summary.content("stats-dump"), Some(&b"hello"[..]));
    assert_eq!((summary.entries, summary.bytes), (2, bytes.len() as u64));
}

#[test]
fn an_entry_above_its_limit_is_not_kept() {
    let bytes = archive(&[("config.dump", &[1; 100])]);
    let summary = scan(&bytes, Scanner::new().with_entry("config.dump", 99)).unwrap();
    assert_eq!(summary.captured("config.dump"), Some(&Captured::TooLarge(100)));
    assert_eq!(summary.content("config.dump"), None);
}

#[test]
fn a_cut_archive_is_noticed_at_every_length() {
    let bytes = archive(&[("a", &[1; 700]), ("b", b"")]);
    for length in 0..bytes.len() {
        let cut = scan(&bytes[..length], Scanner::new());
        assert_eq!(cut, Err(ScanError::Cut { offset: length as u64 }), "{length}");
    }
    assert!(scan(&bytes, Scanner::new()).is_ok());
}

#[test]
fn what_is_no_tar_is_refused_at_its_head() {
    assert_eq!(scan(&[b'x'; 600], Scanner::new()), Err(ScanError::NotTar { offset: 0 }));
    for (magic, format) in [(&b"\x1f\x8b"[..], "gzip"), (b"\x28\xb5\x2f\xfd", "zstd"), (b"BZh", "bzip2")] {
        let mut bytes = magic.to_vec();
        bytes.resize(600, 1);
        assert_eq!(scan(&bytes, Scanner::new()), Err(ScanError::Compressed { format }));
    }
}

#[test]
fn entries_that_do_not_belong_are_refused_when_strict() {
    for (name, kind) in [
        ("/etc/passwd", b'0'),
        ("checkpoint/../../etc/passwd", b'0'),
        ("..", b'5'),
        ("ctr.log", b'2'),
        ("ctr.log", b'1'),
        ("sda", b'4'),
        ("pipe", b'6'),
    ] {
        let mut bytes = entry(name, kind, b"");
        bytes.extend([0; 1024]);
        let refused = scan(&bytes, Scanner::new().strict());
        assert!(matches!(refused, Err(ScanError::Entry { .. })), "{name} {refused:?}");
        assert!(scan(&bytes, Scanner::new()).is_ok(), "{name}");
    }
    let mut bytes = entry("checkpoint/parent", b'2', b"");
    bytes.extend([0; 1024]);
    assert!(scan(&bytes, Scanner::new().strict()).is_ok());
}

#[test]
fn a_name_in_an_extension_is_checked_like_any_other() {
    let pax = entry("PaxHeaders.0/x", b'x', b"25 path=../../etc/shadow\n");
    let long = entry("././@LongLink", b'L', b"../../etc/shadow\0");
    for extension in [pax, long] {
        let mut bytes = extension;
        bytes.extend(entry("harmless", b'0', b"x"));
        bytes.extend([0; 1024]);
        let refused = scan(&bytes, Scanner::new().strict());
        assert!(
            matches!(&refused, Err(ScanError::Entry { name, .. }) if name == "../../etc/shadow"),
            "{refused:?}"
        );
    }
}

#[test]
fn a_size_in_an_extension_counts() {
    let mut bytes = entry("PaxHeaders.0/x", b'x', b"12 size=600\n");
    let mut file = entry("stats-dump", b'0', b"");
    file.extend([9; 600]);
    file.resize(file.len().next_multiple_of(512), 0);
    bytes.extend(file);
    bytes.extend([0; 1024]);
    let summary = scan(&bytes, Scanner::new().strict().with_entry("stats-dump", 1000)).unwrap();
    assert_eq!(summary.content("stats-dump").unwrap().len(), 600);
}

#[test]
fn the_same_wanted_entry_twice_is_refused_when_strict() {
    let bytes = archive(&[("config.dump", b"a"), ("config.dump", b"b")]);
    let strict = scan(&bytes, Scanner::new().strict().with_entry("config.dump", 10));
    assert!(matches!(strict, Err(ScanError::Entry { .. })), "{strict:?}");
    let summary = scan(&bytes, Scanner::new().with_entry("config.dump", 10)).unwrap();
    assert_eq!(summary.content("config.dump"), Some(&b"a"[..]));
}

#[test]
fn content_is_there_as_soon_as_it_is_complete() {
    let bytes = archive(&[("config.dump", b"abcdef"), ("z", &[0; 2000])]);
    let mut scanner = Scanner::new().with_entry("config.dump", 10);
    scanner.feed(&bytes[..512 + 5]).unwrap();
    assert_eq!(scanner.content("config.dump"), None);
    scanner.feed(&bytes[512 + 5..512 + 6]).unwrap();
    assert_eq!(scanner.content("config.dump"), Some(&b"abcdef"[..]));
}

fn pieces(
    bytes: &[u8],
    sizes: &[usize],
    scanner: &Scanner,
) -> Result<libpod_api::archive::Summary, ScanError> {
    let mut scanner = scanner.clone();
    let mut rest = bytes;
    for size in sizes.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (head, tail) = rest.split_at((*size).min(rest.len()));
        scanner.feed(head)?;
        rest = tail;
    }
    scanner.finish()
}

proptest! {
    #[test]
    fn pieces_make_no_difference(
        files in proptest::collection::vec(("[a-z]{1,40}|[a-z]{101,150}|stats-dump", 0usize..1500), 0..6),
        sizes in proptest::collection::vec(1usize..1200, 1..8),
    ) {
        let contents: Vec<Vec<u8>> = files.iter().map(|(_, size)| vec![3; *size]).collect();
        let list: Vec<(&str, &[u8])> =
            files.iter().zip(&contents).map(|((name, _), content)| (name.as_str(), content.as_slice())).collect();
        let bytes = archive(&list);
        let scanner = Scanner::new().with_entry("stats-dump", 1000);
        let whole = scan(&bytes, scanner.clone()).unwrap();
        prop_assert_eq!(whole.entries, files.len() as u64);
        prop_assert_eq!(pieces(&bytes, &sizes, &scanner).unwrap(), whole);
    }

    #[test]
    fn damage_never_panics_and_is_told_alike_in_any_pieces(
        damage in proptest::collection::vec((0usize..4000, any::<u8>()), 1..5),
        sizes in proptest::collection::vec(1usize..700, 1..5),
    ) {
        let mut bytes = archive(&[("stats-dump", &[1; 900]), (&"n".repeat(120), &[2; 30])]);
        for (position, byte) in damage {
            let position = position % bytes.len();
            bytes[position] = byte;
        }
        let scanner = Scanner::new().strict().with_entry("stats-dump", 1000);
        prop_assert_eq!(pieces(&bytes, &sizes, &scanner), scan(&bytes, scanner));
    }
}
