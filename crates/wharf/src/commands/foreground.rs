//! `wharf up` in the foreground: shows what the containers print until they end or are interrupted.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use compose::{
    EventSink, EventStream, LogEvent, LogsRequest, Orchestrator, PsRequest, State, StopRequest, UpReport,
    UpRequest, Verb,
};
use compose_file::model::Condition;
use futures_util::StreamExt as _;
use runtime_core::ContainerStatus;
use tokio::sync::Notify;
use tokio::time::{Instant, MissedTickBehavior};

use crate::context::Context;
use crate::failure::Failure;
use crate::log_printer::{LogPrinter, LogStyle};
use crate::progress::{self, Reporter};
use crate::signal::Interrupts;

/// How often it is looked which containers run.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// A container that ended, and that its restart policy should start again, does not come back after this time: the policy
/// has given up, or somebody stopped it.
const GIVEN_UP: Duration = Duration::from_secs(2);

/// For how long an end may not have been told of a container that does not run.
const UNTOLD: Duration = Duration::from_secs(5);

/// How long the output of stopped containers is waited for.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// What `up` was asked about its foreground.
#[derive(Clone, Debug)]
pub(super) struct Options {
    /// The services that are shown; empty: all.
    pub(super) services: Vec<String>,
    pub(super) timeout: Option<Duration>,
    pub(super) abort_on_exit: bool,
    pub(super) exit_code_from: Option<String>,
    pub(super) no_log_prefix: bool,
    pub(super) no_color: bool,
    pub(super) timestamps: bool,
    pub(super) quiet_pull: bool,
}

/// Why the containers are not shown any longer.
#[derive(Debug)]
enum End {
    /// All of them have ended.
    AllEnded,
    /// One ended, and that ends the others.
    Abort(Ended),
    /// Ctrl-C.
    Interrupted,
}

/// A container that ended.
#[derive(Clone, Debug)]
struct Ended {
    service: String,
    code: i64,
    will_restart: bool,
}

struct Foreground<'a> {
    context: &'a Context,
    orchestrator: &'a Orchestrator,
    options: &'a Options,
    printer: LogPrinter,
    interrupts: Interrupts,
    logs: EventStream<LogEvent>,
    /// Containers that run, as far as is known.
    alive: BTreeSet<String>,
    /// Containers that have ended for good.
    ended: BTreeSet<String>,
    /// Containers that have ended, and that their restart policy should start again.
    restarting: BTreeSet<String>,
    /// Services of which containers were started by this command.
    started: Arc<Mutex<BTreeSet<String>>>,
    /// Whether what is to end is killed: it was interrupted again.
    hurry: bool,
}

/// Brings services up, shows their output, and stops them when they are to end.
pub(super) async fn run(
    context: &Context,
    orchestrator: &Orchestrator,
    request: &UpRequest,
    options: &Options,
) -> Result<u8, Failure> {
    let interrupts = Interrupts::catch().map_err(|error| Failure::io("catch signals", error))?;
    let style = LogStyle { no_prefix: options.no_log_prefix, no_color: options.no_color, split: true };
    let logs = LogsRequest::new()
        .with_services(options.services.iter().cloned())
        .with_follow(true)
        .with_follow_new(true)
        .with_only_new(true)
        .with_timestamps(options.timestamps);
    let mut foreground = Foreground {
        context,
        orchestrator,
        options,
        printer: LogPrinter::new(&context.output, orchestrator.project(), &options.services, style),
        interrupts,
        logs: orchestrator.logs(&logs).await?,
        alive: BTreeSet::new(),
        ended: BTreeSet::new(),
        restarting: BTreeSet::new(),
        started: Arc::default(),
        hurry: false,
    };
    let end = match Box::pin(foreground.bring_up(request)).await? {
        Ok(report) => Box::pin(foreground.follow(&report)).await?,
        Err(end) => {
            // Of these the end will be told.
            if !foreground.hurry {
                foreground.alive = foreground.running().await?;
            }
            end
        }
    };
    match end {
        End::AllEnded => foreground.code_from(None).await,
        End::Abort(first) => {
            Box::pin(foreground.stop()).await?;
            foreground.code_from(Some(&first)).await
        }
        End::Interrupted => {
            Box::pin(foreground.stop()).await?;
            Err(Failure::Interrupted)
        }
    }
}

impl Foreground<'_> {
    /// Brings the services up while their output is shown already.
    ///
    /// When they are to end before all are up, what is being started is started, so that none comes up after the
    /// others have been stopped. An interrupt meanwhile does not wait for that.
    async fn bring_up(&mut self, request: &UpRequest) -> Result<Result<UpReport, End>, Failure> {
        let reporter = Reporter::start(&self.context.output, "up");
        let mut sink = reporter.sink();
        if self.options.quiet_pull {
            sink = progress::without_pulls(sink);
        }
        let orchestrator = self.orchestrator.clone().with_events(self.noting_starts(sink));
        let stop = Arc::new(Notify::new());
        let stopped = Arc::clone(&stop);
        let mut up = Box::pin(orchestrator.up_until(request, async move { stopped.notified().await }));
        let mut end = None;
        loop {
            tokio::select! {
                report = &mut up => {
                    return match (report, end) {
                        // What else went wrong meanwhile has been shown.
                        (_, Some(end)) => Ok(Err(end)),
                        (report, None) => Ok(Ok(report?.unwrap_or_default())),
                    };
                }
                event = self.logs.next() => {
                    let ended = self.show(event)?.filter(|ended| end.is_none() && self.aborts(ended));
                    if let Some(ended) = ended {
                        end = Some(self.aborted(ended));
                        stop.notify_one();
                    }
                }
                () = self.interrupts.next() => {
                    if let Some(end) = end {
                        self.hurry = true;
                        return Ok(Err(end));
                    }
                    end = Some(self.interrupted());
                    stop.notify_one();
                }
            }
        }
    }

    /// Shows the output until it has to end.
    async fn follow(&mut self, report: &UpReport) -> Result<End, Failure> {
        self.alive = self.running().await?;
        // Of a container that was started the end will be told, after its last line: also when it has ended by now.
        let selected =
            |service: &String| self.options.services.is_empty() || self.options.services.contains(service);
        let started = report.containers.iter().filter(|one| one.started && selected(&one.service));
        self.alive.extend(started.map(|one| one.name.clone()).filter(|name| !self.ended.contains(name)));
        let mut looks = tokio::time::interval_at(Instant::now() + LOOK_AGAIN, LOOK_AGAIN);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut not_running: BTreeMap<String, Instant> = BTreeMap::new();
        loop {
            if self.alive.is_empty() {
                // Somebody else may have started one again meanwhile.
                self.alive = self.running().await?;
                if self.alive.is_empty() {
                    return Ok(End::AllEnded);
                }
            }
            tokio::select! {
                event = self.logs.next() => {
                    if let Some(Ok(LogEvent::Line(line))) = &event {
                        // What it printed is still being shown.
                        not_running.remove(&line.container);
                    }
                    let Some(ended) = self.show(event)? else { continue };
                    if self.aborts(&ended) {
                        return Ok(self.aborted(ended));
                    }
                }
                () = self.interrupts.next() => return Ok(self.interrupted()),
                _ = looks.tick() => {
                    let running = self.running().await?;
                    not_running.retain(|name, _| self.alive.contains(name) && !running.contains(name));
                    self.restarting.retain(|name| !running.contains(name));
                    for name in self.alive.difference(&running) {
                        not_running.entry(name.clone()).or_insert_with(Instant::now);
                    }
                    self.alive.retain(|name| {
                        let patience = if self.restarting.contains(name) { GIVEN_UP } else { UNTOLD };
                        not_running.get(name).is_none_or(|since| since.elapsed() < patience)
                    });
                }
            }
        }
    }

    fn aborted(&self, first: Ended) -> End {
        self.context.output.notice(&format!("Service {} ended, stopping the others\n", first.service));
        End::Abort(first)
    }

    fn interrupted(&self) -> End {
        self.context.output.notice("Stopping, press Ctrl-C again to kill\n");
        End::Interrupted
    }

    /// Stops what was brought up; an interrupt meanwhile kills it, and one more gives up.
    async fn stop(&mut self) -> Result<(), Failure> {
        let mut services = self.options.services.clone();
        if !services.is_empty() {
            services.extend(self.started.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned());
            services.sort();
            services.dedup();
        }
        let request = StopRequest::new().with_services(services).with_timeout(self.options.timeout);
        if !self.hurry && self.stop_with(&request, "stop").await? {
            return Ok(());
        }
        self.context.output.notice("Killing\n");
        self.stop_with(&request.with_kill(true), "kill").await?;
        Ok(())
    }

    /// Whether it was done without an interrupt.
    async fn stop_with(&mut self, request: &StopRequest, title: &'static str) -> Result<bool, Failure> {
        let reporter = Reporter::start(&self.context.output, title);
        let orchestrator = self.orchestrator.clone().with_events(reporter.sink());
        let mut stop = Box::pin(orchestrator.stop(request));
        let mut logs_ended = false;
        loop {
            tokio::select! {
                done = &mut stop => {
                    done?;
                    break;
                }
                event = self.logs.next(), if !logs_ended => {
                    logs_ended = event.is_none();
                    if !logs_ended {
                        self.show(event)?;
                    }
                }
                () = self.interrupts.next() => return Ok(false),
            }
        }
        drop(reporter);
        // The last words of the stopped containers are on their way.
        let last_words = async {
            while !self.alive.is_empty() && !logs_ended {
                let event = self.logs.next().await;
                logs_ended = event.is_none();
                if !logs_ended {
                    self.show(event)?;
                }
            }
            Ok(true)
        };
        tokio::time::timeout(LAST_WORDS, last_words).await.unwrap_or(Ok(true))
    }

    /// Shows one thing that the logs tell; gives the container if one ended.
    fn show(&mut self, event: Option<compose::Result<LogEvent>>) -> Result<Option<Ended>, Failure> {
        let Some(event) = event else {
            return Err(Failure::usage("the engine ended the stream of events")
                .with_hint("the containers may still be running: see `wharf ps`"));
        };
        match event? {
            LogEvent::Line(line) => {
                let service = self.orchestrator.project().services.get(&line.service);
                if service.and_then(|service| service.attach) != Some(false) {
                    self.printer.line(&line)?;
                }
                Ok(None)
            }
            LogEvent::Unreadable { service, container, reason, .. } => {
                let service = self.orchestrator.project().services.get(&service);
                if service.and_then(|service| service.attach) != Some(false) {
                    self.printer.unreadable(&container, &reason);
                }
                Ok(None)
            }
            LogEvent::Exited { service, container, code, will_restart, .. } => {
                self.printer.exited(&container, code, will_restart)?;
                if will_restart {
                    self.restarting.insert(container.clone());
                } else {
                    self.alive.remove(&container);
                    self.ended.insert(container.clone());
                }
                Ok(Some(Ended { service, code, will_restart }))
            }
            _ => Ok(None),
        }
    }

    /// Whether this end is to end all others. A job that ended well, as others wait for it to do, does not, unless
    /// its exit code is asked for.
    fn aborts(&self, ended: &Ended) -> bool {
        if !self.options.abort_on_exit || ended.will_restart {
            return false;
        }
        if self.options.exit_code_from.as_ref() == Some(&ended.service) {
            return true;
        }
        let is_awaited_job = self.orchestrator.project().services.values().any(|service| {
            service
                .depends_on
                .get(&ended.service)
                .is_some_and(|edge| edge.condition == Condition::ServiceCompletedSuccessfully)
        });
        !(is_awaited_job && ended.code == 0)
    }

    /// The exit code of the command: that of the service that was asked for, else of the container that ended first.
    async fn code_from(&self, first: Option<&Ended>) -> Result<u8, Failure> {
        let code = match (&self.options.exit_code_from, first) {
            (Some(service), Some(first)) if *service == first.service => first.code,
            (Some(service), _) => self.code_of(service).await?,
            (None, Some(first)) => first.code,
            (None, None) => 0,
        };
        Ok(u8::try_from(code).unwrap_or(1))
    }

    /// The exit code of a service that has been stopped; 1 if it never ran.
    async fn code_of(&self, service: &str) -> Result<i64, Failure> {
        let request = PsRequest::new().with_services([service]).with_all(true).with_probe(false);
        let mut code = None;
        for one in self.orchestrator.ps(&request).await? {
            let state = self.orchestrator.runtime().inspect_container(&one.summary.id).await?.state;
            let ended = matches!(state.status, ContainerStatus::Exited | ContainerStatus::Dead);
            let this = if ended { state.exit_code } else { 1 };
            // Of several containers the first that failed counts.
            code = Some(code.filter(|code| *code != 0).unwrap_or(this));
        }
        Ok(code.unwrap_or(1))
    }

    /// The shown containers that run, or will again, by name.
    async fn running(&self) -> Result<BTreeSet<String>, Failure> {
        let request = PsRequest::new()
            .with_services(self.options.services.iter().cloned())
            .with_all(true)
            .with_orphans(false)
            .with_probe(false);
        let list = self.orchestrator.ps(&request).await?;
        let runs = |status: &ContainerStatus| {
            matches!(status, ContainerStatus::Running | ContainerStatus::Paused | ContainerStatus::Restarting)
        };
        Ok(list
            .into_iter()
            .filter(|one| !one.one_off && runs(&one.summary.status))
            .map(|one| one.summary.name)
            .collect())
    }

    fn noting_starts(&self, sink: EventSink) -> EventSink {
        let started = Arc::clone(&self.started);
        Arc::new(move |event| {
            if let (State::Done(Verb::Start), Some(service)) = (&event.state, &event.subject.service) {
                started.lock().unwrap_or_else(PoisonError::into_inner).insert(service.clone());
            }
            sink(event);
        })
    }
}
