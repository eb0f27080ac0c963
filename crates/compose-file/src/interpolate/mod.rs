//! Interpolation of a whole tree, and the casts that follow it.

mod template;

pub(crate) use template::{TemplateError, Variables, expressions, substitute};

use crate::diagnostic::{Code, Span};
use crate::environment::EnvMap;
use crate::limits;
use crate::report::Report;
use crate::tree::{Node, Path, Tag, Value, parse_float};

/// Replaces the variables in every string value below `node`. Keys are left alone. Mistakes go to the report.
pub(crate) fn interpolate(node: &mut Node, environment: &EnvMap, budget: &mut usize, report: &mut Report) {
    walk(node, &Path::ROOT, environment, budget, report);
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

fn walk(node: &mut Node, path: &Path<'_>, environment: &EnvMap, budget: &mut usize, report: &mut Report) {
    // What is taken away is not looked at.
    if node.tag == Tag::Reset {
        return;
    }
    match &mut node.value {
        Value::Map(map) => {
            for (key, entry) in map.iter_mut() {
                walk(&mut entry.node, &path.key(key), environment, budget, report);
            }
        }
        Value::Seq(list) => {
            for (index, item) in list.iter_mut().enumerate() {
                walk(item, &path.index(index), environment, budget, report);
            }
        }
        Value::Str(_) => string(node, path, environment, budget, report),
        _ => {}
    }
}

fn string(node: &mut Node, path: &Path<'_>, environment: &EnvMap, budget: &mut usize, report: &mut Report) {
    let Some(text) = node.as_str() else { return };
    if text.contains('$') {
        report.variables.note(text, path, node.span);
        let mut lookup = Lookup { environment, path, span: node.span, report };
        match substitute(text, &mut lookup) {
            Ok(new) => {
                let Some(left) = budget.checked_sub(new.len()) else {
                    let message =
                        format!("interpolation makes more than {} bytes", limits::INTERPOLATED_BYTES);
                    report.error(Code::Limit, path, node, message);
                    node.value = Value::Str(String::new());
                    return;
                };
                *budget = left;
                node.value = Value::Str(new);
                node.interpolated = true;
            }
            Err(error) => {
                let (message, help) = describe(&error);
                report.error(Code::Interpolation, path, node, message).help(help);
                return;
            }
        }
    }
    if let Some(cast) = cast_for(path) {
        apply(cast, node, path, report);
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

fn cast_for(path: &Path<'_>) -> Option<Cast> {
    Some(match *path.parts() {
        [
            "services",
            _,
            "cpu_count" | "cpu_period" | "cpu_quota" | "cpu_rt_period" | "cpu_rt_runtime" | "cpu_shares"
            | "oom_score_adj" | "pids_limit" | "scale",
        ]
        | ["services", _, "deploy", "replicas"]
        | ["services", _, "deploy", "update_config" | "rollback_config", "parallelism"]
        | ["services", _, "deploy", "restart_policy", "max_attempts"]
        | ["services", _, "deploy", "placement", "max_replicas_per_node"]
        | ["services", _, "healthcheck", "retries"]
        | ["services", _, "ports", "[]", "target"]
        | ["services", _, "ulimits", _]
        | ["services", _, "ulimits", _, "hard" | "soft"] => Cast::Int,
        ["services", _, "cpu_percent" | "cpus"]
        | ["services", _, "deploy", "update_config" | "rollback_config", "max_failure_ratio"] => Cast::Float,
        ["services", _, "init" | "oom_kill_disable" | "privileged" | "read_only" | "stdin_open" | "tty"]
        | ["services", _, "depends_on", _, "required" | "restart"]
        | ["services", _, "healthcheck", "disable"]
        | ["services", _, "volumes", "[]", "read_only"]
        | ["services", _, "volumes", "[]", "volume", "nocopy"]
        | ["networks", _, "external" | "internal" | "attachable" | "enable_ipv4" | "enable_ipv6"]
        | ["volumes" | "secrets" | "configs", _, "external"] => Cast::Bool,
        _ => return None,
    })
}

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
