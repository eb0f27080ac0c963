//! The images that tests and examples use, made here and handed to the engines: there is no registry to pull them from.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::{Engine, Paths, http, paths, root};
use crate::failure::{Context, Failure, Result};
use crate::run;

/// An image and the names it goes by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Set {
    what: &'static str,
    names: &'static [&'static str],
    packages: &'static [&'static str],
    changes: &'static [&'static str],
}

/// BusyBox under the names that Compose files use most.
pub(crate) const BUSYBOX: Set = Set {
    what: "busybox",
    names: &["docker.io/library/busybox", "docker.io/library/alpine"],
    packages: &["busybox-static"],
    changes: &["CMD [\"sh\"]", "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
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
    changes: &[
        "CMD [\"bash\"]",
        "ENV PATH=/usr/lib/postgresql/17/bin:/usr/lib/rabbitmq/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    ],
};

/// The label that tells which recipe an image was made by.
const LABEL: &str = "org.wharf.bed";

impl Set {
    fn key(&self) -> String {
        root::key(
            self.what,
            &[&self.packages.join(","), &self.changes.join("\n"), &HOOKS.join("\n"), &LAYOUT.join(" ")],
        )
    }

    /// Where its archive is or will be.
    pub(crate) fn archive(&self, paths: &Paths) -> PathBuf {
        paths.cache().join("images").join(format!("{}.tar", self.key()))
    }

    /// Makes its archive.
    pub(crate) fn make(&self, paths: &Paths) -> Result<()> {
        let target = self.archive(paths);
        if target.exists() {
            return Ok(());
        }
        if self.what == BUSYBOX.what {
            return make_busybox(paths, &target);
        }
        let options: Vec<String> = std::iter::once("--variant=minbase".to_owned())
            .chain(HOOKS.iter().map(|hook| format!("--customize-hook={hook}")))
            .collect();
        root::make(&target, "services", &["trixie"], self.packages, &options)
    }
}

/// The cookie that RabbitMQ's package makes is taken out: whoever starts first in the container writes it, which is what
/// images of RabbitMQ do, and what a health check run as the wrong user breaks.
const HOOKS: &[&str] = &[
    "rm -f \"$1/var/lib/rabbitmq/.erlang.cookie\"",
    "rm -rf \"$1\"/var/lib/apt/lists/* \"$1\"/var/cache/apt/* \"$1\"/var/log/*.log \"$1/etc/resolv.conf\"",
    "chroot \"$1\" sh -c 'command -v pg_dropcluster > /dev/null && pg_dropcluster --stop 17 main || true'",
];

/// Gives `engine`, at `socket`, each image that it lacks. On an engine that is not the bed's an image with such a name is
/// left as it is.
pub(crate) fn provide(paths: &Paths, engine: Engine, socket: &Path, sets: &[Set]) -> Result<()> {
    let own = engine.named().is_none();
    for set in sets {
        for name in set.names {
            let known = http::call(socket, "GET", &format!("/v1.40/images/{name}:latest/json"))?;
            if known.status == 200 && (!own || known.body.contains(&set.key())) {
                continue;
            }
            set.make(paths)?;
            import(engine, socket, &set.archive(paths), name, set)?;
        }
    }
    Ok(())
}

fn import(engine: Engine, socket: &Path, archive: &Path, name: &str, set: &Set) -> Result<()> {
    let label = format!("LABEL {LABEL}={}", set.key());
    let changes: String = set
        .changes
        .iter()
        .copied()
        .chain([label.as_str()])
        .map(|c| format!("&changes={}", http::quote(c)))
        .collect();
    let path = if engine.is_podman() {
        format!("/v4.0.0/libpod/images/import?reference={name}:latest{changes}")
    } else {
        format!("/v1.40/images/create?fromSrc=-&repo={name}&tag=latest{changes}")
    };
    let answer = http::post_tar(socket, &path, archive)?;
    // Docker answers 200 before it begins and puts an error into the stream.
    if answer.status == 200 && !answer.body.contains("\"error\"") {
        return Ok(());
    }
    Err(Failure::new(format!(
        "{engine} did not take the image {name} (status {}): {}",
        answer.status,
        run::tail(&answer.body, 5)
    )))
}

/// The folders of the BusyBox image.
const LAYOUT: &[&str] = &[
    "bin",
    "dev",
    "etc",
    "home",
    "proc",
    "root",
    "run",
    "sys",
    "usr",
    "usr/local",
    "usr/local/bin",
    "var",
    "var/log",
];

fn make_busybox(paths: &Paths, target: &Path) -> Result<()> {
    let dir = target.parent().unwrap_or(target);
    fs::create_dir_all(dir).context(|| format!("cannot make {}", dir.display()))?;
    let unpacked = dir.join(format!("partial-{}-busybox", std::process::id()));
    let of_root = root::path(paths, root::Suite::Trixie);
    let find = |top: &Path| {
        ["usr/bin/busybox", "bin/busybox"].map(|p| top.join(p)).into_iter().find(|p| p.is_file())
    };
    let binary = match find(&of_root) {
        Some(found) => found,
        None => {
            root::unpack("busybox-static", &unpacked)?;
            find(&unpacked).ok_or_else(|| Failure::new("no busybox in the package busybox-static"))?
        }
    };
    let applets = run::output(run::command(&binary).arg("--list"))?;
    let partial = dir.join(format!("partial-{}-busybox.tar", std::process::id()));
    let what = || format!("cannot write {}", partial.display());
    let mut tar = tar::Builder::new(File::create(&partial).context(what)?);
    for folder in LAYOUT {
        add(&mut tar, folder, tar::EntryType::Directory, 0o755, &[]).context(what)?;
    }
    for folder in ["tmp", "var/tmp"] {
        add(&mut tar, folder, tar::EntryType::Directory, 0o1777, &[]).context(what)?;
    }
    for (link, to) in [("sbin", "bin"), ("usr/bin", "../bin"), ("usr/sbin", "../bin")] {
        symlink(&mut tar, link, to).context(what)?;
    }
    let bytes = fs::read(&binary).context(|| format!("cannot read {}", binary.display()))?;
    add(&mut tar, "bin/busybox", tar::EntryType::Regular, 0o755, &bytes).context(what)?;
    for applet in applets.lines().filter(|applet| *applet != "busybox") {
        symlink(&mut tar, &format!("bin/{applet}"), "busybox").context(what)?;
    }
    for (name, text) in [
        (
            "etc/passwd",
            "root:x:0:0:root:/root:/bin/sh\nwww:x:33:33:www:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n",
        ),
        ("etc/group", "root:x:0:\nwww:x:33:\nnogroup:x:65534:\n"),
        ("etc/profile", "export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n"),
    ] {
        add(&mut tar, name, tar::EntryType::Regular, 0o644, text.as_bytes()).context(what)?;
    }
    tar.into_inner().and_then(|mut file| file.flush()).context(what)?;
    paths::remove_tree(&unpacked)?;
    fs::rename(&partial, target).context(|| format!("cannot move {} into place", partial.display()))
}

fn add(
    tar: &mut tar::Builder<File>,
    path: &str,
    kind: tar::EntryType,
    mode: u32,
    data: &[u8],
) -> std::io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_size(data.len() as u64);
    header.set_mtime(0);
    tar.append_data(&mut header, path, data)
}

fn symlink(tar: &mut tar::Builder<File>, path: &str, to: &str) -> std::io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::Symlink);
    header.set_mode(0o777);
    header.set_size(0);
    header.set_mtime(0);
    tar.append_link(&mut header, path, to)
}
