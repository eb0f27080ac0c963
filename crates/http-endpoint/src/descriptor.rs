//! What an endpoint is, as data.

use crate::{Endpoint, Kind, Method, QueryValue, RequestKind};

/// The type of a query parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ParameterKind {
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Number,
    /// Text.
    Text,
    /// Text, once for each element.
    List,
    /// JSON.
    Json,
}

/// A query parameter of an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Parameter {
    /// Its key.
    pub name: &'static str,
    /// Its type.
    pub kind: ParameterKind,
    /// Whether no request can be made without it.
    pub required: bool,
}

impl Parameter {
    /// A parameter that may be absent.
    #[must_use]
    pub const fn optional<T: QueryValue>(name: &'static str) -> Self {
        Self { name, kind: T::KIND, required: false }
    }

    /// A parameter that must be given.
    #[must_use]
    pub const fn required<T: QueryValue>(name: &'static str) -> Self {
        Self { name, kind: T::KIND, required: true }
    }
}

/// The constants of an [`Endpoint`], as a value.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Descriptor {
    /// The name of the Rust type.
    pub name: &'static str,
    /// [`Endpoint::METHOD`].
    pub method: Method,
    /// [`Endpoint::PATH`].
    pub path: &'static str,
    /// [`Endpoint::QUERY`].
    pub query: &'static [Parameter],
    /// [`Endpoint::SUCCESS`].
    pub success: &'static [u16],
    /// [`Endpoint::KIND`].
    pub kind: Kind,
    /// [`Endpoint::REQUEST`].
    pub request: RequestKind,
    /// [`Endpoint::SINCE`].
    pub since: Option<&'static str>,
    /// Writes a random body made from a seed, reads it again, and compares; for property tests.
    #[cfg(feature = "testing")]
    pub body_check: Option<fn(u64) -> Result<(), String>>,
}

impl Descriptor {
    /// The constants of `E`, whose type is called `name`.
    #[must_use]
    pub const fn of<E: Endpoint>(name: &'static str) -> Self {
        Self {
            name,
            method: E::METHOD,
            path: E::PATH,
            query: E::QUERY,
            success: E::SUCCESS,
            kind: E::KIND,
            request: E::REQUEST,
            since: E::SINCE,
            #[cfg(feature = "testing")]
            body_check: E::BODY_CHECK,
        }
    }
}
