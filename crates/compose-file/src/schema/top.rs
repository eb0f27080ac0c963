//! The top level, and the resources of a project.

use super::common::{EXTERNAL, FLAG, ONE_OR_MORE, OPTIONS, PAIRS, STRICT_INTEGER, STRINGS, TEXT, TEXTS};
use super::service::{JOB, SERVICE};
use super::shape::{Field, Fields, Form, List, NULL, STR, Shape, field};

static SERVICES_FIELDS: Fields = Fields::named(&SERVICE, Form::Struct);
static SERVICES: Shape = Shape::map(&SERVICES_FIELDS, "a mapping of service names to services");
static JOBS_FIELDS: Fields = Fields::named(&JOB, Form::Struct);
static JOBS: Shape = Shape::map(&JOBS_FIELDS, "a mapping of job names to jobs");

static INCLUDE_FIELDS: Fields = Fields::of(&[
    field("env_file", &ONE_OR_MORE, Form::Raw),
    field("path", &ONE_OR_MORE, Form::Raw),
    field("project_directory", &TEXT, Form::Raw),
])
.without_extensions();
static INCLUDE_ITEM: Shape =
    Shape::map(&INCLUDE_FIELDS, "a mapping").or_scalar(STR, "a path, or a mapping with `path`");
/// `include`, which is looked at before anything else.
pub(crate) static INCLUDE: Shape =
    Shape::list(&List { item: &INCLUDE_ITEM, unique: false }, "a list of paths or mappings with `path`");

static POOL_FIELDS: Fields = Fields::of(&[
    field("aux_addresses", &STRINGS, Form::Options),
    field("gateway", &TEXT, Form::Text),
    field("ip_range", &TEXT, Form::Text),
    field("subnet", &TEXT, Form::Text),
]);
static POOL: Shape = Shape::map(&POOL_FIELDS, "a mapping with `subnet`");
static POOLS: Shape = Shape::list(&List { item: &POOL, unique: false }, "a list of mappings with `subnet`");
static IPAM_FIELDS: Fields = Fields::of(&[
    field("config", &POOLS, Form::Structs),
    field("driver", &TEXT, Form::Text),
    field("options", &STRINGS, Form::Options),
]);
static IPAM: Shape = Shape::map(&IPAM_FIELDS, "a mapping");
static NETWORK_FIELDS: Fields = Fields::of(&[
    field("attachable", &FLAG, Form::Flag),
    field("driver", &TEXT, Form::Text),
    field("driver_opts", &OPTIONS, Form::Options),
    field("enable_ipv4", &FLAG, Form::OptFlag),
    field("enable_ipv6", &FLAG, Form::OptFlag),
    field("external", &EXTERNAL, Form::Flag),
    field("internal", &FLAG, Form::Flag),
    field("ipam", &IPAM, Form::Always),
    field("labels", &PAIRS, Form::Mapping),
    field("name", &TEXT, Form::Text),
]);
/// One network.
pub(crate) static NETWORK: Shape =
    Shape::map(&NETWORK_FIELDS, "a mapping").or_scalar(NULL, "a mapping or nothing");
static VOLUME_FIELDS: Fields = Fields::of(&[
    field("driver", &TEXT, Form::Text),
    field("driver_opts", &OPTIONS, Form::Options),
    field("external", &EXTERNAL, Form::Flag),
    field("labels", &PAIRS, Form::Mapping),
    field("name", &TEXT, Form::Text),
]);
/// One volume.
pub(crate) static VOLUME: Shape =
    Shape::map(&VOLUME_FIELDS, "a mapping").or_scalar(NULL, "a mapping or nothing");
static SECRET_FIELDS: Fields = Fields::of(&[
    field("driver", &TEXT, Form::Text),
    field("driver_opts", &OPTIONS, Form::Options),
    field("environment", &TEXT, Form::Text),
    field("external", &EXTERNAL, Form::Flag),
    field("file", &TEXT, Form::Text),
    field("labels", &PAIRS, Form::Mapping),
    field("name", &TEXT, Form::Text),
    field("template_driver", &TEXT, Form::Text),
]);
/// One secret.
pub(crate) static SECRET: Shape = Shape::map(&SECRET_FIELDS, "a mapping with `file` or `environment`");
static CONFIG_FIELDS: Fields = Fields::of(&[
    field("content", &TEXT, Form::Text),
    field("environment", &TEXT, Form::Text),
    field("external", &EXTERNAL, Form::Flag),
    field("file", &TEXT, Form::Text),
    field("labels", &PAIRS, Form::Mapping),
    field("name", &TEXT, Form::Text),
    field("template_driver", &TEXT, Form::Text),
]);
/// One config.
pub(crate) static CONFIG: Shape =
    Shape::map(&CONFIG_FIELDS, "a mapping with `file`, `content` or `environment`");
static MODEL_FIELDS: Fields = Fields::of(&[
    field("context_size", &STRICT_INTEGER, Form::Int),
    field("model", &TEXT, Form::Text),
    field("name", &TEXT, Form::Text),
    field("runtime_flags", &TEXTS, Form::Texts),
])
.require(&["model"]);
/// One model.
pub(crate) static MODEL: Shape = Shape::map(&MODEL_FIELDS, "a mapping with `model`");

static NETWORKS_FIELDS: Fields = Fields::any(&NETWORK, Form::Struct);
static NETWORKS: Shape = Shape::map(&NETWORKS_FIELDS, "a mapping of names to networks");
static VOLUMES_FIELDS: Fields = Fields::named(&VOLUME, Form::Struct);
static VOLUMES: Shape = Shape::map(&VOLUMES_FIELDS, "a mapping of names to volumes");
static SECRETS_FIELDS: Fields = Fields::named(&SECRET, Form::Struct);
static SECRETS: Shape = Shape::map(&SECRETS_FIELDS, "a mapping of names to secrets");
static CONFIGS_FIELDS: Fields = Fields::named(&CONFIG, Form::Struct);
static CONFIGS: Shape = Shape::map(&CONFIGS_FIELDS, "a mapping of names to configs");
static MODELS_FIELDS: Fields = Fields { extensions: true, ..OPEN_MODELS };
const OPEN_MODELS: Fields = Fields::any(&MODEL, Form::Struct);
static MODELS: Shape = Shape::map(&MODELS_FIELDS, "a mapping of names to models");

const TOP_KEYS: &[Field] = &[
    field("configs", &CONFIGS, Form::Raw),
    field("include", &INCLUDE, Form::Gone),
    field("jobs", &JOBS, Form::Raw),
    field("models", &MODELS, Form::Raw),
    field("name", &TEXT, Form::Text),
    field("networks", &NETWORKS, Form::Raw),
    field("secrets", &SECRETS, Form::Raw),
    field("services", &SERVICES, Form::Raw),
    field("version", &TEXT, Form::Gone),
    field("volumes", &VOLUMES, Form::Raw),
];
static TOP_FIELDS: Fields = Fields::of(TOP_KEYS);
/// A whole file.
pub(crate) static TOP: Shape = Shape::map(&TOP_FIELDS, "a mapping with `services`");
