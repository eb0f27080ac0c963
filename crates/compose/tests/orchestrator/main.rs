//! Whole operations on the simulated engine, under virtual time.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod converge;
mod failures;
mod gates;
mod lifecycle;
mod logs;
mod stopping;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use compose::{LockPolicy, Orchestrator, ProgressEvent, UpRequest};
use compose_file::model::{
    Condition, Dependency, HealthCheck, HealthTest, Mount, Network, Project, Service, Volume,
};
use indexmap::IndexMap;
use runtime_core::{ContainerFilter, ContainerStatus, Runtime as _};
use runtime_sim::{Selector, SimProgram, SimRuntime};

const SERVICE: &str = "com.docker.compose.service";

fn project(services: impl IntoIterator<Item = Service>) -> Project {
    let mut project = Project { name: "app".into(), ..Project::default() };
    project.networks.insert("default".into(), Network { name: "app_default".into(), ..Network::default() });
    project.volumes.insert("data".into(), Volume { name: "app_data".into(), ..Volume::default() });
    for service in services {
        project.services.insert(service.name.clone(), service);
    }
    if !project.services.values().any(|service| !service.volumes.is_empty()) {
        project.volumes.clear();
    }
    project
}

fn service(name: &str) -> Service {
    Service {
        name: name.into(),
        image: Some("bb".into()),
        networks: IndexMap::from([("default".to_owned(), None)]),
        ..Service::default()
    }
}

fn after(mut service: Service, other: &str, condition: Condition) -> Service {
    service.depends_on.insert(other.into(), Dependency { condition, ..Dependency::default() });
    service
}

fn with_check(mut service: Service) -> Service {
    service.healthcheck = Some(HealthCheck {
        test: HealthTest::Cmd(vec!["ready".into()]),
        interval: Some(Duration::from_secs(1)),
        timeout: Some(Duration::from_secs(2)),
        retries: Some(3),
        ..HealthCheck::default()
    });
    service
}

fn with_data(mut service: Service) -> Service {
    service.volumes.push(Mount { source: Some("data".into()), target: "/data".into(), ..Mount::default() });
    service
}

fn with_env(mut service: Service, name: &str, value: &str) -> Service {
    service.environment.insert(name.into(), Some(value.into()));
    service
}

/// An engine on which image `bb` is.
fn engine() -> SimRuntime {
    let sim = SimRuntime::new();
    sim.add_image("bb");
    sim
}

/// Says how the containers of a service behave.
fn script(sim: &SimRuntime, service: &str, program: SimProgram) {
    sim.script(Selector::label(SERVICE, service), program);
}

type Seen = Arc<Mutex<Vec<ProgressEvent>>>;

fn on(sim: &SimRuntime, project: &Project) -> Orchestrator {
    Orchestrator::new(Arc::new(sim.clone()), Arc::new(project.clone())).with_lock(LockPolicy::Off)
}

/// With a record of its events.
fn recorded(sim: &SimRuntime, project: &Project) -> (Orchestrator, Seen) {
    let seen = Seen::default();
    let sink = Arc::clone(&seen);
    let orchestrator = on(sim, project).with_events(Arc::new(move |event| sink.lock().unwrap().push(event)));
    (orchestrator, seen)
}

fn up() -> UpRequest {
    UpRequest::default()
}

/// Names and states of all containers on the engine, sorted.
async fn containers(sim: &SimRuntime) -> Vec<(String, ContainerStatus)> {
    let list = sim.list_containers(&ContainerFilter::all()).await.unwrap();
    let mut all: Vec<_> = list.into_iter().map(|c| (c.name, c.status)).collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}

/// Those that run.
async fn running(sim: &SimRuntime) -> Vec<String> {
    let all = containers(sim).await;
    all.into_iter().filter(|(_, status)| *status == ContainerStatus::Running).map(|(name, _)| name).collect()
}

/// When the first call of an operation about a container was made.
fn at(sim: &SimRuntime, operation: runtime_sim::Operation, subject: &str) -> Duration {
    let calls = sim.calls();
    let call = calls.iter().find(|call| call.operation == operation && call.subject == subject);
    call.unwrap_or_else(|| panic!("no {operation:?} of {subject}")).at
}
