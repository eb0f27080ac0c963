//! `deploy` and `develop`.

use super::common::{
    DEVICE_REQUESTS, DURATION, EXEC, INTEGER, NUMBER, ONE_OR_MORE, PAIRS, STRICT_FLAG, TEXT, TEXT_SIZE, TEXTS,
};
use super::shape::{Fields, Form, List, NULL, Rule, STR, Shape, field};

static SPEC_FIELDS: Fields =
    Fields::of(&[field("kind", &TEXT, Form::Text), field("value", &NUMBER, Form::OptInt)]);
static SPEC: Shape = Shape::map(&SPEC_FIELDS, "a mapping");
static GENERIC_FIELDS: Fields = Fields::of(&[field("discrete_resource_spec", &SPEC, Form::Struct)]);
static GENERIC: Shape = Shape::map(&GENERIC_FIELDS, "a mapping");
static GENERICS: Shape = Shape::list(&List { item: &GENERIC, unique: false }, "a list of mappings");

static LIMIT_FIELDS: Fields = Fields::of(&[
    field("cpus", &NUMBER, Form::Float),
    field("memory", &TEXT_SIZE, Form::Bytes),
    field("pids", &INTEGER, Form::Int),
]);
static LIMITS: Shape = Shape::map(&LIMIT_FIELDS, "a mapping");
static RESERVATION_FIELDS: Fields = Fields::of(&[
    field("cpus", &NUMBER, Form::Float),
    field("devices", &DEVICE_REQUESTS, Form::Structs),
    field("generic_resources", &GENERICS, Form::Structs),
    field("memory", &TEXT_SIZE, Form::Bytes),
]);
static RESERVATIONS: Shape = Shape::map(&RESERVATION_FIELDS, "a mapping");
static RESOURCE_FIELDS: Fields =
    Fields::of(&[field("limits", &LIMITS, Form::Struct), field("reservations", &RESERVATIONS, Form::Struct)]);
static RESOURCES: Shape = Shape::map(&RESOURCE_FIELDS, "a mapping with `limits` and `reservations`");

static ORDER: Shape =
    Shape::scalar(STR, "`start-first` or `stop-first`").rule(Rule::OneOf(&["start-first", "stop-first"]));
static UPDATE_FIELDS: Fields = Fields::of(&[
    field("delay", &DURATION, Form::Duration),
    field("failure_action", &TEXT, Form::Text),
    field("max_failure_ratio", &NUMBER, Form::Float),
    field("monitor", &DURATION, Form::Duration),
    field("order", &ORDER, Form::Text),
    field("parallelism", &INTEGER, Form::OptInt),
]);
static UPDATE: Shape = Shape::map(&UPDATE_FIELDS, "a mapping");
static RESTART_FIELDS: Fields = Fields::of(&[
    field("condition", &TEXT, Form::Text),
    field("delay", &DURATION, Form::OptDuration),
    field("max_attempts", &INTEGER, Form::OptInt),
    field("window", &DURATION, Form::OptDuration),
]);
static RESTART: Shape = Shape::map(&RESTART_FIELDS, "a mapping");
static SPREAD_FIELDS: Fields = Fields::of(&[field("spread", &TEXT, Form::Text)]);
static SPREAD: Shape = Shape::map(&SPREAD_FIELDS, "a mapping with `spread`");
static PREFERENCES: Shape =
    Shape::list(&List { item: &SPREAD, unique: false }, "a list of mappings with `spread`");
static PLACEMENT_FIELDS: Fields = Fields::of(&[
    field("constraints", &TEXTS, Form::Texts),
    field("max_replicas_per_node", &INTEGER, Form::Int),
    field("preferences", &PREFERENCES, Form::Structs),
]);
static PLACEMENT: Shape = Shape::map(&PLACEMENT_FIELDS, "a mapping");

static DEPLOY_FIELDS: Fields = Fields::of(&[
    field("endpoint_mode", &TEXT, Form::Text),
    field("labels", &PAIRS, Form::Mapping),
    field("mode", &TEXT, Form::Text),
    field("placement", &PLACEMENT, Form::Always),
    field("replicas", &INTEGER, Form::OptInt),
    field("resources", &RESOURCES, Form::Always),
    field("restart_policy", &RESTART, Form::Struct),
    field("rollback_config", &UPDATE, Form::Struct),
    field("update_config", &UPDATE, Form::Struct),
]);
/// `deploy`.
pub(super) static DEPLOY: Shape = Shape::map(&DEPLOY_FIELDS, "a mapping").or_scalar(NULL, "a mapping");

static ACTION: Shape = Shape::scalar(STR, "`rebuild`, `restart`, `sync`, `sync+restart` or `sync+exec`")
    .rule(Rule::OneOf(&["rebuild", "restart", "sync", "sync+restart", "sync+exec"]));
static WATCH_FIELDS: Fields = Fields::of(&[
    field("action", &ACTION, Form::Text),
    field("exec", &EXEC, Form::Always),
    field("ignore", &ONE_OR_MORE, Form::Texts),
    field("include", &ONE_OR_MORE, Form::Texts),
    field("initial_sync", &STRICT_FLAG, Form::Flag),
    field("path", &TEXT, Form::Text),
    field("target", &TEXT, Form::Text),
])
.require(&["path", "action"]);
static WATCH: Shape = Shape::map(&WATCH_FIELDS, "a mapping with `path` and `action`");
static WATCHES: Shape =
    Shape::list(&List { item: &WATCH, unique: false }, "a list of mappings with `path` and `action`");
static DEVELOP_FIELDS: Fields = Fields::of(&[field("watch", &WATCHES, Form::Structs)]);
/// `develop`.
pub(super) static DEVELOP: Shape =
    Shape::map(&DEVELOP_FIELDS, "a mapping with `watch`").or_scalar(NULL, "a mapping");
