//! What Podman does otherwise than the trait says, put right.

use std::time::Duration;

use libpod_api::containers::ContainerArchiveStat;
use runtime_core::{ContainerSpec, ContainerStatus, Error, ErrorKind, ExitStatus, Result};
use runtime_docker::error::map;
use sock_transport::Client;

use crate::checkpoint::state;

/// The engines' stop timeout where none is set.
const STOP_TIMEOUT: Duration = Duration::from_secs(10);

/// Before version 5 a container that is created without a stop timeout has one of zero: a stop would be a kill.
pub(crate) fn with_stop_timeout(spec: &ContainerSpec, libpod_version: &str) -> Option<ContainerSpec> {
    let major = libpod_version.split('.').next().and_then(|major| major.parse::<u32>().ok());
    if spec.stop_timeout.is_some() || major.is_none_or(|major| major >= 5) {
        return None;
    }
    let mut spec = spec.clone();
    spec.stop_timeout = Some(STOP_TIMEOUT);
    Some(spec)
}

/// Before version 5.8 a container that was never started has ended with -1.
pub(crate) async fn exit_status(libpod: &Client, container: &str, mut status: ExitStatus) -> ExitStatus {
    if status.code == -1
        && let Some(state) = state(libpod, container).await
        && ContainerStatus::parse(state.status.as_str()) == ContainerStatus::Created
    {
        status.code = 0;
    }
    status
}

/// Makes sure that a folder is there: unpacking into one that is not would make it.
pub(crate) async fn folder_exists(libpod: &Client, container: &str, path: &str) -> Result<()> {
    const OPERATION: &str = "write to container";
    let subject = format!("{container}:{path}");
    match libpod.send(&ContainerArchiveStat::new(container, path)).await {
        Ok(()) => Ok(()),
        // The answer to a HEAD has no words.
        Err(error) if error.is_not_found() => {
            let reason = "there is no such container or folder";
            Err(Error::new(ErrorKind::NotFound, OPERATION, reason).with_subject(subject).with_source(error))
        }
        Err(error) => Err(map(libpod, OPERATION, Some(&subject), error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_old_engine_is_told_of_the_usual_stop_timeout() {
        let spec = ContainerSpec::new("a", "b");
        assert_eq!(with_stop_timeout(&spec, "4.3.1").unwrap().stop_timeout, Some(STOP_TIMEOUT));
        assert_eq!(with_stop_timeout(&spec, "5.4.2"), None);
        let mut own = spec;
        own.stop_timeout = Some(Duration::ZERO);
        assert_eq!(with_stop_timeout(&own, "4.3.1"), None);
    }
}
