//! Typed Docker Engine API: every endpoint as a value, no IO.
