//! Credentials for registries.
//!
//! ```
//! use docker_api::auth::AuthConfig;
//! use docker_api::images::ImageCreate;
//!
//! let auth = AuthConfig::new().with_username("ann").with_password("hunter2");
//! assert!(!format!("{auth:?}").contains("hunter2"));
//! let pull = ImageCreate::new("registry.example/app").with_tag("1").with_registry_auth(auth.to_header());
//! assert!(!format!("{pull:?}").contains("hunter2"));
//! ```

use std::collections::BTreeMap;
use std::fmt;

use http_endpoint::{IntoQuery, SecretHeader, Unset, request, response};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::base64;

/// Text that must not be seen: a password or a token. `Debug` shows only whether it is set.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "" } else { "***" })
    }
}

impl<S: Into<String>> From<S> for Secret {
    fn from(text: S) -> Self {
        Self(text.into())
    }
}

impl IntoQuery<Secret> for &str {
    fn into_query(self) -> Secret {
        Secret::new(self)
    }
}

impl IntoQuery<Secret> for String {
    fn into_query(self) -> Secret {
        Secret(self)
    }
}

impl Unset for Secret {
    fn is_unset(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}

request! {
    /// Credentials for one registry: a user with a password, or a token. `Debug` shows neither the password nor
    /// a token.
    pub struct AuthConfig {
        /// Name of the user.
        username / with_username: String = "username",
        /// Password of the user.
        password / with_password: Secret = "password",
        /// `user:password` in base 64, as in a client's configuration file; the other two are enough.
        auth / with_auth: Secret = "auth",
        /// The user's address; no registry has asked for it for years.
        email / with_email: String = "email",
        /// The registry: a host with a port where it is not 443. Docker Hub is `https://index.docker.io/v1/`.
        server_address / with_server_address: String = "serveraddress",
        /// A token that [`SystemAuth`](crate::system::SystemAuth) gave, in place of user and password.
        identity_token / with_identity_token: Secret = "identitytoken",
        /// A bearer token that is sent to the registry as it is.
        registry_token / with_registry_token: Secret = "registrytoken",
    }
}

impl AuthConfig {
    /// The value of `X-Registry-Auth`: JSON in base 64 for URLs.
    ///
    /// A push needs the header even where the registry asks for no credentials; the default is right there.
    #[must_use]
    pub fn to_header(&self) -> SecretHeader {
        header(self)
    }
}

/// Credentials by registry, for the base images of a build.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RegistryConfig(pub BTreeMap<String, AuthConfig>);

impl RegistryConfig {
    /// The value of `X-Registry-Config`: JSON in base 64 for URLs.
    #[must_use]
    pub fn to_header(&self) -> SecretHeader {
        header(&self.0)
    }
}

impl<S: Into<String>> FromIterator<(S, AuthConfig)> for RegistryConfig {
    fn from_iter<I: IntoIterator<Item = (S, AuthConfig)>>(iter: I) -> Self {
        Self(iter.into_iter().map(|(registry, auth)| (registry.into(), auth)).collect())
    }
}

fn header(value: &impl Serialize) -> SecretHeader {
    // Objects with string keys and text always serialise; the empty object means no credentials.
    let json = serde_json::to_vec(value).unwrap_or_else(|_| b"{}".to_vec());
    SecretHeader::new(base64::encode_url(&json))
}

response! {
    /// What a registry says to credentials.
    pub struct AuthResponse {
        /// In words, such as `Login Succeeded`.
        status: String = "Status",
        /// A token to use in place of the password; empty where the registry gives none.
        identity_token: Secret = "IdentityToken",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_holds_what_is_set_and_is_not_shown() {
        let auth =
            AuthConfig::new().with_username("ann").with_password("hunter2?>").with_server_address("r:5000");
        let header = auth.to_header();
        let json = base64::decode(header.expose()).unwrap();
        assert_eq!(
            String::from_utf8(json).unwrap(),
            r#"{"username":"ann","password":"hunter2?>","serveraddress":"r:5000"}"#
        );
        assert_eq!(AuthConfig::new().to_header().expose(), "e30=");
        assert!(!format!("{auth:?} {header:?}").contains("hunter2"));
        let registries: RegistryConfig = [("r:5000", auth)].into_iter().collect();
        assert!(registries.to_header().expose().starts_with("eyJyOjUwMDAiOnsi"));
        assert!(!format!("{registries:?}").contains("hunter2"));
    }

    #[test]
    fn a_token_in_an_answer_is_not_shown() {
        let answer: AuthResponse =
            serde_json::from_str(r#"{"Status":"Login Succeeded","IdentityToken":"hunter2"}"#).unwrap();
        assert_eq!(answer.identity_token.expose(), "hunter2");
        assert!(!format!("{answer:?}").contains("hunter2"));
    }
}
