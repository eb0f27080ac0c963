//! Networks and the addresses on them.

use std::net::Ipv4Addr;

use indexmap::IndexMap;
use runtime_core::{
    EndpointSpec, ErrorKind, EventAction, EventSource, IpamPool, NetworkFilter, NetworkInfo, NetworkSpec,
    Result,
};

use crate::container::Endpoint;
use crate::engine::Engine;
use crate::state::{Network, State, labels_match};
use crate::{Operation, fault};

/// Network of a container that asks for none.
pub(crate) const DEFAULT_NETWORK: &str = "bridge";

/// The address part of a CIDR subnet.
fn base(subnet: &str) -> Option<u32> {
    subnet.split('/').next()?.parse::<Ipv4Addr>().ok().map(u32::from)
}

impl Engine {
    pub(crate) fn add_default_network(&self) {
        // The name is free on a new engine.
        let _ = self.create_network(&NetworkSpec::new(DEFAULT_NETWORK));
    }

    pub(crate) fn create_network(&self, spec: &NetworkSpec) -> Result<String> {
        let operation = Operation::CreateNetwork;
        self.update(|state| {
            let conflict =
                |reason: String| Err(fault::error(operation, ErrorKind::Conflict, &spec.name, reason));
            if state.networks.values().any(|n| n.info.name == spec.name) {
                return conflict(format!("network {} already exists", spec.name));
            }
            let mut pools = spec.pools.clone();
            if pools.is_empty() {
                pools.push(state.free_pool());
            }
            for network in state.networks.values() {
                let taken = network
                    .info
                    .pools
                    .iter()
                    .find(|old| old.subnet.is_some() && pools.iter().any(|new| new.subnet == old.subnet));
                if taken.is_some() {
                    return conflict(format!("its subnet is used by network {}", network.info.name));
                }
            }
            let id = state.next_id();
            let base = pools.first().and_then(|pool| base(pool.subnet.as_deref()?)).unwrap_or_default();
            let mut info = NetworkInfo::default();
            info.id.clone_from(&id);
            info.name.clone_from(&spec.name);
            info.driver = spec.driver.clone().unwrap_or_else(|| "bridge".into());
            info.labels.clone_from(&spec.labels);
            info.internal = spec.internal;
            info.pools = pools;
            state.networks.insert(id.clone(), Network { info, base, given: 1 });
            self.emit_network(state, &id, &spec.name, EventAction::Create);
            Ok(id)
        })
    }

    pub(crate) fn inspect_network(&self, wanted: &str) -> Result<NetworkInfo> {
        let state = self.lock();
        let id = state.network_id(Operation::InspectNetwork, wanted)?;
        Ok(state.networks[&id].info.clone())
    }

    pub(crate) fn list_networks(&self, filter: &NetworkFilter) -> Vec<NetworkInfo> {
        self.lock()
            .networks
            .values()
            .map(|network| &network.info)
            .filter(|info| filter.names.is_empty() || filter.names.contains(&info.name))
            .filter(|info| labels_match(&info.labels, &filter.labels))
            .cloned()
            .collect()
    }

    pub(crate) fn remove_network(&self, wanted: &str) -> Result<()> {
        let operation = Operation::RemoveNetwork;
        self.update(|state| {
            let id = state.network_id(operation, wanted)?;
            // As on Docker, where only what runs keeps a network in use.
            let user = state
                .containers
                .values()
                .find(|c| c.is_alive() && c.endpoints.values().any(|endpoint| endpoint.network_id == id));
            if let Some(user) = user {
                let reason = format!("container {} is attached to it", user.name);
                return Err(fault::error(operation, ErrorKind::Conflict, wanted, reason));
            }
            if let Some(network) = state.networks.shift_remove(&id) {
                self.emit_network(state, &id, &network.info.name, EventAction::Destroy);
            }
            Ok(())
        })
    }

    pub(crate) fn connect(&self, network: &str, container: &str, spec: &EndpointSpec) -> Result<()> {
        let operation = Operation::ConnectNetwork;
        self.update(|state| {
            let network_id = state.network_id(operation, network)?;
            let name = state.networks[&network_id].info.name.clone();
            let record = state.container(operation, container)?;
            if record.endpoints.contains_key(&name) {
                let reason = format!("container {} is attached to it already", record.name);
                return Err(fault::error(operation, ErrorKind::Conflict, network, reason));
            }
            record.endpoints.insert(
                name.clone(),
                Endpoint { network_id: network_id.clone(), spec: spec.clone(), ip: String::new() },
            );
            let (id, up) = (record.id.clone(), record.is_up());
            if up {
                state.give_addresses(&id);
            }
            self.emit_network(state, &network_id, &name, EventAction::Other("connect".into()));
            Ok(())
        })
    }

    pub(crate) fn disconnect(&self, network: &str, container: &str) -> Result<()> {
        let operation = Operation::DisconnectNetwork;
        self.update(|state| {
            let network_id = state.network_id(operation, network)?;
            let name = state.networks[&network_id].info.name.clone();
            let record = state.container(operation, container)?;
            if record.endpoints.shift_remove(&name).is_none() {
                let reason = format!("container {} is not attached to it", record.name);
                return Err(fault::error(operation, ErrorKind::NotFound, network, reason));
            }
            self.emit_network(state, &network_id, &name, EventAction::Other("disconnect".into()));
            Ok(())
        })
    }

    fn emit_network(&self, state: &mut State, id: &str, name: &str, action: EventAction) {
        let attributes = IndexMap::from([("name".to_owned(), name.to_owned())]);
        self.emit(state, EventSource::Network, action, id, attributes);
    }
}

impl State {
    /// A subnet that no network has.
    fn free_pool(&self) -> IpamPool {
        let used = |third: u32| {
            let base = u32::from(Ipv4Addr::new(10, 89, 0, 0)) + (third << 8);
            self.networks.values().any(|network| network.base == base)
        };
        let third = (0..=255).find(|third| !used(*third)).unwrap_or(255);
        IpamPool {
            subnet: Some(format!("10.89.{third}.0/24")),
            gateway: Some(format!("10.89.{third}.1")),
            ..IpamPool::default()
        }
    }

    /// Gives a container an address on each of its networks where it has none.
    pub(crate) fn give_addresses(&mut self, id: &str) {
        let Some(container) = self.containers.get_mut(id) else { return };
        for endpoint in container.endpoints.values_mut().filter(|endpoint| endpoint.ip.is_empty()) {
            let Some(network) = self.networks.get_mut(&endpoint.network_id) else { continue };
            endpoint.ip = if let Some(fixed) = endpoint.spec.ipv4_address {
                fixed.to_string()
            } else {
                network.given += 1;
                Ipv4Addr::from(network.base.wrapping_add(network.given)).to_string()
            };
        }
    }
}
