//! The output of several containers as one stream of lines.

mod follower;
mod place;

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use compose_file::model::{Project, Service};
use futures_core::Stream;
use futures_util::StreamExt as _;
use runtime_core::{BoxStream, ContainerFilter, ContainerStatus, Event, EventAction, EventFilter, Runtime};
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior};

use self::follower::{Doing, Follower, Shared, Subject, Told, Wanted};
use crate::error::Result;
use crate::labels;
use crate::observe::{self, Observed};
use crate::orchestrator::EventStream;
use crate::plan::check_names;
use crate::report::LogEvent;
use crate::request::LogsRequest;

/// How many lines may wait for whoever reads the stream; the engine is held up beyond that.
const BACKLOG: usize = 256;

/// How often it is looked for containers whose start the engine has not told: now and then a stream of Podman's misses
/// some events.
const LOOK: Duration = Duration::from_secs(1);

/// For how many looks in a row nothing may run before nothing is expected of restart policies any more.
const IDLE_LOOKS: u32 = 3;

/// Opens the logs. Where they are followed, the engine's events are subscribed to before containers are listed, so that
/// none is missed between the two.
pub(crate) async fn open(
    runtime: &Arc<dyn Runtime>,
    project: &Arc<Project>,
    request: &LogsRequest,
) -> Result<EventStream<LogEvent>> {
    check_names(project, &request.services)?;
    let mut request = request.clone();
    // Nothing comes any more, which an engine would notice at the next line only.
    request.follow &= request.until.is_none_or(|until| until > SystemTime::now());
    let follow = request.follow || request.follow_new;
    let events = if follow {
        let filter = EventFilter::containers_with_label(labels::PROJECT, &project.name);
        Some(runtime.events(&filter).await?)
    } else {
        None
    };
    let opened = SystemTime::now();
    let containers = observe::containers(&**runtime, &project.name).await?;
    let (sender, lines) = mpsc::channel(BACKLOG);
    let mut supervisor = Supervisor {
        runtime: Arc::clone(runtime),
        project: Arc::clone(project),
        request,
        sender,
        tasks: JoinSet::new(),
        followed: HashMap::new(),
        changed: Arc::new(Notify::new()),
        untold: HashMap::new(),
        idle_looks: 0,
    };
    for container in &containers {
        // One that has never run is as one that is made later.
        let is_old = container.summary.status != ContainerStatus::Created;
        let only_new = supervisor.request.follow_new && supervisor.request.only_new && is_old;
        let since = if only_new { Some(opened) } else { supervisor.request.since };
        if supervisor.wants(container) {
            supervisor.follow(container, since, runs(container));
        }
    }
    let mut tasks = JoinSet::new();
    tasks.spawn(supervisor.run(events));
    Ok(Box::pin(Lines { lines, _tasks: tasks }))
}

/// The stream; dropping it ends the tasks that feed it.
struct Lines {
    lines: mpsc::Receiver<Result<LogEvent>>,
    _tasks: JoinSet<()>,
}

impl Stream for Lines {
    type Item = Result<LogEvent>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.lines.poll_recv(cx)
    }
}

/// A container whose log is read.
struct Followed {
    told: mpsc::UnboundedSender<Told>,
    shared: Arc<Shared>,
}

/// Lets containers' logs be read in tasks, and tells these what the engine tells.
struct Supervisor {
    runtime: Arc<dyn Runtime>,
    project: Arc<Project>,
    request: LogsRequest,
    sender: mpsc::Sender<Result<LogEvent>>,
    tasks: JoinSet<String>,
    /// By id.
    followed: HashMap<String, Followed>,
    /// Told when one that is followed begins to wait.
    changed: Arc<Notify>,
    /// Runs that were there at the last look and of which nothing had been told: ids, and when they started.
    untold: HashMap<String, Option<String>>,
    /// How many looks in a row have found nothing that runs.
    idle_looks: u32,
}

impl Supervisor {
    fn wants(&self, container: &Observed) -> bool {
        let services = &self.request.services;
        !container.one_off
            && (services.is_empty() || services.contains(&container.service))
            && (!services.is_empty() || self.project.service(&container.service).is_some())
            && self.request.index.is_none_or(|index| index == container.number)
    }

    fn follow(&mut self, container: &Observed, since: Option<SystemTime>, runs: bool) {
        let service = self.project.service(&container.service);
        let subject = Subject {
            id: container.summary.id.clone(),
            service: container.service.clone(),
            number: container.number,
            container: final_name(container),
            restart: service.map(Service::restart_policy).unwrap_or_default(),
            // A project without its file does not know.
            tty: service.filter(|service| service.tty).map(|_| true),
        };
        let wanted = Wanted {
            follow: self.request.follow || self.request.follow_new,
            only_new: self.request.follow_new && self.request.only_new,
            since,
            until: self.request.until,
            tail: self.request.tail,
            timestamps: self.request.timestamps,
        };
        let runs = runs && wanted.follow;
        let (told, receiver) = mpsc::unbounded_channel();
        let shared = Shared::new(Arc::clone(&self.changed));
        self.followed.insert(subject.id.clone(), Followed { told, shared: Arc::clone(&shared) });
        let id = subject.id.clone();
        let (runtime, sender) = (Arc::clone(&self.runtime), self.sender.clone());
        let follower = Follower::new(runtime, sender, receiver, shared, (subject, wanted));
        self.tasks.spawn(async move {
            follower.run(runs).await;
            id
        });
    }

    async fn run(mut self, events: Option<BoxStream<Event>>) {
        let Some(mut events) = events else {
            while self.tasks.join_next().await.is_some() {}
            return;
        };
        let mut looks = tokio::time::interval_at(Instant::now() + LOOK, LOOK);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let changed = Arc::clone(&self.changed);
        loop {
            if !self.request.follow_new && self.is_over().await {
                return;
            }
            tokio::select! {
                Some(ended) = self.tasks.join_next() => {
                    if let Ok(id) = ended {
                        self.followed.remove(&id);
                    }
                }
                event = events.next() => match event {
                    Some(Ok(event)) => {
                        if let Err(error) = self.on_event(&event).await {
                            let _ = self.sender.send(Err(error)).await;
                            return;
                        }
                    }
                    Some(Err(error)) => {
                        let _ = self.sender.send(Err(error.into())).await;
                        return;
                    }
                    None => return,
                },
                () = changed.notified() => {}
                _ = looks.tick() => self.look().await,
                () = self.sender.closed() => return,
            }
        }
    }

    /// Whether nothing runs any more, nor is about to.
    async fn is_over(&mut self) -> bool {
        let doing = self.followed.values().map(|followed| followed.shared.doing()).max();
        match doing {
            Some(Doing::Reads) => return false,
            Some(Doing::WaitsForRestart) if self.idle_looks < IDLE_LOOKS => return false,
            _ => {}
        }
        // An engine that does not answer any more ends the stream of events.
        let Ok(containers) = observe::containers(&*self.runtime, &self.project.name).await else {
            return false;
        };
        !containers.iter().any(|container| self.wants(container) && container.is_active())
    }

    /// Reads the logs of runs that go on, or of new containers that have run, where the engine has told nothing of their
    /// start for a whole look. An engine that does not answer says so elsewhere.
    async fn look(&mut self) {
        let Ok(containers) = observe::containers(&*self.runtime, &self.project.name).await else { return };
        let is_active = |container: &Observed| self.wants(container) && container.is_active();
        self.idle_looks = if containers.iter().any(is_active) { 0 } else { self.idle_looks + 1 };
        let before = std::mem::take(&mut self.untold);
        for container in &containers {
            let id = &container.summary.id;
            let followed = self.followed.get(id);
            let has_run = runs(container)
                || (followed.is_none() && container.summary.status == ContainerStatus::Exited);
            let reads = followed.is_some_and(|followed| followed.shared.doing() == Doing::Reads);
            if !has_run || reads || !self.wants(container) {
                continue;
            }
            let Ok(info) = self.runtime.inspect_container(id).await else { continue };
            let started = info.state.started_at;
            let time = started.as_deref().and_then(observe::parse_time).unwrap_or_else(SystemTime::now);
            if before.get(id) != Some(&started) {
                self.untold.insert(id.clone(), started);
                continue;
            }
            tracing::debug!(container = container.summary.name, "its start was not told");
            self.started(container, time);
        }
    }

    async fn on_event(&mut self, event: &Event) -> Result<()> {
        match (&event.action, self.followed.get(&event.id)) {
            (EventAction::Die { exit_code }, Some(followed)) => {
                // One that has come to its end needs no word of it.
                let _ = followed.told.send(Told::Died { code: *exit_code, time: event.time });
            }
            (EventAction::Start, Some(followed)) => {
                let _ = followed.told.send(Told::Started(event.time));
            }
            (EventAction::Start, None) => {
                let filter = ContainerFilter::all().with_label(labels::PROJECT, &self.project.name);
                let list = self.runtime.list_containers(&filter).await?;
                let found = list.into_iter().find(|summary| summary.id == event.id).map(Observed::new);
                if let Some(container) = found.filter(|container| self.wants(container)) {
                    self.started(&container, event.time);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// A container that is new is read from its first line, one that starts again goes on.
    fn started(&mut self, container: &Observed, time: SystemTime) {
        match self.followed.get(&container.summary.id) {
            Some(followed) => {
                let _ = followed.told.send(Told::Started(time));
            }
            None => self.follow(container, self.request.since, true),
        }
    }
}

fn runs(container: &Observed) -> bool {
    matches!(container.summary.status, ContainerStatus::Running | ContainerStatus::Paused)
}

/// A replacement that has not got its final name yet is shown under it.
fn final_name(container: &Observed) -> String {
    match container.label(labels::REPLACE) {
        Some(name) if container.is_unfinished_replacement() => name.clone(),
        _ => container.summary.name.clone(),
    }
}
