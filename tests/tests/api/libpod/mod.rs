//! The groups of `libpod-api`.

mod artifacts;
mod build;
mod checkpoint;
mod containers;
mod events;
mod exec;
mod files;
mod generate;
mod helper;
mod image_transfer;
mod images;
mod kube;
mod lifecycle;
mod made;
mod manifests;
mod networks;
mod pods;
mod quadlets;
mod secrets;
mod system;
mod systemd;
mod volumes;
mod watch;

crate::groups![
    artifacts,
    build,
    checkpoint,
    containers,
    events,
    exec,
    files,
    generate,
    image_transfer,
    images,
    kube,
    lifecycle,
    manifests,
    networks,
    pods,
    quadlets,
    secrets,
    system,
    volumes,
    watch,
];
