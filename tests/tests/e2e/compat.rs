//! Docker's own tool sees what `wharf` started.

use std::process::Command;

use wharf_tests::engine::Engine;
use wharf_tests::ensure;
use wharf_tests::harness::{Project, TestResult, run};

pub(crate) const CASES: &[crate::Case] =
    &[("compat::docker_compose_lists_and_reads", docker_compose_lists_and_reads)];

fn docker_compose_lists_and_reads(engine: &Engine) -> TestResult {
    let Some(program) = std::env::var_os("WHARF_TEST_DOCKER_COMPOSE").filter(|p| !p.is_empty()) else {
        println!("skipped: WHARF_TEST_DOCKER_COMPOSE does not name a docker-compose");
        return Ok(());
    };
    let file = "
services:
  web:
    image: busybox
    init: true
    stop_grace_period: 0s
    command: ['sh', '-c', 'echo hello from web; sleep 3600']
    scale: 2
  job:
    image: busybox
    command: ['echo', 'hello from the job']
";
    let project = Project::new(engine, file)?;
    project.wharf(&["up", "-d", "--wait"])?.ok()?;
    let compose = |arguments: &[&str]| {
        run(Command::new(&program)
            .env("DOCKER_HOST", engine.host())
            .args(["-p", &project.name])
            .args(arguments))?
        .ok()
    };
    let listed = compose(&["ps", "--all", "--format", "json"])?;
    let mut services: Vec<_> = listed
        .json_lines()?
        .iter()
        .map(|line| {
            format!(
                "{} {}",
                line["Service"].as_str().unwrap_or_default(),
                line["State"].as_str().unwrap_or_default()
            )
        })
        .collect();
    services.sort();
    ensure!(services == ["job exited", "web running", "web running"], "{listed}");
    let logs = compose(&["logs"])?;
    for part in ["web-1", "web-2", "hello from web", "job-1", "hello from the job"] {
        ensure!(logs.says(part), "the logs lack {part:?}\n{logs}");
    }
    Ok(())
}
