//! The Compose file model: loading, merging, validation and canonical form, with positions.
//!
//! [`load`] takes [`LoadOptions`] and gives a [`Loaded`] with a typed [`Project`], or a [`LoadError`] whose
//! [`Diagnostic`]s point into the files. Nothing here is asynchronous, knows an engine, or opens a connection.

mod diagnostic;
mod loaded;
pub mod model;
mod options;

pub use diagnostic::{Code, Diagnostic, LoadError, Origin, Related, Severity, Source, SourceId, Sources};
pub use loaded::Loaded;
pub use model::{Project, Service};
pub use options::{DiskFiles, FileSource, LoadOptions, MemoryFiles, Steps};

/// Loads a project.
///
/// # Errors
/// All mistakes that were found, each with its place.
pub fn load(_options: &LoadOptions) -> Result<Loaded, LoadError> {
    let diagnostic = Diagnostic {
        code: Code::Unsupported,
        severity: Severity::Error,
        message: "loading is not built yet".to_owned(),
        help: None,
        path: None,
        origin: None,
        related: Vec::new(),
    };
    Err(LoadError { diagnostics: vec![diagnostic], sources: Sources::default() })
}

/// The project's name for commands that work without a Compose file (`-p NAME ps`): lower-cased, with what a name
/// cannot have taken out.
///
/// # Errors
/// If nothing is left of it.
pub fn project_name_from(name: &str) -> Result<String, LoadError> {
    let normalized = name.to_lowercase();
    let kept: String = normalized
        .chars()
        .filter(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-".contains(*c))
        .collect();
    let kept = kept.trim_start_matches(['_', '-']);
    if kept.is_empty() {
        let diagnostic = Diagnostic {
            code: Code::ProjectName,
            severity: Severity::Error,
            message: format!("`{name}` has nothing in it that a project name may be made of"),
            help: Some("use lower-case letters, digits, `-` and `_`".to_owned()),
            path: None,
            origin: None,
            related: Vec::new(),
        };
        return Err(LoadError { diagnostics: vec![diagnostic], sources: Sources::default() });
    }
    Ok(kept.to_owned())
}
