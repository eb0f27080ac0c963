//! Errors and warnings as data. Rendering them with an excerpt is for the caller, who finds the text in [`Sources`].

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// How bad a [`Diagnostic`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The project loads, and something is not as the writer may think.
    Warning,
    /// The project does not load.
    Error,
}

/// What a [`Diagnostic`] is about; stable, for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Code {
    /// The text is not YAML.
    Yaml,
    /// A mapping has the same key twice.
    DuplicateKey,
    /// A limit on size, depth, aliases or numbers is exceeded.
    Limit,
    /// The file is not UTF-8.
    Encoding,
    /// A file cannot be found or read.
    File,
    /// A `${...}` expression is malformed, or a required variable is missing.
    Interpolation,
    /// A variable is not set and counts as blank.
    UnsetVariable,
    /// A line of an environment file is malformed.
    EnvFile,
    /// An attribute that Compose does not know.
    UnknownAttribute,
    /// A value of the wrong type or form.
    InvalidValue,
    /// A mandatory attribute is missing.
    Missing,
    /// Two attributes or values exclude each other.
    Conflict,
    /// A service, network, volume, secret or config that is not defined.
    Undefined,
    /// A cycle of dependencies, includes or extends.
    Cycle,
    /// Two files cannot be merged.
    Merge,
    /// A project name that is not allowed, or none at all.
    ProjectName,
    /// Something that Compose allows and that is refused here.
    Unsupported,
    /// A known attribute that is read and has no effect.
    NoEffect,
    /// An old way of writing.
    Obsolete,
}

impl Code {
    /// The word for output and for programs, such as `unknown-attribute`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Yaml => "yaml",
            Self::DuplicateKey => "duplicate-key",
            Self::Limit => "limit",
            Self::Encoding => "encoding",
            Self::File => "file",
            Self::Interpolation => "interpolation",
            Self::UnsetVariable => "unset-variable",
            Self::EnvFile => "env-file",
            Self::UnknownAttribute => "unknown-attribute",
            Self::InvalidValue => "invalid-value",
            Self::Missing => "missing",
            Self::Conflict => "conflict",
            Self::Undefined => "undefined",
            Self::Cycle => "cycle",
            Self::Merge => "merge",
            Self::ProjectName => "project-name",
            Self::Unsupported => "unsupported",
            Self::NoEffect => "no-effect",
            Self::Obsolete => "obsolete",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Names one text of a [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(pub(crate) u32);

/// One file that was read.
#[derive(Clone)]
pub struct Source {
    path: PathBuf,
    text: Arc<str>,
    /// Where each line starts, in characters and in bytes; made when the first diagnostic asks.
    lines: OnceLock<Vec<(usize, usize)>>,
}

impl Source {
    /// The path as it was opened; `-` is standard input.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The whole text, without a byte order mark. Of an environment file only the names are legible. A Compose file may
    /// hold secrets: show only what a diagnostic points to.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The line (from 0), the column (from 0, in characters) and the byte of a character.
    fn locate(&self, char_index: usize) -> (usize, usize, usize) {
        let lines = self.lines.get_or_init(|| {
            let mut starts = vec![(0, 0)];
            for (chars, (byte, c)) in self.text.char_indices().enumerate() {
                if c == '\n' {
                    starts.push((chars + 1, byte + 1));
                }
            }
            starts
        });
        let line = lines.partition_point(|(chars, _)| *chars <= char_index).saturating_sub(1);
        let (chars, byte) = lines.get(line).copied().unwrap_or_default();
        let rest = self.text.get(byte..).unwrap_or_default();
        let column = char_index - chars;
        let offset = rest.char_indices().nth(column).map_or(rest.len(), |(at, _)| at);
        (line, column, byte + offset)
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").field("path", &self.path).field("bytes", &self.text.len()).finish()
    }
}

/// The texts that diagnostics point into.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    list: Vec<Source>,
}

impl Sources {
    /// The text that an [`Origin`] points into.
    #[must_use]
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.list.get(id.0 as usize)
    }

    /// All of them, in the order of reading.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.list.iter()
    }

    /// The names of all of them, in the order of reading.
    pub(crate) fn iter_ids(&self) -> impl Iterator<Item = SourceId> {
        (0..u32::try_from(self.list.len()).unwrap_or(u32::MAX)).map(SourceId)
    }

    pub(crate) fn add(&mut self, path: PathBuf, text: Arc<str>) -> SourceId {
        let id = SourceId(u32::try_from(self.list.len()).unwrap_or(u32::MAX));
        self.list.push(Source { path, text, lines: OnceLock::new() });
        id
    }

    /// Turns a span of characters, which is what the parser counts, into a position.
    pub(crate) fn origin(&self, span: Span) -> Option<Origin> {
        let source = self.get(span.source)?;
        let (line, column, start) = source.locate(span.start as usize);
        let (_, _, end) = source.locate(span.end as usize);
        // The parser ends a block at the start of the next token: the white space before it is not part of it.
        let end = start + source.text.get(start..end).unwrap_or_default().trim_end().len();
        Some(Origin {
            source: span.source,
            file: source.path.clone(),
            line: line + 1,
            column: column + 1,
            span: start..end,
        })
    }
}

/// Where a node stands, in characters: what the parser gives, resolved to an [`Origin`] only when it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) source: SourceId,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Span {
    /// No place at all: values that the loader made itself.
    pub(crate) const NONE: Self = Self { source: SourceId(u32::MAX), start: 0, end: 0 };
}

/// Where something stands in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The text it points into.
    pub source: SourceId,
    /// The path of that text.
    pub file: PathBuf,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// In bytes of the text; empty at the end of the file.
    pub span: Range<usize>,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file.display(), self.line, self.column)
    }
}

/// Another place that belongs to a [`Diagnostic`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// What is there.
    pub message: String,
    /// Where it is.
    pub origin: Origin,
}

/// One error or warning.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// What it is about, for programs.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one sentence without a position.
    pub message: String,
    /// What to do, or what was probably meant.
    pub help: Option<String>,
    /// The place in the model, such as `services.web.ports[0]`.
    pub path: Option<String>,
    /// The place in a file.
    pub origin: Option<Origin>,
    /// Other places.
    pub related: Vec<Related>,
}

impl fmt::Display for Diagnostic {
    /// One line: `file:line:column: path: message (help)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(origin) = &self.origin {
            write!(f, "{origin}: ")?;
        }
        if let Some(path) = &self.path {
            write!(f, "{path}: ")?;
        }
        f.write_str(&self.message)?;
        if let Some(help) = &self.help {
            write!(f, " ({help})")?;
        }
        Ok(())
    }
}

/// Why a project did not load: one error or several, and the warnings up to there.
#[derive(Clone, Debug)]
pub struct LoadError {
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) sources: Sources,
}

impl LoadError {
    /// All errors, then all warnings. There is at least one error.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// The errors alone.
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// The texts that the diagnostics point into.
    #[must_use]
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// Whether it failed because no Compose file was found, rather than because of one.
    #[must_use]
    pub fn is_no_file(&self) -> bool {
        self.errors().any(|error| error.code == Code::File && error.origin.is_none() && error.path.is_none())
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.errors().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{error}")?;
        }
        Ok(())
    }
}

impl std::error::Error for LoadError {}
