//! What the storage holds, whether it is sound, and what was removed from it.

use std::collections::BTreeMap;

use http_endpoint::{Date, GoError, response};

use crate::containers::PruneReport;
use crate::pods::PodPruneReport;

response! {
    /// Answer of [`SystemDf`](super::SystemDf); sizes in bytes.
    pub struct SystemDfReport {
        /// What all images take together, shared layers counted once. Since Podman 4.4.
        images_size: i64 = "ImagesSize",
        /// Each tag of each image.
        images: Vec<SystemDfImage> = "Images",
        /// Containers.
        containers: Vec<SystemDfContainer> = "Containers",
        /// Volumes.
        volumes: Vec<SystemDfVolume> = "Volumes",
    }
}

response! {
    /// An image of a [`SystemDfReport`].
    pub struct SystemDfImage {
        /// Name without tag, or `<none>`.
        repository: String = "Repository",
        /// Tag, or `<none>`.
        tag: String = "Tag",
        /// Id, without algorithm.
        image_id: String = "ImageID",
        /// When it was made.
        created: Date = "Created",
        /// All its layers, bytes.
        size: i64 = "Size",
        /// The layers that it shares with other images, bytes.
        shared_size: i64 = "SharedSize",
        /// The layers that are its own, bytes.
        unique_size: i64 = "UniqueSize",
        /// How many containers use it.
        containers: i64 = "Containers",
    }
}

response! {
    /// A container of a [`SystemDfReport`].
    pub struct SystemDfContainer {
        /// Id.
        container_id: String = "ContainerID",
        /// The image's id.
        image: String = "Image",
        /// Its command.
        command: Vec<String> = "Command",
        /// How many named volumes it has.
        local_volumes: i64 = "LocalVolumes",
        /// Its file system with the image, bytes.
        size: i64 = "Size",
        /// What it wrote itself, bytes.
        rw_size: i64 = "RWSize",
        /// When it was made.
        created: Date = "Created",
        /// Its state, in the words of [`ContainerList`](crate::containers::ContainerList).
        status: String = "Status",
        /// Name.
        names: String = "Names",
    }
}

response! {
    /// A volume of a [`SystemDfReport`].
    pub struct SystemDfVolume {
        /// Name.
        volume_name: String = "VolumeName",
        /// How many containers use it.
        links: i64 = "Links",
        /// What it holds, bytes.
        size: i64 = "Size",
        /// What would be freed: all of it where nothing uses it.
        reclaimable_size: i64 = "ReclaimableSize",
    }
}

response! {
    /// Answer of [`SystemPrune`](super::SystemPrune): what was removed, by kind.
    pub struct SystemPruneReport {
        /// Pods.
        pods: Vec<PodPruneReport> = "PodPruneReport",
        /// Containers.
        containers: Vec<PruneReport> = "ContainerPruneReports",
        /// Images.
        images: Vec<PruneReport> = "ImagePruneReports",
        /// Networks.
        networks: Vec<NetworkPruneReport> = "NetworkPruneReports",
        /// Volumes.
        volumes: Vec<PruneReport> = "VolumePruneReports",
        /// What was freed, bytes.
        reclaimed_space: u64 = "ReclaimedSpace",
    }
}

response! {
    /// One network that a prune removed, or tried to.
    pub struct NetworkPruneReport {
        /// Name.
        name: String = "Name",
        /// Why it was not removed.
        error: GoError = "Error",
    }
}

response! {
    /// Answer of [`SystemCheck`](super::SystemCheck): what is damaged, by id, with what was found.
    pub struct SystemCheckReport {
        /// Whether anything is.
        errors: bool = "Errors",
        /// Layers.
        layers: BTreeMap<String, Vec<String>> = "Layers",
        /// Layers of read-only stores, which are never repaired.
        ro_layers: BTreeMap<String, Vec<String>> = "ROLayers",
        /// Layers that were removed.
        removed_layers: Vec<String> = "RemovedLayers",
        /// Images.
        images: BTreeMap<String, Vec<String>> = "Images",
        /// Images of read-only stores, which are never repaired.
        ro_images: BTreeMap<String, Vec<String>> = "ROImages",
        /// Images that were removed, with their names.
        removed_images: BTreeMap<String, Vec<String>> = "RemovedImages",
        /// Containers.
        containers: BTreeMap<String, Vec<String>> = "Containers",
        /// Containers that were removed, with their names.
        removed_containers: BTreeMap<String, String> = "RemovedContainers",
    }
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use super::super::{SystemCheck, SystemDf, SystemPrune};

    #[test]
    fn reports_decode() {
        let df = SystemDf::decode(
            br#"{"ImagesSize":9,"Images":[{"Repository":"<none>","Tag":"<none>","ImageID":"ab","Created":
            "2026-01-01T00:00:00Z","Size":2179231,"SharedSize":0,"UniqueSize":2179231,"Containers":1}],"Containers":
            [{"ContainerID":"cd","Command":["sleep","600"],"RWSize":12,"Names":"web"}],"Volumes":null}"#,
        )
        .unwrap();
        assert_eq!((df.images[0].size, df.containers[0].rw_size, df.volumes.len()), (2_179_231, 12, 0));

        let prune = SystemPrune::decode(
            br#"{"PodPruneReport":null,"ContainerPruneReports":[{"Id":"cd","Size":12}],"ImagePruneReports":
            [{"Id":"ab","Err":"in use","Size":0}],"NetworkPruneReports":[{"Name":"n","Error":null}],
            "VolumePruneReports":null,"ReclaimedSpace":12}"#,
        )
        .unwrap();
        assert_eq!(prune.images[0].err.0.as_deref(), Some("in use"));
        assert_eq!((prune.networks[0].error.0.as_deref(), prune.reclaimed_space), (None, 12));

        let check = SystemCheck::decode(
            br#"{"Errors":true,"Layers":{"ab":["content modified"]},"RemovedLayers":null,"RemovedContainers":
            {"cd":"web"}}"#,
        )
        .unwrap();
        assert_eq!(check.layers["ab"], ["content modified"]);
        assert_eq!(check.removed_containers["cd"], "web");
    }
}
