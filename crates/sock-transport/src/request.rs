//! A request made ready: what stays the same when it has to be sent again.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HOST, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Uri};
use http_endpoint::{Endpoint, Method, RequestKind};

use crate::body::{Outgoing, RequestBody};
use crate::error::{Error, Origin, Phase, Reason};
use crate::wire::Wire;

/// Engines look at the header's form, not at its value.
const HOST_VALUE: HeaderValue = HeaderValue::from_static("localhost");
const AGENT_VALUE: HeaderValue =
    HeaderValue::from_static(concat!("sock-transport/", env!("CARGO_PKG_VERSION")));
const JSON: HeaderValue = HeaderValue::from_static("application/json");

pub(crate) struct Prepared {
    pub(crate) origin: Arc<Origin>,
    pub(crate) success: &'static [u16],
    uri: Uri,
    headers: HeaderMap,
    /// The endpoint's own JSON body.
    json: Bytes,
}

impl Prepared {
    pub(crate) fn new<E: Endpoint>(endpoint: &E, prefix: &str) -> Result<Self, Error> {
        let path = format!("{prefix}{}", endpoint.path());
        let origin = Arc::new(Origin { method: E::METHOD, path });
        let fail = |what| Error::new(&origin, Phase::Send, Reason::Request(what));

        let uri = Uri::try_from(endpoint.target(prefix))
            .map_err(|_| fail("its path and query are not valid or too long for a request line"))?;
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HOST_VALUE);
        headers.insert(USER_AGENT, AGENT_VALUE);
        let json = match E::REQUEST {
            RequestKind::Empty => Bytes::new(),
            RequestKind::Json => {
                headers.insert(CONTENT_TYPE, JSON);
                let body = endpoint.body().map_err(|_| fail("its body cannot be written as JSON"))?;
                body.unwrap_or_default().into()
            }
            RequestKind::Stream(kind) => {
                headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
                Bytes::new()
            }
        };
        for (name, value) in endpoint.headers() {
            let name = HeaderName::try_from(name).map_err(|_| fail("a header's name is not valid"))?;
            let mut value = HeaderValue::try_from(value.expose())
                .map_err(|_| fail("a header's value holds a character that may not be sent"))?;
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        Ok(Self { origin, success: E::SUCCESS, uri, headers, json })
    }

    pub(crate) fn error(&self, phase: Phase, reason: Reason) -> Error {
        Error::new(&self.origin, phase, reason)
    }

    pub(crate) fn is_success(&self, status: u16) -> bool {
        self.success.contains(&status)
    }

    pub(crate) fn is_idempotent(&self) -> bool {
        self.origin.method.is_idempotent()
    }

    /// The endpoint's own body.
    pub(crate) fn own_body(&self) -> RequestBody {
        RequestBody::Bytes(self.json.clone())
    }

    /// The request for one connection.
    pub(crate) fn build(&self, body: RequestBody, wire: &Arc<Wire>) -> Request<Outgoing> {
        let empty = matches!(&body, RequestBody::Bytes(bytes) if bytes.is_empty());
        let mut request = Request::new(Outgoing::new(body, Arc::clone(wire)));
        *request.method_mut() = match self.origin.method {
            Method::Get => http::Method::GET,
            Method::Head => http::Method::HEAD,
            Method::Post => http::Method::POST,
            Method::Put => http::Method::PUT,
            Method::Delete => http::Method::DELETE,
        };
        request.uri_mut().clone_from(&self.uri);
        request.headers_mut().clone_from(&self.headers);
        if empty && !self.is_idempotent() {
            // hyper leaves it out, and some servers then wait for a body.
            request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        request
    }

    /// The request's head and body as bytes, with `extra` header lines, for a connection that is not
    /// HTTP's any more once it is answered.
    pub(crate) fn to_bytes(&self, extra: &[(&str, &str)]) -> Vec<u8> {
        let mut out = Vec::with_capacity(512 + self.json.len());
        let target = self.uri.path_and_query().map_or("/", |target| target.as_str());
        for part in [self.origin.method.as_str(), " ", target, " HTTP/1.1\r\n"] {
            out.extend_from_slice(part.as_bytes());
        }
        let length = self.json.len().to_string();
        let own = self.headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
        let extra = extra.iter().map(|(name, value)| (*name, value.as_bytes()));
        let has_length = !self.is_idempotent() || !self.json.is_empty();
        let length = has_length.then_some((CONTENT_LENGTH.as_str(), length.as_bytes()));
        for (name, value) in own.chain(extra).chain(length) {
            out.extend_from_slice(name.as_bytes());
            out.extend_from_slice(b": ");
            out.extend_from_slice(value);
            out.extend_from_slice(b"\r\n");
        }
        out.extend_from_slice(b"\r\n");
        out.extend_from_slice(&self.json);
        out
    }
}
