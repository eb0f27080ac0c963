//! The engine itself: ping, version, information, credentials, disk usage, events.
//!
//! ```
//! use docker_api::system::{EventType, Events, GetVersion};
//! use http_endpoint::{Endpoint, Filters};
//!
//! let events = Events::new().with_since("1764000000").with_filters(Filters::new().with("type", "container"));
//! assert!(events.target("/v1.44").starts_with("/v1.44/events?since=1764000000&filters="));
//! let died = Events::decode(br#"{"Type":"container","Action":"die","Actor":{"Attributes":{"exitCode":"7"}}}"#).unwrap();
//! assert_eq!((died.kind, died.actor.attributes["exitCode"].as_str()), (EventType::Container, "7"));
//! let version = GetVersion::decode(br#"{"Version":"26.1.5","ApiVersion":"1.45"}"#).unwrap();
//! assert_eq!(version.api_version, "1.45");
//! ```

mod df;
mod info;
mod ping;

use std::collections::BTreeMap;

use http_endpoint::{Filters, endpoints, response, words};

use crate::{AuthConfig, AuthResponse};

pub use df::{BuildCacheUsage, ContainerDiskUsage, DataUsage, ImageDiskUsage, VolumeDiskUsage};
pub use info::{
    AddressPool, Commit, ContainerdInfo, ContainerdNamespaces, DeviceInfo, DiscreteResource, FirewallBackend,
    GenericResource, Index, LocalNodeState, NamedResource, NriInfo, Peer, Plugins, RegistryServiceConfig,
    Runtime, SwarmCluster, SwarmInfo, SystemInfo, TlsInfo,
};
pub use ping::{BuilderKind, PingHeaders};

endpoints! {
    /// Asks whether the engine is there. Sent without a version; the answer's headers tell the API version and
    /// more: see [`PingHeaders`].
    GET "/_ping" => text, [200];
    pub struct Ping {}

    /// Asks whether the engine is there, without a body (API 1.40).
    HEAD "/_ping" => none, [200];
    pub struct PingHead {}

    /// The engine's versions. May be sent without a version in the path.
    GET "/version" => json<Version>, [200];
    pub struct GetVersion {}

    /// What the engine is and has.
    GET "/info" => json<SystemInfo>, [200];
    pub struct Info {}

    /// Asks a registry whether credentials are right. Wrong ones are 401.
    POST "/auth" => json<AuthResponse>, [200, 204];
    pub struct SystemAuth {
        json {
            /// The credentials, with the address of the registry.
            auth: AuthConfig
        }
    }

    /// What the engine's objects take on the disk.
    GET "/system/df" => json<DataUsage>, [200];
    pub struct SystemDataUsage {
        query {
            /// Only these: `container`, `image`, `volume`, `build-cache` (API 1.42).
            kind / with_kind: Vec<String> = "type",
            /// With every object (API 1.52); older versions always tell them.
            verbose / with_verbose: bool = "verbose",
        }
    }

    /// What happens on the engine, until the connection or `until` ends it.
    GET "/events" => json_stream<EventMessage>, [200];
    pub struct Events {
        query {
            /// Also what happened since: seconds, with a fraction. Docker remembers the last 256 events.
            since / with_since: Option<String> = "since",
            /// End at: seconds, with a fraction.
            until / with_until: Option<String> = "until",
            /// `type`, `event`, `container`, `image`, `label`, `network`, `volume`, `scope`, ...
            filters / with_filters: Filters = "filters",
        }
    }
}

response! {
    /// The engine's versions.
    pub struct Version {
        /// What the engine is part of.
        platform: VersionPlatform = "Platform",
        /// The engine and its parts.
        components: Vec<Component> = "Components",
        /// Engine version.
        version: String = "Version",
        /// Newest API version that it speaks.
        api_version: String = "ApiVersion",
        /// Oldest API version that it speaks.
        min_api_version: String = "MinAPIVersion",
        /// Commit that it was built from.
        git_commit: String = "GitCommit",
        /// Version of Go that it was built with.
        go_version: String = "GoVersion",
        /// `linux`.
        os: String = "Os",
        /// Go's name of the architecture.
        arch: String = "Arch",
        /// Kernel release.
        kernel_version: String = "KernelVersion",
        /// Whether experimental features are on.
        experimental: bool = "Experimental",
        /// When it was built.
        build_time: String = "BuildTime",
    }
}

response! {
    /// What an engine is part of.
    pub struct VersionPlatform {
        /// Its name, such as `Docker Engine - Community`.
        name: String = "Name",
    }
}

response! {
    /// One part of the engine.
    pub struct Component {
        /// `Engine`, `containerd`, `runc`, `rootlesskit`, `Podman Engine`, ...
        name: String = "Name",
        /// Its version.
        version: String = "Version",
        /// What else it tells of itself.
        details: BTreeMap<String, String> = "Details",
    }
}

words! {
    /// What an event is about.
    pub enum EventType {
        /// A container.
        Container = "container",
        /// An image.
        Image = "image",
        /// A network.
        Network = "network",
        /// A volume.
        Volume = "volume",
        /// The engine.
        Daemon = "daemon",
        /// A plugin.
        Plugin = "plugin",
        /// A build.
        Builder = "builder",
        /// A node of a Swarm.
        Node = "node",
        /// A service of a Swarm.
        Service = "service",
        /// A secret of a Swarm, or of Podman.
        Secret = "secret",
        /// A config of a Swarm.
        Config = "config",
        /// Podman: a pod.
        Pod = "pod",
        /// Podman: the engine.
        System = "system",
    }
}

response! {
    /// One event.
    pub struct EventMessage {
        /// About what.
        kind: EventType = "Type",
        /// What happened; some actions carry an argument after `: `.
        action: String = "Action",
        /// To what.
        actor: Actor = "Actor",
        /// `local`, `swarm`.
        scope: String = "scope",
        /// Seconds since the epoch.
        time: i64 = "time",
        /// Nanoseconds since the epoch.
        time_nano: i64 = "timeNano",
        /// The action of a container or image once more (before API 1.52).
        status: String = "status",
        /// The id once more (before API 1.52).
        id: String = "id",
        /// The image of a container (before API 1.52).
        from: String = "from",
        /// The health verdict, on Podman, which leaves it out of `action`.
        health_status: String = "HealthStatus",
    }
}

response! {
    /// What an event is about.
    pub struct Actor {
        /// Id; the name, for a volume.
        id: String = "ID",
        /// `name`, `image`, `exitCode`, labels, ...
        attributes: BTreeMap<String, String> = "Attributes",
    }
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use super::*;

    #[test]
    fn reads_dockers_die_event() {
        let event = Events::decode(
            br#"{"status":"die","id":"c0ffee","from":"bb","Type":"container","Action":"die",
                "Actor":{"ID":"c0ffee","Attributes":{"exitCode":"7","image":"bb","name":"web-1"}},
                "scope":"local","time":1764000000,"timeNano":1764000000123456789}"#,
        )
        .unwrap();
        assert_eq!((event.kind, event.action.as_str()), (EventType::Container, "die"));
        assert_eq!(event.actor.attributes["exitCode"], "7");
        assert_eq!(event.time_nano, 1_764_000_000_123_456_789);
    }

    #[test]
    fn reads_podmans_health_event_and_null_attributes() {
        let event = Events::decode(
            br#"{"Type":"container","Action":"health_status","HealthStatus":"healthy",
                "Actor":{"ID":"c0ffee","Attributes":null},"time":1,"timeNano":2}"#,
        )
        .unwrap();
        assert_eq!(event.health_status, "healthy");
        assert!(event.actor.attributes.is_empty());
    }

    #[test]
    fn reads_a_version_of_each_engine() {
        let docker = GetVersion::decode(
            br#"{"Platform":{"Name":""},"Components":[{"Name":"Engine","Version":"26.1.5","Details":{"ApiVersion":"1.45"}}],
                "Version":"26.1.5","ApiVersion":"1.45","MinAPIVersion":"1.24","Os":"linux","Arch":"amd64","KernelVersion":"6.1"}"#,
        )
        .unwrap();
        assert_eq!((docker.version.as_str(), docker.min_api_version.as_str()), ("26.1.5", "1.24"));
        assert_eq!(docker.components[0].details["ApiVersion"], "1.45");
        let podman = GetVersion::decode(
            br#"{"Components":[{"Name":"Podman Engine","Version":"5.4.2"}],"Version":"5.4.2","ApiVersion":"1.41","MinAPIVersion":"1.24"}"#,
        )
        .unwrap();
        assert_eq!(podman.components[0].name, "Podman Engine");
        assert_eq!(podman.kernel_version, "");
    }

    #[test]
    fn credentials_are_sent_and_not_shown() {
        let auth = SystemAuth::new(AuthConfig::new().with_username("ann").with_password("hunter2"));
        assert_eq!(auth.body().unwrap().unwrap(), br#"{"username":"ann","password":"hunter2"}"#);
        assert!(!format!("{auth:?}").contains("hunter2"));
    }
}
