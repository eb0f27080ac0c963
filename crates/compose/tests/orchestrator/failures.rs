//! What a person is told when something goes wrong, and what stays up.

use compose::{ErrorKind, State, SubjectKind};
use runtime_core::ErrorKind as EngineError;
use runtime_sim::{ExecOutcome, ExecRule, Fault, Operation};

use super::*;

/// `web` waits for `db`; `other` waits for nothing.
fn waiting(db: Service, condition: Condition) -> Project {
    project([db, after(service("web"), "db", condition), service("other")])
}

#[tokio::test(start_paused = true)]
async fn an_unhealthy_dependency_is_named_with_its_last_words() {
    let sim = engine();
    let refused = ExecRule::new(ExecOutcome::exit(1).with_stdout("connection refused"));
    script(&sim, "db", SimProgram::new().on_exec(refused).prints(Duration::ZERO, "starting up"));
    let (orchestrator, seen) = recorded(&sim, &waiting(with_check(service("db")), Condition::ServiceHealthy));
    let error = orchestrator.up(&up()).await.unwrap_err();
    assert!(error.is_condition_failed());
    assert_eq!((error.service(), error.container()), (Some("db"), Some("app-db-1")));
    assert!(
        error.to_string().contains("unhealthy") && error.to_string().contains("service web waits"),
        "{error}"
    );
    assert_eq!(error.probe_output(), Some("connection refused"));
    assert_eq!(error.log_lines(), ["starting up"]);
    assert_eq!(running(&sim).await, ["app-db-1", "app-other-1"], "what was up stays up");
    let seen = seen.lock().unwrap();
    let skipped = seen.iter().find(|event| event.state == State::Skipped).unwrap();
    assert_eq!((skipped.subject.kind, skipped.subject.name.as_str()), (SubjectKind::Container, "app-web-1"));
}

#[tokio::test(start_paused = true)]
async fn a_dependency_that_ends_ends_the_wait_at_once() {
    let sim = engine();
    let program = SimProgram::new().never_ready().exits_after(Duration::from_millis(700), 42);
    let program = (1..=20).fold(program, |p, n| p.prints(Duration::from_millis(n), format!("line {n}")));
    script(&sim, "db", program);
    let project = waiting(with_check(service("db")), Condition::ServiceHealthy);
    let error = on(&sim, &project).up(&up()).await.unwrap_err();
    assert_eq!(error.exit_code(), Some(42), "{error}");
    assert_eq!(error.log_lines().len(), 10);
    assert_eq!(error.log_lines()[9], "line 20");
    assert!(sim.elapsed() < Duration::from_millis(800), "{:?}", sim.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_job_that_fails_is_an_error_with_its_code() {
    let sim = engine();
    script(&sim, "db", SimProgram::new().exits_after(Duration::from_secs(1), 7));
    let project = waiting(service("db"), Condition::ServiceCompletedSuccessfully);
    let error = on(&sim, &project).up(&up()).await.unwrap_err();
    assert!(error.is_condition_failed() && error.exit_code() == Some(7), "{error:?}");
    assert_eq!(running(&sim).await, ["app-other-1"]);
}

#[tokio::test(start_paused = true)]
async fn a_dependency_that_the_engine_restarts_for_ever_is_given_up() {
    let sim = engine();
    script(&sim, "db", SimProgram::new().never_ready().exits_after(Duration::from_millis(500), 1));
    let mut db = with_check(service("db"));
    db.restart = Some(compose_file::model::RestartPolicy::Always);
    let up = tokio::time::timeout(Duration::from_secs(600), async {
        on(&sim, &waiting(db, Condition::ServiceHealthy)).up(&up()).await
    });
    let error = up.await.expect("it ends").unwrap_err();
    assert!(error.is_condition_failed(), "{error}");
    assert_eq!(error.exit_code(), Some(1), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_container_that_cannot_start_holds_up_only_what_needs_it() {
    let sim = engine();
    script(&sim, "db", SimProgram::new().fails_to_start(EngineError::Engine, "port 80 is taken"));
    let project = waiting(service("db"), Condition::ServiceStarted);
    let error = on(&sim, &project).up(&up()).await.unwrap_err();
    assert_eq!((error.service(), error.container()), (Some("db"), Some("app-db-1")));
    assert!(error.to_string().contains("port 80 is taken"), "{error}");
    assert_eq!(running(&sim).await, ["app-other-1"]);
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_goes_away_is_a_clear_error_soon() {
    for operation in [
        Operation::ListContainers,
        Operation::CreateNetwork,
        Operation::CreateContainer,
        Operation::StartContainer,
        Operation::WaitContainer,
        Operation::Exec,
    ] {
        let sim = engine();
        script(&sim, "db", SimProgram::new().ready_after(Duration::from_secs(3)));
        sim.inject(Fault::go_away(operation));
        let project = waiting(with_check(service("db")), Condition::ServiceHealthy);
        let up = tokio::time::timeout(Duration::from_secs(30), async { on(&sim, &project).up(&up()).await });
        let error = up.await.unwrap_or_else(|_| panic!("hangs at {operation:?}")).unwrap_err();
        assert!(error.is_unavailable(), "{operation:?}: {error:?}");
        sim.come_back();
        on(&sim, &project).up(&UpRequest::default()).await.unwrap();
        assert_eq!(running(&sim).await.len(), 3, "after {operation:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_name_that_another_has_is_said_and_kept() {
    let sim = engine();
    sim.create_container(&runtime_core::ContainerSpec::new("app-db-1", "bb")).await.unwrap();
    let project = waiting(service("db"), Condition::ServiceStarted);
    let error = on(&sim, &project).up(&up()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(error.to_string().contains("belongs to no project"), "{error}");
    assert!(error.hint().is_some());
}

#[tokio::test(start_paused = true)]
async fn a_pull_that_fails_holds_up_only_what_needs_it() {
    let sim = engine();
    let mut db = service("db");
    db.image = Some("nowhere".into());
    let error = on(&sim, &waiting(db, Condition::ServiceStarted)).up(&up()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Image, "{error:?}");
    assert_eq!(error.service(), Some("db"));
    assert_eq!(running(&sim).await, ["app-other-1"]);
}

#[tokio::test(start_paused = true)]
async fn secrets_are_in_no_error_and_no_event() {
    let sim = engine();
    script(&sim, "db", SimProgram::new().fails_to_start(EngineError::Engine, "no"));
    let project = waiting(with_env(service("db"), "TOKEN", "hunter2"), Condition::ServiceStarted);
    let (orchestrator, seen) = recorded(&sim, &project);
    let plan = orchestrator.plan_up(&up()).await.unwrap();
    let error = orchestrator.up(&up()).await.unwrap_err();
    let shown = format!("{plan} {plan:?} {error} {error:?} {seen:?} {orchestrator:?}");
    assert!(shown.contains("TOKEN") && !shown.contains("hunter2"), "{shown}");
}
