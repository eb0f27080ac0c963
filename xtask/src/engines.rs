//! `cargo xtask engines`: the bed of real engines.

use clap::Subcommand;

use crate::bed::{self, Engine, Paths, Running};
use crate::failure::{Failure, Result};
use crate::say::say;

/// What to do with the engines.
#[derive(Debug, Subcommand)]
pub(crate) enum Engines {
    /// Make engines answer, with a registry beside each; those that already do are left alone. Without names: a, b and
    /// docker.
    Up {
        /// Which ones.
        engines: Vec<Engine>,
        /// Also import the service image (redis, postgresql, rabbitmq, nginx).
        #[arg(long)]
        services: bool,
    },
    /// End engines and remove all that they left. Without names: all.
    Down {
        /// Which ones.
        engines: Vec<Engine>,
        /// Also remove the root file systems and images kept for the next time.
        #[arg(long)]
        purge: bool,
    },
    /// Show which engines run, and where.
    Status,
    /// Run a command inside an engine's namespaces.
    Exec {
        /// Which one.
        engine: Engine,
        /// The command and its arguments, after `--`.
        #[arg(last = true, required = true)]
        command: Vec<String>,
    },
    /// Print the environment by which tests find the running engines, for `eval`.
    Env,
    /// End an engine's service and start it again on the same storage.
    Restart {
        /// Which one.
        engine: Engine,
        /// End it by SIGKILL, as a crash does.
        #[arg(long)]
        kill: bool,
    },
    /// Import images into the running engines.
    Image {
        /// Which image.
        image: Image,
        /// Into which engines; without names into all that run.
        engines: Vec<Engine>,
    },
}

/// An image that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Image {
    /// Redis, PostgreSQL, RabbitMQ and nginx: `docker.io/wharf/services`.
    Services,
}

/// Runs the command.
pub(crate) fn run(command: Engines) -> Result<()> {
    match command {
        Engines::Up { engines, services } => {
            let engines =
                if engines.is_empty() { vec![Engine::A, Engine::B, Engine::Docker] } else { engines };
            bed::up(&engines, services)?;
            bed::up_registries(&engines)?;
            status();
            Ok(())
        }
        Engines::Down { engines, purge } => {
            bed::down(if engines.is_empty() { &Engine::ALL } else { &engines }, purge)
        }
        Engines::Status => {
            status();
            Ok(())
        }
        Engines::Exec { engine, command } => Err(bed::exec(engine, &command)),
        Engines::Env => {
            for (name, value) in environment() {
                say!("export {name}={value}");
            }
            Ok(())
        }
        Engines::Restart { engine, kill } => bed::restart(engine, kill),
        Engines::Image { image: Image::Services, engines } => {
            let wanted = if engines.is_empty() { running() } else { engines };
            if wanted.is_empty() {
                return Err(Failure::new("no engine runs; `cargo xtask engines up` starts them"));
            }
            bed::up(&wanted, true)
        }
    }
}

fn running() -> Vec<Engine> {
    Engine::ALL.into_iter().filter(|e| e.named().is_some() || Running::find(*e).is_some()).collect()
}

/// The variables by which tests find the engines that run: the socket of each, for one with a network of its own the
/// file that names that network (for `nsenter --net=FILE`), and the registry's address, the same in every network.
pub(crate) fn environment() -> Vec<(String, String)> {
    let mut all = Vec::new();
    for engine in Engine::ALL {
        if let Some(socket) = engine.named() {
            all.push((engine.variable().to_owned(), socket.display().to_string()));
        } else if let Some(found) = Running::find(engine) {
            all.push((engine.variable().to_owned(), Paths::socket(engine).display().to_string()));
            if engine.own_network() {
                all.push((format!("{}_NETNS", engine.variable()), format!("/proc/{}/ns/net", found.pid)));
            }
        }
    }
    all.extend(bed::registry().map(|address| (bed::REGISTRY.to_owned(), address)));
    if std::env::var_os(COMPOSE).is_none()
        && let Some(program) = bed::docker_compose()
    {
        all.push((COMPOSE.to_owned(), program.display().to_string()));
    }
    all
}

/// Names the `docker-compose` that tests compare with.
const COMPOSE: &str = "WHARF_TEST_DOCKER_COMPOSE";

fn status() {
    for engine in Engine::ALL {
        let text = match (engine.named(), Running::find(engine)) {
            (Some(socket), _) => format!("yours, at {} ({})", socket.display(), engine.variable()),
            (None, Some(found)) => {
                let answers = if found.is_outdated(engine) { "outdated or silent" } else { "answers" };
                format!("{answers}, at {} (process {})", Paths::socket(engine).display(), found.pid)
            }
            (None, None) => "not running".to_owned(),
        };
        say!("{:<9} {text}", engine.name());
    }
}
