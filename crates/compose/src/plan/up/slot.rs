//! The steps of one container: its creation is there already; this is what comes before its start, and the start.

use petgraph::graph::NodeIndex;

use super::super::decide::{Decided, Slot, When};
use super::super::select::dependencies;
use super::super::{Action, ContainerRef, Need};
use super::{Builder, Nodes};
use crate::labels;
use crate::observe::Observed;
use crate::spec;

impl<'a> Builder<'a, '_> {
    pub(super) fn slot(
        &mut self,
        decided: &Decided<'a>,
        slot: &Slot<'a>,
        gates: &[(NodeIndex, Need)],
        nodes: &mut Nodes,
    ) {
        let reference = self.reference(decided, slot);
        let creation = nodes.creations.get(&slot.number).copied();
        let mut ready = creation;
        let gated = |builder: &mut Self, node: NodeIndex| {
            for (gate, need) in gates {
                builder.plan.edge_of(*gate, node, *need);
            }
        };
        if let Some(old) = slot.existing {
            let ends = slot.replace.clone().or(&slot.restart);
            let reason = if slot.replace.is_never() { &slot.restart_reason } else { &slot.reason };
            let stop = (old.is_active() && !ends.is_never()).then(|| {
                self.plan.add_if(Action::StopContainer(old.container()), reason.clone(), ends.changes())
            });
            if let Some(stop) = stop {
                nodes.stops.insert(slot.number, stop);
                if let Some(creation) = creation.filter(|_| !slot.remove_first) {
                    self.plan.edge(creation, stop);
                }
                let ungated = self.stop_before_dependencies(decided, slot, stop);
                let goes_with_parent = self.parent_removals(decided, old).next().is_some();
                if !ungated && !goes_with_parent && !slot.remove_first && !self.loses_network(old) {
                    gated(self, stop);
                }
            }
            if let Some(creation) = creation {
                ready = Some(self.replace(decided, slot, old, (creation, stop), nodes));
            } else if let Some(stop) = stop {
                ready = Some(stop);
            }
            if slot.replace != When::Always && old.summary.name != reference.name {
                let from = old.summary.name.clone();
                let container = ContainerRef { id: Some(old.summary.id.clone()), ..reference.clone() };
                let reason = "an interrupted command did not come to it";
                let rename = self.plan.add(Action::RenameContainer { container, from }, reason);
                if let Some(ready) = ready {
                    self.plan.edge(ready, rename);
                }
                ready = Some(rename);
            }
        }
        let starts = slot.starts();
        if self.facts.request.no_start {
            return;
        }
        if starts.is_never() {
            self.plan.keep(reference);
            return;
        }
        let paused = slot.existing.is_some_and(|old| {
            old.summary.status == runtime_core::ContainerStatus::Paused && slot.restart.is_never()
        });
        let (action, reason) = if !slot.start.is_never() && slot.replace != When::Always {
            let action = Action::StartContainer as fn(_) -> _;
            (if paused { Action::UnpauseContainer } else { action }, slot.start_reason.clone())
        } else if slot.replace.is_never() {
            (Action::StartContainer as fn(_) -> _, slot.restart_reason.clone())
        } else {
            (Action::StartContainer as fn(_) -> _, "it is new".to_owned())
        };
        let start = self.plan.add_if(action(reference), reason, starts.changes());
        if let Some(ready) = ready {
            self.plan.edge(ready, start);
        }
        gated(self, start);
        nodes.starts.push(start);
    }

    /// Whether one of the networks of a container is made anew.
    fn loses_network(&self, container: &Observed) -> bool {
        container.summary.networks.keys().any(|name| self.network_removals.contains_key(name.as_str()))
    }

    /// A container that is restarted with a dependency is stopped before it. Gives whether there is such a one.
    fn stop_before_dependencies(&mut self, decided: &Decided<'a>, slot: &Slot<'a>, stop: NodeIndex) -> bool {
        let mut any = false;
        for (name, options) in dependencies(self.facts.project, decided.service) {
            let Some(nodes) = self.nodes.get(name).filter(|_| options.restart) else { continue };
            // The dependency's successor is made first, so that the time without it is short.
            for creation in nodes.swaps.iter().filter(|_| !slot.remove_first) {
                self.plan.edge(*creation, stop);
            }
            for &other in nodes.stops.values() {
                self.plan.edge(stop, other);
                any = true;
            }
        }
        any
    }

    /// The steps that put a new container in an old one's place; gives the last one.
    fn replace(
        &mut self,
        decided: &Decided<'a>,
        slot: &Slot<'a>,
        old: &Observed,
        (creation, stop): (NodeIndex, Option<NodeIndex>),
        nodes: &mut Nodes,
    ) -> NodeIndex {
        let renew = self.facts.request.renew_anon_volumes;
        let action = Action::RemoveContainer {
            container: old.container(),
            volumes: renew,
            carried: if renew { old.carried_volumes() } else { Vec::new() },
            has_heir: slot.remove_first && !renew,
        };
        let reason = if slot.remove_first { slot.reason.as_str() } else { "its replacement is there" };
        let removal = self.plan.add_if(action, reason, slot.replace.changes());
        nodes.removals.insert(slot.number, removal);
        self.before_network_removal(old, removal);
        if let Some(stop) = stop {
            self.plan.edge(stop, removal);
        }
        self.remove_before_parents(decided, slot, removal);
        if slot.remove_first {
            self.plan.edge(removal, creation);
            return creation;
        }
        self.plan.edge(creation, removal);
        let name = spec::container_name(&self.facts.project.name, decided.service, slot.number);
        if old.summary.name != name {
            return removal;
        }
        let short: String = old.summary.id.chars().take(12).collect();
        let container = ContainerRef {
            service: decided.service.name.clone(),
            number: slot.number,
            name: name.clone(),
            id: None,
        };
        let action = Action::RenameContainer { container, from: format!("{short}_{name}") };
        let rename = self.plan.add_if(action, "it takes its predecessor's name", slot.replace.changes());
        self.plan.edge(removal, rename);
        rename
    }

    /// An engine does not remove a container in whose namespace another one lives.
    fn remove_before_parents(&mut self, decided: &Decided<'a>, slot: &Slot<'a>, removal: NodeIndex) {
        let Some(old) = slot.existing else { return };
        let removals: Vec<NodeIndex> = self.parent_removals(decided, old).collect();
        for other in removals {
            self.plan.edge(removal, other);
        }
    }

    /// The removals of the services in whose namespaces a container lives.
    fn parent_removals(&self, decided: &Decided<'a>, old: &'a Observed) -> impl Iterator<Item = NodeIndex> {
        let label = old.label(labels::PARENTS).map(String::as_str).unwrap_or_default();
        labels::parse_parents(label)
            .filter(|(parent, _)| *parent != decided.service.name)
            .filter_map(|(parent, _)| self.nodes.get(parent))
            .flat_map(|nodes| nodes.removals.values().copied())
    }
}
