//! Volumes.

use indexmap::IndexMap;
use runtime_core::{ErrorKind, EventAction, EventSource, Result, VolumeFilter, VolumeInfo, VolumeSpec};

use crate::engine::Engine;
use crate::state::{State, labels_match};
use crate::{Operation, fault};

impl Engine {
    pub(crate) fn create_volume(&self, spec: &VolumeSpec) -> VolumeInfo {
        self.update(|state| {
            if let Some(volume) = state.volumes.get(&spec.name) {
                return volume.clone();
            }
            let name = if spec.name.is_empty() { state.next_id() } else { spec.name.clone() };
            let volume = state.ensure_volume(&name);
            volume.labels.clone_from(&spec.labels);
            volume.options.clone_from(&spec.options);
            if let Some(driver) = &spec.driver {
                volume.driver.clone_from(driver);
            }
            let volume = volume.clone();
            self.emit_volume(state, &name, EventAction::Create);
            volume
        })
    }

    pub(crate) fn inspect_volume(&self, name: &str) -> Result<VolumeInfo> {
        let operation = Operation::InspectVolume;
        let state = self.lock();
        let found = state.volumes.get(name).cloned();
        found.ok_or_else(|| fault::error(operation, ErrorKind::NotFound, name, "no such volume"))
    }

    pub(crate) fn list_volumes(&self, filter: &VolumeFilter) -> Vec<VolumeInfo> {
        self.lock()
            .volumes
            .values()
            .filter(|volume| filter.names.is_empty() || filter.names.contains(&volume.name))
            .filter(|volume| labels_match(&volume.labels, &filter.labels))
            .cloned()
            .collect()
    }

    /// Removes a volume; with `force` one that does not exist is no error, as on Docker.
    pub(crate) fn remove_volume(&self, name: &str, force: bool) -> Result<()> {
        let operation = Operation::RemoveVolume;
        self.update(|state| {
            if !state.volumes.contains_key(name) {
                let error = fault::error(operation, ErrorKind::NotFound, name, "no such volume");
                return if force { Ok(()) } else { Err(error) };
            }
            let user = state
                .containers
                .values()
                .find(|c| c.mounts.iter().any(|mount| mount.name.as_deref() == Some(name)));
            if let Some(user) = user {
                let reason = format!("container {} uses it", user.name);
                return Err(fault::error(operation, ErrorKind::Conflict, name, reason));
            }
            state.volumes.shift_remove(name);
            self.emit_volume(state, name, EventAction::Destroy);
            Ok(())
        })
    }

    fn emit_volume(&self, state: &mut State, name: &str, action: EventAction) {
        let attributes = IndexMap::from([("name".to_owned(), name.to_owned())]);
        self.emit(state, EventSource::Volume, action, name, attributes);
    }
}

impl State {
    /// The volume of a name, made where it is missing.
    pub(crate) fn ensure_volume(&mut self, name: &str) -> &mut VolumeInfo {
        self.volumes.entry(name.to_owned()).or_insert_with(|| {
            let mut volume = VolumeInfo::default();
            name.clone_into(&mut volume.name);
            "local".clone_into(&mut volume.driver);
            volume.mountpoint = format!("/var/lib/simulated/volumes/{name}/_data");
            volume
        })
    }
}
