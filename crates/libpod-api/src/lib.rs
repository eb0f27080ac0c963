//! Typed libpod API of Podman: every endpoint as a value, no IO.
