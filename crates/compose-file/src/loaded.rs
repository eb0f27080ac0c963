//! What loading gives.

use crate::diagnostic::{Diagnostic, Sources};
use crate::model::Project;
use crate::output;
use crate::tree::Node;

/// A project that loaded.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Loaded {
    /// The project.
    pub project: Project,
    /// What the writer should know; none of them stops a project.
    pub warnings: Vec<Diagnostic>,
    /// The texts that the warnings point into.
    pub sources: Sources,
    pub(crate) canonical: Canonical,
}

impl Loaded {
    /// The canonical model as JSON, as `docker compose config --format json` prints it: nested `x-*` elements are left
    /// out, and every `$` is doubled, so that the text can be loaded again. No final newline.
    #[must_use]
    pub fn to_canonical_json(&self) -> String {
        output::json(&self.canonical)
    }

    /// The canonical model as YAML, with `x-*` elements and with every `$` doubled, so that it can be loaded again.
    #[must_use]
    pub fn to_canonical_yaml(&self) -> String {
        output::yaml(&self.canonical)
    }
}

/// The canonical tree behind a [`Loaded`].
#[derive(Clone)]
pub(crate) struct Canonical {
    pub(crate) root: Node,
    /// Whether `$` must be doubled for the output to mean the same when it is read again.
    pub(crate) interpolated: bool,
}

impl Canonical {
    pub(crate) fn new(root: Node, interpolated: bool) -> Self {
        Self { root, interpolated }
    }
}

impl std::fmt::Debug for Canonical {
    /// Without values, which may be secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Canonical").finish_non_exhaustive()
    }
}
