// Its examples need a transport: `runtime-docker`, which has one, compiles them.
#![cfg_attr(not(doctest), doc = include_str!("../README.md"))]

mod base64;
mod shared;
mod version;

pub mod auth;
pub mod build;
pub mod containers;
pub mod distribution;
pub mod exec;
pub mod images;
pub mod networks;
pub mod session;
pub mod system;
pub mod volumes;

pub use auth::{AuthConfig, AuthResponse, RegistryConfig, Secret};
pub use http_endpoint::{Date, Empty, EnvList, Keys, SecretMap, StringOrList};
pub use shared::{
    Descriptor, DriverData, Health, HealthConfig, HealthLog, HealthStatus, IdResponse, Platform,
};
pub use version::{ApiVersion, ParseApiVersionError};

/// Every endpoint, by the module that declares it.
pub const GROUPS: &[(&str, &[http_endpoint::Descriptor])] = &[
    ("build", build::ENDPOINTS),
    ("checkpoint", containers::checkpoint::ENDPOINTS),
    ("containers", containers::ENDPOINTS),
    ("distribution", distribution::ENDPOINTS),
    ("exec", exec::ENDPOINTS),
    ("images", images::ENDPOINTS),
    ("networks", networks::ENDPOINTS),
    ("session", session::ENDPOINTS),
    ("system", system::ENDPOINTS),
    ("volumes", volumes::ENDPOINTS),
];
