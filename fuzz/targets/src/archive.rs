//! The scanner of checkpoint archives, `libpod_api::archive::Scanner`.

use libpod_api::archive::{CONFIG_DUMP, Captured, DELETED_FILES, STATS_DUMP, ScanError, Scanner, Summary};

use crate::pieces::{Way, pieces};
use crate::tar_reader::{Entry, entries, repaired};

/// What is taken out, and how much of it at most.
const WANTED: [(&str, u64); 3] = [(CONFIG_DUMP, 700), (DELETED_FILES, 16), (STATS_DUMP, 0)];
/// How the input is cut. Single bytes would take most of the time, and find no more.
const WAYS: [Way; 2] = [Way::UpTo(12), Way::UpTo(700)];
/// The one link of a checkpoint.
const PARENT: &str = "checkpoint/parent";

/// Takes the input as it is, and with the check sums in it put right. Holds that it makes no difference how
/// the input is cut; that nothing over its limit is kept; that what the strict scanner lets through holds,
/// in the eyes of the reader that unpacks it, only files and directories within the archive (and CRIU's
/// link), each wanted one once and with the content that was taken out; and that it is whole.
///
/// # Panics
/// The scanner breaks one of these.
pub fn check(data: &[u8]) {
    one(data);
    one(&repaired(data));
}

fn one(data: &[u8]) {
    for strict in [false, true] {
        let whole = scan(data, strict, Way::Whole);
        for way in WAYS {
            assert_eq!(scan(data, strict, way), whole, "strict: {strict}, cut by {way:?}");
        }
        if let Ok(summary) = &whole {
            limits_hold(summary);
        }
        if let (true, Ok(summary)) = (strict, &whole) {
            assert_eq!(scan(data, false, Way::Whole), whole, "strict may only refuse more");
            let (entries, end) = entries(data);
            unpacked_safely(&entries, summary);
            if let Some(end) = end {
                assert_eq!(entries.len() as u64, summary.entries);
                assert!(scan(&data[..end - 1], true, Way::Whole).is_err(), "a cut archive");
            }
        }
    }
}

fn scan(data: &[u8], strict: bool, way: Way) -> Result<Summary, ScanError> {
    let mut scanner = WANTED.iter().fold(Scanner::new(), |all, (name, limit)| all.with_entry(name, *limit));
    if strict {
        scanner = scanner.strict();
    }
    let mut seen = WANTED.map(|_| None);
    for piece in pieces(data, way) {
        scanner.feed(piece)?;
        if matches!(way, Way::UpTo(..100)) {
            continue;
        }
        for ((name, _), seen) in WANTED.iter().zip(&mut seen) {
            let now = scanner.content(name).map(<[u8]>::len);
            assert!(seen.is_none() || *seen == now, "{name} was complete and then was not");
            *seen = now;
        }
    }
    let summary = scanner.finish()?;
    for ((name, _), seen) in WANTED.iter().zip(&seen) {
        let end = summary.content(name).map(<[u8]>::len);
        assert!(seen.is_none() || *seen == end, "{name} changed at the end");
    }
    assert_eq!(summary.bytes, data.len() as u64);
    Ok(summary)
}

fn limits_hold(summary: &Summary) {
    for (name, limit) in WANTED {
        match summary.captured(name) {
            Some(Captured::Whole(content)) => assert!(content.len() as u64 <= limit, "{name}"),
            Some(Captured::TooLarge(size)) => assert!(*size > limit, "{name}"),
            None => {}
        }
    }
}

fn unpacked_safely(entries: &[Entry<'_>], summary: &Summary) {
    let mut unpacked: Vec<String> = Vec::new();
    let mut linked = false;
    for entry in entries {
        let name = String::from_utf8_lossy(&entry.name).into_owned();
        assert!(!name.starts_with('/'), "{name:?} is absolute");
        assert!(name.split('/').all(|part| part != ".."), "{name:?} leads out");
        let clean: Vec<&str> = name.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
        let clean = clean.join("/");
        assert!(!linked || clean != PARENT && !clean.starts_with("checkpoint/parent/"), "through the link");
        match entry.kind {
            b'0' | b'5' | b'7' => {}
            b'2' if clean == PARENT => linked = true,
            other => assert!(other == b'0', "{name:?} has type {:?}", char::from(other)),
        }
        if let Some((wanted, limit)) = WANTED.iter().find(|(wanted, _)| *wanted == clean) {
            assert!(!unpacked.contains(&clean), "{name:?} is unpacked twice");
            let size = entry.content.len() as u64;
            if size <= *limit {
                assert_eq!(summary.content(wanted), Some(entry.content), "{name:?} has other content");
            } else {
                assert_eq!(summary.captured(wanted), Some(&Captured::TooLarge(size)));
            }
        }
        unpacked.push(clean);
    }
}
