//! The conformance suite of `runtime-core`, on every backend. Trial names are `<engine>::<case>`.
//!
//! The engines are named by `WHARF_TEST_DOCKER`, `WHARF_TEST_PODMAN` and `WHARF_TEST_PODMAN43`; the simulated engine
//! is always there. A case that a version of an engine is excused from says why.

#![allow(clippy::print_stdout, reason = "a test says why it was skipped")]

use std::sync::Arc;

use libtest_mimic::{Arguments, Completion, Failed, Trial};
use runtime_core::Runtime;
use runtime_core::conformance::{Bench, Case, Outcome, cases, run};
use runtime_docker::{DockerOptions, DockerRuntime};
use runtime_podman::{PodmanOptions, PodmanRuntime};
use runtime_sim::SimRuntime;
use wharf_tests::engine::Engine;

fn main() {
    let arguments = Arguments::from_args();
    let mut trials: Vec<Trial> = cases().into_iter().map(on_simulated).collect();
    for name in ["docker", "podman", "podman43"] {
        match Engine::find(name) {
            Ok(engine) => trials.extend(cases().into_iter().map(|case| on_real(case, engine.clone()))),
            Err(reason) => println!("{reason}"),
        }
    }
    libtest_mimic::run(&arguments, trials).exit();
}

fn on_real(case: Case, engine: Engine) -> Trial {
    Trial::ignorable_test(format!("{}::{}", engine.name, case.name), move || {
        let tokio = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        tokio.block_on(async {
            let bench = Bench::new(connect(&engine).await?);
            completion(run(&case, &bench).await)
        })
    })
}

async fn connect(engine: &Engine) -> runtime_core::Result<Arc<dyn Runtime>> {
    Ok(if engine.is_podman() {
        Arc::new(PodmanRuntime::connect(PodmanOptions::new(&engine.socket)).await?)
    } else {
        Arc::new(DockerRuntime::connect(DockerOptions::new(&engine.socket)).await?)
    })
}

fn on_simulated(case: Case) -> Trial {
    Trial::ignorable_test(format!("sim::{}", case.name), move || {
        let tokio = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?;
        tokio.block_on(async {
            let sim = SimRuntime::new();
            let bench = Bench::simulated(Arc::new(sim.clone()));
            sim.add_image(&bench.image);
            completion(run(&case, &bench).await)
        })
    })
}

fn completion(outcome: Outcome) -> Result<Completion, Failed> {
    match outcome {
        Outcome::Passed => Ok(Completion::Completed),
        Outcome::Skipped(reason) => Ok(Completion::ignored_with(format!("skipped: {reason}"))),
        Outcome::Excused(reason) => Ok(Completion::ignored_with(format!("excused: {reason}"))),
        Outcome::Failed(why) => Err(why.into()),
        other => Err(format!("{other:?}").into()),
    }
}
