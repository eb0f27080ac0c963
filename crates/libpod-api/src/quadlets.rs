//! Quadlets: files on the engine's host from which systemd makes units that run containers. Since Podman 5.7, and
//! only where the host runs systemd.
//!
//! ```
//! use http_endpoint::Endpoint;
//! use libpod_api::quadlets::{QuadletInstall, QuadletList};
//!
//! // The files are the request's body, as a tar archive.
//! let install = QuadletInstall::new().with_replace(true).with_reload_systemd(false);
//! assert_eq!(install.target("/v5.0.0/libpod"), "/v5.0.0/libpod/quadlets?replace=true&reload-systemd=false");
//!
//! let list = QuadletList::decode(br#"[{"Name":"web.container","UnitName":"web.service","Status":"Not loaded"}]"#);
//! assert_eq!(list.unwrap()[0].unit_name, "web.service");
//! ```

use std::collections::BTreeMap;

use http_endpoint::{Filters, GoError, endpoints, response};

endpoints! {
    /// Removes several quadlets, or all. Status 200 also if some could not be removed: the answer says which.
    DELETE "/quadlets" => json<QuadletRemoveReport>, [200], since "5.7";
    pub struct QuadletRemoveMany {
        query {
            /// Which; not with `all`.
            quadlets / with_quadlets: Vec<String> = "quadlets",
            /// All that the service's user installed.
            all / with_all: bool = "all",
            /// Stop those that run.
            force / with_force: bool = "force",
            /// One that is not there is no error.
            ignore / with_ignore: bool = "ignore",
            /// Let systemd read its units anew; the default is `true`.
            reload_systemd / with_reload_systemd: Option<bool> = "reload-systemd",
        }
    }

    /// Installs quadlets. The body is a tar archive of the files; at least one must be a quadlet
    /// (`.container`, `.volume`, `.network`, `.kube`, `.pod`, `.image`, `.build`, `.artifact`), and the others go
    /// with it.
    POST "/quadlets" => json<QuadletInstallReport>, [200], since "5.7";
    pub struct QuadletInstall {
        query {
            /// Replace files of the same name; without it they are status 400.
            replace / with_replace: bool = "replace",
            /// Let systemd read its units anew; the default is `true`.
            reload_systemd / with_reload_systemd: Option<bool> = "reload-systemd",
        }
        stream "application/x-tar"
    }

    /// Lists quadlets.
    GET "/quadlets/json" => json<Vec<ListQuadlet>>, [200], since "5.7";
    pub struct QuadletList {
        query {
            /// `name`, with `*` for anything.
            filters / with_filters: Filters = "filters"
        }
    }

    /// Removes a quadlet.
    DELETE "/quadlets/{name}" => json<QuadletRemoveReport>, [200], since "5.7";
    pub struct QuadletRemove {
        path {
            /// Name of the file, `web.container`.
            name
        }
        query {
            /// Stop it if it runs; without that it is status 400.
            force / with_force: bool = "force",
            /// One that is not there is no error.
            ignore / with_ignore: bool = "ignore",
            /// Let systemd read its units anew; the default is `true`.
            reload_systemd / with_reload_systemd: Option<bool> = "reload-systemd",
        }
    }

    /// Whether there is a quadlet: status 404 says that there is none.
    GET "/quadlets/{name}/exists" => none, [204], since "5.7";
    pub struct QuadletExists {
        path {
            /// Name of the file.
            name
        }
    }

    /// A quadlet's text.
    GET "/quadlets/{name}/file" => text, [200], since "5.7";
    pub struct QuadletFile {
        path {
            /// Name of the file.
            name
        }
    }
}

response! {
    /// Answer of [`QuadletInstall`].
    pub struct QuadletInstallReport {
        /// Where each file was put.
        installed_quadlets: BTreeMap<String, String> = "InstalledQuadlets",
        /// Why files were not installed.
        quadlet_errors: BTreeMap<String, GoError> = "QuadletErrors",
    }
}

response! {
    /// Answer of [`QuadletRemove`] and [`QuadletRemoveMany`].
    pub struct QuadletRemoveReport {
        /// Names of those that were removed.
        removed: Vec<String> = "Removed",
        /// Why others were not, by name.
        errors: BTreeMap<String, GoError> = "Errors",
    }
}

response! {
    /// A quadlet.
    pub struct ListQuadlet {
        /// Name of the file.
        name: String = "Name",
        /// The unit that systemd made of it; empty before it read the file.
        unit_name: String = "UnitName",
        /// Path of the file on the engine's host.
        path: String = "Path",
        /// systemd's words (`active/running`), `Not loaded`, or `loaded template`.
        status: String = "Status",
        /// What it was installed with, where several files were.
        app: String = "App",
        /// The quadlet of the pod that it is in. Since Podman 6.0.
        pod: String = "Pod",
    }
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use super::*;

    #[test]
    fn errors_may_be_texts_or_empty_objects() {
        let report = QuadletRemoveMany::decode(
            br#"{"Removed":null,"Errors":{"a.container":{},"b.container":"no such quadlet"}}"#,
        )
        .unwrap();
        assert_eq!(report.errors["b.container"].0.as_deref(), Some("no such quadlet"));
        assert!(report.errors["a.container"].0.is_some() && report.removed.is_empty());
        let many = QuadletRemoveMany::new().with_quadlets(vec!["a.container".to_owned()]).with_force(true);
        assert_eq!(many.target(""), "/quadlets?quadlets=a.container&force=true");
    }
}
