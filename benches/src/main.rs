//! `cargo xtask bench transport` runs this: it starts the server in a process of its own, lets both clients
//! take turns, and prints a table.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Duration;

use clap::Parser;
use rustix::thread::{CpuSet, sched_setaffinity};
use rustix::time::{ClockId, clock_gettime};
use tokio::runtime::Runtime;
use wharf_benches::answers::{Answers, Scale};
use wharf_benches::cases::{Case, Counts, Sample};
use wharf_benches::peers::{Bollard, Peer, Wharf};
use wharf_benches::{Failure, server};

/// Measures sock-transport and docker-api beside bollard.
#[derive(Debug, Parser)]
struct Options {
    /// Rounds of each case, of which the median is printed.
    #[arg(long, default_value_t = 15)]
    rounds: usize,
    /// Threads of the clients' runtime; 0 runs everything on the calling thread.
    #[arg(long, default_value_t = 0)]
    workers: usize,
    /// Run the clients and the server on this processor only: what else the machine does then moves them less.
    #[arg(long)]
    pin: Option<usize>,
    /// Only the cases whose name holds this.
    #[arg(long, default_value = "")]
    case: String,
    /// Only this client: `wharf` or `bollard`. For profiles.
    #[arg(long, default_value = "")]
    only: String,
    /// Be the server, on this socket, until standard input ends.
    #[arg(long, hide = true)]
    serve: Option<PathBuf>,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let done = match &options.serve {
        Some(socket) => serve(socket),
        None => compare(&options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = writeln!(std::io::stderr(), "error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn serve(socket: &Path) -> Result<(), Failure> {
    server::start(socket, Answers::new(Scale::FULL))?;
    writeln!(std::io::stdout(), "ready")?;
    let _ = std::io::stdin().read(&mut [0; 1])?;
    Ok(())
}

/// The server's process; it ends with this value.
struct Server(Child);

impl Server {
    fn start(socket: &Path) -> Result<Self, Failure> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("--serve")
            .arg(socket)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line)?;
        }
        if line.trim() == "ready" { Ok(Self(child)) } else { Err("the server did not start".into()) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

/// What one client did in one case: the samples' times, and the processor time of this process.
#[derive(Default)]
struct Side {
    elapsed: Vec<Duration>,
    busy: Vec<Duration>,
}

impl Side {
    fn add<P: Peer>(&mut self, bench: &Bench<'_>, case: Case, peer: &P) -> Result<(), Failure> {
        let before = processor_time();
        let Sample { elapsed, tally } = bench.runtime.block_on(case.measure(peer, Counts::FULL))?;
        let expected = case.expected(Counts::FULL, bench.answers);
        if tally != expected {
            return Err(format!("{case}: {tally:?} was found in place of {expected:?}").into());
        }
        self.elapsed.push(elapsed);
        self.busy.push(processor_time().saturating_sub(before));
        Ok(())
    }
}

struct Bench<'a> {
    runtime: &'a Runtime,
    answers: &'a Answers,
}

fn compare(options: &Options) -> Result<(), Failure> {
    if let Some(processor) = options.pin {
        // The server's process inherits it.
        if processor >= CpuSet::MAX_CPU {
            return Err(format!("there is no processor {processor}").into());
        }
        let mut set = CpuSet::new();
        set.set(processor);
        sched_setaffinity(None, &set)?;
    }
    let folder = tempfile::tempdir()?;
    let socket = folder.path().join("engine.sock");
    let server = Server::start(&socket)?;
    let answers = Answers::new(Scale::FULL);
    let mut builder = match options.workers {
        0 => tokio::runtime::Builder::new_current_thread(),
        _ => tokio::runtime::Builder::new_multi_thread(),
    };
    let runtime = builder.worker_threads(options.workers.max(1)).enable_all().build()?;
    let bench = Bench { runtime: &runtime, answers: &answers };
    let (wharf, bollard) = (Wharf::new(&socket), Bollard::new(&socket)?);
    let mut out = std::io::stdout();
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    writeln!(out, "load at the start: {}", load.trim())?;
    writeln!(out, "wharf: sock-transport {}", env!("CARGO_PKG_VERSION"))?;
    writeln!(out, "bollard: {}", bollard_version())?;
    writeln!(
        out,
        "medians of {} rounds after one that does not count; the clients take turns at being first; ratio is wharf's \
         speed over bollard's in the same round, and cpu bollard's processor time over wharf's (the server's is not in it)\n",
        options.rounds
    )?;
    writeln!(out, "{:<28} {:>12} {:>12} {:<10} {:>6} {:>6}", "case", "wharf", "bollard", "", "ratio", "cpu")?;
    for case in Case::all() {
        let name = case.to_string();
        if !name.contains(&options.case) {
            continue;
        }
        let (mut ours, mut theirs) = (Side::default(), Side::default());
        for round in 0..=options.rounds {
            for turn in 0..2 {
                if (round + turn) % 2 == 0 {
                    if options.only != "bollard" {
                        ours.add(&bench, case, &wharf)?;
                    }
                } else if options.only != "wharf" {
                    theirs.add(&bench, case, &bollard)?;
                }
            }
        }
        writeln!(out, "{}", row(&name, case.unit(), case.amount(Counts::FULL, &answers), &ours, &theirs))?;
    }
    drop(server);
    Ok(())
}

/// The median, without the first value, which was the warm-up.
fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut rest: Vec<f64> = values.skip(1).collect();
    rest.sort_by(f64::total_cmp);
    rest.get(rest.len() / 2).copied().unwrap_or(f64::NAN)
}

fn seconds(times: &[Duration]) -> impl Iterator<Item = f64> {
    times.iter().map(Duration::as_secs_f64)
}

/// The median of the rounds' ratios: what else the machine did in a round slowed both clients.
fn ratio(ours: &[Duration], theirs: &[Duration]) -> f64 {
    median(seconds(theirs).zip(seconds(ours)).map(|(their, our)| their / our))
}

fn row(name: &str, unit: &str, amount: f64, ours: &Side, theirs: &Side) -> String {
    let rate = |side: &Side| median(seconds(&side.elapsed).map(|time| amount / time));
    let digits = usize::from(rate(ours) < 1000.0);
    format!(
        "{name:<28} {:>12.digits$} {:>12.digits$} {unit:<10} {:>6.2} {:>6.2}",
        rate(ours),
        rate(theirs),
        ratio(&ours.elapsed, &theirs.elapsed),
        ratio(&ours.busy, &theirs.busy),
    )
}

/// Which bollard was built, from the lock file.
fn bollard_version() -> &'static str {
    let mut lines = include_str!("../../Cargo.lock").lines();
    let found = lines.find(|line| *line == "name = \"bollard\"").and_then(|_| lines.next());
    found.and_then(|line| line.split('"').nth(1)).unwrap_or("of unknown version")
}

/// The processor time that this process has had so far.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::try_from(time).unwrap_or_default()
}
