//! Pods: containers that share namespaces.
//!
//! What acts on all containers of a pod may succeed for some and fail for others. Then the engine refuses with 409, and
//! the refusal holds the report: see [`PodReport::from_refusal`].
//!
//! ```
//! use http_endpoint::{Endpoint, EngineError};
//! use libpod_api::pods::{PodCreate, PodReport, PodSpecGenerator, PodStop};
//!
//! let spec = PodSpecGenerator::new().with_name("web").with_shared_namespaces(vec!["net".to_owned()]);
//! let create = PodCreate::new(spec);
//! assert_eq!(create.body()?.as_deref(), Some(br#"{"name":"web","shared_namespaces":["net"]}"#.as_slice()));
//! assert_eq!(PodStop::new("web").with_timeout(5).target(""), "/pods/web/stop?t=5");
//!
//! // What a transport gives for a refusal.
//! let refusal = EngineError::from_body(409, br#"{"Errs":["starting container ab12: no such file"],"Id":"cd34"}"#);
//! let report = refusal.message().and_then(PodReport::from_refusal).unwrap_or_default();
//! assert_eq!(report.errors[0].0.as_deref(), Some("starting container ab12: no such file"));
//! # Ok::<(), serde_json::Error>(())
//! ```

mod spec;
mod types;

use http_endpoint::{Filters, Fixed, endpoints};

use crate::IdResponse;
use crate::containers::Top;

pub use spec::PodSpecGenerator;
pub use types::{
    InspectPodContainerInfo, InspectPodData, InspectPodInfraConfig, ListPodContainer, ListPodsReport,
    PodPruneReport, PodReport, PodRmReport, PodState, PodStatsReport,
};

endpoints! {
    /// Makes a pod, with an infra container unless told otherwise. 409: the name is taken.
    POST "/pods/create" => json<IdResponse>, [201];
    pub struct PodCreate {
        json {
            /// What to make.
            spec: PodSpecGenerator,
        }
    }

    /// Lists pods.
    GET "/pods/json" => json<Vec<ListPodsReport>>, [200];
    pub struct PodList {
        query {
            /// `id`, `name`, `label`, `label!`, `status`, `network`, `ctr-ids`, `ctr-names`, `ctr-number`,
            /// `ctr-status`, `until`. An unknown one is status 500.
            filters / with_filters: Filters = "filters",
        }
    }

    /// A pod in full.
    GET "/pods/{name}/json" => json<InspectPodData>, [200];
    pub struct PodInspect {
        path {
            /// Name or id.
            name
        }
    }

    /// Asks whether a pod exists; 404 when it does not.
    GET "/pods/{name}/exists" => none, [204];
    pub struct PodExists {
        path {
            /// Name or id.
            name
        }
    }

    /// Starts the containers of a pod. 304 with an empty report: it runs already. 409: some failed.
    POST "/pods/{name}/start" => json<PodReport>, [200, 304];
    pub struct PodStart {
        path {
            /// Name or id.
            name
        }
    }

    /// Stops the containers of a pod. 304 with an empty report: it does not run, or not whole. 409: some failed.
    POST "/pods/{name}/stop" => json<PodReport>, [200, 304];
    pub struct PodStop {
        path {
            /// Name or id.
            name
        }
        query {
            /// Seconds after which a container is killed; by each container's own setting without it, and at 0.
            timeout / with_timeout: Option<i32> = "t",
        }
    }

    /// Restarts the containers of a pod. 409: some failed.
    POST "/pods/{name}/restart" => json<PodReport>, [200];
    pub struct PodRestart {
        path {
            /// Name or id.
            name
        }
    }

    /// Sends a signal to the containers of a pod. 409: none runs, or some failed.
    POST "/pods/{name}/kill" => json<PodReport>, [200];
    pub struct PodKill {
        path {
            /// Name or id.
            name
        }
        query {
            /// Name or number; `SIGKILL` without it. An unknown one is status 500.
            signal / with_signal: Option<String> = "signal",
        }
    }

    /// Pauses the containers of a pod. 409: some failed.
    POST "/pods/{name}/pause" => json<PodReport>, [200];
    pub struct PodPause {
        path {
            /// Name or id.
            name
        }
    }

    /// Lets the containers of a pod run on. 409: some failed.
    POST "/pods/{name}/unpause" => json<PodReport>, [200];
    pub struct PodUnpause {
        path {
            /// Name or id.
            name
        }
    }

    /// Removes a pod with its containers. One that runs is status 500 without `force`.
    DELETE "/pods/{name}" => json<PodRmReport>, [200];
    pub struct PodRemove {
        path {
            /// Name or id.
            name
        }
        query {
            /// Also while containers run.
            force / with_force: bool = "force",
            /// Seconds after which a container is killed.
            timeout / with_timeout: Option<u32> = "timeout",
        }
    }

    /// Removes every pod that does not run. There is no filter.
    POST "/pods/prune" => json<Vec<PodPruneReport>>, [200];
    pub struct PodPrune {}

    /// What the containers of pods use, once.
    GET "/pods/stats" => json<Vec<PodStatsReport>>, [200];
    pub struct PodStats {
        query {
            /// Every pod that runs; also what the engine does when nothing is set.
            all / with_all: bool = "all",
            /// Names or ids. Not with `all`.
            names_or_ids / with_names_or_ids: Vec<String> = "namesOrIDs",
        }
    }

    /// What the containers of pods use, again and again.
    GET "/pods/stats" => json_stream<Vec<PodStatsReport>>, [200];
    pub struct PodStatsStream {
        query {
            /// Selects this answer.
            stream / with_stream: Fixed<true> = "stream",
            /// Seconds between two of them; 5 without it.
            delay / with_delay: Option<u32> = "delay",
            /// Every pod that runs; also what the engine does when nothing is set.
            all / with_all: bool = "all",
            /// Names or ids. Not with `all`.
            names_or_ids / with_names_or_ids: Vec<String> = "namesOrIDs",
        }
    }

    /// The processes of a pod, once.
    GET "/pods/{name}/top" => json<Top>, [200];
    pub struct PodTop {
        path {
            /// Name or id.
            name
        }
        query {
            /// Columns, separated by commas: `pid,user,args`.
            ps_args / with_ps_args: Option<String> = "ps_args",
        }
    }

    /// The processes of a pod, again and again.
    GET "/pods/{name}/top" => json_stream<Top>, [200];
    pub struct PodTopStream {
        path {
            /// Name or id.
            name
        }
        query {
            /// Selects this answer.
            stream / with_stream: Fixed<true> = "stream",
            /// Seconds between two of them; 5 without it, and at least 1.
            delay / with_delay: Option<u32> = "delay",
            /// Columns, separated by commas: `pid,user,args`.
            ps_args / with_ps_args: Option<String> = "ps_args",
        }
    }
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use super::*;

    #[test]
    fn what_runs_already_has_an_empty_report() {
        assert_eq!(PodStart::decode(b"").unwrap(), PodReport::default());
        assert!(PodKill::decode(b"").is_err());
    }

    #[test]
    fn a_refusal_without_a_report_is_none() {
        for text in [
            "cannot kill a pod with no running containers",
            r#"{"message":"x"}"#,
            r#"{"Errs":null,"Id":"ab"}"#,
        ] {
            assert_eq!(PodReport::from_refusal(text), None, "{text}");
        }
    }

    #[test]
    fn a_removal_says_what_became_of_each_container() {
        let report =
            PodRemove::decode(br#"{"RemovedCtrs":{"ab":null,"cd":"busy"},"Err":null,"Id":"ef"}"#).unwrap();
        assert_eq!(report.removed_containers["ab"].0, None);
        assert_eq!(report.removed_containers["cd"].0.as_deref(), Some("busy"));
    }
}
