//! The typed project: what a Compose file says after loading, in types that are pleasant to use.
//!
//! Every struct has public fields and a `Default`, so that a program can build one in code:
//! `Service { image: Some("redis".into()), ..Service::default() }`. `Serialize` and `Deserialize` speak the canonical
//! Compose form and leave out what has its default, so that serialising is stable when fields are added later.

/// Declares model structs: the derives and the serde attributes that all of them share.
macro_rules! model {
    ($($(#[$meta:meta])* pub struct $name:ident { $($(#[$fmeta:meta])* pub $field:ident: $ty:ty,)* })*) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(default)]
        pub struct $name {
            $($(#[$fmeta])* #[serde(skip_serializing_if = "crate::model::is_default")] pub $field: $ty,)*
        }
    )*};
}

mod ai_model;
mod blkio;
mod build;
mod deploy;
mod develop;
mod duration;
mod health;
mod hook;
mod job;
mod mount;
mod network;
mod policy;
mod project;
mod reference;
mod resource;
mod scalar;
mod service;

pub use ai_model::{Model, ModelUse};
pub use blkio::{BlkioConfig, DeviceRate, DeviceWeight};
pub use build::{Build, SshKey};
pub use deploy::{
    Deploy, DeployRestartPolicy, DeviceRequest, DiscreteResource, GenericResource, Placement,
    PlacementPreference, ResourceLimits, ResourceReservations, Resources, UpdateConfig, UpdateOrder,
};
pub use develop::{Develop, Watch, WatchAction};
pub use duration::{ParseDurationError, format_duration, parse_duration};
pub use health::{HealthCheck, HealthTest};
pub use hook::{Hook, PreStart};
pub use job::{Concurrency, Job, MissedFires, Schedule, Triggers};
pub use mount::{
    BindOptions, DeviceMapping, FileReference, ImageOptions, Mount, MountKind, Selinux, TmpfsOptions,
    VolumeOptions,
};
pub use network::{Port, ServiceNetwork};
pub use policy::{Condition, Dependency, PullPolicy, RestartPolicy};
pub use project::{Disabled, Project};
pub use reference::{CredentialSpec, EnvFile, Link, VolumesFrom, VolumesSource};
pub use resource::{ConfigObject, Ipam, IpamPool, Network, Volume};
pub use scalar::{Environment, ExtraHost, Namespace, Redacted, Ulimit};
pub use service::{Logging, Provider, Service};

/// Whether a field has its default and is left out of the serialised form.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
