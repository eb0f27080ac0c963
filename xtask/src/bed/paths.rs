//! Where the bed keeps what.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::Engine;
use crate::failure::{Context, Result};

/// The folder that is shared with every engine: sockets, logs, and what is known of the running engines.
const RUN: &str = "/run/wharf-bed";

/// The folders of the bed.
#[derive(Debug)]
pub(crate) struct Paths {
    cache: PathBuf,
}

impl Paths {
    /// The folders for this user: `$XDG_CACHE_HOME/wharf`, or `~/.cache/wharf`, or `/var/cache/wharf` where no home is known.
    pub(crate) fn new() -> Result<Self> {
        let absolute = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let cache = absolute("XDG_CACHE_HOME")
            .or_else(|| absolute("HOME").map(|home| home.join(".cache")))
            .unwrap_or_else(|| PathBuf::from("/var/cache"))
            .join("wharf");
        fs::create_dir_all(&cache).context(|| format!("cannot make {}", cache.display()))?;
        Ok(Self { cache })
    }

    /// Where made root file systems and image archives are kept.
    pub(crate) fn cache(&self) -> &Path {
        &self.cache
    }

    /// Where the storage of `engine` is kept while it runs.
    pub(crate) fn state(&self, engine: Engine) -> PathBuf {
        self.cache.join("state").join(engine.name())
    }

    /// The shared folder.
    pub(crate) fn run() -> &'static Path {
        Path::new(RUN)
    }

    /// The socket of `engine`.
    pub(crate) fn socket(engine: Engine) -> PathBuf {
        Self::run().join(format!("{engine}.sock"))
    }

    /// What `engine` and its start printed.
    pub(crate) fn log(engine: Engine) -> PathBuf {
        Self::run().join(format!("{engine}.log"))
    }

    /// What the registry beside `engine` printed.
    pub(crate) fn registry_log(engine: Engine) -> PathBuf {
        Self::run().join(format!("{engine}.registry.log"))
    }

    /// What is known of the running `engine`.
    pub(crate) fn record(engine: Engine) -> PathBuf {
        Self::run().join(format!("{engine}.json"))
    }

    /// Takes the lock that lets one command at a time change the bed. It waits, and says so when it has to.
    pub(crate) fn lock(&self) -> Result<File> {
        fs::create_dir_all(RUN).context(|| format!("cannot make {RUN}"))?;
        // Beside the folder, so that removing the folder leaves the lock what it is.
        let path = format!("{RUN}.lock");
        let file = File::create(&path).context(|| format!("cannot make {path}"))?;
        if file.try_lock().is_err() {
            eprintln!("another command is changing the engines; waiting for it");
            file.lock().context(|| format!("cannot lock {path}"))?;
        }
        fs::create_dir_all(RUN).context(|| format!("cannot make {RUN}"))?;
        Ok(file)
    }

    /// Removes the shared folder.
    pub(crate) fn remove_run_dir(&self) -> Result<()> {
        remove_tree(Self::run())
    }

    /// Removes everything that is kept for the next time.
    pub(crate) fn remove_cache(&self) -> Result<()> {
        for part in ["roots", "images", "state"] {
            remove_tree(&self.cache.join(part))?;
        }
        Ok(())
    }
}

/// Removes a folder and all in it; a folder that is not there is no error.
pub(crate) fn remove_tree(path: &Path) -> Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).context(|| format!("cannot remove {}", path.display()))
        }
        _ => Ok(()),
    }
}
