//! down, stop, ps, build, pull, and what containers are made from.

use compose::{
    BuildRequest, DownRequest, PsRequest, PullRequest, State, StopRequest, SubjectKind, project_from_labels,
};
use compose_file::model::{Build, ConfigObject, FileReference, Redacted};
use runtime_core::{HealthStatus, ImageInfo, MountKind, NetworkFilter, VolumeFilter};
use runtime_sim::Operation;

use super::*;

fn chain() -> Project {
    let api = after(with_check(service("api")), "db", Condition::ServiceStarted);
    project([with_data(service("db")), api, after(service("web"), "api", Condition::ServiceHealthy)])
}

#[tokio::test(start_paused = true)]
async fn down_with_volumes_leaves_nothing() {
    let sim = engine();
    let orchestrator = on(&sim, &chain());
    orchestrator.up(&up()).await.unwrap();
    sim.clear_calls();
    let report = orchestrator.down(&DownRequest::default().with_volumes(true)).await.unwrap();
    assert_eq!(report.containers.len(), 3);
    assert_eq!(
        (report.networks.as_slice(), report.volumes.as_slice()),
        (&["app_default".to_owned()][..], &["app_data".to_owned()][..])
    );
    assert!(containers(&sim).await.is_empty());
    let networks = sim.list_networks(&NetworkFilter::default().with_name("app_default")).await.unwrap();
    let volumes = sim.list_volumes(&VolumeFilter::default()).await.unwrap();
    assert!(networks.is_empty() && volumes.is_empty());
    let stops: Vec<String> = sim
        .calls()
        .into_iter()
        .filter(|call| call.operation == Operation::StopContainer)
        .map(|call| call.subject)
        .collect();
    assert_eq!(stops, ["app-web-1", "app-api-1", "app-db-1"]);
    orchestrator.down(&DownRequest::default()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn down_is_as_slow_as_the_slowest_of_a_level() {
    let sim = engine();
    sim.script(Selector::image("bb"), SimProgram::new().stops_in(Duration::from_secs(5), 0));
    let project = project((0..40).map(|n| service(&format!("s{n}"))));
    on(&sim, &project).up(&up()).await.unwrap();
    let begin = sim.elapsed();
    on(&sim, &project).down(&DownRequest::default()).await.unwrap();
    assert!(sim.elapsed() - begin < Duration::from_secs(6), "{:?}", sim.elapsed() - begin);
}

#[tokio::test(start_paused = true)]
async fn stop_and_kill() {
    let sim = engine();
    let orchestrator = on(&sim, &chain());
    orchestrator.up(&up()).await.unwrap();
    orchestrator.stop(&StopRequest::default().with_services(["web"])).await.unwrap();
    assert_eq!(running(&sim).await, ["app-api-1", "app-db-1"]);
    orchestrator.stop(&StopRequest::default().with_kill(true)).await.unwrap();
    assert!(running(&sim).await.is_empty());
    orchestrator.up(&up()).await.unwrap();
    assert_eq!(running(&sim).await.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn without_a_file_the_labels_tell_the_order() {
    let sim = engine();
    on(&sim, &chain()).up(&up()).await.unwrap();
    let project = project_from_labels(&sim, "app").await.unwrap();
    assert_eq!(project.services["web"].depends_on["api"].condition, Condition::ServiceHealthy);
    assert_eq!(project.volumes["data"].name, "app_data");
    sim.clear_calls();
    on(&sim, &project).down(&DownRequest::default().with_volumes(true)).await.unwrap();
    assert!(containers(&sim).await.is_empty());
    let error = project_from_labels(&sim, "app").await.unwrap_err();
    assert_eq!(error.kind(), compose::ErrorKind::Missing);
}

#[tokio::test(start_paused = true)]
async fn ps_probes_what_the_engine_does_not() {
    let sim = engine();
    script(&sim, "api", SimProgram::new().ready_after(Duration::from_secs(1)));
    let project = chain();
    on(&sim, &project).up(&up()).await.unwrap();
    script(&sim, "sick", SimProgram::new().never_ready());
    let mut more = project.clone();
    more.services.insert("sick".into(), with_check(service("sick")));
    on(&sim, &more).up(&up()).await.unwrap();
    let rows = on(&sim, &more).ps(&PsRequest::default()).await.unwrap();
    let shown: Vec<_> = rows.iter().map(|row| (row.service.as_str(), row.number, row.health)).collect();
    assert_eq!(
        shown,
        [
            ("api", 1, Some(HealthStatus::Healthy)),
            ("db", 1, None),
            // The simulated engine's clock began long ago, so that it counts as having had its time.
            ("sick", 1, Some(HealthStatus::Unhealthy)),
            ("web", 1, None)
        ]
    );
    let rows = on(&sim, &project).ps(&PsRequest::default()).await.unwrap();
    assert!(rows.iter().any(|row| row.service == "sick" && row.orphan));
    let one = on(&sim, &project).container("db", None).await.unwrap();
    assert_eq!(one.name, "app-db-1");
    let error = on(&sim, &project).container("db", Some(2)).await.unwrap_err();
    assert!(error.to_string().contains("no running container of number 2"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn labels_are_those_that_docker_compose_reads() {
    let sim = engine();
    let mut project = chain();
    project.working_dir = "/src/app".into();
    project.config_files = vec!["/src/app/compose.yaml".into()];
    on(&sim, &project).up(&up()).await.unwrap();
    let info = sim.inspect_container("app-api-1").await.unwrap();
    let label = |name: &str| info.labels[&format!("com.docker.compose.{name}")].clone();
    assert_eq!(label("project"), "app");
    assert_eq!(label("service"), "api");
    assert_eq!(label("container-number"), "1");
    assert_eq!(label("oneoff"), "False");
    assert_eq!(label("depends_on"), "db:service_started:false");
    assert_eq!(label("project.working_dir"), "/src/app");
    assert_eq!(label("project.config_files"), "/src/app/compose.yaml");
    assert_eq!(label("image"), info.image_id);
    assert!(label("config-hash").starts_with("w1-"));
    assert_eq!(info.labels["io.wharf.healthcheck"], "service");
    let network = &sim.list_networks(&NetworkFilter::default().with_name("app_default")).await.unwrap()[0];
    assert_eq!(network.labels["com.docker.compose.network"], "default");
}

#[tokio::test(start_paused = true)]
async fn anonymous_volumes_go_from_a_container_to_its_successor_and_with_down() {
    let sim = SimRuntime::new();
    let mut info = ImageInfo::default();
    info.volumes = vec!["/var/lib".into()];
    sim.add_image_with("bb", info);
    let volume_of = |name: &'static str| {
        let sim = sim.clone();
        async move { sim.inspect_container(name).await.unwrap().mounts[0].name.clone().unwrap() }
    };
    on(&sim, &project([service("db")])).up(&up()).await.unwrap();
    let before = volume_of("app-db-1").await;
    let changed = project([with_env(service("db"), "A", "1")]);
    on(&sim, &changed).up(&up()).await.unwrap();
    assert_eq!(volume_of("app-db-1").await, before);
    let renewed = project([with_env(service("db"), "A", "2")]);
    on(&sim, &renewed).up(&up().with_renew_anon_volumes(true)).await.unwrap();
    assert_ne!(volume_of("app-db-1").await, before);
    on(&sim, &renewed).down(&DownRequest::default().with_volumes(true)).await.unwrap();
    assert!(sim.list_volumes(&VolumeFilter::default()).await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_newer_image_recreates_and_the_same_does_not() {
    let sim = engine();
    let mut web = service("web");
    web.pull_policy = Some(compose_file::model::PullPolicy::Always);
    let project = project([web]);
    let info = sim.inspect_image("bb").await.unwrap();
    sim.add_registry_image("bb", info, Duration::from_secs(1));
    on(&sim, &project).up(&up()).await.unwrap();
    let first = sim.inspect_container("app-web-1").await.unwrap().id;
    sim.clear_calls();
    on(&sim, &project).up(&up()).await.unwrap();
    let changes: Vec<Operation> = sim.changes().iter().map(|call| call.operation).collect();
    assert!(!changes.contains(&Operation::CreateContainer), "{changes:?}");
    let mut newer = ImageInfo::default();
    newer.id = format!("sha256:{}", "9".repeat(64));
    sim.add_registry_image("bb", newer, Duration::from_secs(1));
    on(&sim, &project).up(&up()).await.unwrap();
    assert_ne!(sim.inspect_container("app-web-1").await.unwrap().id, first);
    assert_eq!(running(&sim).await, ["app-web-1"]);
}

#[tokio::test(start_paused = true)]
async fn secrets_with_content_are_written_and_files_are_bound() {
    let sim = engine();
    let mut web = service("web");
    web.secrets = ["token", "key"]
        .map(|source| FileReference { source: source.into(), ..FileReference::default() })
        .to_vec();
    let mut project = project([web]);
    let content = Some(Redacted("hunter2".into()));
    project.secrets.insert("token".into(), ConfigObject { content, ..ConfigObject::default() });
    let file = Some("/src/key".into());
    project.secrets.insert("key".into(), ConfigObject { file, ..ConfigObject::default() });
    on(&sim, &project).up(&up()).await.unwrap();
    assert_eq!(sim.calls_of(Operation::ArchivePut), 1);
    assert!(at(&sim, Operation::ArchivePut, "app-web-1") <= at(&sim, Operation::StartContainer, "app-web-1"));
    let info = sim.inspect_container("app-web-1").await.unwrap();
    let bound = info.mounts.iter().find(|mount| mount.target == "/run/secrets/key").unwrap();
    assert!(bound.read_only && bound.source == "/src/key");
    let plan = on(&sim, &project).plan_up(&up().with_recreate(compose::Recreate::Force)).await.unwrap();
    let steps = plan.steps();
    let compose::plan::Action::CreateContainer(creation) = &steps[0].0.action else { panic!("{plan}") };
    let kinds = &creation.spec.mounts;
    assert!(matches!(&kinds[0].kind, MountKind::Bind { create_source: false, .. }), "{kinds:?}");
}

#[tokio::test]
async fn an_image_is_built_from_its_context_with_its_lines_as_events() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("Dockerfile"), "FROM bb").unwrap();
    let sim = engine();
    sim.set_build_output(["STEP 1/1: FROM bb"]);
    let mut web = service("web");
    web.image = None;
    web.build =
        Some(Box::new(Build { context: Some(folder.path().display().to_string()), ..Build::default() }));
    let project = project([web]);
    let (orchestrator, seen) = recorded(&sim, &project);
    let built = orchestrator.build(&BuildRequest::default()).await.unwrap();
    assert_eq!((built[0].service.as_str(), built[0].image.as_str()), ("web", "app-web"));
    let line = State::Log("STEP 1/1: FROM bb".into());
    assert!(seen.lock().unwrap().iter().any(|event| event.state == line), "{seen:?}");
    orchestrator.up(&up()).await.unwrap();
    assert_eq!(running(&sim).await, ["app-web-1"]);
    let error = orchestrator.build(&BuildRequest::default().with_services(["nope"])).await.unwrap_err();
    assert!(error.is_invalid());
}

#[tokio::test(start_paused = true)]
async fn pull_takes_each_image_once() {
    let sim = SimRuntime::new();
    sim.add_registry_image("bb", ImageInfo::default(), Duration::from_secs(1));
    let project = project([service("a"), service("b")]);
    assert_eq!(on(&sim, &project).pull(&PullRequest::default()).await.unwrap(), ["bb"]);
    assert_eq!(sim.calls_of(Operation::PullImage), 1);
    let missing = PullRequest::default().with_missing_only(true);
    assert!(on(&sim, &project).pull(&missing).await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn every_row_is_announced_in_the_plans_order() {
    let sim = engine();
    let (orchestrator, seen) = recorded(&sim, &chain());
    orchestrator.up(&up()).await.unwrap();
    let planned: Vec<(SubjectKind, String)> = seen
        .lock()
        .unwrap()
        .iter()
        .take_while(|event| event.state == State::Planned)
        .map(|event| (event.subject.kind, event.subject.name.clone()))
        .collect();
    let names: Vec<&str> = planned.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names, ["app_default", "app_data", "app-db-1", "app-api-1", "app-web-1"]);
}
