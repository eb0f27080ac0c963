//! The plans of `down` and `stop`: dependents before what they depend on.

use std::collections::HashMap;

use compose_file::model::Project;
use indexmap::IndexSet;
use petgraph::graph::NodeIndex;

use super::up::is_orphan;
use super::{Action, Need, Plan, check_names};
use crate::error::Result;
use crate::event::{Subject, SubjectKind};
use crate::labels;
use crate::observe::{Observed, ObservedProject};
use crate::request::{DownRequest, RemoveImages};

/// What the plan of `down` is made from.
pub(crate) struct DownInput<'a> {
    pub(crate) project: &'a Project,
    pub(crate) observed: &'a ObservedProject,
    pub(crate) request: &'a DownRequest,
}

/// # Errors
/// A service that the project does not have.
pub(crate) fn plan_down(input: &DownInput<'_>) -> Result<Plan> {
    let DownInput { project, observed, request } = *input;
    check_names(project, &request.services)?;
    let whole = request.services.is_empty();
    let mut plan = Plan::default();
    let mut orphans = Vec::new();
    let mut containers = Vec::new();
    for container in &observed.containers {
        let named = whole || request.services.contains(&container.service);
        if is_orphan(project, container) {
            if request.remove_orphans || (container.one_off && named) {
                containers.push(container);
            } else {
                orphans.push(container.summary.name.as_str());
            }
        } else if named {
            containers.push(container);
        }
    }
    if !orphans.is_empty() && whole {
        let text = format!(
            "there are containers of services that the project does not have: {}; --remove-orphans removes them",
            orphans.join(", ")
        );
        plan.warn(Subject::new(SubjectKind::Project, &project.name), text);
    }
    let stops = stops(&mut plan, project, &containers, "the project is taken down");
    let removals = removals(&mut plan, &containers, &stops, request.volumes);
    if whole {
        for network in observed.networks.values() {
            let action = Action::RemoveNetwork { id: network.id.clone(), name: network.name.clone() };
            let node = plan.add(action, "the project is taken down");
            // A network that is still in use is left with a warning, so that a container that could not be removed
            // does not hide that.
            for &removal in &removals {
                plan.edge_of(removal, node, Need::End);
            }
        }
        if request.volumes {
            let external: Vec<&String> = project
                .volumes
                .values()
                .filter(|volume| volume.external)
                .map(|volume| &volume.name)
                .collect();
            for name in observed.volumes.keys().filter(|name| !external.contains(name)) {
                let node = plan.add(Action::RemoveVolume { name: name.clone() }, "volumes were asked for");
                for &removal in &removals {
                    plan.edge_of(removal, node, Need::End);
                }
            }
        }
    }
    remove_images(&mut plan, project, request, &removals);
    Ok(plan)
}

/// The plan of `stop`.
///
/// # Errors
/// A service that the project does not have.
pub(crate) fn plan_stop(project: &Project, observed: &ObservedProject, services: &[String]) -> Result<Plan> {
    check_names(project, services)?;
    let containers: Vec<&Observed> = observed
        .containers
        .iter()
        .filter(|container| !container.one_off && project.service(&container.service).is_some())
        .filter(|container| services.is_empty() || services.contains(&container.service))
        .collect();
    let mut plan = Plan::default();
    stops(&mut plan, project, &containers, "it is to be stopped");
    Ok(plan)
}

/// Stops those that run, a dependency when all that depend on it are stopped.
fn stops(
    plan: &mut Plan,
    project: &Project,
    containers: &[&Observed],
    reason: &str,
) -> HashMap<String, NodeIndex> {
    let mut stops = HashMap::new();
    let mut by_service: HashMap<&str, Vec<NodeIndex>> = HashMap::new();
    for container in containers.iter().filter(|container| container.is_active()) {
        let node = plan.add(Action::StopContainer(container.container()), reason);
        stops.insert(container.summary.id.clone(), node);
        by_service.entry(&container.service).or_default().push(node);
    }
    for container in containers {
        let Some(&stop) = stops.get(&container.summary.id) else { continue };
        for dependency in reachable(project, containers, container, &by_service) {
            for &other in by_service.get(dependency.as_str()).into_iter().flatten() {
                plan.edge_of(stop, other, Need::End);
            }
        }
    }
    stops
}

/// What a container's service depends on and runs, or, where that does not run, what that depends on in turn.
fn reachable(
    project: &Project,
    containers: &[&Observed],
    container: &Observed,
    running: &HashMap<&str, Vec<NodeIndex>>,
) -> IndexSet<String> {
    let depends_on = |service: &str| -> Vec<String> {
        if let Some(service) = project.service(service) {
            return service.depends_on.keys().cloned().collect();
        }
        let label =
            containers.iter().find(|c| c.service == service).and_then(|c| c.label(labels::DEPENDS_ON));
        label.map(|label| labels::parse_depends_on(label).into_keys().collect()).unwrap_or_default()
    };
    let mut found = IndexSet::new();
    let mut seen = IndexSet::from([container.service.clone()]);
    let mut open = depends_on(&container.service);
    while let Some(name) = open.pop() {
        if !seen.insert(name.clone()) {
            continue;
        }
        if running.contains_key(name.as_str()) {
            found.insert(name);
        } else {
            open.extend(depends_on(&name));
        }
    }
    found
}

fn removals(
    plan: &mut Plan,
    containers: &[&Observed],
    stops: &HashMap<String, NodeIndex>,
    volumes: bool,
) -> Vec<NodeIndex> {
    let mut removals = HashMap::new();
    let mut all = Vec::new();
    for container in containers {
        let action = Action::RemoveContainer {
            container: container.container(),
            volumes,
            carried: if volumes { container.carried_volumes() } else { Vec::new() },
            has_heir: false,
        };
        let node = plan.add(action, "the project is taken down");
        if let Some(&stop) = stops.get(&container.summary.id) {
            plan.edge_of(stop, node, Need::End);
        }
        removals.insert(container.summary.id.as_str(), node);
        all.push(node);
    }
    // An engine does not remove a container in whose namespace another one lives.
    for container in containers {
        let label = container.label(labels::PARENTS).cloned().unwrap_or_default();
        for (_, parent) in labels::parse_parents(&label) {
            if let (Some(&child), Some(&parent)) =
                (removals.get(container.summary.id.as_str()), removals.get(parent))
            {
                plan.edge_of(child, parent, Need::End);
            }
        }
    }
    all
}

fn remove_images(plan: &mut Plan, project: &Project, request: &DownRequest, after: &[NodeIndex]) {
    let mut images = IndexSet::new();
    for (name, service) in &project.services {
        let wanted = match request.images {
            RemoveImages::None => false,
            RemoveImages::Local => service.build.is_some() && service.image.is_none(),
            RemoveImages::All => true,
        };
        if wanted && (request.services.is_empty() || request.services.contains(name)) {
            images.insert(service.image_name(&project.name).into_owned());
        }
    }
    for image in images {
        let node = plan.add(Action::RemoveImage { image }, "images were asked for");
        for &removal in after {
            plan.edge_of(removal, node, Need::End);
        }
    }
}
