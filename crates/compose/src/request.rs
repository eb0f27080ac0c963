//! What a caller asks for.

use std::time::{Duration, SystemTime};

use indexmap::IndexMap;

/// When images are pulled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum PullMode {
    /// As each service's `pull_policy` says.
    #[default]
    Policy,
    /// Always, those that are there, too.
    Always,
    /// Those that are missing.
    Missing,
    /// Never.
    Never,
}

/// Which containers are made anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Recreate {
    /// Those that differ from what is wanted.
    #[default]
    Diverged,
    /// All of the selected services.
    Force,
    /// None.
    Never,
}

/// What to bring up. The default is the whole project, as its file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct UpRequest {
    /// The services, with what they depend on; empty: all.
    pub services: Vec<String>,
    /// Build images again that can be built.
    pub build: bool,
    /// When images are pulled.
    pub pull: PullMode,
    /// Which containers are made anew.
    pub recreate: Recreate,
    /// Remove containers of services that the project does not have (any more).
    pub remove_orphans: bool,
    /// Leave out what the services depend on.
    pub no_deps: bool,
    /// Create only.
    pub no_start: bool,
    /// Return only when all selected services run, are healthy if they have a check, or have ended well if they are
    /// jobs.
    pub wait: bool,
    /// How long to wait for that and for conditions between services; `None`: as long as it takes.
    pub wait_timeout: Option<Duration>,
    /// How long a container that is replaced or removed may take to stop; `None`: its own grace period.
    pub timeout: Option<Duration>,
    /// How many containers a service has, instead of what the file says.
    pub scale: IndexMap<String, u32>,
    /// Give replaced containers new anonymous volumes instead of those of their predecessors.
    pub renew_anon_volumes: bool,
}

macro_rules! setters {
    ($ty:ident { $($(#[$doc:meta])* $setter:ident => $field:ident: $arg:ty,)* }) => {
        impl $ty {
            /// The defaults.
            #[must_use]
            pub fn new() -> Self {
                Self::default()
            }

            /// Only these services.
            #[must_use]
            pub fn with_services<S: Into<String>>(mut self, services: impl IntoIterator<Item = S>) -> Self {
                self.services.extend(services.into_iter().map(Into::into));
                self
            }

            $($(#[$doc])*
            #[must_use]
            pub fn $setter(mut self, $field: $arg) -> Self {
                self.$field = $field;
                self
            })*
        }
    };
}

setters!(UpRequest {
    /// Sets [`Self::build`].
    with_build => build: bool,
    /// Sets [`Self::pull`].
    with_pull => pull: PullMode,
    /// Sets [`Self::recreate`].
    with_recreate => recreate: Recreate,
    /// Sets [`Self::remove_orphans`].
    with_remove_orphans => remove_orphans: bool,
    /// Sets [`Self::no_deps`].
    with_no_deps => no_deps: bool,
    /// Sets [`Self::no_start`].
    with_no_start => no_start: bool,
    /// Sets [`Self::wait`].
    with_wait => wait: bool,
    /// Sets [`Self::wait_timeout`].
    with_wait_timeout => wait_timeout: Option<Duration>,
    /// Sets [`Self::timeout`].
    with_timeout => timeout: Option<Duration>,
    /// Sets [`Self::renew_anon_volumes`].
    with_renew_anon_volumes => renew_anon_volumes: bool,
});

impl UpRequest {
    /// Sets how many containers a service has.
    #[must_use]
    pub fn with_scale(mut self, service: impl Into<String>, count: u32) -> Self {
        self.scale.insert(service.into(), count);
        self
    }
}

/// Which images `down` removes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RemoveImages {
    /// None.
    #[default]
    None,
    /// Those without a name of their own in the file: the built ones.
    Local,
    /// All that the services use.
    All,
}

/// What to take down. The default is the whole project without its volumes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DownRequest {
    /// The services; empty: all, with the networks.
    pub services: Vec<String>,
    /// Remove the project's volumes, and the anonymous ones of its containers.
    pub volumes: bool,
    /// How long a container may take to stop; `None`: its own grace period.
    pub timeout: Option<Duration>,
    /// Remove containers of services that the project does not have (any more).
    pub remove_orphans: bool,
    /// Which images to remove.
    pub images: RemoveImages,
}

setters!(DownRequest {
    /// Sets [`Self::volumes`].
    with_volumes => volumes: bool,
    /// Sets [`Self::timeout`].
    with_timeout => timeout: Option<Duration>,
    /// Sets [`Self::remove_orphans`].
    with_remove_orphans => remove_orphans: bool,
    /// Sets [`Self::images`].
    with_images => images: RemoveImages,
});

/// What to stop.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StopRequest {
    /// The services; empty: all.
    pub services: Vec<String>,
    /// How long a container may take to stop; `None`: its own grace period.
    pub timeout: Option<Duration>,
    /// Kill all containers at once instead, in no order.
    pub kill: bool,
}

setters!(StopRequest {
    /// Sets [`Self::timeout`].
    with_timeout => timeout: Option<Duration>,
    /// Sets [`Self::kill`].
    with_kill => kill: bool,
});

/// Which containers to show.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PsRequest {
    /// The services; empty: all.
    pub services: Vec<String>,
    /// Also those that do not run.
    pub all: bool,
    /// Also those of services that the project does not have (any more). Default true.
    pub orphans: bool,
    /// Probe the health of containers that have a check of which the engine knows nothing. Default true.
    pub probe: bool,
}

impl Default for PsRequest {
    fn default() -> Self {
        Self { services: Vec::new(), all: false, orphans: true, probe: true }
    }
}

setters!(PsRequest {
    /// Sets [`Self::all`].
    with_all => all: bool,
    /// Sets [`Self::orphans`].
    with_orphans => orphans: bool,
    /// Sets [`Self::probe`].
    with_probe => probe: bool,
});

/// Which logs to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LogsRequest {
    /// The services; empty: all.
    pub services: Vec<String>,
    /// Only the container of this number of each service.
    pub index: Option<u32>,
    /// Go on with new lines, also of containers that start again or later, until none runs any more.
    pub follow: bool,
    /// As [`Self::follow`], but the stream ends only when it is dropped or the engine goes away.
    pub follow_new: bool,
    /// Leave out what was logged before the call; only with [`Self::follow_new`].
    pub only_new: bool,
    /// Only the last lines of each container, this many.
    pub tail: Option<u64>,
    /// Only lines from this time on.
    pub since: Option<SystemTime>,
    /// Only lines up to this time.
    pub until: Option<SystemTime>,
    /// Put an RFC 3339 timestamp and a space before each line.
    pub timestamps: bool,
}

setters!(LogsRequest {
    /// Sets [`Self::index`].
    with_index => index: Option<u32>,
    /// Sets [`Self::follow`].
    with_follow => follow: bool,
    /// Sets [`Self::follow_new`].
    with_follow_new => follow_new: bool,
    /// Sets [`Self::only_new`].
    with_only_new => only_new: bool,
    /// Sets [`Self::tail`].
    with_tail => tail: Option<u64>,
    /// Sets [`Self::since`].
    with_since => since: Option<SystemTime>,
    /// Sets [`Self::until`].
    with_until => until: Option<SystemTime>,
    /// Sets [`Self::timestamps`].
    with_timestamps => timestamps: bool,
});

/// What to build.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BuildRequest {
    /// The services; empty: all that can be built.
    pub services: Vec<String>,
    /// Do not use the cache.
    pub no_cache: bool,
    /// Pull base images even if they are present.
    pub pull: bool,
    /// Build arguments beside those of the file. A value may be a secret.
    pub args: compose_file::model::Environment,
}

setters!(BuildRequest {
    /// Sets [`Self::no_cache`].
    with_no_cache => no_cache: bool,
    /// Sets [`Self::pull`].
    with_pull => pull: bool,
    /// Sets [`Self::args`].
    with_args => args: compose_file::model::Environment,
});

/// What to pull.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PullRequest {
    /// The services; empty: all.
    pub services: Vec<String>,
    /// Leave out images that are there.
    pub missing_only: bool,
    /// Leave out services that can be built.
    pub ignore_buildable: bool,
    /// Go on when an image cannot be pulled.
    pub ignore_failures: bool,
    /// Also what the services depend on.
    pub include_deps: bool,
}

setters!(PullRequest {
    /// Sets [`Self::missing_only`].
    with_missing_only => missing_only: bool,
    /// Sets [`Self::ignore_buildable`].
    with_ignore_buildable => ignore_buildable: bool,
    /// Sets [`Self::ignore_failures`].
    with_ignore_failures => ignore_failures: bool,
    /// Sets [`Self::include_deps`].
    with_include_deps => include_deps: bool,
});
