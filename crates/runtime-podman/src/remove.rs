//! Removing containers through libpod.
//!
//! The compatible call lets a running container have its whole stop timeout before it is killed, even when
//! the removal is forced; libpod takes the timeout with the call. Zero makes it one call, whatever the state:
//! a running container is killed, a stopped one is just removed.

use libpod_api::containers::ContainerRemove;
use runtime_core::{Error, ErrorKind, RemoveContainer, Result};
use runtime_docker::error::map;
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
    match reports.into_iter().find_map(|report| report.err) {
        Some(reason) => Err(in_band(container, &reason)),
        None => Ok(()),
    }
}

/// A failure that came with status 200.
fn in_band(container: &str, reason: &str) -> Error {
    let conflict = ["state improper", "depend", "is running"].iter().any(|text| reason.contains(text));
    let kind = if conflict { ErrorKind::Conflict } else { ErrorKind::Engine };
    Error::new(kind, OPERATION, reason).with_subject(container)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_within_a_good_answer_has_its_kind() {
        let depends = "container ab has dependent containers which must be removed before it: cd";
        assert!(in_band("web-1", depends).is_conflict());
        assert_eq!(in_band("web-1", "unmounting: device busy").kind(), ErrorKind::Engine);
    }
}
