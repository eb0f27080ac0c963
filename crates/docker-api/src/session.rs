//! Connections to BuildKit.
//!
//! Both turn into HTTP/2 without encryption, over which gRPC is spoken; what is said there is no part of this
//! crate. The request must ask for an upgrade to `h2c`; `sock-transport` asks for `tcp`, which both refuse. Docker deprecates both since API 1.53: newer tools connect to BuildKit itself.
//!
//! ```
//! use docker_api::session::Session;
//! use http_endpoint::{Endpoint, Kind};
//!
//! let session = Session::new().with_id("build-1").with_method("/moby.filesync.v1.Auth/Credentials");
//! assert_eq!(Session::KIND, Kind::Hijacked);
//! assert_eq!(session.headers()[0].0, "X-Docker-Expose-Session-Uuid");
//! ```

use http_endpoint::endpoints;

endpoints! {
    /// Serves a build from the client's side: over the connection the engine calls services of the client (files,
    /// secrets, credentials). [`ImageBuild`](crate::build::ImageBuild) names the session by its id.
    POST "/session" => hijacked, [101];
    pub struct Session {
        header {
            /// Id of the session, which the client makes up; a session without one serves no build.
            id / with_id = "X-Docker-Expose-Session-Uuid",
            /// Name of the session, for people.
            name / with_name = "X-Docker-Expose-Session-Name",
            /// A key by which the engine knows a client's files again.
            shared_key / with_shared_key = "X-Docker-Expose-Session-Sharedkey",
            /// A gRPC method that the client serves, `/service/method`.
            method / with_method = "X-Docker-Expose-Session-Grpc-Method",
        }
    }

    /// BuildKit's control API.
    POST "/grpc" => hijacked, [101];
    pub struct Grpc {}
}
