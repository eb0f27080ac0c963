//! What a container's path is.

use std::fmt;

use http_endpoint::{Date, response};

use crate::base64;

/// The header that holds a [`PathStat`].
pub const PATH_STAT_HEADER: &str = "X-Docker-Container-Path-Stat";

response! {
    /// What a path in a container is: the header of [`ContainerArchiveInfo`](super::ContainerArchiveInfo) and of
    /// [`ContainerArchive`](super::ContainerArchive).
    pub struct PathStat {
        /// The last part of the path.
        name: String = "name",
        /// Bytes.
        size: i64 = "size",
        /// Kind and permissions, in Go's bits: see [`PathStat::is_dir`] and the others.
        mode: u32 = "mode",
        /// When it was last changed.
        mtime: Date = "mtime",
        /// Where a symbolic link points to.
        link_target: String = "linkTarget",
    }
}

/// Go's bits of a file's kind.
const DIR: u32 = 1 << 31;
const SYMLINK: u32 = 1 << 27;
/// All bits of Go's that mean another kind than a regular file.
const KINDS: u32 = DIR | SYMLINK | 1 << 26 | 1 << 25 | 1 << 24 | 1 << 21 | 1 << 19;

impl PathStat {
    /// Reads the value of [`PATH_STAT_HEADER`]: JSON in base 64.
    ///
    /// ```
    /// use docker_api::containers::PathStat;
    ///
    /// let stat = PathStat::from_header("eyJuYW1lIjoiZXRjIiwic2l6ZSI6NDA5NiwibW9kZSI6MjE0NzQ4NDE0MX0=").unwrap();
    /// assert_eq!((stat.name.as_str(), stat.is_dir(), stat.permissions()), ("etc", true, 0o755));
    /// ```
    ///
    /// # Errors
    /// It is not base 64, or not JSON.
    pub fn from_header(value: &str) -> Result<Self, PathStatError> {
        let json = base64::decode(value).ok_or(PathStatError(None))?;
        serde_json::from_slice(&json).map_err(|error| PathStatError(Some(error)))
    }

    /// Whether it is a directory.
    #[must_use]
    pub const fn is_dir(&self) -> bool {
        self.mode & DIR != 0
    }

    /// Whether it is a symbolic link.
    #[must_use]
    pub const fn is_symlink(&self) -> bool {
        self.mode & SYMLINK != 0
    }

    /// Whether it is a regular file.
    #[must_use]
    pub const fn is_file(&self) -> bool {
        self.mode & KINDS == 0
    }

    /// The permission bits as Unix has them, with set-user, set-group and sticky.
    #[must_use]
    pub const fn permissions(&self) -> u32 {
        let mut bits = self.mode & 0o777;
        if self.mode & (1 << 23) != 0 {
            bits |= 0o4000;
        }
        if self.mode & (1 << 22) != 0 {
            bits |= 0o2000;
        }
        if self.mode & (1 << 20) != 0 {
            bits |= 0o1000;
        }
        bits
    }
}

/// A header that is no [`PathStat`].
#[derive(Debug)]
pub struct PathStatError(Option<serde_json::Error>);

impl fmt::Display for PathStatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            None => write!(f, "{PATH_STAT_HEADER} is not base 64"),
            Some(error) => write!(f, "{PATH_STAT_HEADER} is not a path's state: {error}"),
        }
    }
}

impl std::error::Error for PathStatError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.as_ref().map(|error| error as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gos_bits_are_read() {
        let stat = |mode| PathStat { mode, ..PathStat::default() };
        assert!(stat(0o644).is_file() && !stat(0o644).is_dir());
        assert!(stat(SYMLINK | 0o777).is_symlink() && !stat(SYMLINK).is_file());
        assert_eq!(stat(DIR | 1 << 20 | 0o777).permissions(), 0o1777);
        assert_eq!(stat(1 << 23 | 0o755).permissions(), 0o4755);
        assert!(!stat(1 << 25).is_file());
    }

    #[test]
    fn a_header_that_is_none_is_an_error() {
        assert!(PathStat::from_header("!").unwrap_err().to_string().contains("base 64"));
        let error = PathStat::from_header("e30x").unwrap_err();
        assert!(std::error::Error::source(&error).is_some());
    }
}
