//! The containers of a project, with their health.

use std::sync::Arc;
use std::time::Duration;

use compose_file::model::Project;
use futures_util::StreamExt as _;
use indexmap::{IndexMap, IndexSet};
use runtime_core::{ContainerStatus, ContainerSummary, HealthStatus, HealthcheckSpec, Runtime};

use crate::error::{Error, ErrorKind, Result};
use crate::health::{self, ProbeSpec};
use crate::labels;
use crate::observe::{self, Observed};
use crate::plan::check_names;
use crate::report::ServiceContainer;
use crate::request::PsRequest;
use crate::spec;

/// How many probes are made at the same time.
const PROBES: usize = 16;

/// The project's containers, in order of service and number.
pub(crate) async fn list(
    runtime: &Arc<dyn Runtime>,
    project: &Project,
    request: &PsRequest,
) -> Result<Vec<ServiceContainer>> {
    check_names(project, &request.services)?;
    let mut rows = Vec::new();
    for container in observe::containers(&**runtime, &project.name).await? {
        let orphan = project.service(&container.service).is_none();
        let named = request.services.is_empty() || request.services.contains(&container.service);
        if !named || (orphan && !request.orphans) || (!request.all && !is_shown(&container)) {
            continue;
        }
        let Observed { summary, service, number, one_off } = container;
        let health = engine_health(&summary);
        rows.push(ServiceContainer { summary, service, number, one_off, orphan, health });
    }
    if request.probe {
        probe(&**runtime, project, &mut rows).await?;
    }
    Ok(rows)
}

fn is_shown(container: &Observed) -> bool {
    container.is_active() && !container.is_unfinished_replacement()
}

/// The engine's own verdict, which is in the words of its list.
fn engine_health(summary: &ContainerSummary) -> Option<HealthStatus> {
    let (_, words) = summary.status_text.rsplit_once('(')?;
    let word = words.strip_suffix(')')?;
    HealthStatus::parse(word.strip_prefix("health: ").unwrap_or(word))
}

/// Probes the running containers that have a check of which the engine knows nothing, or nothing yet.
async fn probe(runtime: &dyn Runtime, project: &Project, rows: &mut [ServiceContainer]) -> Result<()> {
    let self_probed = runtime.prefer_self_probed_health();
    let wanted = |row: &ServiceContainer| {
        let unknown = is_unknown(row.health, self_probed);
        unknown && row.summary.status == ContainerStatus::Running && may_have_check(project, row)
    };
    let images: IndexSet<String> = rows
        .iter()
        .filter(|row| wanted(row) && needs_image(project, row))
        .map(|row| row.summary.image_id.clone())
        .collect();
    let images = observe::inspect_images(runtime, &images).await?;
    let probes: Vec<(usize, String, ProbeSpec)> = rows
        .iter()
        .enumerate()
        .filter(|(_, row)| wanted(row))
        .filter_map(|(at, row)| {
            let image = images.get(&row.summary.image_id).and_then(|info| info.healthcheck.as_ref());
            Some((at, row.summary.id.clone(), check(project, row, image)?))
        })
        .collect();
    let before: Vec<Option<HealthStatus>> = rows.iter().map(|row| row.health).collect();
    let before = &before;
    let mut answers = futures_util::stream::iter(
        probes
            .into_iter()
            .map(|(at, id, spec)| async move { (at, probe_one(runtime, &id, &spec, before[at]).await) }),
    )
    .buffer_unordered(PROBES);
    while let Some((at, answer)) = answers.next().await {
        rows[at].health = match answer {
            Ok(health) => Some(health),
            // It ended between the list and the probe.
            Err(error) if error.is_not_found() || error.is_conflict() => None,
            Err(error) => return Err(Error::from(error)),
        };
    }
    Ok(())
}

/// Whether the engine has nothing to say of a health, or not yet.
fn is_unknown(engine: Option<HealthStatus>, self_probed: bool) -> bool {
    match engine {
        // What an engine with sound checks of its own does not show has no check.
        None => self_probed,
        Some(health) => health == HealthStatus::Starting,
    }
}

/// What is shown after one probe.
async fn probe_one(
    runtime: &dyn Runtime,
    id: &str,
    spec: &ProbeSpec,
    engine: Option<HealthStatus>,
) -> runtime_core::Result<HealthStatus> {
    if health::probe_once(runtime, id, spec).await?.passed() {
        return Ok(HealthStatus::Healthy);
    }
    if let Some(health) = engine {
        // The engine, which counts failures, does not take it to be unhealthy yet.
        return Ok(health);
    }
    let state = runtime.inspect_container(id).await?.state;
    Ok(after_failure(spec, observe::running_for(&state)))
}

/// What one failure means for a container that has been running this long: before the check could have counted as
/// many failures as it allows, it is still starting.
fn after_failure(spec: &ProbeSpec, running_for: Duration) -> HealthStatus {
    let schedule = &spec.schedule;
    let patience = schedule.start_period.saturating_add(schedule.interval.saturating_mul(schedule.retries));
    if running_for < patience { HealthStatus::Starting } else { HealthStatus::Unhealthy }
}

fn may_have_check(project: &Project, row: &ServiceContainer) -> bool {
    match project.service(&row.service) {
        Some(service) => spec::has_check(service, None) != Some(false),
        None => false,
    }
}

/// Whether only the image can tell what the check is.
fn needs_image(project: &Project, row: &ServiceContainer) -> bool {
    let label = row.summary.labels.get(labels::HEALTH).map(String::as_str);
    let unknown =
        project.service(&row.service).is_some_and(|service| spec::has_check(service, None).is_none());
    // Our own containers say that they have one; so does an engine that runs it.
    unknown && (row.health.is_some() || label.is_some() || !row.summary.labels.contains_key(labels::FIELDS))
}

fn check(project: &Project, row: &ServiceContainer, image: Option<&HealthcheckSpec>) -> Option<ProbeSpec> {
    let service = project.service(&row.service)?;
    ProbeSpec::resolve(service.healthcheck.as_ref(), image)
}

/// A running container of a service.
pub(crate) async fn one(
    runtime: &Arc<dyn Runtime>,
    project: &Project,
    service: &str,
    index: Option<u32>,
) -> Result<ContainerSummary> {
    check_names(project, std::slice::from_ref(&service.to_owned()))?;
    let containers = observe::containers(&**runtime, &project.name).await?;
    let mut running: IndexMap<u32, ContainerSummary> = containers
        .into_iter()
        .filter(|c| c.service == service && !c.one_off && c.summary.status == ContainerStatus::Running)
        .map(|c| (c.number, c.summary))
        .collect();
    let found = match index {
        Some(number) => running.swap_remove(&number),
        None => running.shift_remove_index(0).map(|(_, summary)| summary),
    };
    found.ok_or_else(|| {
        let message = match index {
            Some(number) => format!("has no running container of number {number}"),
            None => "has no running container".to_owned(),
        };
        Error::new(ErrorKind::Missing, message).with_service(service).with_hint("start it with `up -d`")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engines_words_are_read() {
        for (text, health) in [
            ("Up 2 minutes (healthy)", Some(HealthStatus::Healthy)),
            ("Up 1 second (health: starting)", Some(HealthStatus::Starting)),
            ("Up 2 minutes (unhealthy)", Some(HealthStatus::Unhealthy)),
            ("Up 2 minutes (Paused)", None),
            ("Exited (0) 3 seconds ago", None),
            ("Up 2 minutes", None),
        ] {
            let mut summary = ContainerSummary::default();
            summary.status_text = text.to_owned();
            assert_eq!(engine_health(&summary), health, "{text}");
        }
    }

    #[test]
    fn a_probe_is_made_where_the_engine_knows_nothing_yet() {
        use HealthStatus::{Healthy, Starting, Unhealthy};
        assert!(is_unknown(None, true) && !is_unknown(None, false));
        for self_probed in [true, false] {
            assert!(is_unknown(Some(Starting), self_probed));
            assert!(!is_unknown(Some(Healthy), self_probed) && !is_unknown(Some(Unhealthy), self_probed));
        }
        let spec = ProbeSpec::new(["true"], health::Schedule::default());
        assert_eq!(after_failure(&spec, Duration::from_secs(89)), Starting, "3 times 30 s");
        assert_eq!(after_failure(&spec, Duration::from_secs(90)), Unhealthy);
    }
}
