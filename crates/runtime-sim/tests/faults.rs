//! Calls go wrong as they are told to.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

use std::time::Duration;

use futures_util::StreamExt as _;
use runtime_core::{
    ContainerFilter, ContainerSpec, ErrorKind, EventFilter, ExecSpec, LogOptions, RemoveContainer, Runtime,
    WaitCondition,
};
use runtime_sim::{Fault, Operation, SimConfig, SimRuntime};
use tokio::time::{Instant, timeout};

const S: Duration = Duration::from_secs(1);

async fn running() -> SimRuntime {
    let sim = SimRuntime::new();
    sim.add_image("busybox");
    for name in ["a", "b"] {
        sim.create_container(&ContainerSpec::new(name, "busybox")).await.unwrap();
        sim.start_container(name).await.unwrap();
    }
    sim.clear_calls();
    sim
}

#[tokio::test(start_paused = true)]
async fn a_refused_call_changes_nothing_and_a_lost_answer_hides_a_change() {
    let sim = running().await;
    sim.inject(Fault::fail(Operation::RemoveContainer, ErrorKind::Engine, "disk is full").on("b"));
    sim.inject(Fault::lose_answer(Operation::RemoveContainer).on("a"));
    let refused = sim.remove_container("b", RemoveContainer::forced()).await.unwrap_err();
    assert_eq!(refused.to_string(), "cannot remove container b: disk is full");
    let lost = sim.remove_container("a", RemoveContainer::forced()).await.unwrap_err();
    assert!(lost.is_unavailable());
    let left = sim.list_containers(&ContainerFilter::all()).await.unwrap();
    assert_eq!(left.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["b"]);
    sim.remove_container("b", RemoveContainer::forced()).await.unwrap();
    let changes: Vec<_> = sim.changes().into_iter().map(|call| call.subject).collect();
    assert_eq!(changes, ["b", "a", "b"]);
}

#[tokio::test(start_paused = true)]
async fn slow_and_hanging_calls_take_virtual_time() {
    let sim = SimRuntime::with_config(SimConfig::default().with_latency(S));
    sim.set_latency(Operation::Ping, S);
    sim.inject(Fault::slow(Operation::Ping, S));
    let begin = Instant::now();
    sim.ping().await.unwrap();
    assert_eq!(begin.elapsed(), S * 3);
    sim.ping().await.unwrap();
    assert_eq!(begin.elapsed(), S * 5);
    sim.inject(Fault::hang(Operation::Ping));
    assert!(timeout(S * 3600, sim.ping()).await.is_err());
    sim.ping().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_goes_away_ends_every_call_and_stream() {
    let sim = running().await;
    let mut events = sim.events(&EventFilter::default()).await.unwrap();
    let mut logs = sim.logs("a", &LogOptions::following()).await.unwrap();
    let waiter = sim.clone();
    let wait = tokio::spawn(async move { waiter.wait_container("a", WaitCondition::NotRunning).await });
    let exec = sim.exec("a", &ExecSpec::new(["sleep", "60"])).await.unwrap();
    sim.inject(Fault::go_away(Operation::StopContainer));
    assert!(sim.stop_container("b", &Default::default()).await.unwrap_err().is_unavailable());
    assert!(wait.await.unwrap().unwrap_err().is_unavailable());
    assert!(events.next().await.unwrap().unwrap_err().is_unavailable());
    assert!(events.next().await.is_none());
    assert!(logs.next().await.unwrap().unwrap_err().is_unavailable());
    let mut output = exec.session.output;
    assert!(output.next().await.unwrap().unwrap_err().is_unavailable());
    assert!(sim.ping().await.unwrap_err().is_unavailable());
    sim.come_back();
    assert_eq!(sim.list_containers(&ContainerFilter::default()).await.unwrap().len(), 2);
}
