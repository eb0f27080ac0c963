//! Shapes that several tables share.

use super::shape::{BOOL, Field, Fields, Form, INT, List, NULL, NUM, Rule, STR, Shape, field};

pub(super) static TEXT: Shape = Shape::scalar(STR, "a string");
pub(super) static FLAG: Shape = Shape::scalar(BOOL | STR, "a boolean, `true` or `false`");
pub(super) static STRICT_FLAG: Shape = Shape::scalar(BOOL, "a boolean, `true` or `false`");
pub(super) static NUMBER: Shape = Shape::scalar(NUM | STR, "a number");
pub(super) static STRICT_NUMBER: Shape = Shape::scalar(NUM, "a number");
pub(super) static INTEGER: Shape = Shape::scalar(INT | STR, "a whole number");
pub(super) static STRICT_INTEGER: Shape = Shape::scalar(INT, "a whole number");
pub(super) static SIZE: Shape = Shape::scalar(NUM | STR, "a size such as `512m` or a number of bytes");
pub(super) static INT_SIZE: Shape = Shape::scalar(INT | STR, "a size such as `512m` or a number of bytes");
pub(super) static TEXT_SIZE: Shape =
    Shape::scalar(STR, "a size such as `512m`, in quotes where it is only digits");
pub(super) static DURATION: Shape = Shape::scalar(STR, "a duration with a unit, such as `30s` or `1m30s`");
pub(super) static ANYTHING: Shape = Shape {
    list: Some(&List { item: &ANYTHING, unique: false }),
    fields: Some(&Fields::any(&ANYTHING, Form::Raw)),
    ..Shape::scalar(STR | BOOL | NUM | NULL, "a value")
};

pub(super) static TEXT_LIST: List = List { item: &TEXT, unique: false };
pub(super) static UNIQUE_LIST: List = List { item: &TEXT, unique: true };
/// A list of strings.
pub(super) static TEXTS: Shape = Shape::list(&TEXT_LIST, "a list of strings");
/// The same without duplicates.
pub(super) static UNIQUE_TEXTS: Shape = Shape::list(&UNIQUE_LIST, "a list of strings");
/// A list of strings or numbers without duplicates.
pub(super) static UNIQUE_VALUES: Shape =
    Shape::list(&List { item: &TEXT_OR_NUMBER, unique: true }, "a list of strings or numbers");
pub(super) static TEXT_OR_NUMBER: Shape = Shape::scalar(STR | NUM, "a string or a number");
/// A string or a list of strings.
pub(super) static ONE_OR_MORE: Shape = Shape::scalar(STR, "a string or a list of strings")
    .or_list(&UNIQUE_LIST, "a string or a list of strings");
pub(super) static ONE_OR_MORE_FILES: Shape =
    Shape::scalar(STR, "a string or a list of strings").or_list(&TEXT_LIST, "a string or a list of strings");

static PAIR_VALUE: Shape = Shape::scalar(STR | NUM | BOOL | NULL, "a string, a number, a boolean or nothing");
static PAIR_FIELDS: Fields = Fields::any(&PAIR_VALUE, Form::Raw);
/// `KEY: value`, or a list of `KEY=value`.
pub(super) static PAIRS: Shape = Shape::map(&PAIR_FIELDS, "a mapping")
    .or_list(&UNIQUE_LIST, "a mapping `KEY: value` or a list of `KEY=value`");

static OPTION_FIELDS: Fields = Fields::any(&TEXT_OR_NUMBER, Form::Raw);
/// Options of a driver.
pub(super) static OPTIONS: Shape = Shape::map(&OPTION_FIELDS, "a mapping of options");
static STRING_FIELDS: Fields = Fields::any(&TEXT, Form::Raw);
pub(super) static STRINGS: Shape = Shape::map(&STRING_FIELDS, "a mapping to strings");

/// A command line.
pub(super) static COMMAND: Shape = Shape::scalar(STR | NULL, "a string, a list of strings or nothing")
    .or_list(&TEXT_LIST, "a string, a list of strings or nothing");

static HOST_VALUE: Shape = Shape::scalar(STR, "an address or a list of addresses")
    .or_list(&TEXT_LIST, "an address or a list of addresses");
static HOST_FIELDS: Fields = Fields::any(&HOST_VALUE, Form::Raw);
pub(super) static HOSTS: Shape = Shape::map(&HOST_FIELDS, "a mapping")
    .or_list(&UNIQUE_LIST, "a mapping `host: address` or a list of `host=address`");

static ULIMIT_FIELDS: Fields =
    Fields::of(&[field("hard", &INTEGER, Form::OptInt), field("soft", &INTEGER, Form::OptInt)])
        .require(&["soft", "hard"]);
static ULIMIT: Shape =
    Shape::map(&ULIMIT_FIELDS, "a limit").or_scalar(INT | STR, "a number, or `soft` and `hard`");
static ULIMITS_FIELDS: Fields = Fields::any(&ULIMIT, Form::Ulimit);
pub(super) static ULIMITS: Shape = Shape::map(&ULIMITS_FIELDS, "a mapping of limits");

/// The use of a secret or a config.
pub(super) static FILE_REFERENCE_FIELDS: Fields = Fields::of(&[
    field("gid", &TEXT, Form::Text),
    field("mode", &NUMBER, Form::Mode),
    field("source", &TEXT, Form::Text),
    field("target", &TEXT, Form::Text),
    field("uid", &TEXT, Form::Text),
]);
static FILE_REFERENCE: Shape =
    Shape::map(&FILE_REFERENCE_FIELDS, "a mapping").or_scalar(STR, "a name, or a mapping with `source`");
pub(super) static FILE_REFERENCES: Shape =
    Shape::list(&List { item: &FILE_REFERENCE, unique: false }, "a list of names or mappings");

const DEVICE_KEYS: &[Field] = &[
    field("capabilities", &UNIQUE_TEXTS, Form::Texts),
    field("count", &COUNT, Form::Count),
    field("device_ids", &UNIQUE_TEXTS, Form::Texts),
    field("driver", &TEXT, Form::Text),
    field("options", &PAIRS, Form::Mapping),
];
static DEVICE_FIELDS: Fields = Fields::of(DEVICE_KEYS).require(&["capabilities"]);
static COUNT: Shape = Shape::scalar(INT | STR, "`all` or a number");
static DEVICE: Shape = Shape::map(&DEVICE_FIELDS, "a mapping");
/// `deploy.resources.reservations.devices`.
pub(super) static DEVICE_REQUESTS: Shape =
    Shape::list(&List { item: &DEVICE, unique: false }, "a list of mappings");
static GPU_FIELDS: Fields = Fields::of(DEVICE_KEYS);
static GPU: Shape = Shape::map(&GPU_FIELDS, "a mapping");
pub(super) static GPUS: Shape = Shape::list(&List { item: &GPU, unique: false }, "a list")
    .or_scalar(STR, "`all` or a list of mappings")
    .rule(Rule::OneOf(&["all"]));

/// `external`, whose mapping form is an old one.
pub(super) static EXTERNAL: Shape =
    Shape::map(&EXTERNAL_FIELDS, "a mapping").or_scalar(BOOL | STR, "a boolean, `true` or `false`");
static EXTERNAL_FIELDS: Fields = Fields::of(&[field("name", &TEXT, Form::Text)]);

/// Commands of `post_start` and `pre_stop`.
pub(super) static HOOK_FIELDS: Fields = Fields::of(&[
    field("command", &COMMAND, Form::Words),
    field("environment", &PAIRS, Form::Variables),
    field("privileged", &FLAG, Form::Flag),
    field("user", &TEXT, Form::Text),
    field("working_dir", &TEXT, Form::Text),
])
.require(&["command"]);
static HOOK: Shape = Shape::map(&HOOK_FIELDS, "a mapping with `command`");
pub(super) static HOOKS: Shape =
    Shape::list(&List { item: &HOOK, unique: false }, "a list of mappings with `command`");
pub(super) static EXEC: Shape = Shape::map(&HOOK_FIELDS, "a mapping with `command`");
