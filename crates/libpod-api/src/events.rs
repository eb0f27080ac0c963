//! Events.

use std::collections::BTreeMap;

use http_endpoint::{Filters, endpoint};
use serde::Deserialize;

use crate::nullable;

endpoint! {
    /// What happens, one JSON object per line. Since Podman 5.3 the headers come at once.
    GET "/events" => json_stream<Event>, [200];
    pub struct Events {
        query {
            /// Also what happened since then: RFC 3339, seconds, or a Go duration before now.
            since / with_since: Option<String> = "since",
            /// End then.
            until / with_until: Option<String> = "until",
            /// `type`, `event`, `container`, `image`, `volume`, `pod`, `label`; an unknown key is an error.
            filters / with_filters: Filters = "filters",
            /// `false`: end with what is recorded.
            stream / with_stream: Option<bool> = "stream",
        }
    }
}

/// One event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Event {
    /// `container`, `image`, `network`, `volume`, `pod`, `system`, ...
    #[serde(rename = "Type", deserialize_with = "nullable")]
    pub kind: String,
    /// libpod's word: `died`, `remove`, `checkpoint`, ...
    #[serde(rename = "Action", deserialize_with = "nullable")]
    pub action: String,
    /// About what.
    #[serde(rename = "Actor", deserialize_with = "nullable")]
    pub actor: Actor,
    /// Seconds since the epoch.
    #[serde(deserialize_with = "nullable")]
    pub time: i64,
    /// Nanoseconds since the epoch.
    #[serde(rename = "timeNano", deserialize_with = "nullable")]
    pub time_nano: i64,
    /// The verdict of a `health_status`.
    #[serde(rename = "HealthStatus", deserialize_with = "nullable")]
    pub health_status: String,
}

/// About what an [`Event`] is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Actor {
    /// Id of the container, image or network; name of the volume.
    #[serde(rename = "ID", deserialize_with = "nullable")]
    pub id: String,
    /// `name`, `image`, `containerExitCode`, and the labels.
    #[serde(deserialize_with = "nullable")]
    pub attributes: BTreeMap<String, String>,
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
}
