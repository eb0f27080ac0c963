//! An `up` that is told to stop before everything is up.

use compose::{State, StopRequest};
use runtime_core::{ErrorKind as EngineError, ImageInfo};
use runtime_sim::{Fault, Operation};
use tokio::time::sleep;

use super::*;

const AFTER: Duration = Duration::from_millis(500);
const SLOW: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn starts_under_way_are_carried_out_and_none_begins() {
    let sim = engine();
    sim.set_latency(Operation::StartContainer, SLOW);
    let project = project((0..40).map(|n| service(&format!("s{n}"))));
    let (orchestrator, seen) = recorded(&sim, &project);
    let report = orchestrator.up_until(&up(), sleep(AFTER)).await.unwrap();
    assert_eq!(report, None);
    assert_eq!(sim.elapsed(), SLOW, "it waits for the starts that are under way, and for nothing else");
    let started = sim.calls_of(Operation::StartContainer);
    assert!((1..40).contains(&started), "{started}");
    assert_eq!(running(&sim).await.len(), started);
    let skipped = seen.lock().unwrap().iter().filter(|event| event.state == State::Skipped).count();
    assert_eq!(skipped, 40 - started, "what was not started is told");

    orchestrator.stop(&StopRequest::new()).await.unwrap();
    sleep(SLOW * 10).await;
    assert_eq!(running(&sim).await, [""; 0], "none comes up after the stop");
    sim.set_latency(Operation::StartContainer, Duration::ZERO);
    assert_eq!(orchestrator.up(&up()).await.unwrap().containers.len(), 40);
    assert_eq!(running(&sim).await.len(), 40, "the next `up` goes on");
}

#[tokio::test(start_paused = true)]
async fn a_gate_is_given_up_at_once() {
    let sim = engine();
    script(&sim, "db", SimProgram::new().never_ready());
    let mut db = with_check(service("db"));
    db.healthcheck.as_mut().unwrap().retries = Some(1000);
    let project = project([db, after(service("web"), "db", Condition::ServiceHealthy)]);
    let report = on(&sim, &project).up_until(&up(), sleep(SLOW * 5)).await.unwrap();
    assert_eq!((report, sim.elapsed()), (None, SLOW * 5));
    assert_eq!(running(&sim).await, ["app-db-1"]);
}

#[tokio::test(start_paused = true)]
async fn a_pull_is_given_up_at_once() {
    let sim = engine();
    sim.add_registry_image("big", ImageInfo::default(), SLOW * 600);
    let mut web = service("web");
    web.image = Some("big".into());
    let report = on(&sim, &project([web])).up_until(&up(), sleep(SLOW)).await.unwrap();
    assert_eq!((report, sim.elapsed()), (None, SLOW));
    assert_eq!(containers(&sim).await, []);
}

#[tokio::test(start_paused = true)]
async fn what_fails_meanwhile_is_an_error() {
    let sim = engine();
    sim.set_latency(Operation::StartContainer, SLOW);
    sim.inject(Fault::fail(Operation::StartContainer, EngineError::Engine, "port 80 is taken"));
    let error = on(&sim, &project([service("web")])).up_until(&up(), sleep(AFTER)).await.unwrap_err();
    assert!(error.to_string().contains("port 80 is taken"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn nothing_is_changed_when_it_is_stopped_before_it_began() {
    let sim = engine();
    sim.set_latency(Operation::ListContainers, SLOW);
    let report = on(&sim, &project([service("web")])).up_until(&up(), sleep(AFTER)).await.unwrap();
    assert_eq!(report, None);
    assert!(sim.changes().is_empty(), "{:?}", sim.changes());
}

#[tokio::test(start_paused = true)]
async fn a_stop_that_never_comes_changes_nothing() {
    let sim = engine();
    let report = on(&sim, &project([service("web")])).up_until(&up(), sleep(SLOW * 3600)).await.unwrap();
    assert_eq!(report.unwrap().containers.len(), 1);
    assert!(sim.elapsed() < SLOW, "{:?}", sim.elapsed());
}
