//! The engine itself: ping, version, events.

use std::collections::BTreeMap;

use http_endpoint::{Filters, endpoint, response};

endpoint! {
    /// Asks whether the engine is there. Sent without a version; the answer's headers tell the API version
    /// (`Api-Version`) and, on Podman, `Libpod-Api-Version`.
    GET "/_ping" => text, [200];
    pub struct Ping {}
}

endpoint! {
    /// The engine's versions. May be sent without a version in the path.
    GET "/version" => json<Version>, [200];
    pub struct GetVersion {}
}

endpoint! {
    /// What happens on the engine, until the connection or `until` ends it.
    GET "/events" => json_stream<EventMessage>, [200];
    pub struct Events {
        query {
            /// Also what happened since: seconds, with a fraction.
            since / with_since: Option<String> = "since",
            /// End at: seconds, with a fraction.
            until / with_until: Option<String> = "until",
            /// `type`, `event`, `container`, `label`, ...
            filters / with_filters: Filters = "filters",
        }
    }
}

response! {
    /// The engine's versions.
    pub struct Version {
        /// The engine and its parts.
        components: Vec<Component> = "Components",
        /// Engine version.
        version: String = "Version",
        /// Newest API version that it speaks.
        api_version: String = "ApiVersion",
        /// Oldest API version that it speaks.
        min_api_version: String = "MinAPIVersion",
        /// `linux`.
        os: String = "Os",
        /// Go's name of the architecture.
        arch: String = "Arch",
        /// Kernel release.
        kernel_version: String = "KernelVersion",
    }
}

response! {
    /// One part of the engine.
    pub struct Component {
        /// `Engine`, `containerd`, `runc`, `rootlesskit`, `Podman Engine`, ...
        name: String = "Name",
        /// Its version.
        version: String = "Version",
    }
}

response! {
    /// One event.
    pub struct EventMessage {
        /// `container`, `image`, `network`, `volume`, ...
        kind: String = "Type",
        /// What happened; some actions carry an argument after `: `.
        action: String = "Action",
        /// To what.
        actor: Actor = "Actor",
        /// Seconds since the epoch.
        time: i64 = "time",
        /// Nanoseconds since the epoch.
        time_nano: i64 = "timeNano",
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
        assert_eq!((event.kind.as_str(), event.action.as_str()), ("container", "die"));
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
        let podman = GetVersion::decode(
            br#"{"Components":[{"Name":"Podman Engine","Version":"5.4.2"}],"Version":"5.4.2","ApiVersion":"1.41","MinAPIVersion":"1.24"}"#,
        )
        .unwrap();
        assert_eq!(podman.components[0].name, "Podman Engine");
        assert_eq!(podman.kernel_version, "");
    }
}
