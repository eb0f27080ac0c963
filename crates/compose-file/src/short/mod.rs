//! The short forms of attributes, each parsed on its own, without the tree.

mod ports;
mod size;
mod volumes;
mod words;

pub(crate) use ports::{ShortPort, parse_ports};
pub(crate) use size::parse_size;
pub(crate) use volumes::{ShortVolume, parse_volume};
pub(crate) use words::split_words;
