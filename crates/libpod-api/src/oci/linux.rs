//! What is Linux's own.

use std::collections::BTreeMap;

use http_endpoint::{request, response};

use super::Resources;

response! {
    /// Namespaces, cgroup, devices, and what the kernel is told of a container.
    pub struct Linux {
        /// User ids of the user namespace.
        uid_mappings: Vec<IdMapping> = "uidMappings",
        /// Group ids of the user namespace.
        gid_mappings: Vec<IdMapping> = "gidMappings",
        /// Kernel parameters.
        sysctl: BTreeMap<String, String> = "sysctl",
        /// Limits of the cgroup.
        resources: Option<Resources> = "resources",
        /// The cgroup.
        cgroups_path: String = "cgroupsPath",
        /// Namespaces that are made or joined.
        namespaces: Vec<Namespace> = "namespaces",
        /// Devices that are made.
        devices: Vec<Device> = "devices",
        /// Network devices that are moved in, by their name on the host.
        net_devices: BTreeMap<String, NetDevice> = "netDevices",
        /// Filter of system calls.
        seccomp: Option<Seccomp> = "seccomp",
        /// Propagation of mounts of the root file system.
        rootfs_propagation: String = "rootfsPropagation",
        /// Paths that are hidden.
        masked_paths: Vec<String> = "maskedPaths",
        /// Paths that can only be read.
        readonly_paths: Vec<String> = "readonlyPaths",
        /// Label of SELinux for mounts.
        mount_label: String = "mountLabel",
        /// Cache and memory bandwidth.
        intel_rdt: Option<IntelRdt> = "intelRdt",
        /// Policy for memory on several nodes.
        memory_policy: Option<MemoryPolicy> = "memoryPolicy",
        /// Execution domain.
        personality: Option<Personality> = "personality",
        /// Clocks of a time namespace, by name.
        time_offsets: BTreeMap<String, TimeOffset> = "timeOffsets",
    }
}

response! {
    /// A namespace.
    pub struct Namespace {
        /// `pid`, `network`, `mount`, `ipc`, `uts`, `user`, `cgroup`, `time`.
        kind: String = "type",
        /// The one that is joined; empty for a new one.
        path: String = "path",
    }
}

request! {
    /// A range of ids.
    pub struct IdMapping {
        required {
            /// The first in the container.
            container_id: u32 = "containerID",
            /// The first on the host.
            host_id: u32 = "hostID",
            /// How many.
            size: u32 = "size",
        }
    }
}

request! {
    /// A device file.
    pub struct Device {
        required {
            /// Its path in the container. In a container's specification Podman also takes
            /// `host:container:permissions` here, and finds the rest itself.
            path: String = "path",
        }
        /// `c`, `b`, `u` or `p`.
        kind / with_kind: String = "type" always,
        /// Major number.
        major / with_major: i64 = "major" always,
        /// Minor number.
        minor / with_minor: i64 = "minor" always,
        /// Mode, such as `0o666`.
        file_mode / with_file_mode: Option<u32> = "fileMode",
        /// User id of its owner.
        uid / with_uid: Option<u32> = "uid",
        /// Group id of its owner.
        gid / with_gid: Option<u32> = "gid",
    }
}

response! {
    /// A network device that is moved in.
    pub struct NetDevice {
        /// Its name in the container.
        name: String = "name",
    }
}

response! {
    /// A filter of system calls.
    pub struct Seccomp {
        /// What happens to a call that no rule names: `SCMP_ACT_ERRNO`, ...
        default_action: String = "defaultAction",
        /// The error of `SCMP_ACT_ERRNO`.
        default_errno_ret: Option<u32> = "defaultErrnoRet",
        /// `SCMP_ARCH_X86_64`, ...
        architectures: Vec<String> = "architectures",
        /// Flags of the filter.
        flags: Vec<String> = "flags",
        /// Socket of the program that answers `SCMP_ACT_NOTIFY`.
        listener_path: String = "listenerPath",
        /// What it is told.
        listener_metadata: String = "listenerMetadata",
        /// Rules.
        syscalls: Vec<Syscall> = "syscalls",
    }
}

response! {
    /// A rule of a [`Seccomp`].
    pub struct Syscall {
        /// System calls.
        names: Vec<String> = "names",
        /// What happens to them.
        action: String = "action",
        /// The error of `SCMP_ACT_ERRNO`.
        errno_ret: Option<u32> = "errnoRet",
        /// Conditions on arguments.
        args: Vec<SeccompArg> = "args",
    }
}

response! {
    /// A condition of a [`Syscall`].
    pub struct SeccompArg {
        /// Which argument, from 0.
        index: u32 = "index",
        /// What it is compared with.
        value: u64 = "value",
        /// The mask's value of `SCMP_CMP_MASKED_EQ`.
        value_two: u64 = "valueTwo",
        /// `SCMP_CMP_EQ`, ...
        op: String = "op",
    }
}

request! {
    /// Cache and memory bandwidth (Intel RDT).
    pub struct IntelRdt {
        /// Class of service.
        clos_id / with_clos_id: String = "closID",
        /// Lines of `resctrl`.
        schemata / with_schemata: Vec<String> = "schemata",
        /// Schema of the level 3 cache.
        l3_cache_schema / with_l3_cache_schema: String = "l3CacheSchema",
        /// Schema of the memory bandwidth.
        mem_bw_schema / with_mem_bw_schema: String = "memBwSchema",
        /// Whether it is monitored.
        enable_monitoring / with_enable_monitoring: bool = "enableMonitoring",
        /// Monitoring of the cache (older runtimes).
        enable_cmt / with_enable_cmt: bool = "enableCMT",
        /// Monitoring of the memory bandwidth (older runtimes).
        enable_mbm / with_enable_mbm: bool = "enableMBM",
    }
}

response! {
    /// Policy for memory on several nodes.
    pub struct MemoryPolicy {
        /// `MPOL_BIND`, ...
        mode: String = "mode",
        /// Nodes, such as `0-3`.
        nodes: String = "nodes",
        /// Flags.
        flags: Vec<String> = "flags",
    }
}

request! {
    /// Execution domain, see `personality(2)`.
    pub struct Personality {
        required {
            /// `LINUX` or `LINUX32`.
            domain: String = "domain",
        }
        /// Flags; none are defined yet.
        flags / with_flags: Vec<String> = "flags",
    }
}

response! {
    /// How far a clock of a time namespace is off.
    pub struct TimeOffset {
        /// Seconds.
        secs: i64 = "secs",
        /// Nanoseconds.
        nanosecs: u32 = "nanosecs",
    }
}
