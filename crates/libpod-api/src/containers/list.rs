//! Containers in a list.

use std::collections::BTreeMap;

use http_endpoint::{Date, Either, StringOrList, response};

use super::inspect::MountInfo;
use super::network::PortMapping;
use super::words::{ContainerState, HealthState};

response! {
    /// One container of a [`ContainerList`](super::ContainerList).
    pub struct ListedContainer {
        /// It is removed when it ends.
        auto_remove: bool = "AutoRemove",
        /// Command, without the entry point.
        command: StringOrList = "Command",
        /// When it was created.
        created: Date = "Created",
        /// Always empty; a client's own words stand here.
        created_at: String = "CreatedAt",
        /// File into which its id was written (4.7).
        cid_file: String = "CIDFile",
        /// Whether it has ended.
        exited: bool = "Exited",
        /// End of the last run, seconds since the epoch; far below zero when there was none.
        exited_at: i64 = "ExitedAt",
        /// Exit code of the last run.
        exit_code: i64 = "ExitCode",
        /// Ports that are exposed and not published: number to protocols (5.1).
        exposed_ports: BTreeMap<u16, Vec<String>> = "ExposedPorts",
        /// Full id.
        id: String = "Id",
        /// Image reference it was created from.
        image: String = "Image",
        /// Image id, without `sha256:`.
        image_id: String = "ImageID",
        /// It is the infra container of a pod.
        is_infra: bool = "IsInfra",
        /// Labels.
        labels: BTreeMap<String, String> = "Labels",
        /// Mounts; only their targets, up to now.
        mounts: Vec<ListedMount> = "Mounts",
        /// Names, without a leading slash.
        names: Vec<String> = "Names",
        /// Namespaces, where they were asked for.
        namespaces: ListedNamespaces = "Namespaces",
        /// Network names.
        networks: Vec<String> = "Networks",
        /// Process id; 0 when it does not run.
        pid: i64 = "Pid",
        /// Id of its pod.
        pod: String = "Pod",
        /// Name of its pod, where pods were asked for.
        pod_name: String = "PodName",
        /// Published ports.
        ports: Vec<PortMapping> = "Ports",
        /// How often its restart policy has started it again (4.6).
        restarts: u64 = "Restarts",
        /// Sizes, where they were asked for.
        size: Option<ListedSize> = "Size",
        /// Start of the last run, seconds since the epoch; far below zero when there was none.
        started_at: i64 = "StartedAt",
        /// State word of libpod.
        state: ContainerState = "State",
        /// The health verdict, empty without a check.
        status: HealthState = "Status",
    }
}

/// A mount of a [`ListedContainer`]: in full, or only its path in the container.
pub type ListedMount = Either<MountInfo, String>;

response! {
    /// Namespaces of a [`ListedContainer`], as numbers.
    pub struct ListedNamespaces {
        /// Mounts.
        mnt: String = "Mnt",
        /// Cgroups.
        cgroup: String = "Cgroup",
        /// Inter-process communication.
        ipc: String = "Ipc",
        /// Network.
        net: String = "Net",
        /// Processes.
        pidns: String = "Pidns",
        /// Host name.
        uts: String = "Uts",
        /// Users.
        user: String = "User",
    }
}

response! {
    /// Sizes of a [`ListedContainer`], in bytes.
    pub struct ListedSize {
        /// The whole root file system.
        root_fs_size: i64 = "rootFsSize",
        /// Its own layer.
        rw_size: i64 = "rwSize",
    }
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use super::super::ContainerList;
    use super::*;

    #[test]
    fn a_list_of_5_4_decodes_with_mount_targets_only() {
        let body = br#"[{"AutoRemove":false,"Command":["sleep","3600"],"Created":"2026-11-24T15:00:00.5Z","CreatedAt":"",
            "CIDFile":"","Exited":false,"ExitedAt":-62135596800,"ExitCode":0,"ExposedPorts":{"80":["tcp"]},
            "Id":"ab12","Image":"docker.io/library/busybox:latest","ImageID":"cd34","IsInfra":false,
            "Labels":{"a":"b"},"Mounts":["/data"],"Names":["web-1"],"Namespaces":{"Mnt":"4026"},"Networks":["net"],
            "Pid":7,"Pod":"","PodName":"","Ports":[{"host_ip":"","container_port":80,"host_port":8080,"range":1,
            "protocol":"tcp"}],"Restarts":0,"Size":{"rootFsSize":9,"rwSize":2},"StartedAt":1795532400,
            "State":"running","Status":"starting"}]"#;
        let list = ContainerList::decode(body).unwrap();
        let one = &list[0];
        assert_eq!((one.id.as_str(), one.names[0].as_str()), ("ab12", "web-1"));
        assert_eq!((&one.state, &one.status), (&ContainerState::Running, &HealthState::Starting));
        assert_eq!(one.mounts, [ListedMount::Old("/data".into())]);
        assert_eq!(one.ports[0].host_port, 8080);
        assert_eq!(one.exposed_ports[&80], ["tcp"]);
        assert_eq!((one.exited_at, one.size.clone().unwrap().rw_size), (-62_135_596_800, 2));
    }

    #[test]
    fn a_list_of_4_3_with_nulls_and_mounts_in_full_decode() {
        let old = br#"[{"Command":null,"Id":"a","Labels":null,"Mounts":[],"Names":["n"],"Networks":null,"Ports":null,
            "ExposedPorts":null,"State":"configured","Created":"2026-11-24T15:00:00Z"}]"#;
        let list = ContainerList::decode(old).unwrap();
        assert_eq!((list[0].networks.len(), &list[0].state), (0, &ContainerState::Created));
        let new = br#"[{"Id":"a","Mounts":[{"Type":"volume","Name":"v","Source":"/s","Destination":"/d","RW":true}]}]"#;
        let list = ContainerList::decode(new).unwrap();
        let ListedMount::New(mount) = &list[0].mounts[0] else { panic!("{list:?}") };
        assert_eq!((mount.name.as_str(), mount.destination.as_str()), ("v", "/d"));
    }
}
