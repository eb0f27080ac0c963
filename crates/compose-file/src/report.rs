//! Collects diagnostics while loading.

use std::collections::HashSet;

use crate::diagnostic::{Code, Diagnostic, LoadError, Related, Severity, Sources, Span};
use crate::tree::{Node, Path};

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
}

impl Report {
    /// Adds an error at a node.
    pub(crate) fn error(
        &mut self,
        code: Code,
        path: &Path<'_>,
        node: &Node,
        message: impl Into<String>,
    ) -> Added<'_> {
        let added = self.error_at(code, path.to_string(), node.span, message);
        if node.interpolated {
            return added.help("this is the value after interpolation");
        }
        added
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
        Added { report: self, index }
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
    pub(crate) fn into_warnings(self) -> (Vec<Diagnostic>, Sources) {
        (self.diagnostics, self.sources)
    }

    /// Ends as a failure.
    pub(crate) fn into_error(self) -> LoadError {
        let mut diagnostics = self.diagnostics;
        diagnostics.sort_by_key(|diagnostic| std::cmp::Reverse(diagnostic.severity));
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
