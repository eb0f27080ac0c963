//! Answers that were read whole.

use http::HeaderMap;
use hyper::body::Incoming;

/// Status and headers.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
}

impl Head {
    pub(crate) fn split(answer: http::Response<Incoming>) -> (Self, Incoming) {
        let (parts, body) = answer.into_parts();
        (Self { status: parts.status.as_u16(), headers: parts.headers }, body)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// A successful answer.
#[derive(Clone, Debug)]
pub struct Response<T> {
    head: Head,
    body: T,
}

impl<T> Response<T> {
    pub(crate) const fn new(head: Head, body: T) -> Self {
        Self { head, body }
    }

    /// The status code.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.head.status
    }

    /// Whether nothing had to be done (304).
    #[must_use]
    pub const fn is_not_modified(&self) -> bool {
        self.head.status == 304
    }

    /// A header's value, if it is there and plain text. Names are compared without regard to case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.header(name)
    }

    /// What the endpoint answered.
    #[must_use]
    pub const fn body(&self) -> &T {
        &self.body
    }

    /// Takes what the endpoint answered.
    #[must_use]
    pub fn into_body(self) -> T {
        self.body
    }
}
