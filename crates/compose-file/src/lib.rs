//! The Compose file model: loading, merging, validation and canonical form, with positions.
