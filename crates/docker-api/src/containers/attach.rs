//! The session of an attach.

use http_endpoint::SessionRequest;

use super::{ContainerAttach, ContainerResize, ContainerWait, ContainerWaitResponse};

/// An attach to a container's main process, with what the caller knows of it: the attach itself does not tell
/// whether there is a terminal. A transport makes a session of it; the exit code is that of the container.
///
/// ```
/// use docker_api::containers::{AttachSession, ContainerAttach};
/// use http_endpoint::{Endpoint, SessionRequest};
///
/// let attach = ContainerAttach::new("web").with_stream(true).with_stdout(true).with_stderr(true);
/// let session = AttachSession::new(attach, false);
/// assert_eq!(session.state().target(""), "/containers/web/wait");
/// assert_eq!(session.resize(24, 80).target(""), "/containers/web/resize?h=24&w=80");
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AttachSession {
    /// The request.
    pub attach: ContainerAttach,
    /// Whether the container has a terminal: `config.tty` of its inspection.
    pub terminal: bool,
}

impl AttachSession {
    /// An attach to a container that has a terminal, or none.
    #[must_use]
    pub const fn new(attach: ContainerAttach, terminal: bool) -> Self {
        Self { attach, terminal }
    }
}

impl SessionRequest for AttachSession {
    type Start = ContainerAttach;
    type Resize = ContainerResize;
    type State = ContainerWait;
    const STATE_WAITS: bool = true;

    fn start(&self) -> &ContainerAttach {
        &self.attach
    }

    fn terminal(&self) -> bool {
        self.terminal
    }

    fn resize(&self, rows: u16, columns: u16) -> ContainerResize {
        ContainerResize::new(&self.attach.id, rows, columns)
    }

    fn state(&self) -> ContainerWait {
        ContainerWait::new(&self.attach.id)
    }

    fn exit_code(ended: &ContainerWaitResponse) -> Option<i64> {
        Some(ended.status_code)
    }
}
