//! The process of a container.

use http_endpoint::{EnvList, request, response};

response! {
    /// The main process.
    pub struct Process {
        /// Whether it has a terminal.
        terminal: bool = "terminal",
        /// First size of the terminal.
        console_size: Option<ConsoleSize> = "consoleSize",
        /// As whom it runs.
        user: User = "user",
        /// The program and its arguments.
        args: Vec<String> = "args",
        /// Its environment.
        env: EnvList = "env",
        /// Its working directory.
        cwd: String = "cwd",
        /// Its capabilities.
        capabilities: Option<Capabilities> = "capabilities",
        /// Its resource limits.
        rlimits: Vec<Rlimit> = "rlimits",
        /// It cannot gain privileges.
        no_new_privileges: bool = "noNewPrivileges",
        /// Profile of AppArmor.
        apparmor_profile: String = "apparmorProfile",
        /// How readily the kernel kills it when memory is short, -1000 to 1000.
        oom_score_adj: Option<i64> = "oomScoreAdj",
        /// Its scheduling.
        scheduler: Option<Scheduler> = "scheduler",
        /// Label of SELinux.
        selinux_label: String = "selinuxLabel",
        /// Its priority for input and output.
        io_priority: Option<IoPriority> = "ioPriority",
        /// Processors of processes that are started in the container later.
        exec_cpu_affinity: Option<CpuAffinity> = "execCPUAffinity",
    }
}

response! {
    /// Size of a terminal.
    pub struct ConsoleSize {
        /// Rows.
        height: u32 = "height",
        /// Columns.
        width: u32 = "width",
    }
}

response! {
    /// As whom a process runs.
    pub struct User {
        /// User id in the container.
        uid: u32 = "uid",
        /// Group id in the container.
        gid: u32 = "gid",
        /// Mask of file modes.
        umask: Option<u32> = "umask",
        /// Further group ids.
        additional_gids: Vec<u32> = "additionalGids",
        /// Name, where a platform goes by names.
        username: String = "username",
    }
}

response! {
    /// Sets of capabilities, such as `CAP_CHOWN`.
    pub struct Capabilities {
        /// What can be had at most.
        bounding: Vec<String> = "bounding",
        /// What is in force.
        effective: Vec<String> = "effective",
        /// What may be kept by a program that is executed.
        inheritable: Vec<String> = "inheritable",
        /// What may be put in force.
        permitted: Vec<String> = "permitted",
        /// What a program without privileges keeps.
        ambient: Vec<String> = "ambient",
    }
}

request! {
    /// A resource limit of processes. [`u64::MAX`] is no limit.
    pub struct Rlimit {
        required {
            /// `RLIMIT_NOFILE`. Where a container is made or changed by Podman, without the beginning: `nofile`.
            kind: String = "type",
            /// The limit up to which the process may raise its own.
            hard: u64 = "hard",
            /// The limit that is in force.
            soft: u64 = "soft",
        }
    }
}

response! {
    /// Scheduling of a process, as in `sched_setattr(2)`.
    pub struct Scheduler {
        /// `SCHED_OTHER`, `SCHED_FIFO`, ...
        policy: String = "policy",
        /// Niceness.
        nice: i32 = "nice",
        /// Static priority.
        priority: i32 = "priority",
        /// Flags.
        flags: Vec<String> = "flags",
        /// Nanoseconds of `SCHED_DEADLINE`.
        runtime: u64 = "runtime",
        /// Nanoseconds of `SCHED_DEADLINE`.
        deadline: u64 = "deadline",
        /// Nanoseconds of `SCHED_DEADLINE`.
        period: u64 = "period",
    }
}

response! {
    /// Priority for input and output.
    pub struct IoPriority {
        /// `IOPRIO_CLASS_RT`, `IOPRIO_CLASS_BE`, `IOPRIO_CLASS_IDLE`.
        class: String = "class",
        /// 0 is the highest of a class, 7 the lowest.
        priority: i64 = "priority",
    }
}

response! {
    /// Processors, as lists such as `0-3,7`.
    pub struct CpuAffinity {
        /// Until the process is in the container's cgroup.
        initial: String = "initial",
        /// From then on.
        last: String = "final",
    }
}
