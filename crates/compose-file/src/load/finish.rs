//! From the merged model to the typed project.

mod resolve;

use std::collections::HashSet;

use indexmap::IndexMap;

use super::Loader;
use super::discover::Found;
use crate::bind::bind;
use crate::consistency;
use crate::diagnostic::{Code, Span};
use crate::environment::EnvMap;
use crate::loaded::Canonical;
use crate::model::{ConfigObject, Disabled, Job, Model, Network, Project, Redacted, Service, Volume};
use crate::normalize::normalize;
use crate::report::Failed;
use crate::schema::suggest;
use crate::support;
use crate::tree::{Entry, Map, Node, Path, Tag, Value, WORKLOADS, from_node, put, to_json};

/// Completes, checks and binds the merged model.
pub(super) fn finish(
    loader: &mut Loader<'_>,
    mut root: Node,
    name: String,
    found: Found,
) -> Result<(Project, Canonical, EnvMap), Failed> {
    let options = loader.options;
    if options.steps.normalize {
        normalize(&mut root, &name, &found.environment);
    }
    if let Some(top) = root.as_map_mut() {
        if !top.contains_key("services") {
            put(top, "services", Node::map(Map::new(), Span::NONE));
        }
        top.remove("name");
        put(top, "name", Node::text(name.as_str(), Span::NONE));
        top.last_to_front();
    }
    let mut project = Project {
        name,
        working_dir: found.dir,
        config_files: found.files,
        environment_files: found.environment_files,
        profiles: found.profiles,
        ..Project::default()
    };
    if !options.steps.interpolate {
        // `${PORT}` is no port yet: there is nothing to bind or to check.
        let mut used = root.clone();
        let off = split_profiles(&mut used, &project.profiles, &options.services);
        if options.only_named {
            keep_named(loader, &mut used, &off)?;
        }
        prune(&mut used);
        let canonical = Canonical { root, interpolated: false, used: Some(used) };
        return Ok((project, canonical, found.environment));
    }
    support::report_gone(&root, &mut loader.report);
    bind(&mut root, &mut loader.report);
    loader.report.check()?;

    let mut disabled = split_profiles(&mut root, &project.profiles, &options.services);
    if options.steps.consistency {
        consistency::check(&root, &disabled, &mut loader.report);
        loader.report.check()?;
    }
    if options.only_named {
        disabled.extend(keep_named(loader, &mut root, &disabled)?);
    }
    let is_empty = |top: &str| root.get(top).and_then(Node::as_map).is_none_or(Map::is_empty);
    if disabled.is_empty() && WORKLOADS.into_iter().all(is_empty) {
        let message = "there is no service in the project";
        loader
            .report
            .warn_at(Code::Missing, "services".to_owned(), Span::NONE, message)
            .help("put services below `services:`");
    }
    agree_on_replicas(&mut root);
    support::report_no_effect(&root, &mut loader.report);
    if !options.all_resources {
        prune(&mut root);
    }
    loader.resolve_services(&mut root, &found.environment)?;
    loader.report.check()?;
    loader.fill(&mut project, &root, &disabled, &found.environment)?;
    let canonical = Canonical { root, interpolated: true, used: None };
    Ok((project, canonical, found.environment))
}

/// Takes out the services that are not named and that no named one needs, and gives them.
fn keep_named(loader: &mut Loader<'_>, root: &mut Node, disabled: &Map) -> Result<Map, Failed> {
    let named = &loader.options.services;
    let Some(services) = root.get_mut("services").and_then(Node::as_map_mut) else { return Ok(Map::new()) };
    for name in named.iter().filter(|name| !services.contains_key(name)) {
        let known = services.keys().chain(disabled.keys());
        let help = suggest(name, known).map(|other| format!("did you mean `{other}`?"));
        let message = format!("there is no service `{name}`");
        loader
            .report
            .error_at(Code::Undefined, format!("services.{name}"), Span::NONE, message)
            .maybe_help(help);
    }
    loader.report.check()?;
    if named.is_empty() {
        return Ok(Map::new());
    }
    let mut kept: HashSet<String> = HashSet::new();
    let mut wanted: Vec<String> = named.clone();
    while let Some(name) = wanted.pop() {
        let Some(entry) = services.get(&name) else { continue };
        let needs = entry.node.get("depends_on").and_then(Node::as_map);
        if kept.insert(name) {
            wanted.extend(needs.into_iter().flat_map(|map| map.keys().map(str::to_owned)));
        }
    }
    let (on, off) = std::mem::take(services).into_iter().partition(|(name, _)| kept.contains(&**name));
    *services = on;
    Ok(off)
}

/// `scale` and `deploy.replicas` are one number; the first is known to be right.
fn agree_on_replicas(root: &mut Node) {
    for entry in root.get_mut("services").and_then(Node::as_map_mut).into_iter().flat_map(Map::values_mut) {
        let Some(scale) = entry.node.get("scale").cloned() else { continue };
        if let Some(deploy) = entry.node.get_mut("deploy").and_then(Node::as_map_mut)
            && !deploy.contains_key("replicas")
        {
            put(deploy, "replicas", scale);
        }
    }
}

/// Takes the services and jobs out that no active profile switches on; gives the services. Naming a service switches it
/// on. Where no profile is active the one without a name is, so that `profiles: ["${PROFILE}"]` means a service that is on
/// unless a profile is asked for.
fn split_profiles(root: &mut Node, profiles: &[String], named: &[String]) -> Map {
    let Some(services) = root.get("services").and_then(Node::as_map) else { return Map::new() };
    let all = profiles.iter().any(|profile| profile == "*");
    let mut active: HashSet<String> = profiles.iter().cloned().collect();
    if profiles.is_empty() {
        active.insert(String::new());
    }
    for name in named {
        if let Some(entry) = services.get(name) {
            active.extend(profiles_of(&entry.node).map(str::to_owned));
        }
    }
    let is_on = |entry: &Entry| {
        let mut own = profiles_of(&entry.node).peekable();
        all || own.peek().is_none() || own.any(|profile| active.contains(profile))
    };
    if let Some(jobs) = root.get_mut("jobs").and_then(Node::as_map_mut) {
        jobs.retain(|_, entry| is_on(entry));
    }
    let Some(services) = root.get_mut("services").and_then(Node::as_map_mut) else { return Map::new() };
    if services.values().all(is_on) {
        return Map::new();
    }
    let (on, off) = std::mem::take(services).into_iter().partition(|(_, entry)| is_on(entry));
    *services = on;
    off
}

fn profiles_of(service: &Node) -> impl Iterator<Item = &str> {
    service.get("profiles").and_then(Node::as_seq).unwrap_or_default().iter().filter_map(Node::as_str)
}

/// Drops the resources that no enabled service uses.
fn prune(root: &mut Node) {
    let mut used: [(&str, HashSet<String>); 5] =
        ["networks", "volumes", "secrets", "configs", "models"].map(|top| (top, HashSet::new()));
    let workloads = WORKLOADS.into_iter().filter_map(|top| root.get(top)?.as_map()).flat_map(Map::values);
    for entry in workloads {
        let service = &entry.node;
        for (top, names) in &mut used {
            match *top {
                "networks" | "models" => {
                    names.extend(
                        service
                            .get(top)
                            .and_then(Node::as_map)
                            .into_iter()
                            .flat_map(|map| map.keys().map(str::to_owned)),
                    );
                }
                "volumes" => {
                    names.extend(sources(service.get(top), |mount| mount.get_str("type") == Some("volume")));
                }
                _ => {
                    names.extend(sources(service.get(top), |_| true));
                    names.extend(sources(service.get("build").and_then(|build| build.get(top)), |_| true));
                }
            }
        }
    }
    let Some(top) = root.as_map_mut() else { return };
    for (name, names) in &used {
        if let Some(map) = top.get_mut(name).and_then(|entry| entry.node.as_map_mut()) {
            map.retain(|key, _| names.contains(key));
        }
    }
    let kept = |key: &str| key == "services" || key.starts_with("x-");
    top.retain(|key, entry| kept(key) || entry.node.as_map().is_none_or(|map| !map.is_empty()));
}

fn sources(list: Option<&Node>, wanted: impl Fn(&Node) -> bool) -> Vec<String> {
    let list = list.and_then(Node::as_seq).unwrap_or_default();
    list.iter()
        .filter(|item| wanted(item))
        .filter_map(|item| item.get_str("source"))
        .map(str::to_owned)
        .collect()
}

impl Loader<'_> {
    /// Fills the typed project out of the bound tree.
    fn fill(
        &mut self,
        project: &mut Project,
        root: &Node,
        disabled: &Map,
        environment: &EnvMap,
    ) -> Result<(), Failed> {
        let empty = Map::new();
        let part = |top: &str| root.get(top).and_then(Node::as_map).unwrap_or(&empty);
        project.services.reserve(part("services").len());
        for (name, entry) in part("services") {
            let service = self.service(name, &entry.node)?;
            project.services.insert(name.to_owned(), service);
        }
        let mut off = Disabled::new();
        for (name, entry) in disabled {
            off.insert(name.to_owned(), self.service(name, &entry.node)?);
        }
        project.disabled = off;
        project.networks = self.typed(part("networks"), "networks")?;
        project.volumes = self.typed(part("volumes"), "volumes")?;
        project.secrets = self.typed(part("secrets"), "secrets")?;
        project.configs = self.typed(part("configs"), "configs")?;
        for object in project.secrets.values_mut().chain(project.configs.values_mut()) {
            add_content(object, environment);
        }
        project.models = self.typed(part("models"), "models")?;
        for (name, entry) in part("jobs") {
            let jobs = Path::ROOT.key("jobs");
            let mut job: Job = self.read(&entry.node, &jobs.key(name))?;
            name.clone_into(&mut job.service.name);
            job.service.extensions = extensions(&entry.node);
            project.jobs.insert(name.to_owned(), job);
        }
        project.extensions = root
            .as_map()
            .into_iter()
            .flatten()
            .filter(|(key, _)| key.starts_with("x-"))
            .map(|(key, entry)| (key.to_owned(), to_json(&entry.node)))
            .collect();
        Ok(())
    }

    fn service(&mut self, name: &str, node: &Node) -> Result<Service, Failed> {
        let services = Path::ROOT.key("services");
        let mut service: Service = self.read(node, &services.key(name))?;
        name.clone_into(&mut service.name);
        service.extensions = extensions(node);
        Ok(service)
    }

    fn typed<T: serde::de::DeserializeOwned + Extended>(
        &mut self,
        map: &Map,
        top: &str,
    ) -> Result<IndexMap<String, T>, Failed> {
        let above = Path::ROOT.key(top);
        map.iter()
            .map(|(name, entry)| {
                let mut value: T = self.read(&entry.node, &above.key(name))?;
                *value.extensions_mut() = extensions(&entry.node);
                Ok((name.to_owned(), value))
            })
            .collect()
    }

    /// A value that has the right type and still does not fit, such as a port of 70000.
    fn read<T: serde::de::DeserializeOwned>(&mut self, node: &Node, path: &Path<'_>) -> Result<T, Failed> {
        if let Ok(value) = from_node(node) {
            return Ok(value);
        }
        // Look for the attribute that does not fit, so that the error points at it.
        for (key, entry) in node.as_map().into_iter().flatten() {
            let mut single = Map::new();
            single.insert(key, entry.clone());
            if let Err(error) = from_node::<T>(&Node::map(single, node.span)) {
                let help = (key == "restart")
                    .then(|| "use \"no\", always, unless-stopped, on-failure or on-failure:5".to_owned());
                self.report
                    .error(Code::InvalidValue, &path.key(key), &entry.node, error.to_string())
                    .maybe_help(help);
            }
        }
        if !self.report.failed() {
            self.report.error(Code::InvalidValue, path, node, "the attributes do not fit together");
        }
        Err(Failed)
    }
}

/// Resources with `x-*` elements.
trait Extended {
    fn extensions_mut(&mut self) -> &mut IndexMap<String, serde_json::Value>;
}

macro_rules! extended {
    ($($name:ident),*) => {$(
        impl Extended for $name {
            fn extensions_mut(&mut self) -> &mut IndexMap<String, serde_json::Value> {
                &mut self.extensions
            }
        }
    )*};
}

extended!(Network, Volume, ConfigObject, Model);

/// The `x-*` elements of a mapping.
fn extensions(node: &Node) -> IndexMap<String, serde_json::Value> {
    node.as_map()
        .into_iter()
        .flatten()
        .filter(|(_, entry)| entry.node.tag == Tag::Extension)
        .map(|(key, entry)| (key.to_owned(), to_json(&entry.node)))
        .collect()
}

/// What a variable holds is needed to make the file, and never printed.
fn add_content(object: &mut ConfigObject, environment: &EnvMap) {
    if let Some(name) = &object.environment {
        object.content = environment.get(name).map(|value| Redacted(value.to_owned()));
    }
}

/// A string node, for the code below.
fn text(value: &str, span: Span) -> Node {
    Node::new(Value::Str(value.to_owned()), span)
}
