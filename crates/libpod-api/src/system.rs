//! The engine itself.

use http_endpoint::endpoint;
use serde::Deserialize;

use crate::nullable;

endpoint! {
    /// Asks whether the engine is there. Its answer's headers tell the versions (`Libpod-Api-Version`).
    GET "/_ping" => text, [200];
    pub struct Ping {}
}

endpoint! {
    /// What the engine runs on and with. Takes some 20 ms: the engine starts the runtime to ask its version.
    GET "/info" => json<Info>, [200];
    pub struct SystemInfo {}
}

endpoint! {
    /// Versions of the engine.
    GET "/version" => json<Version>, [200];
    pub struct SystemVersion {}
}

/// Answer of [`SystemInfo`], the parts that are used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Info {
    /// The host.
    #[serde(deserialize_with = "nullable")]
    pub host: HostInfo,
    /// The image store.
    #[serde(deserialize_with = "nullable")]
    pub store: StoreInfo,
    /// Versions.
    #[serde(deserialize_with = "nullable")]
    pub version: VersionInfo,
}

/// The host of an [`Info`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct HostInfo {
    /// Go's name of the architecture.
    #[serde(deserialize_with = "nullable")]
    pub arch: String,
    /// Kernel release.
    #[serde(deserialize_with = "nullable")]
    pub kernel: String,
    /// `linux`.
    #[serde(deserialize_with = "nullable")]
    pub os: String,
    /// `v1` or `v2`.
    #[serde(deserialize_with = "nullable")]
    pub cgroup_version: String,
    /// `netavark` or `cni`.
    #[serde(deserialize_with = "nullable")]
    pub network_backend: String,
    /// The OCI runtime.
    #[serde(deserialize_with = "nullable")]
    pub oci_runtime: OciRuntime,
    /// Security settings.
    #[serde(deserialize_with = "nullable")]
    pub security: SecurityInfo,
}

/// The OCI runtime of a [`HostInfo`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct OciRuntime {
    /// `crun` or `runc`.
    #[serde(deserialize_with = "nullable")]
    pub name: String,
    /// Path of the program.
    #[serde(deserialize_with = "nullable")]
    pub path: String,
    /// What the program says of its version and features.
    #[serde(deserialize_with = "nullable")]
    pub version: String,
}

/// Security settings of a [`HostInfo`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct SecurityInfo {
    /// The service runs without root.
    #[serde(deserialize_with = "nullable")]
    pub rootless: bool,
    /// SELinux is on.
    #[serde(rename = "selinuxEnabled", deserialize_with = "nullable")]
    pub selinux_enabled: bool,
}

/// The image store of an [`Info`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[non_exhaustive]
pub struct StoreInfo {
    /// Where layers and volumes are.
    #[serde(deserialize_with = "nullable")]
    pub graph_root: String,
    /// Where the state of running containers is. A checkpoint archive records paths below it.
    #[serde(deserialize_with = "nullable")]
    pub run_root: String,
}

/// Versions of an [`Info`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct VersionInfo {
    /// Version of the API, equal to the engine's.
    #[serde(rename = "APIVersion", deserialize_with = "nullable")]
    pub api_version: String,
    /// Version of the engine.
    #[serde(deserialize_with = "nullable")]
    pub version: String,
}

/// Answer of [`SystemVersion`]: Docker's shape with Podman's values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Version {
    /// Version of the engine.
    #[serde(deserialize_with = "nullable")]
    pub version: String,
    /// Level of the compatible API.
    #[serde(deserialize_with = "nullable")]
    pub api_version: String,
    /// Go's name of the architecture.
    #[serde(deserialize_with = "nullable")]
    pub arch: String,
    /// `linux`.
    #[serde(deserialize_with = "nullable")]
    pub os: String,
    /// Kernel release.
    #[serde(deserialize_with = "nullable")]
    pub kernel_version: String,
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use super::*;

    #[test]
    fn the_info_of_4_3_and_5_4_decode() {
        let old = br#"{"host":{"arch":"amd64","buildahVersion":"1.28.0","cgroupVersion":"v1","kernel":"6.1",
            "ociRuntime":{"name":"crun","package":"crun_1.8.1","path":"/usr/bin/crun","version":"crun 1.8.1"},
            "security":{"apparmorEnabled":false,"capabilities":"CAP_CHOWN","rootless":true},"networkBackend":"netavark",
            "idMappings":{"gidmap":null,"uidmap":null}},"store":{"graphRoot":"/g","runRoot":"/r"},
            "registries":{},"plugins":{},"version":{"APIVersion":"4.3.1","Version":"4.3.1"}}"#;
        let info = SystemInfo::decode(old).unwrap();
        assert!(info.host.security.rootless);
        assert_eq!((info.host.oci_runtime.name.as_str(), info.version.version.as_str()), ("crun", "4.3.1"));
        assert_eq!(info.store.run_root, "/r");

        let new = br#"{"host":{"security":null,"ociRuntime":null},"store":null,"version":null}"#;
        assert_eq!(SystemInfo::decode(new).unwrap(), Info::default());
    }

    #[test]
    fn a_version_decodes() {
        let version = SystemVersion::decode(
            br#"{"Platform":{"Name":"linux/amd64/debian-13"},"Components":[],"Version":"5.4.2","ApiVersion":"1.41",
            "KernelVersion":"6.18.0","Os":"linux","Arch":"amd64"}"#,
        )
        .unwrap();
        assert_eq!((version.version.as_str(), version.api_version.as_str()), ("5.4.2", "1.41"));
        assert_eq!((version.arch.as_str(), version.kernel_version.as_str()), ("amd64", "6.18.0"));
    }
}
