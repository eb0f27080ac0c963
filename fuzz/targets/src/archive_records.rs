//! Podman's records in a checkpoint archive: `config.dump`, `network.status`, `deleted.files`.

use libpod_api::archive::{ConfigDump, deleted_files, network_status};

use crate::lenient::holds;

/// Holds the promises of lenient reading, for each record.
///
/// # Panics
/// A decoder breaks one of these.
pub fn check(data: &[u8]) {
    holds(data, "config.dump", ConfigDump::parse);
    holds(data, "deleted.files", deleted_files);
    // Its keys are the names of networks, so that a key more is a network more.
    if let Ok(status) = network_status(data) {
        let names = serde_json::from_slice::<Option<serde_json::Map<String, serde_json::Value>>>(data);
        if let Ok(names) = names {
            let names = names.unwrap_or_default();
            assert!(status.keys().eq(sorted(&names)), "a network is lost");
        }
    }
}

fn sorted(map: &serde_json::Map<String, serde_json::Value>) -> impl Iterator<Item = &String> {
    let mut keys: Vec<&String> = map.keys().collect();
    keys.sort();
    keys.into_iter()
}
