//! What may stand where: one table of attributes, with the type of each and the form that it gets in the end.

mod check;
mod common;
mod deploy;
mod service;
mod shape;
mod suggest;
mod top;

pub(crate) use check::validate;
pub(crate) use service::{JOB, SERVICE};
pub(crate) use shape::{Fields, Form, Shape};
pub(crate) use suggest::suggest;
pub(crate) use top::{CONFIG, INCLUDE, MODEL, NETWORK, SECRET, TOP, VOLUME};
