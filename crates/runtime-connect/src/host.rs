//! How an engine is named in an option, a variable or a settings file.

use std::path::PathBuf;

use crate::Engine;

/// What a name of an engine means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Host {
    /// This socket.
    Socket(PathBuf),
    /// The places of one engine.
    Only(Engine),
}

/// Reads a name; the error is why it cannot be used.
pub(crate) fn parse(text: &str) -> Result<Host, String> {
    match text {
        "docker" => return Ok(Host::Only(Engine::Docker)),
        "podman" => return Ok(Host::Only(Engine::Podman)),
        _ => {}
    }
    if let Some((scheme, rest)) = text.split_once("://") {
        return match scheme {
            "unix" if rest.starts_with('/') => Ok(Host::Socket(PathBuf::from(rest))),
            "unix" => Err(format!("the path of {text} is not absolute")),
            "tcp" | "http" | "https" | "ssh" | "npipe" | "fd" => Err(format!(
                "{scheme}:// is not supported yet: only Unix sockets are (a remote one can be forwarded with \
                 `ssh -N -L /tmp/engine.sock:/run/podman/podman.sock HOST`)"
            )),
            _ => Err(format!("{scheme}:// is not known; expected unix:///path/to/socket")),
        };
    }
    if text.contains('/') {
        return Ok(Host::Socket(PathBuf::from(text)));
    }
    Err(format!("{text:?} names no engine; expected unix:///path/to/socket, a path, docker or podman"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_name_an_engine() {
        let socket = |path: &str| Ok(Host::Socket(PathBuf::from(path)));
        assert_eq!(parse("unix:///run/x.sock"), socket("/run/x.sock"));
        assert_eq!(parse("/run/x.sock"), socket("/run/x.sock"));
        assert_eq!(parse("./x.sock"), socket("./x.sock"));
        assert_eq!(parse("docker"), Ok(Host::Only(Engine::Docker)));
        assert_eq!(parse("podman"), Ok(Host::Only(Engine::Podman)));
        for (text, part) in [
            ("tcp://1.2.3.4:2375", "not supported yet"),
            ("ssh://me@host", "not supported yet"),
            ("unix://x.sock", "not absolute"),
            ("ftp://x", "not known"),
            ("dokcer", "names no engine"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
