//! A container of a list.

use std::collections::BTreeMap;

use super::{ContainerNetwork, ContainerStatus, MountPoint};
use crate::{Descriptor, HealthStatus};
use http_endpoint::response;

response! {
    /// One container of a list.
    pub struct ContainerSummary {
        /// Full id.
        id: String = "Id",
        /// Names, each with a leading slash; those with more slashes are links.
        names: Vec<String> = "Names",
        /// Image reference.
        image: String = "Image",
        /// Image id.
        image_id: String = "ImageID",
        /// The manifest of the image for this platform, where the engine keeps images in containerd (API 1.48).
        image_manifest_descriptor: Option<Descriptor> = "ImageManifestDescriptor",
        /// Command line.
        command: String = "Command",
        /// Seconds since the epoch.
        created: i64 = "Created",
        /// Ports.
        ports: Vec<ContainerSummaryPort> = "Ports",
        /// Bytes that were written on top of the image, where they were asked for.
        size_rw: Option<i64> = "SizeRw",
        /// Bytes in all, where they were asked for.
        size_root_fs: Option<i64> = "SizeRootFs",
        /// Labels.
        labels: BTreeMap<String, String> = "Labels",
        /// State word.
        state: ContainerStatus = "State",
        /// State in words.
        status: String = "Status",
        /// A little of what depends on the host.
        host_config: ContainerSummaryHostConfig = "HostConfig",
        /// Networks.
        network_settings: ContainerSummaryNetworks = "NetworkSettings",
        /// Mounts.
        mounts: Vec<MountPoint> = "Mounts",
        /// Health; `None` before API 1.52.
        health: Option<ContainerSummaryHealth> = "Health",
    }
}

response! {
    /// What a list tells of what depends on the host.
    pub struct ContainerSummaryHostConfig {
        /// Network mode.
        network_mode: String = "NetworkMode",
        /// OCI annotations (API 1.46).
        annotations: BTreeMap<String, String> = "Annotations",
    }
}

response! {
    /// What a list tells of a container's health.
    pub struct ContainerSummaryHealth {
        /// The verdict; `none` without a check.
        status: HealthStatus = "Status",
        /// Failures in a row.
        failing_streak: i64 = "FailingStreak",
    }
}

response! {
    /// Networks of a container.
    pub struct ContainerSummaryNetworks {
        /// By name.
        networks: BTreeMap<String, ContainerNetwork> = "Networks",
    }
}

response! {
    /// A port of a container.
    pub struct ContainerSummaryPort {
        /// Host address.
        ip: String = "IP",
        /// Port in the container.
        private_port: u16 = "PrivatePort",
        /// Host port; 0 where it is only exposed.
        public_port: u16 = "PublicPort",
        /// `tcp`, `udp`, `sctp`.
        kind: String = "Type",
    }
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use crate::containers::{ContainerList, ContainerStatus};

    #[test]
    fn reads_a_list_of_each_engine() {
        let docker = ContainerList::decode(
            br#"[{"Id":"c1","Names":["/web-1","/other/link"],"Image":"bb","ImageID":"sha256:1","Command":"sleep 9","Created":1764000000,
              "Ports":[{"IP":"0.0.0.0","PrivatePort":80,"PublicPort":8080,"Type":"tcp"},{"PrivatePort":81,"Type":"udp"}],
              "Labels":{"k":"v"},"State":"exited","Status":"Exited (3) 2 seconds ago","HostConfig":{"NetworkMode":"n"},
              "NetworkSettings":{"Networks":{"n":{"NetworkID":"n1","IPAddress":"","Aliases":null}}},"Mounts":[]}]"#,
        )
        .unwrap();
        assert_eq!(docker[0].ports[1].public_port, 0);
        assert_eq!(docker[0].state, ContainerStatus::Exited);
        assert_eq!(docker[0].host_config.network_mode, "n");
        assert_eq!(docker[0].network_settings.networks["n"].network_id, "n1");
        let podman = ContainerList::decode(
            br#"[{"Id":"c1","Names":["/web-1"],"Ports":null,"Labels":null,"State":"running","NetworkSettings":null,"Mounts":null}]"#,
        )
        .unwrap();
        assert!(podman[0].ports.is_empty() && podman[0].mounts.is_empty());
    }
}
