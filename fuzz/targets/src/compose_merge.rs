//! Merging, by way of `compose_file::load`: files over each other, `include` and `extends`.

use compose_file::{LoadError, Loaded, Project};

use crate::compose::{has_wide_range, is_canonical, is_repeatable, load_files, loaded, options};

/// What stands between two files of an input.
const CUT: &[u8] = b"\n%%\n";

/// The first byte says what is held of the files in the rest: that the same comes out twice, and is written as a
/// text that is accepted and means the same; that an empty file on top changes nothing; that documents of one file are
/// merged as files are; that a file that includes another and has nothing else is that other file, but for `x-*`. The last of
/// three files is there for `include` and `extends`, as `b.yaml`.
///
/// # Panics
/// Merging breaks one of these.
pub fn check(data: &[u8]) {
    let Some((mode, text)) = data.split_first() else { return };
    if has_wide_range(text) {
        return;
    }
    let (first, rest) = cut(text);
    let (second, third) = cut(rest);
    let files = [("f1.yaml", first), ("f2.yaml", second), ("b.yaml", third)];
    let count = if second.is_empty() { 1 } else { 2 };
    let given: Vec<(&str, &[u8])> =
        files.iter().filter(|(name, _)| count == 2 || *name != "f2.yaml").copied().collect();
    let options = options(&given);
    let merged = loaded(&options);
    match mode & 3 {
        0 => {
            if text.len().is_multiple_of(4) {
                is_repeatable(&options, &merged);
            }
            if let Ok(merged) = &merged {
                is_canonical(merged, text.len() % 8 < 4, false);
            }
        }
        1 if merged.is_ok() => {
            let empty: &[u8] = b"services: {}";
            let more = [given.as_slice(), &[("f3.yaml", empty)]].concat();
            same(&merged, &load_files(&more), "with an empty file on top");
        }
        2 if count == 2 && is_plain(first) && is_plain(second) => {
            let one = [first, b"\n---\n", second].concat();
            same(&merged, &load_files(&[("f1.yaml", &one), ("b.yaml", third)]), "as one file");
        }
        _ => {
            let include: &[u8] = b"include: [f.yml]";
            let alone = load_files(&[("f1.yaml", first), ("b.yaml", third)]);
            let included = load_files(&[("f0.yaml", include), ("f.yml", first), ("b.yaml", third)]);
            if let (Ok(alone), Ok(included)) = (&alone, &included) {
                assert_eq!(resources(alone), resources(included), "by way of include");
            }
        }
    }
}

fn cut(text: &[u8]) -> (&[u8], &[u8]) {
    let at = text.windows(CUT.len()).position(|window| window == CUT);
    at.map_or((text, &[]), |at| (&text[..at], &text[at + CUT.len()..]))
}

/// What `include` takes over: everything but `x-*` elements.
fn resources(loaded: &Loaded) -> Project {
    let mut project = loaded.project.clone();
    project.extensions.clear();
    project.config_files.clear();
    project
}

/// Whether a text is one document that does not end in the middle of a text with lines of its own.
fn is_plain(file: &[u8]) -> bool {
    !file.iter().any(|byte| matches!(byte, b'|' | b'>' | b'%' | b'&' | b'*' | b'"' | b'\'' | b'\r'))
        && !file.windows(3).any(|window| matches!(window, b"---" | b"..."))
        && file.iter().any(u8::is_ascii_alphanumeric)
}

fn same(first: &Result<Loaded, LoadError>, second: &Result<Loaded, LoadError>, what: &str) {
    match (first, second) {
        (Ok(first), Ok(second)) => {
            assert_eq!(first.to_canonical_json(), second.to_canonical_json(), "{what}");
        }
        (Err(_), Err(_)) => {}
        (Ok(_), Err(error)) | (Err(error), Ok(_)) => {
            assert!(error.errors().next().is_none(), "one is refused, {what}: {error}");
        }
    }
}
