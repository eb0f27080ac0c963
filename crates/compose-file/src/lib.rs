//! The Compose file model: loading, merging, validation and canonical form, with positions.
//!
//! [`load`] takes [`LoadOptions`] and gives a [`Loaded`] with a typed [`Project`], or a [`LoadError`] whose
//! [`Diagnostic`]s point into the files. Nothing here is asynchronous, knows an engine, or opens a connection.
//!
//! ```
//! use compose_file::{LoadOptions, MemoryFiles, load};
//!
//! let files = MemoryFiles::new().with("/app/compose.yaml", "services: {web: {image: nginx, ports: ['8080:80']}}");
//! let loaded = load(&LoadOptions::new("/app").with_file_source(files))?;
//! assert_eq!(loaded.project.name, "app");
//! assert_eq!(loaded.project.services["web"].ports[0].target, 80);
//! # Ok::<(), compose_file::LoadError>(())
//! ```

mod bind;
mod canonical;
mod consistency;
mod defaults;
mod diagnostic;
mod dotenv;
mod environment;
mod hash;
mod interpolate;
mod limits;
mod load;
mod loaded;
mod merge;
pub mod model;
mod normalize;
mod options;
mod output;
mod paths;
mod provenance;
mod report;
mod schema;
mod short;
mod support;
mod tree;
mod variables;
mod yaml;

pub use diagnostic::{Code, Diagnostic, LoadError, Origin, Related, Severity, Source, SourceId, Sources};
pub use load::{load, project_name_from};
pub use loaded::{Element, Loaded};
pub use model::{Project, Service};
pub use options::{DiskFiles, FileSource, LoadOptions, MemoryFiles, Steps};
pub use support::attributes_without_effect;
pub use variables::Variable;
