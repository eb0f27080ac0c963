//! The `endpoint!` and `endpoints!` macros.

/// Declares an [`Endpoint`](crate::Endpoint): a struct with public fields, `new` with what the path, the
/// query and the body require, and a `with_*` setter for each other query parameter and header. Where
/// nothing is required, it is also `Default`.
///
/// ```text
/// endpoint! {
///     /// Docs.
///     METHOD "/path/{id}" => KIND, [success codes], since "5.6";
///     pub struct Name {
///         path { /** Docs. */ id }                  // {id}: a slash is encoded; {id:.*}: it stays
///         required { /** Docs. */ name: String = "name" }   // query parameters that `new` takes
///         query { /** Docs. */ all / with_all: bool = "all" }
///         header { /** Docs. */ auth / with_auth = "X-Registry-Auth" }   // Option<SecretHeader>
///         json { /** Docs. */ body: BodyType }      // a JSON body, required by `new`
///         stream "application/x-tar"                // a body that the caller streams
///     }
/// }
/// ```
///
/// `METHOD` is `GET`, `HEAD`, `POST`, `PUT` or `DELETE`. `KIND` is `none`, `text`, `json<T>`,
/// `json_stream<T>`, `raw`, `multiplexed`, `tar` or `hijacked`. Each part is optional, and so is `since`, the
/// first version of the engine that knows the endpoint; the order is fixed.
#[macro_export]
macro_rules! endpoint {
    (
        $(#[$meta:meta])*
        $method:ident $template:literal => $kind:ident $(<$response:ty>)?, [$($status:literal),+ $(,)?]
        $(, since $since:literal)?;
        pub struct $name:ident {
            $(path { $($(#[$pm:meta])* $pf:ident),* $(,)? })?
            $(required { $($(#[$rm:meta])* $rf:ident : $rt:ty = $rk:literal),* $(,)? })?
            $(query { $($(#[$qm:meta])* $qf:ident / $qset:ident : $qt:ty = $qk:literal),* $(,)? })?
            $(header { $($(#[$hm:meta])* $hf:ident / $hset:ident = $hk:literal),* $(,)? })?
            $(json { $(#[$bm:meta])* $bf:ident : $bt:ty $(,)? })?
            $(stream $content_type:literal)?
        }
    ) => {
        $(#[$meta])*
        #[doc = ""]
        #[doc = concat!("`", stringify!($method), " ", $template, "`", $(", since ", $since,)? ".")]
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub struct $name {
            $($($(#[$pm])* pub $pf: String,)*)?
            $($($(#[$rm])* pub $rf: $rt,)*)?
            $($($(#[$qm])* pub $qf: $qt,)*)?
            $($($(#[$hm])* pub $hf: Option<$crate::SecretHeader>,)*)?
            $($(#[$bm])* pub $bf: $bt,)?
        }

        impl $name {
            /// A request with its required parts; everything else is not set.
            #[must_use]
            pub fn new($($($pf: impl Into<String>,)*)? $($($rf: impl Into<$rt>,)*)? $($bf: $bt)?) -> Self {
                Self {
                    $($($pf: $pf.into(),)*)?
                    $($($rf: $rf.into(),)*)?
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

        $crate::endpoint!(@default $name $($($pf)*)? $($($rf)*)? $($bf)?);

        impl $crate::Endpoint for $name {
            type Response = $crate::endpoint!(@response $kind $($response)?);
            const METHOD: $crate::Method = $crate::endpoint!(@method $method);
            const PATH: &'static str = $template;
            const QUERY: &'static [$crate::Parameter] = &[
                $($($crate::Parameter::required::<$rt>($rk),)*)?
                $($($crate::Parameter::optional::<$qt>($qk),)*)?
            ];
            const SUCCESS: &'static [u16] = &[$($status),+];
            const KIND: $crate::Kind = $crate::endpoint!(@kind $kind);
            const REQUEST: $crate::RequestKind =
                $crate::endpoint!(@request $(json $bf)? $(stream $content_type)?);
            $(const SINCE: Option<&'static str> = Some($since);)?
            $($crate::body_check!($bt);)?

            #[inline]
            fn write_path(&self, _path: &mut String) {
                $crate::private::fill_path(_path, $template, &[$($((stringify!($pf), &self.$pf)),*)?]);
            }

            #[inline]
            fn write_query(&self, _query: &mut $crate::QueryWriter) {
                $($($crate::QueryValue::write(&self.$rf, $rk, _query);)*)?
                $($($crate::QueryValue::write(&self.$qf, $qk, _query);)*)?
            }

            #[inline]
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
                #[inline]
                fn body(&self) -> Result<Option<Vec<u8>>, $crate::private::serde_json::Error> {
                    $crate::private::serde_json::to_vec(&self.$bf).map(Some)
                }
            )?

            // Inlined, so that only what a program calls is compiled, and there.
            #[inline]
            fn decode(
                _body: &[u8],
            ) -> Result<Self::Response, $crate::private::serde_json::Error> {
                $crate::endpoint!(@decode $kind _body)
            }
        }
    };

    (@default $name:ident) => {
        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }
    };
    (@default $name:ident $($required:tt)+) => {};

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

    (@decode json $body:ident) => { $crate::private::decode_json($body, Self::SUCCESS) };
    (@decode json_stream $body:ident) => { $crate::private::serde_json::from_slice($body) };
    (@decode text $body:ident) => { Ok(String::from_utf8_lossy($body).into_owned()) };
    (@decode $other:ident $body:ident) => { Ok(()) };
}

/// Declares the endpoints of a module, each as in [`endpoint!`], and `ENDPOINTS`, the list of what they are.
///
/// ```
/// http_endpoint::endpoints! {
///     /// Whether the engine answers.
///     GET "/_ping" => text, [200];
///     pub struct Ping {}
///
///     /// Pauses a container.
///     POST "/containers/{id}/pause" => none, [204];
///     pub struct ContainerPause {
///         path {
///             /// Name or id.
///             id
///         }
///     }
/// }
///
/// assert_eq!(ENDPOINTS.iter().map(|one| one.path).collect::<Vec<_>>(), ["/_ping", "/containers/{id}/pause"]);
/// ```
#[macro_export]
macro_rules! endpoints {
    ($(
        $(#[$meta:meta])*
        $method:ident $template:literal => $kind:ident $(<$response:ty>)?, [$($status:literal),+ $(,)?]
        $(, since $since:literal)?;
        pub struct $name:ident { $($parts:tt)* }
    )+) => {
        $(
            $crate::endpoint! {
                $(#[$meta])*
                $method $template => $kind $(<$response>)?, [$($status),+] $(, since $since)?;
                pub struct $name { $($parts)* }
            }
        )+

        /// Every endpoint of this module.
        pub const ENDPOINTS: &[$crate::Descriptor] = &[$($crate::Descriptor::of::<$name>(stringify!($name))),+];
    };
}
