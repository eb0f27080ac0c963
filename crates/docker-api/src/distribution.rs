//! What a registry has, as the engine sees it.
//!
//! ```
//! use docker_api::distribution::DistributionInspect;
//! use http_endpoint::Endpoint;
//!
//! let inspect = DistributionInspect::new("registry.example/app:1");
//! assert_eq!(inspect.target("/v1.44"), "/v1.44/distribution/registry.example/app:1/json");
//! let found = DistributionInspect::decode(br#"{"Descriptor":{"digest":"sha256:1"},"Platforms":[{"os":"linux"}]}"#).unwrap();
//! assert_eq!((found.descriptor.digest.as_str(), found.platforms[0].os.as_str()), ("sha256:1", "linux"));
//! ```

use http_endpoint::{endpoints, response};

use crate::{Descriptor, Platform};

endpoints! {
    /// Asks a registry for the digest and the platforms of an image, without pulling it. A registry's refusal is
    /// 401 or 403; a missing image is 404 from some registries, and 403 or 500 from others.
    GET "/distribution/{name:.*}/json" => json<DistributionImage>, [200];
    pub struct DistributionInspect {
        path {
            /// Reference of the image.
            name
        }
        header {
            /// Credentials: [`AuthConfig::to_header`](crate::AuthConfig::to_header).
            registry_auth / with_registry_auth = "X-Registry-Auth",
        }
    }
}

response! {
    /// An image in a registry.
    pub struct DistributionImage {
        /// Its manifest or index.
        descriptor: Descriptor = "Descriptor",
        /// For which platforms it is.
        platforms: Vec<Platform> = "Platforms",
    }
}
