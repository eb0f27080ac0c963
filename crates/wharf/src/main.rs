//! `wharf`: runs Compose projects on any container engine.

fn main() {}
