//! Typed libpod API of Podman: every endpoint as a value, no IO.
//!
//! One module per kind of object. A request is a struct made by
//! [`http_endpoint::endpoint!`]: `new` takes what the path and the body need, a `with_*` setter sets each
//! query parameter, and `Endpoint::target` writes the request line. Paths stand below the version prefix,
//! `/v5.0.0/libpod` for [`prefix`].
//!
//! Answers are read leniently: a missing field, a `null` and an empty value are the same, words that may
//! grow are open enums, and fields that nothing here reads are skipped. The shapes of Podman 4.3, 5.x and
//! 6.0 all decode. Whether a value may be secret is part of its type: those are not in `Debug` output.
//!
//! [`archive`] reads what a checkpoint export holds, piece by piece and without IO.
//!
//! ```
//! use http_endpoint::{Endpoint, Filters};
//! use libpod_api::{containers::ContainerList, prefix};
//!
//! let list = ContainerList::new().with_all(true).with_filters(Filters::new().with("label", "app"));
//! assert_eq!(
//!     list.target(&prefix("5.4.2")),
//!     "/v5.0.0/libpod/containers/json?all=true&filters=%7B%22label%22%3A%5B%22app%22%5D%7D"
//! );
//! ```

pub mod archive;
pub mod artifacts;
pub mod build;
mod build_options;
pub mod checkpoint;
pub mod checkpoint_image;
pub mod containers;
pub mod events;
pub mod exec;
pub mod generate;
mod id;
pub mod images;
pub mod kube;
pub mod manifests;
pub mod networks;
pub mod oci;
pub mod pods;
pub mod quadlets;
pub mod secrets;
pub mod system;
pub mod volumes;

pub use id::IdResponse;

/// Every endpoint, by the module that declares it.
pub const GROUPS: &[(&str, &[http_endpoint::Descriptor])] = &[
    ("artifacts", artifacts::ENDPOINTS),
    ("build", build::ENDPOINTS),
    ("checkpoint", checkpoint::ENDPOINTS),
    ("containers", containers::ENDPOINTS),
    ("events", events::ENDPOINTS),
    ("exec", exec::ENDPOINTS),
    ("files", containers::files::ENDPOINTS),
    ("generate", generate::ENDPOINTS),
    ("image_transfer", images::transfer::ENDPOINTS),
    ("images", images::ENDPOINTS),
    ("kube", kube::ENDPOINTS),
    ("lifecycle", containers::lifecycle::ENDPOINTS),
    ("manifests", manifests::ENDPOINTS),
    ("networks", networks::ENDPOINTS),
    ("pods", pods::ENDPOINTS),
    ("quadlets", quadlets::ENDPOINTS),
    ("secrets", secrets::ENDPOINTS),
    ("system", system::ENDPOINTS),
    ("volumes", volumes::ENDPOINTS),
    ("watch", containers::watch::ENDPOINTS),
];

/// The path prefix to use with an engine that reports this libpod version (`Libpod-Api-Version` of a ping).
///
/// A server takes any version and only switches shapes by it: `v5.0.0` gives today's on Podman 5 and 6;
/// a server of version 4 gets `v4.0.0`, the first with today's networks.
#[must_use]
pub fn prefix(libpod_version: &str) -> String {
    let major = libpod_version.split('.').next().and_then(|major| major.parse::<u32>().ok());
    let version = if major.is_some_and(|major| major < 5) { "v4.0.0" } else { "v5.0.0" };
    format!("/{version}/libpod")
}

#[cfg(test)]
mod tests {
    use super::prefix;

    #[test]
    fn the_prefix_follows_the_servers_major_version() {
        for (version, expected) in [
            ("4.3.1", "/v4.0.0/libpod"),
            ("5.4.2", "/v5.0.0/libpod"),
            ("6.0.0-dev", "/v5.0.0/libpod"),
            ("", "/v5.0.0/libpod"),
        ] {
            assert_eq!(prefix(version), expected, "{version}");
        }
    }
}
