//! End-to-end tests: the built `wharf` on real engines. Trial names are `<engine>::<group>::<test>`.

#![allow(clippy::print_stdout, reason = "a test says why it was skipped")]

mod compat;
mod converge;
mod gates;
mod rabbitmq;

use libtest_mimic::{Arguments, Trial};
use wharf_tests::engine::Engine;
use wharf_tests::harness::TestResult;

/// One test: its name and what it does on an engine.
type Case = (&'static str, fn(&Engine) -> TestResult);

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for name in ["docker", "podman"] {
        match Engine::find(name) {
            Ok(engine) => {
                let own = if engine.is_podman() { rabbitmq::PODMAN_CASES } else { &[] };
                let groups = [gates::CASES, converge::CASES, compat::CASES, rabbitmq::CASES, own];
                for (case, test) in groups.concat() {
                    let engine = engine.clone();
                    trials.push(Trial::test(format!("{name}::{case}"), move || {
                        test(&engine).map_err(|error| error.to_string().into())
                    }));
                }
            }
            Err(reason) => println!("{reason}"),
        }
    }
    libtest_mimic::run(&arguments, trials).exit();
}
