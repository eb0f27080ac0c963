//! Networks, how containers are attached to them, and volumes.

use std::net::IpAddr;
use std::str::FromStr;

use compose_file::model::{Network, Project, Service, ServiceNetwork, Volume};
use indexmap::IndexMap;
use runtime_core::{EndpointSpec, IpamPool, NetworkSpec, VolumeSpec};

use crate::error::{Error, ErrorKind, Result};
use crate::hash::{network_hash, volume_hash};
use crate::labels;

/// The network that a key of the project stands for.
pub(crate) fn network_spec(project: &Project, key: &str, network: &Network) -> NetworkSpec {
    let mut spec = NetworkSpec::new(&network.name);
    spec.driver.clone_from(&network.driver);
    spec.options.clone_from(&network.driver_opts);
    spec.internal = network.internal;
    spec.attachable = network.attachable;
    spec.ipv6 = network.enable_ipv6;
    spec.ipam_driver.clone_from(&network.ipam.driver);
    spec.ipam_options.clone_from(&network.ipam.options);
    spec.pools = network
        .ipam
        .config
        .iter()
        .map(|pool| IpamPool {
            subnet: pool.subnet.clone(),
            ip_range: pool.ip_range.clone(),
            gateway: pool.gateway.clone(),
            aux_addresses: pool.aux_addresses.clone(),
        })
        .collect();
    let hash = network_hash(network);
    spec.labels = object_labels(project, &network.labels, (labels::NETWORK, key), &hash);
    spec
}

/// The volume that a key of the project stands for.
pub(crate) fn volume_spec(project: &Project, key: &str, volume: &Volume) -> VolumeSpec {
    let mut spec = VolumeSpec::new(&volume.name);
    spec.driver.clone_from(&volume.driver);
    spec.options.clone_from(&volume.driver_opts);
    let hash = volume_hash(volume);
    spec.labels = object_labels(project, &volume.labels, (labels::VOLUME, key), &hash);
    spec
}

fn object_labels(
    project: &Project,
    own: &IndexMap<String, String>,
    key: (&str, &str),
    hash: &crate::hash::ConfigHash,
) -> IndexMap<String, String> {
    let mut all = own.clone();
    for (label, value) in labels::project_labels(project) {
        all.insert(label.to_owned(), value);
    }
    all.insert(key.0.to_owned(), key.1.to_owned());
    all.insert(labels::CONFIG_HASH.to_owned(), hash.whole.clone());
    all.insert(labels::FIELDS.to_owned(), hash.fields_label());
    all
}

/// The networks of a container, by their names on the engine, in the order of connection.
pub(super) fn endpoints(
    project: &Project,
    service: &Service,
    container_name: &str,
) -> Result<IndexMap<String, EndpointSpec>> {
    let mut endpoints = IndexMap::new();
    for (key, options) in service.networks_by_priority() {
        let Some(network) = project.networks.get(key) else {
            let message = format!("uses network {key}, which the project does not define");
            return Err(Error::new(ErrorKind::Invalid, message).with_service(&service.name));
        };
        let none = ServiceNetwork::default();
        let mut endpoint = endpoint(service, key, options.unwrap_or(&none), container_name)?;
        if endpoints.is_empty() && endpoint.mac_address.is_none() {
            endpoint.mac_address.clone_from(&service.mac_address);
        }
        endpoints.insert(network.name.clone(), endpoint);
    }
    Ok(endpoints)
}

fn endpoint(
    service: &Service,
    key: &str,
    options: &ServiceNetwork,
    container_name: &str,
) -> Result<EndpointSpec> {
    let mut aliases = vec![container_name.to_owned()];
    for alias in std::iter::once(&service.name).chain(&options.aliases) {
        if !aliases.contains(alias) {
            aliases.push(alias.clone());
        }
    }
    let mut endpoint = EndpointSpec::with_aliases(aliases);
    endpoint.ipv4_address = address(service, key, "ipv4_address", options.ipv4_address.as_deref())?;
    endpoint.ipv6_address = address(service, key, "ipv6_address", options.ipv6_address.as_deref())?;
    for text in &options.link_local_ips {
        endpoint.link_local_ips.extend(address::<IpAddr>(service, key, "link_local_ips", Some(text))?);
    }
    endpoint.mac_address.clone_from(&options.mac_address);
    endpoint.driver_opts.clone_from(&options.driver_opts);
    endpoint.gw_priority = Some(options.gw_priority).filter(|priority| *priority != 0);
    Ok(endpoint)
}

fn address<T: FromStr>(
    service: &Service,
    network: &str,
    field: &str,
    text: Option<&str>,
) -> Result<Option<T>> {
    let Some(text) = text else { return Ok(None) };
    text.parse().map(Some).map_err(|_| {
        let message = format!("networks.{network}.{field}: `{text}` is not an address of that kind");
        Error::new(ErrorKind::Invalid, message).with_service(&service.name)
    })
}
