//! Secrets. Containers that use one get a copy when they are made.
//!
//! ```
//! use http_endpoint::{Endpoint, JsonQuery};
//! use libpod_api::secrets::{SecretCreate, SecretInspect};
//!
//! // The value itself is the request's body, raw, handed to the transport beside this.
//! let create = SecretCreate::new("db-password").with_replace(true);
//! assert_eq!(create.target("/v5.0.0/libpod"), "/v5.0.0/libpod/secrets/create?name=db-password&replace=true");
//!
//! let secret = SecretInspect::decode(br#"{"ID":"a1","Spec":{"Name":"db-password"},"SecretData":"hunter2"}"#).unwrap();
//! assert_eq!(secret.secret_data.expose(), "hunter2");
//! assert!(!format!("{secret:?}").contains("hunter2"));
//! ```

use std::collections::BTreeMap;
use std::fmt;

use http_endpoint::{Date, Filters, JsonQuery, SecretMap, endpoints, response};
use serde::de::{Deserialize, Deserializer};

endpoints! {
    /// Makes a secret. The body is its value, raw: 1 to 511,999 bytes. A name that is taken is status 500 with the
    /// cause `secret name in use`.
    POST "/secrets/create" => json<SecretCreateReport>, [200];
    pub struct SecretCreate {
        required {
            /// Name.
            name: String = "name"
        }
        query {
            /// `file` (the default), `pass` or `shell`.
            driver / with_driver: Option<String> = "driver",
            /// Options of the driver. `Debug` shows names only.
            driver_opts / with_driver_opts: Option<JsonQuery<SecretMap>> = "driveropts",
            /// Labels. Since Podman 4.3.
            labels / with_labels: Option<JsonQuery<BTreeMap<String, String>>> = "labels",
            /// Replace a secret of this name. It gets another id, and containers that were made before keep their
            /// copy. Since Podman 4.7.
            replace / with_replace: bool = "replace",
            /// A secret of this name that is there is good, whatever its value. Since Podman 5.6.
            ignore / with_ignore: bool = "ignore",
        }
        stream "application/octet-stream"
    }

    /// Lists secrets, without their values.
    GET "/secrets/json" => json<Vec<SecretInfoReport>>, [200];
    pub struct SecretList {
        query {
            /// `name` (a regular expression), `id` (its beginning). An unknown key is status 500 if there is any
            /// secret.
            filters / with_filters: Filters = "filters"
        }
    }

    /// Removes a secret. Containers that were made before keep their copy.
    DELETE "/secrets/{name}" => none, [204];
    pub struct SecretRemove {
        path {
            /// Name or id.
            name
        }
    }

    /// Whether there is a secret: status 404 says that there is none.
    GET "/secrets/{name}/exists" => none, [204], since "4.6";
    pub struct SecretExists {
        path {
            /// Name or id.
            name
        }
    }

    /// A secret, with its value where that is asked for.
    GET "/secrets/{name}/json" => json<SecretInfoReport>, [200];
    pub struct SecretInspect {
        path {
            /// Name or id.
            name
        }
        query {
            /// Answer with the value, too. Since Podman 4.7; ignored before.
            show_secret / with_show_secret: bool = "showsecret"
        }
    }
}

response! {
    /// Answer of [`SecretCreate`].
    pub struct SecretCreateReport {
        /// Id of the secret.
        id: String = "ID",
    }
}

response! {
    /// A secret.
    pub struct SecretInfoReport {
        /// Id.
        id: String = "ID",
        /// When it was made.
        created_at: Date = "CreatedAt",
        /// When it was changed last.
        updated_at: Date = "UpdatedAt",
        /// What it was made as.
        spec: SecretSpec = "Spec",
        /// Its value, where [`SecretInspect::show_secret`] asked for it; `Debug` does not show it.
        secret_data: SecretData = "SecretData",
    }
}

response! {
    /// What a secret was made as.
    pub struct SecretSpec {
        /// Name.
        name: String = "Name",
        /// Where its value is kept.
        driver: SecretDriver = "Driver",
        /// Labels. Podman 4.3 leaves them out of its list.
        labels: BTreeMap<String, String> = "Labels",
    }
}

response! {
    /// Where a secret's value is kept.
    pub struct SecretDriver {
        /// `file`, `pass` or `shell`.
        name: String = "Name",
        /// Options of the driver, `path` of the driver `file` among them. `Debug` shows names only.
        options: SecretMap = "Options",
    }
}

/// The value of a secret. `Debug` does not show it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SecretData(String);

impl SecretData {
    /// The value itself. The engine sends it as text: bytes that are not UTF-8 were replaced by it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether the engine sent none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for SecretData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_empty() { "SecretData()" } else { "SecretData(***)" })
    }
}

impl<'de> Deserialize<'de> for SecretData {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use super::*;

    #[test]
    fn a_list_decodes() {
        let list = SecretList::decode(
            br#"[{"ID":"4a6b3c29a0e5d33adeed7ffa7","CreatedAt":"2026-11-24T19:13:50.190429533Z","UpdatedAt":
            "2026-11-24T19:13:50.190429533Z","Spec":{"Name":"s","Driver":{"Name":"file","Options":{"path":"/x"}},
            "Labels":null}}]"#,
        )
        .unwrap();
        assert_eq!((list[0].spec.name.as_str(), list[0].spec.driver.name.as_str()), ("s", "file"));
        assert!(list[0].secret_data.is_empty() && list[0].updated_at.time().is_some());
    }

    #[test]
    fn no_value_that_may_be_secret_is_shown() {
        let create = SecretCreate::new("s")
            .with_driver("shell")
            .with_driver_opts(JsonQuery(SecretMap::from_iter([("store", "echo hunter2")])));
        assert!(!format!("{create:?}").contains("hunter2"));
        assert_eq!(
            create.target(""),
            "/secrets/create?name=s&driver=shell&driveropts=%7B%22store%22%3A%22echo%20hunter2%22%7D"
        );
        assert_eq!(format!("{:?}", SecretData::default()), "SecretData()");
    }
}
