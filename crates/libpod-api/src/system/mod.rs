//! The engine itself: whether it is there, what it is, what it stores, and how to clean up.
//!
//! ```
//! use http_endpoint::{Endpoint, Filters};
//! use libpod_api::system::{PingReport, SystemInfo, SystemPrune};
//!
//! // A prune that touches only what carries a label.
//! let prune = SystemPrune::new().with_all(true).with_filters(Filters::new().with("label", "app=shop"));
//! assert_eq!(
//!     prune.target("/v5.0.0/libpod"),
//!     "/v5.0.0/libpod/system/prune?all=true&filters=%7B%22label%22%3A%5B%22app%3Dshop%22%5D%7D"
//! );
//!
//! let info = SystemInfo::decode(br#"{"host":{"cgroupVersion":"v2","security":{"rootless":true}}}"#).unwrap();
//! assert!(info.host.security.rootless);
//! assert_eq!(info.host.cgroup_version, "v2");
//!
//! // The versions stand in the headers of a ping's answer.
//! let ping = PingReport::from_headers([("Libpod-Api-Version", "5.4.2"), ("Api-Version", "1.41")]);
//! assert_eq!(libpod_api::prefix(&ping.libpod_api_version), "/v5.0.0/libpod");
//! ```

mod info;
mod usage;

use std::collections::BTreeMap;

use http_endpoint::{Date, Filters, endpoints, response};

pub use info::{
    CgroupVersion, ConmonInfo, ContainerStore, CpuUsage, DistributionInfo, DnsNetworkInfo, HostInfo, IdMap,
    IdMappings, ImageStore, Info, Mirror, NetworkInfo, OciRuntimeInfo, Plugins, Program, Registries,
    Registry, RemoteSocket, SecurityInfo, StoreInfo, VersionInfo,
};
pub use usage::{
    NetworkPruneReport, SystemCheckReport, SystemDfContainer, SystemDfImage, SystemDfReport, SystemDfVolume,
    SystemPruneReport,
};

endpoints! {
    /// Asks whether the engine is there; the answer is `OK`. Its headers tell the versions, see
    /// [`PingReport`]. The one libpod call that also works without a version: `/libpod/_ping`.
    GET "/_ping" => text, [200];
    pub struct Ping {}

    /// As [`Ping`], without a body: the headers are the answer, see [`PingReport`].
    HEAD "/_ping" => none, [200];
    pub struct PingHead {}

    /// What the engine runs on and with. Takes some 20 ms: the engine starts the runtime to ask its version.
    GET "/info" => json<Info>, [200];
    pub struct SystemInfo {}

    /// The engine's own description of its API in YAML, where it is installed on its host
    /// (`/usr/share/containers/podman/swagger.yaml`, or what `PODMAN_SWAGGER_SPEC` says); status 500 elsewhere.
    GET "/swagger" => text, [200];
    pub struct Swagger {}

    /// Versions of the engine and of its parts, in Docker's shape.
    GET "/version" => json<ComponentVersion>, [200];
    pub struct SystemVersion {}

    /// Checks the consistency of the storage. Without `quick` every layer's content is read.
    POST "/system/check" => json<SystemCheckReport>, [200], since "5.2";
    pub struct SystemCheck {
        query {
            /// Leave out the checks that read all contents.
            quick / with_quick: bool = "quick",
            /// Remove damaged images. Implies what is done without it.
            repair / with_repair: bool = "repair",
            /// Remove damaged containers and images, too: their data is lost.
            repair_lossy / with_repair_lossy: bool = "repair_lossy",
            /// A layer that nothing refers to is damage from this age on, a Go duration; `24h0m0s` by default.
            unreferenced_layer_max_age / with_unreferenced_layer_max_age: Option<String> =
                "unreferenced_layer_max_age",
        }
    }

    /// What images, containers and volumes take on disk. Slow on large stores: every container is measured.
    GET "/system/df" => json<SystemDfReport>, [200];
    pub struct SystemDf {}

    /// Removes what nothing uses: stopped containers and pods, unused networks, dangling images.
    POST "/system/prune" => json<SystemPruneReport>, [200];
    pub struct SystemPrune {
        query {
            /// Every image that no container uses, not only dangling ones.
            all / with_all: bool = "all",
            /// Volumes, too: their data is lost.
            volumes / with_volumes: bool = "volumes",
            /// Containers of the storage that libpod does not know (buildah, CRI-O); nothing else then. Since
            /// Podman 4.6.
            external / with_external: bool = "external",
            /// Containers that a build left behind, too. Since Podman 5.3.
            build / with_build: bool = "build",
            /// `label`, `label!`, `until`; only what matches is removed. An unknown key is status 500.
            filters / with_filters: Filters = "filters",
        }
    }
}

/// What the headers of a [`Ping`]'s answer tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PingReport {
    /// `Api-Version`: the level of Docker's API that the engine speaks beside libpod's.
    pub api_version: String,
    /// `Libpod-Api-Version`: the version of libpod's API, equal to Podman's. Empty on an engine that is not
    /// Podman; see [`prefix`](crate::prefix) for what to do with it.
    pub libpod_api_version: String,
    /// `Libpod-Buildah-Version`: the version of the builder.
    pub buildah_version: String,
    /// `Builder-Version`: `1`, the classic builder, since Podman 5.6; empty before.
    pub builder_version: String,
    /// `Buildkit-Version`: empty, Podman has no BuildKit.
    pub buildkit_version: String,
    /// `Ostype`: `linux` or `freebsd`. Empty on Podman 4.3.
    pub os_type: String,
    /// `Docker-Experimental`.
    pub experimental: bool,
    /// `Server`: `Libpod/5.4.2 (linux)`.
    pub server: String,
}

impl PingReport {
    /// Reads the headers of an answer, given as names and values; names in any case, others are skipped.
    pub fn from_headers<N: AsRef<str>, V: Into<String>>(headers: impl IntoIterator<Item = (N, V)>) -> Self {
        let mut report = Self::default();
        for (name, value) in headers {
            let value: String = value.into();
            match name.as_ref().to_ascii_lowercase().as_str() {
                "api-version" => report.api_version = value,
                "libpod-api-version" => report.libpod_api_version = value,
                "libpod-buildah-version" => report.buildah_version = value,
                "builder-version" => report.builder_version = value,
                "buildkit-version" => report.buildkit_version = value,
                "ostype" => report.os_type = value,
                "docker-experimental" => report.experimental = value.eq_ignore_ascii_case("true"),
                "server" => report.server = value,
                _ => {}
            }
        }
        report
    }

    /// Reads the headers through a function that finds one by its name, such as
    /// `|name| response.header(name)`.
    pub fn from_lookup<'a>(find: impl Fn(&str) -> Option<&'a str>) -> Self {
        const NAMES: [&str; 8] = [
            "Api-Version",
            "Libpod-Api-Version",
            "Libpod-Buildah-Version",
            "Builder-Version",
            "Buildkit-Version",
            "Ostype",
            "Docker-Experimental",
            "Server",
        ];
        Self::from_headers(NAMES.into_iter().filter_map(|name| Some((name, find(name)?))))
    }

    /// Whether the engine is Podman: Docker and others have no libpod.
    #[must_use]
    pub fn is_podman(&self) -> bool {
        !self.libpod_api_version.is_empty()
    }
}

response! {
    /// Answer of [`SystemVersion`]: Docker's shape with Podman's values.
    pub struct ComponentVersion {
        /// On what it runs.
        platform: Platform = "Platform",
        /// The engine (`Podman Engine`), the container monitor (`Conmon`) and the runtime (`OCI Runtime (crun)`).
        components: Vec<Component> = "Components",
        /// Version of the engine.
        version: String = "Version",
        /// Level of the compatible API.
        api_version: String = "ApiVersion",
        /// Oldest level of the compatible API.
        min_api_version: String = "MinAPIVersion",
        /// The commit it was built from; often empty.
        git_commit: String = "GitCommit",
        /// Version of Go that it was built with.
        go_version: String = "GoVersion",
        /// `linux`.
        os: String = "Os",
        /// Go's name of the architecture.
        arch: String = "Arch",
        /// Kernel release.
        kernel_version: String = "KernelVersion",
        /// Docker's word for an experimental build; not sent by Podman's own path.
        experimental: bool = "Experimental",
        /// When it was built.
        build_time: Date = "BuildTime",
    }
}

response! {
    /// The platform of a [`ComponentVersion`].
    pub struct Platform {
        /// `linux/amd64/debian-13`.
        name: String = "Name",
    }
}

response! {
    /// A part of a [`ComponentVersion`].
    pub struct Component {
        /// Its name.
        name: String = "Name",
        /// What it says of its version; several lines for some runtimes.
        version: String = "Version",
        /// More, by name: `APIVersion`, `MinAPIVersion`, `GitCommit`, `Package`, ... For the engine itself these are
        /// libpod's versions.
        details: BTreeMap<String, String> = "Details",
    }
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use super::*;

    #[test]
    fn the_headers_of_a_ping_are_read_in_any_case() {
        let report = PingReport::from_headers([
            ("libpod-api-version", "5.8.6"),
            ("API-VERSION", "1.44"),
            ("Builder-Version", "1"),
            ("Docker-Experimental", "true"),
            ("X-Reference-Id", "0x1"),
        ]);
        assert_eq!((report.libpod_api_version.as_str(), report.api_version.as_str()), ("5.8.6", "1.44"));
        assert!(report.is_podman() && report.experimental);
        assert!(!PingReport::from_headers([("Api-Version", "1.45")]).is_podman());
        let found = PingReport::from_lookup(|name| (name == "Server").then_some("Libpod/4.3.1 (linux)"));
        assert_eq!(found.server, "Libpod/4.3.1 (linux)");
    }

    #[test]
    fn a_version_decodes() {
        let version = SystemVersion::decode(
            br#"{"Platform":{"Name":"linux/amd64/debian-13"},"Components":[{"Name":"Conmon","Version":"2.1.12",
            "Details":{"Package":"conmon_2.1.12-4_amd64"}}],"Version":"5.4.2","ApiVersion":"1.41",
            "KernelVersion":"6.18.0","Os":"linux","Arch":"amd64","BuildTime":"2025-12-21T16:42:01Z"}"#,
        )
        .unwrap();
        assert_eq!((version.version.as_str(), version.api_version.as_str()), ("5.4.2", "1.41"));
        assert_eq!((version.arch.as_str(), version.kernel_version.as_str()), ("amd64", "6.18.0"));
        assert_eq!(version.components[0].details["Package"], "conmon_2.1.12-4_amd64");
        assert!(version.build_time.time().is_some());
    }
}
