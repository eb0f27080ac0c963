//! What is measured.

use std::fmt;
use std::time::{Duration, Instant};

use crate::answers::{Answers, FRAMES, PROBE, frames_name};
use crate::peers::Peer;
use crate::{Failure, Tally};

/// Tasks that send requests at the same time.
const TASKS: usize = 16;

/// A small request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// `GET /_ping`: two bytes.
    Ping,
    /// `GET /version`: a small JSON answer.
    Version,
    /// `GET /containers/json`: 20 containers.
    List,
}

/// One thing to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// Requests one after another.
    InSequence(Request),
    /// Requests of 16 tasks of one client.
    AtOnce(Request),
    /// Exec create, start, output, inspect, one after another.
    Exec,
    /// A log of frames of this size.
    Log(usize),
    /// The output of an exec in frames of this size.
    Output(usize),
    /// A stream of events.
    Events,
}

/// How often each case does what it does.
#[derive(Clone, Copy, Debug)]
pub struct Counts {
    /// Requests.
    pub requests: usize,
    /// Exec round trips.
    pub execs: usize,
}

impl Counts {
    /// For measurements.
    pub const FULL: Self = Self { requests: 3200, execs: 800 };
    /// For a look at whether both clients still see the same.
    pub const SMALL: Self = Self { requests: 64, execs: 8 };
}

/// One measurement.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// From the first request to the last byte.
    pub elapsed: Duration,
    /// What was found.
    pub tally: Tally,
}

impl Case {
    /// All, in the order of the table.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let requests = [Request::Ping, Request::Version, Request::List];
        let in_sequence = requests.map(Self::InSequence);
        let at_once = requests.map(Self::AtOnce);
        let rest = [Self::Exec];
        let logs = FRAMES.map(Self::Log);
        let last = [Self::Output(FRAMES[0]), Self::Events];
        [&in_sequence[..], &at_once, &rest, &logs, &last].concat()
    }

    /// How much is done, in [`Self::unit`]s.
    #[must_use]
    pub fn amount(self, counts: Counts, answers: &Answers) -> f64 {
        let tally = self.expected(counts, answers);
        #[expect(clippy::cast_precision_loss, reason = "all counts are far below 2^53")]
        match self {
            Self::InSequence(_) | Self::AtOnce(_) => counts.requests as f64,
            Self::Exec => counts.execs as f64,
            Self::Log(_) | Self::Output(_) => (tally.bytes + tally.sum) as f64 / 1e6,
            Self::Events => tally.values as f64,
        }
    }

    /// What is counted.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        match self {
            Self::InSequence(_) | Self::AtOnce(_) => "requests/s",
            Self::Exec => "execs/s",
            Self::Log(_) | Self::Output(_) => "MB/s",
            Self::Events => "events/s",
        }
    }

    /// What there is to find.
    #[must_use]
    pub fn expected(self, counts: Counts, answers: &Answers) -> Tally {
        match self {
            Self::InSequence(request) | Self::AtOnce(request) => {
                let path = match request {
                    Request::Ping => "/_ping",
                    Request::Version => "/version",
                    Request::List => "/containers/json",
                };
                answers.tally("GET", path).times(counts.requests as u64)
            }
            Self::Exec => answers.tally("GET", &format!("/exec/{PROBE}/json")).times(counts.execs as u64),
            Self::Log(size) => answers.tally("GET", &format!("/containers/{}/logs", frames_name(size))),
            Self::Output(size) => answers.tally("GET", &format!("/exec/{}/json", frames_name(size))),
            Self::Events => answers.tally("GET", "/events"),
        }
    }

    /// Does it once.
    ///
    /// # Errors
    /// The client failed.
    pub async fn measure<P: Peer>(self, peer: &P, counts: Counts) -> Result<Sample, Failure> {
        let start = Instant::now();
        let tally = match self {
            Self::InSequence(what) => requests(peer, what, counts.requests).await?,
            Self::AtOnce(what) => at_once(peer, what, counts.requests).await?,
            Self::Exec => {
                let mut tally = Tally::default();
                for _ in 0..counts.execs {
                    tally += peer.exec(PROBE).await?;
                }
                tally
            }
            Self::Log(size) => peer.logs(&frames_name(size), |_, _| {}).await?,
            Self::Output(size) => peer.exec(&frames_name(size)).await?,
            Self::Events => peer.events().await?,
        };
        Ok(Sample { elapsed: start.elapsed(), tally })
    }
}

async fn requests<P: Peer>(peer: &P, what: Request, count: usize) -> Result<Tally, Failure> {
    let mut tally = Tally::default();
    for _ in 0..count {
        tally += match what {
            Request::Ping => peer.ping().await?,
            Request::Version => peer.version().await?,
            Request::List => peer.list().await?,
        };
    }
    Ok(tally)
}

async fn at_once<P: Peer>(peer: &P, what: Request, count: usize) -> Result<Tally, Failure> {
    let tasks: Vec<_> = (0..TASKS)
        .map(|_| {
            let peer = peer.clone();
            tokio::spawn(async move { requests(&peer, what, count / TASKS).await })
        })
        .collect();
    let mut tally = Tally::default();
    for task in tasks {
        tally += task.await??;
    }
    Ok(tally)
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ping => "ping",
            Self::Version => "version",
            Self::List => "list of 20",
        })
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = |bytes: usize| {
            if bytes < 1024 { format!("{bytes} B") } else { format!("{} KiB", bytes / 1024) }
        };
        match self {
            Self::InSequence(request) => write!(f, "{request}, in sequence"),
            Self::AtOnce(request) => write!(f, "{request}, {TASKS} tasks"),
            Self::Exec => f.write_str("exec round trip"),
            Self::Log(bytes) => write!(f, "log, {} frames", size(*bytes)),
            Self::Output(bytes) => write!(f, "exec output, {} frames", size(*bytes)),
            Self::Events => f.write_str("events"),
        }
    }
}
