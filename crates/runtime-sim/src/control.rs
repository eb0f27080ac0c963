//! What a test does with the engine beside calling it.

use std::sync::Arc;
use std::time::Duration;

use runtime_core::{ErrorKind, Event, HealthReport, ImageInfo, OutputStream, Result};
use tokio::time::Instant;

use crate::engine::Engine;
use crate::fault;
use crate::state::{Image, normalise};
use crate::{Call, ExecCall, Fault, Operation, Selector, SimConfig, SimProgram};

/// A container engine in memory. A clone is the same engine.
///
/// It implements [`Runtime`](runtime_core::Runtime); these methods are what a test needs besides: to set the scene,
/// to make things go wrong, and to see what was called.
#[derive(Clone, Debug)]
pub struct SimRuntime {
    pub(crate) engine: Arc<Engine>,
}

impl Default for SimRuntime {
    fn default() -> Self {
        Self::new()
    }
}

impl SimRuntime {
    /// An engine without images, with the default network `bridge`.
    #[must_use]
    pub fn new() -> Self {
        Self::with_config(SimConfig::default())
    }

    /// An engine that says other things of itself.
    #[must_use]
    pub fn with_config(config: SimConfig) -> Self {
        let engine = Engine::new(config);
        engine.add_default_network();
        Self { engine }
    }

    /// Puts an image on the engine and gives its id.
    pub fn add_image(&self, reference: &str) -> String {
        self.add_image_with(reference, ImageInfo::default())
    }

    /// Puts an image with this configuration on the engine, under a reference, and gives its id. An empty id or
    /// platform is filled in; an image that had the reference loses it.
    pub fn add_image_with(&self, reference: &str, info: ImageInfo) -> String {
        self.engine.update(|state| {
            let info = state.complete_image(info);
            let id = info.id.clone();
            state.untag(reference);
            match state.images.iter_mut().find(|image| image.info.id == id) {
                Some(image) => image.info.tags.push(tagged(reference)),
                None => {
                    let mut info = info;
                    info.tags = vec![tagged(reference)];
                    state.images.push(Image { info, created: Instant::now() });
                }
            }
            id
        })
    }

    /// Makes an image that can be pulled, which takes this long.
    pub fn add_registry_image(&self, reference: &str, info: ImageInfo, takes: Duration) {
        self.engine.update(|state| {
            let info = state.complete_image(info);
            state.registry.insert(normalise(reference), (info, takes));
        });
    }

    /// What a build says before it ends.
    pub fn set_build_output<S: Into<String>>(&self, lines: impl IntoIterator<Item = S>) {
        self.engine.lock().build_output = lines.into_iter().map(Into::into).collect();
    }

    /// Says how containers that are created from now on behave. The newest script that matches counts.
    pub fn script(&self, containers: Selector, program: SimProgram) {
        self.engine.lock().scripts.push((containers, program));
    }

    /// Makes calls go wrong.
    pub fn inject(&self, fault: Fault) {
        self.engine.lock().faults.push(fault);
    }

    /// Takes all faults back.
    pub fn clear_faults(&self) {
        self.engine.lock().faults.clear();
    }

    /// Makes each call of an operation take this long, on top of [`SimConfig::latency`].
    pub fn set_latency(&self, operation: Operation, latency: Duration) {
        self.engine.lock().latencies.insert(operation, latency);
    }

    /// The engine goes away: every call fails with [`Unavailable`](ErrorKind::Unavailable), those under way and the
    /// open streams, too. Containers run on.
    pub fn go_away(&self) {
        self.engine.set_away(true);
    }

    /// The engine answers again.
    pub fn come_back(&self) {
        self.engine.set_away(false);
    }

    /// Streams of events stay open and tell nothing any more: the worst of what Podman's do, which now and then miss some
    /// events.
    pub fn mute_events(&self) {
        self.engine.lock().muted = true;
    }

    /// Every call that was made, in order.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.engine.lock().calls.clone()
    }

    /// How many calls of an operation were made.
    #[must_use]
    pub fn calls_of(&self, operation: Operation) -> usize {
        self.engine.lock().calls.iter().filter(|call| call.operation == operation).count()
    }

    /// The calls that change something on the engine, in order.
    #[must_use]
    pub fn changes(&self) -> Vec<Call> {
        self.engine.lock().calls.iter().filter(|call| call.operation.changes()).cloned().collect()
    }

    /// Every exec that was made, in order.
    #[must_use]
    pub fn execs(&self) -> Vec<ExecCall> {
        self.engine.lock().exec_calls.clone()
    }

    /// Forgets the calls and execs so far.
    pub fn clear_calls(&self) {
        let mut state = self.engine.lock();
        state.calls.clear();
        state.exec_calls.clear();
    }

    /// The last 256 events, oldest first.
    #[must_use]
    pub fn past_events(&self) -> Vec<Event> {
        self.engine.lock().history.iter().cloned().collect()
    }

    /// Lets a running container end by itself, now, as if its process had.
    ///
    /// # Errors
    /// [`NotFound`](ErrorKind::NotFound), or [`Conflict`](ErrorKind::Conflict) when it does not run.
    pub fn exit_container(&self, container: &str, code: i64) -> Result<()> {
        let operation = Operation::KillContainer;
        let (id, run) = {
            let mut state = self.engine.lock();
            let record = state.container(operation, container)?;
            if !record.is_up() {
                return Err(fault::error(operation, ErrorKind::Conflict, container, "it is not running"));
            }
            (record.id.clone(), record.run)
        };
        self.engine.finish(&id, run, code);
        Ok(())
    }

    /// Lets a container write a line, now.
    ///
    /// # Errors
    /// [`NotFound`](ErrorKind::NotFound).
    pub fn print(&self, container: &str, stream: OutputStream, line: &str) -> Result<()> {
        self.engine.update(|state| {
            state.container(Operation::Logs, container)?.write(Instant::now(), stream, line.to_owned());
            Ok(())
        })
    }

    /// Sets the health that the engine itself tells of a container, as one with health checks of its own does.
    ///
    /// # Errors
    /// [`NotFound`](ErrorKind::NotFound).
    pub fn set_health(&self, container: &str, health: Option<HealthReport>) -> Result<()> {
        self.engine.update(|state| {
            state.container(Operation::InspectContainer, container)?.health = health;
            Ok(())
        })
    }

    /// Time since the engine was made.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.engine.clock.elapsed()
    }
}

/// A reference with its tag.
pub(crate) fn tagged(reference: &str) -> String {
    let full = normalise(reference);
    if full.ends_with(reference) { reference.to_owned() } else { format!("{reference}:latest") }
}
