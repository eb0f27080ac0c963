//! A checkpoint archive: an uncompressed tar with Podman's records, CRIU's images and the volumes.
//!
//! [`Scanner`] goes along with such an archive as it streams by: it checks that it is whole, takes a few
//! small entries out of it and, for an archive that is about to be restored, refuses entries that have no
//! business in it. [`dump_statistics`] reads CRIU's `stats-dump`; [`ConfigDump`] and [`NetworkStatus`] are
//! what Podman wrote of the container.

mod config;
mod header;
mod scanner;
mod stats;

pub use config::{ConfigDump, InterfaceStatus, NamedVolume, NetworkStatus, deleted_files, network_status};
pub use scanner::{Captured, ScanError, Scanner, Summary};
pub use stats::{StatsError, dump_statistics};

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
