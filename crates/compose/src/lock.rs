//! One command at a time changes a project: a file lock for each engine and project.
//!
//! The kernel gives the lock back when its holder ends, however that happens. It keeps commands of one user on one
//! machine apart; those of others meet at the engine, where a name is given only once.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::hash::sha256;

/// How often a lock that another holds is tried again.
const RETRY: Duration = Duration::from_millis(50);

/// The lock of a project, held until it is dropped.
#[derive(Debug)]
pub(crate) struct ProjectLock {
    _file: File,
}

/// Takes the lock; `on_wait` is called once if another has it.
///
/// # Errors
/// The folder or the file cannot be made, or is another user's.
///
/// # Cancel safety
/// Dropping the future ends the wait; no thread stays behind.
pub(crate) async fn acquire(
    folder: Option<&Path>,
    endpoint: &str,
    project: &str,
    on_wait: impl FnOnce(),
) -> io::Result<ProjectLock> {
    let folder = folder.map_or_else(default_folder, Path::to_path_buf);
    private_folder(&folder)?;
    let path = folder.join(format!("{}.lock", &sha256(format!("{endpoint}\n{project}").as_bytes())[..32]));
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed())
        .open(path)?;
    let mut on_wait = Some(on_wait);
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(ProjectLock { _file: file }),
            Err(TryLockError::WouldBlock) => {
                if let Some(on_wait) = on_wait.take() {
                    on_wait();
                }
                tokio::time::sleep(RETRY).await;
            }
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
}

fn default_folder() -> PathBuf {
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|path| path.is_absolute());
    match runtime {
        Some(path) if path.is_dir() => path.join("wharf"),
        _ => std::env::temp_dir().join(format!("wharf-{}", rustix::process::getuid().as_raw())),
    }
}

/// Makes the folder, for this user only. In a folder that all can write to, another user may have been first.
fn private_folder(folder: &Path) -> io::Result<()> {
    match DirBuilder::new().mode(0o700).create(folder) {
        Ok(()) => return Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(error),
    }
    let meta = std::fs::symlink_metadata(folder)?;
    if !meta.is_dir() || meta.uid() != rustix::process::getuid().as_raw() {
        let message = format!("{} is not a folder of this user", folder.display());
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, message));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[tokio::test]
    async fn the_second_waits_for_the_first_and_others_do_not() {
        let folder = tempfile::tempdir().unwrap();
        let folder = Some(folder.path());
        let first = acquire(folder, "engine", "app", || panic!("no one has it")).await.unwrap();
        let _other = acquire(folder, "engine", "other", || panic!("another project")).await.unwrap();
        let _far = acquire(folder, "engine-2", "app", || panic!("another engine")).await.unwrap();
        let waited = AtomicBool::new(false);
        let mut first = Some(first);
        let second = acquire(folder, "engine", "app", || {
            waited.store(true, Ordering::SeqCst);
            first.take();
        });
        second.await.unwrap();
        assert!(waited.into_inner(), "it was told that it waits");
    }

    #[tokio::test]
    async fn a_link_in_the_place_of_the_folder_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(folder.path(), &link).unwrap();
        let error = acquire(Some(&link), "engine", "app", || {}).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::PermissionDenied);
    }
}
