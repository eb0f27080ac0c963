//! Drives real engines and the built `wharf` binary.
