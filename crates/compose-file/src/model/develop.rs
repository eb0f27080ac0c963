//! `develop`: what happens when a file changes.

use serde::{Deserialize, Serialize};

use super::Hook;

model! {
    /// `develop`.
    pub struct Develop {
        /// What is watched.
        pub watch: Vec<Watch>,
    }

    /// An entry of `develop.watch`.
    pub struct Watch {
        /// The absolute path of what is watched.
        pub path: String,
        /// What is done when it changes.
        pub action: WatchAction,
        /// Where changed files go in the container: required for those actions that copy.
        pub target: Option<String>,
        /// What [`WatchAction::SyncExec`] runs; without a command elsewhere.
        pub exec: Hook,
        /// Patterns of what counts, relative to `path`; empty is everything.
        pub include: Vec<String>,
        /// Patterns of what does not count, relative to `path`.
        pub ignore: Vec<String>,
        /// Copy everything once at the start.
        pub initial_sync: bool,
    }
}

/// `develop.watch[].action`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum WatchAction {
    /// `rebuild`: build the image, and make the containers anew.
    #[default]
    #[serde(rename = "rebuild")]
    Rebuild,
    /// `restart`: restart the containers.
    #[serde(rename = "restart")]
    Restart,
    /// `sync`: copy into the containers.
    #[serde(rename = "sync")]
    Sync,
    /// `sync+restart`: copy, then restart.
    #[serde(rename = "sync+restart")]
    SyncRestart,
    /// `sync+exec`: copy, then run a command.
    #[serde(rename = "sync+exec")]
    SyncExec,
}

impl WatchAction {
    /// Whether changed files are copied, for which an entry needs its `target`.
    #[must_use]
    pub fn copies(self) -> bool {
        matches!(self, Self::Sync | Self::SyncRestart | Self::SyncExec)
    }
}
