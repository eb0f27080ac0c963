//! Reading files, each once.

use std::collections::HashMap;
use std::io;
use std::path::{Path as FsPath, PathBuf};
use std::sync::Arc;

use super::Loader;
use crate::canonical::clean_path;
use crate::diagnostic::{Code, SourceId, Span};
use crate::limits;
use crate::options::LoadOptions;
use crate::report::{Failed, Report};
use crate::tree::Node;
use crate::yaml;

/// One YAML document of a file.
pub(super) struct Document {
    pub(super) node: Node,
    pub(super) path: PathBuf,
}

/// What a file is read for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Compose,
    Environment,
    Labels,
}

impl Kind {
    fn noun(self) -> &'static str {
        match self {
            Self::Compose => "the Compose file",
            Self::Environment => "the environment file",
            Self::Labels => "the label file",
        }
    }

    /// The text as diagnostics may show it.
    fn shown(self, text: &Arc<str>) -> Arc<str> {
        if self == Self::Compose { Arc::clone(text) } else { Arc::from(mask(text)) }
    }
}

/// Hides everything but the names of variables, character by character, so that places stay what they are.
fn mask(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let name = line.find(['=', ':']).filter(|end| {
            let name = line[..*end].trim();
            let name = name.strip_prefix("export ").unwrap_or(name);
            !name.is_empty()
                && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | ' '))
        });
        let shown = name.map_or(0, |end| end + 1);
        masked.push_str(&line[..shown]);
        masked.extend(line[shown..].chars().map(|c| if c.is_whitespace() { c } else { '*' }));
    }
    masked
}

/// The texts that were read.
#[derive(Default)]
pub(super) struct Files {
    cache: HashMap<PathBuf, (SourceId, Arc<str>)>,
    working_dir: PathBuf,
    /// How many Compose files were loaded, the same one counted each time.
    pub(super) loaded: usize,
}

impl Files {
    pub(super) fn new(options: &LoadOptions) -> Self {
        Self { working_dir: options.working_dir.clone(), ..Self::default() }
    }

    /// A path that a caller gave, made absolute.
    pub(super) fn absolute(&self, path: &FsPath) -> PathBuf {
        join(&self.working_dir, &path.to_string_lossy())
    }
}

/// `path` against a directory, without `.` and `..`.
pub(super) fn join(dir: &FsPath, path: &str) -> PathBuf {
    if path.starts_with('/') {
        return PathBuf::from(clean_path(path));
    }
    PathBuf::from(clean_path(&format!("{}/{path}", dir.display())))
}

/// A directory as seen from another one, where that can be said with `..`.
pub(super) fn relative(dir: &FsPath, from: &FsPath) -> PathBuf {
    let shared = dir.components().zip(from.components()).take_while(|(a, b)| a == b).count();
    let up = from.components().skip(shared).map(|_| "..");
    let down = dir.components().skip(shared);
    let path: PathBuf = up.collect::<PathBuf>().join(down.collect::<PathBuf>());
    if path.as_os_str().is_empty() { PathBuf::from(".") } else { path }
}

/// The directory of a file.
pub(super) fn parent(path: &FsPath) -> &FsPath {
    path.parent().unwrap_or(path)
}

impl Loader<'_> {
    /// The documents of a Compose file, or of standard input for `-`.
    pub(super) fn read_documents(&mut self, path: &FsPath, from: Span) -> Result<Vec<Document>, Failed> {
        self.files.loaded += 1;
        if self.files.loaded > limits::FILES {
            let message = format!("`include` and `extends` load more than {} files", limits::FILES);
            self.report.error_at(Code::Limit, String::new(), from, message);
            return Err(Failed);
        }
        let (source, text) = self.read_text(path, from, Kind::Compose)?;
        self.report.provenance.note_compose_file(source);
        let documents = yaml::read(&text, source, &mut self.report)?;
        self.report.check()?;
        Ok(documents.into_iter().map(|node| Document { node, path: path.to_owned() }).collect())
    }

    /// The text of a file. What diagnostics show of an environment file has its values masked.
    pub(super) fn read_text(
        &mut self,
        path: &FsPath,
        from: Span,
        kind: Kind,
    ) -> Result<(SourceId, Arc<str>), Failed> {
        if let Some((source, text)) = self.files.cache.get(path) {
            return Ok((*source, Arc::clone(text)));
        }
        let what = kind.noun();
        let bytes = if path == FsPath::new("-") {
            self.options.stdin.clone().ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
        } else {
            self.options.file_source.read(path, limits::FILE_BYTES)
        };
        let bytes = bytes.map_err(|error| {
            let message = match error.kind() {
                io::ErrorKind::NotFound => format!("{what} {} does not exist", path.display()),
                io::ErrorKind::IsADirectory => format!("{what} {} is a directory", path.display()),
                _ => format!("{what} {} cannot be read: {error}", path.display()),
            };
            let help = match (error.kind(), kind) {
                (io::ErrorKind::NotFound, Kind::Compose) if path != FsPath::new("-") => {
                    Some("check the path")
                }
                (io::ErrorKind::NotFound, Kind::Environment) if from != Span::NONE => {
                    Some("check the path, or write `path` and `required: false` if it may be missing")
                }
                (io::ErrorKind::NotFound, _) => Some("check the path"),
                (io::ErrorKind::IsADirectory, _) => Some("name a file in it"),
                _ => None,
            };
            self.report
                .error_at(Code::File, String::new(), from, message)
                .maybe_help(help.map(str::to_owned));
            Failed
        })?;
        if bytes.len() > limits::FILE_BYTES {
            let message =
                format!("{what} {} is larger than {} MiB", path.display(), limits::FILE_BYTES >> 20);
            self.report.error_at(Code::Limit, String::new(), from, message);
            return Err(Failed);
        }
        let text = decode(bytes, path, from, kind, &mut self.report)?;
        let source = self.report.sources.add(path.to_owned(), kind.shown(&text));
        self.report.provenance.note_named(source, from);
        self.files.cache.insert(path.to_owned(), (source, Arc::clone(&text)));
        Ok((source, text))
    }
}

/// UTF-8 without a byte order mark.
fn decode(
    bytes: Vec<u8>,
    path: &FsPath,
    from: Span,
    kind: Kind,
    report: &mut Report,
) -> Result<Arc<str>, Failed> {
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Arc::from(text.strip_prefix('\u{feff}').unwrap_or(&text))),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let wide = matches!(error.as_bytes(), [0xff, 0xfe, ..] | [0xfe, 0xff, ..]);
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let chars =
                String::from_utf8_lossy(error.as_bytes().get(..at).unwrap_or_default()).chars().count();
            let source = report.sources.add(path.to_owned(), kind.shown(&Arc::from(text)));
            report.provenance.note_named(source, from);
            let start = u32::try_from(chars).unwrap_or(u32::MAX);
            let span = Span { source, start, end: start.saturating_add(1) };
            let help = if wide { "the file is UTF-16: save it as UTF-8" } else { "save the file as UTF-8" };
            report
                .error_at(Code::Encoding, String::new(), span, "the file is not valid UTF-8 here")
                .help(help);
            Err(Failed)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_environment_files_are_masked() {
        let text = "A=secret\nexport B: \"two\nlines\"\n# MIIE/x=\né=ü\nPLAIN WORDS\n";
        let masked = mask(text);
        assert_eq!(masked, "A=******\nexport B: ****\n******\n* *******\n***\n***** *****\n");
        assert_eq!(masked.chars().count(), text.chars().count());
    }

    #[test]
    fn directories_seen_from_each_other() {
        for (dir, from, expected) in [
            ("/p/sub", "/p", "sub"),
            ("/p", "/p", "."),
            ("/q/a", "/p/b", "../../q/a"),
            ("/p", "/p/a/b", "../.."),
        ] {
            assert_eq!(relative(FsPath::new(dir), FsPath::new(from)), FsPath::new(expected));
        }
    }
}
