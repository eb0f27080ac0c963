//! Whether the parts of a project fit together. Looks at the bound model, and only at services that are switched on.

use std::collections::HashMap;

use crate::diagnostic::{Code, Span};
use crate::report::Report;
use crate::schema::suggest;
use crate::tree::{Entry, Map, Node, Path, Value, WORKLOADS};

/// Reports everything that does not fit. `services` are switched on, `disabled` are not.
pub(crate) fn check(root: &Node, disabled: &Map, report: &mut Report) {
    let empty = Map::new();
    let services = root.get("services").and_then(Node::as_map).unwrap_or(&empty);
    let project = Whole { root, services, disabled };
    for (top, word) in WORKLOADS.into_iter().zip(["service", "job"]) {
        let above = Path::ROOT.key(top);
        for (name, entry) in root.get(top).and_then(Node::as_map).into_iter().flatten() {
            project.workload(word, name, entry, &above.key(name), report);
        }
    }
    let above = Path::ROOT.key("secrets");
    for (name, entry) in root.get("secrets").and_then(Node::as_map).into_iter().flatten() {
        let node = &entry.node;
        let external = node.get("external").and_then(Node::as_bool) == Some(true);
        if !external && node.get("file").is_none() && node.get("environment").is_none() {
            let message = "a secret needs `file` or `environment`";
            report.error_at(Code::Missing, above.key(name).to_string(), entry.key, message);
        }
    }
    container_names(services, report);
    cycles(services, report);
}

struct Whole<'a> {
    root: &'a Node,
    services: &'a Map,
    disabled: &'a Map,
}

impl Whole<'_> {
    /// Checks a service or a job, which `word` tells.
    fn workload(&self, word: &str, name: &str, entry: &Entry, path: &Path<'_>, report: &mut Report) {
        let Entry { key, node } = entry;
        let key = *key;
        if ["build", "image", "provider"].iter().all(|key| node.get(key).is_none()) {
            // The same name with a slip, in a file that was meant to change the service.
            let elsewhere = self.services.iter().filter(|(other, entry)| {
                *other != name
                    && entry.key.source != key.source
                    && entry.node.get("image").or(entry.node.get("build")).is_some()
            });
            let help = suggest(name, elsewhere.map(|(other, _)| other)).map_or_else(
                || "add `image: NAME` or `build: DIRECTORY`".to_owned(),
                |other| format!("did you mean `{other}`? Otherwise add `image: NAME` or `build: DIRECTORY`"),
            );
            let message = format!("{word} `{name}` has neither an image nor a build");
            report.error_at(Code::Missing, path.to_string(), key, message).help(help);
        }
        if let Some(build) = node.get("build") {
            self.build(node, build, &path.key("build"), report);
        }
        self.networks(node, path, report);
        self.dependencies(word, name, node, path, report);
        let mounts = node.get("volumes").and_then(Node::as_seq).unwrap_or_default();
        let here = path.key("volumes");
        for (index, mount) in mounts.iter().enumerate() {
            if mount.get_str("type") == Some("volume") {
                self.defined("volumes", "volume", mount.get("source"), &here.index(index), report);
            }
        }
        for (list, what) in [("secrets", "secret"), ("configs", "config")] {
            let here = path.key(list);
            for (index, item) in node.get(list).and_then(Node::as_seq).unwrap_or_default().iter().enumerate()
            {
                let source = item.get("source");
                if source.and_then(Node::as_str).is_none_or(str::is_empty) {
                    let message = format!("the entry does not name a {what}");
                    let help = format!("add `source`, the name of a {what} below the top-level `{list}:`");
                    report.error(Code::Missing, &here.index(index), item, message).help(help);
                }
                self.defined(list, what, source, &here.index(index), report);
            }
        }
        let here = path.key("models");
        for (model, entry) in node.get("models").and_then(Node::as_map).into_iter().flatten() {
            let name = Node { value: Value::Str(model.to_owned()), ..entry.node.clone() };
            self.defined(
                "models",
                "model",
                Some(&Node { span: entry.key, ..name }),
                &here.key(model),
                report,
            );
        }
        health(node, path, report);
        limits(node, path, report);
        watch(node, path, report);
        targets(node, path, report);
    }

    /// Reports a name that no top-level element defines.
    fn defined(&self, top: &str, what: &str, name: Option<&Node>, path: &Path<'_>, report: &mut Report) {
        let Some(node) = name else { return };
        let Some(name) = node.as_str().filter(|name| !name.is_empty()) else { return };
        let known = self.root.get(top).and_then(Node::as_map);
        if known.is_some_and(|map| map.contains_key(name)) {
            return;
        }
        let help = suggest(name, known.into_iter().flat_map(|map| map.keys())).map_or_else(
            || format!("add `{name}:` below the top-level `{top}:`"),
            |other| format!("did you mean `{other}`?"),
        );
        report.error(Code::Undefined, path, node, format!("the {what} `{name}` is not defined")).help(help);
    }

    fn build(&self, service: &Node, build: &Node, path: &Path<'_>, report: &mut Report) {
        if let (Some(inline), Some(_)) = (build.get("dockerfile_inline"), build.get("dockerfile")) {
            report
                .error(
                    Code::Conflict,
                    path,
                    inline,
                    "`dockerfile` and `dockerfile_inline` exclude each other",
                )
                .help("keep one of them");
        }
        let here = path.key("additional_contexts");
        for (name, entry) in build.get("additional_contexts").and_then(Node::as_map).into_iter().flatten() {
            let Some(target) = entry.node.as_str().and_then(|text| text.strip_prefix("service:")) else {
                continue;
            };
            let message = match self.services.get(target) {
                None => format!("the service `{target}` is not defined"),
                Some(entry) if entry.node.get("build").is_none() => {
                    format!("the service `{target}` is not built, so that it cannot be a context")
                }
                Some(_) => continue,
            };
            report.error(Code::Undefined, &here.key(name), &entry.node, message);
        }
        let here = path.key("secrets");
        for (index, item) in
            build.get("secrets").and_then(Node::as_seq).unwrap_or_default().iter().enumerate()
        {
            self.defined("secrets", "secret", item.get("source"), &here.index(index), report);
        }
        if let (Some(platforms), Some(platform)) = (build.get("platforms"), service.get("platform")) {
            let list = platforms.as_seq().unwrap_or_default();
            if !list.is_empty() && !list.iter().any(|item| item.value == platform.value) {
                let wanted = platform.as_str().unwrap_or_default();
                let message = format!("`build.platforms` must include the service's platform `{wanted}`");
                report.error(Code::Conflict, &path.key("platforms"), platforms, message);
            }
        }
    }

    fn networks(&self, node: &Node, path: &Path<'_>, report: &mut Report) {
        let networks = node.get("networks").and_then(Node::as_map);
        if let (Some(mode), Some(map)) = (node.get("network_mode"), networks)
            && !map.is_empty()
        {
            let message = "`network_mode` and `networks` exclude each other";
            let added = report.error(Code::Conflict, &path.key("network_mode"), mode, message);
            let first = map.iter().next().map_or(Span::NONE, |(_, entry)| entry.key);
            added.related("a network is named here", first).help("keep one of them");
            return;
        }
        let here = path.key("networks");
        for (name, entry) in networks.into_iter().flatten() {
            let name_node = Node { span: entry.key, ..Node::text(name, entry.key) };
            self.defined("networks", "network", Some(&name_node), &here.key(name), report);
        }
    }

    fn dependencies(&self, word: &str, name: &str, node: &Node, path: &Path<'_>, report: &mut Report) {
        let here = path.key("depends_on");
        for (dependency, entry) in node.get("depends_on").and_then(Node::as_map).into_iter().flatten() {
            if self.services.contains_key(dependency) {
                continue;
            }
            let required = entry.node.get("required").and_then(Node::as_bool) != Some(false);
            let disabled = self.disabled.contains_key(dependency);
            if disabled && !required {
                continue;
            }
            let path = written_at(node, entry.key).map_or_else(
                || here.key(dependency).to_string(),
                |attribute| path.key(attribute).to_string(),
            );
            if disabled {
                let message =
                    format!("{word} `{name}` depends on `{dependency}`, which no active profile switches on");
                report
                    .error_at(Code::Undefined, path, entry.key, message)
                    .help("activate its profile with `--profile`, or write `required: false`");
            } else {
                let message = format!("{word} `{name}` depends on `{dependency}`, which is not defined");
                let known = self.services.keys().chain(self.disabled.keys());
                let help = suggest(dependency, known).map_or_else(
                    || format!("define `{dependency}` below `services:`, or remove it here"),
                    |other| format!("did you mean `{other}`?"),
                );
                report.error_at(Code::Undefined, path, entry.key, message).help(help);
            }
        }
    }
}

/// The attribute that a dependency comes from, where it is not `depends_on` itself.
fn written_at(service: &Node, span: Span) -> Option<&'static str> {
    let here = |node: &Node| node.span == span;
    ["network_mode", "ipc", "pid", "uts", "userns_mode", "cgroup", "links", "volumes_from"].into_iter().find(
        |attribute| {
            service
                .get(attribute)
                .is_some_and(|node| here(node) || node.as_seq().is_some_and(|list| list.iter().any(here)))
        },
    )
}

fn health(node: &Node, path: &Path<'_>, report: &mut Report) {
    let Some(test) = node.get("healthcheck").and_then(|node| node.get("test")) else { return };
    if let Some(first) = test.as_seq().and_then(<[Node]>::first)
        && !matches!(first.as_str(), Some("CMD" | "CMD-SHELL" | "NONE"))
    {
        let here = path.key("healthcheck");
        let message = "the list of a health check begins with CMD, CMD-SHELL or NONE";
        report
            .error(Code::InvalidValue, &here.key("test"), first, message)
            .help("write [\"CMD\", ...] to run a program, or one string for a shell");
    }
}

/// The same limit in two places must be the same.
fn limits(node: &Node, path: &Path<'_>, report: &mut Report) {
    let deploy = node.get("deploy");
    let replicas = deploy.and_then(|node| node.get("replicas"));
    let scale = node.get("scale");
    if let (Some(scale), Some(replicas)) = (scale, replicas)
        && scale.value != replicas.value
    {
        let message = "`scale` and `deploy.replicas` say different numbers";
        report
            .error(Code::Conflict, &path.key("scale"), scale, message)
            .related("the other number", replicas.span)
            .help("keep one of them");
    }
    for (count, key) in [(scale, "scale"), (replicas, "deploy.replicas")] {
        if let Some(count) = count
            && matches!(count.value, Value::Int(number) if number < 0)
        {
            report.error(
                Code::InvalidValue,
                &path.key(key),
                count,
                "the number of containers cannot be negative",
            );
        }
    }
    if let Some(name) = node.get("container_name")
        && let Some(count) = scale.or(replicas)
        && matches!(count.value, Value::Int(number) if number > 1)
    {
        let message = "several containers cannot have the one name of `container_name`";
        report
            .error(Code::Conflict, &path.key("container_name"), name, message)
            .related("this asks for several", count.span)
            .help("remove `container_name`, or ask for one container");
    }
    let resources = deploy.and_then(|node| node.get("resources"));
    for (key, group, inner) in [
        ("cpus", "limits", "cpus"),
        ("mem_limit", "limits", "memory"),
        ("mem_reservation", "reservations", "memory"),
        ("pids_limit", "limits", "pids"),
    ] {
        let (Some(mine), Some(group_node)) = (node.get(key), resources.and_then(|node| node.get(group)))
        else {
            continue;
        };
        if group_node.get(inner).map(|node| &node.value) != Some(&mine.value) {
            let message = format!("`{key}` and `deploy.resources.{group}.{inner}` differ");
            report
                .error(Code::Conflict, &path.key(key), mine, message)
                .related("the other one", group_node.span)
                .help("keep one of them, or give both the same value");
        }
    }
}

fn watch(node: &Node, path: &Path<'_>, report: &mut Report) {
    let watches =
        node.get("develop").and_then(|node| node.get("watch")).and_then(Node::as_seq).unwrap_or_default();
    let here = path.key("develop");
    let here = here.key("watch");
    for (index, item) in watches.iter().enumerate() {
        if item.get("target").is_none() && !matches!(item.get_str("action"), Some("rebuild" | "restart")) {
            report
                .error(Code::Missing, &here.index(index), item, "a sync needs a `target`")
                .help("add the path in the container");
        }
    }
}

/// Nothing is mounted twice in one place.
fn targets(node: &Node, path: &Path<'_>, report: &mut Report) {
    let mut mounted: HashMap<&str, &Node> = HashMap::new();
    for (list, key) in [("tmpfs", None), ("volumes", Some("target"))] {
        let here = path.key(list);
        for (index, item) in node.get(list).and_then(Node::as_seq).unwrap_or_default().iter().enumerate() {
            let target = match key {
                Some(key) => item.get_str(key),
                None => item.as_str().map(|text| text.split(':').next().unwrap_or(text)),
            };
            let Some(target) = target else { continue };
            if let Some(first) = mounted.insert(target, item) {
                let message = format!("something is mounted at `{target}` already");
                report
                    .error(Code::Conflict, &here.index(index), item, message)
                    .related("mounted here", first.span)
                    .help("remove one of the two");
            }
        }
    }
}

/// A container's name is taken once.
fn container_names(services: &Map, report: &mut Report) {
    let mut taken: HashMap<&str, &Node> = HashMap::new();
    for (service, entry) in services {
        let Some(node) = entry.node.get("container_name") else { continue };
        if let Some(first) = node.as_str().and_then(|name| taken.insert(name, node)) {
            let message =
                format!("two services have the container name `{}`", node.as_str().unwrap_or_default());
            report
                .error_at(Code::Conflict, format!("services.{service}.container_name"), node.span, message)
                .related("taken here", first.span)
                .help("give each a name of its own, or leave `container_name` out");
        }
    }
}

/// Reports one cycle of dependencies, if there is any.
fn cycles(services: &Map, report: &mut Report) {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        Open,
        Done,
    }
    let edges: Vec<Vec<usize>> = services
        .values()
        .map(|entry| {
            let map = entry.node.get("depends_on").and_then(Node::as_map);
            map.into_iter().flat_map(|map| map.keys()).filter_map(|name| services.index_of(name)).collect()
        })
        .collect();
    let mut marks = vec![Mark::New; services.len()];
    for start in 0..services.len() {
        if marks[start] != Mark::New {
            continue;
        }
        // A stack of its own, since a chain may have thousands of services.
        let mut stack = vec![(start, 0)];
        marks[start] = Mark::Open;
        while let Some((at, next)) = stack.last_mut() {
            let at = *at;
            let Some(&target) = edges[at].get(*next) else {
                marks[at] = Mark::Done;
                stack.pop();
                continue;
            };
            *next += 1;
            match marks[target] {
                Mark::Done => {}
                Mark::New => {
                    marks[target] = Mark::Open;
                    stack.push((target, 0));
                }
                Mark::Open => {
                    let from = stack.iter().position(|(index, _)| *index == target).unwrap_or_default();
                    let chain = stack[from..].iter().map(|(index, _)| *index).chain([target]);
                    let names: Vec<&str> =
                        chain.filter_map(|index| services.get_index(index)).map(|(name, _)| name).collect();
                    report_cycle(services, &names, report);
                    return;
                }
            }
        }
    }
}

fn report_cycle(services: &Map, names: &[&str], report: &mut Report) {
    let edge = |pair: &[&str]| {
        let depends_on = services.get(pair[0])?.node.get("depends_on")?.as_map()?;
        depends_on.get(pair[1]).map(|entry| entry.key)
    };
    let Some(last) = names.len().checked_sub(2) else { return };
    let span = edge(&names[last..]).unwrap_or(Span::NONE);
    let path = format!("services.{}.depends_on", names[last]);
    let shown = if names.len() > 12 {
        [&names[..6], &["..."], &names[names.len() - 5..]].concat()
    } else {
        names.to_vec()
    };
    let (message, help) = match names {
        [name, _] => (format!("service `{name}` depends on itself"), "remove this dependency"),
        _ => (
            format!("the services depend on each other in a circle: {}", shown.join(" -> ")),
            "remove one of these dependencies",
        ),
    };
    let mut added = report.error_at(Code::Cycle, path, span, message).help(help);
    for pair in names.windows(2).take(last.min(10)) {
        if let Some(span) = edge(pair) {
            added = added.related(format!("`{}` needs `{}`", pair[0], pair[1]), span);
        }
    }
}
