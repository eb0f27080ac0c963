//! Generated projects, read by this library and by Docker Compose.
//!
//! `WHARF_TEST_DOCKER_COMPOSE_ORACLE` names a `docker-compose` binary (5.5 or 5.6 is what this library follows); no
//! engine is needed, since only `config --format json` is run. Without the variable the test says that it is skipped.
//! `WHARF_ORACLE_CASES` is the number of cases (50), `WHARF_ORACLE_SEED` the number of the first one (0): a case is made
//! from its number alone, so that a difference can be looked at again with that seed and one case.

#![expect(clippy::unwrap_used, reason = "helpers of tests end a test with a panic")]

mod compare;
mod document;
mod dotenv;
mod known;
mod parts;
mod pieces;
mod project;
mod service;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use compare::{Oracle, Outcome};
use project::Case;

/// How often a case that differs is made smaller. Each try runs the binary once.
const SHRINKS: u32 = 250;

/// Binaries that run at the same time.
const WORKERS: usize = 2;

#[derive(Default)]
struct Totals {
    accepted: u64,
    known: Vec<u64>,
    reports: Vec<String>,
}

#[test]
fn oracle() {
    let Some(program) = std::env::var_os("WHARF_TEST_DOCKER_COMPOSE_ORACLE").map(PathBuf::from) else {
        println!("skipped: WHARF_TEST_DOCKER_COMPOSE_ORACLE names no docker-compose binary");
        return;
    };
    let number = |name: &str, default: u64| match std::env::var(name) {
        Ok(text) => text.parse().unwrap(),
        Err(_) => default,
    };
    let (cases, seed) = (number("WHARF_ORACLE_CASES", 50), number("WHARF_ORACLE_SEED", 0));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("oracle-{}", std::process::id()));
    let next = AtomicU64::new(seed);
    let totals = Mutex::new(Totals { known: vec![0; known::KNOWN.len()], ..Totals::default() });
    std::thread::scope(|scope| {
        for worker in 0..WORKERS {
            let oracle = Oracle::new(&program, &folder.join(worker.to_string()));
            let (next, totals) = (&next, &totals);
            scope.spawn(move || {
                let strategy = project::case();
                loop {
                    let case = next.fetch_add(1, Ordering::Relaxed);
                    if case >= seed + cases {
                        break;
                    }
                    let (outcome, report) = run(&oracle, &strategy, case);
                    let mut totals = totals.lock().unwrap();
                    totals.accepted += u64::from(outcome.accepted);
                    outcome.known.iter().for_each(|index| totals.known[*index] += 1);
                    totals.reports.extend(report);
                }
            });
        }
    });
    let _ = std::fs::remove_dir_all(&folder);
    let totals = totals.into_inner().unwrap();
    let version = Oracle::new(&program, &folder).version();
    println!("docker-compose {version}: {cases} cases from {seed} on, {} accepted by it", totals.accepted);
    for (known, count) in known::KNOWN.iter().zip(&totals.known).filter(|(_, count)| **count > 0) {
        println!("{count:5} times: {}", known.reason);
    }
    let differing = totals.reports.len();
    assert!(differing == 0, "{differing} of {cases} cases differ:\n{}", totals.reports.join("\n"));
}

/// Tries one case, and where it differs makes it as small as it goes.
fn run(oracle: &Oracle, strategy: &impl Strategy<Value = Case>, number: u64) -> (Outcome, Option<String>) {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&number.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let mut tree = strategy.new_tree(&mut runner).unwrap();
    let first = oracle.compare(&tree.current());
    if first.differences.is_empty() {
        return (first, None);
    }
    let kind =
        |outcome: &Outcome| outcome.differences.first().and_then(|text| text.get(..9).map(str::to_owned));
    let (mut smallest, mut differences) = (tree.current(), first.differences.clone());
    for _ in 0..SHRINKS {
        // A smaller case that no longer differs in this way has left something out that matters.
        let outcome = oracle.compare(&tree.current());
        let go_on = if kind(&outcome).is_some() && kind(&outcome) == kind(&first) {
            (smallest, differences) = (tree.current(), outcome.differences);
            tree.simplify()
        } else {
            tree.complicate()
        };
        if !go_on {
            break;
        }
    }
    let mut report = format!("--- case {number}\n{}\n", differences.join("\n"));
    for (path, text) in smallest.texts() {
        let _ = write!(report, "== {path}\n{text}");
    }
    (first, Some(report))
}
