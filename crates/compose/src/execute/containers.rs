//! Steps on containers.

use std::time::Duration;

use indexmap::IndexMap;
use runtime_core::{
    ContainerFilter, ContainerSpec, ImageInfo, Mount, MountKind, MountPoint, NetworkMode, RemoveContainer,
    StopOptions, WaitCondition,
};
use tokio::time::Instant;

use super::{Executor, Live, of};
use crate::error::{Error, ErrorKind, Result};
use crate::labels;
use crate::plan::{ContainerRef, Creation, SharedNamespace};
use crate::spec::{self, FileUpload};

/// How long a name may be taken by something that the engine's list does not show: a creation that it still carries
/// out for a command that was killed.
const NAME_PATIENCE: Duration = Duration::from_secs(3);
/// How long a removal that is under way may take.
const REMOVAL_PATIENCE: Duration = Duration::from_secs(20);
const RETRY: Duration = Duration::from_millis(100);

impl Executor {
    pub(super) async fn create(&self, creation: &Creation) -> Result<()> {
        let container = &creation.container;
        let service = self.service(&container.service)?;
        let image = self.image(&creation.spec.image).await?;
        let mut spec = creation.spec.clone();
        let self_probed = self.runtime.prefer_self_probed_health();
        spec.labels.insert(labels::IMAGE.to_owned(), image.id.clone());
        spec.healthcheck = spec::engine_check(service, image.healthcheck.as_ref(), self_probed);
        if self_probed {
            let check = crate::health::merge(service.healthcheck.as_ref(), image.healthcheck.as_ref());
            if check.is_some() {
                let source = if service.healthcheck.is_some() { "service" } else { "image" };
                spec.labels.insert(labels::HEALTH.to_owned(), source.to_owned());
            }
        }
        self.share_namespaces(creation, &mut spec)?;
        if creation.keep_anonymous_volumes
            && let Some((old, _)) = &creation.replaces
        {
            self.carry_volumes(old, &image, &mut spec).await.map_err(|error| of(error, container))?;
        }
        let id = self.create_or_take_over(creation, &spec).await?;
        if !creation.files.is_empty() {
            self.upload(&id, creation).await?;
        }
        let key = (container.service.clone(), container.number);
        self.shared().containers.insert(key, Live { id, created: true, started: None });
        Ok(())
    }

    fn share_namespaces(&self, creation: &Creation, spec: &mut ContainerSpec) -> Result<()> {
        let mut ids = Vec::new();
        for parent in &creation.parents {
            let id = self.id_of(&parent.container)?;
            match parent.namespace {
                SharedNamespace::Network => spec.network_mode = NetworkMode::Container(id.clone()),
                SharedNamespace::Ipc => spec.ipc = Some(format!("container:{id}")),
                SharedNamespace::Pid => spec.pid = Some(format!("container:{id}")),
            }
            ids.push((parent.container.service.as_str(), id));
        }
        if !ids.is_empty() {
            let label = labels::format_parents(ids.iter().map(|(service, id)| (*service, id.as_str())));
            spec.labels.insert(labels::PARENTS.to_owned(), label);
        }
        Ok(())
    }

    /// Mounts the predecessor's anonymous volumes where the new container would get fresh ones.
    async fn carry_volumes(
        &self,
        old: &str,
        image: &ImageInfo,
        spec: &mut ContainerSpec,
    ) -> runtime_core::Result<()> {
        if image.volumes.is_empty() && !spec.mounts.iter().any(is_anonymous) {
            return Ok(());
        }
        let remembered = self.shared().inherited.remove(old);
        let mounts = match remembered {
            Some(mounts) => mounts,
            None => self.runtime.inspect_container(old).await?.mounts,
        };
        let carried = inherit(&mounts, image, &mut spec.mounts);
        if !carried.is_empty() {
            spec.labels.insert(labels::CARRIED.to_owned(), carried.join(","));
        }
        Ok(())
    }

    async fn create_or_take_over(&self, creation: &Creation, spec: &ContainerSpec) -> Result<String> {
        let begin = Instant::now();
        loop {
            let error = match self.runtime.create_container(spec).await {
                Ok(id) => return Ok(id),
                Err(error) if error.is_conflict() => error,
                Err(error) => return Err(of(error, &creation.container)),
            };
            let filter = ContainerFilter::all().with_name(&spec.name);
            let there = self.runtime.list_containers(&filter).await?;
            let Some(there) = there.into_iter().find(|there| there.name == spec.name) else {
                if begin.elapsed() >= NAME_PATIENCE {
                    return Err(of(error, &creation.container));
                }
                tokio::time::sleep(RETRY).await;
                continue;
            };
            if is_wanted(&there.labels, &spec.labels) {
                return Ok(there.id);
            }
            let whose = match there.labels.get(labels::PROJECT) {
                Some(project) if *project == self.project.name => "an older one of this project".to_owned(),
                Some(project) => format!("one of project {project}"),
                None => "one that belongs to no project".to_owned(),
            };
            let message = format!("cannot create container {}: the name is taken by {whose}", spec.name);
            return Err(Error::new(ErrorKind::Conflict, message)
                .with_service(&creation.container.service)
                .with_container(&creation.container.name)
                .with_hint(
                    "remove that container, or give this one another name with container_name or -p",
                ));
        }
    }

    /// Writes files into a container that does not run yet.
    async fn upload(&self, id: &str, creation: &Creation) -> Result<()> {
        let archive = FileUpload::archive(&creation.files).map_err(|error| {
            Error::new(ErrorKind::Io, format!("cannot pack secrets and configs: {error}"))
                .with_service(&creation.container.service)
        })?;
        let reader = Box::pin(std::io::Cursor::new(archive));
        self.runtime.archive_put(id, "/", reader).await.map_err(|error| of(error, &creation.container))
    }

    pub(super) async fn start(&self, container: &ContainerRef) -> Result<()> {
        let id = self.id_of(container)?;
        self.runtime.start_container(&id).await.map_err(|error| of(error, container))?;
        let mut shared = self.shared();
        let key = (container.service.clone(), container.number);
        let live = shared.containers.entry(key).or_insert(Live { id, created: false, started: None });
        live.started = Some(Instant::now());
        Ok(())
    }

    pub(super) async fn stop(&self, container: &ContainerRef) -> Result<()> {
        let Some(id) = &container.id else { return Ok(()) };
        let mut options = StopOptions::default();
        options.timeout = self.stop_timeout;
        match self.runtime.stop_container(id, &options).await {
            Err(error) if !error.is_not_found() => Err(of(error, container)),
            _ => Ok(()),
        }
    }

    /// Removes a container. One that is known not to run is removed without force, which costs an engine less; where
    /// it runs after all, or the engine still takes it to run, force is used.
    pub(super) async fn remove(
        &self,
        container: &ContainerRef,
        volumes: bool,
        carried: &[String],
        has_heir: bool,
    ) -> Result<()> {
        let Some(id) = &container.id else { return Ok(()) };
        if has_heir {
            match self.runtime.inspect_container(id).await {
                Ok(info) => {
                    self.shared().inherited.insert(id.clone(), info.mounts);
                }
                Err(error) if error.is_not_found() => {}
                Err(error) => return Err(of(error, container)),
            }
        }
        let with = |options: RemoveContainer| if volumes { options.with_volumes() } else { options };
        let mut result = self.runtime.remove_container(id, with(RemoveContainer::default())).await;
        if result.as_ref().is_err_and(runtime_core::Error::is_conflict) {
            result = self.runtime.remove_container(id, with(RemoveContainer::forced())).await;
        }
        if result.as_ref().is_err_and(runtime_core::Error::is_conflict) {
            // Another command may be removing it.
            let gone = self.runtime.wait_container(id, WaitCondition::Removed);
            if let Ok(Ok(_)) = tokio::time::timeout(REMOVAL_PATIENCE, gone).await {
                result = Ok(());
            }
        }
        match result {
            Ok(()) => {}
            Err(error) if error.is_not_found() => {}
            Err(error) => return Err(of(error, container)),
        }
        for name in carried {
            match self.runtime.remove_volume(name, false).await {
                Ok(()) => {}
                // Gone already, or mounted by another container as well.
                Err(error) if error.is_not_found() || error.is_conflict() => {}
                Err(error) => return Err(of(error, container)),
            }
        }
        Ok(())
    }

    pub(super) async fn rename(&self, container: &ContainerRef) -> Result<()> {
        let id = self.id_of(container)?;
        let begin = Instant::now();
        loop {
            let error = match self.runtime.rename_container(&id, &container.name).await {
                Ok(()) => return Ok(()),
                Err(error) => error,
            };
            // The name's last owner was removed; an engine may give it free a moment later.
            if !error.is_conflict() || begin.elapsed() >= NAME_PATIENCE {
                return Err(of(error, container));
            }
            tokio::time::sleep(RETRY).await;
        }
    }
}

/// Whether a container is the one that was to be created.
fn is_wanted(there: &IndexMap<String, String>, wanted: &IndexMap<String, String>) -> bool {
    let keys = [
        labels::PROJECT,
        labels::SERVICE,
        labels::NUMBER,
        labels::ONE_OFF,
        labels::CONFIG_HASH,
        labels::IMAGE,
        labels::PARENTS,
        labels::REPLACE,
    ];
    keys.iter().all(|key| there.get(*key) == wanted.get(*key))
}

fn is_anonymous(mount: &Mount) -> bool {
    matches!(mount.kind, MountKind::Volume { name: None, .. })
}

/// Puts the volumes of a predecessor where the new container would get anonymous ones; gives their names.
fn inherit(old: &[MountPoint], image: &ImageInfo, mounts: &mut Vec<Mount>) -> Vec<String> {
    let mut carried = Vec::new();
    for point in old.iter().filter(|point| point.kind == "volume") {
        let Some(volume) = point.name.clone().filter(|name| !name.is_empty()) else { continue };
        match mounts.iter_mut().find(|mount| mount.target == point.target) {
            Some(mount) => match &mut mount.kind {
                MountKind::Volume { name: name @ None, .. } => *name = Some(volume.clone()),
                _ => continue,
            },
            None if image.volumes.contains(&point.target) => {
                mounts.push(Mount::volume(&volume, &point.target));
            }
            None => continue,
        }
        carried.push(volume);
    }
    carried
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(name: &str, target: &str) -> MountPoint {
        let mut point = MountPoint::default();
        point.kind = "volume".into();
        point.name = Some(name.into());
        point.target = target.into();
        point
    }

    #[test]
    fn only_anonymous_volumes_are_inherited() {
        let mut image = ImageInfo::default();
        image.volumes = vec!["/image".into()];
        let anonymous = MountKind::Volume { name: None, no_copy: false, subpath: None };
        let mut mounts = vec![Mount::new(anonymous, "/file"), Mount::volume("named", "/named")];
        let old =
            [point("a", "/file"), point("b", "/image"), point("other", "/named"), point("c", "/elsewhere")];
        assert_eq!(inherit(&old, &image, &mut mounts), ["a", "b"]);
        let names: Vec<_> = mounts
            .iter()
            .map(|mount| match &mount.kind {
                MountKind::Volume { name, .. } => name.clone().unwrap_or_default(),
                _ => String::new(),
            })
            .collect();
        assert_eq!(names, ["a", "named", "b"]);
    }
}
