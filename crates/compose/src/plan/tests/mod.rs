//! Tables of plans, with no engine: a project, what there is, and the plan as `--dry-run` prints it.

mod down;
mod random;
mod recover;
mod up;

use compose_file::model::{Condition, Dependency, Environment, Mount, Network, Project, Service, Volume};
use indexmap::IndexMap;
use runtime_core::{AttachedNetwork, ContainerStatus, ContainerSummary, ImageInfo, NetworkInfo, VolumeInfo};

use super::*;
use crate::observe::{Observed, ObservedProject};
use crate::request::{DownRequest, UpRequest};

/// A project `app` of services with the default network.
pub(super) fn project(services: impl IntoIterator<Item = Service>) -> Project {
    let mut project = Project { name: "app".into(), ..Project::default() };
    project.networks.insert("default".into(), Network { name: "app_default".into(), ..Network::default() });
    for service in services {
        project.services.insert(service.name.clone(), service);
    }
    project
}

/// A service of image `bb` on the default network.
pub(super) fn service(name: &str) -> Service {
    Service {
        name: name.into(),
        image: Some("bb".into()),
        networks: IndexMap::from([("default".to_owned(), None)]),
        ..Service::default()
    }
}

/// Makes a service depend on another.
pub(super) fn after(mut service: Service, other: &str, condition: Condition) -> Service {
    service.depends_on.insert(other.into(), Dependency { condition, ..Dependency::default() });
    service
}

pub(super) fn with_env(mut service: Service, name: &str, value: &str) -> Service {
    service.environment.insert(name.into(), Some(value.into()));
    service
}

pub(super) fn with_check(mut service: Service) -> Service {
    service.healthcheck = Some(compose_file::model::HealthCheck {
        test: compose_file::model::HealthTest::Cmd(vec!["true".into()]),
        ..Default::default()
    });
    service
}

/// The engine before the first `up`: image `bb` is there.
pub(super) fn empty() -> ObservedProject {
    let mut observed = ObservedProject::default();
    observed.images.insert("bb".into(), image("bb-1"));
    observed
}

pub(super) fn image(id: &str) -> ImageInfo {
    let mut info = ImageInfo::default();
    info.id = format!("sha256:{id}");
    info
}

pub(super) fn plan(project: &Project, observed: &ObservedProject, request: &UpRequest) -> Result<Plan> {
    let selected = select(project, &request.services, request.no_deps)?;
    plan_up(&UpInput { project, observed, request, selected: &selected })
}

use crate::error::Result;

/// The engine after an `up` that went well, with every container running.
pub(super) fn settled(project: &Project) -> ObservedProject {
    let mut observed = empty();
    let plan = plan(project, &observed, &UpRequest::default()).unwrap();
    for node in plan.order() {
        match &plan.graph()[node].action {
            Action::CreateNetwork(spec) => {
                let mut info = NetworkInfo::default();
                info.id = format!("id-{}", spec.name);
                info.name.clone_from(&spec.name);
                info.labels.clone_from(&spec.labels);
                observed.networks.insert(spec.name.clone(), info);
            }
            Action::CreateVolume(spec) => {
                let mut info = VolumeInfo::default();
                info.name.clone_from(&spec.name);
                info.labels.clone_from(&spec.labels);
                observed.volumes.insert(spec.name.clone(), info);
            }
            Action::CreateContainer(creation) => {
                let id = format!("{:0>12}{:0>52}", creation.container.name, "");
                let mut summary = ContainerSummary::default();
                summary.id = id;
                summary.name.clone_from(&creation.spec.name);
                summary.image.clone_from(&creation.spec.image);
                summary.labels.clone_from(&creation.spec.labels);
                summary.labels.insert(crate::labels::IMAGE.into(), "sha256:bb-1".into());
                let parents: Vec<(String, String)> = creation
                    .parents
                    .iter()
                    .map(|parent| {
                        let name = &parent.container.name;
                        (parent.container.service.clone(), format!("{name:0>12}{:0>52}", ""))
                    })
                    .collect();
                if !parents.is_empty() {
                    let pairs = parents.iter().map(|(service, id)| (service.as_str(), id.as_str()));
                    summary
                        .labels
                        .insert(crate::labels::PARENTS.into(), crate::labels::format_parents(pairs));
                }
                summary.status = ContainerStatus::Running;
                for name in creation.spec.networks.keys() {
                    let mut attached = AttachedNetwork::default();
                    attached.network_id = format!("id-{name}");
                    summary.networks.insert(name.clone(), attached);
                }
                observed.containers.push(Observed::new(summary));
            }
            _ => {}
        }
    }
    observed
}

/// Changes one container.
pub(super) fn change(observed: &mut ObservedProject, name: &str, change: impl FnOnce(&mut ContainerSummary)) {
    let at = observed.containers.iter().position(|c| c.summary.name == name).unwrap();
    let mut summary = observed.containers[at].summary.clone();
    change(&mut summary);
    observed.containers[at] = Observed::new(summary);
}

pub(super) fn exited(code: i64) -> impl FnOnce(&mut ContainerSummary) {
    move |summary| {
        summary.status = ContainerStatus::Exited;
        summary.exit_code = Some(code);
    }
}

pub(super) fn with_volume(mut service: Service, project_key: &str) -> Service {
    service.volumes.push(Mount {
        source: Some(project_key.into()),
        target: "/data".into(),
        ..Mount::default()
    });
    service
}

pub(super) fn volume(name: &str) -> Volume {
    Volume { name: name.into(), ..Volume::default() }
}

/// What a plan warns of, beside its steps.
pub(super) fn shown(plan: &Plan) -> String {
    let mut text = plan.to_string();
    for (subject, warning) in plan.warnings() {
        text.push_str(&format!("warning: {} {}: {warning}\n", subject.kind, subject.name));
    }
    text
}

#[test]
fn a_hash_is_the_same_for_ever() {
    let mut one = with_env(service("web"), "COLOR", "red");
    one.command = Some(vec!["sleep".into(), "1".into()]);
    one.scale = Some(3);
    one.mem_limit = Some(1 << 20);
    let project = project([one]);
    let hash = crate::hash::service_hash(&project, &project.services["web"]);
    assert_eq!(hash.whole, "w1-a991bb40b353083a652b23c6679eb7b86d248a97046da678290b583ee44f1432");
    assert_eq!(
        hash.fields.keys().collect::<Vec<_>>(),
        ["command", "environment.COLOR", "image", "mem_limit", "networks"]
    );
    let network = crate::hash::network_hash(&project.networks["default"]);
    assert_eq!(network.whole, "w1-5b4d275dccc2acce184af5c26f52b9032787c8635c2e982a7e1df06eb92f8d43");
    let environment = Environment::from_iter([("A", "1")]);
    assert!(!format!("{environment:?}").contains('1'), "values are not in debug output");
}

#[test]
fn how_a_container_comes_about_is_not_in_its_hash() {
    let plain = project([service("web")]);
    let mut other = after(service("web"), "db", Condition::ServiceStarted);
    other.scale = Some(2);
    other.pull_policy = Some(compose_file::model::PullPolicy::Always);
    other.profiles = vec!["x".into()];
    other.deploy = Some(Box::new(compose_file::model::Deploy { replicas: Some(4), ..Default::default() }));
    other.build = Some(Box::default());
    let other = project([other, service("db")]);
    let hash = |project: &Project| crate::hash::service_hash(project, &project.services["web"]);
    assert_eq!(hash(&plain), hash(&other));
}
