//! Reading of YAML, by way of `compose_file::load`: a whole file, or a value in one.

use compose_file::{LoadError, Loaded};

use crate::compose::{has_wide_range, is_canonical, is_repeatable, loaded, options};

/// The first byte says whether the rest is a file or a value in one. Holds that the same comes out twice; that what
/// is accepted is written as a text that is accepted and means the same; that a byte order mark and the line ends of
/// Windows change nothing.
///
/// # Panics
/// The reader breaks one of these.
pub fn check(data: &[u8]) {
    let Some((mode, text)) = data.split_first() else { return };
    if has_wide_range(text) {
        return;
    }
    let file = match mode & 3 {
        0 | 1 => text.to_vec(),
        2 => [b"services:\n  a:\n    image: x\n    labels: ", text].concat(),
        _ => [b"services:\n  a:\n    image: x\nx-v:\n  ", text].concat(),
    };
    let options = options(&[("f.yaml", &file)]);
    let first = loaded(&options);
    if file.len().is_multiple_of(4) {
        is_repeatable(&options, &first);
    }
    if let Ok(loaded) = &first {
        is_canonical(loaded, file.len().is_multiple_of(2), false);
    }
    if file.starts_with("\u{feff}".as_bytes()) || file.contains(&b'\r') {
        return;
    }
    let mut other = "\u{feff}".as_bytes().to_vec();
    for byte in &file {
        if *byte == b'\n' {
            other.push(b'\r');
        }
        other.push(*byte);
    }
    same(&first, &other);
}

fn same(first: &Result<Loaded, LoadError>, file: &[u8]) {
    let other = loaded(&options(&[("f.yaml", file)]));
    match (first, other) {
        (Ok(first), Ok(other)) => assert_eq!(first.to_canonical_json(), other.to_canonical_json()),
        (Err(_), Err(_)) => {}
        (Ok(_), Err(error)) => assert!(error.errors().next().is_none(), "refused from Windows: {error}"),
        (Err(error), Ok(_)) => assert!(error.errors().next().is_none(), "accepted from Windows: {error}"),
    }
}
