//! The simulated engine keeps the rules of a real one.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

use std::time::Duration;

use futures_util::{StreamExt as _, TryStreamExt as _};
use runtime_core::{
    AttachOptions, ContainerFilter, ContainerSpec, ContainerStatus, EndpointSpec, EventAction, EventFilter,
    ExecSpec, LogOptions, Mount, NetworkSpec, OutputStream, PullSpec, RemoveContainer, RestartPolicy,
    Runtime, StopOptions, WaitCondition,
};
use runtime_sim::{ExecOutcome, ExecRule, Operation, Selector, SimProgram, SimRuntime};
use tokio::time::Instant;

const S: Duration = Duration::from_secs(1);
const MS: Duration = Duration::from_millis(1);

fn engine() -> SimRuntime {
    let sim = SimRuntime::new();
    sim.add_image("busybox");
    sim
}

async fn started(sim: &SimRuntime, name: &str, program: SimProgram) -> String {
    sim.script(Selector::name(name), program);
    let id = sim.create_container(&ContainerSpec::new(name, "busybox")).await.unwrap();
    sim.start_container(&id).await.unwrap();
    id
}

async fn text(output: runtime_core::BoxStream<runtime_core::OutputChunk>) -> String {
    let chunks: Vec<_> = output.try_collect().await.unwrap();
    chunks.iter().map(|chunk| String::from_utf8_lossy(&chunk.bytes).into_owned()).collect()
}

#[tokio::test(start_paused = true)]
async fn a_container_lives_as_scripted() {
    let sim = engine();
    let begin = Instant::now();
    let id = started(&sim, "a", SimProgram::new().starts_in(S).exits_after(S * 5, 3).prints(S, "up")).await;
    assert_eq!(begin.elapsed(), S);
    assert_eq!(sim.inspect_container("a").await.unwrap().state.status, ContainerStatus::Running);
    assert_eq!(sim.wait_container(&id, WaitCondition::NotRunning).await.unwrap().code, 3);
    assert_eq!(begin.elapsed(), S * 6);
    let info = sim.inspect_container(&id[..12]).await.unwrap();
    assert_eq!((info.state.status, info.state.exit_code, info.state.pid), (ContainerStatus::Exited, 3, 0));
    assert_eq!(text(sim.logs("a", &LogOptions::default()).await.unwrap()).await, "up\n");
}

#[tokio::test(start_paused = true)]
async fn names_states_and_missing_things_are_refused_as_by_docker() {
    let sim = engine();
    assert!(sim.create_container(&ContainerSpec::new("a", "missing")).await.unwrap_err().is_not_found());
    started(&sim, "a", SimProgram::new()).await;
    let again = sim.create_container(&ContainerSpec::new("a", "busybox")).await.unwrap_err();
    assert!(again.is_conflict());
    assert!(again.to_string().contains("cannot create container a: the name is already in use"), "{again}");
    sim.start_container("a").await.unwrap();
    assert!(sim.remove_container("a", RemoveContainer::default()).await.unwrap_err().is_conflict());
    assert!(sim.unpause_container("a").await.unwrap_err().is_conflict());
    sim.pause_container("a").await.unwrap();
    assert!(sim.pause_container("a").await.unwrap_err().is_conflict());
    assert!(sim.exec("a", &ExecSpec::new(["true"])).await.unwrap_err().is_conflict());
    sim.unpause_container("a").await.unwrap();
    sim.stop_container("a", &StopOptions::default()).await.unwrap();
    sim.stop_container("a", &StopOptions::default()).await.unwrap();
    for refused in [
        sim.kill_container("a", None).await,
        sim.pause_container("a").await,
        sim.exec("a", &ExecSpec::new(["true"])).await.map(drop),
    ] {
        assert!(refused.unwrap_err().is_conflict());
    }
    sim.create_container(&ContainerSpec::new("b", "busybox")).await.unwrap();
    assert!(sim.rename_container("b", "a").await.unwrap_err().is_conflict());
    sim.rename_container("b", "c").await.unwrap();
    sim.remove_container("a", RemoveContainer::default()).await.unwrap();
    assert!(sim.inspect_container("a").await.unwrap_err().is_not_found());
    let left = sim.list_containers(&ContainerFilter::all()).await.unwrap();
    assert_eq!(left.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["c"]);
}

#[tokio::test(start_paused = true)]
async fn a_stop_waits_for_the_program_and_then_kills() {
    let sim = engine();
    for (name, program, took, code) in [
        ("quick", SimProgram::new(), Duration::ZERO, 143),
        ("slow", SimProgram::new().stops_in(S * 2, 0), S * 2, 0),
        ("deaf", SimProgram::new().ignores_stop(), S * 3, 137),
    ] {
        started(&sim, name, program).await;
        let begin = Instant::now();
        sim.stop_container(name, &StopOptions::within(S * 3)).await.unwrap();
        assert_eq!(begin.elapsed(), took, "{name}");
        assert_eq!(sim.inspect_container(name).await.unwrap().state.exit_code, code, "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_restart_policy_is_followed_until_a_stop_by_hand() {
    let sim = engine();
    sim.script(Selector::name("a"), SimProgram::new().exits_after(S, 1));
    let mut spec = ContainerSpec::new("a", "busybox");
    spec.restart = RestartPolicy::OnFailure(Some(2));
    sim.create_container(&spec).await.unwrap();
    sim.start_container("a").await.unwrap();
    for run in 0..3 {
        assert_eq!(sim.inspect_container("a").await.unwrap().restart_count, run);
        assert_eq!(sim.wait_container("a", WaitCondition::NotRunning).await.unwrap().code, 1);
    }
    assert_eq!(sim.inspect_container("a").await.unwrap().state.status, ContainerStatus::Exited);

    spec = ContainerSpec::new("b", "busybox");
    spec.restart = RestartPolicy::Always;
    sim.script(Selector::name("b"), SimProgram::new().exits_after(S, 0));
    sim.create_container(&spec).await.unwrap();
    sim.start_container("b").await.unwrap();
    tokio::time::sleep(S + 50 * MS).await;
    assert_eq!(sim.inspect_container("b").await.unwrap().state.status, ContainerStatus::Restarting);
    sim.stop_container("b", &StopOptions::default()).await.unwrap();
    tokio::time::sleep(S * 60).await;
    assert_eq!(sim.inspect_container("b").await.unwrap().state.status, ContainerStatus::Exited);
}

#[tokio::test(start_paused = true)]
async fn execs_follow_their_rules_and_end_with_the_container() {
    let sim = engine();
    let program = SimProgram::new()
        .ready_after(300 * MS)
        .on_exec(
            ExecRule::new(ExecOutcome::exit(2).with_stdout("out").with_stderr("err").taking(S))
                .command(["x"]),
        )
        .on_exec(ExecRule::new(ExecOutcome::hang()).command(["hang"]));
    started(&sim, "a", program).await;
    for (at, code) in [(0, 1), (299, 1), (300, 0)] {
        tokio::time::sleep(MS * at - sim.elapsed()).await;
        let exec = sim.exec("a", &ExecSpec::new(["probe"])).await.unwrap();
        assert_eq!(sim.exec_exit_code(&exec.id).await.unwrap(), code, "at {at} ms");
    }
    let begin = Instant::now();
    let exec = sim.exec("a", &ExecSpec::new(["x", "y"]).with_user("me")).await.unwrap();
    let chunks: Vec<_> = exec.session.output.try_collect().await.unwrap();
    assert_eq!(begin.elapsed(), S);
    assert_eq!(
        chunks.iter().map(|c| c.stream).collect::<Vec<_>>(),
        [OutputStream::Stdout, OutputStream::Stderr]
    );
    assert_eq!(sim.exec_exit_code(&exec.id).await.unwrap(), 2);
    assert_eq!(sim.execs().last().unwrap().user.as_deref(), Some("me"));

    let exec = sim.exec("a", &ExecSpec::new(["hang"])).await.unwrap();
    let other = sim.clone();
    let ended = tokio::spawn(async move {
        let output = text(exec.session.output).await;
        (output, other.exec_exit_code(&exec.id).await.unwrap())
    });
    tokio::time::sleep(S).await;
    sim.exit_container("a", 9).unwrap();
    assert_eq!(ended.await.unwrap(), (String::new(), 137));
}

#[tokio::test(start_paused = true)]
async fn logs_follow_to_the_end_and_attach_misses_nothing() {
    let sim = engine();
    let program = SimProgram::new().prints(S, "one").prints_error(S * 2, "two").exits_after(S * 3, 0);
    sim.script(Selector::name("a"), program);
    let mut spec = ContainerSpec::new("a", "busybox");
    spec.auto_remove = true;
    let id = sim.create_container(&spec).await.unwrap();
    let session = sim.attach(&id, &AttachOptions::default()).await.unwrap();
    sim.start_container(&id).await.unwrap();
    let followed = sim.logs(&id, &LogOptions::following()).await.unwrap();
    let mut errors = LogOptions::following();
    errors.stdout = false;
    let errors = sim.logs(&id, &errors).await.unwrap();
    assert_eq!(text(session.output).await, "one\ntwo\n");
    assert_eq!(text(followed).await, "one\ntwo\n");
    assert_eq!(text(errors).await, "two\n");
    assert!(sim.inspect_container(&id).await.unwrap_err().is_not_found(), "removed when it ended");

    started(&sim, "b", SimProgram::new().prints(S, "x").prints(S, "y").prints(S, "z")).await;
    tokio::time::sleep(S * 2).await;
    let mut last = LogOptions::default();
    last.tail = Some(2);
    last.timestamps = true;
    let lines = text(sim.logs("b", &last).await.unwrap()).await;
    assert_eq!(lines, "2026-01-01T00:00:04Z y\n2026-01-01T00:00:04Z z\n");
}

#[tokio::test(start_paused = true)]
async fn events_tell_what_happens_in_order() {
    let sim = engine();
    let filter = EventFilter::containers_with_label("app", "x");
    let events = sim.events(&filter).await.unwrap();
    sim.script(Selector::label("app", "x"), SimProgram::new().exits_after(S, 5));
    sim.create_container(&ContainerSpec::new("other", "busybox")).await.unwrap();
    sim.create_container(&ContainerSpec::new("a", "busybox").with_label("app", "x")).await.unwrap();
    sim.start_container("a").await.unwrap();
    sim.wait_container("a", WaitCondition::NotRunning).await.unwrap();
    sim.remove_container("a", RemoveContainer::default()).await.unwrap();
    let seen: Vec<_> = events.take(4).map(|event| event.unwrap()).collect().await;
    assert!(seen.iter().all(|event| event.name() == Some("a")));
    let actions: Vec<_> = seen.into_iter().map(|event| event.action).collect();
    let die = EventAction::Die { exit_code: Some(5) };
    assert_eq!(actions, [EventAction::Create, EventAction::Start, die, EventAction::Destroy]);
}

#[tokio::test(start_paused = true)]
async fn networks_and_volumes_are_kept_while_in_use() {
    let sim = engine();
    let net = sim.create_network(&NetworkSpec::new("net")).await.unwrap();
    assert!(sim.create_network(&NetworkSpec::new("net")).await.unwrap_err().is_conflict());
    let mut spec = ContainerSpec::new("a", "busybox").with_mount(Mount::volume("data", "/data"));
    spec.network_mode = runtime_core::NetworkMode::Networks;
    spec.networks.insert("net".into(), EndpointSpec::with_aliases(["web"]));
    sim.create_container(&spec).await.unwrap();
    sim.start_container("a").await.unwrap();
    let attached = sim.inspect_container("a").await.unwrap().networks["net"].clone();
    assert_eq!((attached.network_id, attached.aliases), (net, vec!["web".to_owned()]));
    assert!(!attached.ip_address.is_empty());
    assert!(sim.remove_network("net").await.unwrap_err().is_conflict());
    assert!(sim.connect_network("net", "a", &EndpointSpec::default()).await.unwrap_err().is_conflict());
    assert!(sim.remove_volume("data", false).await.unwrap_err().is_conflict());
    sim.remove_container("a", RemoveContainer::forced().with_volumes()).await.unwrap();
    sim.remove_network("net").await.unwrap();
    sim.remove_volume("data", false).await.unwrap();
    assert!(sim.inspect_volume("data").await.unwrap_err().is_not_found());
}

#[tokio::test(start_paused = true)]
async fn a_pull_takes_its_time_and_an_unknown_image_fails() {
    let sim = SimRuntime::new();
    sim.add_registry_image("redis:7", Default::default(), S * 3);
    let pull = sim.pull_image(&PullSpec::new("docker.io/library/redis:7")).await.unwrap();
    assert!(sim.inspect_image("redis:7").await.unwrap_err().is_not_found());
    pull.try_collect::<Vec<_>>().await.unwrap();
    assert_eq!(sim.elapsed(), S * 3);
    sim.inspect_image("redis:7").await.unwrap();
    let refused = sim.pull_image(&PullSpec::new("nope")).await.err().unwrap();
    assert_eq!(refused.kind(), runtime_core::ErrorKind::PullFailed);
    assert_eq!(sim.calls_of(Operation::PullImage), 2);
}
