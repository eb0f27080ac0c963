//! Reads the log of one container, over all its runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, SystemTime};

use bytes::{Bytes, BytesMut};
use compose_file::model::RestartPolicy;
use futures_util::{StreamExt as _, stream};
use runtime_core::{
    BoxStream, ContainerState, ContainerStatus, ErrorKind, LogOptions, OutputChunk, OutputStream, Runtime,
};
use tokio::sync::{Notify, mpsc};
use tokio::time::{Instant, timeout, timeout_at};

use super::place::{Place, Reading};
use crate::error::{Error, Result};
use crate::lines::LineSplitter;
use crate::observe::parse_time;
use crate::report::{LogEvent, LogLine};

/// How long after the end of its log a container's end may be told; Podman loses some. A terminal's output may take as
/// long after the word of the end.
const END_TOLD: Duration = Duration::from_millis(500);

/// How long after the word of a run's end its log ends, on an engine that ends them together.
const END_FOLLOWS: Duration = Duration::from_millis(50);

/// For how long after its end a container may be expected to be started again by its restart policy. Docker has a state
/// for it, Podman takes some tenths of a second.
const JUST_ENDED: Duration = Duration::from_secs(3);

/// What the engine tells of a container.
#[derive(Clone, Copy, Debug)]
pub(super) enum Told {
    /// It runs since then.
    Started(SystemTime),
    /// It ended.
    Died { code: Option<i64>, time: SystemTime },
}

/// What a follower does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum Doing {
    /// It waits for a run that somebody begins.
    Waits,
    /// It waits for a run that the restart policy begins.
    WaitsForRestart,
    /// It reads a run.
    Reads,
}

/// What others see of a follower.
#[derive(Debug)]
pub(super) struct Shared {
    doing: AtomicU8,
    /// Told when a follower begins to wait, or ends.
    changed: Arc<Notify>,
}

impl Shared {
    pub(super) fn new(changed: Arc<Notify>) -> Arc<Self> {
        Arc::new(Self { doing: AtomicU8::new(Doing::Reads as u8), changed })
    }

    pub(super) fn doing(&self) -> Doing {
        let doing = self.doing.load(Ordering::Acquire);
        [Doing::WaitsForRestart, Doing::Waits]
            .into_iter()
            .find(|one| *one as u8 == doing)
            .unwrap_or(Doing::Reads)
    }

    fn set(&self, doing: Doing) {
        self.doing.store(doing as u8, Ordering::Release);
        self.changed.notify_one();
    }
}

/// The container whose log is read, as it is shown.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    pub(super) id: String,
    pub(super) service: String,
    pub(super) number: u32,
    pub(super) container: String,
    pub(super) restart: RestartPolicy,
    /// Whether it has a terminal, where that is known.
    pub(super) tty: Option<bool>,
}

/// What of the log is wanted.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    /// Over all runs, with the word of their ends.
    pub(super) follow: bool,
    /// Nothing of what has ended.
    pub(super) only_new: bool,
    pub(super) since: Option<SystemTime>,
    pub(super) until: Option<SystemTime>,
    pub(super) tail: Option<u64>,
    pub(super) timestamps: bool,
}

/// A log that is being read.
struct Log {
    chunks: BoxStream<OutputChunk>,
    reading: Reading,
}

/// Nobody reads any more, or the container is gone.
struct Over;

/// How the log of a run came to its end.
enum RunEnd {
    /// The run ended.
    Died(i64),
    /// It goes on, or the next one has begun.
    GoesOn,
}

/// Pieces of lines of one of the two streams.
#[derive(Default)]
struct Pieces {
    splitter: LineSplitter,
    /// When the line that is being read was begun.
    stamp: Bytes,
    /// Whether a line is being read.
    open: bool,
}

pub(super) struct Follower {
    runtime: Arc<dyn Runtime>,
    sender: mpsc::Sender<Result<LogEvent>>,
    told: mpsc::UnboundedReceiver<Told>,
    shared: Arc<Shared>,
    subject: Subject,
    wanted: Wanted,
    tty: bool,
    place: Place,
    out: Pieces,
    err: Pieces,
    /// Whether the engine cannot read the log; that has been told.
    unreadable: bool,
    /// Whether the end of the last run has been shown without the engine's word of it, which may still come.
    end_is_shown: bool,
}

impl Follower {
    pub(super) fn new(
        runtime: Arc<dyn Runtime>,
        sender: mpsc::Sender<Result<LogEvent>>,
        told: mpsc::UnboundedReceiver<Told>,
        shared: Arc<Shared>,
        (subject, wanted): (Subject, Wanted),
    ) -> Self {
        Self {
            runtime,
            sender,
            told,
            shared,
            tty: subject.tty.unwrap_or_default(),
            subject,
            wanted,
            place: Place::default(),
            out: Pieces::default(),
            err: Pieces::default(),
            unreadable: false,
            end_is_shown: false,
        }
    }

    /// Reads what there is, and where it is to follow, goes on until the container is gone or nobody reads any more.
    /// `runs` is whether the end of the run that is read first is to be told.
    pub(super) async fn run(mut self, runs: bool) {
        let done = async {
            if self.subject.tty.is_none() {
                match self.runtime.inspect_container(&self.subject.id).await {
                    Ok(info) => self.tty = info.tty,
                    Err(error) => return Err(self.failed(error).await),
                }
            }
            self.read(runs).await
        };
        // Nobody reads any more, or there is nothing more to read.
        let _: Result<(), Over> = done.await;
        self.shared.set(Doing::Waits);
    }

    async fn read(&mut self, mut runs: bool) -> Result<(), Over> {
        loop {
            if runs {
                let end = self.read_run().await?;
                self.wanted.tail = None;
                if let RunEnd::Died(code) = end {
                    self.exited(code).await?;
                    runs = false;
                }
            } else if self.wanted.only_new {
                self.shared.set(Doing::Waits);
            } else {
                self.read_rest().await?;
                self.finish_lines().await?;
                if !self.wanted.follow {
                    return Ok(());
                }
                let doing = self.after_the_end().await?;
                self.wanted.tail = None;
                self.shared.set(doing);
            }
            if self.is_until_now() {
                return Ok(());
            }
            while !runs {
                match self.told.recv().await.ok_or(Over)? {
                    Told::Started(time) => {
                        self.end_is_shown = false;
                        if self.place.since().is_none() {
                            // A run that is older than what was asked for is so by a clock that is behind ours.
                            self.wanted.since = self.wanted.since.map(|since| since.min(time));
                        }
                        self.shared.set(Doing::Reads);
                        runs = true;
                    }
                    Told::Died { .. } if std::mem::take(&mut self.end_is_shown) => {}
                    Told::Died { code, time } => {
                        // Its start was not told.
                        self.read_rest().await?;
                        let code = self.died(code, time).await?;
                        self.exited(code).await?;
                    }
                }
            }
        }
    }

    fn is_until_now(&self) -> bool {
        self.wanted.until.is_some_and(|until| until <= SystemTime::now())
    }

    /// Whether a log that is asked for again can be told from what has been read: not where there are no entries to count,
    /// nor where they were counted from the end of the log.
    fn is_counted(&self) -> bool {
        !self.tty && self.wanted.tail.is_none()
    }

    /// Follows the log until the container ends, or the engine ends the log.
    async fn read_run(&mut self) -> Result<RunEnd, Over> {
        let Some(mut log) = self.open(true).await? else { return Err(Over) };
        loop {
            tokio::select! {
                told = self.told.recv() => match told.ok_or(Over)? {
                    Told::Started(_) => self.end_is_shown = false,
                    Told::Died { .. } if std::mem::take(&mut self.end_is_shown) => {}
                    Told::Died { code, time } => {
                        let ended = self.last_words(&mut log).await?;
                        let code = self.died(code, time).await?;
                        if ended {
                            return Ok(RunEnd::Died(code));
                        }
                        self.exited(code).await?;
                        self.shared.set(Doing::Reads);
                    }
                },
                chunk = log.chunks.next() => {
                    if !self.take(&mut log.reading, chunk).await? {
                        break;
                    }
                }
            }
        }
        self.end_of_run().await
    }

    /// Reads what a run printed that has ended. Docker ends the log with the run. Podman takes its time, and goes on with
    /// the log of the next run if that begins meanwhile, so there it is asked for anew, up to now; but not that of a
    /// container that is being removed, nor where entries are not counted. Whether the log that is followed has ended.
    async fn last_words(&mut self, log: &mut Log) -> Result<bool, Over> {
        if self.drain_for(log, END_FOLLOWS).await? {
            return Ok(true);
        }
        let is_counted = self.is_counted();
        if is_counted
            && let Some(mut rest) = self.open(false).await?
            && self.drain(&mut rest).await?
        {
            return Ok(true);
        }
        Ok(self.drain_for(log, END_TOLD).await? || is_counted)
    }

    /// Reads for a time; whether the log came to its end. Nothing that was taken is lost when the time is over.
    async fn drain_for(&mut self, log: &mut Log, time: Duration) -> Result<bool, Over> {
        let deadline = Instant::now() + time;
        while Instant::now() < deadline
            && let Ok(chunk) = timeout_at(deadline, log.chunks.next()).await
        {
            if !self.take(&mut log.reading, chunk).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Finds out what the end of the log means.
    async fn end_of_run(&mut self) -> Result<RunEnd, Over> {
        if self.is_until_now() {
            return Err(Over);
        }
        while let Ok(told) = timeout(END_TOLD, self.told.recv()).await {
            match told.ok_or(Over)? {
                Told::Started(time) => {
                    self.goes_on_from(time);
                    self.end_is_shown = false;
                    return Ok(RunEnd::GoesOn);
                }
                Told::Died { .. } if std::mem::take(&mut self.end_is_shown) => {}
                Told::Died { code, time } => return Ok(RunEnd::Died(self.died(code, time).await?)),
            }
        }
        let state = self.state().await?;
        if matches!(state.status, ContainerStatus::Running | ContainerStatus::Paused) {
            self.goes_on_from(time(state.started_at.as_deref()));
            return Ok(RunEnd::GoesOn);
        }
        self.end_is_shown = true;
        self.died(Some(state.exit_code), time(state.finished_at.as_deref())).await.map(RunEnd::Died)
    }

    async fn state(&mut self) -> Result<ContainerState, Over> {
        match self.runtime.inspect_container(&self.subject.id).await {
            Ok(info) => Ok(info.state),
            Err(error) => Err(self.failed(error).await),
        }
    }

    /// Reads what is there by now.
    async fn read_rest(&mut self) -> Result<(), Over> {
        if let Some(mut log) = self.open(false).await? {
            self.drain(&mut log).await?;
        }
        Ok(())
    }

    /// Whether the log came to its end; the other is that the container was removed meanwhile, and nothing was read.
    async fn drain(&mut self, log: &mut Log) -> Result<bool, Over> {
        let mut read = false;
        loop {
            let chunk = log.chunks.next().await;
            let ended = chunk.is_none();
            if !self.take(&mut log.reading, chunk).await? {
                return Ok(ended || read);
            }
            read = true;
        }
    }

    /// Opens the log where the reading before ended. `None`: the container is gone.
    async fn open(&mut self, follow: bool) -> Result<Option<Log>, Over> {
        let reading = Reading::from(&self.place);
        let none = || if follow { stream::pending().boxed() } else { stream::empty().boxed() };
        if self.unreadable {
            return Ok(Some(Log { chunks: none(), reading }));
        }
        let mut options = LogOptions::default();
        options.follow = follow;
        // An engine with whole seconds may give a time before the first that was asked for.
        options.since = self.place.since().max(self.wanted.since);
        options.until = self.wanted.until;
        options.tail = self.wanted.tail;
        options.tty = Some(self.tty);
        options.timestamps = self.wanted.timestamps || (self.wanted.follow && !self.tty);
        match self.runtime.logs(&self.subject.id, &options).await {
            Ok(chunks) => Ok(Some(Log { chunks, reading })),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) if error.kind() == ErrorKind::Unsupported => {
                self.tell_unreadable(&error).await?;
                Ok(Some(Log { chunks: none(), reading }))
            }
            Err(error) => Err(self.failed(error).await),
        }
    }

    /// Takes what the log gave; false is its end.
    async fn take(
        &mut self,
        reading: &mut Reading,
        chunk: Option<runtime_core::Result<OutputChunk>>,
    ) -> Result<bool, Over> {
        let chunk = match chunk {
            Some(Ok(chunk)) => chunk,
            None => return Ok(false),
            // Podman 4.3 answers when there is something to be said.
            Some(Err(error)) if error.kind() == ErrorKind::Unsupported => {
                self.tell_unreadable(&error).await?;
                return Ok(false);
            }
            Some(Err(error)) if self.is_gone(&error).await => return Ok(false),
            Some(Err(error)) => return Err(self.failed(error).await),
        };
        let (stamp, bytes) = if self.tty || !(self.wanted.timestamps || self.wanted.follow) {
            (None, chunk.bytes)
        } else {
            match reading.take(&mut self.place, &chunk) {
                Some(new) => (new.stamp, new.bytes),
                None => return Ok(true),
            }
        };
        let stream = chunk.stream;
        let pieces = if stream == OutputStream::Stderr { &mut self.err } else { &mut self.out };
        if let Some(stamp) = stamp.filter(|_| self.wanted.timestamps && !pieces.open) {
            pieces.stamp = stamp;
        }
        pieces.open = !bytes.ends_with(b"\n");
        for line in pieces.splitter.push(&bytes) {
            let line = dated(&pieces.stamp, line);
            show(&self.sender, &self.subject, stream, line).await?;
        }
        Ok(true)
    }

    async fn tell_unreadable(&mut self, error: &runtime_core::Error) -> Result<(), Over> {
        self.unreadable = true;
        // Podman says first what it could not do, with the whole id, and last why.
        let reason = error.reason().rsplit(": ").next().unwrap_or_default().to_owned();
        let event = LogEvent::Unreadable {
            service: self.subject.service.clone(),
            number: self.subject.number,
            container: self.subject.container.clone(),
            reason,
        };
        self.sender.send(Ok(event)).await.map_err(|_| Over)
    }

    /// Whether the container is what is missing. Podman says so in the middle of the log, in a form of its own.
    async fn is_gone(&self, error: &runtime_core::Error) -> bool {
        error.is_not_found()
            || match self.runtime.inspect_container(&self.subject.id).await {
                Ok(info) => info.state.status == ContainerStatus::Removing,
                Err(error) => error.is_not_found(),
            }
    }

    /// Shows last lines that had no end.
    async fn finish_lines(&mut self) -> Result<(), Over> {
        for (pieces, stream) in [(&mut self.out, OutputStream::Stdout), (&mut self.err, OutputStream::Stderr)]
        {
            pieces.open = false;
            if let Some(line) = pieces.splitter.finish() {
                let line = dated(&pieces.stamp, line);
                show(&self.sender, &self.subject, stream, line).await?;
            }
        }
        Ok(())
    }

    /// A run ended; gives its code.
    async fn died(&mut self, code: Option<i64>, time: SystemTime) -> Result<i64, Over> {
        self.goes_on_from(time);
        match code {
            Some(code) => Ok(code),
            None => Ok(self.state().await?.exit_code),
        }
    }

    /// Where entries are not counted, the next run is read from the end of the last one on: what a container prints first can
    /// be older than the time of its start.
    fn goes_on_from(&mut self, time: SystemTime) {
        if !self.is_counted() {
            self.wanted.since = self.wanted.since.max(Some(time));
            self.place = Place::default();
        }
    }

    /// After the log of a container that does not run has been read.
    async fn after_the_end(&mut self) -> Result<Doing, Over> {
        if self.is_counted() && self.subject.restart == RestartPolicy::No {
            return Ok(Doing::Waits);
        }
        let state = self.state().await?;
        let ended = state.finished_at.as_deref().and_then(parse_time);
        if let Some(ended) = ended {
            self.goes_on_from(ended);
        }
        if matches!(state.status, ContainerStatus::Running | ContainerStatus::Restarting) {
            return Ok(Doing::WaitsForRestart);
        }
        // Its restart policy may be about to start it again.
        let ago = ended.and_then(|ended| SystemTime::now().duration_since(ended).ok());
        let soon = self.will_restart(state.exit_code) && ago.is_some_and(|ago| ago < JUST_ENDED);
        Ok(if soon { Doing::WaitsForRestart } else { Doing::Waits })
    }

    fn will_restart(&self, code: i64) -> bool {
        match self.subject.restart {
            RestartPolicy::No => false,
            RestartPolicy::OnFailure { .. } => code != 0,
            RestartPolicy::Always | RestartPolicy::UnlessStopped => true,
        }
    }

    async fn exited(&mut self, code: i64) -> Result<(), Over> {
        self.finish_lines().await?;
        let will_restart = self.will_restart(code);
        let event = LogEvent::Exited {
            service: self.subject.service.clone(),
            number: self.subject.number,
            container: self.subject.container.clone(),
            code,
            will_restart,
        };
        self.sender.send(Ok(event)).await.map_err(|_| Over)?;
        self.shared.set(if will_restart { Doing::WaitsForRestart } else { Doing::Waits });
        Ok(())
    }

    /// Tells what went wrong, unless the container was removed meanwhile.
    async fn failed(&mut self, error: runtime_core::Error) -> Over {
        if let Err(over) = self.finish_lines().await {
            return over;
        }
        if !error.is_not_found() {
            let error = Error::from(error)
                .with_service(&self.subject.service)
                .with_container(&self.subject.container);
            // Nobody reads any more.
            let _ = self.sender.send(Err(error)).await;
        }
        Over
    }
}

fn time(text: Option<&str>) -> SystemTime {
    text.and_then(parse_time).unwrap_or_else(SystemTime::now)
}

/// A line with its time before it, if times are shown.
fn dated(stamp: &Bytes, line: Bytes) -> Bytes {
    if stamp.is_empty() {
        return line;
    }
    let mut dated = BytesMut::with_capacity(stamp.len() + 1 + line.len());
    dated.extend_from_slice(stamp);
    dated.extend_from_slice(b" ");
    dated.extend_from_slice(&line);
    dated.freeze()
}

async fn show(
    sender: &mpsc::Sender<Result<LogEvent>>,
    subject: &Subject,
    stream: OutputStream,
    line: Bytes,
) -> Result<(), Over> {
    let line = LogLine {
        service: subject.service.clone(),
        number: subject.number,
        container: subject.container.clone(),
        stream,
        line,
    };
    sender.send(Ok(LogEvent::Line(line))).await.map_err(|_| Over)
}
