//! Collects diagnostics while loading.

use std::collections::HashSet;

use crate::diagnostic::{Code, Diagnostic, LoadError, Related, Severity, Sources, Span};
use crate::provenance::{Provenance, Setter};
use crate::tree::{Node, Path};
use crate::variables::Found;

/// More errors than this help nobody; the rest is dropped.
const MAX_ERRORS: usize = 100;
/// The same for warnings.
const MAX_WARNINGS: usize = 1000;

/// Loading cannot go on; the reasons are in the [`Report`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Failed;

/// What was found so far, and the texts it points into.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) sources: Sources,
    diagnostics: Vec<Diagnostic>,
    errors: usize,
    /// Variables that were already warned about.
    unset: HashSet<String>,
    /// The variables that the files use.
    pub(crate) variables: Found,
    /// Where values come from.
    pub(crate) provenance: Provenance,
    /// Variables were not replaced: a text with some in it may stand for anything.
    pub(crate) raw: bool,
}

impl Report {
    /// Nothing yet. `given` are the names of the caller's environment; see [`Report::raw`].
    pub(crate) fn new<'n>(given: impl Iterator<Item = &'n String>, raw: bool) -> Self {
        Self { provenance: Provenance::new(given), raw, ..Self::default() }
    }

    /// Adds an error at a node.
    pub(crate) fn error(
        &mut self,
        code: Code,
        path: &Path<'_>,
        node: &Node,
        message: impl Into<String>,
    ) -> Added<'_> {
        let variables = if node.interpolated && self.errors < MAX_ERRORS {
            self.provenance.variables_at(node.span, &self.sources)
        } else {
            Vec::new()
        };
        let mut added = self.error_at(code, path.to_string(), node.span, message);
        if !node.interpolated {
            return added;
        }
        let mut parts = Vec::new();
        for (name, setter) in variables {
            match setter {
                Setter::Environment => parts.push(format!("`{name}` comes from the environment")),
                Setter::Nobody => parts.push(format!("`{name}` is not set")),
                Setter::File(span) => added = added.related(format!("`{name}` is set here"), span),
            }
        }
        let mut help = "this is the value after interpolation".to_owned();
        if !parts.is_empty() {
            help = format!("{help}: {}", parts.join(", "));
        }
        added.help(help)
    }

    /// Adds an error at a place; an empty path is none.
    pub(crate) fn error_at(
        &mut self,
        code: Code,
        path: String,
        span: Span,
        message: impl Into<String>,
    ) -> Added<'_> {
        self.errors += 1;
        self.add(code, Severity::Error, path, span, message.into())
    }

    /// Adds a warning at a place; an empty path is none.
    pub(crate) fn warn_at(
        &mut self,
        code: Code,
        path: String,
        span: Span,
        message: impl Into<String>,
    ) -> Added<'_> {
        self.add(code, Severity::Warning, path, span, message.into())
    }

    /// Warns once that a variable is not set.
    pub(crate) fn unset_variable(&mut self, name: &str, path: impl FnOnce() -> String, span: Span) {
        if self.unset.insert(name.to_owned()) {
            let message = format!("The \"{name}\" variable is not set. Defaulting to a blank string.");
            self.warn_at(Code::UnsetVariable, path(), span, message);
        }
    }

    fn add(
        &mut self,
        code: Code,
        severity: Severity,
        path: String,
        span: Span,
        message: String,
    ) -> Added<'_> {
        let full = match severity {
            Severity::Error => self.errors > MAX_ERRORS,
            Severity::Warning => self.diagnostics.len() >= MAX_WARNINGS,
        };
        if full {
            return Added { report: self, index: None };
        }
        let origin = self.sources.origin(span);
        let path = Some(path).filter(|path| !path.is_empty());
        self.diagnostics.push(Diagnostic {
            code,
            severity,
            message,
            help: None,
            path,
            origin,
            related: Vec::new(),
        });
        let index = Some(self.diagnostics.len() - 1);
        let way = if severity == Severity::Error { self.provenance.way_to(span.source) } else { Vec::new() };
        let mut added = Added { report: self, index };
        for from in way {
            added = added.related("this is why the file is read", from);
        }
        added
    }

    /// The places in the model where there are errors.
    pub(crate) fn error_paths(&self) -> Vec<String> {
        let errors = self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
        errors.filter_map(|diagnostic| diagnostic.path.clone()).collect()
    }

    /// Whether there is any error.
    pub(crate) fn failed(&self) -> bool {
        self.errors > 0
    }

    /// Stops here if there is any error.
    pub(crate) fn check(&self) -> Result<(), Failed> {
        if self.failed() { Err(Failed) } else { Ok(()) }
    }

    /// Ends as a success.
    pub(crate) fn into_warnings(self) -> (Vec<Diagnostic>, Sources, Found) {
        (self.diagnostics, self.sources, self.variables)
    }

    /// Ends as a failure.
    pub(crate) fn into_error(self) -> LoadError {
        let mut diagnostics = self.diagnostics;
        // In the order in which a person meets them, whichever step found them.
        diagnostics.sort_by_key(|diagnostic| {
            let place = diagnostic.origin.as_ref().map(|origin| (origin.source, origin.span.start));
            (std::cmp::Reverse(diagnostic.severity), place)
        });
        LoadError { diagnostics, sources: self.sources }
    }
}

/// A diagnostic that was just added, to say more about it.
pub(crate) struct Added<'a> {
    report: &'a mut Report,
    index: Option<usize>,
}

impl Added<'_> {
    /// What to do about it. A second help is added to the first.
    pub(crate) fn help(self, help: impl Into<String>) -> Self {
        if let Some(diagnostic) = self.index.and_then(|index| self.report.diagnostics.get_mut(index)) {
            let help = help.into();
            diagnostic.help = Some(match diagnostic.help.take() {
                Some(first) => format!("{help}; {first}"),
                None => help,
            });
        }
        self
    }

    /// The same where there is something to say.
    pub(crate) fn maybe_help(self, help: Option<String>) -> Self {
        match help {
            Some(help) => self.help(help),
            None => self,
        }
    }

    /// Another place that belongs to it.
    pub(crate) fn related(self, message: impl Into<String>, span: Span) -> Self {
        if let Some(origin) = self.report.sources.origin(span)
            && let Some(diagnostic) = self.index.and_then(|index| self.report.diagnostics.get_mut(index))
        {
            diagnostic.related.push(Related { message: message.into(), origin });
        }
        self
    }
}
