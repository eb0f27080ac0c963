//! The prober on a simulated engine, under a paused clock.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use compose::health::{Probe, ProbeEnd, ProbeSpec, Schedule, Verdict, WaitOptions, probe_once, wait_healthy};
use runtime_core::{ContainerSpec, ErrorKind, RestartPolicy, Runtime};
use runtime_sim::{ExecOutcome, ExecRule, Fault, Operation, Selector, SimProgram, SimRuntime};
use tokio::time::{Instant, timeout};

const S: Duration = Duration::from_secs(1);
const MS: Duration = Duration::from_millis(1);

fn check(interval: Duration, retries: u32) -> ProbeSpec {
    ProbeSpec::new(["probe"], Schedule { interval, retries, timeout: S * 2, ..Schedule::default() })
}

/// An engine on which the container `a` has just been started.
async fn started(program: SimProgram, user: Option<&str>) -> SimRuntime {
    let sim = SimRuntime::new();
    sim.add_image("busybox");
    sim.script(Selector::name("a"), program);
    let mut spec = ContainerSpec::new("a", "busybox");
    spec.user = user.map(str::to_owned);
    sim.create_container(&spec).await.unwrap();
    sim.start_container("a").await.unwrap();
    sim
}

async fn wait(sim: &SimRuntime, spec: &ProbeSpec) -> (Verdict, Duration) {
    let begin = Instant::now();
    let verdict = wait_healthy(sim, "a", spec, WaitOptions::default()).await.unwrap();
    (verdict, begin.elapsed())
}

#[tokio::test(start_paused = true)]
async fn ready_after_300_ms_is_seen_by_350_ms() {
    for user in [None, Some("app")] {
        let sim = started(SimProgram::new().ready_after(300 * MS), user).await;
        let (verdict, took) = wait(&sim, &check(S * 30, 3)).await;
        assert_eq!(verdict, Verdict::Healthy);
        assert!(took >= 300 * MS && took <= 350 * MS, "{took:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn never_ready_is_unhealthy_when_docker_says_so() {
    let rule = ExecRule::new(ExecOutcome::exit(7).with_stdout("not ").with_stderr("yet\n"));
    let sim = started(SimProgram::new().on_exec(rule), None).await;
    let (verdict, took) = wait(&sim, &check(S * 10, 3)).await;
    assert_eq!(took, S * 30);
    let Verdict::Unhealthy { failing_streak, probe } = verdict else { panic!("{verdict:?}") };
    assert_eq!(failing_streak, 3);
    assert_eq!((probe.end, probe.output.as_str()), (ProbeEnd::Exited(7), "not yet"));
}

#[tokio::test(start_paused = true)]
async fn failures_within_the_start_period_do_not_count() {
    let mut spec = check(S, 2);
    spec.schedule.start_period = S * 60;
    spec.schedule.start_interval = S;
    let sim = started(SimProgram::new().ready_after(S * 50), None).await;
    let (verdict, took) = wait(&sim, &spec).await;
    assert_eq!(verdict, Verdict::Healthy);
    assert!(took >= S * 50 && took <= S * 51, "{took:?}");

    spec.schedule.start_period = Duration::ZERO;
    let sim = started(SimProgram::new().ready_after(S * 50), None).await;
    let (verdict, took) = wait(&sim, &spec).await;
    assert!(matches!(verdict, Verdict::Unhealthy { .. }));
    assert_eq!(took, S * 2);
}

#[tokio::test(start_paused = true)]
async fn a_probe_that_hangs_is_abandoned_at_its_timeout() {
    let sim = started(SimProgram::new().on_exec(ExecRule::new(ExecOutcome::hang())), None).await;
    let mut spec = check(S * 5, 2);
    spec.schedule.timeout = S;
    let (verdict, took) = wait(&sim, &spec).await;
    // Docker: at 5 s, for 1 s; 5 s later again, for 1 s.
    assert_eq!(took, S * 12);
    let Verdict::Unhealthy { probe, .. } = verdict else { panic!("{verdict:?}") };
    assert_eq!(probe.end, ProbeEnd::TimedOut(S));
}

#[tokio::test(start_paused = true)]
async fn an_early_probe_that_hangs_does_not_delay_a_counted_one() {
    let program =
        SimProgram::new().on_exec(ExecRule::new(ExecOutcome::hang()).until(S * 4)).ready_after(S * 4);
    let sim = started(program, None).await;
    let mut spec = check(S * 5, 1);
    spec.schedule.timeout = S * 60;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let observer = |probe: &Probe| seen.lock().unwrap().push(probe.end);
    let begin = Instant::now();
    let verdict = wait_healthy(&sim, "a", &spec, WaitOptions::default().on_probe(&observer)).await.unwrap();
    assert_eq!((verdict, begin.elapsed()), (Verdict::Healthy, S * 5));
    assert_eq!(*seen.lock().unwrap(), [ProbeEnd::Exited(0)]);
}

#[tokio::test(start_paused = true)]
async fn an_exit_ends_the_wait_at_once() {
    let program = SimProgram::new()
        .on_exec(ExecRule::new(ExecOutcome::exit(1).with_stdout("no")))
        .exits_after(S * 7 + 3 * MS, 42);
    let sim = started(program, None).await;
    let (verdict, took) = wait(&sim, &check(S * 30, 3)).await;
    assert_eq!(took, S * 7 + 3 * MS);
    let Verdict::Exited { code: 42, probe: Some(probe) } = verdict else { panic!("{verdict:?}") };
    assert_eq!(probe.output, "no");
}

#[tokio::test(start_paused = true)]
async fn a_container_that_the_engine_starts_again_begins_anew() {
    let sim = SimRuntime::new();
    sim.add_image("busybox");
    sim.script(Selector::name("a"), SimProgram::new().never_ready().exits_after(S * 3, 1));
    let mut spec = ContainerSpec::new("a", "busybox");
    spec.restart = RestartPolicy::OnFailure(Some(2));
    sim.create_container(&spec).await.unwrap();
    sim.start_container("a").await.unwrap();
    // Each run is shorter than two intervals, so that it never becomes unhealthy; the third one is the last.
    let (verdict, _) = wait(&sim, &check(S * 2, 2)).await;
    assert!(matches!(verdict, Verdict::Exited { code: 1, .. }), "{verdict:?}");
    assert_eq!(sim.inspect_container("a").await.unwrap().restart_count, 2);
}

#[tokio::test(start_paused = true)]
async fn early_probes_run_as_the_user_that_the_main_process_has_become() {
    let program = SimProgram::new()
        .processes(Duration::ZERO, [("root", "/bin/sh /entrypoint.sh server")])
        .processes(400 * MS, [("app", "server")])
        .ready_after(700 * MS);
    let sim = started(program, None).await;
    let (verdict, took) = wait(&sim, &check(S * 30, 3)).await;
    assert_eq!(verdict, Verdict::Healthy);
    assert!(took <= 860 * MS, "{took:?}");
    let execs = sim.execs();
    assert!(execs.iter().all(|exec| exec.user.as_deref() == Some("app")), "{execs:?}");
    assert!(execs.first().unwrap().since_start >= 400 * MS);
}

#[tokio::test(start_paused = true)]
async fn counted_probes_run_as_the_configured_user() {
    let program = SimProgram::new()
        .processes(Duration::ZERO, [("app", "server")])
        .on_exec(ExecRule::new(ExecOutcome::exit(1)).user("app"));
    let sim = started(program, None).await;
    let (verdict, took) = wait(&sim, &check(S, 1)).await;
    assert_eq!((verdict, took), (Verdict::Healthy, S));
    assert_eq!(sim.execs().last().unwrap().user, None);
}

#[tokio::test(start_paused = true)]
async fn without_a_list_of_processes_only_counted_probes_are_made() {
    let sim = started(SimProgram::new(), None).await;
    sim.inject(Fault::fail(Operation::Processes, ErrorKind::Unsupported, "no ps").always());
    let (verdict, took) = wait(&sim, &check(S * 3, 3)).await;
    assert_eq!((verdict, took), (Verdict::Healthy, S * 3));
    assert_eq!((sim.execs().len(), sim.calls_of(Operation::Processes)), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_container_that_has_been_up_is_probed_at_once() {
    let sim = started(SimProgram::new(), None).await;
    let begin = Instant::now();
    let options = WaitOptions::default().running_for(S * 60);
    assert_eq!(wait_healthy(&sim, "a", &check(S, 3), options).await.unwrap(), Verdict::Healthy);
    assert_eq!(begin.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_paused_container_is_not_probed() {
    let sim = started(SimProgram::new(), None).await;
    sim.pause_container("a").await.unwrap();
    let spec = check(S, 1);
    assert!(timeout(S * 60, wait(&sim, &spec)).await.is_err(), "no verdict while it is paused");
    sim.unpause_container("a").await.unwrap();
    assert_eq!(wait(&sim, &spec).await.0, Verdict::Healthy);
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_goes_away_ends_the_wait_and_a_dropped_wait_leaves_it_usable() {
    let sim = started(SimProgram::new().on_exec(ExecRule::new(ExecOutcome::hang())), None).await;
    let spec = check(S * 30, 3);
    assert!(timeout(S, wait(&sim, &spec)).await.is_err());
    sim.ping().await.unwrap();
    let other = sim.clone();
    tokio::spawn(async move {
        tokio::time::sleep(S).await;
        other.go_away();
    });
    let begin = Instant::now();
    let error = wait_healthy(&sim, "a", &spec, WaitOptions::default()).await.unwrap_err();
    assert!(error.is_unavailable());
    assert_eq!(begin.elapsed(), S);
}

#[tokio::test(start_paused = true)]
async fn output_is_bounded_and_an_engines_refusal_is_a_failed_probe() {
    let loud = "x".repeat(100_000);
    let rule = ExecRule::new(ExecOutcome::exit(1).with_stdout(loud));
    let sim = started(SimProgram::new().on_exec(rule), None).await;
    let probe = probe_once(&sim, "a", &check(S, 1)).await.unwrap();
    assert_eq!((probe.end, probe.output.len()), (ProbeEnd::Exited(1), 4096));
    assert!(!probe.passed());

    sim.inject(Fault::fail(Operation::Exec, ErrorKind::Engine, "executable file not found"));
    let probe = probe_once(&sim, "a", &check(S, 1)).await.unwrap();
    assert_eq!((probe.end, probe.output.as_str()), (ProbeEnd::Failed, "executable file not found"));
    assert!(probe_once(&sim, "missing", &check(S, 1)).await.unwrap_err().is_not_found());
}
