//! Decides, for each service, what becomes of its containers: kept, created, replaced or removed. No step is made
//! here.

use std::collections::{HashMap, HashSet};

use compose_file::model::{Condition, Network, Project, RestartPolicy, Service};
use indexmap::{IndexMap, IndexSet};
use runtime_core::ContainerStatus;

use super::ImageChange;
use super::select::dependencies;
use crate::error::{Error, ErrorKind, Result};
use crate::hash::{ConfigHash, network_hash, service_hash};
use crate::labels;
use crate::observe::{Observed, ObservedProject};
use crate::request::{Recreate, UpRequest};
use crate::spec;

/// When something is done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum When {
    /// Never.
    #[default]
    Never,
    /// If one of these images turns out to be another one.
    If(Vec<ImageChange>),
    /// In any case.
    Always,
}

impl When {
    pub(super) fn is_never(&self) -> bool {
        *self == Self::Never
    }

    /// When this or the other holds.
    pub(super) fn or(self, other: &Self) -> Self {
        match (self, other) {
            (Self::Always, _) | (_, Self::Always) => Self::Always,
            (Self::Never, other) => other.clone(),
            (this, Self::Never) => this,
            (Self::If(mut ours), Self::If(theirs)) => {
                for change in theirs {
                    if !ours.contains(change) {
                        ours.push(change.clone());
                    }
                }
                Self::If(ours)
            }
        }
    }

    /// The condition of a step; empty for one that is taken in any case.
    pub(super) fn changes(&self) -> Vec<ImageChange> {
        match self {
            Self::If(changes) => changes.clone(),
            Self::Never | Self::Always => Vec::new(),
        }
    }
}

/// One container that a service shall have.
#[derive(Debug)]
pub(super) struct Slot<'a> {
    pub(super) number: u32,
    /// The container that is there for it.
    pub(super) existing: Option<&'a Observed>,
    /// When it is made anew, and why. Without an existing one it always is.
    pub(super) replace: When,
    pub(super) reason: String,
    /// The old one goes before the new one is made, since the network between them is made anew.
    pub(super) remove_first: bool,
    /// When a running one is stopped and started again, and since which dependency changed.
    pub(super) restart: When,
    pub(super) restart_reason: String,
    /// When it is started, and why, if it is not made anew.
    pub(super) start: When,
    pub(super) start_reason: String,
}

impl Slot<'_> {
    /// When it will be started, for any reason.
    pub(super) fn starts(&self) -> When {
        self.replace.clone().or(&self.restart).or(&self.start)
    }

    pub(super) fn is_created(&self) -> bool {
        self.existing.is_none()
    }
}

/// What becomes of a service.
#[derive(Debug)]
pub(super) struct Decided<'a> {
    pub(super) service: &'a Service,
    pub(super) hash: ConfigHash,
    pub(super) slots: Vec<Slot<'a>>,
    /// Containers that go, and why.
    pub(super) surplus: Vec<(&'a Observed, String)>,
}

impl Decided<'_> {
    /// When any of its containers comes up as another one than before.
    fn replaced(&self) -> When {
        self.slots.iter().filter(|slot| !slot.is_created()).fold(When::Never, |w, slot| w.or(&slot.replace))
    }

    /// When any of its running containers is restarted.
    fn restarted(&self) -> When {
        self.slots.iter().fold(When::Never, |when, slot| when.or(&slot.restart))
    }

    pub(super) fn starts(&self) -> When {
        self.slots.iter().fold(When::Never, |when, slot| when.or(&slot.starts()))
    }
}

/// What the decisions are made from.
pub(super) struct Facts<'a> {
    pub(super) project: &'a Project,
    pub(super) observed: &'a ObservedProject,
    pub(super) request: &'a UpRequest,
    pub(super) selected: &'a IndexSet<String>,
    /// Images that are pulled or built.
    pub(super) refreshed: &'a HashSet<String>,
    /// Keys of networks that are made anew, with the reason.
    pub(super) changed_networks: &'a IndexMap<String, String>,
}

/// The decisions for all selected services, in the order of their dependencies.
pub(super) fn decide<'a>(facts: &Facts<'a>) -> Result<IndexMap<&'a str, Decided<'a>>> {
    let mut all: IndexMap<&str, Decided<'_>> = IndexMap::new();
    for name in facts.selected {
        let Some((name, service)) = facts.project.services.get_key_value(name) else { continue };
        let decided = decide_service(facts, &all, service)?;
        all.insert(name, decided);
    }
    if !facts.request.no_start {
        decide_starts(facts, &mut all);
    }
    Ok(all)
}

fn decide_service<'a>(
    facts: &Facts<'a>,
    before: &IndexMap<&'a str, Decided<'a>>,
    service: &'a Service,
) -> Result<Decided<'a>> {
    let invalid = |message: String| Error::new(ErrorKind::Invalid, message).with_service(&service.name);
    if service.provider.is_some() {
        return Err(invalid("is run by a provider, which is not supported".to_owned()));
    }
    let count = facts.request.scale.get(&service.name).copied().unwrap_or_else(|| service.replicas());
    if count > 1
        && let Some(name) = &service.container_name
    {
        let error = invalid(format!("cannot have {count} containers: container_name {name} is one name"));
        return Err(error.with_hint("take container_name out, or set scale to 1"));
    }
    let hash = service_hash(facts.project, service);
    let (mut existing, mut surplus) = usable(facts, service);

    // What is out of date goes first, then the highest numbers.
    let judged = |container: &'a Observed| judge(facts, before, service, &hash, container);
    existing.sort_by_key(|&container| (judged(container).replace == When::Always, container.number));
    let kept = existing.len().min(count as usize);
    for container in existing.split_off(kept) {
        surplus.push((container, format!("scaled to {count}")));
    }
    existing.sort_by_key(|container| container.number);

    let mut slots: Vec<Slot<'a>> = existing.into_iter().map(judged).collect();
    // Gaps are filled, so that an `up` that was killed between two of them ends with the same numbers.
    let taken: HashSet<u32> = slots.iter().map(|slot| slot.number).collect();
    let mut free = (1..).filter(|number| !taken.contains(number));
    while slots.len() < count as usize {
        let Some(number) = free.next() else { break };
        slots.push(Slot {
            number,
            existing: None,
            replace: When::Always,
            reason: "it does not exist".to_owned(),
            remove_first: false,
            restart: When::Never,
            restart_reason: String::new(),
            start: When::Never,
            start_reason: String::new(),
        });
    }
    slots.sort_by_key(|slot| slot.number);
    let mut decided = Decided { service, hash, slots, surplus };
    restart_with_dependencies(facts, before, &mut decided);
    Ok(decided)
}

/// The containers of a service that count, one for each number, and those that must go in any case.
fn usable<'a>(facts: &Facts<'a>, service: &Service) -> (Vec<&'a Observed>, Vec<(&'a Observed, String)>) {
    let mut by_number: IndexMap<u32, Vec<&Observed>> = IndexMap::new();
    for container in facts.observed.containers.iter() {
        if container.service == service.name && !container.one_off {
            by_number.entry(container.number).or_default().push(container);
        }
    }
    let (mut usable, mut surplus) = (Vec::new(), Vec::new());
    for (number, mut containers) in by_number {
        let name = spec::container_name(&facts.project.name, service, number);
        // The one that has the final name first; what a killed `up` left counts only where that is gone.
        containers.sort_by_key(|c| (c.summary.name != name, c.is_unfinished_replacement()));
        let mut containers = containers.into_iter();
        match containers.next() {
            Some(first) if number > 0 => usable.push(first),
            Some(first) => surplus.push((first, "it has no number".to_owned())),
            None => {}
        }
        for other in containers {
            let reason = if other.is_unfinished_replacement() {
                "an interrupted command left it"
            } else {
                "another container has its number"
            };
            surplus.push((other, reason.to_owned()));
        }
    }
    (usable, surplus)
}

/// Whether an existing container is what is wanted.
fn judge<'a>(
    facts: &Facts<'a>,
    before: &IndexMap<&'a str, Decided<'a>>,
    service: &Service,
    hash: &ConfigHash,
    container: &'a Observed,
) -> Slot<'a> {
    let (replace, reason, remove_first) = match facts.request.recreate {
        Recreate::Never => (When::Never, String::new(), false),
        recreate => {
            let mut verdict = difference(facts, before, service, hash, container);
            if recreate == Recreate::Force && verdict.0 != When::Always {
                verdict = (When::Always, "recreation was asked for".to_owned(), verdict.2);
            }
            verdict
        }
    };
    Slot {
        number: container.number,
        existing: Some(container),
        replace,
        reason,
        remove_first,
        restart: When::Never,
        restart_reason: String::new(),
        start: When::Never,
        start_reason: String::new(),
    }
}

fn difference(
    facts: &Facts<'_>,
    before: &IndexMap<&str, Decided<'_>>,
    service: &Service,
    hash: &ConfigHash,
    container: &Observed,
) -> (When, String, bool) {
    let always = |reason: String| (When::Always, reason, false);
    for key in service.networks.keys() {
        if let Some(reason) = facts.changed_networks.get(key) {
            return (When::Always, format!("network {key} is made anew: {reason}"), true);
        }
    }
    let parent = parent_change(facts, before, service, container);
    if let Some((When::Always, reason, remove_first)) = parent {
        return (When::Always, reason, remove_first);
    }
    match container.label(labels::CONFIG_HASH) {
        Some(old) if *old == hash.whole => {}
        Some(old) if old.starts_with("w1-") => {
            let fields = hash.changed_fields(container.label(labels::FIELDS)).unwrap_or_default();
            let what = if fields.is_empty() { "its configuration".to_owned() } else { fields.join(", ") };
            return always(format!("changed: {what}"));
        }
        _ => return always("another tool made it".to_owned()),
    }
    if matches!(container.summary.status, ContainerStatus::Dead | ContainerStatus::Removing) {
        return always(format!("it is {}", container.summary.status.as_str()));
    }
    if let Some(name) = missing_network(facts, service, container) {
        return always(format!("it is not attached to network {name}"));
    }
    let image = service.image_name(&facts.project.name).into_owned();
    let made_from = container.label(labels::IMAGE).unwrap_or(&container.summary.image_id).clone();
    let mut when = When::Never;
    let mut reason = String::new();
    if facts.refreshed.contains(&image) {
        when = When::If(vec![ImageChange { image, from: made_from }]);
        "its image is another one".clone_into(&mut reason);
    } else if let Some(info) = facts.observed.images.get(&image)
        && !same_image(&info.id, &made_from)
    {
        return always(format!("image {image} is another one now"));
    }
    if let Some((other, why, _)) = parent {
        when = when.or(&other);
        if reason.is_empty() {
            reason = why;
        }
    }
    (when, reason, false)
}

/// Whether a container shares a namespace of one that is, or will be, another.
fn parent_change(
    facts: &Facts<'_>,
    before: &IndexMap<&str, Decided<'_>>,
    service: &Service,
    container: &Observed,
) -> Option<(When, String, bool)> {
    let mut found: Option<(When, String, bool)> = None;
    let label = container.label(labels::PARENTS).map(String::as_str).unwrap_or_default();
    for (parent, id) in labels::parse_parents(label) {
        let reason = || format!("service {parent}, whose namespace it shares, has another container");
        let (when, remove_first) = match before.get(parent).and_then(|decided| decided.slots.first()) {
            Some(slot) if slot.existing.is_some_and(|existing| existing.summary.id == id) => {
                (slot.replace.clone(), slot.remove_first)
            }
            Some(_) => (When::Always, false),
            // Not selected: its containers stay as they are.
            None => {
                let there = facts.observed.of_service(parent).any(|c| c.summary.id == id);
                (if there || !service_uses(service, parent) { When::Never } else { When::Always }, false)
            }
        };
        if when.is_never() {
            continue;
        }
        found = Some(match found {
            Some((other, why, first)) => (other.or(&when), why, first || remove_first),
            None => (when, reason(), remove_first),
        });
    }
    found
}

fn service_uses(service: &Service, parent: &str) -> bool {
    use compose_file::model::Namespace;
    [&service.network_mode, &service.ipc, &service.pid]
        .into_iter()
        .flatten()
        .any(|namespace| matches!(namespace, Namespace::Service(name) if name == parent))
}

/// The name of a network of the service that the container is not attached to, as far as the list tells.
fn missing_network(facts: &Facts<'_>, service: &Service, container: &Observed) -> Option<String> {
    let attached = &container.summary.networks;
    if service.network_mode.is_some() || (attached.is_empty() && !container.is_active()) {
        return None;
    }
    service.networks.keys().find_map(|key| {
        let network: &Network = facts.project.networks.get(key)?;
        let there = attached.get(&network.name);
        let exists = facts.observed.networks.get(&network.name);
        let same = there.zip(exists).is_some_and(|(there, exists)| {
            // Old Podman gives the name for the id.
            there.network_id.is_empty()
                || there.network_id == exists.id
                || there.network_id == exists.name
                || exists.id.is_empty()
        });
        (!same).then(|| network.name.clone())
    })
}

/// Image ids come with and without their algorithm.
pub(crate) fn same_image(one: &str, other: &str) -> bool {
    let bare = |id: &str| id.strip_prefix("sha256:").unwrap_or(id).to_owned();
    bare(one) == bare(other)
}

/// A running container that is kept is restarted when a dependency with `restart: true` is made anew or restarted,
/// and when one whose namespace it shares comes up again: that has another namespace then.
fn restart_with_dependencies<'a>(
    facts: &Facts<'a>,
    before: &IndexMap<&'a str, Decided<'a>>,
    decided: &mut Decided<'a>,
) {
    if facts.request.no_start {
        return;
    }
    for (name, dependency) in dependencies(facts.project, decided.service) {
        let Some(other) = before.get(name) else { continue };
        let shares = service_uses(decided.service, name);
        let mut when = When::Never;
        if dependency.restart || shares {
            when = other.replaced().or(&other.restarted());
        }
        let what = if other.replaced().is_never() { "restarted" } else { "made anew" };
        let mut reason = format!("service {name} is {what}, and it says `restart: true`");
        if shares && other.slots.first().and_then(|slot| slot.existing).is_some_and(|c| !c.is_active()) {
            when = When::Always;
            reason = format!("it shares a namespace with service {name}, which is started");
        }
        if when.is_never() {
            continue;
        }
        for slot in &mut decided.slots {
            let running = slot.existing.is_some_and(Observed::is_active);
            if running && slot.replace != When::Always {
                slot.restart = std::mem::take(&mut slot.restart).or(&when);
                slot.restart_reason.clone_from(&reason);
            }
        }
    }
}

/// Which of the containers that are kept are started. Dependents come first: a job that has ended well runs again
/// only when a service that waits for its end starts, or when it is named.
fn decide_starts<'a>(facts: &Facts<'a>, all: &mut IndexMap<&'a str, Decided<'a>>) {
    let mut awaited: HashMap<&str, (When, &str)> = HashMap::new();
    for at in (0..all.len()).rev() {
        let Some((&name, decided)) = all.get_index_mut(at) else { continue };
        let named = facts.request.services.iter().any(|other| other == name);
        for slot in &mut decided.slots {
            let Some(container) = slot.existing else { continue };
            if slot.replace == When::Always || container.is_active() {
                if container.summary.status == ContainerStatus::Paused && slot.replace != When::Always {
                    slot.start = When::Always;
                    "it is paused".clone_into(&mut slot.start_reason);
                }
                continue;
            }
            let ended_well = container.exit_code() == Some(0) && is_job(decided.service);
            if !ended_well {
                slot.start = When::Always;
                slot.start_reason = match container.exit_code() {
                    Some(code) => format!("it ended with {code}"),
                    None => format!("it is {}", container.summary.status.as_str()),
                };
            } else if named {
                slot.start = When::Always;
                "it was named".clone_into(&mut slot.start_reason);
            } else if let Some((when, waiter)) = awaited.get(name) {
                slot.start = when.clone();
                slot.start_reason = format!("service {waiter} waits for it to complete");
            }
        }
        let starts = decided.starts();
        if starts.is_never() {
            continue;
        }
        for (dependency, options) in dependencies(facts.project, decided.service) {
            if options.condition == Condition::ServiceCompletedSuccessfully {
                let entry = awaited.entry(dependency).or_insert((When::Never, name));
                entry.0 = std::mem::take(&mut entry.0).or(&starts);
            }
        }
    }
}

/// Whether an exit with 0 is the end of it.
pub(crate) fn is_job(service: &Service) -> bool {
    matches!(service.restart_policy(), RestartPolicy::No | RestartPolicy::OnFailure { .. })
}

/// The networks of the selected services that have to be made anew, with the reason, and those that should be and
/// cannot, with the reason why not.
pub(super) fn changed_networks(
    project: &Project,
    observed: &ObservedProject,
    request: &UpRequest,
    selected: &IndexSet<String>,
) -> (IndexMap<String, String>, Vec<(String, String)>) {
    let (mut changed, mut kept) = (IndexMap::new(), Vec::new());
    for (key, network) in &project.networks {
        let Some(there) = observed.networks.get(&network.name).filter(|_| !network.external) else {
            continue;
        };
        if there.labels.get(labels::PROJECT) != Some(&project.name) {
            kept.push((
                network.name.clone(),
                "it exists and is not this project's; it is used as it is".to_owned(),
            ));
            continue;
        }
        let hash = network_hash(network);
        let Some(old) = there.labels.get(labels::CONFIG_HASH).filter(|old| old.starts_with("w1-")) else {
            continue;
        };
        if *old == hash.whole {
            continue;
        }
        let fields = hash.changed_fields(there.labels.get(labels::FIELDS)).unwrap_or_default().join(", ");
        let others = observed.containers.iter().find(|container| {
            container.summary.networks.contains_key(&network.name) && !selected.contains(&container.service)
        });
        if let Some(other) = others {
            let text = format!(
                "it differs from the file ({fields}) and is kept, since container {} is attached to it",
                other.summary.name
            );
            kept.push((network.name.clone(), text));
        } else if request.recreate == Recreate::Never {
            kept.push((network.name.clone(), format!("it differs from the file ({fields}) and is kept")));
        } else {
            changed.insert(key.clone(), format!("changed: {fields}"));
        }
    }
    (changed, kept)
}
