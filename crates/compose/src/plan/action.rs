//! The actions that a plan is made of. Each is one engine call, or one wait.

use std::fmt;

use runtime_core::{ContainerSpec, NetworkSpec, VolumeSpec};

use crate::event::{Subject, SubjectKind, Verb};
use crate::spec::FileUpload;

/// A container that exists, or that the plan creates.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ContainerRef {
    /// Its service; empty for a container that has none.
    pub service: String,
    /// Its number in the service.
    pub number: u32,
    /// Its name once the plan is carried out.
    pub name: String,
    /// Its id; `None` when the plan creates it.
    pub id: Option<String>,
}

impl ContainerRef {
    pub(crate) fn subject(&self) -> Subject {
        let subject = Subject::new(SubjectKind::Container, &self.name);
        if self.service.is_empty() { subject } else { subject.of_service(&self.service) }
    }
}

/// How an image is brought to the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ImageSource {
    /// From its registry.
    Pull,
    /// By building it.
    Build,
    /// From its registry, and by building it where that fails.
    PullOrBuild,
}

/// What a gate waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum GateCondition {
    /// All containers are healthy: `service_healthy`.
    Healthy,
    /// All containers have ended with 0: `service_completed_successfully`.
    CompletedSuccessfully,
    /// All containers run, are healthy if they have a check, or have ended with 0 if they are not restarted: `--wait`.
    RunningOrHealthy,
}

impl GateCondition {
    /// The word of the Compose file, or of `docker compose` for `--wait`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Healthy => "service_healthy",
            Self::CompletedSuccessfully => "service_completed_successfully",
            Self::RunningOrHealthy => "running_or_healthy",
        }
    }
}

/// A container that is to be created.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Creation {
    /// Which.
    pub container: ContainerRef,
    /// From what. Its name is a temporary one while its predecessor still has the final one. The id of the image and
    /// the ids of [`Self::parents`] are put in when they are known.
    pub spec: ContainerSpec,
    /// The container in whose place it comes: id and name.
    pub replaces: Option<(String, String)>,
    /// The anonymous volumes of the predecessor are carried over.
    pub keep_anonymous_volumes: bool,
    /// The services in whose namespaces it lives.
    pub parents: Vec<Parent>,
    /// Files that are written into it before it starts.
    pub(crate) files: Vec<FileUpload>,
}

/// A namespace of a container that is another service's.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parent {
    /// The first container of that service.
    pub container: ContainerRef,
    /// Which namespace.
    pub namespace: SharedNamespace,
}

/// A namespace that containers can share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SharedNamespace {
    /// `network_mode`.
    Network,
    /// `ipc`.
    Ipc,
    /// `pid`.
    Pid,
}

/// One small action.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Action {
    /// Pulls or builds an image.
    EnsureImage {
        /// Its reference.
        image: String,
        /// The service whose settings count.
        service: String,
        /// How.
        source: ImageSource,
    },
    /// Creates a network.
    CreateNetwork(Box<NetworkSpec>),
    /// Creates a volume.
    CreateVolume(Box<VolumeSpec>),
    /// Creates a container.
    CreateContainer(Box<Creation>),
    /// Starts a container.
    StartContainer(ContainerRef),
    /// Resumes a paused container.
    UnpauseContainer(ContainerRef),
    /// Stops a container.
    StopContainer(ContainerRef),
    /// Removes a container.
    RemoveContainer {
        /// Which; its name is the one that it has now.
        container: ContainerRef,
        /// With its anonymous volumes.
        volumes: bool,
        /// Volumes that it took over from a predecessor, to be removed by name.
        carried: Vec<String>,
        /// Its successor, which takes its anonymous volumes over, is made only afterwards.
        has_heir: bool,
    },
    /// Gives a container its final name.
    RenameContainer {
        /// Which, under its final name.
        container: ContainerRef,
        /// The name that it has now.
        from: String,
    },
    /// Waits until a condition holds for all containers of a service.
    WaitFor {
        /// The service.
        service: String,
        /// Its containers.
        containers: Vec<ContainerRef>,
        /// What must hold.
        condition: GateCondition,
        /// A failure is an error and not only a warning.
        required: bool,
        /// The services that wait; empty when it is the caller.
        waiting: Vec<String>,
    },
    /// Removes a network.
    RemoveNetwork {
        /// Its id.
        id: String,
        /// Its name.
        name: String,
    },
    /// Removes a volume.
    RemoveVolume {
        /// Its name.
        name: String,
    },
    /// Removes an image.
    RemoveImage {
        /// Its reference.
        image: String,
    },
}

impl Action {
    /// What it is about.
    #[must_use]
    pub fn subject(&self) -> Subject {
        match self {
            Self::EnsureImage { image, service, .. } => {
                Subject::new(SubjectKind::Image, image).of_service(service)
            }
            Self::CreateNetwork(spec) => Subject::new(SubjectKind::Network, &spec.name),
            Self::CreateVolume(spec) => Subject::new(SubjectKind::Volume, &spec.name),
            Self::CreateContainer(creation) => creation.container.subject(),
            Self::StartContainer(container)
            | Self::UnpauseContainer(container)
            | Self::StopContainer(container)
            | Self::RemoveContainer { container, .. }
            | Self::RenameContainer { container, .. } => container.subject(),
            Self::WaitFor { service, .. } => Subject::new(SubjectKind::Service, service).of_service(service),
            Self::RemoveNetwork { name, .. } => Subject::new(SubjectKind::Network, name),
            Self::RemoveVolume { name } => Subject::new(SubjectKind::Volume, name),
            Self::RemoveImage { image } => Subject::new(SubjectKind::Image, image),
        }
    }

    /// What it does to its subject.
    #[must_use]
    pub fn verb(&self) -> Verb {
        match self {
            Self::EnsureImage { source: ImageSource::Build, .. } => Verb::Build,
            Self::EnsureImage { .. } => Verb::Pull,
            Self::CreateContainer(creation) if creation.replaces.is_some() => Verb::Recreate,
            Self::CreateNetwork(_) | Self::CreateVolume(_) | Self::CreateContainer(_) => Verb::Create,
            Self::StartContainer(_) => Verb::Start,
            Self::UnpauseContainer(_) => Verb::Unpause,
            Self::StopContainer(_) => Verb::Stop,
            Self::RenameContainer { .. } => Verb::Rename,
            Self::WaitFor { .. } => Verb::Wait,
            Self::RemoveContainer { .. }
            | Self::RemoveNetwork { .. }
            | Self::RemoveVolume { .. }
            | Self::RemoveImage { .. } => Verb::Remove,
        }
    }

    /// Whether it only waits and changes nothing.
    #[must_use]
    pub fn is_wait(&self) -> bool {
        matches!(self, Self::WaitFor { .. })
    }
}

/// What it does, in words: `create container app-web-1`.
impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EnsureImage { image, source, .. } => match source {
                ImageSource::Pull => write!(f, "pull image {image}"),
                ImageSource::Build => write!(f, "build image {image}"),
                ImageSource::PullOrBuild => write!(f, "pull or build image {image}"),
            },
            Self::CreateNetwork(spec) => write!(f, "create network {}", spec.name),
            Self::CreateVolume(spec) => write!(f, "create volume {}", spec.name),
            Self::CreateContainer(creation) => {
                let spec = &creation.spec;
                if spec.name == creation.container.name {
                    write!(f, "create container {}", spec.name)
                } else {
                    write!(f, "create container {} as {}", creation.container.name, spec.name)
                }
            }
            Self::StartContainer(container) => write!(f, "start container {}", container.name),
            Self::UnpauseContainer(container) => write!(f, "unpause container {}", container.name),
            Self::StopContainer(container) => write!(f, "stop container {}", container.name),
            Self::RemoveContainer { container, .. } => write!(f, "remove container {}", container.name),
            Self::RenameContainer { container, from } => {
                write!(f, "rename container {from} to {}", container.name)
            }
            Self::WaitFor { service, condition, .. } => {
                write!(f, "wait for service {service}: {}", condition.as_str())
            }
            Self::RemoveNetwork { name, .. } => write!(f, "remove network {name}"),
            Self::RemoveVolume { name } => write!(f, "remove volume {name}"),
            Self::RemoveImage { image } => write!(f, "remove image {image}"),
        }
    }
}
