//! A command that is killed at any moment leaves nothing that the next one does not put right.

use runtime_sim::{Fault, Operation};

use super::*;

/// A database with a volume, a job, two front ends.
fn shop(color: &str) -> Project {
    let job = after(service("job"), "db", Condition::ServiceHealthy);
    let mut web =
        after(with_env(service("web"), "COLOR", color), "job", Condition::ServiceCompletedSuccessfully);
    web.scale = Some(2);
    let mut edge = with_env(service("edge"), "COLOR", color);
    edge.depends_on.insert("web".into(), Dependency { restart: true, ..Dependency::default() });
    project([with_data(with_check(with_env(service("db"), "COLOR", color))), job, web, edge])
}

fn shop_engine() -> SimRuntime {
    let sim = engine();
    script(&sim, "db", SimProgram::new().ready_after(Duration::from_millis(200)));
    script(&sim, "job", SimProgram::new().exits_after(Duration::from_millis(100), 0));
    sim
}

async fn assert_converged(sim: &SimRuntime, project: &Project, case: &str) {
    sim.clear_faults();
    let up = tokio::time::timeout(Duration::from_secs(300), async { on(sim, project).up(&up()).await });
    up.await.unwrap_or_else(|_| panic!("{case}: hangs")).unwrap_or_else(|error| panic!("{case}: {error:?}"));
    let names: Vec<String> = containers(sim).await.into_iter().map(|(name, _)| name).collect();
    let wanted = ["app-db-1", "app-edge-1", "app-job-1", "app-web-1", "app-web-2"];
    assert_eq!(names, wanted, "{case}: no duplicate and no leftover");
    assert_eq!(running(sim).await, ["app-db-1", "app-edge-1", "app-web-1", "app-web-2"], "{case}");
    let networks = sim.list_networks(&runtime_core::NetworkFilter::default()).await.unwrap();
    assert_eq!(networks.iter().filter(|network| network.name == "app_default").count(), 1, "{case}");
    sim.clear_calls();
    on(sim, project).up(&UpRequest::default()).await.unwrap();
    assert!(sim.changes().is_empty(), "{case}: {:?}", sim.changes());
}

/// For every call of a whole command: which it is among the calls of its operation.
fn numbered(calls: &[runtime_sim::Call]) -> Vec<(Operation, u64)> {
    let mut counts: IndexMap<Operation, u64> = IndexMap::new();
    calls
        .iter()
        .map(|call| {
            let count = counts.entry(call.operation).or_default();
            *count += 1;
            (call.operation, *count)
        })
        .collect()
}

async fn prepared(recreate: bool) -> SimRuntime {
    let sim = shop_engine();
    if recreate {
        on(&sim, &shop("red")).up(&up()).await.unwrap();
        sim.clear_calls();
    }
    sim
}

/// Runs the command once for each of its calls with that call gone wrong, and then again without.
async fn at_every_call(recreate: bool, fault: impl Fn(Operation) -> Fault, killed: bool) {
    let project = shop("blue");
    let sim = prepared(recreate).await;
    on(&sim, &project).up(&up()).await.unwrap();
    let calls = numbered(&sim.calls());
    assert!(calls.len() > 20, "{calls:?}");
    for (operation, nth) in calls {
        let case = format!("{operation:?} {nth}");
        let sim = prepared(recreate).await;
        sim.inject(fault(operation).nth(nth));
        let first =
            tokio::time::timeout(Duration::from_secs(30), async { on(&sim, &project).up(&up()).await });
        let first = first.await;
        // A wait or a probe that hangs may be raced by another; a change that hangs is where the command ends.
        let cut = killed && operation.changes();
        assert!(
            if cut { first.is_err() } else { killed || first.is_ok() },
            "{case}: cut: {}",
            first.is_err()
        );
        assert_converged(&sim, &project, &case).await;
    }
}

#[tokio::test(start_paused = true)]
async fn killed_at_every_call_of_a_first_up() {
    at_every_call(false, Fault::hang, true).await;
}

#[tokio::test(start_paused = true)]
async fn killed_at_every_call_of_a_recreation() {
    at_every_call(true, Fault::hang, true).await;
}

#[tokio::test(start_paused = true)]
async fn an_answer_lost_at_every_call_of_a_first_up() {
    at_every_call(false, Fault::lose_answer, false).await;
}

#[tokio::test(start_paused = true)]
async fn an_answer_lost_at_every_call_of_a_recreation() {
    at_every_call(true, Fault::lose_answer, false).await;
}

#[tokio::test(start_paused = true)]
async fn a_failure_at_every_call_of_a_recreation() {
    let fail = |operation| Fault::fail(operation, runtime_core::ErrorKind::Engine, "no");
    at_every_call(true, fail, false).await;
}

#[tokio::test]
async fn two_at_the_same_time_with_the_lock() {
    let folder = tempfile::tempdir().unwrap();
    let sim = engine();
    let mut web = service("web");
    web.scale = Some(3);
    let project = project([web]);
    let up_once = || async {
        let orchestrator = on(&sim, &project).with_lock(LockPolicy::Directory(folder.path().to_owned()));
        orchestrator.up(&up()).await
    };
    let all = futures_util::future::join_all((0..5).map(|_| up_once())).await;
    assert_eq!(all.iter().filter(|report| report.as_ref().is_ok_and(|report| report.steps > 0)).count(), 1);
    assert_eq!(running(&sim).await, ["app-web-1", "app-web-2", "app-web-3"]);
}

#[tokio::test(start_paused = true)]
async fn two_at_the_same_time_without_it() {
    let sim = engine();
    sim.set_latency(Operation::CreateContainer, Duration::from_millis(30));
    sim.set_latency(Operation::CreateNetwork, Duration::from_millis(30));
    let project = project([service("web"), with_check(service("db"))]);
    let up_once = || async { on(&sim, &project).up(&up()).await };
    let all = futures_util::future::join_all((0..4).map(|_| up_once())).await;
    for report in all {
        report.unwrap();
    }
    assert_eq!(running(&sim).await, ["app-db-1", "app-web-1"]);
}
