//! Starting, stopping and freezing containers.
//!
//! Of the module `containers`, where the types are found:
//!
//! ```
//! use http_endpoint::Endpoint;
//! use libpod_api::containers::{ContainerKill, ContainerStop};
//!
//! assert_eq!(ContainerStop::new("web-1").with_timeout(3).target(""), "/containers/web-1/stop?timeout=3");
//! assert_eq!(ContainerKill::new("web-1").with_signal("SIGHUP").target(""), "/containers/web-1/kill?signal=SIGHUP");
//! ```

use http_endpoint::endpoints;

endpoints! {
    /// Prepares a container so that a start only lets its process go: mounts, network, the OCI runtime. 304 when
    /// it is beyond that.
    POST "/containers/{name}/init" => none, [204, 304];
    pub struct ContainerInit {
        path {
            /// Name or id.
            name
        }
    }

    /// Starts a container; 304 when it runs already.
    POST "/containers/{name}/start" => none, [204, 304];
    pub struct ContainerStart {
        path {
            /// Name or id.
            name
        }
        query {
            /// Keys that detach a terminal; the engine's default is `ctrl-p,ctrl-q`.
            detach_keys / with_detach_keys: Option<String> = "detachKeys"
        }
    }

    /// Stops a container: its stop signal, and a kill when it still runs after the timeout. 304 when it does not
    /// run.
    POST "/containers/{name}/stop" => none, [204, 304];
    pub struct ContainerStop {
        path {
            /// Name or id.
            name
        }
        query {
            /// Seconds before it is killed; else what it was created with.
            timeout / with_timeout: Option<u32> = "timeout",
            /// A container that is stopped is no error.
            ignore / with_ignore: bool = "ignore",
        }
    }

    /// Stops a container and starts it again.
    POST "/containers/{name}/restart" => none, [204];
    pub struct ContainerRestart {
        path {
            /// Name or id.
            name
        }
        query {
            /// Seconds before it is killed; else what it was created with.
            timeout / with_timeout: Option<u32> = "timeout"
        }
    }

    /// Sends a signal to a container's main process; 409 when it does not run, and 500 before 4.6.
    POST "/containers/{name}/kill" => none, [204];
    pub struct ContainerKill {
        path {
            /// Name or id.
            name
        }
        query {
            /// Name or number; the engine's default is `SIGKILL`.
            signal / with_signal: String = "signal"
        }
    }

    /// Freezes the processes of a container. One that does not run is status 500 here.
    POST "/containers/{name}/pause" => none, [204];
    pub struct ContainerPause {
        path {
            /// Name or id.
            name
        }
    }

    /// Lets the processes of a container go on. One that is not paused is status 500 here.
    POST "/containers/{name}/unpause" => none, [204];
    pub struct ContainerUnpause {
        path {
            /// Name or id.
            name
        }
    }

    /// Sets the size of a container's terminal; 409 when it is neither initialised nor running.
    POST "/containers/{name}/resize" => none, [200];
    pub struct ContainerResize {
        path {
            /// Name or id.
            name
        }
        query {
            /// Rows.
            h / with_h: Option<u16> = "h",
            /// Columns.
            w / with_w: Option<u16> = "w",
            /// Documented by the engine, and read only for an exec session.
            running / with_running: bool = "running",
        }
    }
}
