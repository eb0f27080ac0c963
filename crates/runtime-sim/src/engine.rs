//! The engine: its state, the gate that every call passes, and waiting for a change.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use indexmap::IndexMap;
use runtime_core::{Error, ErrorKind, Event, EventAction, EventSource, Result};
use tokio::sync::{broadcast, watch};
use tokio::time::Instant;

use crate::clock::Clock;
use crate::container::Container;
use crate::fault::{self, Effect};
use crate::state::State;
use crate::{Call, Operation, SimConfig};

/// Events that a slow listener may be behind before it is told that it missed some.
const EVENT_BUFFER: usize = 4096;

#[derive(Debug)]
pub(crate) struct Engine {
    pub(crate) config: SimConfig,
    pub(crate) clock: Clock,
    state: Mutex<State>,
    /// Changes whenever the state does.
    version: watch::Sender<u64>,
    away: watch::Sender<bool>,
    pub(crate) events: broadcast::Sender<Event>,
}

/// Shows that a call was let through; hands its answer out.
#[must_use]
pub(crate) struct Gate {
    lost: Option<Error>,
}

impl Gate {
    /// The answer, unless a fault loses it.
    pub(crate) fn answer<T>(self, value: T) -> Result<T> {
        self.lost.map_or(Ok(value), Err)
    }
}

impl Engine {
    pub(crate) fn new(config: SimConfig) -> Arc<Self> {
        Arc::new(Self {
            config,
            clock: Clock::new(),
            state: Mutex::default(),
            version: watch::Sender::new(0),
            away: watch::Sender::new(false),
            events: broadcast::Sender::new(EVENT_BUFFER),
        })
    }

    /// The state, to look at or to set up. Changes that someone may wait for go through [`update`](Self::update).
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state and wakes who waits for it.
    pub(crate) fn update<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let value = change(&mut self.lock());
        self.wake();
        value
    }

    pub(crate) fn wake(&self) {
        self.version.send_modify(|version| *version += 1);
    }

    pub(crate) fn set_away(&self, away: bool) {
        self.away.send_replace(away);
        self.wake();
    }

    pub(crate) fn is_away(&self) -> bool {
        *self.away.borrow()
    }

    /// Waits until a look at the state gives something.
    ///
    /// # Errors
    /// [`Unavailable`](ErrorKind::Unavailable) when the engine goes away.
    pub(crate) async fn until<T>(
        &self,
        operation: Operation,
        subject: &str,
        mut look: impl FnMut(&mut State) -> Option<T>,
    ) -> Result<T> {
        let mut version = self.version.subscribe();
        loop {
            if self.is_away() {
                return Err(fault::gone(operation, subject));
            }
            let found = look(&mut self.lock());
            if let Some(value) = found {
                return Ok(value);
            }
            if version.changed().await.is_err() {
                return Err(fault::gone(operation, subject));
            }
        }
    }

    /// Resolves when the engine goes away.
    pub(crate) async fn gone(&self) {
        let mut away = self.away.subscribe();
        // The sender lives as long as `self`, so that this ends only when the engine is away.
        let _ = away.wait_for(|away| *away).await;
    }

    /// Lets a call in: writes it down, then applies faults and latency.
    pub(crate) async fn enter(&self, operation: Operation, subject: &str) -> Result<Gate> {
        let (effects, mut delay, subject) = {
            let mut state = self.lock();
            let subject = match state.container_id(subject).and_then(|id| state.containers.get(&id)) {
                Some(container) if names_a_container(operation) => container.name.clone(),
                _ => subject.to_owned(),
            };
            state.calls.push(Call { operation, subject: subject.clone(), at: self.clock.elapsed() });
            let effects = fault::take(&mut state.faults, operation, &subject);
            let delay = self.config.latency + state.latencies.get(&operation).copied().unwrap_or_default();
            (effects, delay, subject)
        };
        let mut refusal = None;
        let mut lost = None;
        for effect in effects {
            match effect {
                Effect::Fail(kind, reason) => refusal = Some(fault::error(operation, kind, &subject, reason)),
                Effect::LoseAnswer => {
                    let reason = "the connection ended before the answer";
                    lost = Some(fault::error(operation, ErrorKind::Unavailable, &subject, reason));
                }
                Effect::Hang => {
                    self.gone().await;
                    return Err(fault::gone(operation, &subject));
                }
                Effect::Slow(by) => delay += by,
                Effect::GoAway => self.set_away(true),
            }
        }
        if delay > Duration::ZERO {
            tokio::select! {
                () = tokio::time::sleep(delay) => {}
                () = self.gone() => {}
            }
        }
        if self.is_away() {
            return Err(fault::gone(operation, &subject));
        }
        refusal.map_or(Ok(Gate { lost }), Err)
    }

    /// Tells the listeners and remembers it.
    pub(crate) fn emit(
        &self,
        state: &mut State,
        source: EventSource,
        action: EventAction,
        id: &str,
        attributes: IndexMap<String, String>,
    ) {
        let time = self.clock.system_time(Instant::now());
        let mut event = Event::new(time, source, action, id.to_owned());
        event.attributes = attributes;
        state.remember(event.clone());
        if !state.muted {
            // Nobody may be listening.
            let _ = self.events.send(event);
        }
    }

    pub(crate) fn emit_container(&self, state: &mut State, id: &str, action: EventAction) {
        if let Some(container) = state.containers.get(id) {
            let attributes = attributes(container);
            self.emit(state, EventSource::Container, action, id, attributes);
        }
    }
}

/// Attributes of an event about a container: its labels, name and image.
pub(crate) fn attributes(container: &Container) -> IndexMap<String, String> {
    let mut attributes = container.spec.labels.clone();
    attributes.insert("name".into(), container.name.clone());
    attributes.insert("image".into(), container.spec.image.clone());
    attributes
}

const fn names_a_container(operation: Operation) -> bool {
    use Operation as Op;
    !matches!(
        operation,
        Op::PullImage
            | Op::BuildImage
            | Op::InspectImage
            | Op::RemoveImage
            | Op::TagImage
            | Op::CreateContainer
            | Op::CreateNetwork
            | Op::InspectNetwork
            | Op::RemoveNetwork
            | Op::CreateVolume
            | Op::InspectVolume
            | Op::RemoveVolume
    )
}
