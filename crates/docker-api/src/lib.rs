//! Typed Docker Engine API: every endpoint as a value, no IO.
//!
//! One module for each resource. A request is a struct that implements [`http_endpoint::Endpoint`]; a
//! transport such as `sock-transport` sends it:
//!
//! ```
//! use docker_api::containers::ContainerStop;
//! use http_endpoint::Endpoint;
//!
//! let stop = ContainerStop::new("web-1").with_t(5);
//! assert_eq!(stop.target("/v1.44"), "/v1.44/containers/web-1/stop?t=5");
//! ```
//!
//! Request bodies are written exactly: what is not set is not sent. Answers are read leniently: `null` is
//! the same as absent, a field that an engine leaves out is the type's default, unknown fields are
//! ignored, and Podman's variants of a shape are accepted, since its compatible API is read with the same
//! types. Values of environment variables and of build arguments are never in `Debug` output.

mod shared;
mod version;

pub mod containers;
pub mod exec;
pub mod images;
pub mod networks;
pub mod system;
pub mod volumes;

pub use http_endpoint::{Date, Empty, EnvList, Keys, StringOrList};
pub use shared::{Health, HealthConfig, HealthLog, IdResponse};
pub use version::{ApiVersion, ParseApiVersionError};

/// Every endpoint, by the module that declares it.
pub const GROUPS: &[(&str, &[http_endpoint::Descriptor])] = &[];
