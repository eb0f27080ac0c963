//! What happens on the engine.
//!
//! ```
//! use http_endpoint::{Endpoint, Filters};
//! use libpod_api::events::{EventAction, EventType, Events};
//!
//! let events = Events::new()
//!     .with_since("2026-11-24T15:00:00Z")
//!     .with_filters(Filters::new().with("type", "container").with("event", "died"));
//! assert!(events.target("").starts_with("/events?since=2026-11-24T15%3A00%3A00Z&filters="));
//!
//! // One line of the answer.
//! let line = br#"{"Type":"container","Action":"died","Actor":{"ID":"ab","Attributes":
//!     {"name":"web","containerExitCode":"3"}},"time":1795532400}"#;
//! let event = Events::decode(line).unwrap();
//! assert_eq!((event.kind, event.action), (EventType::Container, EventAction::Died));
//! assert_eq!(event.actor.attributes["containerExitCode"], "3");
//! ```

use std::collections::BTreeMap;

use http_endpoint::{Filters, endpoints, response, words};

endpoints! {
    /// What happens, one JSON object per line, until `until` or the end of the connection. Without `since` and
    /// `until` only what is new. Since Podman 5.3 the headers come at once; before, with the first event.
    GET "/events" => json_stream<Event>, [200];
    pub struct Events {
        query {
            /// Also what happened since then: RFC 3339, seconds, or a Go duration before now.
            since / with_since: Option<String> = "since",
            /// End then; in the same forms. A time to come is waited for.
            until / with_until: Option<String> = "until",
            /// `type`, `event`, `container`, `image`, `volume`, `pod`, `label`; an unknown key is an error. Values
            /// of one key are alternatives. `container`, `image`, `pod` and `volume` also ask for that type.
            filters / with_filters: Filters = "filters",
            /// `false`: end with what is recorded. The default is `true`.
            stream / with_stream: Option<bool> = "stream",
        }
    }
}

response! {
    /// One event.
    pub struct Event {
        /// About what kind of thing.
        kind: EventType = "Type",
        /// What happened to it.
        action: EventAction = "Action",
        /// To which.
        actor: Actor = "Actor",
        /// `local`.
        scope: String = "scope",
        /// Seconds since the epoch.
        time: i64 = "time",
        /// Nanoseconds since the epoch.
        time_nano: i64 = "timeNano",
        /// The verdict of a `health_status`.
        health_status: String = "HealthStatus",
        /// Docker's old name for the action.
        status: String = "status",
        /// Docker's old place for the actor's id.
        id: String = "id",
        /// Docker's old place for the image's name.
        from: String = "from",
        /// Not an event but why there are none, see [`Event::error`].
        message: String = "message",
        /// The innermost part of that.
        cause: String = "cause",
        /// The status that it should have been.
        response: u16 = "response",
    }
}

impl Event {
    /// Why there are no events. Podman 4 has begun its answer when it looks at the request: what it then refuses
    /// comes as a value of the stream, after status 200.
    #[must_use]
    pub fn error(&self) -> Option<&str> {
        (self.response >= 400).then_some(&*self.message)
    }
}

response! {
    /// To what an [`Event`] happened.
    pub struct Actor {
        /// Id of the container, image, network, pod or secret; empty for a volume, whose name is an attribute. For
        /// `connect` and `disconnect` of a network it is the container's.
        id: String = "ID",
        /// `name`, `image`, `podId`, `containerExitCode`, `network`, `driver`, `error`, and a container's labels.
        attributes: BTreeMap<String, String> = "Attributes",
    }
}

words! {
    /// Kinds of things that events are about.
    pub enum EventType {
        /// A container.
        Container = "container",
        /// An image.
        Image = "image",
        /// An artifact. Since Podman 6.0.
        Artifact = "artifact",
        /// A network.
        Network = "network",
        /// A pod.
        Pod = "pod",
        /// A volume.
        Volume = "volume",
        /// A secret. Since Podman 5.5.
        Secret = "secret",
        /// The engine itself.
        System = "system",
        /// A virtual machine of `podman machine`.
        Machine = "machine",
    }
}

words! {
    /// What happens to things, in libpod's words; the compatible API writes some of them in Docker's.
    pub enum EventAction {
        /// A client was attached to a container.
        Attach = "attach",
        /// A container was updated to a newer image.
        AutoUpdate = "auto-update",
        /// An image was built.
        Build = "build",
        /// A container was checkpointed.
        Checkpoint = "checkpoint",
        /// An ended container's network and mounts are gone; follows `died`.
        Cleanup = "cleanup",
        /// An image was made of a container.
        Commit = "commit",
        /// A container was connected to a network.
        Connect = "connect",
        /// Files were copied from or to a container.
        Copy = "copy",
        /// It was made.
        Create = "create",
        /// A container's main process ended; the exit code is an attribute.
        Died = "died",
        /// A container was disconnected from a network.
        Disconnect = "disconnect",
        /// A process was started in a container.
        Exec = "exec",
        /// A process that was started in a container ended.
        ExecDied = "exec_died",
        /// A container's file system was exported.
        Export = "export",
        /// A container's check ran; the verdict is in the event.
        HealthStatus = "health_status",
        /// An image's history was read.
        History = "history",
        /// An archive was made an image.
        Import = "import",
        /// A container is ready to start.
        Init = "init",
        /// A signal was sent to a container.
        Kill = "kill",
        /// Images were loaded from an archive.
        Load = "loadfromarchive",
        /// A container's or image's file system was mounted on the engine's host.
        Mount = "mount",
        /// A container was paused.
        Pause = "pause",
        /// Several were removed by one call.
        Prune = "prune",
        /// An image or artifact was pulled.
        Pull = "pull",
        /// An image could not be pulled.
        PullError = "pull-error",
        /// An image or artifact was pushed.
        Push = "push",
        /// The engine renewed its state after the host started.
        Refresh = "refresh",
        /// It was removed.
        Remove = "remove",
        /// A container got another name.
        Rename = "rename",
        /// The engine changed its locks.
        Renumber = "renumber",
        /// A container was started again.
        Restart = "restart",
        /// A container was restored from a checkpoint; there is no `start` then.
        Restore = "restore",
        /// The engine began a new file of events.
        Rotate = "log-rotation",
        /// An image was saved to an archive.
        Save = "save",
        /// A container or pod was started.
        Start = "start",
        /// A container or pod was stopped by a call; comes after `died`.
        Stop = "stop",
        /// The engine compared its state with the runtime's.
        Sync = "sync",
        /// An image got another name.
        Tag = "tag",
        /// A file system was unmounted.
        Unmount = "unmount",
        /// A container was resumed.
        Unpause = "unpause",
        /// An image lost a name.
        Untag = "untag",
        /// A container's limits or a network's name servers were changed.
        Update = "update",
    }
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use super::*;

    #[test]
    fn an_event_decodes() {
        let line = br#"{"status":"died","id":"ab","from":"bb","Type":"container","Action":"died","Actor":{"ID":"ab",
            "Attributes":{"containerExitCode":"3","image":"bb","name":"web-1"}},"scope":"local","time":1795532400,
            "timeNano":1795532400000000001}"#;
        let event = Events::decode(line).unwrap();
        assert_eq!((event.kind.as_str(), event.action.as_str()), ("container", "died"));
        assert_eq!(event.actor.attributes["containerExitCode"], "3");
        assert_eq!(event.time_nano, 1_795_532_400_000_000_001);
    }

    #[test]
    fn a_refusal_within_the_stream_is_no_event() {
        let line = br#"{"cause":"x is an invalid filter","message":"failed to parse event filters: x is an invalid filter",
            "response":500}"#;
        let event = Events::decode(line).unwrap();
        assert_eq!(event.error(), Some("failed to parse event filters: x is an invalid filter"));
        assert_eq!(Events::decode(br#"{"Type":"pod"}"#).unwrap().error(), None);
    }

    #[test]
    fn words_of_another_version_stay() {
        let event = Events::decode(br#"{"Type":"galaxy","Action":"expand","Actor":null}"#).unwrap();
        assert_eq!(event.kind, EventType::Other("galaxy".into()));
        assert_eq!(event.action.as_str(), "expand");
    }
}
