//! The bed: real engines on a machine that has none, for tests and the demo.
//!
//! Every engine runs in root file systems made from Debian packages, in its own mount, process and control group
//! namespaces. The first process of an engine's process namespace holds everything that engine starts: when it dies, by
//! `down` or by a crash, the kernel ends all of it and drops every mount.

mod archive;
mod busybox;
mod files;
mod host;
mod http;
mod images;
mod paths;
mod process;
mod registry;
mod root;

use std::fmt;
use std::path::{Path, PathBuf};
use std::thread;

pub(crate) use images::remove as remove_image;
use images::{BUSYBOX, SERVICES, Set};
pub(crate) use paths::Paths;
pub(crate) use process::{Running, exec, restart};
pub(crate) use registry::{VARIABLE as REGISTRY, known as registry};

use crate::failure::{Failure, Result};

/// One of the engines that the bed can run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub(crate) enum Engine {
    /// Podman in the host's network: its published ports answer on the host's 127.0.0.1.
    A,
    /// A second Podman with its own storage and network, as on another host.
    B,
    /// The Docker Engine, in its own network.
    Docker,
    /// The Podman 4.3 of Debian 12, in its own network.
    Podman43,
    /// The Podman 5.8 of Debian 14, in its own network.
    Podman58,
}

impl Engine {
    /// All of them.
    pub(crate) const ALL: [Self; 5] = [Self::A, Self::B, Self::Docker, Self::Podman43, Self::Podman58];

    /// The name on the command line and of its socket.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::A => "a",
            Self::B => "b",
            Self::Docker => "docker",
            Self::Podman43 => "podman43",
            Self::Podman58 => "podman58",
        }
    }

    /// The environment variable by which tests find it and a person names an engine to use instead.
    pub(crate) fn variable(self) -> &'static str {
        match self {
            Self::A => "WHARF_TEST_PODMAN",
            Self::B => "WHARF_TEST_PODMAN_B",
            Self::Docker => "WHARF_TEST_DOCKER",
            Self::Podman43 => "WHARF_TEST_PODMAN43",
            Self::Podman58 => "WHARF_TEST_PODMAN58",
        }
    }

    /// The Debian release it comes from.
    pub(crate) fn suite(self) -> root::Suite {
        match self {
            Self::Podman43 => root::Suite::Bookworm,
            Self::Podman58 => root::Suite::Forky,
            Self::A | Self::B | Self::Docker => root::Suite::Trixie,
        }
    }

    /// Whether it has a network namespace of its own.
    pub(crate) fn own_network(self) -> bool {
        self != Self::A
    }

    /// Whether it speaks libpod.
    pub(crate) fn is_podman(self) -> bool {
        self != Self::Docker
    }

    /// The socket that a person named for this engine, if any.
    pub(crate) fn named(self) -> Option<PathBuf> {
        let value = std::env::var_os(self.variable())?;
        let text = value.to_string_lossy();
        let path = text.strip_prefix("unix://").unwrap_or(&text);
        // The bed's own socket in the variable is the bed, not somebody's engine.
        (!path.is_empty() && *Paths::socket(self) != *Path::new(path)).then(|| PathBuf::from(path))
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Makes the named engines answer, and puts the wanted images on them. Engines that already run are left as they are,
/// and an engine named by its variable is used in place of the bed's own.
pub(crate) fn up(engines: &[Engine], services: bool) -> Result<()> {
    let sets: &[Set] = if services { &[BUSYBOX, SERVICES] } else { &[BUSYBOX] };
    let own: Vec<Engine> = engines.iter().copied().filter(|engine| engine.named().is_none()).collect();
    let paths = Paths::new()?;
    if !own.is_empty() {
        let _lock = paths.lock()?;
        let missing: Vec<Engine> = own
            .iter()
            .copied()
            .filter(|engine| Running::find(*engine).is_none_or(|r| r.is_outdated(*engine)))
            .collect();
        if !missing.is_empty() {
            start_all(&paths, &missing, services)?;
        }
        for set in sets {
            set.make(&paths)?;
        }
        side_by_side(&own, |engine| images::provide(&paths, &Paths::socket(engine), true, sets))?;
    }
    for engine in engines {
        if let Some(socket) = engine.named() {
            http::ping(&socket).map_err(|why| {
                Failure::new(format!(
                    "{} names {}, where no engine answers ({why}); start it or unset the variable",
                    engine.variable(),
                    socket.display()
                ))
            })?;
            images::provide(&paths, &socket, false, sets)?;
        }
    }
    Ok(())
}

/// Makes a registry answer beside each of the named engines that is the bed's own and runs.
pub(crate) fn up_registries(engines: &[Engine]) -> Result<()> {
    let own: Vec<Engine> = engines.iter().copied().filter(|engine| engine.named().is_none()).collect();
    let paths = Paths::new()?;
    let _lock = paths.lock()?;
    side_by_side(&own, |engine| registry::provide(&paths, engine))
}

/// Does `work` for all engines at the same time, and gives the first failure.
fn side_by_side(engines: &[Engine], work: impl Fn(Engine) -> Result<()> + Sync) -> Result<()> {
    let work = &work;
    let results: Vec<Result<()>> = thread::scope(|scope| {
        let jobs: Vec<_> = engines.iter().map(|&engine| scope.spawn(move || work(engine))).collect();
        let broke_off = |_| Err(Failure::new("the work on an engine broke off"));
        jobs.into_iter().map(|job| job.join().unwrap_or_else(broke_off)).collect()
    });
    results.into_iter().collect()
}

fn start_all(paths: &Paths, engines: &[Engine], services: bool) -> Result<()> {
    process::require_root()?;
    let mut suites: Vec<root::Suite> = engines.iter().map(|engine| engine.suite()).collect();
    suites.push(root::Suite::Trixie);
    suites.sort_unstable();
    suites.dedup();
    root::provide(paths, &suites, services)?;
    for engine in engines {
        process::clean(paths, *engine)?;
    }
    if engines.contains(&Engine::A) {
        host::remember(paths)?;
    }
    for engine in engines {
        process::start(paths, *engine)?;
    }
    for engine in engines {
        process::wait_ready(*engine)?;
    }
    Ok(())
}

/// Ends the named engines and removes all they left: processes, mounts, control groups, bridges, rules and storage.
pub(crate) fn down(engines: &[Engine], purge: bool) -> Result<()> {
    let paths = Paths::new()?;
    let lock = paths.lock()?;
    for engine in engines {
        process::clean(&paths, *engine)?;
    }
    let left = Engine::ALL.iter().any(|engine| Running::find(*engine).is_some());
    if !left {
        paths.remove_run_dir()?;
        if purge {
            paths.remove_cache()?;
        }
    }
    drop(lock);
    Ok(())
}

/// Debian's `docker-compose`, which runs on the host too: that of the bed's root file system, or the host's own.
pub(crate) fn docker_compose() -> Option<PathBuf> {
    let made = root::path(&Paths::new().ok()?, root::Suite::Trixie).join("usr/bin/docker-compose");
    let search = std::env::var_os("PATH")?;
    let host = std::env::split_paths(&search).map(|dir| dir.join("docker-compose"));
    std::iter::once(made).chain(host).find(|path| path.is_file())
}

/// Whether an engine answers at `socket`.
pub(crate) fn answers(socket: &Path) -> bool {
    socket.exists() && http::ping(socket).is_ok()
}

/// Gives a person's own engine at `socket` the images of the examples that it lacks.
pub(crate) fn give_images(socket: &Path) -> Result<()> {
    images::provide(&Paths::new()?, socket, false, &[BUSYBOX, SERVICES])
}
