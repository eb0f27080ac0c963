//! Volumes.

use docker_api::volumes::{
    Volume, VolumeCreate, VolumeCreateConfig, VolumeDelete, VolumeInspect, VolumeList,
};
use http_endpoint::{Filters, SecretMap};
use runtime_core::{Result, VolumeFilter, VolumeInfo, VolumeSpec};

use crate::DockerRuntime;
use crate::convert::sorted;
use crate::error::not_found;

fn info(volume: Volume) -> VolumeInfo {
    let mut info = VolumeInfo::default();
    info.name = volume.name;
    info.driver = volume.driver;
    info.mountpoint = volume.mountpoint;
    info.labels = volume.labels.into_iter().collect();
    info.options = volume.options.0.into_iter().collect();
    info
}

impl DockerRuntime {
    pub(crate) async fn make_volume(&self, spec: &VolumeSpec) -> Result<VolumeInfo> {
        let config = VolumeCreateConfig::new()
            .with_name(spec.name.as_str())
            .with_driver(spec.driver.clone())
            .with_driver_opts(SecretMap(sorted(&spec.options)))
            .with_labels(sorted(&spec.labels));
        let volume = self
            .slow()
            .send(&VolumeCreate::new(config))
            .await
            .map_err(self.failed("create volume", &spec.name))?;
        Ok(info(volume))
    }

    pub(crate) async fn look_at_volume(&self, operation: &'static str, name: &str) -> Result<VolumeInfo> {
        let volume =
            self.api().send(&VolumeInspect::new(name)).await.map_err(self.failed(operation, name))?;
        // Podman finds a volume by the beginning of its name.
        if volume.name == name { Ok(info(volume)) } else { Err(not_found(operation, name)) }
    }

    pub(crate) async fn all_volumes(&self, filter: &VolumeFilter) -> Result<Vec<VolumeInfo>> {
        let mut filters = Filters::new();
        for label in &filter.labels {
            filters.add("label", label);
        }
        for name in &filter.names {
            filters.add("name", name);
        }
        let list = self
            .api()
            .send(&VolumeList::new().with_filters(filters))
            .await
            .map_err(self.unnamed_mapper("list volumes"))?;
        // The engine takes a name for a part of one.
        let exact = |name: &String| filter.names.is_empty() || filter.names.contains(name);
        Ok(list.volumes.into_iter().filter(|volume| exact(&volume.name)).map(info).collect())
    }

    pub(crate) async fn delete_volume(&self, name: &str, force: bool) -> Result<()> {
        const OPERATION: &str = "remove volume";
        if self.dialect().partial_volume_names {
            match self.look_at_volume(OPERATION, name).await {
                Err(error) if force && error.is_not_found() => return Ok(()),
                other => other?,
            };
        }
        self.slow()
            .send(&VolumeDelete::new(name).with_force(force))
            .await
            .map_err(self.failed(OPERATION, name))
    }
}
