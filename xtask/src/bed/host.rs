//! What an engine in the host's network leaves on the host, and taking it away again.
//!
//! Podman `a` makes bridges, a packet filter table and turns forwarding on. What was there before is written down at the
//! first start and is never touched.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::{Engine, Paths, root};
use crate::failure::{Context, Result};
use crate::run;

const FORWARD: &str = "/proc/sys/net/ipv4/ip_forward";
const TABLE: &str = "inet netavark";

/// The host before the bed.
#[derive(Debug, Serialize, Deserialize)]
struct Before {
    links: BTreeSet<String>,
    table: bool,
    forward: String,
    /// The root file system whose tools can look after the host.
    root: PathBuf,
}

fn path() -> PathBuf {
    Paths::run().join("host.json")
}

/// Writes down how the host is, unless that was done before and not yet undone.
pub(crate) fn remember(paths: &Paths) -> Result<()> {
    if path().exists() {
        return Ok(());
    }
    let root = root::path(paths, Engine::A.suite());
    let before = Before {
        links: links()?,
        table: has_table(&root)?,
        forward: fs::read_to_string(FORWARD).context(|| format!("cannot read {FORWARD}"))?,
        root,
    };
    let text = serde_json::to_string_pretty(&before).context(|| "cannot write down the host".to_owned())?;
    fs::write(path(), text).context(|| format!("cannot write {}", path().display()))
}

/// Puts the host back to what was written down, once the engine in its network has ended. `states` is that engine's
/// storage, which knows the bridges it made.
pub(crate) fn clean(paths: &Paths, states: &[PathBuf]) -> Result<()> {
    let Some(before) = fs::read(path()).ok().and_then(|text| serde_json::from_slice::<Before>(&text).ok())
    else {
        return Ok(());
    };
    // The cache may have been removed meanwhile; then the host's own tools have to do.
    let root = if before.root.exists() { before.root } else { root::path(paths, Engine::A.suite()) };
    let made: BTreeSet<String> = states.iter().flat_map(|state| bridges_in(state)).collect();
    for bridge in links()?.difference(&before.links) {
        if !Path::new("/sys/class/net").join(bridge).join("bridge").exists() {
            continue;
        }
        // Another program may have made a bridge since, so only Podman's names and those it wrote down.
        if is_podman_name(bridge) || made.contains(bridge) {
            wait_for_ports_to_go(bridge);
            run::output(tool(&root, "ip").args(["link", "delete", bridge]))?;
        }
    }
    if !before.table && has_table(&root)? {
        run::output(tool(&root, "nft").arg(format!("delete table {TABLE}")))?;
    }
    fs::write(FORWARD, before.forward).context(|| format!("cannot write {FORWARD}"))?;
    fs::remove_file(path()).context(|| format!("cannot remove {}", path().display()))
}

/// The bridges of the networks that the engine with this storage has defined.
fn bridges_in(state: &Path) -> Vec<String> {
    let Ok(dir) = fs::read_dir(state.join("upper/etc/containers/networks")) else { return Vec::new() };
    dir.filter_map(|entry| {
        let network: serde_json::Value = serde_json::from_slice(&fs::read(entry.ok()?.path()).ok()?).ok()?;
        Some(network.get("network_interface")?.as_str()?.to_owned())
    })
    .collect()
}

fn links() -> Result<BTreeSet<String>> {
    let entries = fs::read_dir("/sys/class/net").context(|| "cannot list the network devices".to_owned())?;
    Ok(entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect())
}

fn is_podman_name(name: &str) -> bool {
    name.strip_prefix("podman")
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The kernel drops the network of a dead container in its own time, and the host's end of the cable with it.
fn wait_for_ports_to_go(bridge: &str) {
    let deadline = Instant::now() + Duration::from_secs(10);
    let ports = Path::new("/sys/class/net").join(bridge).join("brif");
    while Instant::now() < deadline && fs::read_dir(&ports).is_ok_and(|mut dir| dir.next().is_some()) {
        thread::sleep(Duration::from_millis(20));
    }
}

fn has_table(root: &Path) -> Result<bool> {
    Ok(run::output(tool(root, "nft").args(["list", "tables"]))?.lines().any(|line| line.ends_with(TABLE)))
}

/// A program of the made root file system, in the host's namespaces: the host itself may have none.
fn tool(root: &Path, name: &str) -> std::process::Command {
    if !root.exists() {
        return run::command(name);
    }
    let mut command = run::command("chroot");
    command.arg(root).arg(name);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_podmans_own_names_are_its_bridges() {
        assert!(is_podman_name("podman0") && is_podman_name("podman17"));
        assert!(!is_podman_name("podman") && !is_podman_name("podmanx") && !is_podman_name("br0"));
    }

    #[test]
    fn bridges_are_read_from_the_networks_of_an_engine() {
        let state = std::env::temp_dir().join(format!("xtask-bridges-{}", std::process::id()));
        let dir = state.join("upper/etc/containers/networks");
        fs::create_dir_all(&dir).unwrap();
        fs::write(dir.join("n.json"), r#"{"name":"n","network_interface":"mybridge"}"#).unwrap();
        fs::write(dir.join("broken.json"), "{").unwrap();
        assert_eq!(bridges_in(&state), ["mybridge"]);
        fs::remove_dir_all(&state).unwrap();
        assert!(bridges_in(&state).is_empty());
    }
}
