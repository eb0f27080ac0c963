//! A project from the labels of what there is, for commands without a file.

use std::path::PathBuf;

use compose_file::model::{Network, Project, Service, Volume};
use runtime_core::{NetworkFilter, Runtime, VolumeFilter};

use crate::error::{Error, ErrorKind, Result};
use crate::labels;
use crate::observe;

/// What is known of a project from the labels of its containers, networks and volumes, for commands without a file:
/// services with their dependencies, image and count, networks, and volumes. Health checks are not known, beyond
/// those of images and what the engine itself shows.
///
/// # Errors
/// [`ErrorKind::Missing`] when there is nothing of that project; the engine's errors.
///
/// # Cancel safety
/// It only reads.
pub async fn project_from_labels(runtime: &dyn Runtime, name: &str) -> Result<Project> {
    let network_filter = NetworkFilter::default().with_label(labels::PROJECT, name);
    let volume_filter = VolumeFilter::default().with_label(labels::PROJECT, name);
    let (containers, networks, volumes) = futures_util::future::try_join3(
        observe::containers(runtime, name),
        async { Ok(runtime.list_networks(&network_filter).await?) },
        async { Ok(runtime.list_volumes(&volume_filter).await?) },
    )
    .await?;
    if containers.is_empty() && networks.is_empty() && volumes.is_empty() {
        return Err(Error::new(
            ErrorKind::Missing,
            format!("there is nothing of a project {name} on the engine"),
        )
        .with_hint("check the name, or run the command where the project's file is"));
    }
    let mut project = Project { name: name.to_owned(), ..Project::default() };
    for container in containers {
        if let Some(folder) = container.label(labels::WORKING_DIR) {
            project.working_dir = PathBuf::from(folder);
        }
        if let Some(files) = container.label(labels::CONFIG_FILES) {
            project.config_files =
                files.split(',').filter(|file| !file.is_empty()).map(PathBuf::from).collect();
        }
        if container.service.is_empty() || container.one_off {
            continue;
        }
        let service = project.services.entry(container.service.clone()).or_insert_with(|| {
            let depends_on = container.label(labels::DEPENDS_ON).map(String::as_str).unwrap_or_default();
            Service {
                name: container.service.clone(),
                image: Some(container.summary.image.clone()),
                depends_on: labels::parse_depends_on(depends_on),
                scale: Some(0),
                ..Service::default()
            }
        });
        service.scale = service.scale.map(|count| count + 1);
    }
    for network in networks {
        let key = network.labels.get(labels::NETWORK).cloned().unwrap_or_else(|| network.name.clone());
        project.networks.insert(key, Network { name: network.name, ..Network::default() });
    }
    for volume in volumes {
        let key = volume.labels.get(labels::VOLUME).cloned().unwrap_or_else(|| volume.name.clone());
        project.volumes.insert(key, Volume { name: volume.name, ..Volume::default() });
    }
    Ok(project)
}
