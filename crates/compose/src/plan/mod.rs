//! A plan: a directed graph of small actions without cycles, each with the reason it is there.
//!
//! Planning is a pure function of the project, of what was observed and of the request. It asks no engine, so it is
//! tested without one, and `--dry-run` prints the very thing that would be carried out.

mod action;
mod decide;
mod down;
mod images;
mod select;
mod up;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fmt;

use petgraph::Direction;
use petgraph::graph::{DiGraph, NodeIndex};

use crate::event::Subject;

pub use action::{Action, ContainerRef, Creation, GateCondition, ImageSource, Parent, SharedNamespace};
pub(crate) use decide::{is_job, same_image};
pub(crate) use down::{DownInput, plan_down, plan_stop};
pub(crate) use select::{check_names, select};
pub(crate) use up::{UpInput, no_check, plan_up};

/// What a step needs of a step that it waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// That it was done.
    Success,
    /// That it is over, done or not.
    End,
}

/// One action with its reason.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Step {
    /// What is done.
    pub action: Action,
    /// Why, for a person.
    pub reason: String,
    /// It is only done if one of these images turns out to be another one. Empty: it is done in any case.
    pub only_if: Vec<ImageChange>,
}

/// An image that the plan pulls or builds again, and the id that a container was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImageChange {
    /// The image's reference.
    pub image: String,
    /// The id of before.
    pub from: String,
}

/// What is to be done, in which order, and why.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    graph: DiGraph<Step, Need>,
    unchanged: Vec<ContainerRef>,
    warnings: Vec<(Subject, String)>,
}

impl Plan {
    /// Whether nothing is to be done.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.graph.node_count() == 0
    }

    /// How many steps it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.graph.node_count()
    }

    /// The steps in an order in which they could be done one after another; always the same for the same plan. With
    /// each come the numbers of the steps that it waits for, counted from 0 in this order.
    #[must_use]
    pub fn steps(&self) -> Vec<(&Step, Vec<usize>)> {
        let order = self.order();
        let mut position = vec![usize::MAX; self.graph.node_count()];
        for (at, node) in order.iter().enumerate() {
            position[node.index()] = at;
        }
        let after = |node: NodeIndex| {
            let mut list: Vec<usize> = self.before(node).map(|other| position[other.index()]).collect();
            list.sort_unstable();
            list
        };
        order.iter().map(|&node| (&self.graph[node], after(node))).collect()
    }

    /// The containers of the selected services that are left as they are.
    #[must_use]
    pub fn unchanged(&self) -> &[ContainerRef] {
        &self.unchanged
    }

    /// What a person should know before it is carried out.
    #[must_use]
    pub fn warnings(&self) -> &[(Subject, String)] {
        &self.warnings
    }

    pub(crate) fn step_mut(&mut self, node: NodeIndex) -> &mut Step {
        &mut self.graph[node]
    }

    pub(crate) fn graph(&self) -> &DiGraph<Step, Need> {
        &self.graph
    }

    pub(crate) fn add(&mut self, action: Action, reason: impl Into<String>) -> NodeIndex {
        self.add_if(action, reason, Vec::new())
    }

    pub(crate) fn add_if(
        &mut self,
        action: Action,
        reason: impl Into<String>,
        only_if: Vec<ImageChange>,
    ) -> NodeIndex {
        self.graph.add_node(Step { action, reason: reason.into(), only_if })
    }

    /// `then` waits until `first` is done.
    pub(crate) fn edge(&mut self, first: NodeIndex, then: NodeIndex) {
        self.edge_of(first, then, Need::Success);
    }

    /// `then` waits for `first`. Of two needs between the same steps the stronger one counts.
    pub(crate) fn edge_of(&mut self, first: NodeIndex, then: NodeIndex, need: Need) {
        match self.graph.find_edge(first, then) {
            _ if first == then => {}
            Some(edge) if need == Need::Success => self.graph[edge] = need,
            Some(_) => {}
            None => {
                self.graph.add_edge(first, then, need);
            }
        }
    }

    pub(crate) fn warn(&mut self, subject: Subject, text: impl Into<String>) {
        self.warnings.push((subject, text.into()));
    }

    pub(crate) fn keep(&mut self, container: ContainerRef) {
        self.unchanged.push(container);
    }

    /// The steps that a step waits for.
    pub(crate) fn before(&self, node: NodeIndex) -> impl Iterator<Item = NodeIndex> {
        self.graph.neighbors_directed(node, Direction::Incoming)
    }

    /// Whether the steps wait for each other in a circle, which no planner may produce.
    pub(crate) fn has_cycle(&self) -> bool {
        petgraph::algo::is_cyclic_directed(&self.graph)
    }

    /// A topological order in which, of the steps that could come next, the one that was planned first does.
    pub(crate) fn order(&self) -> Vec<NodeIndex> {
        let mut missing: Vec<usize> =
            self.graph.node_indices().map(|node| self.before(node).count()).collect();
        let mut ready: BinaryHeap<Reverse<NodeIndex>> =
            self.graph.node_indices().filter(|node| missing[node.index()] == 0).map(Reverse).collect();
        let mut order = Vec::with_capacity(missing.len());
        while let Some(Reverse(node)) = ready.pop() {
            order.push(node);
            for next in self.graph.neighbors_directed(node, Direction::Outgoing) {
                missing[next.index()] -= 1;
                if missing[next.index()] == 0 {
                    ready.push(Reverse(next));
                }
            }
        }
        order
    }
}

/// One line for each step: its number, what it does, after which steps, and why.
impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("nothing to do\n");
        }
        let steps = self.steps();
        let digits = steps.len().to_string().len();
        for (at, (step, after)) in steps.iter().enumerate() {
            write!(f, "{:digits$}  {}", at + 1, step.action)?;
            if !after.is_empty() {
                let list: Vec<String> = after.iter().map(|at| (at + 1).to_string()).collect();
                write!(f, "  [after {}]", list.join(", "))?;
            }
            write!(f, "  # {}", step.reason)?;
            if !step.only_if.is_empty() {
                let images: Vec<&str> = step.only_if.iter().map(|change| change.image.as_str()).collect();
                write!(f, "; only if image {} has changed", images.join(" or "))?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
