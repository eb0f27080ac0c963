//! Logs, attach and events.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use runtime_core::{
    AttachOptions, BoxStream, ErrorKind, Event, EventFilter, EventSource, ExitStatus, LogOptions,
    OutputChunk, Result, Session, WaitCondition,
};
use tokio::sync::broadcast;
use tokio::time::Instant;

use crate::container::{Log, LogLine, lines};
use crate::engine::Engine;
use crate::state::{State, labels_match};
use crate::{Operation, fault};

/// When a reader of a log is at its end.
#[derive(Clone, Copy, Debug)]
enum End {
    /// After what is there now.
    Now,
    /// When the container does not run.
    NotRunning,
    /// At the first exit after so many.
    Exit(u64),
}

struct Reader {
    engine: Arc<Engine>,
    operation: Operation,
    id: String,
    log: Log,
    tty: bool,
    next: usize,
    end: End,
    options: LogOptions,
    failed: bool,
}

impl Reader {
    fn wants(&self, line: &LogLine) -> bool {
        let time = self.engine.clock.system_time(line.at);
        let stream = match line.stream {
            runtime_core::OutputStream::Stdout => self.options.stdout,
            runtime_core::OutputStream::Stderr => self.options.stderr,
        };
        stream
            && self.options.since.is_none_or(|since| time >= since)
            && self.options.until.is_none_or(|until| time <= until)
    }

    fn chunk(&self, line: &LogLine) -> OutputChunk {
        let text = if self.options.timestamps {
            format!("{} {}\n", self.engine.clock.rfc3339(line.at), line.text)
        } else {
            format!("{}\n", line.text)
        };
        OutputChunk { stream: line.stream, begins: !self.tty, bytes: Bytes::from(text) }
    }

    fn at_end(&self, state: &State) -> bool {
        match (self.end, state.containers.get(&self.id)) {
            (End::Now, _) | (_, None) => true,
            (End::NotRunning, Some(container)) => !container.is_alive(),
            (End::Exit(exits), Some(container)) => container.exits > exits && !container.is_alive(),
        }
    }

    /// The next line; `None` at the end.
    async fn next(&mut self) -> Result<Option<OutputChunk>> {
        let engine = Arc::clone(&self.engine);
        let (operation, id) = (self.operation, self.id.clone());
        engine
            .until(operation, &id, |state| {
                let log = Arc::clone(&self.log);
                let log = lines(&log);
                while let Some(line) = log.get(self.next) {
                    self.next += 1;
                    if self.wants(line) {
                        return Some(Some(self.chunk(line)));
                    }
                }
                self.at_end(state).then_some(None)
            })
            .await
    }

    fn into_stream(self) -> BoxStream<OutputChunk> {
        stream::unfold(self, |mut reader| async move {
            if reader.failed {
                return None;
            }
            match reader.next().await {
                Ok(chunk) => chunk.map(|chunk| (Ok(chunk), reader)),
                Err(error) => {
                    reader.failed = true;
                    Some((Err(error), reader))
                }
            }
        })
        .boxed()
    }
}

impl Engine {
    pub(crate) fn logs(
        self: &Arc<Self>,
        wanted: &str,
        options: &LogOptions,
    ) -> Result<BoxStream<OutputChunk>> {
        let mut state = self.lock();
        let container = state.container(Operation::Logs, wanted)?;
        let mut reader = Reader {
            engine: Arc::clone(self),
            operation: Operation::Logs,
            id: container.id.clone(),
            log: Arc::clone(&container.log),
            tty: container.spec.tty,
            next: 0,
            end: if options.follow { End::NotRunning } else { End::Now },
            options: options.clone(),
            failed: false,
        };
        if let Some(tail) = options.tail {
            let log = lines(&container.log);
            let wanted: Vec<usize> = log
                .iter()
                .enumerate()
                .filter(|(_, line)| reader.wants(line))
                .map(|(index, _)| index)
                .collect();
            let skip = wanted.len().saturating_sub(usize::try_from(tail).unwrap_or(usize::MAX));
            reader.next = wanted.get(skip).copied().unwrap_or(log.len());
        }
        Ok(reader.into_stream())
    }

    pub(crate) fn attach(self: &Arc<Self>, wanted: &str, options: &AttachOptions) -> Result<Session> {
        let mut state = self.lock();
        let container = state.container(Operation::Attach, wanted)?;
        let next = if options.logs { 0 } else { lines(&container.log).len() };
        let reader = Reader {
            engine: Arc::clone(self),
            operation: Operation::Attach,
            id: container.id.clone(),
            log: Arc::clone(&container.log),
            tty: container.spec.tty,
            next,
            end: End::Exit(container.exits),
            options: LogOptions::default(),
            failed: false,
        };
        let stdin = options.stdin.then(|| Box::pin(tokio::io::sink()) as _);
        Ok(Session { stdin, output: reader.into_stream() })
    }

    pub(crate) async fn wait(&self, wanted: &str, condition: WaitCondition) -> Result<ExitStatus> {
        let operation = Operation::WaitContainer;
        let (id, exits, mut code) = {
            let mut state = self.lock();
            let container = state.container(operation, wanted)?;
            (container.id.clone(), container.exits, container.exit_code)
        };
        self.until(operation, wanted, |state| {
            let Some(container) = state.containers.get(&id) else { return Some(ExitStatus::new(code)) };
            code = container.exit_code;
            let done = match condition {
                WaitCondition::NextExit => container.exits > exits,
                WaitCondition::Removed => false,
                // As on Docker, an exit ends it even if the engine starts the container again.
                _ => container.exits > exits || !container.is_alive(),
            };
            done.then(|| ExitStatus::new(code))
        })
        .await
    }

    pub(crate) fn listen(self: &Arc<Self>, filter: &EventFilter) -> BoxStream<Event> {
        let (past, receiver) = {
            let state = self.lock();
            let past: VecDeque<Event> = match filter.since {
                Some(since) => state.history.iter().filter(|event| event.time >= since).cloned().collect(),
                None => VecDeque::new(),
            };
            // Under the lock, so that nothing is in both or in neither.
            (past, self.events.subscribe())
        };
        let listener =
            Listener { engine: Arc::clone(self), past, receiver, filter: filter.clone(), failed: false };
        stream::unfold(listener, |mut listener| async move {
            let event = listener.next().await?;
            Some((event, listener))
        })
        .boxed()
    }
}

struct Listener {
    engine: Arc<Engine>,
    past: VecDeque<Event>,
    receiver: broadcast::Receiver<Event>,
    filter: EventFilter,
    failed: bool,
}

impl Listener {
    fn wants(&self, event: &Event) -> bool {
        let is_container = event.source == EventSource::Container;
        (is_container || !self.filter.containers_only)
            && (self.filter.labels.is_empty()
                || (is_container && labels_match(&event.attributes, &self.filter.labels)))
            && self.filter.until.is_none_or(|until| event.time <= until)
    }

    async fn next(&mut self) -> Option<Result<Event>> {
        if self.failed {
            return None;
        }
        let until = self.filter.until.map(|until| self.engine.clock.instant(until));
        loop {
            let event = match self.past.pop_front() {
                Some(event) => event,
                None => {
                    let received = tokio::select! {
                        biased;
                        event = self.receiver.recv() => event,
                        () = self.engine.gone() => {
                            self.failed = true;
                            return Some(Err(fault::gone(Operation::Events, "")));
                        }
                        () = sleep_until(until) => return None,
                    };
                    match received {
                        Ok(event) => event,
                        Err(broadcast::error::RecvError::Closed) => return None,
                        Err(broadcast::error::RecvError::Lagged(missed)) => {
                            self.failed = true;
                            let reason = format!("the listener was too slow and missed {missed} events");
                            return Some(Err(fault::error(Operation::Events, ErrorKind::Engine, "", reason)));
                        }
                    }
                }
            };
            if self.wants(&event) {
                return Some(Ok(event));
            }
        }
    }
}

/// Sleeps until an instant; for ever without one.
pub(crate) async fn sleep_until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}
