//! The images that tests and examples use, made here and handed to the engines: there is no registry to pull them from.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{Paths, archive, busybox, http, root};
use crate::failure::{Context, Failure, Result};
use crate::run;

/// An image and the names it goes by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Set {
    what: &'static str,
    names: &'static [&'static str],
    packages: &'static [&'static str],
    command: &'static str,
    path: &'static str,
}

/// BusyBox under the names that Compose files use most.
pub(crate) const BUSYBOX: Set = Set {
    what: "busybox",
    names: &["docker.io/library/busybox", "docker.io/library/alpine"],
    packages: &["busybox-static"],
    command: "sh",
    path: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
};

/// Redis, PostgreSQL, RabbitMQ, nginx and gosu, from Debian 13.
pub(crate) const SERVICES: Set = Set {
    what: "services",
    names: &["docker.io/wharf/services"],
    packages: &[
        "redis-server",
        "redis-tools",
        "postgresql",
        "rabbitmq-server",
        "nginx-light",
        "gosu",
        "curl",
        "procps",
        "ca-certificates",
        "netcat-openbsd",
    ],
    command: "bash",
    path: "/usr/lib/postgresql/17/bin:/usr/lib/rabbitmq/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
};

/// The label that tells which recipe an image was made by.
pub(crate) const LABEL: &str = "org.wharf.bed";

/// A version of Docker's interface that all engines of the bed speak.
const API: &str = "/v1.40";

impl Set {
    fn key(&self) -> String {
        let parts = [
            &self.packages.join(","),
            self.command,
            self.path,
            &HOOKS.join(
                "
",
            ),
            &busybox::LAYOUT.join(" "),
        ];
        root::key(self.what, &parts)
    }

    /// Where its archive is or will be.
    pub(crate) fn archive(&self, paths: &Paths) -> PathBuf {
        paths.cache().join("images").join(format!("{}.tar", self.key()))
    }

    /// Makes its archive: one layer with a configuration, as `docker save` writes it. The same archive everywhere gives the
    /// image the same id on every engine, which restoring a container on another engine needs.
    pub(crate) fn make(&self, paths: &Paths) -> Result<()> {
        let target = self.archive(paths);
        if target.exists() {
            return Ok(());
        }
        let layer = target.with_extension("layer.tar");
        if self.what == BUSYBOX.what {
            busybox::layer(paths, &layer)?;
        } else {
            let options: Vec<String> = std::iter::once("--variant=minbase".to_owned())
                .chain(HOOKS.iter().map(|hook| format!("--customize-hook={hook}")))
                .collect();
            root::make(&layer, self.what, &["trixie"], self.packages, &options)?;
        }
        archive::pack(&layer, &target, &self.load_name(), &self.config())?;
        fs::remove_file(&layer).context(|| format!("cannot remove {}", layer.display()))
    }

    fn load_name(&self) -> String {
        format!("localhost/wharf-bed/{}:latest", self.what)
    }

    fn config(&self) -> Value {
        json!({"Cmd": [self.command], "Env": [format!("PATH={}", self.path)], "Labels": {LABEL: self.key()}})
    }
}

/// The cookie that RabbitMQ's package makes is taken out: whoever starts first in the container writes it, which is what
/// images of RabbitMQ do, and what a health check run as the wrong user breaks.
const HOOKS: &[&str] = &[
    "rm -f \"$1/var/lib/rabbitmq/.erlang.cookie\"",
    "rm -rf \"$1\"/var/lib/apt/lists/* \"$1\"/var/cache/apt/* \"$1\"/var/log/*.log \"$1/etc/resolv.conf\"",
    "chroot \"$1\" sh -c 'command -v pg_dropcluster > /dev/null && pg_dropcluster --stop 17 main || true'",
];

/// Gives the engine at `socket` each image that it lacks. On one that is not the bed's `own` an image with such a name is
/// left as it is.
pub(crate) fn provide(paths: &Paths, socket: &Path, own: bool, sets: &[Set]) -> Result<()> {
    for set in sets {
        let key = set.key();
        let mut missing = Vec::new();
        for name in set.names {
            let known = http::call(socket, "GET", &format!("{API}/images/{name}:latest/json"))?;
            if known.status != 200 || (own && !known.body.contains(&key)) {
                missing.push(name);
            }
        }
        if missing.is_empty() {
            continue;
        }
        set.make(paths)?;
        let loaded = http::post_tar(socket, &format!("{API}/images/load"), &set.archive(paths))?;
        // Docker answers 200 before it begins and puts an error into the stream.
        if loaded.status != 200 || loaded.body.contains("\"error\"") {
            return Err(refused(socket, set.what, &loaded));
        }
        let from = set.load_name();
        for name in missing {
            let path = format!("{API}/images/{from}/tag?repo={name}&tag=latest");
            let tagged = http::call(socket, "POST", &path)?;
            if tagged.status != 201 {
                return Err(refused(socket, name, &tagged));
            }
        }
        http::call(socket, "DELETE", &format!("{API}/images/{from}"))?;
    }
    Ok(())
}

/// Removes an image, or the name of one that others name too. One that is not there is no error.
pub(crate) fn remove(socket: &Path, name: &str) -> Result<()> {
    let answer = http::call(socket, "DELETE", &format!("{API}/images/{name}"))?;
    if matches!(answer.status, 200 | 404) { Ok(()) } else { Err(refused(socket, name, &answer)) }
}

fn refused(socket: &Path, image: &str, answer: &http::Answer) -> Failure {
    let (status, body) = (answer.status, run::tail(&answer.body, 5));
    Failure::new(format!(
        "the engine at {} refused with {status} what was asked about image {image}: {body}",
        socket.display()
    ))
}
