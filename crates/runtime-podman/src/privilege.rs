//! Whether an engine is rootless, without asking it where that can be helped.
//!
//! libpod's `info` tells it and takes some 20 ms, four times what `wharf ps` may take in all. The socket
//! knows, too: the kernel keeps who began to listen on it. Root means rootful. Another user on one of the
//! usual paths of a user's own service means rootless. What is left is odd (a forwarded socket, a proxy) and
//! worth the call.

use std::path::Path;

use libpod_api::system::SystemInfo;
use runtime_core::Result;
use runtime_docker::error::map;
use sock_transport::Client;
use tokio::net::UnixStream;

/// Asks the socket, and `libpod` where the socket does not tell.
pub(crate) async fn is_rootless(socket: &Path, libpod: &Client) -> Result<bool> {
    if cfg!(target_os = "linux")
        && let Some(uid) = listener(socket).await
        && let Some(rootless) = from_listener(uid, socket)
    {
        return Ok(rootless);
    }
    let info = libpod.send(&SystemInfo::new()).await;
    Ok(info.map_err(|error| map(libpod, "ask the engine about itself", None, error))?.host.security.rootless)
}

async fn listener(socket: &Path) -> Option<u32> {
    UnixStream::connect(socket).await.ok()?.peer_cred().ok().map(|credentials| credentials.uid())
}

/// What a listener's user says, if anything.
fn from_listener(uid: u32, socket: &Path) -> Option<bool> {
    if uid == 0 {
        return Some(false);
    }
    socket.starts_with(format!("/run/user/{uid}")).then_some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_listeners_user_tells_unless_the_socket_is_in_an_odd_place() {
        for (uid, socket, expected) in [
            (0, "/run/podman/podman.sock", Some(false)),
            (0, "/run/user/1000/podman/podman.sock", Some(false)),
            (1000, "/run/user/1000/podman/podman.sock", Some(true)),
            (1000, "/run/user/1001/podman/podman.sock", None),
            (1000, "/tmp/forwarded.sock", None),
        ] {
            assert_eq!(from_listener(uid, Path::new(socket)), expected, "{uid} {socket}");
        }
    }
}
