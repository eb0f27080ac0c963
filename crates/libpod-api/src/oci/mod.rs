//! The runtime configuration of the OCI: what a runtime is told of a container.
//!
//! Some of its parts stand in a [`SpecGenerator`](crate::containers::SpecGenerator) and in an update; the whole of
//! it is the `spec.dump` of a checkpoint archive. Only what concerns Linux is here.
//!
//! ```
//! use libpod_api::oci::{Mount, Spec};
//!
//! let spec = Spec::parse(br#"{"ociVersion":"1.2.0","process":{"cwd":"/","args":["sh"]}}"#).unwrap();
//! assert_eq!(spec.process.unwrap().args, ["sh"]);
//!
//! let mount = Mount::new("/run").with_kind("tmpfs").with_options(vec!["size=1m".to_owned()]);
//! assert_eq!(
//!     serde_json::to_string(&mount).unwrap(),
//!     r#"{"destination":"/run","type":"tmpfs","options":["size=1m"]}"#
//! );
//! ```

mod linux;
mod process;
mod resources;

use std::collections::BTreeMap;

use http_endpoint::{request, response};

pub use linux::{
    Device, IdMapping, IntelRdt, Linux, MemoryPolicy, Namespace, NetDevice, Personality, Seccomp, SeccompArg,
    Syscall, TimeOffset,
};
pub use process::{Capabilities, ConsoleSize, CpuAffinity, IoPriority, Process, Rlimit, Scheduler, User};
pub use resources::{
    BlockIo, Cpu, DeviceRule, HugepageLimit, InterfacePriority, Memory, NetworkClass, Pids, Rdma, Resources,
    ThrottleDevice, WeightDevice,
};

response! {
    /// The whole configuration.
    pub struct Spec {
        /// Version of the OCI's specification that it follows.
        oci_version: String = "ociVersion",
        /// The main process.
        process: Option<Process> = "process",
        /// The root file system.
        root: Option<Root> = "root",
        /// Host name.
        hostname: String = "hostname",
        /// Domain name.
        domainname: String = "domainname",
        /// Mounts, in the order in which they are made.
        mounts: Vec<Mount> = "mounts",
        /// Programs that run at points of the container's life.
        hooks: Option<Hooks> = "hooks",
        /// Annotations.
        annotations: BTreeMap<String, String> = "annotations",
        /// What is Linux's own.
        linux: Option<Linux> = "linux",
    }
}

impl Spec {
    /// Reads a `spec.dump`, or any `config.json` of a runtime.
    ///
    /// # Errors
    /// It is not such a JSON.
    pub fn parse(file: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(file)
    }
}

response! {
    /// The root file system.
    pub struct Root {
        /// Its path on the host.
        path: String = "path",
        /// Whether it can only be read.
        readonly: bool = "readonly",
    }
}

request! {
    /// A mount.
    pub struct Mount {
        required {
            /// Path in the container.
            destination: String = "destination",
        }
        /// `bind`, `tmpfs`, `proc`, ...
        kind / with_kind: String = "type",
        /// Path on the host, or the name of a device or of a file system.
        source / with_source: String = "source",
        /// Options of `mount(8)`: `ro`, `rbind`, `size=64m`, `mode=1777`, a propagation such as `rprivate`; with a
        /// `bind` of Podman also `z`, `Z`, `U` and `idmap`.
        options / with_options: Vec<String> = "options",
        /// User ids of an id-mapped mount.
        uid_mappings / with_uid_mappings: Vec<IdMapping> = "uidMappings",
        /// Group ids of an id-mapped mount.
        gid_mappings / with_gid_mappings: Vec<IdMapping> = "gidMappings",
    }
}

response! {
    /// Programs that run at points of the container's life.
    pub struct Hooks {
        /// Before the process is started (deprecated by the three that follow).
        prestart: Vec<Hook> = "prestart",
        /// In the runtime's namespaces, while it creates the container.
        create_runtime: Vec<Hook> = "createRuntime",
        /// In the container's namespaces, while it is created.
        create_container: Vec<Hook> = "createContainer",
        /// In the container's namespaces, before its process starts.
        start_container: Vec<Hook> = "startContainer",
        /// After the process has started.
        poststart: Vec<Hook> = "poststart",
        /// After the container was deleted.
        poststop: Vec<Hook> = "poststop",
    }
}

response! {
    /// A program that the runtime runs.
    pub struct Hook {
        /// Its path on the host.
        path: String = "path",
        /// Its arguments, beginning with its name.
        args: Vec<String> = "args",
        /// Its environment.
        env: http_endpoint::EnvList = "env",
        /// Seconds after which it is killed.
        timeout: Option<i64> = "timeout",
    }
}
