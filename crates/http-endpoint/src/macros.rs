//! The `endpoint!` macro.

/// Declares an [`Endpoint`](crate::Endpoint): a struct with public fields, `new` with what the path and
/// the body require, and a `with_*` setter for each query parameter and header.
///
/// ```text
/// endpoint! {
///     /// Docs.
///     METHOD "/path/{id}" => KIND, [success codes];
///     pub struct Name {
///         path { /** Docs. */ id }                  // {id}: a slash is encoded; {id:.*}: it stays
///         query { /** Docs. */ all / with_all: bool = "all" }
///         header { /** Docs. */ auth / with_auth = "X-Registry-Auth" }   // Option<SecretHeader>
///         json { /** Docs. */ body: BodyType }      // a JSON body, required by `new`
///         stream "application/x-tar"                // a body that the caller streams
///     }
/// }
/// ```
///
/// `METHOD` is `GET`, `HEAD`, `POST`, `PUT` or `DELETE`. `KIND` is `none`, `text`, `json<T>`,
/// `json_stream<T>`, `raw`, `multiplexed`, `tar` or `hijacked`. Each part is optional; the order is fixed.
#[macro_export]
macro_rules! endpoint {
    (
        $(#[$meta:meta])*
        $method:ident $template:literal => $kind:ident $(<$response:ty>)?, [$($status:literal),+ $(,)?];
        pub struct $name:ident {
            $(path { $($(#[$pm:meta])* $pf:ident),* $(,)? })?
            $(query { $($(#[$qm:meta])* $qf:ident / $qset:ident : $qt:ty = $qk:literal),* $(,)? })?
            $(header { $($(#[$hm:meta])* $hf:ident / $hset:ident = $hk:literal),* $(,)? })?
            $(json { $(#[$bm:meta])* $bf:ident : $bt:ty $(,)? })?
            $(stream $content_type:literal)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub struct $name {
            $($($(#[$pm])* pub $pf: String,)*)?
            $($($(#[$qm])* pub $qf: $qt,)*)?
            $($($(#[$hm])* pub $hf: Option<$crate::SecretHeader>,)*)?
            $($(#[$bm])* pub $bf: $bt,)?
        }

        impl $name {
            /// A request with its required parts; everything else is not set.
            #[allow(clippy::new_without_default, reason = "not every endpoint has required parts")]
            #[must_use]
            pub fn new($($($pf: impl Into<String>,)*)? $($bf: $bt)?) -> Self {
                Self {
                    $($($pf: $pf.into(),)*)?
                    $($($qf: Default::default(),)*)?
                    $($($hf: None,)*)?
                    $($bf,)?
                }
            }

            $($(
                $(#[$qm])*
                #[must_use]
                pub fn $qset(mut self, value: impl $crate::IntoQuery<$qt>) -> Self {
                    self.$qf = value.into_query();
                    self
                }
            )*)?
            $($(
                $(#[$hm])*
                #[must_use]
                pub fn $hset(mut self, value: impl Into<$crate::SecretHeader>) -> Self {
                    self.$hf = Some(value.into());
                    self
                }
            )*)?
        }

        impl $crate::Endpoint for $name {
            type Response = $crate::endpoint!(@response $kind $($response)?);
            const METHOD: $crate::Method = $crate::endpoint!(@method $method);
            const PATH: &'static str = $template;
            const QUERY: &'static [&'static str] = &[$($($qk),*)?];
            const SUCCESS: &'static [u16] = &[$($status),+];
            const KIND: $crate::Kind = $crate::endpoint!(@kind $kind);
            const REQUEST: $crate::RequestKind =
                $crate::endpoint!(@request $(json $bf)? $(stream $content_type)?);

            fn path(&self) -> String {
                #[allow(unused_mut, reason = "a path without parameters stays as it is")]
                let mut path = String::from($template);
                $($(
                    path = path
                        .replace(concat!("{", stringify!($pf), "}"), &$crate::encode_path_segment(&self.$pf))
                        .replace(concat!("{", stringify!($pf), ":.*}"), &$crate::encode_path(&self.$pf));
                )*)?
                path
            }

            fn write_query(&self, _query: &mut $crate::QueryWriter) {
                $($($crate::QueryValue::write(&self.$qf, $qk, _query);)*)?
            }

            fn headers(&self) -> Vec<(&'static str, $crate::SecretHeader)> {
                let mut _headers = Vec::new();
                $($(
                    if let Some(value) = &self.$hf {
                        _headers.push(($hk, value.clone()));
                    }
                )*)?
                _headers
            }

            $(
                fn body(&self) -> Result<Option<Vec<u8>>, $crate::private::serde_json::Error> {
                    $crate::private::serde_json::to_vec(&self.$bf).map(Some)
                }
            )?

            fn decode(
                _body: &[u8],
            ) -> Result<Self::Response, $crate::private::serde_json::Error> {
                $crate::endpoint!(@decode $kind _body)
            }
        }
    };

    (@method GET) => { $crate::Method::Get };
    (@method HEAD) => { $crate::Method::Head };
    (@method POST) => { $crate::Method::Post };
    (@method PUT) => { $crate::Method::Put };
    (@method DELETE) => { $crate::Method::Delete };

    (@response json $t:ty) => { $t };
    (@response json_stream $t:ty) => { $t };
    (@response text) => { String };
    (@response $other:ident) => { () };

    (@kind none) => { $crate::Kind::None };
    (@kind text) => { $crate::Kind::Text };
    (@kind json) => { $crate::Kind::Json };
    (@kind json_stream) => { $crate::Kind::JsonStream };
    (@kind raw) => { $crate::Kind::Raw };
    (@kind multiplexed) => { $crate::Kind::Multiplexed };
    (@kind tar) => { $crate::Kind::Tar };
    (@kind hijacked) => { $crate::Kind::Hijacked };

    (@request) => { $crate::RequestKind::Empty };
    (@request json $bf:ident) => { $crate::RequestKind::Json };
    (@request stream $content_type:literal) => { $crate::RequestKind::Stream($content_type) };

    (@decode json $body:ident) => { $crate::private::serde_json::from_slice($body) };
    (@decode json_stream $body:ident) => { $crate::private::serde_json::from_slice($body) };
    (@decode text $body:ident) => { Ok(String::from_utf8_lossy($body).into_owned()) };
    (@decode $other:ident $body:ident) => { Ok(()) };
}
