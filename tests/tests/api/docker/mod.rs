//! The groups of `docker-api`.

/// The groups that read Podman's compatible API with the types of `docker-api`.
pub(crate) const COMPATIBLE: &[(&str, crate::Group)] = &[];

crate::groups![];
