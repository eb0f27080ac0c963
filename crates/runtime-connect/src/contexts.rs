//! Docker's contexts and Podman's connections: names for engines in a user's settings.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::containers_conf;
use crate::environment::{Environment, read};

/// The context that stands for `DOCKER_HOST` and the usual socket.
const DEFAULT_CONTEXT: &str = "default";

/// The context that `docker context use` chose, if it is not the default one.
pub(crate) fn docker_current(environment: &Environment) -> Option<String> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Settings {
        current_context: Option<String>,
    }
    let text = read(&docker_folder(environment)?.join("config.json"))?;
    let settings: Settings = serde_json::from_str(&text).ok()?;
    settings.current_context.filter(|name| !name.is_empty() && name != DEFAULT_CONTEXT)
}

/// The address of a context; the error is why there is none.
pub(crate) fn docker_context(environment: &Environment, name: &str) -> Result<String, String> {
    #[derive(Deserialize)]
    struct Meta {
        #[serde(rename = "Endpoints", default)]
        endpoints: BTreeMap<String, Endpoint>,
    }
    #[derive(Deserialize)]
    struct Endpoint {
        #[serde(rename = "Host", default)]
        host: String,
    }
    if name == DEFAULT_CONTEXT {
        return Ok("unix:///var/run/docker.sock".to_owned());
    }
    let folder = docker_folder(environment).ok_or("HOME is not set, so there are no contexts")?;
    let path = folder.join("contexts/meta").join(hex_sha256(name)).join("meta.json");
    let text = read(&path).ok_or_else(|| format!("there is no context {name:?} ({})", path.display()))?;
    let meta: Meta = serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    let host = meta.endpoints.get("docker").map(|endpoint| endpoint.host.clone()).unwrap_or_default();
    if host.is_empty() { Err(format!("{} names no host", path.display())) } else { Ok(host) }
}

fn docker_folder(environment: &Environment) -> Option<PathBuf> {
    match environment.get("DOCKER_CONFIG") {
        Some(folder) => Some(PathBuf::from(folder)),
        None => environment.home().map(|home| home.join(".docker")),
    }
}

/// A context's folder is named by the digest of its name.
fn hex_sha256(text: &str) -> String {
    Sha256::digest(text).iter().fold(String::with_capacity(64), |mut out, byte| {
        // Writing to a String cannot fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// The name of Podman's default connection.
pub(crate) fn podman_default(environment: &Environment) -> Option<String> {
    json_connections(environment)
        .and_then(|file| file.default)
        .or_else(|| conf_connections(environment).active)
        .filter(|name| !name.is_empty())
}

/// The address of a connection; the error is why there is none.
pub(crate) fn podman_connection(environment: &Environment, name: &str) -> Result<String, String> {
    let from_json = json_connections(environment)
        .and_then(|mut file| file.connections.remove(name))
        .map(|connection| connection.uri);
    from_json
        .or_else(|| conf_connections(environment).uris.remove(name))
        .filter(|uri| !uri.is_empty())
        .ok_or_else(|| format!("there is no Podman connection {name:?}"))
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Connections {
    default: Option<String>,
    connections: BTreeMap<String, Connection>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Connection {
    #[serde(rename = "URI")]
    uri: String,
}

/// `podman-connections.json`, which `podman system connection` writes since version 5.
fn json_connections(environment: &Environment) -> Option<Connections> {
    #[derive(Deserialize)]
    struct File {
        #[serde(rename = "Connection")]
        connection: Option<Connections>,
    }
    let text = read(&podman_folder(environment)?.join("podman-connections.json"))?;
    serde_json::from_str::<File>(&text).ok()?.connection
}

/// `containers.conf` of the user, then of the system.
fn conf_connections(environment: &Environment) -> containers_conf::Connections {
    let user = podman_folder(environment).map(|folder| folder.join("containers.conf"));
    let system = environment.absolute("/etc/containers/containers.conf");
    let mut merged = containers_conf::Connections::default();
    for file in user.into_iter().chain([system]) {
        let found = read(&file).map(|text| containers_conf::parse(&text)).unwrap_or_default();
        merged.active = merged.active.or(found.active);
        for (name, uri) in found.uris {
            merged.uris.entry(name).or_insert(uri);
        }
    }
    merged
}

fn podman_folder(environment: &Environment) -> Option<PathBuf> {
    match environment.get("XDG_CONFIG_HOME") {
        Some(folder) => Some(PathBuf::from(folder).join("containers")),
        None => environment.home().map(|home| home.join(".config/containers")),
    }
}
