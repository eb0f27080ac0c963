//! What is read and then not acted on. One table, so that nothing of the kind is silent: each use becomes a warning
//! with its place. An attribute that gets its effect leaves the table.

use std::sync::LazyLock;

use crate::diagnostic::Code;
use crate::model::PullPolicy;
use crate::report::Report;
use crate::tree::{Node, Path, Rules, Value};

/// An attribute without an effect.
struct NoEffect {
    /// The attribute, below the service: `deploy.placement`; `[]` stands for each item of a list, `*` for any key.
    path: &'static str,
    /// What to use instead, where there is something.
    instead: Option<&'static str>,
    /// The values that have no effect.
    when: fn(&Node) -> bool,
    /// What is told of it, where it is not that it has no effect.
    message: Option<&'static str>,
}

const fn plain(path: &'static str) -> NoEffect {
    NoEffect { path, instead: None, when: always, message: None }
}

const fn instead(path: &'static str, instead: &'static str) -> NoEffect {
    NoEffect { instead: Some(instead), ..plain(path) }
}

const fn partly(path: &'static str, when: fn(&Node) -> bool, message: &'static str) -> NoEffect {
    NoEffect { when, message: Some(message), ..plain(path) }
}

fn always(_: &Node) -> bool {
    true
}

fn not_ingress(node: &Node) -> bool {
    node.as_str() != Some("ingress")
}

fn several(node: &Node) -> bool {
    node.as_seq().is_some_and(|list| list.len() > 1)
}

/// A pull policy with a time in it.
fn timed(node: &Node) -> bool {
    matches!(node.as_str().and_then(PullPolicy::parse), Some(PullPolicy::Every(age)) if !age.is_zero())
}

const SERVICE: &[NoEffect] = &[
    plain("blkio_config"),
    plain("build.additional_contexts"),
    plain("build.cache_to"),
    plain("build.entitlements"),
    plain("build.isolation"),
    plain("build.no_cache_filter"),
    partly("build.platforms", several, "only the first platform is built"),
    plain("build.privileged"),
    plain("build.provenance"),
    plain("build.sbom"),
    plain("build.secrets"),
    plain("build.ssh"),
    plain("build.ulimits"),
    plain("cpu_count"),
    plain("cpu_percent"),
    plain("cpu_rt_period"),
    plain("cpu_rt_runtime"),
    plain("credential_spec"),
    plain("deploy.endpoint_mode"),
    plain("deploy.labels"),
    plain("deploy.mode"),
    plain("deploy.placement"),
    plain("deploy.resources.reservations.cpus"),
    plain("deploy.resources.reservations.devices"),
    plain("deploy.resources.reservations.generic_resources"),
    plain("deploy.restart_policy.delay"),
    plain("deploy.restart_policy.window"),
    plain("deploy.rollback_config"),
    plain("deploy.update_config"),
    plain("develop"),
    plain("device_cgroup_rules"),
    instead("external_links", "connect both to one network, where they find each other by name"),
    plain("gpus"),
    plain("isolation"),
    instead("links", "services find each other by name on a shared network"),
    plain("mem_swappiness"),
    plain("models"),
    plain("networks.*.interface_name"),
    plain("ports[].app_protocol"),
    NoEffect { when: not_ingress, ..plain("ports[].mode") },
    plain("ports[].name"),
    plain("post_start"),
    plain("pre_start"),
    plain("pre_stop"),
    plain("provider"),
    partly("pull_policy", timed, "the age of the image has no effect yet: it is pulled each time"),
    plain("storage_opt"),
    plain("use_api_socket"),
    plain("volumes[].bind.recursive"),
    plain("volumes[].consistency"),
    plain("volumes[].volume.labels"),
    plain("volumes_from"),
];

/// What secrets and configs may say to Swarm.
const SECRET: &[NoEffect] = &[plain("driver_opts"), plain("labels"), plain("template_driver")];
const CONFIG: &[NoEffect] = &[plain("labels"), plain("template_driver")];

/// An attribute that Compose knows and that says nothing to anybody; binding takes it away.
const REFRESH: NoEffect = instead("pull_refresh_after", "use `pull_policy: every_<duration>`");

/// The attributes that are read and not acted on, as paths in the model: `services.*.build.ssh`. Some have no effect for
/// some of their values only.
pub fn attributes_without_effect() -> impl Iterator<Item = String> {
    let below = |top: &'static str, rules: &'static [NoEffect]| {
        rules.iter().map(move |rule| format!("{top}.*.{}", rule.path))
    };
    below("services", SERVICE)
        .chain(below("services", &[REFRESH]))
        .chain(below("networks", NETWORK))
        .chain(below("secrets", SECRET))
        .chain(below("configs", CONFIG))
        .chain(WHOLE.map(str::to_owned))
}

const NETWORK: &[NoEffect] = &[plain("enable_ipv4")];

/// Top-level elements without an effect.
const WHOLE: [&str; 2] = ["jobs", "models"];

/// The tables, by the top-level element that they are about.
static RULES: LazyLock<[(&str, Rules<&NoEffect>); 4]> = LazyLock::new(|| {
    let rules = |table: &'static [NoEffect]| Rules::new(table.iter().map(|rule| (rule.path, rule)));
    [
        ("services", rules(SERVICE)),
        ("networks", rules(NETWORK)),
        ("secrets", rules(SECRET)),
        ("configs", rules(CONFIG)),
    ]
});

/// Warns of what binding takes away.
pub(crate) fn report_gone(root: &Node, report: &mut Report) {
    let above = Path::ROOT.key("services");
    for (name, entry) in root.get("services").and_then(Node::as_map).into_iter().flatten() {
        if let Some(node) = entry.node.get(REFRESH.path) {
            warn(node, &above.key(name).key(REFRESH.path), &REFRESH, report);
        }
    }
}

/// Warns of everything in the project that has no effect.
pub(crate) fn report_no_effect(root: &Node, report: &mut Report) {
    for (top, rules) in &*RULES {
        let above = Path::ROOT.key(top);
        for (name, entry) in root.get(top).and_then(Node::as_map).into_iter().flatten() {
            let path = above.key(name);
            find(&entry.node, rules, &path, report);
            if *top == "services" {
                mounted_files(root, &entry.node, &path, report);
            }
        }
    }
    for top in WHOLE {
        if let Some(node) = root.get(top) {
            warn(node, &Path::ROOT.key(top), &plain(top), report);
        }
    }
}

/// The owner and the mode of a file that is mounted are those of the file.
fn mounted_files(root: &Node, service: &Node, path: &Path<'_>, report: &mut Report) {
    for list in ["secrets", "configs"] {
        let here = path.key(list);
        for (index, item) in service.get(list).and_then(Node::as_seq).unwrap_or_default().iter().enumerate() {
            let object = item.get_str("source").and_then(|source| root.get(list)?.get(source));
            if object.is_none_or(|object| object.get("file").is_none()) {
                continue;
            }
            for key in ["uid", "gid", "mode"] {
                let rule = instead(key, "change the owner or the mode of the file itself");
                if let Some(node) = item.get(key) {
                    warn(node, &here.index(index).key(key), &rule, report);
                }
            }
        }
    }
}

/// Warns of the values that the rules are about. What is empty says nothing.
fn find(node: &Node, rules: &Rules<&NoEffect>, path: &Path<'_>, report: &mut Report) {
    if let Some(rule) = rules.value()
        && !matches!(&node.value, Value::Map(map) if map.is_empty())
    {
        warn(node, path, rule, report);
    }
    match &node.value {
        Value::Map(map) => {
            for (key, entry) in map {
                if let Some(rules) = rules.key(key) {
                    find(&entry.node, rules, &path.key(key), report);
                }
            }
        }
        Value::Seq(list) => {
            if let Some(rules) = rules.item() {
                for (index, item) in list.iter().enumerate() {
                    find(item, rules, &path.index(index), report);
                }
            }
        }
        _ => {}
    }
}

fn warn(node: &Node, path: &Path<'_>, rule: &NoEffect, report: &mut Report) {
    if !(rule.when)(node) {
        return;
    }
    let message = match rule.message {
        Some(message) => message.to_owned(),
        None => format!("`{}` has no effect yet", rule.path.replace("[]", "").replace("*.", "")),
    };
    report
        .warn_at(Code::NoEffect, path.to_string(), node.span, message)
        .maybe_help(rule.instead.map(str::to_owned));
}

#[cfg(test)]
mod tests {
    use super::{CONFIG, NETWORK, SECRET, SERVICE};
    use crate::schema;

    #[test]
    fn the_tables_know_only_attributes() {
        let tables = [
            (SERVICE, &schema::SERVICE),
            (NETWORK, &schema::NETWORK),
            (SECRET, &schema::SECRET),
            (CONFIG, &schema::CONFIG),
        ];
        for (table, shape) in tables {
            for rule in table {
                let first = rule.path.split(['.', '[']).next().unwrap();
                assert!(shape.fields.unwrap().find(first).is_some(), "{}", rule.path);
            }
        }
    }
}
