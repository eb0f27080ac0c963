//! What is built.

use compose_file::model::{Build, Environment, Project, Service};
use runtime_core::BuildSpec;

use crate::labels;
use crate::request::BuildRequest;

/// The build of a service's image. `dockerfile` is its path within the context.
pub(crate) fn build_spec(
    project: &Project,
    service: &Service,
    build: &Build,
    dockerfile: &str,
    request: &BuildRequest,
) -> BuildSpec {
    let mut spec = BuildSpec::new(service.image_name(&project.name));
    spec.tags.extend(build.tags.iter().cloned());
    dockerfile.clone_into(&mut spec.dockerfile);
    spec.args = arguments(&build.args, &request.args);
    spec.labels.clone_from(&build.labels);
    spec.labels.insert(labels::PROJECT.to_owned(), project.name.clone());
    spec.labels.insert(labels::SERVICE.to_owned(), service.name.clone());
    spec.target.clone_from(&build.target);
    spec.network.clone_from(&build.network);
    spec.no_cache = build.no_cache || request.no_cache;
    spec.pull = build.pull || request.pull;
    spec.platform = service.platform.clone().or_else(|| build.platforms.first().cloned());
    spec.cache_from.clone_from(&build.cache_from);
    spec.extra_hosts = build.extra_hosts.iter().map(super::container::extra_host).collect();
    spec.shm_size = build.shm_size.and_then(|bytes| u64::try_from(bytes).ok());
    spec
}

/// Arguments without a value that the environment does not have, either, are left out: the Dockerfile's default
/// counts then.
fn arguments(file: &Environment, request: &Environment) -> runtime_core::Environment {
    let mut args = runtime_core::Environment::new();
    for (name, value) in file.iter().chain(request.iter()) {
        if let Some(value) = value {
            args.set(name, Some(value.clone()));
        }
    }
    args
}
