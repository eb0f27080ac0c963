//! The way through a plan: which steps are ready, under way and over.

use std::collections::{HashSet, VecDeque};

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use indexmap::IndexSet;
use petgraph::Direction;
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef as _;

use super::{End, Executor, Outcome};
use crate::error::{Error, Result};
use crate::event::{State, SubjectKind};
use crate::plan::{Action, Need, Plan};

type Running<'a> = std::pin::Pin<Box<dyn Future<Output = (NodeIndex, Result<End>)> + Send + 'a>>;

/// How far a plan has been carried out.
pub(super) struct Walk<'a> {
    executor: &'a Executor,
    plan: &'a Plan,
    /// How many steps each step still waits for.
    missing: Vec<usize>,
    ends: Vec<Option<End>>,
    ready: VecDeque<NodeIndex>,
    running: FuturesUnordered<Running<'a>>,
    /// How many of those that run only wait.
    waits: usize,
    /// How many of those that run bring an image.
    images: usize,
    steps: usize,
    error: Option<Error>,
    stopped: bool,
}

impl<'a> Walk<'a> {
    pub(super) fn new(executor: &'a Executor, plan: &'a Plan) -> Self {
        let graph = plan.graph();
        let missing: Vec<usize> = graph.node_indices().map(|node| plan.before(node).count()).collect();
        let ready = plan.order().into_iter().filter(|node| missing[node.index()] == 0).collect();
        Self {
            executor,
            plan,
            ends: vec![None; missing.len()],
            missing,
            ready,
            running: FuturesUnordered::new(),
            waits: 0,
            images: 0,
            steps: 0,
            error: None,
            stopped: false,
        }
    }

    /// Whether nothing is left, or nothing but what is given up after a failure or a stop.
    pub(super) fn is_over(&self) -> bool {
        let running = self.running.len();
        running == 0
            || (self.error.is_some() && self.waits == running)
            || (self.stopped && self.waits + self.images == running)
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stopped
    }

    /// From now on no step begins.
    pub(super) fn stop(&mut self) {
        self.stopped = true;
    }

    /// Begins the steps whose turn it is.
    pub(super) fn begin_ready(&mut self) {
        while let Some(node) = self.ready.pop_front() {
            self.begin(node);
        }
    }

    /// Waits for the end of one that is under way; `false` when none is. Cancel safe.
    pub(super) async fn next(&mut self) -> bool {
        let Some((node, result)) = self.running.next().await else { return false };
        self.over(node, result);
        true
    }

    /// Begins a step whose turn it is, or leaves it out.
    fn begin(&mut self, node: NodeIndex) {
        let step = &self.plan.graph()[node];
        let lost = self.plan.graph().edges_directed(node, Direction::Incoming).any(|edge| {
            *edge.weight() == Need::Success && self.ends[edge.source().index()] != Some(End::Done)
        });
        if lost || self.stopped || (step.action.is_wait() && self.error.is_some()) {
            self.ended(node, End::Skipped);
            return;
        }
        if !self.executor.holds(step) {
            self.ended(node, End::Done);
            return;
        }
        self.steps += 1;
        self.waits += usize::from(step.action.is_wait());
        self.images += usize::from(brings_image(&step.action));
        let executor = self.executor;
        self.running.push(Box::pin(async move { (node, executor.step(step).await) }));
    }

    fn over(&mut self, node: NodeIndex, result: Result<End>) {
        let action = &self.plan.graph()[node].action;
        self.waits -= usize::from(action.is_wait());
        self.images -= usize::from(brings_image(action));
        let error = match result {
            Ok(end) => return self.ended(node, end),
            Err(error) => error,
        };
        if let Action::WaitFor { required: false, .. } = action {
            let text = format!("{error}; it is not required, so that nothing is held up by it");
            self.executor.emit(action.subject(), State::Warning(text));
        } else {
            self.executor.emit(action.subject(), State::Failed(error.to_string()));
            self.error.get_or_insert(error);
        }
        self.ended(node, End::Failed);
    }

    fn ended(&mut self, node: NodeIndex, end: End) {
        self.ends[node.index()] = Some(end);
        let mut next: Vec<NodeIndex> =
            self.plan.graph().neighbors_directed(node, Direction::Outgoing).collect();
        next.sort_unstable();
        for other in next {
            self.missing[other.index()] -= 1;
            if self.missing[other.index()] == 0 {
                self.ready.push_back(other);
            }
        }
    }

    /// Drops what is given up.
    pub(super) fn finish(mut self) -> Outcome {
        self.running.clear();
        if self.error.is_some() || self.stopped {
            self.tell_skipped();
        }
        let removed = std::mem::take(&mut self.executor.shared().removed);
        Outcome { error: self.error, steps: self.steps, removed, stopped: self.stopped }
    }

    /// Tells which things have steps that were not taken because of a failure or a stop.
    fn tell_skipped(&self) {
        let mut skipped = IndexSet::new();
        let mut failed = HashSet::new();
        for node in self.plan.order() {
            let subject = self.plan.graph()[node].action.subject();
            match self.ends[node.index()] {
                Some(End::Failed) => {
                    failed.insert(subject);
                }
                Some(End::Done) => {}
                Some(End::Skipped) | None => {
                    skipped.insert(subject);
                }
            }
        }
        for subject in skipped {
            if subject.kind != SubjectKind::Service && !failed.contains(&subject) {
                self.executor.emit(subject, State::Skipped);
            }
        }
    }
}

fn brings_image(action: &Action) -> bool {
    matches!(action, Action::EnsureImage { .. })
}
