//! The groups of `libpod-api`.

mod checkpoint;
mod containers;
mod events;
mod exec;
mod files;
mod generate;
mod helper;
mod kube;
mod lifecycle;
mod made;
mod networks;
mod quadlets;
mod secrets;
mod system;
mod volumes;
mod watch;

crate::groups![
    checkpoint, containers, events, exec, files, generate, kube, lifecycle, networks, quadlets, secrets, system,
    volumes, watch,
];
