//! An HTTP endpoint as a value: what the typed engine APIs (`docker-api`, `libpod-api`) share.
//!
//! A request is a plain struct that knows its method, path, query, headers and body, and how to read
//! its answer. Nothing here does IO: a transport such as `sock-transport` sends any [`Endpoint`].
//!
//! The [`endpoint!`] macro declares one, with a constructor for what the path requires and a `with_*`
//! setter for everything else; [`endpoints!`] declares a module of them. [`request!`], [`response!`] and
//! [`words!`] declare the objects that are sent and received, and open enums:
//!
//! ```
//! http_endpoint::endpoint! {
//!     /// Starts a container.
//!     POST "/containers/{id}/start" => none, [204, 304];
//!     pub struct ContainerStart {
//!         path {
//!             /// Name or id of the container.
//!             id
//!         }
//!         query {
//!             /// Keys that detach a terminal.
//!             detach_keys / with_detach_keys: Option<String> = "detachKeys"
//!         }
//!     }
//! }
//!
//! use http_endpoint::Endpoint;
//! let start = ContainerStart::new("web 1").with_detach_keys("ctrl-x");
//! assert_eq!(start.target("/v1.44"), "/v1.44/containers/web%201/start?detachKeys=ctrl-x");
//! assert_eq!(ContainerStart::QUERY[0].name, "detachKeys");
//! ```

mod descriptor;
mod engine_error;
mod lenient;
mod macros;
mod model;
mod query;
mod session;
#[cfg(feature = "testing")]
pub mod testing;

pub use descriptor::{Descriptor, Parameter, ParameterKind};
pub use engine_error::{EngineError, EngineErrorKind};
pub use lenient::{
    Date, Either, Empty, EnvList, GoError, Keys, SecretMap, StringOrList, StringOrNumber, nullable,
};
pub use model::Unset;
pub use query::{
    Filters, Fixed, IntoQuery, JsonQuery, QueryValue, QueryWriter, encode_path, encode_path_segment,
};
pub use session::SessionRequest;

/// What the macros need in the crates that use them.
#[doc(hidden)]
pub mod private {
    pub use serde;
    pub use serde_json;

    pub use crate::lenient::{KeyVisitor, WordVisitor};

    /// Reads an answer: `null` is the default, and so is nothing at all where a code without a body is a success.
    ///
    /// # Errors
    /// The body is not what the type says.
    #[inline]
    pub fn decode_json<T: serde::de::DeserializeOwned + Default>(
        body: &[u8],
        success: &[u16],
    ) -> Result<T, serde_json::Error> {
        crate::lenient::decode_json(body, success)
    }

    /// Writes a path with its parameters.
    pub fn fill_path(path: &mut String, template: &str, values: &[(&str, &String)]) {
        crate::query::fill_path(path, template, values);
    }
}

/// Notes the type of a request's body, so that tests can check it.
#[cfg(feature = "testing")]
#[doc(hidden)]
#[macro_export]
macro_rules! body_check {
    ($t:ty) => {
        const BODY_CHECK: Option<fn(u64) -> Result<(), String>> = Some($crate::testing::round_trip::<$t>);
    };
}

/// Nothing, without the feature `testing`.
#[cfg(not(feature = "testing"))]
#[doc(hidden)]
#[macro_export]
macro_rules! body_check {
    ($t:ty) => {};
}

/// An HTTP method that the engine APIs use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// `GET`.
    Get,
    /// `HEAD`.
    Head,
    /// `POST`.
    Post,
    /// `PUT`.
    Put,
    /// `DELETE`.
    Delete,
}

impl Method {
    /// The method as it stands on the request line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }

    /// Whether a request of this method may be sent again when its connection broke before any byte of
    /// the answer arrived. Only reading methods qualify: an engine may have begun any other one.
    #[must_use]
    pub const fn is_idempotent(self) -> bool {
        matches!(self, Self::Get | Self::Head)
    }
}

impl std::fmt::Display for Method {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The kind of answer an endpoint gives on success.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// No body that matters.
    None,
    /// Plain text.
    Text,
    /// One JSON value.
    Json,
    /// JSON values one after another, without an end until the engine closes the stream.
    JsonStream,
    /// Bytes as they come.
    Raw,
    /// Frames of stdout and stderr, see `sock-transport`'s demultiplexer.
    Multiplexed,
    /// A tar archive.
    Tar,
    /// The connection itself, after an upgrade.
    Hijacked,
}

/// The kind of body a request carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RequestKind {
    /// None.
    Empty,
    /// One JSON value, from [`Endpoint::body`].
    Json,
    /// A stream that the caller hands to the transport, with this content type.
    Stream(&'static str),
}

/// A header value that must not be seen, such as `X-Registry-Auth`. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct SecretHeader(String);

impl SecretHeader {
    /// Wraps a header value.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value itself, for the transport.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl<T: Into<String>> From<T> for SecretHeader {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl std::fmt::Debug for SecretHeader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretHeader(***)")
    }
}

/// A typed request to an HTTP API, and how to read its answer.
///
/// The constants describe every request of the type; they are what `cargo xtask api-coverage` compares
/// with an engine's own list of endpoints.
pub trait Endpoint: Send + Sync {
    /// What a successful answer decodes to. For [`Kind::JsonStream`] it is the type of one item; for
    /// [`Kind::Raw`], [`Kind::Multiplexed`], [`Kind::Tar`] and [`Kind::Hijacked`] it is `()`.
    type Response: Send;

    /// The method.
    const METHOD: Method;
    /// The path with `{name}` for each parameter, below the version prefix. `{name:.*}` may hold slashes.
    const PATH: &'static str;
    /// Every query parameter that can be set, in the order in which they are written.
    const QUERY: &'static [Parameter];
    /// The status codes that mean success. `101` and `200` both stand for a hijacked connection.
    const SUCCESS: &'static [u16];
    /// The kind of answer.
    const KIND: Kind;
    /// The kind of request body.
    const REQUEST: RequestKind;
    /// The first version of the engine (for Docker of the API) that knows the endpoint; `None` where every
    /// version that Wharf supports does.
    const SINCE: Option<&'static str> = None;
    /// Writes a random body made from a seed, reads it again, and compares; for property tests.
    #[cfg(feature = "testing")]
    const BODY_CHECK: Option<fn(u64) -> Result<(), String>> = None;

    /// Appends the path with its parameters filled in and percent-encoded, without the version prefix.
    fn write_path(&self, path: &mut String);

    /// The path with its parameters filled in and percent-encoded, without the version prefix.
    fn path(&self) -> String {
        let mut path = String::new();
        self.write_path(&mut path);
        path
    }

    /// Writes the query parameters that are set.
    fn write_query(&self, query: &mut QueryWriter);

    /// Extra headers.
    fn headers(&self) -> Vec<(&'static str, SecretHeader)> {
        Vec::new()
    }

    /// The JSON body, where [`Self::REQUEST`] is [`RequestKind::Json`].
    ///
    /// # Errors
    /// Serialising the body failed.
    fn body(&self) -> Result<Option<Vec<u8>>, serde_json::Error> {
        Ok(None)
    }

    /// Reads the body of a successful answer (one item of it, for a stream).
    ///
    /// # Errors
    /// The body is not what the type says.
    fn decode(body: &[u8]) -> Result<Self::Response, serde_json::Error>;

    /// The request target: prefix, path and query, ready for the request line.
    fn target(&self, prefix: &str) -> String {
        let mut target = String::with_capacity(prefix.len() + 64);
        target.push_str(prefix);
        self.write_path(&mut target);
        let mut query = QueryWriter::new(target);
        self.write_query(&mut query);
        query.finish()
    }
}
