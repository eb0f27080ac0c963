//! A checkpoint archive: an uncompressed tar with Podman's records, CRIU's images and the volumes.
//!
//! [`Scanner`] goes along with such an archive as it streams by: it checks that it is whole, takes a few
//! small entries out of it and, for an archive that is about to be restored, refuses entries that have no
//! business in it. [`statistics`] reads CRIU's `stats-dump`; [`ConfigDump`], [`Spec`](crate::oci::Spec) and
//! [`NetworkStatus`] are what Podman wrote of the container.
//!
//! ```
//! use libpod_api::archive::{CONFIG_DUMP, ConfigDump, Scanner};
//!
//! let mut scanner = Scanner::new().with_entry(CONFIG_DUMP, 1 << 20);
//! scanner.feed(&[0; 1024]).unwrap();
//! assert!(scanner.finish().unwrap().content(CONFIG_DUMP).is_none(), "an archive without entries");
//!
//! let config = ConfigDump::parse(br#"{"name":"web-1","rootfsImageName":"docker.io/library/nginx:1"}"#).unwrap();
//! assert_eq!(config.rootfs_image_name, "docker.io/library/nginx:1");
//! ```

mod config;
mod header;
mod network;
mod scanner;
mod stats;
mod volumes;

pub use config::{ConfigDump, NamedNetwork, OldPortMapping, deleted_files};
pub use network::{AddressStatus, InterfaceStatus, NetworkStatus, network_status};
pub use scanner::{Captured, ScanError, Scanner, Summary};
pub use stats::{DumpEntry, RestoreEntry, Statistics, StatsError, dump_statistics, statistics};
pub use volumes::{ArtifactVolume, DumpedSecret, ImageVolume, NamedVolume, OverlayVolume, SecretRecord};

/// Entry with CRIU's statistics of the dump.
pub const STATS_DUMP: &str = "stats-dump";
/// Entry with Podman's record of the container.
pub const CONFIG_DUMP: &str = "config.dump";
/// Entry with the OCI runtime spec of the container.
pub const SPEC_DUMP: &str = "spec.dump";
/// Entry with the addresses that the container had.
pub const NETWORK_STATUS: &str = "network.status";
/// Entry with the paths that were removed from the root file system: a JSON list.
pub const DELETED_FILES: &str = "deleted.files";
