//! The groups of `libpod-api`.

crate::groups![];
