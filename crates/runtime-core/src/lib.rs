//! The Runtime trait: what a container engine does, in types that know no engine.
