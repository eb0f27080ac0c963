//! The groups of `libpod-api`.

mod events;
mod generate;
mod helper;
mod kube;
mod networks;
mod quadlets;
mod secrets;
mod system;
mod volumes;

crate::groups![events, generate, kube, networks, quadlets, secrets, system, volumes];
