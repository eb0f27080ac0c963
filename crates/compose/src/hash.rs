//! The configuration hash: whether a container is what the file asks for now, and which field differs if not.
//!
//! It is taken of the canonical JSON of the resolved service (sorted keys, engine names instead of keys) and has a
//! version in front. The model leaves out what has its default, so that a later Wharf that knows more fields gives
//! the same hash for the same file; a change of what is hashed needs another version.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use compose_file::model::{ConfigObject, Network, Project, Service, Volume};
use indexmap::IndexMap;
use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// Attributes that say how a container comes about, not what it is.
const NOT_PART: &[&str] = &[
    "attach",
    "build",
    "depends_on",
    "develop",
    "env_file",
    "label_file",
    "profiles",
    "pull_policy",
    "scale",
];

/// The hash of a service, network or volume.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ConfigHash {
    /// `w1-` and a SHA-256 in hex.
    pub(crate) whole: String,
    /// The first 8 hex digits of the hash of each field.
    pub(crate) fields: BTreeMap<String, String>,
}

impl ConfigHash {
    fn of(value: &Value) -> Self {
        let mut fields = BTreeMap::new();
        for (key, value) in value.as_object().into_iter().flatten() {
            match value.as_object().filter(|_| key == "environment") {
                Some(variables) => {
                    for (name, value) in variables {
                        fields.insert(format!("{key}.{name}"), short_hash(value));
                    }
                }
                None => {
                    fields.insert(key.clone(), short_hash(value));
                }
            }
        }
        Self { whole: format!("w1-{}", sha256(canonical(value).as_bytes())), fields }
    }

    /// The fields as the text of a label.
    pub(crate) fn fields_label(&self) -> String {
        let map: Map<String, Value> =
            self.fields.iter().map(|(key, hash)| (key.clone(), Value::from(hash.as_str()))).collect();
        Value::Object(map).to_string()
    }

    /// The fields that differ from those in a label, in order; `None` if the label cannot be read.
    pub(crate) fn changed_fields(&self, label: Option<&String>) -> Option<Vec<String>> {
        let old: BTreeMap<String, String> = serde_json::from_str(label?).ok()?;
        let mut names: Vec<String> = self
            .fields
            .iter()
            .filter(|(key, hash)| old.get(*key) != Some(hash))
            .map(|(key, _)| key.clone())
            .collect();
        names.extend(old.keys().filter(|key| !self.fields.contains_key(*key)).cloned());
        names.sort();
        Some(names)
    }
}

/// The hash of a service as its containers are made.
pub(crate) fn service_hash(project: &Project, service: &Service) -> ConfigHash {
    let mut value = to_value(service);
    if let Some(fields) = value.as_object_mut() {
        for name in NOT_PART {
            fields.remove(*name);
        }
        fields.insert("image".to_owned(), service.image_name(&project.name).into_owned().into());
        resolve_deploy(fields);
        resolve_networks(project, fields);
        resolve_volumes(project, fields);
        for (key, objects) in [("secrets", &project.secrets), ("configs", &project.configs)] {
            resolve_objects(objects, fields.get_mut(key));
        }
    }
    ConfigHash::of(&value)
}

/// The hash of a network.
pub(crate) fn network_hash(network: &Network) -> ConfigHash {
    ConfigHash::of(&to_value(network))
}

/// The hash of a volume.
pub(crate) fn volume_hash(volume: &Volume) -> ConfigHash {
    ConfigHash::of(&to_value(volume))
}

fn to_value(model: &impl Serialize) -> Value {
    // The model has text keys only, which is all that serde_json could refuse.
    serde_json::to_value(model).unwrap_or(Value::Null)
}

/// The number of replicas is not what a container is, and an empty `deploy` is none.
fn resolve_deploy(fields: &mut Map<String, Value>) {
    let empty = fields.get_mut("deploy").and_then(Value::as_object_mut).is_some_and(|deploy| {
        deploy.remove("replicas");
        deploy.is_empty()
    });
    if empty {
        fields.remove("deploy");
    }
}

fn resolve_networks(project: &Project, fields: &mut Map<String, Value>) {
    if let Some(Value::Object(networks)) = fields.get_mut("networks") {
        *networks = std::mem::take(networks)
            .into_iter()
            .map(|(key, options)| {
                let name = project.networks.get(&key).map_or(key, |network| network.name.clone());
                (name, options)
            })
            .collect();
    }
}

fn resolve_volumes(project: &Project, fields: &mut Map<String, Value>) {
    for mount in fields.get_mut("volumes").and_then(Value::as_array_mut).into_iter().flatten() {
        let Some(mount) = mount.as_object_mut() else { continue };
        // `volume` is the default kind, which the model leaves out.
        if mount.get("type").is_none_or(|kind| kind == "volume")
            && let Some(source) = mount.get_mut("source")
            && let Some(volume) = source.as_str().and_then(|key| project.volumes.get(key))
        {
            *source = volume.name.as_str().into();
        }
    }
}

/// A secret or config stands for the file or the content that it has.
fn resolve_objects(objects: &IndexMap<String, ConfigObject>, references: Option<&mut Value>) {
    for reference in references.and_then(Value::as_array_mut).into_iter().flatten() {
        let Some(reference) = reference.as_object_mut() else { continue };
        let key = reference.get("source").and_then(Value::as_str).unwrap_or_default();
        let Some(object) = objects.get(key) else { continue };
        let content = object.content.as_ref().map(|content| sha256(content.expose().as_bytes()));
        if let Some(what) = object.file.clone().or(content) {
            reference.insert("content".to_owned(), what.into());
        }
    }
}

fn short_hash(value: &Value) -> String {
    sha256(canonical(value).as_bytes()).chars().take(8).collect()
}

/// SHA-256 in hex.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        // Writing to a text cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// JSON with sorted keys and no blanks, whatever map serde_json was built with.
fn canonical(value: &Value) -> String {
    let mut out = String::new();
    write_canonical(value, &mut out);
    out
}

fn write_canonical(value: &Value, out: &mut String) {
    match value {
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_canonical(item, out);
            }
            out.push(']');
        }
        Value::Object(fields) => {
            let sorted: BTreeMap<&String, &Value> = fields.iter().collect();
            out.push('{');
            for (at, (key, item)) in sorted.into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                let _ = write!(out, "{}:", Value::from(key.as_str()));
                write_canonical(item, out);
            }
            out.push('}');
        }
        scalar => {
            let _ = write!(out, "{scalar}");
        }
    }
}
