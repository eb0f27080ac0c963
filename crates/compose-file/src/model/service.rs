//! A service.

use std::borrow::Cow;
use std::time::Duration;

use indexmap::IndexMap;
use serde_json::Value;

use super::{
    BlkioConfig, Build, CredentialSpec, Dependency, Deploy, Develop, DeviceMapping, DeviceRequest, EnvFile,
    Environment, ExtraHost, FileReference, HealthCheck, Hook, Link, ModelUse, Mount, Namespace, Port,
    PreStart, PullPolicy, RestartPolicy, ServiceNetwork, Ulimit, VolumesFrom,
};

model! {
    /// `logging`.
    pub struct Logging {
        /// The log driver; `None` is the engine's.
        pub driver: Option<String>,
        /// Options for the driver.
        pub options: IndexMap<String, Option<String>>,
    }

    /// `provider`: an external program that provides the service.
    pub struct Provider {
        /// The program.
        #[serde(rename = "type")]
        pub kind: String,
        /// Its options.
        pub options: IndexMap<String, Vec<String>>,
    }

    /// One service. Unless said otherwise a field has the name and the meaning of the Compose attribute, and a value
    /// that is `None` or empty was not given.
    pub struct Service {
        /// The service's own name; filled in by the loader.
        #[serde(skip)]
        pub name: String,
        /// The image to run, or the name that a built image gets.
        pub image: Option<String>,
        /// How the image is built.
        pub build: Option<Box<Build>>,
        /// `None`: that of the image; `Some` of an empty list: cleared.
        pub command: Option<Vec<String>>,
        /// `None`: that of the image; `Some` of an empty list: cleared.
        pub entrypoint: Option<Vec<String>>,
        /// Variables, with those of `env_file` folded in.
        pub environment: Environment,
        /// `env_file` entries, only where folding in was switched off.
        pub env_file: Vec<EnvFile>,
        /// Mounts, each target once.
        pub volumes: Vec<Mount>,
        /// Published ports. Ranges of equal length are already one entry a port.
        pub ports: Vec<Port>,
        /// Ports or ranges that are only documented, `port[-port][/protocol]`.
        pub expose: Vec<String>,
        /// Networks by key in `Project::networks`; `None`: no options. Empty with a `network_mode`.
        pub networks: IndexMap<String, Option<ServiceNetwork>>,
        /// Instead of `networks`: the network namespace.
        pub network_mode: Option<Namespace>,
        /// What must be ready first, by service name. Edges implied by other attributes are included.
        pub depends_on: IndexMap<String, Dependency>,
        /// Health check.
        pub healthcheck: Option<HealthCheck>,
        /// See [`Service::restart_policy`], which knows `deploy` too.
        pub restart: Option<RestartPolicy>,
        /// Labels, with those of `label_file` folded in.
        pub labels: IndexMap<String, String>,
        /// The absolute paths of files with labels.
        pub label_file: Vec<String>,
        /// User, or `user:group`.
        pub user: Option<String>,
        /// Working directory in the container.
        pub working_dir: Option<String>,
        /// Host name in the container.
        pub hostname: Option<String>,
        /// NIS domain name.
        pub domainname: Option<String>,
        /// Run an init process as the first; `None` leaves it to the engine.
        pub init: Option<bool>,
        /// Give it a terminal.
        pub tty: bool,
        /// Keep its standard input open.
        pub stdin_open: bool,
        /// Capabilities to add.
        pub cap_add: Vec<String>,
        /// Capabilities to drop.
        pub cap_drop: Vec<String>,
        /// All privileges.
        pub privileged: bool,
        /// The root file system is read-only.
        pub read_only: bool,
        /// In-memory mounts, `path[:options]`.
        pub tmpfs: Vec<String>,
        /// Lines for the hosts file.
        pub extra_hosts: Vec<ExtraHost>,
        /// The signal that asks it to stop; `None` is that of the image.
        pub stop_signal: Option<String>,
        /// How long it may take to stop; `None` is the engine's default, 10 s.
        #[serde(with = "super::duration::option")]
        pub stop_grace_period: Option<Duration>,
        /// The name of the one container.
        pub container_name: Option<String>,
        /// The profiles that switch it on; empty: always on.
        pub profiles: Vec<String>,
        /// Deployment.
        pub deploy: Option<Box<Deploy>>,
        /// How many containers; see [`Service::replicas`].
        pub scale: Option<u32>,
        /// CPUs, such as 0.5; see [`Service::cpu_limit`].
        pub cpus: Option<f64>,
        /// CPUs (Windows).
        pub cpu_count: Option<i64>,
        /// Percent of the CPUs (Windows).
        pub cpu_percent: Option<f64>,
        /// CFS period in microseconds.
        pub cpu_period: Option<i64>,
        /// CFS quota in microseconds.
        pub cpu_quota: Option<i64>,
        /// Real-time period in microseconds.
        pub cpu_rt_period: Option<i64>,
        /// Real-time runtime in microseconds.
        pub cpu_rt_runtime: Option<i64>,
        /// Relative weight.
        pub cpu_shares: Option<i64>,
        /// The CPUs it may run on, such as `0-3`.
        pub cpuset: Option<String>,
        /// Memory limit in bytes; see [`Service::memory_limit`].
        #[serde(with = "super::scalar::bytes")]
        pub mem_limit: Option<i64>,
        /// Memory promised, in bytes; see [`Service::memory_reservation`].
        #[serde(with = "super::scalar::bytes")]
        pub mem_reservation: Option<i64>,
        /// 0 to 100.
        #[serde(with = "super::scalar::bytes")]
        pub mem_swappiness: Option<i64>,
        /// Memory and swap together in bytes, -1 for no limit.
        #[serde(with = "super::scalar::bytes")]
        pub memswap_limit: Option<i64>,
        /// Processes; see [`Service::pids`].
        pub pids_limit: Option<i64>,
        /// Size of `/dev/shm` in bytes.
        #[serde(with = "super::scalar::bytes")]
        pub shm_size: Option<i64>,
        /// No kill when out of memory.
        pub oom_kill_disable: bool,
        /// -1000 to 1000.
        pub oom_score_adj: Option<i64>,
        /// Block IO weights and limits.
        pub blkio_config: Option<BlkioConfig>,
        /// Limits by name, such as `nofile`.
        pub ulimits: IndexMap<String, Ulimit>,
        /// Kernel parameters.
        pub sysctls: IndexMap<String, String>,
        /// Security options such as `seccomp=unconfined`.
        pub security_opt: Vec<String>,
        /// Devices.
        pub devices: Vec<DeviceMapping>,
        /// Rules such as `c 1:3 rmw`.
        pub device_cgroup_rules: Vec<String>,
        /// GPUs.
        pub gpus: Vec<DeviceRequest>,
        /// DNS servers.
        pub dns: Vec<String>,
        /// DNS options.
        pub dns_opt: Vec<String>,
        /// DNS search domains.
        pub dns_search: Vec<String>,
        /// More groups, by name or number.
        pub group_add: Vec<String>,
        /// IPC namespace.
        pub ipc: Option<Namespace>,
        /// PID namespace.
        pub pid: Option<Namespace>,
        /// UTS namespace.
        pub uts: Option<Namespace>,
        /// User namespace.
        pub userns_mode: Option<Namespace>,
        /// Cgroup namespace.
        pub cgroup: Option<Namespace>,
        /// Parent cgroup.
        pub cgroup_parent: Option<String>,
        /// Such as `linux/amd64`.
        pub platform: Option<String>,
        /// When the image is pulled; `None` counts as [`PullPolicy::Missing`].
        pub pull_policy: Option<PullPolicy>,
        /// Logging.
        pub logging: Option<Logging>,
        /// The OCI runtime.
        pub runtime: Option<String>,
        /// Isolation (Windows).
        pub isolation: Option<String>,
        /// OCI annotations.
        pub annotations: IndexMap<String, String>,
        /// Secrets that it uses.
        pub secrets: Vec<FileReference>,
        /// Configs that it uses.
        pub configs: Vec<FileReference>,
        /// Whether `up` shows its logs; `None` counts as true.
        pub attach: Option<bool>,
        /// Other services under other names.
        pub links: Vec<Link>,
        /// Containers outside the project.
        pub external_links: Vec<Link>,
        /// Whose mounts it takes over.
        pub volumes_from: Vec<VolumesFrom>,
        /// Storage driver options.
        pub storage_opt: IndexMap<String, String>,
        /// Hardware address on the first network.
        pub mac_address: Option<String>,
        /// Credentials (Windows).
        pub credential_spec: Option<CredentialSpec>,
        /// Run in the started container.
        pub post_start: Vec<Hook>,
        /// Run in the container before it is stopped.
        pub pre_stop: Vec<Hook>,
        /// Run as containers before the service's own.
        pub pre_start: Vec<PreStart>,
        /// An external program instead of containers.
        pub provider: Option<Provider>,
        /// AI models that it uses, by key in `Project::models`; `None`: under the default variables.
        pub models: IndexMap<String, Option<ModelUse>>,
        /// What happens when files change.
        pub develop: Option<Develop>,
        /// Give it the engine's socket.
        pub use_api_socket: bool,
        /// The `x-*` elements of the service.
        #[serde(skip)]
        pub extensions: IndexMap<String, Value>,
    }
}

impl Service {
    /// How many containers it has: `scale`, else `deploy.replicas`, else 1.
    #[must_use]
    pub fn replicas(&self) -> u32 {
        self.scale.or_else(|| self.deploy.as_ref()?.replicas).unwrap_or(1)
    }

    /// The restart policy: that of `deploy.restart_policy` if there is one, else `restart`, else none.
    #[must_use]
    pub fn restart_policy(&self) -> RestartPolicy {
        let Some(policy) = self.deploy.as_ref().and_then(|deploy| deploy.restart_policy.as_ref()) else {
            return self.restart.unwrap_or_default();
        };
        match policy.condition.as_deref() {
            Some("none") => RestartPolicy::No,
            Some("on-failure") => RestartPolicy::OnFailure { max_retries: policy.max_attempts },
            _ => RestartPolicy::Always,
        }
    }

    /// The CPUs it may use at most, of `deploy.resources.limits` or `cpus`.
    #[must_use]
    pub fn cpu_limit(&self) -> Option<f64> {
        self.limits().and_then(|limits| limits.cpus).or(self.cpus).filter(|cpus| *cpus > 0.0)
    }

    /// The bytes of memory it may use at most, of `deploy.resources.limits` or `mem_limit`.
    #[must_use]
    pub fn memory_limit(&self) -> Option<i64> {
        self.limits().and_then(|limits| limits.memory).or(self.mem_limit).filter(|bytes| *bytes != 0)
    }

    /// The bytes of memory it is promised, of `deploy.resources.reservations` or `mem_reservation`.
    #[must_use]
    pub fn memory_reservation(&self) -> Option<i64> {
        let reservations = self.deploy.as_ref().and_then(|deploy| deploy.resources.reservations.as_ref());
        reservations.and_then(|r| r.memory).or(self.mem_reservation).filter(|bytes| *bytes != 0)
    }

    /// How many processes it may have, of `deploy.resources.limits` or `pids_limit`; -1 is no limit.
    #[must_use]
    pub fn pids(&self) -> Option<i64> {
        self.limits().and_then(|limits| limits.pids).or(self.pids_limit).filter(|count| *count != 0)
    }

    /// The name of the image that its containers run: `image`, or `<project>-<service>` for a built one.
    #[must_use]
    pub fn image_name(&self, project: &str) -> Cow<'_, str> {
        match &self.image {
            Some(image) => Cow::Borrowed(image),
            None => Cow::Owned(format!("{project}-{}", self.name)),
        }
    }

    /// The networks in the order of connection: highest `priority` first, then by key.
    #[must_use]
    pub fn networks_by_priority(&self) -> Vec<(&str, Option<&ServiceNetwork>)> {
        let mut networks: Vec<_> =
            self.networks.iter().map(|(key, options)| (key.as_str(), options.as_ref())).collect();
        networks.sort_by(|(key_a, a), (key_b, b)| {
            let priority = |options: &Option<&ServiceNetwork>| options.map_or(0, |network| network.priority);
            priority(b).cmp(&priority(a)).then_with(|| key_a.cmp(key_b))
        });
        networks
    }

    fn limits(&self) -> Option<&super::ResourceLimits> {
        self.deploy.as_ref()?.resources.limits.as_ref()
    }
}
