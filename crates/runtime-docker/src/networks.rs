//! Networks.

use docker_api::networks::{
    NetworkConnect, NetworkConnectConfig, NetworkCreate, NetworkDelete, NetworkDisconnect,
    NetworkDisconnectConfig, NetworkInspect, NetworkList,
};
use http_endpoint::Filters;
use runtime_core::{EndpointSpec, NetworkFilter, NetworkInfo, NetworkSpec, Result};

use crate::DockerRuntime;
use crate::convert::network::{create_body, endpoint, info};
use crate::error::not_found;
use crate::runtime::{is_asked, may_be_id};

impl DockerRuntime {
    pub(crate) async fn make_network(&self, spec: &NetworkSpec) -> Result<String> {
        let create = NetworkCreate::new(create_body(spec, self.api_version()));
        let answer = self.slow().send(&create).await.map_err(self.failed("create network", &spec.name))?;
        Ok(answer.id)
    }

    pub(crate) async fn look_at_network(
        &self,
        operation: &'static str,
        network: &str,
    ) -> Result<NetworkInfo> {
        let found =
            self.api().send(&NetworkInspect::new(network)).await.map_err(self.failed(operation, network))?;
        if is_asked(network, &found.id, &found.name) {
            Ok(info(found))
        } else {
            Err(not_found(operation, network))
        }
    }

    pub(crate) async fn all_networks(&self, filter: &NetworkFilter) -> Result<Vec<NetworkInfo>> {
        let mut filters = Filters::new();
        for label in &filter.labels {
            filters.add("label", label);
        }
        for name in &filter.names {
            filters.add("name", name);
        }
        let list = self
            .api()
            .send(&NetworkList::new().with_filters(filters))
            .await
            .map_err(self.unnamed_mapper("list networks"))?;
        // The engine takes a name for a part of one.
        let exact = |name: &String| filter.names.is_empty() || filter.names.contains(name);
        Ok(list.into_iter().filter(|network| exact(&network.name)).map(info).collect())
    }

    pub(crate) async fn delete_network(&self, network: &str) -> Result<()> {
        const OPERATION: &str = "remove network";
        if may_be_id(network, self.dialect()) {
            self.look_at_network(OPERATION, network).await?;
        }
        self.slow().send(&NetworkDelete::new(network)).await.map_err(self.failed(OPERATION, network))
    }

    pub(crate) async fn attach_network(
        &self,
        network: &str,
        container: &str,
        spec: &EndpointSpec,
    ) -> Result<()> {
        let config = NetworkConnectConfig::new(container).with_endpoint(endpoint(spec));
        let subject = format!("{container} to {network}");
        self.slow()
            .send(&NetworkConnect::new(network, config))
            .await
            .map_err(self.failed("connect container", &subject))
    }

    pub(crate) async fn detach_network(&self, network: &str, container: &str, force: bool) -> Result<()> {
        let config = NetworkDisconnectConfig::new(container).with_force(force);
        let subject = format!("{container} from {network}");
        self.slow()
            .send(&NetworkDisconnect::new(network, config))
            .await
            .map_err(self.failed("disconnect container", &subject))
    }
}
