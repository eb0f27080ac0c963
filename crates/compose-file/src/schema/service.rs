//! Services, jobs, and what both share.

use super::common::{
    ANYTHING, COMMAND, DURATION, FILE_REFERENCES, FLAG, GPUS, HOOKS, HOSTS, INT_SIZE, INTEGER, NUMBER,
    ONE_OR_MORE, ONE_OR_MORE_FILES, OPTIONS, PAIRS, SIZE, STRICT_FLAG, STRICT_NUMBER, TEXT, TEXTS, ULIMITS,
    UNIQUE_TEXTS, UNIQUE_VALUES,
};
use super::deploy::{DEPLOY, DEVELOP};
use super::shape::{BOOL, Field, Fields, Form, INT, List, NULL, NUM, Rule, STR, Shape, field, union};

static BUILD_FIELDS: Fields = Fields::of(&[
    field("additional_contexts", &PAIRS, Form::Mapping),
    field("args", &PAIRS, Form::Variables),
    field("cache_from", &TEXTS, Form::Texts),
    field("cache_to", &TEXTS, Form::Texts),
    field("context", &TEXT, Form::Text),
    field("dockerfile", &TEXT, Form::Text),
    field("dockerfile_inline", &TEXT, Form::Text),
    field("entitlements", &TEXTS, Form::Texts),
    field("extra_hosts", &HOSTS, Form::Hosts),
    field("isolation", &TEXT, Form::Text),
    field("labels", &PAIRS, Form::Mapping),
    field("network", &TEXT, Form::Text),
    field("no_cache", &FLAG, Form::Flag),
    field("no_cache_filter", &ONE_OR_MORE, Form::Texts),
    field("platforms", &TEXTS, Form::Texts),
    field("privileged", &FLAG, Form::Flag),
    field("provenance", &FLAG, Form::Text),
    field("pull", &FLAG, Form::Flag),
    field("sbom", &FLAG, Form::Text),
    field("secrets", &FILE_REFERENCES, Form::Structs),
    field("shm_size", &INT_SIZE, Form::Bytes),
    field("ssh", &PAIRS, Form::Ssh),
    field("tags", &TEXTS, Form::Texts),
    field("target", &TEXT, Form::Text),
    field("ulimits", &ULIMITS, Form::Named),
]);
static BUILD: Shape =
    Shape::map(&BUILD_FIELDS, "a mapping").or_scalar(STR, "a directory, or a mapping with `context`");

const BLKIO_RATE_KEYS: &[Field] = &[field("path", &TEXT, Form::Text), field("rate", &RATE, Form::OptBytes)];
static RATE: Shape =
    Shape::scalar(INT | STR, "a number from 0, or a size such as `1m`").rule(Rule::Range(0, i64::MAX));
static BLKIO_RATE_FIELDS: Fields = Fields::of(BLKIO_RATE_KEYS).without_extensions();
static BLKIO_RATE: Shape = Shape::map(&BLKIO_RATE_FIELDS, "a mapping with `path` and `rate`");
static BLKIO_RATES: Shape =
    Shape::list(&List { item: &BLKIO_RATE, unique: false }, "a list of mappings with `path` and `rate`");
const BLKIO_WEIGHT_KEYS: &[Field] =
    &[field("path", &TEXT, Form::Text), field("weight", &INTEGER, Form::OptInt)];
static BLKIO_WEIGHT_FIELDS: Fields = Fields::of(BLKIO_WEIGHT_KEYS).without_extensions();
static BLKIO_WEIGHT: Shape = Shape::map(&BLKIO_WEIGHT_FIELDS, "a mapping with `path` and `weight`");
static BLKIO_WEIGHTS: Shape =
    Shape::list(&List { item: &BLKIO_WEIGHT, unique: false }, "a list of mappings with `path` and `weight`");
const BLKIO_KEYS: &[Field] = &[
    field("device_read_bps", &BLKIO_RATES, Form::Structs),
    field("device_read_iops", &BLKIO_RATES, Form::Structs),
    field("device_write_bps", &BLKIO_RATES, Form::Structs),
    field("device_write_iops", &BLKIO_RATES, Form::Structs),
    field("weight", &INTEGER, Form::Int),
    field("weight_device", &BLKIO_WEIGHTS, Form::Structs),
];
static BLKIO_FIELDS: Fields = Fields::of(BLKIO_KEYS).without_extensions();
static BLKIO: Shape = Shape::map(&BLKIO_FIELDS, "a mapping");

static CGROUP: Shape = Shape::scalar(STR, "`host` or `private`").rule(Rule::OneOf(&["host", "private"]));
static CPU_COUNT: Shape = Shape::scalar(INT | STR, "a whole number from 0").rule(Rule::Range(0, i64::MAX));
static CPU_PERCENT: Shape =
    Shape::scalar(INT | STR, "a whole number from 0 to 100").rule(Rule::Range(0, 100));
static OOM_SCORE: Shape =
    Shape::scalar(INT | STR, "a whole number from -1000 to 1000").rule(Rule::Range(-1000, 1000));
static CREDENTIAL_FIELDS: Fields = Fields::of(&[
    field("config", &TEXT, Form::Text),
    field("file", &TEXT, Form::Text),
    field("registry", &TEXT, Form::Text),
]);
static CREDENTIALS: Shape = Shape::map(&CREDENTIAL_FIELDS, "a mapping");

static DEVICE_FIELDS: Fields = Fields::of(&[
    field("permissions", &TEXT, Form::Text),
    field("source", &TEXT, Form::Text),
    field("target", &TEXT, Form::Text),
])
.require(&["source"]);
static DEVICE: Shape =
    Shape::map(&DEVICE_FIELDS, "a mapping").or_scalar(STR, "`host:container[:rwm]`, or a mapping");
static DEVICES: Shape = Shape::list(&List { item: &DEVICE, unique: false }, "a list of devices");

static ENV_FILE_FIELDS: Fields = Fields::of(&[
    field("format", &TEXT, Form::Text),
    field("path", &TEXT, Form::Text),
    field("required", &FLAG, Form::OptOut),
])
.require(&["path"])
.without_extensions();
static ENV_FILE: Shape =
    Shape::map(&ENV_FILE_FIELDS, "a mapping").or_scalar(STR, "a path, or a mapping with `path`");
static ENV_FILES: Shape = Shape::list(&List { item: &ENV_FILE, unique: false }, "a list")
    .or_scalar(STR, "a path, or a list of paths or mappings with `path`");

static LOGGING_VALUE: Shape = Shape::scalar(STR | NUM | NULL, "a string, a number or nothing");
static LOGGING_OPTION_FIELDS: Fields = Fields::any(&LOGGING_VALUE, Form::Raw);
static LOGGING_OPTIONS: Shape = Shape::map(&LOGGING_OPTION_FIELDS, "a mapping of options");
static LOGGING_FIELDS: Fields =
    Fields::of(&[field("driver", &TEXT, Form::Text), field("options", &LOGGING_OPTIONS, Form::Options)]);
static LOGGING: Shape = Shape::map(&LOGGING_FIELDS, "a mapping with `driver` and `options`");

static MODEL_USE_FIELDS: Fields =
    Fields::of(&[field("endpoint_var", &TEXT, Form::Text), field("model_var", &TEXT, Form::Text)]);
static MODEL_USE: Shape = Shape::map(&MODEL_USE_FIELDS, "a mapping").or_scalar(NULL, "a mapping or nothing");
static MODEL_USES_FIELDS: Fields = Fields::named(&MODEL_USE, Form::Struct);
static MODEL_USES: Shape = Shape::map(&MODEL_USES_FIELDS, "a mapping")
    .or_list(&super::common::UNIQUE_LIST, "a list of names or a mapping");

static NETWORK_USE_FIELDS: Fields = Fields::of(&[
    field("aliases", &UNIQUE_TEXTS, Form::Texts),
    field("driver_opts", &OPTIONS, Form::Options),
    field("gw_priority", &STRICT_NUMBER, Form::Int),
    field("interface_name", &TEXT, Form::Text),
    field("ipv4_address", &TEXT, Form::Text),
    field("ipv6_address", &TEXT, Form::Text),
    field("link_local_ips", &UNIQUE_TEXTS, Form::Texts),
    field("mac_address", &TEXT, Form::Text),
    field("priority", &STRICT_NUMBER, Form::Int),
]);
static NETWORK_USE: Shape =
    Shape::map(&NETWORK_USE_FIELDS, "a mapping").or_scalar(NULL, "a mapping or nothing");
static NETWORK_USES_FIELDS: Fields = Fields::named(&NETWORK_USE, Form::Struct);
static NETWORK_USES: Shape = Shape::map(&NETWORK_USES_FIELDS, "a mapping")
    .or_list(&super::common::UNIQUE_LIST, "a list of network names, or a mapping");

static PULL_POLICY: Shape = Shape::scalar(STR, "a pull policy").rule(Rule::Text(
    is_pull_policy,
    "`always`, `missing`, `never`, `build`, `refresh`, `daily`, `weekly` or `every_<duration>`",
));

static PROPAGATION: Shape = TEXT;
static RECURSIVE: Shape = Shape::scalar(STR, "`enabled`, `disabled`, `writable` or `readonly`")
    .rule(Rule::OneOf(&["enabled", "disabled", "writable", "readonly"]));
static SELINUX: Shape = Shape::scalar(STR, "`z` or `Z`").rule(Rule::OneOf(&["z", "Z"]));
static BIND_FIELDS: Fields = Fields::of(&[
    field("create_host_path", &FLAG, Form::OptOut),
    field("propagation", &PROPAGATION, Form::Text),
    field("recursive", &RECURSIVE, Form::Text),
    field("selinux", &SELINUX, Form::Text),
]);
static BIND: Shape = Shape::map(&BIND_FIELDS, "a mapping");
static VOLUME_OPTION_FIELDS: Fields = Fields::of(&[
    field("labels", &PAIRS, Form::Mapping),
    field("nocopy", &FLAG, Form::Flag),
    field("subpath", &TEXT, Form::Text),
]);
static VOLUME_OPTIONS: Shape = Shape::map(&VOLUME_OPTION_FIELDS, "a mapping");
static TMPFS_SIZE: Shape = Shape::scalar(INT | STR, "a size such as `64m`").rule(Rule::Range(0, i64::MAX));
static TMPFS_FIELDS: Fields =
    Fields::of(&[field("mode", &NUMBER, Form::Int), field("size", &TMPFS_SIZE, Form::Bytes)]);
static TMPFS: Shape = Shape::map(&TMPFS_FIELDS, "a mapping");
static IMAGE_OPTION_FIELDS: Fields = Fields::of(&[field("subpath", &TEXT, Form::Text)]);
static IMAGE_OPTIONS: Shape = Shape::map(&IMAGE_OPTION_FIELDS, "a mapping");
static MOUNT_TYPE: Shape = Shape::scalar(STR, "a mount type")
    .rule(Rule::OneOf(&["bind", "volume", "tmpfs", "cluster", "npipe", "image"]));
static MOUNT_FIELDS: Fields = Fields::of(&[
    field("bind", &BIND, Form::Struct),
    field("consistency", &TEXT, Form::Text),
    field("image", &IMAGE_OPTIONS, Form::Struct),
    field("read_only", &FLAG, Form::Flag),
    field("source", &TEXT, Form::Text),
    field("target", &TEXT, Form::Text),
    field("tmpfs", &TMPFS, Form::Struct),
    field("type", &MOUNT_TYPE, Form::Text),
    field("volume", &VOLUME_OPTIONS, Form::Struct),
])
.require(&["type"]);
static MOUNT: Shape =
    Shape::map(&MOUNT_FIELDS, "a mapping").or_scalar(STR, "`source:target`, or a mapping with `type`");
static MOUNTS: Shape = Shape::list(&List { item: &MOUNT, unique: true }, "a list of volumes");

/// The attributes of everything that becomes a container.
const CONTAINER_KEYS: &[Field] = &[
    field("annotations", &PAIRS, Form::Mapping),
    field("blkio_config", &BLKIO, Form::Struct),
    field("cap_add", &UNIQUE_TEXTS, Form::Texts),
    field("cap_drop", &UNIQUE_TEXTS, Form::Texts),
    field("cgroup", &CGROUP, Form::Text),
    field("cgroup_parent", &TEXT, Form::Text),
    field("command", &COMMAND, Form::Words),
    field("configs", &FILE_REFERENCES, Form::Structs),
    field("cpu_count", &CPU_COUNT, Form::Int),
    field("cpu_percent", &CPU_PERCENT, Form::Float),
    field("cpu_period", &NUMBER, Form::Int),
    field("cpu_quota", &NUMBER, Form::Int),
    field("cpu_rt_period", &NUMBER, Form::Int),
    field("cpu_rt_runtime", &NUMBER, Form::Int),
    field("cpu_shares", &NUMBER, Form::Int),
    field("cpus", &NUMBER, Form::Float),
    field("cpuset", &TEXT, Form::Text),
    field("credential_spec", &CREDENTIALS, Form::Struct),
    field("device_cgroup_rules", &UNIQUE_TEXTS, Form::Texts),
    field("devices", &DEVICES, Form::Structs),
    field("dns", &ONE_OR_MORE, Form::Texts),
    field("dns_opt", &UNIQUE_TEXTS, Form::Texts),
    field("dns_search", &ONE_OR_MORE, Form::Texts),
    field("domainname", &TEXT, Form::Text),
    field("entrypoint", &COMMAND, Form::Words),
    field("env_file", &ENV_FILES, Form::Structs),
    field("environment", &PAIRS, Form::Variables),
    field("extra_hosts", &HOSTS, Form::Hosts),
    field("gpus", &GPUS, Form::Structs),
    field("group_add", &UNIQUE_VALUES, Form::Texts),
    field("hostname", &TEXT, Form::Text),
    field("image", &TEXT, Form::Text),
    field("init", &FLAG, Form::OptFlag),
    field("ipc", &TEXT, Form::Text),
    field("isolation", &TEXT, Form::Text),
    field("label_file", &ONE_OR_MORE_FILES, Form::Texts),
    field("labels", &PAIRS, Form::Mapping),
    field("logging", &LOGGING, Form::Struct),
    field("mac_address", &TEXT, Form::Text),
    field("mem_limit", &SIZE, Form::Bytes),
    field("mem_reservation", &INT_SIZE, Form::Bytes),
    field("mem_swappiness", &INTEGER, Form::Bytes),
    field("memswap_limit", &SIZE, Form::Bytes),
    field("models", &MODEL_USES, Form::Named),
    field("network_mode", &TEXT, Form::Text),
    field("networks", &NETWORK_USES, Form::Named),
    field("oom_kill_disable", &FLAG, Form::Flag),
    field("oom_score_adj", &OOM_SCORE, Form::Int),
    field("pid", &PID, Form::Text),
    field("pids_limit", &NUMBER, Form::Int),
    field("platform", &TEXT, Form::Text),
    field("privileged", &FLAG, Form::Flag),
    field("pull_policy", &PULL_POLICY, Form::Text),
    field("pull_refresh_after", &TEXT, Form::Gone),
    field("read_only", &FLAG, Form::Flag),
    field("runtime", &TEXT, Form::Text),
    field("secrets", &FILE_REFERENCES, Form::Structs),
    field("security_opt", &UNIQUE_TEXTS, Form::Texts),
    field("shm_size", &SIZE, Form::Bytes),
    field("stop_grace_period", &DURATION, Form::OptDuration),
    field("stop_signal", &TEXT, Form::Text),
    field("storage_opt", &STORAGE, Form::Options),
    field("sysctls", &PAIRS, Form::Mapping),
    field("tmpfs", &ONE_OR_MORE, Form::Texts),
    field("ulimits", &ULIMITS, Form::Named),
    field("use_api_socket", &STRICT_FLAG, Form::Flag),
    field("user", &TEXT, Form::Text),
    field("userns_mode", &TEXT, Form::Text),
    field("uts", &TEXT, Form::Text),
    field("volumes", &MOUNTS, Form::Structs),
    field("volumes_from", &UNIQUE_TEXTS, Form::Texts),
    field("working_dir", &TEXT, Form::Text),
];
static PID: Shape = Shape::scalar(STR | NULL, "a string");
static STORAGE_FIELDS: Fields = Fields::any(&ANYTHING, Form::Raw);
static STORAGE: Shape = Shape::map(&STORAGE_FIELDS, "a mapping of options");

static CONDITION: Shape = Shape::scalar(STR, "a condition").rule(Rule::OneOf(&[
    "service_started",
    "service_healthy",
    "service_completed_successfully",
]));
static DEPENDENCY_FIELDS: Fields = Fields::of(&[
    field("condition", &CONDITION, Form::Text),
    field("required", &STRICT_FLAG, Form::OptFlag),
    field("restart", &FLAG, Form::Flag),
])
.require(&["condition"]);
static DEPENDENCY: Shape = Shape::map(&DEPENDENCY_FIELDS, "a mapping with `condition`");
static DEPENDS_FIELDS: Fields = Fields::named(&DEPENDENCY, Form::Struct);
static DEPENDS_ON: Shape = Shape::map(&DEPENDS_FIELDS, "a mapping")
    .or_list(&super::common::UNIQUE_LIST, "a list of service names, or a mapping of them to a `condition`");

static TEST: Shape = Shape::scalar(STR, "a command line or a list")
    .or_list(&super::common::TEXT_LIST, "a command line, or a list that begins with CMD, CMD-SHELL or NONE");
static HEALTHCHECK_FIELDS: Fields = Fields::of(&[
    field("disable", &FLAG, Form::Flag),
    field("interval", &DURATION, Form::OptDuration),
    field("retries", &NUMBER, Form::OptInt),
    field("start_interval", &DURATION, Form::OptDuration),
    field("start_period", &DURATION, Form::OptDuration),
    field("test", &TEST, Form::Test),
    field("timeout", &DURATION, Form::OptDuration),
]);
static HEALTHCHECK: Shape = Shape::map(&HEALTHCHECK_FIELDS, "a mapping");

static PUBLISHED: Shape = Shape::scalar(INT | STR, "a port or a range of ports");
static PORT_FIELDS: Fields = Fields::of(&[
    field("app_protocol", &TEXT, Form::Text),
    field("host_ip", &TEXT, Form::Text),
    field("mode", &TEXT, Form::Text),
    field("name", &TEXT, Form::Text),
    field("protocol", &TEXT, Form::Text),
    field("published", &PUBLISHED, Form::Text),
    field("target", &INTEGER, Form::Int),
]);
static PORT: Shape = Shape::map(&PORT_FIELDS, "a mapping")
    .or_scalar(NUM | STR, "`host:container`, or a mapping with `target`");
static PORTS: Shape = Shape::list(&List { item: &PORT, unique: true }, "a list of ports");

/// The attributes that services and jobs have and hooks do not.
const WORKLOAD_KEYS: &[Field] = &[
    field("build", &BUILD, Form::Struct),
    field("depends_on", &DEPENDS_ON, Form::Named),
    field("expose", &UNIQUE_VALUES, Form::Texts),
    field("healthcheck", &HEALTHCHECK, Form::Struct),
    field("ports", &PORTS, Form::Structs),
    field("profiles", &UNIQUE_TEXTS, Form::Texts),
    field("stdin_open", &FLAG, Form::Flag),
    field("tty", &FLAG, Form::Flag),
];

static EXTENDS_FIELDS: Fields =
    Fields::of(&[field("file", &TEXT, Form::Text), field("service", &TEXT, Form::Text)])
        .require(&["service"])
        .without_extensions();
static EXTENDS: Shape =
    Shape::map(&EXTENDS_FIELDS, "a mapping").or_scalar(STR, "a service name, or a mapping with `service`");

static PROVIDER_SCALAR: Shape = Shape::scalar(STR | NUM | BOOL, "a string, a number or a boolean");
static PROVIDER_OPTION: Shape = Shape::scalar(STR | NUM | BOOL, "a value or a list of values")
    .or_list(&List { item: &PROVIDER_SCALAR, unique: false }, "a value or a list of values");
static PROVIDER_OPTION_FIELDS: Fields = Fields::any(&PROVIDER_OPTION, Form::Raw);
static PROVIDER_OPTIONS: Shape = Shape::map(&PROVIDER_OPTION_FIELDS, "a mapping of options");
static PROVIDER_FIELDS: Fields =
    Fields::of(&[field("options", &PROVIDER_OPTIONS, Form::MultiOptions), field("type", &TEXT, Form::Text)])
        .require(&["type"]);
static PROVIDER: Shape = Shape::map(&PROVIDER_FIELDS, "a mapping with `type`");

static CONTAINER_NAME: Shape = Shape::scalar(STR, "a container name").rule(Rule::Text(
    is_container_name,
    "at least two letters, digits, `_`, `.` or `-`, the first a letter or a digit",
));

static PRE_START_TABLE: [Field; 73] = union(&[CONTAINER_KEYS, &[field("per_replica", &FLAG, Form::Flag)]]);
static PRE_START_FIELDS: Fields = Fields::of(&PRE_START_TABLE);
/// One `pre_start` entry.
static CONTAINER: Shape = Shape::map(&PRE_START_FIELDS, "a mapping with `command`");
static PRE_STARTS: Shape = Shape::list(&List { item: &CONTAINER, unique: false }, "a list of mappings");

const SERVICE_KEYS: &[Field] = &[
    field("attach", &FLAG, Form::OptFlag),
    field("container_name", &CONTAINER_NAME, Form::Text),
    field("deploy", &DEPLOY, Form::Struct),
    field("develop", &DEVELOP, Form::Struct),
    field("extends", &EXTENDS, Form::Gone),
    field("external_links", &UNIQUE_TEXTS, Form::Texts),
    field("links", &UNIQUE_TEXTS, Form::Texts),
    field("post_start", &HOOKS, Form::Structs),
    field("pre_start", &PRE_STARTS, Form::Structs),
    field("pre_stop", &HOOKS, Form::Structs),
    field("provider", &PROVIDER, Form::Struct),
    field("restart", &TEXT, Form::Text),
    field("scale", &INTEGER, Form::OptInt),
];
static SERVICE_TABLE: [Field; 93] = union(&[CONTAINER_KEYS, WORKLOAD_KEYS, SERVICE_KEYS]);
static SERVICE_FIELDS: Fields = Fields::of(&SERVICE_TABLE);
/// One service.
pub(crate) static SERVICE: Shape = Shape::map(&SERVICE_FIELDS, "a mapping");

static SCHEDULE_FIELDS: Fields = Fields::of(&[
    field("concurrency", &CONCURRENCY, Form::Text),
    field("cron", &TEXT, Form::Text),
    field("missed_fires", &MISSED, Form::Text),
    field("timezone", &TEXT, Form::Text),
])
.require(&["cron"]);
static CONCURRENCY: Shape = Shape::scalar(STR, "`forbid` or `queue`").rule(Rule::OneOf(&["forbid", "queue"]));
static MISSED: Shape = Shape::scalar(STR, "`one` or `skip`").rule(Rule::OneOf(&["one", "skip"]));
static SCHEDULE: Shape =
    Shape::map(&SCHEDULE_FIELDS, "a mapping").or_scalar(STR, "a cron line, or a mapping with `cron`");
static SCHEDULES: Shape =
    Shape::list(&List { item: &SCHEDULE, unique: false }, "a list of cron lines or mappings");
static TRIGGER_FIELDS: Fields =
    Fields::of(&[field("manual", &FLAG, Form::OptFlag), field("schedule", &SCHEDULES, Form::Structs)]);
static TRIGGERS: Shape = Shape::map(&TRIGGER_FIELDS, "a mapping with `manual` and `schedule`");
static JOB_TABLE: [Field; 81] =
    union(&[CONTAINER_KEYS, WORKLOAD_KEYS, &[field("triggers", &TRIGGERS, Form::Struct)]]);
static JOB_FIELDS: Fields = Fields::of(&JOB_TABLE).require(&["triggers"]);
/// One job.
pub(crate) static JOB: Shape = Shape::map(&JOB_FIELDS, "a mapping with `triggers`");

fn is_pull_policy(text: &str) -> bool {
    crate::model::PullPolicy::parse(text).is_some()
}

/// The whole text, as engines have it; the pattern of Docker Compose looks for two good characters anywhere.
fn is_container_name(text: &str) -> bool {
    let good = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    text.len() > 1 && text.as_bytes()[0].is_ascii_alphanumeric() && text.bytes().all(good)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lookups are a binary search.
    #[test]
    fn tables_are_sorted() {
        fn check(fields: &Fields, seen: &mut usize) {
            *seen += 1;
            assert!(*seen < 1000, "the tables are not a tree");
            assert!(
                fields.known.is_sorted_by(|a, b| a.name < b.name),
                "{:?}",
                fields.known.first().map(|f| f.name)
            );
            for field in fields.known {
                let list = field.shape.list.and_then(|list| list.item.fields);
                let other =
                    field.shape.fields.and_then(|fields| fields.other).and_then(|(shape, _)| shape.fields);
                for below in [field.shape.fields, list, other].into_iter().flatten() {
                    check(below, seen);
                }
            }
        }
        let mut seen = 0;
        for shape in [&super::super::TOP, &SERVICE, &JOB, &CONTAINER] {
            check(shape.fields.unwrap(), &mut seen);
        }
        assert!(seen > 50);
    }
}
