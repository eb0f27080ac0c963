//! `deploy`. Outside Swarm `replicas`, `resources` and `restart_policy` have a meaning.

use std::time::Duration;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

model! {
    /// `deploy`.
    pub struct Deploy {
        /// How many containers; see [`super::Service::replicas`].
        pub replicas: Option<u32>,
        /// Limits and reservations.
        pub resources: Resources,
        /// Counts before `restart`, see [`super::Service::restart_policy`].
        pub restart_policy: Option<DeployRestartPolicy>,
        /// Labels of the Swarm service: no effect on containers.
        pub labels: IndexMap<String, String>,
        /// `replicated`, `global`, `replicated-job` or `global-job`: Swarm only.
        pub mode: Option<String>,
        /// `vip` or `dnsrr`: Swarm only.
        pub endpoint_mode: Option<String>,
        /// On which nodes: Swarm only.
        pub placement: Placement,
        /// How containers are replaced by newer ones: Swarm only.
        pub update_config: Option<UpdateConfig>,
        /// The same when an update is undone: Swarm only.
        pub rollback_config: Option<UpdateConfig>,
    }

    /// `deploy.resources`.
    pub struct Resources {
        /// What a container may use at most.
        pub limits: Option<ResourceLimits>,
        /// What it is promised.
        pub reservations: Option<ResourceReservations>,
    }

    /// `deploy.resources.limits`.
    pub struct ResourceLimits {
        /// CPUs, such as 0.5.
        #[serde(with = "cpus")]
        pub cpus: Option<f64>,
        /// Memory in bytes.
        #[serde(with = "super::scalar::bytes")]
        pub memory: Option<i64>,
        /// Processes.
        pub pids: Option<i64>,
    }

    /// `deploy.resources.reservations`.
    pub struct ResourceReservations {
        /// CPUs: no effect outside Swarm.
        #[serde(with = "cpus")]
        pub cpus: Option<f64>,
        /// Memory in bytes.
        #[serde(with = "super::scalar::bytes")]
        pub memory: Option<i64>,
        /// Devices such as GPUs.
        pub devices: Vec<DeviceRequest>,
        /// Swarm only.
        pub generic_resources: Vec<GenericResource>,
    }

    /// A device that is asked for by what it can do: `deploy.resources.reservations.devices[]` and `gpus[]`.
    pub struct DeviceRequest {
        /// Such as `gpu`.
        pub capabilities: Vec<String>,
        /// The driver, such as `nvidia`.
        pub driver: Option<String>,
        /// How many; -1 is all.
        pub count: Option<i64>,
        /// Which ones.
        pub device_ids: Vec<String>,
        /// Options for the driver.
        pub options: IndexMap<String, String>,
    }

    /// `deploy.resources.reservations.generic_resources[]`.
    pub struct GenericResource {
        /// So and so many of a kind.
        pub discrete_resource_spec: Option<DiscreteResource>,
    }

    /// `deploy.resources.reservations.generic_resources[].discrete_resource_spec`.
    pub struct DiscreteResource {
        /// What the nodes call it.
        pub kind: String,
        /// How many.
        pub value: i64,
    }

    /// `deploy.placement`.
    pub struct Placement {
        /// Expressions such as `node.labels.disk == ssd`.
        pub constraints: Vec<String>,
        /// What containers are spread over.
        pub preferences: Vec<PlacementPreference>,
        /// How many containers a node may have; `None` is any number.
        pub max_replicas_per_node: Option<u64>,
    }

    /// An entry of `deploy.placement.preferences`.
    pub struct PlacementPreference {
        /// A label of nodes, such as `node.labels.zone`.
        pub spread: Option<String>,
    }

    /// `deploy.update_config` and `deploy.rollback_config`.
    pub struct UpdateConfig {
        /// How many at a time; 0 is all at once.
        pub parallelism: Option<u64>,
        /// How long between two of them.
        #[serde(with = "super::duration::option")]
        pub delay: Option<Duration>,
        /// `pause`, `continue` or `rollback`.
        pub failure_action: Option<String>,
        /// How long a new one is watched for failures.
        #[serde(with = "super::duration::option")]
        pub monitor: Option<Duration>,
        /// The part of all that may fail, 0 to 1.
        pub max_failure_ratio: Option<f64>,
        /// Which comes first.
        pub order: Option<UpdateOrder>,
    }

    /// `deploy.restart_policy`.
    pub struct DeployRestartPolicy {
        /// `none`, `on-failure` or `any`.
        pub condition: Option<String>,
        /// Swarm only.
        #[serde(with = "super::duration::option")]
        pub delay: Option<Duration>,
        /// How many restarts, for `on-failure`.
        pub max_attempts: Option<u64>,
        /// Swarm only.
        #[serde(with = "super::duration::option")]
        pub window: Option<Duration>,
    }
}

/// `order` of an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UpdateOrder {
    /// The old container stops before the new one starts.
    StopFirst,
    /// The new container starts before the old one stops.
    StartFirst,
}

/// serde glue: `cpus` is a number or a text in the canonical form.
mod cpus {
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::ref_option, reason = "serde asks for this signature")]
    pub(super) fn serialize<S: Serializer>(value: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(cpus) => serializer.serialize_f64(*cpus),
            None => serializer.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Number(f64),
            Text(String),
        }
        match Option::<Form>::deserialize(deserializer)? {
            None => Ok(None),
            Some(Form::Number(number)) => Ok(Some(number)),
            Some(Form::Text(text)) => text.parse().map(Some).map_err(serde::de::Error::custom),
        }
    }
}
