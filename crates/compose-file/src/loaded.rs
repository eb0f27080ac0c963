//! What loading gives.

use crate::diagnostic::{Diagnostic, Sources};
use crate::model::Project;

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
}
