//! What bad input is held to. Real files stay far below every one of these.

/// The most bytes of one file, Compose or environment.
pub(crate) const FILE_BYTES: usize = 16 << 20;
/// The most values of one YAML document, with every alias counted at its full size.
pub(crate) const NODES: usize = 1_000_000;
/// How deep lists and mappings may nest.
pub(crate) const DEPTH: usize = 100;
/// How deep `${A:-${B:-...}}` may nest.
pub(crate) const TEMPLATE_DEPTH: usize = 50;
/// The most bytes that interpolation may produce in one load.
pub(crate) const INTERPOLATED_BYTES: usize = 64 << 20;
/// The most files that `include` and `extends` may load together.
pub(crate) const FILES: usize = 1000;
/// How deep `include` and `extends` may nest.
pub(crate) const FILE_DEPTH: usize = 50;
/// The most entries that the ports of one service may have once ranges are spelled out.
pub(crate) const PORTS: usize = 65_536;
