//! Carries a plan out: every step as soon as what it waits for is over, many at a time.
//!
//! When a step fails, what needs it is left out and the rest goes on, so that no container is left between its
//! predecessor's end and its own start. Only waiting is given up: no new wait begins, and once nothing but waits is
//! under way, the failure is reported.

mod containers;
mod gate;
mod images;
mod walk;

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use compose_file::model::{Project, Service};
use indexmap::{IndexMap, IndexSet};
use runtime_core::{ImageInfo, MountPoint, Runtime};
use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::error::{Error, ErrorKind, Result};
use crate::event::{EventSink, ProgressEvent, State, Subject};
use crate::plan::{Action, ContainerRef, Plan, Step, same_image};

use walk::Walk;

pub(crate) use images::{build_image, pull_image};

/// How many calls that make the engine work are under way at the same time.
const CALLS: usize = 16;
/// How many stops are: they mostly wait for the containers.
const STOPS: usize = 128;

/// What steps are carried out with.
pub(crate) struct Executor {
    pub(crate) runtime: Arc<dyn Runtime>,
    pub(crate) project: Arc<Project>,
    pub(crate) events: EventSink,
    /// How long a container may take to stop; `None`: its own grace period.
    pub(crate) stop_timeout: Option<Duration>,
    /// How long all waiting together may take.
    pub(crate) wait_timeout: Option<Duration>,
    /// What is in use and cannot be removed is a warning.
    pub(crate) lenient: bool,
    calls: Semaphore,
    stops: Semaphore,
    shared: Mutex<Shared>,
}

/// What steps learn for later ones.
#[derive(Default)]
struct Shared {
    images: IndexMap<String, ImageInfo>,
    containers: HashMap<(String, u32), Live>,
    /// Mounts of containers that were removed before their successors were made.
    inherited: HashMap<String, Vec<MountPoint>>,
    wait_until: Option<Instant>,
    removed: Vec<Subject>,
}

/// A container that this plan created or started.
#[derive(Clone, Debug)]
pub(crate) struct Live {
    pub(crate) id: String,
    pub(crate) created: bool,
    pub(crate) started: Option<Instant>,
}

/// How carrying a plan out ended.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) error: Option<Error>,
    /// How many steps were taken.
    pub(crate) steps: usize,
    /// What was removed.
    pub(crate) removed: Vec<Subject>,
    /// Whether it was stopped before its end.
    pub(crate) stopped: bool,
}

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Done,
    Failed,
    Skipped,
}

impl Executor {
    pub(crate) fn new(runtime: Arc<dyn Runtime>, project: Arc<Project>, events: EventSink) -> Self {
        Self {
            runtime,
            project,
            events,
            stop_timeout: None,
            wait_timeout: None,
            lenient: false,
            calls: Semaphore::new(CALLS),
            stops: Semaphore::new(STOPS),
            shared: Mutex::default(),
        }
    }

    /// Says which images are known to be there.
    pub(crate) fn with_images(self, images: IndexMap<String, ImageInfo>) -> Self {
        self.shared().images = images;
        self
    }

    /// What became of a container that the plan created or started.
    pub(crate) fn live(&self, container: &ContainerRef) -> Option<Live> {
        self.shared().containers.get(&(container.service.clone(), container.number)).cloned()
    }

    /// Carries a plan out.
    ///
    /// # Cancel safety
    /// Dropping the future drops the calls that are under way; the engine may still carry them out.
    pub(crate) async fn run(&self, plan: &Plan) -> Outcome {
        self.run_until(plan, std::pin::pin!(std::future::pending())).await
    }

    /// Carries a plan out until `stop` is ready: then no step begins any more, waits and transfers of images are given
    /// up, and the calls that are under way are carried to their end.
    ///
    /// # Cancel safety
    /// As [`Self::run`].
    pub(crate) async fn run_until(
        &self,
        plan: &Plan,
        mut stop: Pin<&mut (dyn Future<Output = ()> + Send)>,
    ) -> Outcome {
        let mut walk = Walk::new(self, plan);
        self.announce(plan);
        loop {
            walk.begin_ready();
            if walk.is_over() {
                break;
            }
            tokio::select! {
                biased;
                () = &mut stop, if !walk.is_stopped() => {
                    // Steps that wait for their turn give up.
                    self.calls.close();
                    self.stops.close();
                    walk.stop();
                }
                ended = walk.next() => if !ended { break },
            }
        }
        walk.finish()
    }

    /// Tells of everything that the plan is about, in its order, so that a display has its rows.
    fn announce(&self, plan: &Plan) {
        for (subject, text) in plan.warnings() {
            self.emit(subject.clone(), State::Warning(text.clone()));
        }
        let mut subjects = IndexSet::new();
        for node in plan.order() {
            let action = &plan.graph()[node].action;
            if !action.is_wait() {
                subjects.insert(action.subject());
            }
        }
        for subject in subjects {
            self.emit(subject, State::Planned);
        }
        for container in plan.unchanged() {
            self.emit(container.subject(), State::Unchanged);
        }
    }

    async fn step(&self, step: &Step) -> Result<End> {
        let subject = step.action.subject();
        match &step.action {
            Action::EnsureImage { image, service, source } => {
                Box::pin(self.ensure_image(subject, image, service, *source)).await?;
                return Ok(End::Done);
            }
            Action::WaitFor { service, containers, condition, waiting, .. } => {
                Box::pin(self.wait_for(service, containers, *condition, waiting)).await?;
                return Ok(End::Done);
            }
            _ => {}
        }
        let semaphore =
            if matches!(step.action, Action::StopContainer(_)) { &self.stops } else { &self.calls };
        let Ok(_permit) = semaphore.acquire().await else { return Ok(End::Skipped) };
        let verb = step.action.verb();
        self.emit(subject.clone(), State::Working(verb));
        match &step.action {
            Action::CreateNetwork(spec) => self.create_network(spec).await?,
            Action::CreateVolume(spec) => {
                self.runtime.create_volume(spec).await?;
            }
            Action::CreateContainer(creation) => Box::pin(self.create(creation)).await?,
            Action::StartContainer(container) => self.start(container).await?,
            Action::UnpauseContainer(container) => {
                let id = self.id_of(container)?;
                self.runtime.unpause_container(&id).await.map_err(|error| of(error, container))?;
            }
            Action::StopContainer(container) => self.stop(container).await?,
            Action::RemoveContainer { container, volumes, carried, has_heir } => {
                self.remove(container, *volumes, carried, *has_heir).await?;
            }
            Action::RenameContainer { container, .. } => self.rename(container).await?,
            Action::RemoveNetwork { id, .. } => {
                if !self.removed_or_in_use(&subject, self.runtime.remove_network(id).await)? {
                    return Ok(End::Done);
                }
            }
            Action::RemoveVolume { name } => {
                if !self.removed_or_in_use(&subject, self.runtime.remove_volume(name, false).await)? {
                    return Ok(End::Done);
                }
            }
            Action::RemoveImage { image } => {
                if !self.removed_or_in_use(&subject, self.runtime.remove_image(image, false).await)? {
                    return Ok(End::Done);
                }
            }
            Action::EnsureImage { .. } | Action::WaitFor { .. } => {}
        }
        if verb == crate::event::Verb::Remove {
            self.shared().removed.push(subject.clone());
        }
        self.emit(subject, State::Done(verb));
        Ok(End::Done)
    }

    /// Two commands that began at the same time may both find that a network is missing.
    async fn create_network(&self, spec: &runtime_core::NetworkSpec) -> Result<()> {
        let Err(error) = self.runtime.create_network(spec).await else { return Ok(()) };
        if error.is_conflict() {
            let filter = runtime_core::NetworkFilter::default().with_name(&spec.name);
            let key = crate::labels::CONFIG_HASH;
            let there = self.runtime.list_networks(&filter).await?;
            if there.iter().any(|network| network.labels.get(key) == spec.labels.get(key)) {
                return Ok(());
            }
        }
        Err(error.into())
    }

    /// Whether something was removed; `false` if it is still in use and that is only worth a warning.
    fn removed_or_in_use(&self, subject: &Subject, result: runtime_core::Result<()>) -> Result<bool> {
        match result {
            Ok(()) => Ok(true),
            Err(error) if error.is_not_found() => Ok(true),
            Err(error) if error.is_conflict() && self.lenient => {
                self.emit(subject.clone(), State::Warning(format!("is kept: {}", error.reason())));
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Whether one of the images that a step depends on turned out to be another one.
    fn holds(&self, step: &Step) -> bool {
        let shared = self.shared();
        step.only_if.is_empty()
            || step.only_if.iter().any(|change| {
                shared.images.get(&change.image).is_some_and(|info| !same_image(&info.id, &change.from))
            })
    }

    pub(crate) fn service(&self, name: &str) -> Result<&Service> {
        self.project.services.get(name).ok_or_else(|| {
            Error::new(ErrorKind::Invalid, format!("project {} has no service {name}", self.project.name))
        })
    }

    fn id_of(&self, container: &ContainerRef) -> Result<String> {
        let made = self.live(container).map(|live| live.id);
        made.or_else(|| container.id.clone()).ok_or_else(|| {
            Error::new(ErrorKind::Missing, format!("container {} was not created", container.name))
                .with_service(&container.service)
        })
    }

    pub(crate) fn emit(&self, subject: Subject, state: State) {
        (self.events)(ProgressEvent::new(subject, state));
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An engine's error about a container.
fn of(error: runtime_core::Error, container: &ContainerRef) -> Error {
    let error = Error::from(error).with_container(&container.name);
    if container.service.is_empty() { error } else { error.with_service(&container.service) }
}
