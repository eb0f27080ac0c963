//! The plan of `up`: the steps that the decisions need, and the order between them.
//!
//! A container's creation waits for its own image, networks and volumes, and for the containers in whose namespaces
//! it lives; its start waits for its conditions. There are no other barriers.
//!
//! No circle of waiting can arise: creations wait for creations only, except where a network is made anew; a stop
//! that has to come before the stop of a dependency waits for creations only; every other stop may wait for the
//! starts of dependencies, which come earlier in the order of the project.

mod slot;

use std::collections::{HashMap, HashSet};

use compose_file::model::{Condition, Project};
use indexmap::{IndexMap, IndexSet};
use petgraph::graph::NodeIndex;

use super::decide::{Decided, Facts, Slot, When, changed_networks, decide};
use super::select::dependencies;
use super::{
    Action, ContainerRef, Creation, GateCondition, ImageSource, Need, Parent, Plan, SharedNamespace, images,
};
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Subject, SubjectKind};
use crate::labels;
use crate::observe::{Observed, ObservedProject};
use crate::request::UpRequest;
use crate::spec;

/// What the plan of `up` is made from.
pub(crate) struct UpInput<'a> {
    pub(crate) project: &'a Project,
    pub(crate) observed: &'a ObservedProject,
    pub(crate) request: &'a UpRequest,
    pub(crate) selected: &'a IndexSet<String>,
}

/// # Errors
/// What is wrong with the project or the request, and external things that are missing.
pub(crate) fn plan_up(input: &UpInput<'_>) -> Result<Plan> {
    let UpInput { project, observed, request, selected } = *input;
    if let Some(name) = request.scale.keys().find(|name| !project.services.contains_key(*name)) {
        super::check_names(project, std::slice::from_ref(name))?;
    }
    let sources = image_sources(input)?;
    let refreshed: HashSet<String> = sources.keys().cloned().collect();
    let (changed_networks, kept_networks) = changed_networks(project, observed, request, selected);
    let facts = Facts {
        project,
        observed,
        request,
        selected,
        refreshed: &refreshed,
        changed_networks: &changed_networks,
    };
    let decisions = decide(&facts)?;

    let mut builder = Builder {
        facts: &facts,
        decisions: &decisions,
        sources: &sources,
        plan: Plan::default(),
        images: HashMap::new(),
        networks: HashMap::new(),
        network_removals: HashMap::new(),
        volumes: HashMap::new(),
        nodes: HashMap::new(),
        gates: HashMap::new(),
    };
    for (name, text) in kept_networks {
        builder.plan.warn(Subject::new(SubjectKind::Network, name), text);
    }
    builder.networks()?;
    builder.volumes()?;
    for (name, decided) in &decisions {
        builder.service(name, decided)?;
    }
    builder.final_waits()?;
    builder.orphans();
    builder.wait_for_images();
    let plan = builder.plan;
    if plan.has_cycle() {
        return Err(Error::new(ErrorKind::Invalid, "the steps of the plan wait for each other in a circle")
            .with_hint("this is a mistake in Wharf; `down` and then `up` avoids it"));
    }
    Ok(plan)
}

type Sources = IndexMap<String, (String, ImageSource, String)>;

/// The images that are pulled or built, each once: by which service's settings, how, and why.
fn image_sources(input: &UpInput<'_>) -> Result<Sources> {
    let mut sources = Sources::new();
    for name in input.selected {
        let Some(service) = input.project.services.get(name) else { continue };
        let count = input.request.scale.get(name).copied().unwrap_or_else(|| service.replicas());
        let image = service.image_name(&input.project.name).into_owned();
        if count == 0 || service.provider.is_some() || sources.contains_key(&image) {
            continue;
        }
        if image.is_empty() {
            let message = "has neither an image nor a build section";
            return Err(Error::new(ErrorKind::Invalid, message).with_service(name));
        }
        let present = input.observed.images.contains_key(&image);
        if let Some((source, reason)) = images::source(service, &image, present, input.request)? {
            sources.insert(image, (name.clone(), source, reason));
        }
    }
    Ok(sources)
}

/// The steps of one service that others wait for.
#[derive(Default)]
struct Nodes {
    creations: HashMap<u32, NodeIndex>,
    /// Creations that do not wait for the predecessor's end.
    swaps: Vec<NodeIndex>,
    starts: Vec<NodeIndex>,
    stops: HashMap<u32, NodeIndex>,
    removals: HashMap<u32, NodeIndex>,
}

struct Builder<'a, 'f> {
    facts: &'f Facts<'a>,
    decisions: &'f IndexMap<&'a str, Decided<'a>>,
    sources: &'f Sources,
    plan: Plan,
    images: HashMap<String, NodeIndex>,
    networks: HashMap<&'a str, NodeIndex>,
    /// By name.
    network_removals: HashMap<&'a str, NodeIndex>,
    volumes: HashMap<&'a str, NodeIndex>,
    nodes: HashMap<&'a str, Nodes>,
    gates: HashMap<(String, GateCondition, bool), NodeIndex>,
}

impl<'a> Builder<'a, '_> {
    fn used(&self, uses: impl Fn(&'a compose_file::model::Service) -> bool) -> bool {
        self.decisions.values().any(|decided| !decided.slots.is_empty() && uses(decided.service))
    }

    fn networks(&mut self) -> Result<()> {
        for (key, network) in &self.facts.project.networks {
            if !self.used(|service| service.networks.contains_key(key)) {
                continue;
            }
            let there = self.facts.observed.networks.get(&network.name);
            if network.external {
                if there.is_none() {
                    return Err(missing_external("network", &network.name));
                }
                continue;
            }
            let changed = self.facts.changed_networks.get(key);
            let reason = match (there, changed) {
                (Some(_), None) => continue,
                (_, Some(reason)) => reason.clone(),
                (None, None) => "it does not exist".to_owned(),
            };
            let network_spec = spec::network_spec(self.facts.project, key, network);
            let removal = there.map(|there| {
                let action = Action::RemoveNetwork { id: there.id.clone(), name: network.name.clone() };
                self.plan.add(action, reason.clone())
            });
            let creation = self.plan.add(Action::CreateNetwork(Box::new(network_spec)), reason);
            if let Some(removal) = removal {
                self.plan.edge(removal, creation);
                self.network_removals.insert(&network.name, removal);
            }
            self.networks.insert(key, creation);
        }
        Ok(())
    }

    fn volumes(&mut self) -> Result<()> {
        for (key, volume) in &self.facts.project.volumes {
            let uses = |service: &compose_file::model::Service| {
                service.volumes.iter().any(|mount| mount.source.as_ref() == Some(key))
            };
            if !self.used(uses) {
                continue;
            }
            let there = self.facts.observed.volumes.get(&volume.name);
            if volume.external {
                if there.is_none() {
                    return Err(missing_external("volume", &volume.name));
                }
                continue;
            }
            let Some(there) = there else {
                let volume_spec = spec::volume_spec(self.facts.project, key, volume);
                let node = self.plan.add(Action::CreateVolume(Box::new(volume_spec)), "it does not exist");
                self.volumes.insert(key, node);
                continue;
            };
            let subject = Subject::new(SubjectKind::Volume, &volume.name);
            let hash = crate::hash::volume_hash(volume);
            if there.labels.get(labels::PROJECT) != Some(&self.facts.project.name) {
                self.plan.warn(subject, "it exists and is not this project's; it is used as it is");
            } else if there
                .labels
                .get(labels::CONFIG_HASH)
                .is_some_and(|old| old.starts_with("w1-") && *old != hash.whole)
            {
                let fields =
                    hash.changed_fields(there.labels.get(labels::FIELDS)).unwrap_or_default().join(", ");
                let text = format!(
                    "it differs from the file ({fields}) and is kept with its data; `down -v` removes it"
                );
                self.plan.warn(subject, text);
            }
        }
        Ok(())
    }

    fn service(&mut self, name: &'a str, decided: &Decided<'a>) -> Result<()> {
        let mut nodes = Nodes::default();
        let image = decided.service.image_name(&self.facts.project.name).into_owned();
        let image_node = if decided.slots.is_empty() { None } else { self.image(&image) };

        let mut leftovers = Vec::new();
        for (container, reason) in &decided.surplus {
            let removal = self.remove(container, reason);
            leftovers.push(removal);
        }
        for slot in &decided.slots {
            if slot.replace.is_never() {
                continue;
            }
            let creation = self.creation(decided, slot)?;
            let swaps = creation.replaces.is_some() && !slot.remove_first;
            let parents: Vec<ContainerRef> =
                creation.parents.iter().map(|parent| parent.container.clone()).collect();
            let node = self.plan.add_if(
                Action::CreateContainer(Box::new(creation)),
                slot.reason.clone(),
                slot.replace.changes(),
            );
            for first in image_node.iter().chain(&leftovers) {
                self.plan.edge(*first, node);
            }
            for key in decided.service.networks.keys() {
                if let Some(&first) = self.networks.get(key.as_str()) {
                    self.plan.edge(first, node);
                }
            }
            for key in decided.service.volumes.iter().filter_map(|mount| mount.source.as_deref()) {
                if let Some(&first) = self.volumes.get(key) {
                    self.plan.edge(first, node);
                }
            }
            for parent in parents {
                let creations = self.nodes.get(parent.service.as_str()).map(|nodes| &nodes.creations);
                if let Some(&first) = creations.and_then(|creations| creations.get(&parent.number)) {
                    self.plan.edge(first, node);
                }
            }
            nodes.creations.insert(slot.number, node);
            if swaps {
                nodes.swaps.push(node);
            }
        }
        let gates = self.gates(name, decided)?;
        for slot in &decided.slots {
            self.slot(decided, slot, &gates, &mut nodes);
        }
        self.nodes.insert(name, nodes);
        Ok(())
    }

    fn image(&mut self, image: &str) -> Option<NodeIndex> {
        let (service, source, reason) = self.sources.get(image)?;
        let plan = &mut self.plan;
        let node = *self.images.entry(image.to_owned()).or_insert_with(|| {
            let action =
                Action::EnsureImage { image: image.to_owned(), service: service.clone(), source: *source };
            plan.add(action, reason.clone())
        });
        Some(node)
    }

    /// Stops and removes a container that nothing comes in place of.
    fn remove(&mut self, container: &Observed, reason: &str) -> NodeIndex {
        let stop = container
            .is_active()
            .then(|| self.plan.add(Action::StopContainer(container.container()), reason));
        let action = Action::RemoveContainer {
            container: container.container(),
            volumes: false,
            carried: Vec::new(),
            has_heir: false,
        };
        let removal = self.plan.add(action, reason);
        if let Some(stop) = stop {
            self.plan.edge(stop, removal);
        }
        self.before_network_removal(container, removal);
        removal
    }

    fn before_network_removal(&mut self, container: &Observed, removal: NodeIndex) {
        for name in container.summary.networks.keys() {
            if let Some(&network) = self.network_removals.get(name.as_str()) {
                self.plan.edge(removal, network);
            }
        }
    }

    fn creation(&self, decided: &Decided<'a>, slot: &Slot<'a>) -> Result<Creation> {
        let project = self.facts.project;
        let mut made = spec::container_spec(project, decided.service, slot.number, &decided.hash)?;
        let name = made.spec.name.clone();
        let mut replaces = None;
        if let Some(old) = slot.existing {
            let summary = &old.summary;
            made.spec.labels.insert(labels::REPLACE.to_owned(), summary.name.clone());
            if summary.name == name && !slot.remove_first {
                let short: String = summary.id.chars().take(12).collect();
                made.spec.name = format!("{short}_{name}");
            }
            replaces = Some((summary.id.clone(), summary.name.clone()));
        }
        let parents = made
            .parents
            .iter()
            .map(|(service, namespace)| self.parent(&decided.service.name, service, *namespace))
            .collect::<Result<Vec<_>>>()?;
        Ok(Creation {
            container: ContainerRef {
                service: decided.service.name.clone(),
                number: slot.number,
                name,
                id: None,
            },
            spec: made.spec,
            keep_anonymous_volumes: replaces.is_some() && !self.facts.request.renew_anon_volumes,
            replaces,
            parents,
            files: made.uploads,
        })
    }

    /// The first container of the service whose namespace is shared.
    fn parent(&self, child: &str, service: &str, namespace: SharedNamespace) -> Result<Parent> {
        let container = match self.decisions.get(service) {
            Some(decided) => decided.slots.first().map(|slot| self.reference(decided, slot)),
            None => self.facts.observed.of_service(service).next().map(Observed::container),
        };
        let Some(container) = container else {
            let message = format!("shares a namespace with service {service}, which has no container");
            return Err(Error::new(ErrorKind::Invalid, message).with_service(child));
        };
        Ok(Parent { container, namespace })
    }

    /// The container of a slot once the plan is carried out; with the id of the one that is there, unless that goes
    /// in any case.
    fn reference(&self, decided: &Decided<'a>, slot: &Slot<'a>) -> ContainerRef {
        let existing = slot.existing.filter(|_| slot.replace != When::Always);
        ContainerRef {
            service: decided.service.name.clone(),
            number: slot.number,
            name: spec::container_name(&self.facts.project.name, decided.service, slot.number),
            id: existing.map(|existing| existing.summary.id.clone()),
        }
    }

    /// What a service's starts wait for, with what they need of it.
    fn gates(&mut self, name: &str, decided: &Decided<'a>) -> Result<Vec<(NodeIndex, Need)>> {
        let mut gates = Vec::new();
        let starts = decided.starts();
        if starts.is_never() || self.facts.request.no_start {
            return Ok(gates);
        }
        for (dependency, options) in dependencies(self.facts.project, decided.service) {
            let Some(other) = self.decisions.get(dependency).filter(|other| !other.slots.is_empty()) else {
                continue;
            };
            let need = if options.required { Need::Success } else { Need::End };
            let condition = match options.condition {
                Condition::ServiceStarted => {
                    let nodes = self.nodes.get(dependency);
                    gates.extend(nodes.iter().flat_map(|nodes| &nodes.starts).map(|&node| (node, need)));
                    continue;
                }
                Condition::ServiceHealthy => GateCondition::Healthy,
                Condition::ServiceCompletedSuccessfully => GateCondition::CompletedSuccessfully,
            };
            if condition == GateCondition::Healthy {
                self.check_has_check(name, other)?;
            }
            let node = self.gate(other, condition, options.required, Some(name), &starts);
            gates.push((node, need));
        }
        Ok(gates)
    }

    /// A service whose health is waited for must have a check. Where only an image that is still to come can tell,
    /// the gate itself finds out.
    fn check_has_check(&self, waiting: &str, other: &Decided<'a>) -> Result<()> {
        let image = other.service.image_name(&self.facts.project.name);
        let known =
            self.facts.observed.images.get(&*image).filter(|_| !self.facts.refreshed.contains(&*image));
        if spec::has_check(other.service, known.map(|info| info.healthcheck.as_ref())) == Some(false) {
            return Err(no_check(&other.service.name, waiting));
        }
        Ok(())
    }

    fn gate(
        &mut self,
        other: &Decided<'a>,
        condition: GateCondition,
        required: bool,
        waiting: Option<&str>,
        when: &When,
    ) -> NodeIndex {
        let service = &other.service.name;
        let key = (service.clone(), condition, required);
        let node = if let Some(&node) = self.gates.get(&key) {
            let step = self.plan.step_mut(node);
            match when {
                // A wait that is needed in any case is not held back by another's condition.
                When::Always => step.only_if.clear(),
                When::If(changes) if !step.only_if.is_empty() => step.only_if.extend(changes.iter().cloned()),
                When::If(_) | When::Never => {}
            }
            node
        } else {
            let containers = other.slots.iter().map(|slot| self.reference(other, slot)).collect();
            let action = Action::WaitFor {
                service: service.clone(),
                containers,
                condition,
                required,
                waiting: Vec::new(),
            };
            let node = self.plan.add_if(action, String::new(), when.changes());
            let starts = self.nodes.get(service.as_str()).map(|nodes| nodes.starts.clone());
            for start in starts.unwrap_or_default() {
                self.plan.edge(start, node);
            }
            self.gates.insert(key, node);
            node
        };
        let step = self.plan.step_mut(node);
        if let Action::WaitFor { waiting: list, .. } = &mut step.action {
            list.extend(waiting.map(str::to_owned));
            step.reason = if list.is_empty() {
                "--wait was given".to_owned()
            } else {
                format!("needed by {}", list.join(", "))
            };
        }
        node
    }

    /// `--wait`.
    fn final_waits(&mut self) -> Result<()> {
        if !self.facts.request.wait || self.facts.request.no_start {
            return Ok(());
        }
        for decided in self.decisions.values().filter(|decided| !decided.slots.is_empty()) {
            self.gate(decided, GateCondition::RunningOrHealthy, true, None, &When::Always);
        }
        Ok(())
    }

    fn orphans(&mut self) {
        let project = self.facts.project;
        let orphans: Vec<&Observed> =
            self.facts.observed.containers.iter().filter(|c| is_orphan(project, c)).collect();
        if orphans.is_empty() {
            return;
        }
        if self.facts.request.remove_orphans {
            for container in orphans {
                self.remove(container, "its service is not in the project");
            }
            return;
        }
        let names: Vec<&str> = orphans.iter().map(|c| c.summary.name.as_str()).collect();
        let text = format!(
            "there are containers of services that the project does not have: {}; --remove-orphans removes them",
            names.join(", ")
        );
        self.plan.warn(Subject::new(SubjectKind::Project, &project.name), text);
    }

    /// A step that depends on whether an image changes waits for that image.
    fn wait_for_images(&mut self) {
        for node in self.plan.graph().node_indices().collect::<Vec<_>>() {
            let changes = self.plan.graph()[node].only_if.clone();
            for change in changes {
                if let Some(&image) = self.images.get(&change.image) {
                    self.plan.edge(image, node);
                }
            }
        }
    }
}

/// Whether a container belongs to no service of the project. A one-off of `run` does when it has ended.
pub(super) fn is_orphan(project: &Project, container: &Observed) -> bool {
    if container.one_off {
        return !container.is_active();
    }
    project.service(&container.service).is_none()
}

fn missing_external(kind: &str, name: &str) -> Error {
    Error::new(ErrorKind::Missing, format!("external {kind} {name} does not exist"))
        .with_hint("create it, or take `external` out of the file so that `up` creates it")
}

/// The error of waiting for the health of a service without a check.
pub(crate) fn no_check(service: &str, waiting: &str) -> Error {
    let message = format!("has no health check, and service {waiting} waits for it to be healthy");
    Error::new(ErrorKind::Invalid, message)
        .with_service(service)
        .with_hint("give it a `healthcheck`, or wait for `service_started`")
}
