//! What loading gives.

use serde_json::Value as Json;

use crate::diagnostic::{Diagnostic, Sources};
use crate::environment::EnvMap;
use crate::hash;
use crate::model::Project;
use crate::output;
use crate::tree::{Node, Path, Tag, Value, to_json};
use crate::variables::{Found, Variable};

/// A project that loaded.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Loaded {
    /// The project.
    pub project: Project,
    /// What the writer should know; none of them stops a project.
    pub warnings: Vec<Diagnostic>,
    /// The texts that the warnings point into.
    pub sources: Sources,
    pub(crate) canonical: Canonical,
    pub(crate) variables: Found,
    pub(crate) environment: EnvMap,
}

/// A kind of top-level element, for [`Loaded::names`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Element {
    /// `services`.
    Services,
    /// `networks`.
    Networks,
    /// `volumes`.
    Volumes,
    /// `secrets`.
    Secrets,
    /// `configs`.
    Configs,
    /// `models`.
    Models,
    /// `jobs`.
    Jobs,
}

impl Element {
    /// The key at the top of a Compose file.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Services => "services",
            Self::Networks => "networks",
            Self::Volumes => "volumes",
            Self::Secrets => "secrets",
            Self::Configs => "configs",
            Self::Models => "models",
            Self::Jobs => "jobs",
        }
    }
}

impl Loaded {
    /// The canonical model as JSON, as `docker compose config --format json` prints it: nested `x-*` elements are left
    /// out, and every `$` is doubled, so that the text can be loaded again. No final newline.
    #[must_use]
    pub fn to_canonical_json(&self) -> String {
        output::json(&self.canonical)
    }

    /// The canonical model as YAML, with `x-*` elements and with every `$` doubled, so that it can be loaded again.
    #[must_use]
    pub fn to_canonical_yaml(&self) -> String {
        output::yaml(&self.canonical)
    }

    /// The variables that the files use, by name, whether they are set or not. Those of values that a later file
    /// replaces are among them, since they are looked up all the same.
    #[must_use]
    pub fn variables(&self) -> Vec<Variable> {
        self.variables.list(&self.sources)
    }

    /// The environment out of which variables are replaced, by name: that of the caller, the environment files, and what
    /// Compose sets itself. It holds secrets as a rule.
    pub fn environment(&self) -> impl Iterator<Item = (&str, &str)> {
        self.environment.iter()
    }

    /// The keys of one kind of element, in the order of the files. Without interpolation too, where all services are
    /// listed whatever their profiles, since those may have variables in them.
    #[must_use]
    pub fn names(&self, element: Element) -> Vec<&str> {
        let key = element.as_str();
        let root = match &self.canonical.used {
            Some(used) if element != Element::Services => used,
            _ => &self.canonical.root,
        };
        root.get(key).and_then(Node::as_map).into_iter().flat_map(|map| map.keys()).collect()
    }

    /// The images that the enabled services run, in the order of the files: those of services, each followed by the
    /// other images of its `pre_start` containers. Without interpolation too.
    #[must_use]
    pub fn images(&self) -> Vec<String> {
        let root = self.canonical.used.as_ref().unwrap_or(&self.canonical.root);
        let mut images = Vec::new();
        for (name, entry) in root.get("services").and_then(Node::as_map).into_iter().flatten() {
            let own = match entry.node.get_str("image").filter(|image| !image.is_empty()) {
                Some(image) => image.to_owned(),
                None => format!("{}-{name}", self.project.name),
            };
            let hooks = entry.node.get("pre_start").and_then(Node::as_seq).unwrap_or_default();
            let others = hooks.iter().filter_map(|hook| hook.get_str("image"));
            let others: Vec<String> =
                others.filter(|image| !image.is_empty() && *image != own).map(str::to_owned).collect();
            images.push(own);
            images.extend(others);
        }
        images
    }

    /// The references of the models that enabled services use, such as `ai/smollm2`. Without interpolation too.
    #[must_use]
    pub fn models(&self) -> Vec<&str> {
        let root = self.canonical.used.as_ref().unwrap_or(&self.canonical.root);
        let models = root.get("models").and_then(Node::as_map);
        models
            .into_iter()
            .flat_map(|map| map.values())
            .filter_map(|entry| entry.node.get_str("model"))
            .collect()
    }

    /// All profiles that any service names, those of services that are switched off included, sorted, each once.
    #[must_use]
    pub fn profiles(&self) -> Vec<&str> {
        if self.canonical.used.is_none() {
            return self.project.all_profiles();
        }
        let services = self.canonical.root.get("services").and_then(Node::as_map);
        let mut names: Vec<&str> = services
            .into_iter()
            .flat_map(|map| map.values())
            .flat_map(|entry| entry.node.get("profiles").and_then(Node::as_seq).unwrap_or_default())
            .filter_map(Node::as_str)
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The hash that Docker Compose 5.5 and 5.6 give an enabled service and compare to know whether its containers
    /// are up to date: 64 hexadecimal digits. `None` where there is no such service, and without interpolation.
    ///
    /// Wharf itself compares another hash, which later versions keep when they know more attributes.
    #[must_use]
    pub fn docker_compose_hash(&self, service: &str) -> Option<String> {
        if !self.canonical.interpolated {
            return None;
        }
        let node = self.canonical.root.get("services")?.get(service)?;
        Some(hash::service_hash(node, self.environment.get("DOCKER_DEFAULT_PLATFORM")))
    }

    /// Every `x-*` element of the project with its path, such as `services.web.build.x-cache`, in the order of the files.
    /// The typed model has those of services and resources beside their attributes.
    #[must_use]
    pub fn extensions(&self) -> Vec<(String, Json)> {
        let mut found = Vec::new();
        extensions(&self.canonical.root, &Path::ROOT, &mut found);
        found
    }
}

fn extensions(node: &Node, path: &Path<'_>, found: &mut Vec<(String, Json)>) {
    match &node.value {
        Value::Map(map) => {
            for (key, entry) in map {
                let here = path.key(key);
                let top = path.depth() == 0 && key.starts_with("x-");
                if top || entry.node.tag == Tag::Extension {
                    found.push((here.to_string(), to_json(&entry.node)));
                } else {
                    extensions(&entry.node, &here, found);
                }
            }
        }
        Value::Seq(list) => {
            for (index, item) in list.iter().enumerate() {
                extensions(item, &path.index(index), found);
            }
        }
        _ => {}
    }
}

/// The canonical tree behind a [`Loaded`].
#[derive(Clone)]
pub(crate) struct Canonical {
    pub(crate) root: Node,
    /// Whether `$` must be doubled for the output to mean the same when it is read again.
    pub(crate) interpolated: bool,
    /// Without interpolation `root` is the whole model: this is what enabled services use of it.
    pub(crate) used: Option<Node>,
}

impl std::fmt::Debug for Canonical {
    /// Without values, which may be secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Canonical").finish_non_exhaustive()
    }
}
