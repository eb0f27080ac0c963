//! The processes of a container.

use libpod_api::containers::ContainerTop;
use runtime_core::{ContainerStatus, Error, ErrorKind, Result};
use runtime_docker::error::map;
use sock_transport::Client;

use crate::checkpoint::state;

const OPERATION: &str = "list the processes of container";
/// The engine reads them itself, with the names of the container's own users; the container's `ps`, if it has
/// one, is not asked.
const COLUMNS: &str = "user,pid,ppid,args";

/// Titles and rows.
pub(crate) async fn list(libpod: &Client, container: &str) -> Result<(Vec<String>, Vec<Vec<String>>)> {
    let request = ContainerTop::new(container).with_ps_args(vec![COLUMNS.to_owned()]);
    match libpod.send(&request).await {
        Ok(top) => Ok((top.titles, top.processes)),
        Err(error) => {
            let error = map(libpod, OPERATION, Some(container), error);
            if error.kind() != ErrorKind::Engine {
                return Err(error);
            }
            // For a container that does not run Podman 4.3 answers 200 and nothing.
            let status =
                state(libpod, container).await.map(|state| ContainerStatus::parse(state.status.as_str()));
            match status {
                Some(status) if !matches!(status, ContainerStatus::Running | ContainerStatus::Paused) => {
                    let reason = format!("it is {}, not running", status.as_str());
                    Err(Error::new(ErrorKind::Conflict, OPERATION, reason).with_subject(container))
                }
                _ => Err(error),
            }
        }
    }
}
