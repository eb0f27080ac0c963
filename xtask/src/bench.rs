//! `cargo xtask bench`: how long whole commands take, beside `docker-compose` on the same engine in the same run, how
//! fast the transport is, beside `bollard`, and how fast large projects load, beside `docker-compose` and `podup`.
//!
//! Absolute times are those of this machine at this moment. What can be compared is the ratio: the two take turns, and
//! the ratio is that of the medians of one run.

mod compose_file;
mod transport;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use clap::{Args, Subcommand};

use crate::bed::{self, Engine};
use crate::failure::{Context, Failure, Result};
use crate::say::say;
use crate::{engines, parts, run, workspace};

/// What to measure.
#[derive(Debug, Subcommand)]
pub(crate) enum Bench {
    /// `up`, `up` again, `ps` and `down` of flat projects and of a chain of health-gated services.
    Up(Up),
    /// Requests, execs, frames and events of `sock-transport` with `docker-api`, beside `bollard`, against a small
    /// server of its own on a Unix socket.
    Transport(transport::Transport),
    /// `config -q` of projects of up to 10,000 services: time and memory, beside `docker-compose` and `podup`.
    ComposeFile(compose_file::ComposeFile),
}

/// How to measure.
#[derive(Debug, Args)]
pub(crate) struct Up {
    /// Rounds of each case, of which the median is printed.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Sizes of the flat projects.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 10, 50])]
    sizes: Vec<usize>,
}

/// A tool under measurement that is cut off after this long counts as one that never ends.
const CUT: Duration = Duration::from_secs(30);
const CHAIN: usize = 5;

/// One command, measured: seconds, and the peak of its memory in MB. `None`: it was cut off.
type Sample = Option<(f64, f64)>;

/// Runs the benchmark that was asked for.
pub(crate) fn run(command: &Bench) -> Result<()> {
    match command {
        Bench::Up(options) => up(options),
        Bench::Transport(options) => transport::run(options),
        Bench::ComposeFile(options) => compose_file::run(options),
    }
}

fn up(options: &Up) -> Result<()> {
    bed::up(&[Engine::A, Engine::Docker], false)?;
    parts::shown(workspace::cargo().args(["build", "--release", "--locked", "--package", "wharf"]))?;
    let wharf = workspace::target_dir()?.join("release").join("wharf");
    let environment = engines::environment();
    let named = |name: &str| environment.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let peer = bed::docker_compose().ok_or_else(|| Failure::new("no docker-compose to compare with"))?;
    let folder = std::env::temp_dir().join(format!("wharf-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).context(|| format!("cannot make {}", folder.display()))?;
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    say!("load at the start: {}", load.trim());
    say!(
        "seconds are medians of {} rounds, wharf / docker-compose (ratio); MB is the peak of wharf / docker-compose\n",
        options.rounds
    );
    say!(
        "{:<9} {:<14} {:>8} {:>8} {:>7}   {:>5} {:>5}",
        "engine",
        "case",
        "wharf",
        "peer",
        "ratio",
        "MB",
        "peer"
    );
    for (name, variable) in [("podman", "WHARF_TEST_PODMAN"), ("docker", "WHARF_TEST_DOCKER")] {
        let socket = named(variable).ok_or_else(|| Failure::new(format!("{name} does not run")))?;
        let bench = Case { wharf: &wharf, peer: &peer, host: format!("unix://{socket}"), folder: &folder };
        for size in &options.sizes {
            bench.measure(name, &size.to_string(), &flat(*size), true, options.rounds)?;
        }
        // On Podman without systemd the peer's gates never open.
        bench.measure(name, &format!("chain of {CHAIN}"), &chain(CHAIN), name == "docker", options.rounds)?;
    }
    std::fs::remove_dir_all(&folder).context(|| format!("cannot remove {}", folder.display()))
}

struct Case<'a> {
    wharf: &'a Path,
    peer: &'a Path,
    host: String,
    folder: &'a Path,
}

impl Case<'_> {
    fn measure(&self, engine: &str, size: &str, file: &str, peer_ends: bool, rounds: usize) -> Result<()> {
        let path = self.folder.join("compose.yaml");
        std::fs::write(&path, file).context(|| format!("cannot write {}", path.display()))?;
        let steps: [(&str, &[&str]); 4] = [
            ("up", &["up", "-d"]),
            ("up again", &["up", "-d"]),
            ("ps", &["ps"]),
            ("down", &["down", "-t", "0"]),
        ];
        let mut samples: [[Vec<Sample>; 2]; 4] = Default::default();
        for _ in 0..rounds {
            for (tool, program) in [self.wharf, self.peer].into_iter().enumerate() {
                if tool == 1 && !peer_ends {
                    continue;
                }
                for (step, (_, arguments)) in steps.iter().enumerate() {
                    samples[step][tool].push(self.sample(program, tool, &path, arguments)?);
                }
            }
        }
        for ((name, _), [ours, theirs]) in steps.iter().zip(&samples) {
            say!("{}", row(engine, &format!("{name}, {size}"), ours, theirs));
        }
        Ok(())
    }

    fn sample(&self, program: &Path, tool: usize, file: &Path, arguments: &[&str]) -> Result<Sample> {
        let mut command = run::command(program);
        command
            .env("DOCKER_HOST", &self.host)
            .args(["-p", ["bench-wharf", "bench-peer"][tool], "-f"])
            .arg(file)
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        timed(&mut command)
    }
}

/// Runs a command to its end; its memory is read while it runs, as the kernel counts its peak.
fn timed(command: &mut Command) -> Result<Sample> {
    let start = Instant::now();
    let child = command.spawn().context(|| format!("cannot run {}", run::describe(command)))?;
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let (sender, receiver) = std::sync::mpsc::channel();
    let waiter = std::thread::spawn(move || {
        let result = child.wait_with_output();
        let _ = sender.send(start.elapsed());
        result
    });
    let mut peak = 0.0_f64;
    let elapsed = loop {
        peak = peak.max(peak_of(&status));
        match receiver.recv_timeout(Duration::from_millis(1)) {
            Ok(elapsed) => break elapsed,
            Err(_) if start.elapsed() > CUT => {
                return Err(Failure::new(format!("{} did not end within {CUT:?}", run::describe(command))));
            }
            Err(_) => {}
        }
    };
    let output = waiter.join().ok().and_then(std::result::Result::ok);
    match output {
        Some(output) if output.status.success() => Ok(Some((elapsed.as_secs_f64(), peak))),
        Some(output) => Err(Failure::new(format!(
            "{} ended with {}:\n{}",
            run::describe(command),
            output.status,
            run::tail(&String::from_utf8_lossy(&output.stderr), 20)
        ))),
        None => Err(Failure::new(format!("{} could not be waited for", run::describe(command)))),
    }
}

/// The peak of a process's memory so far, in MB; 0 when it is gone.
fn peak_of(status: &Path) -> f64 {
    let text = std::fs::read_to_string(status).unwrap_or_default();
    let kilobytes = text
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.split_whitespace().next())
        .and_then(|number| number.parse::<f64>().ok());
    kilobytes.unwrap_or(0.0) / 1024.0
}

fn row(engine: &str, case: &str, ours: &[Sample], theirs: &[Sample]) -> String {
    let column = |samples: &[Sample], pick: fn(&(f64, f64)) -> f64| {
        let mut values: Vec<f64> = samples.iter().flatten().map(pick).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied()
    };
    let mut text = format!("{engine:<9} {case:<14}");
    let number =
        |value: Option<f64>, digits: usize| value.map_or_else(|| "-".to_owned(), |v| format!("{v:.digits$}"));
    let (our, their) = (column(ours, |s| s.0), column(theirs, |s| s.0));
    let ratio = our.zip(their).map(|(a, b)| a / b);
    let _ = write!(text, " {:>8} {:>8} {:>7}", number(our, 3), number(their, 3), number(ratio, 2));
    let _ =
        write!(text, "   {:>5} {:>5}", number(column(ours, |s| s.1), 1), number(column(theirs, |s| s.1), 1));
    text
}

/// Services that do not depend on one another.
fn flat(count: usize) -> String {
    let mut file = String::from("services:\n");
    for n in 1..=count {
        let _ = writeln!(
            file,
            "  s{n}: {{image: busybox, command: ['sleep', '3600'], stop_grace_period: 0s, init: true}}"
        );
    }
    file
}

/// Services each of which is healthy 0.3 s after its start, and starts when the one before it is healthy.
fn chain(count: usize) -> String {
    let mut file = String::from("services:\n");
    for n in 1..=count {
        let _ = write!(
            file,
            "  s{n}:\n    image: busybox\n    command: ['sh', '-c', 'sleep 0.3; touch /tmp/ok; sleep 3600']\n    \
             stop_grace_period: 0s\n    init: true\n    healthcheck: {{test: ['CMD', 'test', '-f', '/tmp/ok'], \
             interval: 1s, timeout: 2s, retries: 10}}\n"
        );
        if n > 1 {
            let _ = writeln!(file, "    depends_on: {{s{}: {{condition: service_healthy}}}}", n - 1);
        }
    }
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_gives_medians_and_their_ratio() {
        let ours = [Some((3.0, 8.0)), Some((1.0, 9.0)), Some((2.0, 7.0))];
        let theirs = [Some((4.0, 50.0))];
        let text = row("podman", "up, 1", &ours, &theirs);
        let words: Vec<_> = text.split_whitespace().collect();
        assert_eq!(words, ["podman", "up,", "1", "2.000", "4.000", "0.50", "8.0", "50.0"]);
    }

    #[test]
    fn a_peer_that_never_ends_has_no_figures() {
        let text = row("podman", "up, chain", &[Some((2.0, 8.0))], &[]);
        assert!(text.contains(" - "), "{text}");
    }
}
