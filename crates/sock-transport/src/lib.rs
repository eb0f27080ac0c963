//! HTTP/1.1 over a Unix socket: pool, deadlines, streamed bodies, hijacked connections, codecs.
//!
//! A [`Client`] sends any [`Endpoint`](http_endpoint::Endpoint) to the engine behind a socket. Which method
//! to use follows from what the answer is:
//!
//! | answer | method |
//! |---|---|
//! | one value, a text, nothing | [`Client::send`], [`Client::send_with_body`] |
//! | JSON values one after another (events, pull, build) | [`Client::json_stream`] |
//! | stdout and stderr in frames (logs without a terminal) | [`Client::frames`] |
//! | bytes (an archive, logs with a terminal) | [`Client::stream`] |
//! | a process with its streams (attach, exec) | [`Client::session`], or [`Client::hijack`] without the calls beside it |
//!
//! ```
//! http_endpoint::endpoint! {
//!     /// Asks whether the engine is there.
//!     GET "/_ping" => text, [200];
//!     pub struct Ping {}
//! }
//!
//! # async fn example() -> Result<(), sock_transport::Error> {
//! use sock_transport::Client;
//!
//! let engine = Client::unix("/run/podman/podman.sock");
//! let answer = engine.send_response(&Ping::new()).await?;
//! println!("API {:?}: {}", answer.header("Api-Version"), answer.body());
//! # Ok(())
//! # }
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
//! # assert!(sock_transport::Client::unix("/nowhere/s").socket().ends_with("s"));
//! # let error = runtime.block_on(sock_transport::Client::unix("/nowhere/s").send(&Ping::new()));
//! # assert!(error.unwrap_err().is_connect());
//! ```
//!
//! # Connections
//! Whole answers take turns at a bounded number of connections that are kept alive. Everything that may
//! last has a connection of its own: streams, uploads, hijacked connections, and requests for whose answer
//! there is no deadline. No task runs behind any of them: whoever waits for an answer drives its
//! connection.
//!
//! # Deadlines
//! | what | default | when it passes |
//! |---|---|---|
//! | connecting | 5 s | [`Error::is_connect`] and [`Error::is_timeout`] |
//! | the head of the answer | 60 s, see [`Client::with_header_timeout`] | [`Phase::Headers`] |
//! | a pause in a whole answer | 60 s | [`Phase::Body`] |
//!
//! The time for the head runs while the engine could go on: not while an upload moves, and not while it
//! waits for the caller's data. Waiting for a turn has no deadline of its own; those whose turn it is have.
//! A stream has none after its head.
//!
//! # Cancel safety
//! Dropping a future or a stream closes the connection it was using, unless the answer had been read to its
//! end. The connection is never used for anything else, and no task goes on. What the engine had begun, it
//! may finish.
//!
//! # Secrets
//! Errors and log events name the method and the path. They never hold the query, a header, a body, or a
//! value of an answer that could not be understood; an engine's own error text is passed on as it is.
//!
//! # What an engine refused
//! [`Error::engine`] gives what it said; the predicates of [`Error`] know what it means, on each engine.

mod body;
mod client;
mod config;
mod connect;
mod connection;
mod error;
mod hijack;
mod pool;
mod raw;
mod request;
mod response;
mod session;
mod stream;
mod wire;

pub mod codec;

pub use body::RequestBody;
pub use client::Client;
pub use config::Config;
pub use error::{Error, Phase};
pub use hijack::{Hijacked, HijackedReader, HijackedWriter};
pub use response::Response;
pub use session::{Session, SessionControl, SessionOutput};
pub use stream::{ByteReader, ByteStream, FrameStream, JsonStream};

/// Compiles what the README shows.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
