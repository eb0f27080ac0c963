//! Removing containers through libpod.
//!
//! The compatible call lets a running container have its whole stop timeout before it is killed, even when
//! the removal is forced; libpod takes the timeout with the call. Zero makes it one call, whatever the state:
//! a running container is killed, a stopped one is just removed.

use libpod_api::containers::ContainerRemove;
use runtime_core::{RemoveContainer, Result};
use runtime_docker::error::{from_text, map};
use sock_transport::Client;

const OPERATION: &str = "remove container";

/// Removes a container.
pub(crate) async fn remove(libpod: &Client, container: &str, options: RemoveContainer) -> Result<()> {
    let mut request = ContainerRemove::new(container).with_force(options.force).with_volumes(options.volumes);
    if options.force {
        request = request.with_timeout(0);
    }
    let reports =
        libpod.send(&request).await.map_err(|error| map(libpod, OPERATION, Some(container), error))?;
    match reports.into_iter().find_map(|report| report.err.0) {
        // A failure that came with status 200.
        Some(reason) => Err(from_text(OPERATION, Some(container), &reason)),
        None => Ok(()),
    }
}
