//! The output of several containers as one stream of lines.

use std::collections::{HashMap, HashSet};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use compose_file::model::{Project, RestartPolicy};
use futures_core::Stream;
use futures_util::StreamExt as _;
use runtime_core::{
    BoxStream, ContainerFilter, ContainerStatus, Event, EventAction, EventFilter, LogOptions, OutputStream,
    Runtime, WaitCondition,
};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior};

use crate::error::{Error, Result};
use crate::labels;
use crate::lines::LineSplitter;
use crate::observe::{self, Observed};
use crate::orchestrator::EventStream;
use crate::plan::check_names;
use crate::report::{LogEvent, LogLine};
use crate::request::LogsRequest;

/// How many lines may wait for whoever reads the stream; the engine is held up beyond that.
const BACKLOG: usize = 256;

/// How often it is looked for containers whose start the engine has not told: now and then a stream of Podman's misses
/// some events.
const LOOK: Duration = Duration::from_secs(1);

/// Opens the logs. With `follow_new` the engine's events are subscribed to before containers are listed, so that none
/// is missed between the two.
pub(crate) async fn open(
    runtime: &Arc<dyn Runtime>,
    project: &Arc<Project>,
    request: &LogsRequest,
) -> Result<EventStream<LogEvent>> {
    check_names(project, &request.services)?;
    let events = if request.follow_new {
        let filter = EventFilter::containers_with_label(labels::PROJECT, &project.name);
        Some(runtime.events(&filter).await?)
    } else {
        None
    };
    let containers = observe::containers(&**runtime, &project.name).await?;
    let (sender, lines) = mpsc::channel(BACKLOG);
    let mut supervisor = Supervisor {
        runtime: Arc::clone(runtime),
        project: Arc::clone(project),
        request: request.clone(),
        sender,
        tasks: JoinSet::new(),
        followed: HashMap::new(),
        known: HashSet::new(),
        untold: HashMap::new(),
        opened: SystemTime::now(),
        ends: HashMap::new(),
    };
    let since = if request.follow_new && request.only_new { Some(supervisor.opened) } else { request.since };
    for container in &containers {
        if !supervisor.wants(container) {
            continue;
        }
        // One that has never run is as one that is made later.
        if container.summary.status != ContainerStatus::Created {
            supervisor.known.insert(container.summary.id.clone());
        }
        let ended = !container.is_active();
        if !(ended && request.follow_new && request.only_new) {
            supervisor.follow(container, since, ended);
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

/// Reads containers' logs in tasks, and begins new ones as containers start.
struct Supervisor {
    runtime: Arc<dyn Runtime>,
    project: Arc<Project>,
    request: LogsRequest,
    sender: mpsc::Sender<Result<LogEvent>>,
    tasks: JoinSet<String>,
    /// By id: those whose log is being read, and when they started again meanwhile.
    followed: HashMap<String, Option<SystemTime>>,
    /// Containers that were there at some time.
    known: HashSet<String>,
    /// Runs that were there at the last look and of which nothing had been told: ids, and when they started.
    untold: HashMap<String, Option<String>>,
    opened: SystemTime,
    /// When containers ended last, as far as the engine has told.
    ends: HashMap<String, SystemTime>,
}

impl Supervisor {
    fn wants(&self, container: &Observed) -> bool {
        let services = &self.request.services;
        !container.one_off
            && (services.is_empty() || services.contains(&container.service))
            && (!services.is_empty() || self.project.service(&container.service).is_some())
            && self.request.index.is_none_or(|index| index == container.number)
    }

    fn follow(&mut self, container: &Observed, since: Option<SystemTime>, ended: bool) {
        self.followed.insert(container.summary.id.clone(), None);
        let service = self.project.service(&container.service);
        let mut options = LogOptions::default();
        options.follow = self.request.follow || self.request.follow_new;
        options.since = since;
        options.until = self.request.until;
        options.tail = self.request.tail;
        options.timestamps = self.request.timestamps;
        // A project without its file does not know.
        options.tty = service.filter(|service| service.tty).map(|_| true);
        let reader = Reader {
            runtime: Arc::clone(&self.runtime),
            sender: self.sender.clone(),
            id: container.summary.id.clone(),
            service: container.service.clone(),
            number: container.number,
            container: final_name(container),
            restart: service.map(compose_file::model::Service::restart_policy).unwrap_or_default(),
            tell_exit: options.follow && !ended,
            options,
        };
        self.tasks.spawn(async move {
            let id = reader.id.clone();
            if let Err(error) = reader.read().await {
                // Nobody reads any more.
                let _ = reader.sender.send(Err(error)).await;
            }
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
        loop {
            tokio::select! {
                Some(ended) = self.tasks.join_next() => {
                    let again = ended.ok().and_then(|id| Some((self.followed.remove(&id)??, id)));
                    if let Some((since, id)) = again
                        && let Err(error) = self.follow_again(&id, since).await
                    {
                        let _ = self.sender.send(Err(error)).await;
                        return;
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
                _ = looks.tick() => self.look().await,
                () = self.sender.closed() => return,
            }
        }
    }

    /// Reads the logs of runs that go on, or of new containers that have run, where the engine has told nothing of their
    /// start for a whole look. An engine that does not answer says so elsewhere.
    async fn look(&mut self) {
        let Ok(containers) = observe::containers(&*self.runtime, &self.project.name).await else { return };
        let before = std::mem::take(&mut self.untold);
        for container in &containers {
            let id = &container.summary.id;
            let runs = matches!(container.summary.status, ContainerStatus::Running | ContainerStatus::Paused);
            let is_new = !self.known.contains(id);
            let has_run = runs || (is_new && container.summary.status == ContainerStatus::Exited);
            if !has_run || self.followed.contains_key(id) || !self.wants(container) {
                continue;
            }
            let Ok(info) = self.runtime.inspect_container(id).await else { continue };
            let started = info.state.started_at;
            if before.get(id) != Some(&started) {
                self.untold.insert(id.clone(), started);
                continue;
            }
            tracing::debug!(container = container.summary.name, "its start was not told");
            self.known.insert(id.clone());
            let since = match started.as_deref().and_then(observe::parse_time) {
                Some(started) if !is_new => Some(self.end_before(id, started)),
                _ => self.request.since,
            };
            self.follow(container, since, false);
        }
    }

    async fn on_event(&mut self, event: &Event) -> Result<()> {
        if matches!(event.action, EventAction::Die { .. }) {
            self.ends.insert(event.id.clone(), event.time);
        }
        if event.action != EventAction::Start {
            return Ok(());
        }
        let end = self.end_before(&event.id, event.time);
        if let Some(again) = self.followed.get_mut(&event.id) {
            // Either the start of the run that is being read, or of the next one while the last lines of the one
            // before are still under way: that shows when they have been read.
            *again = Some(end);
            return Ok(());
        }
        let Some(container) = self.container(&event.id).await? else { return Ok(()) };
        // A container that is new is read from its first line, one that starts again from its last end on.
        let new = self.known.insert(event.id.clone());
        self.follow(&container, if new { self.request.since } else { Some(end) }, false);
        Ok(())
    }

    /// When the run before the one that started then had ended at the latest. What a container prints first can be older
    /// than the time of its start.
    fn end_before(&self, id: &str, started: SystemTime) -> SystemTime {
        self.ends.get(id).copied().unwrap_or(self.opened).min(started)
    }

    /// Reads the next run of a container whose last one has been read, if there is one.
    async fn follow_again(&mut self, id: &str, since: SystemTime) -> Result<()> {
        let container = self.container(id).await?;
        let since = self.ends.get(id).map_or(since, |end| since.max(*end));
        if let Some(container) = container.filter(Observed::is_active) {
            self.follow(&container, Some(since), false);
        }
        Ok(())
    }

    async fn container(&self, id: &str) -> Result<Option<Observed>> {
        let filter = ContainerFilter::all().with_label(labels::PROJECT, &self.project.name);
        let list = self.runtime.list_containers(&filter).await?;
        let found = list.into_iter().find(|summary| summary.id == id).map(Observed::new);
        Ok(found.filter(|container| self.wants(container)))
    }
}

/// A replacement that has not got its final name yet is shown under it.
fn final_name(container: &Observed) -> String {
    match container.label(labels::REPLACE) {
        Some(name) if container.is_unfinished_replacement() => name.clone(),
        _ => container.summary.name.clone(),
    }
}

/// Reads one run of one container.
struct Reader {
    runtime: Arc<dyn Runtime>,
    sender: mpsc::Sender<Result<LogEvent>>,
    id: String,
    service: String,
    number: u32,
    container: String,
    restart: RestartPolicy,
    tell_exit: bool,
    options: LogOptions,
}

impl Reader {
    async fn read(&self) -> Result<()> {
        let mut output = match self.runtime.logs(&self.id, &self.options).await {
            Ok(output) => output,
            // It was removed meanwhile.
            Err(error) if error.is_not_found() => return Ok(()),
            Err(error) => return Err(self.failed(error)),
        };
        let (mut out, mut err) = (LineSplitter::default(), LineSplitter::default());
        while let Some(chunk) = output.next().await {
            let chunk = match chunk {
                Ok(chunk) => chunk,
                Err(error) if error.is_not_found() => break,
                Err(error) => return Err(self.failed(error)),
            };
            let splitter = if chunk.stream == OutputStream::Stderr { &mut err } else { &mut out };
            for line in splitter.push(&chunk.bytes) {
                if !self.line(chunk.stream, line).await {
                    return Ok(());
                }
            }
        }
        for (splitter, stream) in [(&mut out, OutputStream::Stdout), (&mut err, OutputStream::Stderr)] {
            if let Some(line) = splitter.finish() {
                self.line(stream, line).await;
            }
        }
        if self.tell_exit {
            self.exit().await?;
        }
        Ok(())
    }

    /// Whether anyone still reads.
    async fn line(&self, stream: OutputStream, line: bytes::Bytes) -> bool {
        let line = LogLine {
            service: self.service.clone(),
            number: self.number,
            container: self.container.clone(),
            stream,
            line,
        };
        self.sender.send(Ok(LogEvent::Line(line))).await.is_ok()
    }

    async fn exit(&self) -> Result<()> {
        let code = match self.runtime.wait_container(&self.id, WaitCondition::NotRunning).await {
            Ok(status) => status.code,
            Err(error) if error.is_not_found() => return Ok(()),
            Err(error) => return Err(self.failed(error)),
        };
        let will_restart = match self.restart {
            RestartPolicy::No => false,
            RestartPolicy::OnFailure { .. } => code != 0,
            RestartPolicy::Always | RestartPolicy::UnlessStopped => true,
        };
        let event = LogEvent::Exited {
            service: self.service.clone(),
            number: self.number,
            container: self.container.clone(),
            code,
            will_restart,
        };
        // Nobody reads any more.
        let _ = self.sender.send(Ok(event)).await;
        Ok(())
    }

    fn failed(&self, error: runtime_core::Error) -> Error {
        Error::from(error).with_service(&self.service).with_container(&self.container)
    }
}
