//! Shows how a command goes on: live rows on a terminal, lines elsewhere.

mod board;
mod plain;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use compose::{EventSink, ProgressEvent, State as Event, Subject, SubjectKind, Verb};

use crate::output::{Output, ProgressKind};
use crate::terminal;

use board::{Board, State};

/// The least time between two drawings.
const TICK: Duration = Duration::from_millis(100);

/// Follows one command. Dropping it leaves the last rows on the screen.
#[derive(Debug)]
pub(crate) struct Reporter {
    shared: Arc<Shared>,
    ticker: Option<tokio::task::JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    output: Output,
    board: Mutex<Board>,
}

impl Reporter {
    /// Begins; `title` is the command's word. Must be called within a tokio runtime.
    pub(crate) fn start(output: &Output, title: &'static str) -> Self {
        let board = Mutex::new(Board::new(title, Instant::now()));
        let shared = Arc::new(Shared { output: output.clone(), board });
        let ticker = (output.progress() == ProgressKind::Live).then(|| {
            let shared = Arc::clone(&shared);
            tokio::spawn(async move {
                let mut ticks = tokio::time::interval(TICK);
                ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
                loop {
                    ticks.tick().await;
                    shared.draw();
                }
            })
        });
        Self { shared, ticker }
    }

    /// What the orchestrator tells its progress to.
    pub(crate) fn sink(&self) -> EventSink {
        let shared = Arc::clone(&self.shared);
        Arc::new(move |event| shared.receive(&event))
    }
}

impl Drop for Reporter {
    fn drop(&mut self) {
        let Some(ticker) = self.ticker.take() else { return };
        ticker.abort();
        let mut board = self.shared.lock();
        board.give_up(Instant::now());
        let rows = if board.is_empty() {
            Vec::new()
        } else {
            board.render(terminal::size().columns.into(), usize::MAX, Instant::now())
        };
        self.shared.output.end_live(rows);
    }
}

impl Shared {
    fn receive(&self, event: &ProgressEvent) {
        let subject = &event.subject;
        if let Event::Warning(text) = &event.state {
            self.output.warning(text);
            return;
        }
        let now = Instant::now();
        let kind = subject.kind.as_str();
        let mut board = self.lock();
        match &event.state {
            Event::Log(line) => {
                if let Some(line) = plain::clean(line) {
                    if self.output.progress() == ProgressKind::Plain {
                        self.output.err(&plain::log(&subject.name, &line));
                    }
                    board.detail(kind, &subject.name, line, now);
                }
            }
            Event::Progress { done, total } => {
                board.detail(kind, &subject.name, plain::bytes(*done, *total), now);
            }
            // What happens to a service is told by its containers, and at the end by the error.
            _ if subject.kind == SubjectKind::Service => {}
            state => {
                let Some(state) = translate(subject, state) else { return };
                board.set(kind, &subject.name, state.clone(), now);
                if self.output.progress() == ProgressKind::Plain {
                    let elapsed = board.elapsed(kind, &subject.name, now);
                    self.output.err(&plain::line(kind, &subject.name, &state, elapsed));
                }
            }
        }
    }

    fn draw(&self) {
        let mut board = self.lock();
        if board.is_empty() {
            return;
        }
        let size = terminal::size();
        // The last line is the cursor's.
        let height = usize::from(size.rows).saturating_sub(1).max(2);
        let rows = board.render(size.columns.into(), height, Instant::now());
        drop(board);
        self.output.draw(rows);
    }

    fn lock(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Leaves out how pulls go on: only their beginning and their end are told.
pub(crate) fn without_pulls(sink: EventSink) -> EventSink {
    let pulling: Mutex<BTreeSet<String>> = Mutex::default();
    Arc::new(move |event| {
        if event.subject.kind == SubjectKind::Image {
            let mut pulling = pulling.lock().unwrap_or_else(PoisonError::into_inner);
            match &event.state {
                Event::Working(Verb::Pull) => {
                    pulling.insert(event.subject.name.clone());
                }
                Event::Log(_) | Event::Progress { .. } if pulling.contains(&event.subject.name) => return,
                Event::Log(_) | Event::Progress { .. } => {}
                _ => {
                    pulling.remove(&event.subject.name);
                }
            }
        }
        sink(event);
    })
}

/// The words for what happens. `None` for what a newer `compose` may tell.
fn translate(subject: &Subject, event: &Event) -> Option<State> {
    let kind = subject.kind;
    Some(match event {
        Event::Planned => State::Planned,
        Event::Working(verb) => State::Busy(verb.doing().to_owned()),
        Event::Waiting { condition, on } => {
            let condition = match *condition {
                "service_completed_successfully" => "completed",
                other => other.strip_prefix("service_").unwrap_or(other),
            };
            // On a container of the service itself its name says it already.
            if subject.service.as_deref() == Some(on) {
                State::Waiting(format!("Waiting ({condition})"))
            } else {
                State::Waiting(format!("Waiting for {on} ({condition})"))
            }
        }
        Event::Done(verb @ (Verb::Create | Verb::Recreate | Verb::Rename))
            if kind == SubjectKind::Container =>
        {
            State::Between(verb.done().to_owned())
        }
        Event::Done(verb) => State::Done(verb.done().to_owned()),
        Event::Healthy => State::Done("Healthy".to_owned()),
        Event::Exited(0) => State::Done("Exited (0)".to_owned()),
        Event::Exited(code) => State::Failed(format!("Exited ({code})")),
        Event::Unchanged if kind == SubjectKind::Container => State::Unchanged("Up to date".to_owned()),
        Event::Unchanged => State::Unchanged("Exists".to_owned()),
        Event::Failed(_) => State::Failed("Failed".to_owned()),
        Event::Skipped => State::Dropped("Skipped".to_owned()),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_pulls_tell_their_beginning_and_end_and_builds_tell_all() {
        let told: Arc<Mutex<Vec<Event>>> = Arc::default();
        let sink = {
            let told = Arc::clone(&told);
            without_pulls(Arc::new(move |event| told.lock().unwrap().push(event.state)))
        };
        let tell =
            |name: &str, state| sink(ProgressEvent::new(Subject::new(SubjectKind::Image, name), state));
        for (name, verb) in [("redis", Verb::Pull), ("app", Verb::Build)] {
            tell(name, Event::Working(verb));
            tell(name, Event::Log("a line".into()));
            tell(name, Event::Progress { done: 1, total: 2 });
            tell(name, Event::Done(verb));
        }
        let expected = [
            Event::Working(Verb::Pull),
            Event::Done(Verb::Pull),
            Event::Working(Verb::Build),
            Event::Log("a line".into()),
            Event::Progress { done: 1, total: 2 },
            Event::Done(Verb::Build),
        ];
        assert_eq!(*told.lock().unwrap(), expected);
    }

    fn container(service: &str) -> Subject {
        Subject::new(SubjectKind::Container, format!("shop-{service}-1")).of_service(service)
    }

    #[test]
    fn conditions_are_told_in_words() {
        let waiting = Event::Waiting { condition: "service_completed_successfully", on: "init".into() };
        let state = |service| translate(&container(service), &waiting);
        let text = "Waiting for init (completed)";
        assert_eq!(state("web"), Some(State::Waiting(text.into())));
        assert_eq!(state("init"), Some(State::Waiting("Waiting (completed)".into())));
    }

    #[test]
    fn a_job_that_ended_badly_is_no_success() {
        let state = |code| translate(&container("job"), &Event::Exited(code));
        assert_eq!(state(0), Some(State::Done("Exited (0)".into())));
        assert_eq!(state(3), Some(State::Failed("Exited (3)".into())));
        let stopped = translate(&container("job"), &Event::Done(Verb::Stop));
        assert_eq!(stopped, Some(State::Done("Stopped".into())));
    }
}
