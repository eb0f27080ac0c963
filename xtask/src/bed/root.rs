//! Root file systems and image archives made from Debian packages, kept for the next time.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Instant;

use sha2::{Digest, Sha256};

use super::paths::remove_tree;
use super::{Paths, images, process};
use crate::failure::{Context, Failure, Result};
use crate::run;
use crate::say::say;

/// Counted up when the same packages are put together in another way.
const RECIPE: u32 = 1;

/// Where Debian is when the host's own sources do not say.
const FALLBACK_MIRROR: &str = "http://deb.debian.org/debian";

/// The Debian releases that engines come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Suite {
    /// Debian 12: Podman 4.3.
    Bookworm,
    /// Debian 13: Podman 5.4, Docker 26.
    Trixie,
    /// Debian 14, in the making: Podman 5.8.
    Forky,
}

impl Suite {
    fn name(self) -> &'static str {
        match self {
            Self::Bookworm => "bookworm",
            Self::Trixie => "trixie",
            Self::Forky => "forky",
        }
    }

    fn packages(self) -> Vec<&'static str> {
        match self {
            // Its CRIU does not run on a current kernel.
            Self::Bookworm => [PODMAN, TOOLS]
                .concat()
                .into_iter()
                .filter(|package| !["criu", "libcriu2", "passt"].contains(package))
                .collect(),
            Self::Trixie => [PODMAN, DOCKER, TOOLS, &["docker-registry"]].concat(),
            Self::Forky => [PODMAN, TOOLS].concat(),
        }
    }

    /// Names one recipe: its folder in the cache.
    pub(crate) fn key(self) -> String {
        key(self.name(), &[&self.packages().join(","), PINS])
    }
}

const PODMAN: &[&str] = &[
    "podman",
    "crun",
    "criu",
    "libcriu2",
    "conmon",
    "netavark",
    "aardvark-dns",
    "catatonit",
    "passt",
    "uidmap",
    "nftables",
    "iptables",
    "buildah",
];

const DOCKER: &[&str] = &["docker.io", "docker-cli", "docker-compose", "containerd", "runc"];

const TOOLS: &[&str] = &["busybox-static", "ca-certificates", "procps", "iproute2", "curl"];

/// CRIU before 4.2 cannot dump a process that has a TCP socket on a current kernel, and trixie has 4.1.
const PINS: &str = "Package: *
Pin: release n=forky
Pin-Priority: 100

Package: criu libcriu2 libcompel1 libnl-*
Pin: release n=forky
Pin-Priority: 995
";

/// `name-` and a hash over `parts` and the recipe.
pub(crate) fn key(name: &str, parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
        hash.update([0]);
    }
    hash.update(RECIPE.to_le_bytes());
    let digest = hash.finalize();
    let hex: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("{name}-{hex}")
}

/// Where the root file system of `suite` is or will be.
pub(crate) fn path(paths: &Paths, suite: Suite) -> PathBuf {
    paths.cache().join("roots").join(suite.key())
}

/// Makes what is missing of the root file systems, and of the service image when asked to, side by side.
pub(crate) fn provide(paths: &Paths, suites: &[Suite], services: bool) -> Result<()> {
    let missing: Vec<Suite> = suites.iter().copied().filter(|suite| !path(paths, *suite).exists()).collect();
    let archive = services && !images::SERVICES.archive(paths).exists();
    if missing.is_empty() && !archive {
        return Ok(());
    }
    need_mmdebstrap()?;
    thread::scope(|scope| {
        let mut jobs: Vec<_> = missing.iter().map(|suite| scope.spawn(|| make_root(paths, *suite))).collect();
        if archive {
            jobs.push(scope.spawn(|| images::SERVICES.make(paths)));
        }
        let results: Vec<Result<()>> = jobs
            .into_iter()
            .map(|job| {
                job.join().unwrap_or_else(|_| Err(Failure::new("making a root file system broke off")))
            })
            .collect();
        results.into_iter().collect()
    })
}

fn make_root(paths: &Paths, suite: Suite) -> Result<()> {
    let hook = format!("printf '%s' '{PINS}' > \"$1/etc/apt/preferences.d/criu\"");
    let mut options = vec!["--variant=minbase".to_owned()];
    let mut suites = vec![suite.name()];
    if suite == Suite::Trixie {
        suites.push("forky");
        options.push(format!("--setup-hook={hook}"));
    }
    make(&path(paths, suite), suite.name(), &suites, &suite.packages(), &options)
}

/// Makes `target` (a folder, or a tar when its name ends so) of `packages`. Half-made things have another name.
pub(crate) fn make(
    target: &Path,
    what: &str,
    suites: &[&str],
    packages: &[&str],
    options: &[String],
) -> Result<()> {
    let parent = target.parent().unwrap_or(target);
    need_mmdebstrap()?;
    fs::create_dir_all(parent).context(|| format!("cannot make {}", parent.display()))?;
    remove_partial(parent);
    say!("making the {what} root from Debian packages (once; about a minute)");
    let start = Instant::now();
    let name = target.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let partial = parent.join(format!("partial-{}-{name}", std::process::id()));
    // Its working files too have a name by which they are found and removed after a crash.
    let work = parent.join(format!("partial-{}-work-{name}", std::process::id()));
    fs::create_dir_all(&work).context(|| format!("cannot make {}", work.display()))?;
    let sources_file = work.join("sources.list");
    let mirror = mirror();
    let sources: String = suites.iter().map(|suite| format!("deb {mirror} {suite} main\n")).collect();
    fs::write(&sources_file, sources).context(|| format!("cannot write {}", sources_file.display()))?;
    let mut command = run::command("mmdebstrap");
    // By itself it takes root, and otherwise a user namespace.
    command.args(["--mode=auto", "--quiet"]).arg(format!("--include={}", packages.join(",")));
    // The Release file of a suite that is still in the making may be old.
    command.args([
        "--aptopt=Acquire::Check-Valid-Until \"false\"",
        "--aptopt=APT::Install-Recommends \"false\"",
    ]);
    command.args(["--aptopt=Acquire::Retries \"3\"", "--dpkgopt=path-exclude=/usr/share/man/*"]);
    command.args(["--dpkgopt=path-exclude=/usr/share/doc/*", "--dpkgopt=path-exclude=/usr/share/locale/*"]);
    command.args(options).arg(suites.first().copied().unwrap_or_default()).arg(&partial);
    command.arg(&sources_file).env("TMPDIR", &work);
    let made = run::output(&mut command);
    let _ = remove_tree(&work);
    if let Err(why) = made {
        let _ = remove_tree(&partial).or_else(|_| fs::remove_file(&partial).context(String::new));
        return Err(Failure::new(format!("cannot make the {what} root from {mirror}: {why}")));
    }
    fs::rename(&partial, target).context(|| format!("cannot move {} into place", partial.display()))?;
    say!("made the {what} root in {:.0} s", start.elapsed().as_secs_f64());
    Ok(())
}

/// Removes what crashed commands left half-made. What cannot be removed now, for a program of theirs still writes there, is
/// removed the next time.
fn remove_partial(dir: &Path) {
    let Ok(entries) = fs::read_dir(dir) else { return };
    for entry in entries.filter_map(Result::ok) {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Some(pid) = name.strip_prefix("partial-").and_then(|rest| rest.split('-').next()) else {
            continue;
        };
        if !pid.parse().is_ok_and(process::is_alive) {
            let _ = fs::remove_dir_all(entry.path()).or_else(|_| fs::remove_file(entry.path()));
        }
    }
}

/// Installs mmdebstrap and Debian's current keys when the host has none.
fn need_mmdebstrap() -> Result<()> {
    if run::installed("mmdebstrap") {
        return Ok(());
    }
    if !run::installed("apt-get") {
        return Err(Failure::new(
            "making the engines needs mmdebstrap, and there is no apt-get here to install it with; install mmdebstrap, or \
             name engines of your own by environment variables (see `cargo xtask engines --help`)",
        ));
    }
    say!("installing mmdebstrap");
    let apt = |words: &[&str]| {
        let mut command = run::command("apt-get");
        command
            .args(["-qq", "-o", "DPkg::Lock::Timeout=120"])
            .args(words)
            .env("DEBIAN_FRONTEND", "noninteractive");
        run::output(&mut command)
    };
    apt(&["update"])?;
    apt(&["install", "-y", "--no-install-recommends", "mmdebstrap", "debian-archive-keyring"])?;
    Ok(())
}

/// The mirror that the host itself uses.
fn mirror() -> String {
    let mut texts = vec![fs::read_to_string("/etc/apt/sources.list").unwrap_or_default()];
    let mut files: Vec<PathBuf> = fs::read_dir("/etc/apt/sources.list.d")
        .map(|dir| dir.filter_map(|entry| Some(entry.ok()?.path())).collect())
        .unwrap_or_default();
    files.sort();
    texts.extend(files.iter().filter_map(|file| fs::read_to_string(file).ok()));
    texts.iter().find_map(|text| mirror_in(text)).unwrap_or_else(|| FALLBACK_MIRROR.to_owned())
}

/// The first archive address in an apt source list of either format: one that ends in `/debian`.
fn mirror_in(text: &str) -> Option<String> {
    text.lines()
        .map(str::trim)
        .filter(|line| line.starts_with("deb ") || line.starts_with("URIs:"))
        .flat_map(str::split_whitespace)
        .map(|word| word.trim_end_matches('/'))
        .find(|word| word.starts_with("http") && word.ends_with("/debian"))
        .map(str::to_owned)
}

/// `apt-get download` of one package, unpacked into `dir`; needs no root.
pub(crate) fn unpack(package: &str, dir: &Path) -> Result<()> {
    fs::create_dir_all(dir).context(|| format!("cannot make {}", dir.display()))?;
    run::output(run::command("apt-get").args(["-qq", "download", package]).current_dir(dir))?;
    let found = fs::read_dir(dir)
        .context(|| format!("cannot list {}", dir.display()))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|end| end == "deb"))
        .ok_or_else(|| Failure::new(format!("apt-get brought no {package}")))?;
    run::output(Command::new("dpkg-deb").arg("-x").arg(found).arg(dir)).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mirror_is_read_from_both_formats() {
        let old = "# deb http://no/debian x\ndeb [signed-by=/x] http://one/debian/ bookworm main\n";
        assert_eq!(mirror_in(old).as_deref(), Some("http://one/debian"));
        let new =
            "Types: deb\nURIs: http://s/debian-security\n\nTypes: deb\nURIs: https://two/debian\nSuites: x\n";
        assert_eq!(mirror_in(new).as_deref(), Some("https://two/debian"));
        assert_eq!(mirror_in("deb https://other/apt x main"), None);
    }

    #[test]
    fn a_key_changes_with_every_part() {
        assert_eq!(key("x", &["a", "b"]), key("x", &["a", "b"]));
        assert_ne!(key("x", &["a", "b"]), key("x", &["ab", ""]));
        assert_ne!(Suite::Trixie.key(), Suite::Bookworm.key());
    }

    #[test]
    fn only_what_dead_commands_left_is_removed() {
        let dir = std::env::temp_dir().join(format!("xtask-partial-{}", std::process::id()));
        let dead = dir.join(format!("partial-{}-trixie", u32::MAX));
        let live = dir.join(format!("partial-{}-trixie", std::process::id()));
        for made in [&dead, &live] {
            fs::create_dir_all(made.join("bin")).unwrap();
        }
        remove_partial(&dir);
        assert!(!dead.exists() && live.exists());
        remove_tree(&dir).unwrap();
    }
}
