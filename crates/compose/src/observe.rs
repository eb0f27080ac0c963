//! What there is on the engine of a project: the facts that planning starts from.

use std::time::{Duration, SystemTime};

use compose_file::model::Project;
use futures_util::future::{join_all, try_join4};
use indexmap::{IndexMap, IndexSet};
use runtime_core::{
    ContainerFilter, ContainerState, ContainerStatus, ContainerSummary, ImageInfo, NetworkFilter,
    NetworkInfo, Runtime, VolumeFilter, VolumeInfo,
};

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::error::Result;
use crate::labels;
use crate::plan::ContainerRef;

/// A container of the project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Observed {
    pub(crate) summary: ContainerSummary,
    pub(crate) service: String,
    pub(crate) number: u32,
    pub(crate) one_off: bool,
}

impl Observed {
    pub(crate) fn new(summary: ContainerSummary) -> Self {
        let label = |key: &str| summary.labels.get(key).map(String::as_str);
        let service = label(labels::SERVICE).unwrap_or_default().to_owned();
        let number = label(labels::NUMBER).and_then(|text| text.parse().ok()).unwrap_or(0);
        let one_off = label(labels::ONE_OFF).is_some_and(|text| text.eq_ignore_ascii_case("true"));
        Self { summary, service, number, one_off }
    }

    pub(crate) fn label(&self, key: &str) -> Option<&String> {
        self.summary.labels.get(key)
    }

    /// Made to come in another's place, and not renamed yet: the command that made it was killed.
    pub(crate) fn is_unfinished_replacement(&self) -> bool {
        self.label(labels::REPLACE).is_some_and(|name| {
            self.summary.name.strip_suffix(name.as_str()).is_some_and(|prefix| prefix.ends_with('_'))
        })
    }

    /// Has processes, or will have again without our doing.
    pub(crate) fn is_active(&self) -> bool {
        use ContainerStatus as Status;
        matches!(self.summary.status, Status::Running | Status::Paused | Status::Restarting)
    }

    /// Its code, if it has ended.
    pub(crate) fn exit_code(&self) -> Option<i64> {
        if self.summary.status != ContainerStatus::Exited {
            return None;
        }
        self.summary.exit_code.or_else(|| {
            let text = self.summary.status_text.strip_prefix("Exited (")?;
            text.split(')').next()?.parse().ok()
        })
    }

    /// Its anonymous volumes that the engine takes for named ones.
    pub(crate) fn carried_volumes(&self) -> Vec<String> {
        let list = self.label(labels::CARRIED).map(String::as_str).unwrap_or_default();
        list.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect()
    }

    pub(crate) fn container(&self) -> ContainerRef {
        ContainerRef {
            service: self.service.clone(),
            number: self.number,
            name: self.summary.name.clone(),
            id: Some(self.summary.id.clone()),
        }
    }
}

/// How long a container has been running, by the engine's clock and ours; 0 where they do not agree.
pub(crate) fn running_for(state: &ContainerState) -> Duration {
    let started = state.started_at.as_deref().and_then(parse_time);
    let elapsed = started.and_then(|time| SystemTime::now().duration_since(time).ok());
    elapsed.unwrap_or_default()
}

/// A time as engines write it.
pub(crate) fn parse_time(text: &str) -> Option<SystemTime> {
    OffsetDateTime::parse(text, &Rfc3339).ok().map(SystemTime::from)
}

/// What there is of a project.
#[derive(Clone, Debug, Default)]
pub(crate) struct ObservedProject {
    /// All containers with the project's label, in order of service, number and name.
    pub(crate) containers: Vec<Observed>,
    /// Networks by name.
    pub(crate) networks: IndexMap<String, NetworkInfo>,
    /// Volumes by name.
    pub(crate) volumes: IndexMap<String, VolumeInfo>,
    /// Images by the reference that the project uses.
    pub(crate) images: IndexMap<String, ImageInfo>,
}

impl ObservedProject {
    /// The containers of a service, without those of `run`.
    pub(crate) fn of_service<'a>(&'a self, service: &'a str) -> impl Iterator<Item = &'a Observed> {
        self.containers.iter().filter(move |c| c.service == service && !c.one_off)
    }
}

/// All containers of a project, with one call.
pub(crate) async fn containers(runtime: &dyn Runtime, project: &str) -> Result<Vec<Observed>> {
    let filter = ContainerFilter::all().with_label(labels::PROJECT, project);
    let list = runtime.list_containers(&filter).await?;
    let mut containers: Vec<Observed> = list.into_iter().map(Observed::new).collect();
    containers.sort_by(|a, b| {
        let key = |c: &Observed| (c.service.clone(), c.number, c.summary.name.clone());
        key(a).cmp(&key(b))
    });
    Ok(containers)
}

/// What `up` of these services starts from: containers, the networks and volumes that the project declares, and the
/// images. One call each, an image inspect for each distinct image, all at the same time.
pub(crate) async fn for_up(
    runtime: &dyn Runtime,
    project: &Project,
    services: &IndexSet<String>,
) -> Result<ObservedProject> {
    let images: IndexSet<String> = services
        .iter()
        .filter_map(|name| project.services.get(name))
        .map(|service| service.image_name(&project.name).into_owned())
        .collect();
    let (containers, networks, volumes, images) = try_join4(
        containers(runtime, &project.name),
        networks(runtime, project),
        volumes(runtime, project),
        inspect_images(runtime, &images),
    )
    .await?;
    Ok(ObservedProject { containers, networks, volumes, images })
}

async fn networks(runtime: &dyn Runtime, project: &Project) -> Result<IndexMap<String, NetworkInfo>> {
    if project.networks.is_empty() {
        return Ok(IndexMap::new());
    }
    let filter = project.networks.values().fold(NetworkFilter::default(), |f, n| f.with_name(&n.name));
    let list = runtime.list_networks(&filter).await?;
    Ok(list.into_iter().map(|network| (network.name.clone(), network)).collect())
}

async fn volumes(runtime: &dyn Runtime, project: &Project) -> Result<IndexMap<String, VolumeInfo>> {
    if project.volumes.is_empty() {
        return Ok(IndexMap::new());
    }
    let filter = project.volumes.values().fold(VolumeFilter::default(), |f, v| f.with_name(&v.name));
    let list = runtime.list_volumes(&filter).await?;
    Ok(list.into_iter().map(|volume| (volume.name.clone(), volume)).collect())
}

/// Those of the images that are there.
pub(crate) async fn inspect_images(
    runtime: &dyn Runtime,
    references: &IndexSet<String>,
) -> Result<IndexMap<String, ImageInfo>> {
    let answers = join_all(references.iter().map(|reference| runtime.inspect_image(reference))).await;
    let mut images = IndexMap::new();
    for (reference, answer) in references.iter().zip(answers) {
        match answer {
            Ok(info) => {
                images.insert(reference.clone(), info);
            }
            Err(error) if error.is_not_found() => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(images)
}

/// What `down` starts from: everything that has the project's label.
pub(crate) async fn for_down(
    runtime: &dyn Runtime,
    project: &Project,
    with_volumes: bool,
) -> Result<ObservedProject> {
    let networks = async {
        let filter = NetworkFilter::default().with_label(labels::PROJECT, &project.name);
        let list = runtime.list_networks(&filter).await?;
        Ok(list.into_iter().map(|network| (network.name.clone(), network)).collect())
    };
    let volumes = async {
        if !with_volumes {
            return Ok(IndexMap::new());
        }
        let filter = VolumeFilter::default().with_label(labels::PROJECT, &project.name);
        let list = runtime.list_volumes(&filter).await?;
        Ok(list.into_iter().map(|volume| (volume.name.clone(), volume)).collect())
    };
    let (containers, networks, volumes) =
        futures_util::future::try_join3(containers(runtime, &project.name), networks, volumes).await?;
    Ok(ObservedProject { containers, networks, volumes, images: IndexMap::new() })
}
