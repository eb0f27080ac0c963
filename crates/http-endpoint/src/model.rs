//! The macros that declare the objects of requests and answers, and open enums.
//!
//! They write the serde implementations themselves: the same as `serde_derive` would, with the leniency that
//! the engines need, and without compiling a procedural macro. Nothing generated is compiled in the crate
//! that declares an object, only in the program that uses it.

/// Whether a field of a request is not set, and so is not sent.
pub trait Unset {
    /// Whether it is not set.
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

macro_rules! zero_is_unset {
    ($($t:ty)*) => {$(
        /// Zero is the engine's default of every number that is not in an `Option`.
        impl Unset for $t {
            fn is_unset(&self) -> bool {
                *self == <$t>::default()
            }
        }
    )*};
}
zero_is_unset!(u8 u16 u32 u64 i8 i16 i32 i64 f64);

/// Declares an object that is sent: `Default`, a `with_*` setter for each field, nothing sent that is not set,
/// and read again leniently.
///
/// Fields under `required` are arguments of `new`. A field that is written whatever its value says `always`
/// after its key. A key may have other spellings under which it is read: `"Key" | "key"`.
///
/// ```
/// http_endpoint::request! {
///     /// A network to make.
///     pub struct NetworkCreate {
///         required {
///             /// Its name.
///             name: String = "Name",
///         }
///         /// Its driver.
///         driver / with_driver: Option<String> = "Driver",
///         /// Whether the host is reached from it.
///         internal / with_internal: bool = "Internal" always,
///     }
/// }
///
/// let network = NetworkCreate::new("front").with_driver("bridge");
/// let json = serde_json::to_string(&network).unwrap();
/// assert_eq!(json, r#"{"Name":"front","Driver":"bridge","Internal":false}"#);
/// assert_eq!(serde_json::from_str::<NetworkCreate>(&json).unwrap(), network);
/// ```
#[macro_export]
macro_rules! request {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            required { $($required:tt)* }
            $($fields:tt)*
        }
    ) => {
        $crate::request! { @object [$(#[$meta])*] $name [$($required)*] [$($fields)*] }
    };

    (
        $(#[$meta:meta])*
        pub struct $name:ident { $($fields:tt)* }
    ) => {
        $crate::request! { @object [$(#[$meta])*] $name [] [$($fields)*] }
    };

    (
        @object [$(#[$meta:meta])*] $name:ident
        [$($(#[$rm:meta])* $rf:ident : $rt:ty = $rk:literal $(| $ralias:literal)*),* $(,)?]
        [$($(#[$fm:meta])* $field:ident / $setter:ident : $ty:ty
            = $key:literal $(| $alias:literal)* $($always:ident)?),* $(,)?]
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$rm])* pub $rf: $rt,)*
            $($(#[$fm])* pub $field: $ty,)*
        }

        impl $name {
            /// What is required; everything else is not set.
            #[must_use]
            pub fn new($($rf: impl Into<$rt>),*) -> Self {
                Self { $($rf: $rf.into(),)* $($field: Default::default(),)* }
            }

            $(
                $(#[$fm])*
                #[must_use]
                pub fn $setter(mut self, value: impl $crate::IntoQuery<$ty>) -> Self {
                    self.$field = value.into_query();
                    self
                }
            )*
        }

        impl $crate::private::serde::Serialize for $name {
            fn serialize<S: $crate::private::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use $crate::private::serde::ser::SerializeStruct as _;
                #[allow(unused_mut, reason = "an object without fields")]
                let mut object = serializer.serialize_struct(
                    stringify!($name),
                    [$($rk,)* $($key,)*].len(),
                )?;
                $(object.serialize_field($rk, &self.$rf)?;)*
                $(
                    if $crate::request!(@sent &self.$field $(, $always)?) {
                        object.serialize_field($key, &self.$field)?;
                    }
                )*
                object.end()
            }
        }

        $crate::object_reader! {
            $name { $($rf : $rt = $rk $(| $ralias)*,)* $($field : $ty = $key $(| $alias)*,)* }
        }
    };

    (@sent $value:expr) => { !$crate::Unset::is_unset($value) };
    (@sent $value:expr, always) => { true };
}

/// Declares an object that is received: every field has a default, `null` is that default, and what has no
/// field is skipped. `name: Type = "Key"`, or `"Key" | "key"` for what is spelled in two ways.
///
/// ```
/// http_endpoint::response! {
///     /// A volume.
///     pub struct Volume {
///         /// Its name.
///         name: String = "Name",
///         /// Its labels.
///         labels: std::collections::BTreeMap<String, String> = "Labels",
///     }
/// }
///
/// let volume: Volume = serde_json::from_str(r#"{"Name":"data","Labels":null,"Anchor":7}"#).unwrap();
/// assert_eq!((volume.name.as_str(), volume.labels.len()), ("data", 0));
/// ```
#[macro_export]
macro_rules! response {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $($(#[$fm:meta])* $field:ident : $ty:ty = $key:literal $(| $alias:literal)*),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$fm])* pub $field: $ty,)*
        }

        $crate::object_reader! { $name { $($field : $ty = $key $(| $alias)*,)* } }
    };
}

/// The `Deserialize` of an object.
#[doc(hidden)]
#[macro_export]
macro_rules! object_reader {
    ($name:ident { $($field:ident : $ty:ty = $key:literal $(| $alias:literal)*,)* }) => {
        const _: () = {
            use $crate::private::serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};

            const FIELDS: &[&str] = &[$($key,)*];

            #[allow(non_camel_case_types, reason = "named as the fields are")]
            #[derive(Clone, Copy)]
            enum Field {
                $($field,)*
                __Unknown,
            }

            impl<'de> Deserialize<'de> for Field {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    deserializer.deserialize_identifier($crate::private::KeyVisitor(|key| match key {
                        $($key $(| $alias)* => Self::$field,)*
                        _ => Self::__Unknown,
                    }))
                }
            }

            struct Object;

            impl<'de> Visitor<'de> for Object {
                type Value = $name;

                fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str(concat!("an object (", stringify!($name), ")"))
                }

                fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                    #[allow(unused_mut, reason = "an object without fields")]
                    let mut object = $name::default();
                    while let Some(field) = map.next_key()? {
                        match field {
                            $(Field::$field => {
                                object.$field = map.next_value::<Option<$ty>>()?.unwrap_or_default();
                            })*
                            Field::__Unknown => {
                                map.next_value::<IgnoredAny>()?;
                            }
                        }
                    }
                    Ok(object)
                }
            }

            impl<'de> Deserialize<'de> for $name {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    deserializer.deserialize_struct(stringify!($name), FIELDS, Object)
                }
            }
        };
    };
}

/// Declares an open enum: the words that are known, and `Other` for those of another version of the engine.
/// The default is the empty word; `null` and an absent field are it, too.
///
/// ```
/// http_endpoint::words! {
///     /// The state of a container.
///     pub enum State {
///         /// It runs.
///         Running = "running",
///         /// It ended.
///         Exited = "exited",
///     }
/// }
///
/// assert_eq!(serde_json::from_str::<State>(r#""running""#).unwrap(), State::Running);
/// assert_eq!(State::from("dozing"), State::Other("dozing".into()));
/// assert_eq!(State::Exited.as_str(), "exited");
/// ```
#[macro_export]
macro_rules! words {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $($(#[$vm:meta])* $variant:ident = $word:literal $(| $alias:literal)*),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$vm])* $variant,)+
            /// Another word, or none when it is empty.
            Other(String),
        }

        impl $name {
            /// The word itself.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Other(word) => word,
                }
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::Other(String::new())
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                match word {
                    $($word $(| $alias)* => Self::$variant,)+
                    other => Self::Other(other.to_owned()),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
            }
        }

        impl $crate::Unset for $name {
            fn is_unset(&self) -> bool {
                self.as_str().is_empty()
            }
        }

        impl $crate::QueryValue for $name {
            const KIND: $crate::ParameterKind = $crate::ParameterKind::Text;

            fn write(&self, key: &str, query: &mut $crate::QueryWriter) {
                if !$crate::Unset::is_unset(self) {
                    query.pair(key, self.as_str());
                }
            }
        }

        impl $crate::private::serde::Serialize for $name {
            fn serialize<S: $crate::private::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::private::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str($crate::private::WordVisitor(|word| Self::from(word)))
            }
        }
    };
}
