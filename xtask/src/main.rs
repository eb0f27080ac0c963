//! Development commands of this workspace: `cargo xtask <command>`.

fn main() {}
