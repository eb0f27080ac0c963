//! What a dependency has to be before its dependents start.

use std::fmt::Write as _;

use serde_json::Value;
use wharf_tests::engine::Engine;
use wharf_tests::ensure;
use wharf_tests::harness::{Project, TestResult};

pub(crate) const CASES: &[crate::Case] = &[
    ("gates::chain_of_five", chain_of_five),
    ("gates::a_job_that_succeeds", a_job_that_succeeds),
    ("gates::a_job_that_fails", a_job_that_fails),
    ("gates::an_unhealthy_dependency", an_unhealthy_dependency),
    ("gates::a_dependency_that_crashes", a_dependency_that_crashes),
    ("gates::the_image_health_check_is_probed", the_image_health_check_is_probed),
    ("gates::wait_fails_for_an_unhealthy_service", wait_fails_for_an_unhealthy_service),
];

/// Five services, each healthy 0.3 s after its start and started when the one before it is healthy.
pub(crate) fn chain(length: usize) -> String {
    let mut file = String::from("services:\n");
    for n in 1..=length {
        let _ = write!(
            file,
            "  s{n}:\n    image: busybox\n    init: true\n    stop_grace_period: 0s\n    command: ['sh', '-c', 'sleep 0.3; touch /tmp/ok; sleep 3600']\n    \
             healthcheck: {{test: ['CMD', 'test', '-f', '/tmp/ok'], interval: 1s, timeout: 2s, retries: 10}}\n"
        );
        if n > 1 {
            let _ = writeln!(file, "    depends_on: {{s{}: {{condition: service_healthy}}}}", n - 1);
        }
    }
    file
}

fn chain_of_five(engine: &Engine) -> TestResult {
    let project = Project::new(engine, &chain(5))?;
    project.wharf(&["up", "-d"])?.ok()?;
    let mut started = Vec::new();
    for n in 1..=5 {
        let state = &project.get(&format!("/v1.41/containers/{}-s{n}-1/json", project.name))?["State"];
        ensure!(state["Running"] == Value::Bool(true), "s{n} does not run: {state}");
        started.push(state["StartedAt"].as_str().unwrap_or_default().to_owned());
    }
    ensure!(started.is_sorted(), "not started one after another: {started:?}");
    // The last one may still be starting: nothing waits for it.
    let healthy = project.wharf(&["up", "-d", "--wait"])?.ok()?;
    let listed = project.wharf(&["ps", "--format", "json"])?.ok()?.json_lines()?;
    ensure!(listed.len() == 5, "ps lists {} of 5\n{healthy}", listed.len());
    for line in listed {
        ensure!(line["Health"] == "healthy", "not healthy: {line}");
    }
    Ok(())
}

const JOB: &str = "
services:
  job:
    image: busybox
    command: ['sh', '-c', 'echo the job says hello; exit CODE']
  app:
    image: busybox
    init: true
    stop_grace_period: 0s
    command: ['sleep', '3600']
    depends_on: {job: {condition: service_completed_successfully}}
";

fn a_job_that_succeeds(engine: &Engine) -> TestResult {
    let project = Project::new(engine, &JOB.replace("CODE", "0"))?;
    project.wharf(&["up", "-d"])?.ok()?;
    let states: Vec<_> = project.states()?.into_iter().map(|(name, _, state)| (name, state)).collect();
    let expected = [
        (format!("{}-app-1", project.name), "running".into()),
        (format!("{}-job-1", project.name), "exited".into()),
    ];
    ensure!(states == expected, "{states:?}");
    Ok(())
}

fn a_job_that_fails(engine: &Engine) -> TestResult {
    let project = Project::new(engine, &JOB.replace("CODE", "3"))?;
    let output = project.wharf(&["up", "-d"])?.expect_code(1)?;
    ensure!(output.stderr.contains("job"), "does not name the service\n{output}");
    ensure!(output.stderr.contains('3'), "does not tell the exit code\n{output}");
    ensure!(output.stderr.contains("the job says hello"), "does not show the last log lines\n{output}");
    let running: Vec<_> = project.states()?.into_iter().filter(|(_, _, state)| state == "running").collect();
    ensure!(running.is_empty(), "something was started: {running:?}");
    Ok(())
}

const GATED: &str = "
services:
  other:
    image: busybox
    init: true
    stop_grace_period: 0s
    command: ['sleep', '3600']
  db:
    image: busybox
    init: true
    stop_grace_period: 0s
    command: ['sh', '-c', 'COMMAND']
    healthcheck: {test: ['CMD-SHELL', 'echo the probe says no; exit 1'], interval: 300ms, timeout: 2s, retries: 3}
  app:
    image: busybox
    init: true
    stop_grace_period: 0s
    command: ['sleep', '3600']
    depends_on: {db: {condition: service_healthy}}
";

fn an_unhealthy_dependency(engine: &Engine) -> TestResult {
    let project = Project::new(engine, &GATED.replace("COMMAND", "echo starting; sleep 3600"))?;
    let output = project.wharf(&["up", "-d"])?.expect_code(1)?;
    for part in ["db", "unhealthy", "the probe says no", "starting"] {
        ensure!(output.stderr.contains(part), "does not say {part:?}\n{output}");
    }
    let states = project.states()?;
    let state = |service: &str| {
        let name = format!("{}-{service}-1", project.name);
        states.iter().find(|(n, _, _)| *n == name).map(|(_, _, state)| state.as_str())
    };
    ensure!(state("other") == Some("running"), "what was up did not stay up: {states:?}");
    ensure!(state("db") == Some("running"), "what was up did not stay up: {states:?}");
    ensure!(state("app") != Some("running"), "the dependent was started: {states:?}");
    Ok(())
}

fn a_dependency_that_crashes(engine: &Engine) -> TestResult {
    let project = Project::new(engine, &GATED.replace("COMMAND", "echo giving up; exit 7"))?;
    let output = project.wharf(&["up", "-d"])?.expect_code(1)?;
    for part in ["db", "7", "giving up"] {
        ensure!(output.stderr.contains(part), "does not say {part:?}\n{output}");
    }
    ensure!(output.elapsed.as_secs() < 20, "the end of the container did not end the wait\n{output}");
    Ok(())
}

fn the_image_health_check_is_probed(engine: &Engine) -> TestResult {
    let file = "
services:
  web:
    build: .
    init: true
    stop_grace_period: 0s
    command: ['sh', '-c', 'sleep 0.3; touch /tmp/ok; sleep 3600']
  app:
    image: busybox
    command: ['true']
    depends_on: {web: {condition: service_healthy}}
";
    let project = Project::new(engine, file)?;
    project.write(
        "Dockerfile",
        "FROM busybox\nHEALTHCHECK --interval=1s --timeout=2s --retries=10 CMD test -f /tmp/ok\n",
    )?;
    project.wharf(&["up", "-d"])?.ok()?;
    let listed = project.wharf(&["ps", "--format", "json"])?.ok()?.json_lines()?;
    let web = listed.iter().find(|line| line["Service"] == "web");
    ensure!(web.is_some_and(|line| line["Health"] == "healthy"), "{listed:?}");
    Ok(())
}

fn wait_fails_for_an_unhealthy_service(engine: &Engine) -> TestResult {
    let project = Project::new(engine, &GATED.replace("COMMAND", "sleep 3600"))?;
    let output = project.wharf(&["up", "-d", "--wait", "db"])?.expect_code(1)?;
    ensure!(output.stderr.contains("unhealthy"), "{output}");
    Ok(())
}
