//! The hash that Docker Compose gives a service: the SHA-256 of its JSON, without `build`, `depends_on`, `profiles`,
//! `pull_policy`, `scale` and `deploy.replicas`, which do not need another container.
//!
//! The bytes are those of Go's encoder: structures have their attributes in the order of Docker Compose's types, mappings
//! have their keys sorted, and there is no white space. So the order is a table here. Versions 5.5 and 5.6 agree on it.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::tree::{Node, Tag, Value, to_json};

/// The order of a value's parts.
enum Layout {
    /// Whatever it is: mappings are sorted.
    Sorted,
    /// A structure: its attributes in this order.
    Struct(&'static [(&'static str, &'static Self)]),
    /// The same, whose attributes begin with a capital letter.
    Capital(&'static [&'static str]),
    /// A list of them, or a sorted mapping to them.
    Each(&'static Self),
}

use Layout::{Capital, Each, Sorted, Struct};

/// The hash of a service of the canonical model. `platform` counts for a service that is built and names none.
pub(crate) fn service_hash(service: &Node, platform: Option<&str>) -> String {
    let mut out = String::new();
    let built = service.get("build").is_some() && service.get("platform").is_none();
    let mut writer = Writer { out: &mut out, platform: platform.filter(|text| built && !text.is_empty()) };
    writer.service(service);
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(out.as_bytes()) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

struct Writer<'a> {
    out: &'a mut String,
    platform: Option<&'a str>,
}

impl Writer<'_> {
    fn service(&mut self, service: &Node) {
        self.out.push('{');
        let mut first = true;
        for (key, layout) in SERVICE {
            if let (&"platform", Some(platform)) = (key, self.platform) {
                self.key(&mut first, key);
                self.text(platform);
            } else if let Some(node) = service.get(key) {
                self.key(&mut first, key);
                match node.as_map().filter(|_| *key == "deploy") {
                    Some(deploy) => {
                        let mut deploy = deploy.clone();
                        deploy.remove("replicas");
                        self.node(&Node::map(deploy, node.span), layout);
                    }
                    None => self.node(node, layout),
                }
            }
        }
        self.out.push('}');
    }

    fn key(&mut self, first: &mut bool, key: &str) {
        if !std::mem::take(first) {
            self.out.push(',');
        }
        self.text(key);
        self.out.push(':');
    }

    fn node(&mut self, node: &Node, layout: &'static Layout) {
        match &node.value {
            Value::Map(map) => {
                self.out.push('{');
                let mut first = true;
                match layout {
                    Struct(fields) => {
                        for (key, layout) in *fields {
                            if let Some(node) = node.get(key) {
                                self.key(&mut first, key);
                                self.node(node, layout);
                            }
                        }
                    }
                    Capital(fields) => {
                        for key in *fields {
                            if let Some(node) = node.get(&key.to_ascii_lowercase()) {
                                self.key(&mut first, key);
                                self.node(node, &Sorted);
                            }
                        }
                    }
                    Sorted | Each(_) => {
                        let mut entries: Vec<_> =
                            map.iter().filter(|(_, entry)| entry.node.tag != Tag::Extension).collect();
                        entries.sort_unstable_by_key(|(key, _)| *key);
                        for (key, entry) in entries {
                            self.key(&mut first, key);
                            self.node(&entry.node, inner(layout));
                        }
                    }
                }
                self.out.push('}');
            }
            Value::Seq(list) => {
                self.out.push('[');
                for (index, item) in list.iter().enumerate() {
                    if index > 0 {
                        self.out.push(',');
                    }
                    self.node(item, inner(layout));
                }
                self.out.push(']');
            }
            Value::Str(text) => self.text(text),
            _ => self.out.push_str(&to_json(node).to_string()),
        }
    }

    /// Go's encoder escapes what means something in HTML, and the two line ends of JavaScript.
    fn text(&mut self, text: &str) {
        for c in serde_json::Value::from(text).to_string().chars() {
            if matches!(c, '<' | '>' | '&' | '\u{2028}' | '\u{2029}') {
                let _ = write!(self.out, "\\u{:04x}", u32::from(c));
            } else {
                self.out.push(c);
            }
        }
    }
}

fn inner(layout: &'static Layout) -> &'static Layout {
    match layout {
        Each(inner) => inner,
        _ => &Sorted,
    }
}

static HOOK: Layout = Struct(&[
    ("command", &Sorted),
    ("image", &Sorted),
    ("user", &Sorted),
    ("privileged", &Sorted),
    ("working_dir", &Sorted),
    ("environment", &Sorted),
    ("per_replica", &Sorted),
]);
static DEVELOP: Layout = Struct(&[("watch", &Each(&WATCH))]);
static WATCH: Layout = Struct(&[
    ("path", &Sorted),
    ("action", &Sorted),
    ("target", &Sorted),
    ("exec", &HOOK),
    ("include", &Sorted),
    ("ignore", &Sorted),
    ("initial_sync", &Sorted),
]);
static RATES: Layout = Each(&Capital(&["Path", "Rate"]));
static BLKIO: Layout = Struct(&[
    ("weight", &Sorted),
    ("weight_device", &Each(&Capital(&["Path", "Weight"]))),
    ("device_read_bps", &RATES),
    ("device_read_iops", &RATES),
    ("device_write_bps", &RATES),
    ("device_write_iops", &RATES),
]);
static FILES: Layout = Each(&Struct(&[
    ("source", &Sorted),
    ("target", &Sorted),
    ("uid", &Sorted),
    ("gid", &Sorted),
    ("mode", &Sorted),
]));
static CREDENTIALS: Layout = Struct(&[("config", &Sorted), ("file", &Sorted), ("registry", &Sorted)]);
static DEPLOY: Layout = Struct(&[
    ("mode", &Sorted),
    ("labels", &Sorted),
    ("update_config", &UPDATE),
    ("rollback_config", &UPDATE),
    ("resources", &RESOURCES),
    ("restart_policy", &RESTART),
    ("placement", &PLACEMENT),
    ("endpoint_mode", &Sorted),
]);
static UPDATE: Layout = Struct(&[
    ("parallelism", &Sorted),
    ("delay", &Sorted),
    ("failure_action", &Sorted),
    ("monitor", &Sorted),
    ("max_failure_ratio", &Sorted),
    ("order", &Sorted),
]);
static RESOURCES: Layout = Struct(&[("limits", &RESOURCE), ("reservations", &RESOURCE)]);
static RESOURCE: Layout = Struct(&[
    ("cpus", &Sorted),
    ("memory", &Sorted),
    ("pids", &Sorted),
    ("devices", &REQUESTS),
    ("generic_resources", &Each(&Struct(&[("discrete_resource_spec", &Sorted)]))),
]);
static REQUESTS: Layout = Each(&Struct(&[
    ("capabilities", &Sorted),
    ("driver", &Sorted),
    ("count", &Sorted),
    ("device_ids", &Sorted),
    ("options", &Sorted),
]));
static RESTART: Layout =
    Struct(&[("condition", &Sorted), ("delay", &Sorted), ("max_attempts", &Sorted), ("window", &Sorted)]);
static PLACEMENT: Layout =
    Struct(&[("constraints", &Sorted), ("preferences", &Sorted), ("max_replicas_per_node", &Sorted)]);
static DEVICES: Layout = Each(&Struct(&[("source", &Sorted), ("target", &Sorted), ("permissions", &Sorted)]));
static PROVIDER: Layout = Struct(&[("type", &Sorted), ("options", &Sorted)]);
static ENV_FILES: Layout = Each(&Struct(&[("path", &Sorted), ("required", &Sorted), ("format", &Sorted)]));
static HEALTH: Layout = Struct(&[
    ("test", &Sorted),
    ("timeout", &Sorted),
    ("interval", &Sorted),
    ("retries", &Sorted),
    ("start_period", &Sorted),
    ("start_interval", &Sorted),
    ("disable", &Sorted),
]);
static LOGGING: Layout = Struct(&[("driver", &Sorted), ("options", &Sorted)]);
static MODELS: Layout = Each(&Struct(&[("endpoint_var", &Sorted), ("model_var", &Sorted)]));
static NETWORKS: Layout = Each(&Struct(&[
    ("aliases", &Sorted),
    ("driver_opts", &Sorted),
    ("gw_priority", &Sorted),
    ("interface_name", &Sorted),
    ("ipv4_address", &Sorted),
    ("ipv6_address", &Sorted),
    ("link_local_ips", &Sorted),
    ("mac_address", &Sorted),
    ("priority", &Sorted),
]));
static PORTS: Layout = Each(&Struct(&[
    ("name", &Sorted),
    ("mode", &Sorted),
    ("host_ip", &Sorted),
    ("target", &Sorted),
    ("published", &Sorted),
    ("protocol", &Sorted),
    ("app_protocol", &Sorted),
]));
static ULIMITS: Layout = Each(&Struct(&[("soft", &Sorted), ("hard", &Sorted)]));
static MOUNTS: Layout = Each(&Struct(&[
    ("type", &Sorted),
    ("source", &Sorted),
    ("target", &Sorted),
    ("read_only", &Sorted),
    ("consistency", &Sorted),
    (
        "bind",
        &Struct(&[
            ("selinux", &Sorted),
            ("propagation", &Sorted),
            ("create_host_path", &Sorted),
            ("recursive", &Sorted),
        ]),
    ),
    ("volume", &Struct(&[("labels", &Sorted), ("nocopy", &Sorted), ("subpath", &Sorted)])),
    ("tmpfs", &Struct(&[("size", &Sorted), ("mode", &Sorted)])),
    ("image", &Struct(&[("subpath", &Sorted)])),
]));

const SERVICE: &[(&str, &Layout)] = &[
    ("annotations", &Sorted),
    ("attach", &Sorted),
    ("develop", &DEVELOP),
    ("blkio_config", &BLKIO),
    ("cap_add", &Sorted),
    ("cap_drop", &Sorted),
    ("cgroup_parent", &Sorted),
    ("cgroup", &Sorted),
    ("cpu_count", &Sorted),
    ("cpu_percent", &Sorted),
    ("cpu_period", &Sorted),
    ("cpu_quota", &Sorted),
    ("cpu_rt_period", &Sorted),
    ("cpu_rt_runtime", &Sorted),
    ("cpus", &Sorted),
    ("cpuset", &Sorted),
    ("cpu_shares", &Sorted),
    ("command", &Sorted),
    ("configs", &FILES),
    ("container_name", &Sorted),
    ("credential_spec", &CREDENTIALS),
    ("deploy", &DEPLOY),
    ("device_cgroup_rules", &Sorted),
    ("devices", &DEVICES),
    ("dns", &Sorted),
    ("dns_opt", &Sorted),
    ("dns_search", &Sorted),
    ("domainname", &Sorted),
    ("entrypoint", &Sorted),
    ("provider", &PROVIDER),
    ("environment", &Sorted),
    ("env_file", &ENV_FILES),
    ("expose", &Sorted),
    ("external_links", &Sorted),
    ("extra_hosts", &Sorted),
    ("group_add", &Sorted),
    ("gpus", &REQUESTS),
    ("hostname", &Sorted),
    ("healthcheck", &HEALTH),
    ("image", &Sorted),
    ("init", &Sorted),
    ("ipc", &Sorted),
    ("isolation", &Sorted),
    ("labels", &Sorted),
    ("label_file", &Sorted),
    ("links", &Sorted),
    ("logging", &LOGGING),
    ("mem_limit", &Sorted),
    ("mem_reservation", &Sorted),
    ("memswap_limit", &Sorted),
    ("mem_swappiness", &Sorted),
    ("mac_address", &Sorted),
    ("models", &MODELS),
    ("network_mode", &Sorted),
    ("networks", &NETWORKS),
    ("oom_kill_disable", &Sorted),
    ("oom_score_adj", &Sorted),
    ("pid", &Sorted),
    ("pids_limit", &Sorted),
    ("platform", &Sorted),
    ("ports", &PORTS),
    ("privileged", &Sorted),
    ("read_only", &Sorted),
    ("restart", &Sorted),
    ("runtime", &Sorted),
    ("secrets", &FILES),
    ("security_opt", &Sorted),
    ("shm_size", &Sorted),
    ("stdin_open", &Sorted),
    ("stop_grace_period", &Sorted),
    ("stop_signal", &Sorted),
    ("storage_opt", &Sorted),
    ("sysctls", &Sorted),
    ("tmpfs", &Sorted),
    ("tty", &Sorted),
    ("ulimits", &ULIMITS),
    ("use_api_socket", &Sorted),
    ("user", &Sorted),
    ("userns_mode", &Sorted),
    ("uts", &Sorted),
    ("volumes", &MOUNTS),
    ("volumes_from", &Sorted),
    ("working_dir", &Sorted),
    ("pre_start", &Each(&HOOK)),
    ("post_start", &Each(&HOOK)),
    ("pre_stop", &Each(&HOOK)),
];

#[cfg(test)]
mod tests {
    use super::SERVICE;

    /// Attributes that do not need another container.
    const LEFT_OUT: [&str; 5] = ["build", "depends_on", "profiles", "pull_policy", "scale"];

    /// An attribute that is in neither table would change nothing in the hash, and nobody would see it.
    #[test]
    fn the_order_knows_every_attribute() {
        for field in crate::schema::SERVICE.fields.unwrap().known {
            let gone = matches!(field.name, "extends" | "pull_refresh_after");
            let known = SERVICE.iter().any(|(name, _)| *name == field.name);
            assert!(known != (gone || LEFT_OUT.contains(&field.name)), "{}", field.name);
        }
    }
}
