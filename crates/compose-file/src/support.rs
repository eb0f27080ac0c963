//! What is read and then not acted on. One table, so that nothing of the kind is silent: each use becomes a warning
//! with its place. An attribute that gets its effect leaves the table.

use crate::diagnostic::Code;
use crate::report::Report;
use crate::tree::{Node, Path, Value};

/// An attribute of a service without an effect.
struct NoEffect {
    /// The attribute, below the service: `deploy.placement`; `[]` stands for each item of a list.
    path: &'static str,
    /// What to use instead, where there is something.
    instead: Option<&'static str>,
}

const fn plain(path: &'static str) -> NoEffect {
    NoEffect { path, instead: None }
}

const fn instead(path: &'static str, instead: &'static str) -> NoEffect {
    NoEffect { path, instead: Some(instead) }
}

const SERVICE: &[NoEffect] = &[
    plain("blkio_config"),
    plain("cgroup"),
    plain("cgroup_parent"),
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
    plain("mac_address"),
    plain("mem_swappiness"),
    plain("models"),
    plain("oom_kill_disable"),
    plain("oom_score_adj"),
    plain("ports[].app_protocol"),
    plain("ports[].name"),
    plain("post_start"),
    plain("pre_start"),
    plain("pre_stop"),
    plain("provider"),
    plain("runtime"),
    plain("storage_opt"),
    plain("use_api_socket"),
    plain("userns_mode"),
    plain("uts"),
    plain("volumes[].consistency"),
    plain("volumes_from"),
];

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
    }
    for top in ["jobs", "models"] {
        if let Some(node) = root.get(top) {
            warn(node, top, &plain(top), report);
        }
    }
    for (top, keys) in [
        ("secrets", &["environment", "driver", "external"][..]),
        ("configs", &["environment", "content", "external"][..]),
    ] {
        let above = Path::ROOT.key(top);
        for (name, entry) in root.get(top).and_then(Node::as_map).into_iter().flatten() {
            let here = above.key(name);
            for key in keys {
                let rule = NoEffect { path: key, instead: Some("use `file`") };
                find(&entry.node, key, &here, &mut |node, place| warn(node, &place, &rule, report));
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
    let message = format!("`{}` has no effect yet", rule.path.replace("[]", ""));
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
