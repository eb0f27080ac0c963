//! What is read and then not acted on. One table, so that nothing of the kind is silent: each use becomes a warning
//! with its place. An attribute that gets its effect leaves the table.

use crate::diagnostic::Code;
use crate::model::PullPolicy;
use crate::report::Report;
use crate::tree::{Node, Path, Value};

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
const FILE_OBJECT: &[NoEffect] = &[plain("driver_opts"), plain("labels"), plain("template_driver")];

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
        .chain(below("secrets", FILE_OBJECT))
        .chain(below("configs", FILE_OBJECT))
        .chain(WHOLE.map(str::to_owned))
}

const NETWORK: &[NoEffect] = &[plain("enable_ipv4")];

/// Top-level elements without an effect.
const WHOLE: [&str; 2] = ["jobs", "models"];

/// Warns of what binding takes away.
pub(crate) fn report_gone(root: &Node, report: &mut Report) {
    let above = Path::ROOT.key("services");
    for (name, entry) in root.get("services").and_then(Node::as_map).into_iter().flatten() {
        find(&entry.node, REFRESH.path, &above.key(name), &mut |node, place| {
            warn(node, &place, &REFRESH, report);
        });
    }
}

/// Warns of everything in the project that has no effect.
pub(crate) fn report_no_effect(root: &Node, report: &mut Report) {
    let above = Path::ROOT.key("services");
    for (name, entry) in root.get("services").and_then(Node::as_map).into_iter().flatten() {
        let path = above.key(name);
        for attribute in entry.node.as_map().into_iter().flat_map(|map| map.keys()) {
            let from = SERVICE.partition_point(|rule| first_part(rule) < attribute);
            for rule in SERVICE[from..].iter().take_while(|rule| first_part(rule) == attribute) {
                find(&entry.node, rule.path, &path, &mut |node, place| warn(node, &place, rule, report));
            }
        }
        mounted_files(root, &entry.node, &path, report);
    }
    for top in WHOLE {
        if let Some(node) = root.get(top) {
            warn(node, top, &plain(top), report);
        }
    }
    for (top, rules) in [("networks", NETWORK), ("secrets", FILE_OBJECT), ("configs", FILE_OBJECT)] {
        let above = Path::ROOT.key(top);
        for (name, entry) in root.get(top).and_then(Node::as_map).into_iter().flatten() {
            let path = above.key(name);
            for rule in rules {
                find(&entry.node, rule.path, &path, &mut |node, place| warn(node, &place, rule, report));
            }
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
                find(item, key, &here.index(index), &mut |node, place| warn(node, &place, &rule, report));
            }
        }
    }
}

/// The attribute that a rule is about.
fn first_part(rule: &NoEffect) -> &str {
    rule.path.split(['.', '[']).next().unwrap_or(rule.path)
}

/// Visits what a dotted path leads to.
fn find(node: &Node, rule: &str, path: &Path<'_>, visit: &mut dyn FnMut(&Node, String)) {
    let (key, rest) = rule.split_once('.').map_or((rule, None), |(key, rest)| (key, Some(rest)));
    if key == "*" {
        for (key, entry) in node.as_map().into_iter().flatten() {
            find(&entry.node, rest.unwrap_or_default(), &path.key(key), visit);
        }
        return;
    }
    let (key, each) = key.strip_suffix("[]").map_or((key, false), |key| (key, true));
    let Some(child) = node.get(key) else { return };
    let here = path.key(key);
    match rest {
        None => {
            if !matches!(&child.value, Value::Map(map) if map.is_empty()) {
                visit(child, here.to_string());
            }
        }
        Some(rest) if each => {
            for (index, item) in child.as_seq().unwrap_or_default().iter().enumerate() {
                find(item, rest, &here.index(index), visit);
            }
        }
        Some(rest) => find(child, rest, &here, visit),
    }
}

fn warn(node: &Node, place: &str, rule: &NoEffect, report: &mut Report) {
    if !(rule.when)(node) {
        return;
    }
    let message = match rule.message {
        Some(message) => message.to_owned(),
        None => format!("`{}` has no effect yet", rule.path.replace("[]", "").replace("*.", "")),
    };
    report
        .warn_at(Code::NoEffect, place.to_owned(), node.span, message)
        .maybe_help(rule.instead.map(str::to_owned));
}

#[cfg(test)]
mod tests {
    use super::{SERVICE, first_part};

    #[test]
    fn the_table_is_sorted_and_knows_only_attributes() {
        assert!(SERVICE.is_sorted_by_key(first_part));
        let fields = crate::schema::SERVICE.fields.unwrap();
        for rule in SERVICE {
            assert!(fields.find(first_part(rule)).is_some(), "{}", rule.path);
        }
    }
}
