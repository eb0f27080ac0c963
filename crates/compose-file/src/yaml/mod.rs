//! Reading and writing YAML.

mod compose;
mod explain;
mod scalar;
mod write;

pub(crate) use compose::read;
pub(crate) use write::write;
