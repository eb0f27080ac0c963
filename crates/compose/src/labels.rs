//! The labels by which containers, networks and volumes of a project are found, by us and by `docker compose`.

use compose_file::model::{Condition, Dependency, Project, Service};
use indexmap::IndexMap;

pub(crate) const PROJECT: &str = "com.docker.compose.project";
pub(crate) const SERVICE: &str = "com.docker.compose.service";
pub(crate) const NUMBER: &str = "com.docker.compose.container-number";
pub(crate) const ONE_OFF: &str = "com.docker.compose.oneoff";
pub(crate) const CONFIG_HASH: &str = "com.docker.compose.config-hash";
pub(crate) const IMAGE: &str = "com.docker.compose.image";
pub(crate) const DEPENDS_ON: &str = "com.docker.compose.depends_on";
pub(crate) const VERSION: &str = "com.docker.compose.version";
pub(crate) const WORKING_DIR: &str = "com.docker.compose.project.working_dir";
pub(crate) const CONFIG_FILES: &str = "com.docker.compose.project.config_files";
pub(crate) const ENVIRONMENT_FILE: &str = "com.docker.compose.project.environment_file";
pub(crate) const REPLACE: &str = "com.docker.compose.replace";
pub(crate) const NETWORK: &str = "com.docker.compose.network";
pub(crate) const VOLUME: &str = "com.docker.compose.volume";

/// Short hashes of the single fields that the configuration hash covers, as JSON, so that a plan can name what
/// changed. A hash has 32 bits, too few to tell a guess of a value from chance.
pub(crate) const FIELDS: &str = "io.wharf.config-fields";
/// The ids of the containers in whose namespaces a container lives, `service=id`, with commas between.
pub(crate) const PARENTS: &str = "io.wharf.parents";
/// Names of anonymous volumes that a container took over from its predecessor, with commas between: the engine takes
/// them for named ones and leaves them when the container goes.
pub(crate) const CARRIED: &str = "io.wharf.carried-volumes";
/// Where a health check comes from that the engine was not told of: `service` or `image`. The check itself is not
/// in it, since its command may hold a secret.
pub(crate) const HEALTH: &str = "io.wharf.healthcheck";

/// The version that containers, networks and volumes are labelled with.
const TOOL_VERSION: &str = concat!("wharf-", env!("CARGO_PKG_VERSION"));

/// The labels of every object of a project.
pub(crate) fn project_labels(project: &Project) -> [(&'static str, String); 2] {
    [(PROJECT, project.name.clone()), (VERSION, TOOL_VERSION.to_owned())]
}

/// The labels of a container, without those that are known only when it is created.
pub(crate) fn container_labels(
    project: &Project,
    service: &Service,
    number: u32,
    hash: &crate::hash::ConfigHash,
) -> IndexMap<String, String> {
    let mut labels = service.labels.clone();
    let mut set = |key: &str, value: String| {
        labels.insert(key.to_owned(), value);
    };
    for (key, value) in project_labels(project) {
        set(key, value);
    }
    set(SERVICE, service.name.clone());
    set(NUMBER, number.to_string());
    set(ONE_OFF, "False".to_owned());
    set(CONFIG_HASH, hash.whole.clone());
    set(FIELDS, hash.fields_label());
    set(DEPENDS_ON, format_depends_on(&service.depends_on));
    set(WORKING_DIR, project.working_dir.display().to_string());
    set(CONFIG_FILES, join_paths(&project.config_files));
    if !project.environment_files.is_empty() {
        set(ENVIRONMENT_FILE, join_paths(&project.environment_files));
    }
    labels
}

fn join_paths(paths: &[std::path::PathBuf]) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(",")
}

/// `dep:condition:restart,...`
pub(crate) fn format_depends_on(depends_on: &IndexMap<String, Dependency>) -> String {
    let list: Vec<String> = depends_on
        .iter()
        .map(|(name, dependency)| format!("{name}:{}:{}", dependency.condition, dependency.restart))
        .collect();
    list.join(",")
}

/// Reads what [`format_depends_on`] and `docker compose` write; what cannot be read is left out.
pub(crate) fn parse_depends_on(label: &str) -> IndexMap<String, Dependency> {
    let mut depends_on = IndexMap::new();
    for entry in label.split(',') {
        let mut parts = entry.split(':');
        let Some(name) = parts.next().filter(|name| !name.is_empty()) else { continue };
        let condition = match parts.next() {
            Some("service_healthy") => Condition::ServiceHealthy,
            Some("service_completed_successfully") => Condition::ServiceCompletedSuccessfully,
            _ => Condition::ServiceStarted,
        };
        let restart = parts.next() == Some("true");
        depends_on.insert(name.to_owned(), Dependency { condition, restart, ..Dependency::default() });
    }
    depends_on
}

/// `service=id,...`
pub(crate) fn format_parents<'a>(parents: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut list: Vec<String> = parents.map(|(service, id)| format!("{service}={id}")).collect();
    list.sort();
    list.dedup();
    list.join(",")
}

/// Reads what [`format_parents`] writes.
pub(crate) fn parse_parents(label: &str) -> impl Iterator<Item = (&str, &str)> {
    label.split(',').filter_map(|entry| entry.split_once('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depends_on_survives_the_label() {
        let text = "db:service_healthy:true,job:service_completed_successfully:false,x:service_started:false";
        let parsed = parse_depends_on(text);
        assert!(parsed["db"].restart && parsed["db"].condition == Condition::ServiceHealthy);
        assert_eq!(format_depends_on(&parsed), text);
        assert!(parse_depends_on("").is_empty() && parse_depends_on(",:,").is_empty());
    }
}
