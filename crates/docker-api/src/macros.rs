//! Macros that declare request bodies and answers in one style.

/// Whether a field of a request is not set, and so is not sent.
pub(crate) trait Unset {
    fn is_unset(&self) -> bool;
}

impl<T> Unset for Option<T> {
    fn is_unset(&self) -> bool {
        self.is_none()
    }
}

impl<T> Unset for Vec<T> {
    fn is_unset(&self) -> bool {
        self.is_empty()
    }
}

impl<K, V> Unset for std::collections::BTreeMap<K, V> {
    fn is_unset(&self) -> bool {
        self.is_empty()
    }
}

impl Unset for String {
    fn is_unset(&self) -> bool {
        self.is_empty()
    }
}

/// `false` is the engine's default of every flag that is a plain `bool`.
impl Unset for bool {
    fn is_unset(&self) -> bool {
        !self
    }
}

pub(crate) fn is_unset<T: Unset>(value: &T) -> bool {
    value.is_unset()
}

/// A request body: a struct with `Default`, a `with_*` setter for each field, and nothing sent that is not
/// set. `name / with_name: Type = "Key"`.
macro_rules! request {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $($(#[$fmeta:meta])* $field:ident / $setter:ident : $ty:ty = $key:literal),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
        #[non_exhaustive]
        pub struct $name {
            $(
                $(#[$fmeta])*
                #[serde(rename = $key, skip_serializing_if = "crate::macros::is_unset")]
                pub $field: $ty,
            )*
        }

        impl $name {
            /// Nothing set.
            #[must_use]
            pub fn new() -> Self {
                Self::default()
            }

            $(
                $(#[$fmeta])*
                #[must_use]
                pub fn $setter(mut self, value: impl http_endpoint::IntoQuery<$ty>) -> Self {
                    self.$field = value.into_query();
                    self
                }
            )*
        }
    };
}
pub(crate) use request;

/// An answer: every field has a default, and `null` is that default. `name: Type = "Key"`.
macro_rules! response {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $($(#[$fmeta:meta])* $field:ident : $ty:ty = $key:literal),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, serde::Deserialize)]
        #[serde(default)]
        #[non_exhaustive]
        pub struct $name {
            $(
                $(#[$fmeta])*
                #[serde(rename = $key, deserialize_with = "crate::lenient::null_default")]
                pub $field: $ty,
            )*
        }
    };
}
pub(crate) use response;
