//! HTTP/1.1 over a Unix socket: pool, deadlines, streamed bodies, hijacked connections, codecs.

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
mod stream;
mod wire;

pub mod codec;

pub use body::RequestBody;
pub use client::Client;
pub use config::Config;
pub use error::{Error, Phase};
pub use hijack::{Hijacked, HijackedReader, HijackedWriter};
pub use response::Response;
pub use stream::{ByteReader, ByteStream, FrameStream, JsonStream};
