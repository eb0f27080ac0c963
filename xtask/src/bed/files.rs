//! The configuration that each engine gets, and the command it runs as.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::json;

use super::{Engine, Paths, registry};
use crate::failure::{Context, Failure, Result};

/// The command of the engine's service.
pub(crate) fn service(engine: Engine) -> Vec<String> {
    let socket = format!("unix://{}", Paths::socket(engine).display());
    let words: &[&str] = if engine.is_podman() {
        &["podman", "system", "service", "--time=0", &socket]
    } else {
        // The second address is where a `docker` command inside looks.
        &["dockerd", "--host", &socket, "--host", "unix:///run/docker.sock", "--pidfile", "/run/dockerd.pid"]
    };
    words.iter().map(|&word| word.to_owned()).collect()
}

/// Makes the empty storage of `engine` with its configuration in it.
pub(crate) fn lay(state: &Path, engine: Engine) -> Result<()> {
    for part in ["root", "upper/etc/containers", "upper/etc/docker", "work", "containers", "docker", "tmp"] {
        let dir = state.join(part);
        fs::create_dir_all(&dir).context(|| format!("cannot make {}", dir.display()))?;
    }
    let tmp = state.join("tmp");
    fs::set_permissions(&tmp, fs::Permissions::from_mode(0o1777))
        .context(|| format!("cannot open {}", tmp.display()))?;
    let write = |name: &str, text: &str| {
        let path = state.join("upper/etc").join(name);
        fs::write(&path, text).context(|| format!("cannot write {}", path.display()))
    };
    if engine.is_podman() {
        write("containers/containers.conf", &containers_conf()?)?;
        write("containers/policy.json", "{\"default\":[{\"type\":\"insecureAcceptAnything\"}]}\n")?;
        write("containers/registries.conf", &registries_conf(&registry::address()))?;
        write("containers/storage.conf", STORAGE)?;
    } else {
        write("docker/daemon.json", &daemon_json(&registry::address()))?;
    }
    Ok(())
}

/// `registry` is spoken to by plain HTTP.
fn registries_conf(registry: &str) -> String {
    format!(
        r#"unqualified-search-registries = ["docker.io"]
short-name-mode = "permissive"

[[registry]]
location = "{registry}"
insecure = true
"#
    )
}

const STORAGE: &str = r#"[storage]
driver = "overlay"
runroot = "/run/containers/storage"
graphroot = "/var/lib/containers/storage"
"#;

/// `registry` is spoken to by plain HTTP.
fn daemon_json(registry: &str) -> String {
    let daemon =
        json!({"insecure-registries": [registry], "storage-driver": "overlay2", "shutdown-timeout": 3});
    format!("{daemon}\n")
}

/// Limits are those this process has: without the right to raise them (`CAP_SYS_RESOURCE`) Podman's own defaults make
/// every RUN of a build fail. The init is named by its real path, for CRIU does not restore a mount made through the
/// symbolic link that Podman finds. There is no systemd, so groups and events are Podman's own.
/// The file of events is never rotated (Podman's default is at 1 MB): who reads events then can get half a line, of which
/// Podman 5.4 dies (`libpod/events/logfile.go`).
fn containers_conf() -> Result<String> {
    let limits =
        fs::read_to_string("/proc/self/limits").context(|| "cannot read /proc/self/limits".to_owned())?;
    let hard = |name: &str| {
        hard_limit(&limits, name)
            .ok_or_else(|| Failure::new(format!("no limit named {name} in /proc/self/limits")))
    };
    let files = hard("Max open files")?;
    let processes = hard("Max processes")?;
    Ok(format!(
        r#"[containers]
default_ulimits = ["nofile={files}:{files}", "nproc={processes}:{processes}"]
init_path = "/usr/bin/catatonit"

[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
events_logfile_max_size = "1g"
runtime = "crun"
"#
    ))
}

fn hard_limit(limits: &str, name: &str) -> Option<i64> {
    let line = limits.lines().find_map(|line| line.strip_prefix(name))?;
    match line.split_whitespace().nth(1)? {
        "unlimited" => Some(-1),
        number => number.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_of_engine_may_speak_plain_http_with_the_registry() {
        assert!(registries_conf("h:1").ends_with("location = \"h:1\"\ninsecure = true\n"));
        assert!(daemon_json("h:1").contains(r#""insecure-registries":["h:1"]"#));
    }

    #[test]
    fn hard_limits_are_read() {
        let text = "Limit  Soft Limit  Hard Limit  Units\nMax processes   96365   96366   processes\nMax open files  1  unlimited  files\n";
        assert_eq!(hard_limit(text, "Max processes"), Some(96366));
        assert_eq!(hard_limit(text, "Max open files"), Some(-1));
        assert_eq!(hard_limit(text, "Max luck"), None);
    }
}
