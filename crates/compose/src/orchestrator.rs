//! The operations on a project.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use compose_file::model::Project;
use futures_util::future::join_all;
use indexmap::{IndexMap, IndexSet};
use runtime_core::{ContainerSummary, Runtime};

use crate::error::{Error, ErrorKind, Result};
use crate::event::{EventSink, ProgressEvent, State, Subject, SubjectKind};
use crate::execute::{Executor, build_image, pull_image};
use crate::lock::{self, ProjectLock};
use crate::observe::{self, ObservedProject};
use crate::plan::{self, Action, ContainerRef, DownInput, Plan, UpInput};
use crate::report::{BuiltImage, DownReport, LogEvent, ServiceContainer, UpContainer, UpReport};
use crate::request::{
    BuildRequest, DownRequest, LogsRequest, PsRequest, PullRequest, StopRequest, UpRequest,
};

/// A stream of this crate's results. Dropping it ends the engine calls behind it.
pub type EventStream<T> = std::pin::Pin<Box<dyn futures_core::Stream<Item = Result<T>> + Send>>;

/// Brings a project up on an engine, takes it down, and tells what is there.
///
/// Cloning is cheap. Every operation observes what is there, plans, and carries the plan out; nothing is kept between
/// two operations, here or on disk.
///
/// # Cancel safety
/// Dropping the future of an operation stops it where it is. What the engine has done stays done, a call that was
/// under way may still be carried out, and the next `up` or `down` observes and goes on from there.
#[derive(Clone)]
pub struct Orchestrator {
    runtime: Arc<dyn Runtime>,
    project: Arc<Project>,
    events: EventSink,
    lock: LockPolicy,
}

/// Whether and where an operation that changes a project keeps others of the same user away from it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum LockPolicy {
    /// A file lock in `$XDG_RUNTIME_DIR/wharf`, or in `/tmp/wharf-<uid>`.
    #[default]
    Default,
    /// A file lock in this directory.
    Directory(PathBuf),
    /// None.
    Off,
}

impl fmt::Debug for Orchestrator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Orchestrator")
            .field("project", &self.project.name)
            .field("engine", self.runtime.info())
            .finish_non_exhaustive()
    }
}

impl Orchestrator {
    /// Works on a project through a runtime.
    #[must_use]
    pub fn new(runtime: Arc<dyn Runtime>, project: Arc<Project>) -> Self {
        Self { runtime, project, events: Arc::new(|_| {}), lock: LockPolicy::Default }
    }

    /// Tells progress to `events`.
    #[must_use]
    pub fn with_events(mut self, events: EventSink) -> Self {
        self.events = events;
        self
    }

    /// Sets how others are kept away while the project is changed.
    #[must_use]
    pub fn with_lock(mut self, lock: LockPolicy) -> Self {
        self.lock = lock;
        self
    }

    /// The project.
    #[must_use]
    pub fn project(&self) -> &Arc<Project> {
        &self.project
    }

    /// The runtime.
    #[must_use]
    pub fn runtime(&self) -> &Arc<dyn Runtime> {
        &self.runtime
    }

    /// What [`Self::up`] would do. Only reads from the engine.
    ///
    /// # Errors
    /// What is wrong with the project or the request; the engine's errors.
    pub async fn plan_up(&self, request: &UpRequest) -> Result<Plan> {
        let selected = plan::select(&self.project, &request.services, request.no_deps)?;
        Ok(self.observe_and_plan(request, &selected).await?.1)
    }

    async fn observe_and_plan(
        &self,
        request: &UpRequest,
        selected: &IndexSet<String>,
    ) -> Result<(ObservedProject, Plan)> {
        let observed = observe::for_up(&*self.runtime, &self.project, selected).await?;
        let plan =
            plan::plan_up(&UpInput { project: &self.project, observed: &observed, request, selected })?;
        Ok((observed, plan))
    }

    /// Brings services up. While another command of the same user changes the project, it waits for that to end.
    ///
    /// # Errors
    /// The first failure. What does not depend on it has been done, and what was up stays up.
    ///
    /// # Cancel safety
    /// See [`Orchestrator`]; [`Self::up_until`] ends it in an orderly way.
    pub async fn up(&self, request: &UpRequest) -> Result<UpReport> {
        // It is never stopped, so there is always a report.
        Ok(self.up_until(request, std::future::pending()).await?.unwrap_or_default())
    }

    /// Brings services up until `stop` is ready; `None` when that came first.
    ///
    /// From then on nothing is begun. Waiting, pulls and builds are given up; calls that create, start, stop or remove
    /// something and are under way are carried to their end. So no container comes up after this has returned, and
    /// [`Self::stop`] then finds all of them.
    ///
    /// # Errors
    /// As [`Self::up`].
    ///
    /// # Cancel safety
    /// See [`Orchestrator`].
    ///
    /// # Example
    /// ```no_run
    /// use compose::{Orchestrator, StopRequest, UpRequest};
    ///
    /// # async fn example(orchestrator: Orchestrator) -> compose::Result<()> {
    /// let interrupted = async { tokio::signal::ctrl_c().await.unwrap_or_default() };
    /// if orchestrator.up_until(&UpRequest::new(), interrupted).await?.is_none() {
    ///     orchestrator.stop(&StopRequest::new()).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn up_until(
        &self,
        request: &UpRequest,
        stop: impl Future<Output = ()> + Send,
    ) -> Result<Option<UpReport>> {
        let mut stop = std::pin::pin!(stop);
        let selected = plan::select(&self.project, &request.services, request.no_deps)?;
        let prepare = async {
            let lock = self.lock().await?;
            let (observed, plan) = self.observe_and_plan(request, &selected).await?;
            Ok::<_, Error>((lock, observed, plan))
        };
        let (_lock, observed, plan) = tokio::select! {
            prepared = prepare => prepared?,
            // Nothing has been changed yet.
            () = &mut stop => return Ok(None),
        };
        let mut executor = self.executor().with_images(observed.images);
        executor.stop_timeout = request.timeout;
        executor.wait_timeout = request.wait_timeout;
        let outcome = Box::pin(executor.run_until(&plan, stop)).await;
        if let Some(error) = outcome.error {
            return Err(error);
        }
        if outcome.stopped {
            return Ok(None);
        }
        Ok(Some(UpReport { containers: containers_after(&plan, &executor), steps: outcome.steps }))
    }

    /// What [`Self::down`] would do. Only reads from the engine.
    ///
    /// # Errors
    /// As [`Self::plan_up`].
    pub async fn plan_down(&self, request: &DownRequest) -> Result<Plan> {
        let observed = observe::for_down(&*self.runtime, &self.project, request.volumes).await?;
        plan::plan_down(&DownInput { project: &self.project, observed: &observed, request })
    }

    /// Stops and removes containers, dependents before what they depend on, then networks, and volumes if asked.
    ///
    /// # Errors
    /// The first failure; all else has been removed.
    ///
    /// # Cancel safety
    /// See [`Orchestrator`].
    pub async fn down(&self, request: &DownRequest) -> Result<DownReport> {
        let _lock = self.lock().await?;
        let plan = self.plan_down(request).await?;
        let mut executor = self.executor();
        executor.stop_timeout = request.timeout;
        executor.lenient = true;
        let outcome = Box::pin(executor.run(&plan)).await;
        if let Some(error) = outcome.error {
            return Err(error);
        }
        let mut report = DownReport::default();
        for subject in outcome.removed {
            match subject.kind {
                SubjectKind::Container => report.containers.push(subject.name),
                SubjectKind::Network => report.networks.push(subject.name),
                SubjectKind::Volume => report.volumes.push(subject.name),
                SubjectKind::Image => report.images.push(subject.name),
                SubjectKind::Project | SubjectKind::Service => {}
            }
        }
        Ok(report)
    }

    /// Stops containers, dependents before what they depend on, or kills them all at once. It does not wait for other
    /// commands: it is what ends one that was interrupted.
    ///
    /// # Errors
    /// The first failure; all others have been stopped.
    ///
    /// # Cancel safety
    /// See [`Orchestrator`].
    pub async fn stop(&self, request: &StopRequest) -> Result<()> {
        let observed = ObservedProject {
            containers: observe::containers(&*self.runtime, &self.project.name).await?,
            ..ObservedProject::default()
        };
        let plan = plan::plan_stop(&self.project, &observed, &request.services)?;
        if request.kill {
            return self.kill(&plan).await;
        }
        let mut executor = self.executor();
        executor.stop_timeout = request.timeout;
        match Box::pin(executor.run(&plan)).await.error {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    async fn kill(&self, plan: &Plan) -> Result<()> {
        let kills = plan.steps().into_iter().filter_map(|(step, _)| match &step.action {
            Action::StopContainer(container) => container.id.clone(),
            _ => None,
        });
        let kills = kills.map(|id| async move {
            match self.runtime.kill_container(&id, None).await {
                // It has ended by itself.
                Err(error) if error.is_conflict() || error.is_not_found() => Ok(()),
                result => result,
            }
        });
        join_all(kills).await.into_iter().collect::<runtime_core::Result<()>>()?;
        Ok(())
    }

    /// The project's containers, in order of service and number.
    ///
    /// # Errors
    /// A service that the project does not have; the engine's errors.
    ///
    /// # Cancel safety
    /// It only reads; a probe that is under way is abandoned.
    pub async fn ps(&self, request: &PsRequest) -> Result<Vec<ServiceContainer>> {
        crate::ps::list(&self.runtime, &self.project, request).await
    }

    /// The output of containers. Where it is followed, the engine listens for containers that start when this returns.
    ///
    /// # Errors
    /// As [`Self::ps`], also within the stream.
    ///
    /// # Cancel safety
    /// Dropping the future or the stream ends the engine calls behind it.
    pub async fn logs(&self, request: &LogsRequest) -> Result<EventStream<LogEvent>> {
        crate::logs::open(&self.runtime, &self.project, request).await
    }

    /// A running container of a service: the one of this number, or else the first.
    ///
    /// # Errors
    /// [`ErrorKind::Missing`] when there is none.
    ///
    /// # Cancel safety
    /// It only reads.
    pub async fn container(&self, service: &str, index: Option<u32>) -> Result<ContainerSummary> {
        crate::ps::one(&self.runtime, &self.project, service, index).await
    }

    /// Builds images, those of different services at the same time.
    ///
    /// # Errors
    /// A service that is named and cannot be built; the first failure, after all builds have ended.
    ///
    /// # Cancel safety
    /// Dropping the future ends the builds as soon as the engine notices.
    pub async fn build(&self, request: &BuildRequest) -> Result<Vec<BuiltImage>> {
        plan::check_names(&self.project, &request.services)?;
        let mut services = Vec::new();
        for service in self.project.services.values() {
            let named = request.services.contains(&service.name);
            if service.build.is_none() && named {
                let error = Error::new(ErrorKind::Invalid, "has no build section");
                return Err(error.with_service(&service.name));
            }
            if service.build.is_some() && (named || request.services.is_empty()) {
                services.push(service);
            }
        }
        let builds = services.into_iter().map(|service| async move {
            let image = service.image_name(&self.project.name).into_owned();
            let subject = Subject::new(SubjectKind::Image, &image).of_service(&service.name);
            let (runtime, events) = (&*self.runtime, &self.events);
            let built = build_image(runtime, events, &subject, &self.project, service, request).await;
            match built {
                Ok(id) => Ok(BuiltImage { service: service.name.clone(), image, id }),
                Err(error) => {
                    self.emit(subject, State::Failed(error.to_string()));
                    Err(error)
                }
            }
        });
        join_all(builds).await.into_iter().collect()
    }

    /// Pulls images, each once; gives their references.
    ///
    /// # Errors
    /// The first failure, after all pulls have ended.
    ///
    /// # Cancel safety
    /// Dropping the future ends the pulls; layers that are there stay there.
    pub async fn pull(&self, request: &PullRequest) -> Result<Vec<String>> {
        let selected = plan::select(&self.project, &request.services, !request.include_deps)?;
        let mut images: IndexMap<String, &str> = IndexMap::new();
        for service in selected.iter().filter_map(|name| self.project.services.get(name)) {
            let only_built = service.build.is_some() && (request.ignore_buildable || service.image.is_none());
            if !only_built && service.provider.is_none() {
                images.entry(service.image_name(&self.project.name).into_owned()).or_insert(&service.name);
            }
        }
        if request.missing_only {
            let references = images.keys().cloned().collect();
            let there = observe::inspect_images(&*self.runtime, &references).await?;
            images.retain(|image, _| !there.contains_key(image));
        }
        let pulls = images.iter().map(|(image, service)| async move {
            let subject = Subject::new(SubjectKind::Image, image).of_service(*service);
            let service = &self.project.services[*service];
            match pull_image(&*self.runtime, &self.events, &subject, image, service).await {
                Ok(()) => Ok(Some(image.clone())),
                Err(error) if request.ignore_failures && !error.is_unavailable() => {
                    self.emit(subject, State::Warning(error.to_string()));
                    Ok(None)
                }
                Err(error) => {
                    self.emit(subject, State::Failed(error.to_string()));
                    Err(error)
                }
            }
        });
        let pulled: Result<Vec<Option<String>>> = join_all(pulls).await.into_iter().collect();
        Ok(pulled?.into_iter().flatten().collect())
    }

    fn executor(&self) -> Executor {
        Executor::new(Arc::clone(&self.runtime), Arc::clone(&self.project), Arc::clone(&self.events))
    }

    fn emit(&self, subject: Subject, state: State) {
        (self.events)(ProgressEvent::new(subject, state));
    }

    /// Keeps other commands away from the project until the lock is dropped. Where no lock can be had, the operation
    /// goes on without: the engine gives a name only once.
    async fn lock(&self) -> Result<Option<ProjectLock>> {
        let folder = match &self.lock {
            LockPolicy::Off => return Ok(None),
            LockPolicy::Directory(folder) => Some(folder.as_path()),
            LockPolicy::Default => None,
        };
        let subject = Subject::new(SubjectKind::Project, &self.project.name);
        let on_wait = || {
            let on = self.project.name.clone();
            self.emit(subject.clone(), State::Waiting { condition: "another wharf works on it", on });
        };
        let endpoint = &self.runtime.info().endpoint;
        match lock::acquire(folder, endpoint, &self.project.name, on_wait).await {
            Ok(lock) => Ok(Some(lock)),
            Err(error) => {
                let text = format!("is not locked against other commands: {error}");
                self.emit(subject.clone(), State::Warning(text));
                Ok(None)
            }
        }
    }
}

/// The containers that the plan created, started or left as they are.
fn containers_after(plan: &Plan, executor: &Executor) -> Vec<UpContainer> {
    let mut all: IndexMap<(String, u32), UpContainer> = IndexMap::new();
    let steps = plan.steps();
    let touched = steps.iter().filter_map(|(step, _)| match &step.action {
        Action::CreateContainer(creation) => Some(&creation.container),
        Action::StartContainer(container) | Action::UnpauseContainer(container) => Some(container),
        _ => None,
    });
    for container in plan.unchanged().iter().chain(touched) {
        let ContainerRef { service, number, name, id } = container;
        let live = executor.live(container);
        let Some(id) = live.as_ref().map(|live| live.id.clone()).or_else(|| id.clone()) else { continue };
        let report = UpContainer {
            service: service.clone(),
            number: *number,
            id,
            name: name.clone(),
            created: live.as_ref().is_some_and(|live| live.created),
            started: live.is_some_and(|live| live.started.is_some()),
        };
        all.insert((service.clone(), *number), report);
    }
    all.sort_keys();
    all.into_values().collect()
}
