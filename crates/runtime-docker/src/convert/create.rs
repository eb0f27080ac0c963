//! What a container is created from.

use std::collections::BTreeMap;

use docker_api::containers::{
    ContainerConfig, DeviceMapping, HostConfig, LogConfig, NetworkingConfig, PortBinding, PortMap,
    RestartPolicy as ApiRestart, RestartPolicyName, Ulimit,
};
use docker_api::networks::EndpointConfig;
use docker_api::{ApiVersion, HealthConfig};
use docker_api::{Empty, SecretMap};
use runtime_core::{ContainerSpec, Error, ErrorKind, NetworkMode, RestartPolicy, Result};

use super::mount::Mounts;
use super::{health, network, seconds, sorted};
use crate::Dialect;
use crate::containers::STOP_TIMEOUT;

/// A create call and what has to follow it.
#[derive(Debug)]
pub(crate) struct Create {
    /// The body.
    pub(crate) config: ContainerConfig,
    /// Networks that the engine does not take at create.
    pub(crate) connect: Vec<(String, EndpointConfig)>,
}

impl Create {
    /// The call that makes a container of this spec.
    ///
    /// # Errors
    /// The spec asks for what this API version cannot do, or names a port that is none.
    pub(crate) fn new(spec: &ContainerSpec, api: ApiVersion, dialect: &Dialect) -> Result<Self> {
        let newer = |version| dialect.newer_fields || api >= version;
        let mounts = Mounts::sort(&spec.mounts, newer).map_err(|error| error.with_subject(&spec.name))?;
        let (exposed, bindings) = ports(spec)?;
        let (mode, mut at_create, connect) = networks(spec, api, dialect);
        let mut mac_address = None;
        if !newer(ApiVersion::new(1, 44)) {
            // An endpoint has no MAC address of its own yet.
            mac_address = at_create.values_mut().find_map(|endpoint| endpoint.mac_address.take());
        }
        let healthcheck = if dialect.self_probed_health {
            Some(HealthConfig::none())
        } else {
            health::to_api(&spec.healthcheck, newer(ApiVersion::new(1, 44)))
        };
        let mut host = host_config(spec);
        if newer(ApiVersion::new(1, 43)) {
            host.annotations = sorted(&spec.annotations);
        }
        host.network_mode = mode;
        host.port_bindings = PortMap(bindings);
        host.binds = mounts.binds;
        host.mounts = mounts.mounts;
        host.tmpfs = mounts.tmpfs;
        let fallback = dialect.stop_timeout_at_create.then_some(STOP_TIMEOUT);
        let stop_timeout = spec.stop_timeout.map(seconds).or(fallback);
        let config = ContainerConfig::new(spec.image.as_str())
            .with_hostname(spec.hostname.clone())
            .with_domainname(spec.domainname.clone())
            .with_user(spec.user.clone())
            .with_exposed_ports(exposed)
            .with_tty(spec.tty)
            .with_open_stdin(spec.stdin_open)
            .with_env(spec.env.to_list().into_iter().collect::<docker_api::EnvList>())
            .with_cmd(spec.command.clone())
            .with_healthcheck(healthcheck)
            .with_volumes(mounts.volumes)
            .with_working_dir(spec.working_dir.clone())
            .with_entrypoint(spec.entrypoint.clone())
            .with_mac_address(mac_address)
            .with_labels(sorted(&spec.labels))
            .with_stop_signal(spec.stop_signal.clone())
            .with_stop_timeout(stop_timeout)
            .with_host_config((host != HostConfig::new()).then_some(host))
            .with_networking_config(
                (!at_create.is_empty()).then(|| NetworkingConfig::new().with_endpoints_config(at_create)),
            );
        Ok(Self { config, connect })
    }
}

type Endpoints = BTreeMap<String, EndpointConfig>;

/// The network mode, the endpoints to create with, and those to connect afterwards.
fn networks(
    spec: &ContainerSpec,
    api: ApiVersion,
    dialect: &Dialect,
) -> (Option<String>, Endpoints, Vec<(String, EndpointConfig)>) {
    let mode = match &spec.network_mode {
        NetworkMode::None => "none".to_owned(),
        NetworkMode::Host => "host".to_owned(),
        NetworkMode::Container(id) => format!("container:{id}"),
        NetworkMode::Networks if !spec.networks.is_empty() => {
            let mut endpoints =
                spec.networks.iter().map(|(name, endpoint)| (name.clone(), network::endpoint(endpoint)));
            let all = dialect.networks_at_create || api >= ApiVersion::new(1, 44);
            let at_create =
                if all { endpoints.by_ref().collect() } else { endpoints.by_ref().take(1).collect() };
            let connect = endpoints.collect();
            return (spec.networks.keys().next().cloned(), at_create, connect);
        }
        _ => return (None, Endpoints::new(), Vec::new()),
    };
    (Some(mode), Endpoints::new(), Vec::new())
}

type Ports = (BTreeMap<String, Empty>, BTreeMap<String, Vec<PortBinding>>);

fn ports(spec: &ContainerSpec) -> Result<Ports> {
    let mut exposed = BTreeMap::new();
    for text in &spec.expose {
        for key in expose(text).ok_or_else(|| bad_port(spec, text))? {
            exposed.insert(key, Empty {});
        }
    }
    let mut bindings = BTreeMap::<_, Vec<_>>::new();
    for port in &spec.ports {
        let key = format!("{}/{}", port.container_port, port.protocol.as_str());
        exposed.insert(key.clone(), Empty {});
        let binding =
            PortBinding::new().with_host_ip(port.host_ip.clone()).with_host_port(port.host_port.clone());
        bindings.entry(key).or_default().push(binding);
    }
    Ok((exposed, bindings))
}

/// The ports of `80`, `80/udp` or `3000-3005/tcp`.
fn expose(text: &str) -> Option<Vec<String>> {
    let (ports, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
    let (first, last) = ports.split_once('-').unwrap_or((ports, ports));
    let (first, last): (u16, u16) = (first.parse().ok()?, last.parse().ok()?);
    let protocol = runtime_core::Protocol::parse(protocol)?.as_str();
    (first <= last).then(|| (first..=last).map(|port| format!("{port}/{protocol}")).collect())
}

fn bad_port(spec: &ContainerSpec, text: &str) -> Error {
    let reason = format!("`{text}` is not a port; expected one such as 80, 80/udp or 3000-3005/tcp");
    Error::new(ErrorKind::InvalidRequest, "create container", reason).with_subject(&spec.name)
}

fn host_config(spec: &ContainerSpec) -> HostConfig {
    let resources = &spec.resources;
    HostConfig::new()
        .with_log_config(
            spec.log_config
                .as_ref()
                .map(|log| LogConfig::new(log.driver.as_str()).with_config(SecretMap(sorted(&log.options)))),
        )
        .with_restart_policy(restart(spec.restart))
        .with_auto_remove(spec.auto_remove)
        .with_cap_add(spec.cap_add.clone())
        .with_cap_drop(spec.cap_drop.clone())
        .with_cgroupns_mode(spec.cgroupns.clone())
        .with_dns(spec.dns.clone())
        .with_dns_options(spec.dns_options.clone())
        .with_dns_search(spec.dns_search.clone())
        .with_extra_hosts(spec.extra_hosts.clone())
        .with_group_add(spec.group_add.clone())
        .with_ipc_mode(spec.ipc.clone())
        .with_oom_score_adj(resources.oom_score_adj)
        .with_pid_mode(spec.pid.clone())
        .with_privileged(spec.privileged)
        .with_readonly_rootfs(spec.read_only)
        .with_security_opt(spec.security_opt.clone())
        .with_uts_mode(spec.uts.clone())
        .with_userns_mode(spec.userns.clone())
        .with_shm_size(spec.shm_size)
        .with_sysctls(sorted(&spec.sysctls))
        .with_runtime(spec.runtime.clone())
        .with_cpu_shares(resources.cpu_shares)
        .with_memory(resources.memory)
        .with_nano_cpus(resources.cpus.map(nano_cpus))
        .with_cgroup_parent(spec.cgroup_parent.clone())
        .with_cpu_period(resources.cpu_period)
        .with_cpu_quota(resources.cpu_quota)
        .with_cpuset_cpus(resources.cpuset.clone())
        .with_devices(
            spec.devices
                .iter()
                .map(|device| {
                    DeviceMapping::new()
                        .with_path_on_host(device.source.as_str())
                        .with_path_in_container(device.target.as_str())
                        .with_cgroup_permissions(device.permissions.as_str())
                })
                .collect::<Vec<_>>(),
        )
        .with_memory_reservation(resources.memory_reservation)
        .with_memory_swap(resources.memory_swap)
        .with_oom_kill_disable(resources.oom_kill_disable)
        .with_init(spec.init)
        .with_pids_limit(resources.pids)
        .with_ulimits(
            spec.ulimits
                .iter()
                .map(|(name, limit)| Ulimit::new(name.as_str(), limit.soft, limit.hard))
                .collect::<Vec<_>>(),
        )
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a float saturates, and no host has that many processors"
)]
fn nano_cpus(cpus: f64) -> i64 {
    (cpus * 1e9).round() as i64
}

fn restart(policy: RestartPolicy) -> Option<ApiRestart> {
    let (name, retries) = match policy {
        RestartPolicy::Always => (RestartPolicyName::Always, None),
        RestartPolicy::UnlessStopped => (RestartPolicyName::UnlessStopped, None),
        RestartPolicy::OnFailure(retries) => (RestartPolicyName::OnFailure, retries.map(i64::from)),
        _ => return None,
    };
    Some(ApiRestart::new(name).with_maximum_retry_count(retries))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use runtime_core::{EndpointSpec, Healthcheck, HealthcheckSpec, HealthcheckTest, Mount, PortBinding};

    use super::*;

    const NEW: ApiVersion = ApiVersion::new(1, 45);
    const OLD: ApiVersion = ApiVersion::new(1, 41);

    fn json(spec: &ContainerSpec, api: ApiVersion, dialect: &Dialect) -> serde_json::Value {
        serde_json::to_value(Create::new(spec, api, dialect).unwrap().config).unwrap()
    }

    #[test]
    fn the_smallest_container_is_its_image() {
        let spec = ContainerSpec::new("web", "bb");
        assert_eq!(json(&spec, NEW, &Dialect::docker()), serde_json::json!({"Image": "bb"}));
    }

    #[test]
    fn a_service_as_compose_makes_it() {
        let mut spec = ContainerSpec::new("p-web-1", "bb")
            .with_command(["sleep", "9"])
            .with_label("k", "v")
            .with_mount(Mount::bind("/src", "/app").read_only())
            .with_mount(Mount::volume("p_data", "/data"))
            .with_network("p_default", EndpointSpec::with_aliases(["web"]));
        spec.env.set("A", Some("1".into()));
        spec.env.set("B", None);
        spec.ports.push(PortBinding::tcp(80, 8080));
        spec.expose = vec!["81".into(), "90-91/udp".into()];
        spec.init = Some(true);
        spec.stop_timeout = Some(Duration::from_millis(1500));
        spec.restart = RestartPolicy::OnFailure(Some(3));
        spec.resources.cpus = Some(0.5);
        spec.healthcheck = Healthcheck::Set(HealthcheckSpec::new(HealthcheckTest::Shell("true".into())));
        assert_eq!(
            json(&spec, NEW, &Dialect::docker()),
            serde_json::json!({
                "Image": "bb",
                "Cmd": ["sleep", "9"],
                "Env": ["A=1", "B"],
                "Labels": {"k": "v"},
                "StopTimeout": 2,
                "Healthcheck": {"Test": ["CMD-SHELL", "true"]},
                "ExposedPorts": {"80/tcp": {}, "81/tcp": {}, "90/udp": {}, "91/udp": {}},
                "HostConfig": {
                    "Binds": ["/src:/app:ro", "p_data:/data"],
                    "NetworkMode": "p_default",
                    "PortBindings": {"80/tcp": [{"HostPort": "8080"}]},
                    "RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 3},
                    "NanoCpus": 500_000_000,
                    "Init": true,
                },
                "NetworkingConfig": {"EndpointsConfig": {"p_default": {"Aliases": ["web"]}}},
            })
        );
    }

    #[test]
    fn an_old_docker_gets_one_network_at_create_and_a_new_one_all() {
        let spec = ContainerSpec::new("web", "bb")
            .with_network("z", EndpointSpec::default())
            .with_network("a", EndpointSpec::with_aliases(["x"]));
        for (api, dialect, connected) in [
            (OLD, Dialect::docker(), vec!["a"]),
            (NEW, Dialect::docker(), vec![]),
            (OLD, Dialect::podman("5.4.2"), vec![]),
        ] {
            let create = Create::new(&spec, api, &dialect).unwrap();
            let host = create.config.host_config.unwrap();
            // The first network of the spec, not the first by name.
            assert_eq!(host.network_mode.as_deref(), Some("z"));
            let at_create = create.config.networking_config.unwrap().endpoints_config;
            assert_eq!(at_create.len() + connected.len(), 2);
            assert_eq!(create.connect.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), connected);
        }
    }

    #[test]
    fn network_modes() {
        for (mode, sent) in [
            (NetworkMode::Default, None),
            (NetworkMode::Networks, None),
            (NetworkMode::None, Some("none")),
            (NetworkMode::Host, Some("host")),
            (NetworkMode::Container("c1".into()), Some("container:c1")),
        ] {
            let mut spec = ContainerSpec::new("web", "bb");
            spec.network_mode = mode;
            let create = Create::new(&spec, NEW, &Dialect::docker()).unwrap();
            assert_eq!(create.config.host_config.and_then(|host| host.network_mode).as_deref(), sent);
        }
    }

    #[test]
    fn podman_is_never_given_a_health_check() {
        let mut spec = ContainerSpec::new("web", "bb");
        let off = serde_json::json!({"Test": ["NONE"]});
        assert_eq!(json(&spec, OLD, &Dialect::podman("5.4.2"))["Healthcheck"], off);
        spec.healthcheck = Healthcheck::Set(HealthcheckSpec::new(HealthcheckTest::Shell("true".into())));
        assert_eq!(json(&spec, OLD, &Dialect::podman("5.4.2"))["Healthcheck"], off);
    }

    #[test]
    fn an_old_docker_takes_the_mac_address_for_the_container() {
        let mut endpoint = EndpointSpec::default();
        endpoint.mac_address = Some("02:00:00:00:00:01".into());
        let spec = ContainerSpec::new("web", "bb").with_network("n", endpoint);
        let old = json(&spec, OLD, &Dialect::docker());
        assert_eq!(old["MacAddress"], "02:00:00:00:00:01");
        assert_eq!(old["NetworkingConfig"]["EndpointsConfig"]["n"], serde_json::json!({}));
        let new = json(&spec, NEW, &Dialect::docker());
        assert_eq!(new["NetworkingConfig"]["EndpointsConfig"]["n"]["MacAddress"], "02:00:00:00:00:01");
        assert!(new.get("MacAddress").is_none());
    }

    #[test]
    fn a_port_that_is_none_is_refused_by_name() {
        for bad in ["", "x", "80/ip", "9-8", "70000", "1-2-3"] {
            let mut spec = ContainerSpec::new("web", "bb");
            spec.expose = vec![bad.into()];
            let error = Create::new(&spec, NEW, &Dialect::docker()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidRequest);
            assert!(
                error.to_string().starts_with(&format!("cannot create container web: `{bad}`")),
                "{error}"
            );
        }
    }
}
