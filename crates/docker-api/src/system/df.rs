//! What the engine's objects take on the disk, in its old and its new shape.

use http_endpoint::response;

use crate::build::BuildCache;
use crate::containers::ContainerSummary;
use crate::images::ImageSummary;
use crate::volumes::Volume;

response! {
    /// What the engine's objects take on the disk. Up to API 1.51 it is told by object, from 1.53 on by kind of
    /// object, and in 1.52 in both ways.
    pub struct DataUsage {
        /// Bytes of all layers of images (before API 1.53).
        layers_size: i64 = "LayersSize",
        /// Images (before API 1.53).
        images: Vec<ImageSummary> = "Images",
        /// Containers (before API 1.53).
        containers: Vec<ContainerSummary> = "Containers",
        /// Volumes (before API 1.53).
        volumes: Vec<Volume> = "Volumes",
        /// The builder's cache (before API 1.53).
        build_cache: Vec<BuildCache> = "BuildCache",
        /// Bytes of the builder's cache (before API 1.42).
        builder_size: i64 = "BuilderSize",
        /// Images (API 1.52).
        image_usage: Option<ImageDiskUsage> = "ImageUsage" | "ImagesUsage",
        /// Containers (API 1.52).
        container_usage: Option<ContainerDiskUsage> = "ContainerUsage" | "ContainersUsage",
        /// Volumes (API 1.52).
        volume_usage: Option<VolumeDiskUsage> = "VolumeUsage" | "VolumesUsage",
        /// The builder's cache (API 1.52).
        build_cache_usage: Option<BuildCacheUsage> = "BuildCacheUsage",
    }
}

/// A kind of object: how many there are, what they take, and each of them where it was asked for.
macro_rules! usage {
    ($(#[$meta:meta])* $name:ident of $item:ty) => {
        response! {
            $(#[$meta])*
            pub struct $name {
                /// How many are in use.
                active_count: i64 = "ActiveCount",
                /// How many there are.
                total_count: i64 = "TotalCount",
                /// Bytes that would be free without those that are not in use.
                reclaimable: i64 = "Reclaimable",
                /// Bytes of all.
                total_size: i64 = "TotalSize",
                /// Each of them, where `verbose` was asked for.
                items: Vec<$item> = "Items",
            }
        }
    };
}

usage! {
    /// What images take (API 1.52).
    ImageDiskUsage of ImageSummary
}

usage! {
    /// What containers take (API 1.52).
    ContainerDiskUsage of ContainerSummary
}

usage! {
    /// What volumes take (API 1.52).
    VolumeDiskUsage of Volume
}

usage! {
    /// What the builder's cache takes (API 1.52).
    BuildCacheUsage of BuildCache
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use crate::system::SystemDataUsage;

    #[test]
    fn reads_both_shapes() {
        let old = SystemDataUsage::decode(
            br#"{"LayersSize":9,"Images":[{"Id":"sha256:1","Size":9,"Containers":0}],"Containers":[],
                "Volumes":[{"Name":"v","UsageData":{"RefCount":1,"Size":4}}],"BuildCache":null}"#,
        )
        .unwrap();
        assert_eq!((old.layers_size, old.images[0].size), (9, 9));
        assert_eq!(old.volumes[0].usage_data.as_ref().unwrap().ref_count, 1);
        assert_eq!(old.image_usage, None);
        let new = SystemDataUsage::decode(
            br#"{"ImageUsage":{"ActiveCount":1,"TotalCount":2,"Reclaimable":3,"TotalSize":9},
                "BuildCacheUsage":{"TotalCount":1,"Items":[{"ID":"b1","InUse":true,"CreatedAt":"2026-11-24T10:00:00Z"}]}}"#,
        )
        .unwrap();
        assert_eq!(new.image_usage.unwrap().reclaimable, 3);
        assert!(new.build_cache_usage.unwrap().items[0].in_use);
        assert!(new.images.is_empty());
    }
}
