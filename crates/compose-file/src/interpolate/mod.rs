//! Interpolation of a whole tree, and the casts that follow it.

mod template;

use std::sync::LazyLock;

pub(crate) use template::{TemplateError, Variables, expressions, substitute};

use crate::diagnostic::{Code, Span};
use crate::environment::EnvMap;
use crate::limits;
use crate::report::Report;
use crate::tree::{Node, Path, Rules, Tag, Value, parse_float};

/// Replaces the variables in every string value below `node`. Keys are left alone. Mistakes go to the report.
pub(crate) fn interpolate(node: &mut Node, environment: &EnvMap, budget: &mut usize, report: &mut Report) {
    Walk { environment, budget, report }.node(node, &Path::ROOT, Some(&CASTS));
}

/// Notes the variables below `node`, and leaves everything as it is.
pub(crate) fn collect(node: &Node, path: &Path<'_>, report: &mut Report) {
    match &node.value {
        _ if node.tag == Tag::Reset => {}
        Value::Map(map) => {
            for (key, entry) in map {
                collect(&entry.node, &path.key(key), report);
            }
        }
        Value::Seq(list) => {
            for (index, item) in list.iter().enumerate() {
                collect(item, &path.index(index), report);
            }
        }
        Value::Str(text) if text.contains('$') => report.variables.note(text, path, node.span),
        _ => {}
    }
}

/// A `Variables` that warns through the report.
struct Lookup<'a> {
    environment: &'a EnvMap,
    path: &'a Path<'a>,
    span: Span,
    report: &'a mut Report,
}

impl Variables for Lookup<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.environment.get(name)
    }

    fn unset(&mut self, name: &str) {
        let path = self.path;
        self.report.unset_variable(name, || path.to_string(), self.span);
    }
}

/// What does not change while a tree is walked.
struct Walk<'a> {
    environment: &'a EnvMap,
    budget: &'a mut usize,
    report: &'a mut Report,
}

impl Walk<'_> {
    fn node(&mut self, node: &mut Node, path: &Path<'_>, casts: Option<&Rules<Cast>>) {
        // What is taken away is not looked at.
        if node.tag == Tag::Reset {
            return;
        }
        match &mut node.value {
            Value::Map(map) => {
                for (key, entry) in map.iter_mut() {
                    self.node(&mut entry.node, &path.key(key), casts.and_then(|casts| casts.key(key)));
                }
            }
            Value::Seq(list) => {
                let casts = casts.and_then(Rules::item);
                for (index, item) in list.iter_mut().enumerate() {
                    self.node(item, &path.index(index), casts);
                }
            }
            Value::Str(_) => self.string(node, path, casts.and_then(Rules::value)),
            _ => {}
        }
    }

    fn string(&mut self, node: &mut Node, path: &Path<'_>, cast: Option<&Cast>) {
        let Some(text) = node.as_str() else { return };
        if text.contains('$') {
            self.report.variables.note(text, path, node.span);
            let environment = self.environment;
            let mut lookup = Lookup { environment, path, span: node.span, report: self.report };
            match substitute(text, &mut lookup) {
                Ok(new) => {
                    let Some(left) = self.budget.checked_sub(new.len()) else {
                        let message =
                            format!("interpolation makes more than {} bytes", limits::INTERPOLATED_BYTES);
                        self.report.error(Code::Limit, path, node, message);
                        node.value = Value::Str(String::new());
                        return;
                    };
                    *self.budget = left;
                    node.value = Value::Str(new);
                    node.interpolated = true;
                }
                Err(error) => {
                    let (message, help) = describe(&error);
                    self.report.error(Code::Interpolation, path, node, message).help(help);
                    return;
                }
            }
        }
        if let Some(cast) = cast {
            apply(*cast, node, path, self.report);
        }
    }
}

/// The sentences for a template that cannot be used.
pub(crate) fn describe(error: &TemplateError) -> (String, String) {
    match error {
        TemplateError::Invalid(text) => invalid(text),
        TemplateError::Required { name, message } if message.is_empty() => (
            format!("the required variable {name} is missing a value"),
            format!("set {name} in the environment or in the `.env` file"),
        ),
        TemplateError::Required { name, message } => (
            format!("the required variable {name} is missing a value: {message}"),
            format!("set {name} in the environment or in the `.env` file"),
        ),
        TemplateError::Depth => (
            format!("variable expressions nest more than {} levels deep", limits::TEMPLATE_DEPTH),
            "use fewer nested defaults".to_owned(),
        ),
        TemplateError::TooLong => (
            format!("interpolation makes more than {} bytes", limits::INTERPOLATED_BYTES),
            "use shorter values".to_owned(),
        ),
    }
}

/// The sentences for an expression with a mistake.
fn invalid(text: &str) -> (String, String) {
    let body = text.strip_prefix("${").unwrap_or(text);
    let end = body.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(body.len());
    let (name, rest) = body.split_at(end);
    let message = if !body.contains('}') && !text.ends_with("...") {
        format!("`{text}` is not closed: a `}}` is missing")
    } else if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
        let message = format!("`{text}` is not a variable: a name begins with a letter or `_`");
        return (message, format!("if Compose is to leave it alone, write another `$` before it: `${text}`"));
    } else if let Some(default) = rest.strip_prefix(":=").or_else(|| rest.strip_prefix('=')) {
        let message = format!("`{text}` has the operator `=`, which Compose does not know");
        return (message, format!("write `${{{name}:-{default}` for a default"));
    } else {
        format!("`{text}` is not a valid variable expression: after `{name}` comes `}}`, or `-`, `?` or `+`")
    };
    let help = "write `${NAME}`, `${NAME:-default}`, `${NAME:?message}` or `${NAME:+other}`, and `$$` for a plain `$`";
    (message, help.to_owned())
}

/// What a string becomes at a place where Compose wants another type.
#[derive(Clone, Copy)]
enum Cast {
    Bool,
    Int,
    Float,
}

/// Where Compose casts, and to what.
static CASTS: LazyLock<Rules<Cast>> = LazyLock::new(|| {
    let of = |cast, paths: &'static [&'static str]| paths.iter().map(move |path| (*path, cast));
    Rules::new(of(Cast::Int, INTS).chain(of(Cast::Float, FLOATS)).chain(of(Cast::Bool, BOOLS)))
});

const INTS: &[&str] = &[
    "services.*.cpu_count",
    "services.*.cpu_period",
    "services.*.cpu_quota",
    "services.*.cpu_rt_period",
    "services.*.cpu_rt_runtime",
    "services.*.cpu_shares",
    "services.*.deploy.placement.max_replicas_per_node",
    "services.*.deploy.replicas",
    "services.*.deploy.restart_policy.max_attempts",
    "services.*.deploy.rollback_config.parallelism",
    "services.*.deploy.update_config.parallelism",
    "services.*.healthcheck.retries",
    "services.*.oom_score_adj",
    "services.*.pids_limit",
    "services.*.ports[].target",
    "services.*.scale",
    "services.*.ulimits.*",
    "services.*.ulimits.*.hard",
    "services.*.ulimits.*.soft",
];

const FLOATS: &[&str] = &[
    "services.*.cpu_percent",
    "services.*.cpus",
    "services.*.deploy.rollback_config.max_failure_ratio",
    "services.*.deploy.update_config.max_failure_ratio",
];

const BOOLS: &[&str] = &[
    "configs.*.external",
    "networks.*.attachable",
    "networks.*.enable_ipv4",
    "networks.*.enable_ipv6",
    "networks.*.external",
    "networks.*.internal",
    "secrets.*.external",
    "services.*.depends_on.*.required",
    "services.*.depends_on.*.restart",
    "services.*.healthcheck.disable",
    "services.*.init",
    "services.*.oom_kill_disable",
    "services.*.privileged",
    "services.*.read_only",
    "services.*.stdin_open",
    "services.*.tty",
    "services.*.volumes[].read_only",
    "services.*.volumes[].volume.nocopy",
    "volumes.*.external",
];

fn apply(cast: Cast, node: &mut Node, path: &Path<'_>, report: &mut Report) {
    let Some(text) = node.as_str() else { return };
    let value = match cast {
        Cast::Bool => match text.to_ascii_lowercase().as_str() {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            word @ ("y" | "yes" | "on" | "n" | "no" | "off") => {
                let value = matches!(word, "y" | "yes" | "on");
                let message = format!("`{word}` is read as `{value}`, as in old versions of YAML");
                report
                    .warn_at(Code::Obsolete, path.to_string(), node.span, message)
                    .help(format!("write `{value}`"));
                Some(Value::Bool(value))
            }
            _ => None,
        },
        Cast::Int => parse_int(text).map(Value::Int),
        Cast::Float => parse_float(text).map(Value::Float),
    };
    match value {
        Some(value) => node.value = value,
        None => {
            let expected = match cast {
                Cast::Bool => "a boolean, `true` or `false`",
                Cast::Int => "a whole number",
                Cast::Float => "a number",
            };
            let message = format!("expected {expected}, found `{text}`");
            report.error(Code::InvalidValue, path, node, message);
        }
    }
}

/// An integer as Go reads one in base 10: a sign and digits.
fn parse_int(text: &str) -> Option<i64> {
    text.strip_prefix('+').filter(|rest| !rest.starts_with(['+', '-'])).unwrap_or(text).parse().ok()
}
