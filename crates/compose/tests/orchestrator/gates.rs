//! When services start.

use runtime_core::ImageInfo;
use runtime_sim::Operation;

use super::*;

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Five services, each healthy 0.3 s after its start, each waiting for the one before.
fn chain() -> Project {
    let names = ["s1", "s2", "s3", "s4", "s5"];
    let services = names.iter().enumerate().map(|(at, name)| {
        let service = with_check(service(name));
        if at == 0 { service } else { after(service, names[at - 1], Condition::ServiceHealthy) }
    });
    project(services)
}

#[tokio::test(start_paused = true)]
async fn a_chain_of_five_takes_little_more_than_its_services_do() {
    let sim = engine();
    sim.script(Selector::image("bb"), SimProgram::new().ready_after(ms(300)));
    let report = on(&sim, &chain()).up(&up().with_wait(true)).await.unwrap();
    assert_eq!(report.containers.len(), 5);
    assert!(report.containers.iter().all(|container| container.created && container.started));
    let time = sim.elapsed();
    assert!(time >= ms(1500) && time < ms(3000), "{time:?}");
    for (first, then) in [("s1", "s2"), ("s2", "s3"), ("s3", "s4"), ("s4", "s5")] {
        let gap = at(&sim, Operation::StartContainer, &format!("app-{then}-1"))
            - at(&sim, Operation::StartContainer, &format!("app-{first}-1"));
        assert!(gap >= ms(300), "{then} started {gap:?} after {first}");
    }
    // All were created before the first was healthy.
    assert!(at(&sim, Operation::CreateContainer, "app-s5-1") < ms(100));
}

#[tokio::test(start_paused = true)]
async fn a_second_up_changes_nothing_and_asks_little() {
    let sim = engine();
    let services = (0..50).map(|n| with_check(service(&format!("s{n}"))));
    let project = project(services);
    on(&sim, &project).up(&up()).await.unwrap();
    sim.clear_calls();
    let report = on(&sim, &project).up(&up()).await.unwrap();
    assert_eq!((report.steps, report.containers.len()), (0, 50));
    assert!(report.containers.iter().all(|container| !container.created && !container.started));
    assert!(sim.changes().is_empty(), "{:?}", sim.changes());
    let calls: Vec<Operation> = sim.calls().iter().map(|call| call.operation).collect();
    assert_eq!(calls.len(), 3, "containers, networks and one image: {calls:?}");
}

#[tokio::test(start_paused = true)]
async fn one_service_runs_while_anothers_image_is_still_pulled() {
    let sim = engine();
    sim.add_registry_image("slow", ImageInfo::default(), Duration::from_secs(10));
    let mut slow = service("slow");
    slow.image = Some("slow".into());
    on(&sim, &project([slow, service("quick")])).up(&up()).await.unwrap();
    assert!(at(&sim, Operation::StartContainer, "app-quick-1") < Duration::from_secs(1));
    assert!(at(&sim, Operation::CreateContainer, "app-slow-1") >= Duration::from_secs(10));
}

#[tokio::test(start_paused = true)]
async fn a_job_is_waited_for_and_not_run_again() {
    let sim = engine();
    script(&sim, "job", SimProgram::new().exits_after(Duration::from_secs(2), 0));
    let web = after(service("web"), "job", Condition::ServiceCompletedSuccessfully);
    let project = project([service("job"), web]);
    on(&sim, &project).up(&up().with_wait(true)).await.unwrap();
    let start = at(&sim, Operation::StartContainer, "app-web-1");
    assert!(start >= Duration::from_secs(2) && start < ms(2100), "{start:?}");
    sim.clear_calls();
    on(&sim, &project).up(&up().with_wait(true)).await.unwrap();
    assert!(sim.changes().is_empty(), "{:?}", sim.changes());
    on(&sim, &project).up(&up().with_services(["job"])).await.unwrap();
    assert_eq!(sim.calls_of(Operation::StartContainer), 1, "a job that is named runs again");
}

#[tokio::test(start_paused = true)]
async fn all_replicas_count() {
    let sim = engine();
    sim.script(Selector::name("app-db-1"), SimProgram::new().ready_after(ms(200)));
    sim.script(Selector::name("app-db-2"), SimProgram::new().ready_after(Duration::from_secs(4)));
    let mut db = with_check(service("db"));
    db.scale = Some(2);
    db.healthcheck.as_mut().unwrap().retries = Some(10);
    let web = after(service("web"), "db", Condition::ServiceHealthy);
    on(&sim, &project([db, web])).up(&up()).await.unwrap();
    assert!(at(&sim, Operation::StartContainer, "app-web-1") >= Duration::from_secs(4));
}

#[tokio::test(start_paused = true)]
async fn the_images_check_counts_where_the_file_has_none() {
    let sim = SimRuntime::new();
    let mut info = ImageInfo::default();
    let test = runtime_core::HealthcheckTest::Cmd(vec!["ready".into()]);
    info.healthcheck = Some(runtime_core::HealthcheckSpec::new(test));
    sim.add_image_with("bb", info);
    script(&sim, "db", SimProgram::new().ready_after(ms(400)));
    let web = after(service("web"), "db", Condition::ServiceHealthy);
    on(&sim, &project([service("db"), web])).up(&up()).await.unwrap();
    let start = at(&sim, Operation::StartContainer, "app-web-1");
    assert!(start >= ms(400) && start < Duration::from_secs(2), "{start:?}");
}

#[tokio::test(start_paused = true)]
async fn an_optional_dependency_that_fails_holds_nothing_up() {
    let sim = engine();
    script(&sim, "cache", SimProgram::new().never_ready());
    let mut web = after(service("web"), "cache", Condition::ServiceHealthy);
    web.depends_on["cache"].required = false;
    let (orchestrator, seen) = recorded(&sim, &project([with_check(service("cache")), web]));
    orchestrator.up(&up()).await.unwrap();
    assert_eq!(running(&sim).await, ["app-cache-1", "app-web-1"]);
    let warned = seen.lock().unwrap().iter().any(|event| {
        matches!(&event.state, compose::State::Warning(text) if text.contains("app-cache-1 is unhealthy"))
    });
    assert!(warned, "{seen:?}");
}

#[tokio::test(start_paused = true)]
async fn a_wait_understands_jobs_and_notices_what_ends_at_once() {
    let sim = engine();
    script(&sim, "job", SimProgram::new().exits_after(ms(50), 0));
    script(&sim, "broken", SimProgram::new().exits_after(ms(50), 1).prints(ms(10), "no such option"));
    on(&sim, &project([service("job")])).up(&up().with_wait(true)).await.unwrap();
    let error = on(&sim, &project([service("broken")])).up(&up().with_wait(true)).await.unwrap_err();
    assert_eq!((error.service(), error.exit_code()), (Some("broken"), Some(1)), "{error}");
    assert_eq!(error.log_lines(), ["no such option"]);
}

#[tokio::test(start_paused = true)]
async fn a_wait_ends_at_its_time() {
    let sim = engine();
    script(&sim, "db", SimProgram::new().never_ready());
    let mut db = with_check(service("db"));
    db.healthcheck.as_mut().unwrap().retries = Some(1000);
    let web = after(service("web"), "db", Condition::ServiceHealthy);
    let request = up().with_wait_timeout(Some(Duration::from_secs(5)));
    let error = on(&sim, &project([db, web])).up(&request).await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    assert!(sim.elapsed() < Duration::from_secs(6), "{:?}", sim.elapsed());
    assert!(error.to_string().contains("service_healthy"), "{error}");
}
