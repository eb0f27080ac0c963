//! Kubernetes YAML: pods made from it, and it made from pods.
//!
//! Each call has two paths, `/kube/...` and an older one; the engine treats them alike. [`KubePlay`] and
//! [`KubePlayTar`] differ in the body only: the YAML itself, or an archive with the YAML and what it builds.
//!
//! ```
//! use http_endpoint::Endpoint;
//! use libpod_api::kube::{KubeGenerate, KubePlay};
//!
//! let generate = KubeGenerate::new(vec!["web-1".to_owned(), "db-1".to_owned()]).with_service(true);
//! assert_eq!(
//!     generate.target("/v5.0.0/libpod"),
//!     "/v5.0.0/libpod/kube/generate?names=web-1&names=db-1&service=true"
//! );
//!
//! // The YAML is the request's body, handed to the transport beside this.
//! let play = KubePlay::new().with_replace(true).with_start(false);
//! assert_eq!(play.target(""), "/kube/play?replace=true&start=false");
//! let report = KubePlay::decode(br#"{"Pods":[{"ID":"ab","Containers":["cd"],"Logs":null}],"Volumes":null}"#);
//! assert_eq!(report.unwrap().pods[0].containers, ["cd"]);
//! ```

mod report;

use std::collections::BTreeMap;

use http_endpoint::{Descriptor, JsonQuery, endpoint};

pub use report::{PlayKubePod, PlayKubeReport, PlayKubeVolume, PlaySecret, TeardownSecret, TeardownVolume};

/// Every endpoint of this module.
pub const ENDPOINTS: &[Descriptor] = &[
    Descriptor::of::<GenerateKube>("GenerateKube"),
    Descriptor::of::<KubeApply>("KubeApply"),
    Descriptor::of::<KubeDown>("KubeDown"),
    Descriptor::of::<KubeGenerate>("KubeGenerate"),
    Descriptor::of::<KubePlay>("KubePlay"),
    Descriptor::of::<KubePlayTar>("KubePlayTar"),
    Descriptor::of::<PlayKube>("PlayKube"),
    Descriptor::of::<PlayKubeDown>("PlayKubeDown"),
];

endpoint! {
    /// Makes pods and what belongs to them in a Kubernetes cluster. The body is the YAML. The answer says what was
    /// made, in words.
    POST "/kube/apply" => text, [200], since "4.5";
    pub struct KubeApply {
        query {
            /// Path of the cluster's certificate on the engine's host.
            ca_cert_file / with_ca_cert_file: Option<String> = "caCertFile",
            /// Path of the cluster's configuration on the engine's host; `$HOME/.kube/config` of the service by
            /// default.
            kubeconfig / with_kubeconfig: Option<String> = "kubeconfig",
            /// The namespace; that of the YAML, else `default`.
            namespace / with_namespace: Option<String> = "namespace",
        }
        stream "application/yaml"
    }
}

/// Declares a call that writes YAML.
macro_rules! generate {
    ($(#[$meta:meta])* $name:ident $path:literal) => {
        endpoint! {
            $(#[$meta])*
            GET $path => text, [200];
            pub struct $name {
                required {
                    /// Names or ids of containers, pods and volumes. Containers must not be in a pod.
                    names: Vec<String> = "names"
                }
                query {
                    /// A service, too, for the ports.
                    service / with_service: bool = "service",
                    /// `pod` (the default), `deployment`, `daemonset`, or `job`. Since Podman 4.4.
                    kind / with_kind: Option<String> = "type",
                    /// How many pods a deployment has; 1 by default. Since Podman 4.4.
                    replicas / with_replicas: Option<i32> = "replicas",
                    /// Do not cut annotations to the length that Kubernetes allows. Since Podman 4.6.
                    no_trunc / with_no_trunc: bool = "noTrunc",
                    /// Annotations that only Podman knows, so that it makes the same containers again. Since Podman
                    /// 4.7; always so before.
                    podman_only / with_podman_only: bool = "podmanOnly",
                }
            }
        }
    };
}

generate! {
    /// Kubernetes YAML of containers, pods and volumes. What is not there is status 500.
    KubeGenerate "/kube/generate"
}

generate! {
    /// As [`KubeGenerate`], under its older path.
    GenerateKube "/generate/kube"
}

/// Declares a call that takes down what a play made.
macro_rules! down {
    ($(#[$meta:meta])* $name:ident $path:literal) => {
        endpoint! {
            $(#[$meta])*
            DELETE $path => json<PlayKubeReport>, [200];
            pub struct $name {
                query {
                    /// Remove the volumes, too: their data is lost. Since Podman 4.4.
                    force / with_force: bool = "force"
                }
                stream "application/yaml"
            }
        }
    };
}

down! {
    /// Stops and removes the pods that a YAML names; what is not there is no error. The body is the YAML.
    KubeDown "/kube/play"
}

down! {
    /// As [`KubeDown`], under its older path.
    PlayKubeDown "/play/kube"
}

/// Declares a call that makes what a YAML says.
macro_rules! play {
    ($(#[$meta:meta])* $name:ident $path:literal $content:literal $(since $since:literal)?) => {
        endpoint! {
            $(#[$meta])*
            POST $path => json<PlayKubeReport>, [200] $(, since $since)?;
            pub struct $name {
                query {
                    /// Annotations of every container and pod. Since Podman 4.4.
                    annotations / with_annotations: Option<JsonQuery<BTreeMap<String, String>>> = "annotations",
                    /// Log driver of the containers.
                    log_driver / with_log_driver: Option<String> = "logDriver",
                    /// Options of the log driver, `name=value` each.
                    log_options / with_log_options: Vec<String> = "logOptions",
                    /// Network mode, or names of networks.
                    network / with_network: Vec<String> = "network",
                    /// No `/etc/hostname` in the containers. Since Podman 5.2.
                    no_hostname / with_no_hostname: bool = "noHostname",
                    /// No `/etc/hosts` in the containers.
                    no_hosts / with_no_hosts: bool = "noHosts",
                    /// Take annotations longer than Kubernetes allows as they are. Since Podman 4.6.
                    no_trunc / with_no_trunc: bool = "noTrunc",
                    /// Ports to publish, in the form of `podman run --publish`; beside the YAML's. Since Podman 4.5.
                    publish_ports / with_publish_ports: Vec<String> = "publishPorts",
                    /// Publish every port that the YAML names, not only those with a host port. Since Podman 4.7.
                    publish_all_ports / with_publish_all_ports: bool = "publishAllPorts",
                    /// Remove pods of the same names first. Since Podman 4.4.
                    replace / with_replace: bool = "replace",
                    /// A container beside the pods that lives as long as they do, for systemd. Since Podman 4.4.
                    service_container / with_service_container: bool = "serviceContainer",
                    /// Start what is made; the default is `true`.
                    start / with_start: Option<bool> = "start",
                    /// Addresses of the pods, in the YAML's order.
                    static_ips / with_static_ips: Vec<String> = "staticIPs",
                    /// Hardware addresses of the pods, in the YAML's order.
                    static_macs / with_static_macs: Vec<String> = "staticMACs",
                    /// Ask registries over TLS and check their certificates; what the engine is configured for when
                    /// it is not set.
                    tls_verify / with_tls_verify: Option<bool> = "tlsVerify",
                    /// User namespace of the pods. Since Podman 4.4.
                    userns / with_userns: Option<String> = "userns",
                    /// Answer only when all pods have ended, and remove them then. Since Podman 4.4.
                    wait / with_wait: bool = "wait",
                    /// Build images that are not there from folders of their names; `false` also where there is such
                    /// a folder. Since Podman 5.3.
                    build / with_build: Option<bool> = "build",
                    /// Containers have the YAML's names, without the pod's before it. Since Podman 5.8.
                    no_pod_prefix / with_no_pod_prefix: bool = "noPodPrefix",
                }
                header {
                    /// Credentials of registries, base64 of JSON.
                    auth / with_auth = "X-Registry-Auth"
                }
                stream $content
            }
        }
    };
}

play! {
    /// Makes and starts pods, volumes and secrets from a YAML. The body is the YAML. Any failure is status 500;
    /// what was made by then stays.
    KubePlay "/kube/play" "application/yaml"
}

play! {
    /// As [`KubePlay`] with an archive as the body: `play.yaml` at its root, and the folders of the images to build.
    KubePlayTar "/kube/play" "application/x-tar" since "5.3"
}

play! {
    /// As [`KubePlay`], under its older path.
    PlayKube "/play/kube" "application/yaml"
}
