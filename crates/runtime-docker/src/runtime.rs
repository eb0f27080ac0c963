//! The runtime itself.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use docker_api::ApiVersion;
use docker_api::containers::{ContainerPause, ContainerStart, ContainerUnpause};
use docker_api::system::Ping;
use runtime_core::{
    AttachOptions, BoxReader, BoxStream, BuildEvent, BuildSpec, Capabilities, ContainerFilter, ContainerInfo,
    ContainerSpec, ContainerSummary, EndpointSpec, EngineInfo, Error, Event, EventFilter, ExecSession,
    ExecSpec, ExitStatus, ImageFilter, ImageInfo, ImageProgress, ImageSummary, LogOptions, NetworkFilter,
    NetworkInfo, NetworkSpec, OutputChunk, PullSpec, RemoveContainer, Result, Runtime, Session, StopOptions,
    TerminalSize, VolumeFilter, VolumeInfo, VolumeSpec, WaitCondition,
};
use sock_transport::Client;

use crate::{Dialect, DockerOptions, EngineProbe, error};

/// How long a call that changes something may take: a busy engine starts containers one after another.
pub(crate) const SLOW: Duration = Duration::from_secs(300);

/// The length of a full id.
const ID_LENGTH: usize = 64;
/// The length of the short ids that the engines' own tools print. Less than this is not taken for an id.
const SHORT_ID_LENGTH: usize = 12;

/// The [`Runtime`] of Docker, and of Podman's compatible API. A clone is cheap and shares connections.
#[derive(Clone)]
pub struct DockerRuntime {
    inner: Arc<Inner>,
}

struct Inner {
    client: Client,
    /// With the version as its prefix.
    api: Client,
    /// The same with a long deadline.
    slow: Client,
    api_version: ApiVersion,
    dialect: Dialect,
    info: EngineInfo,
    capabilities: Capabilities,
}

impl DockerRuntime {
    /// Connects to an engine: asks for its version ([`EngineProbe::run`]) and agrees on one.
    ///
    /// # Errors
    /// [`Unavailable`](runtime_core::ErrorKind::Unavailable) when nothing answers, with the socket and what
    /// to do; [`Unsupported`](runtime_core::ErrorKind::Unsupported) when there is no common version.
    ///
    /// # Cancel safety
    /// Nothing on the engine changes.
    pub async fn connect(options: DockerOptions) -> Result<Self> {
        let client = options.client.unwrap_or_else(|| Client::unix(options.socket));
        let probe = EngineProbe::run(&client).await?;
        Self::from_probe(&client, &probe, options.dialect)
    }

    /// A runtime for an engine that was probed already; makes no call.
    ///
    /// # Errors
    /// [`Unsupported`](runtime_core::ErrorKind::Unsupported) when there is no common version.
    pub fn from_probe(client: &Client, probe: &EngineProbe, dialect: Dialect) -> Result<Self> {
        let api_version = probe.negotiate()?;
        let client = client.with_prefix("");
        let api = client.with_prefix(api_version.prefix());
        let slow = api.with_header_timeout(SLOW);
        let mut capabilities = Capabilities::none();
        capabilities.native_health = !dialect.self_probed_health;
        capabilities.networks_at_create = dialect.networks_at_create || api_version >= ApiVersion::new(1, 44);
        capabilities.rootless = probe.rootless;
        let info = probe.info(api_version);
        let inner = Inner { client, api, slow, api_version, dialect, info, capabilities };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The client without a version, for calls of another API on the same socket.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.inner.client
    }

    /// The client whose paths begin with the version that was agreed on.
    #[must_use]
    pub fn versioned(&self) -> &Client {
        &self.inner.api
    }

    /// The API version that was agreed on.
    #[must_use]
    pub fn api_version(&self) -> ApiVersion {
        self.inner.api_version
    }

    /// What the engine does in its own way.
    #[must_use]
    pub fn dialect(&self) -> &Dialect {
        &self.inner.dialect
    }

    pub(crate) fn api(&self) -> &Client {
        &self.inner.api
    }

    /// For calls that change something.
    pub(crate) fn slow(&self) -> &Client {
        &self.inner.slow
    }

    /// Whether what came with an API version is there.
    pub(crate) fn newer(&self, version: ApiVersion) -> bool {
        self.inner.dialect.newer_fields || self.inner.api_version >= version
    }

    /// Turns a failed call into a runtime error.
    pub(crate) fn failed<'a>(
        &'a self,
        operation: &'static str,
        subject: &'a str,
    ) -> impl Fn(sock_transport::Error) -> Error + 'a {
        move |error| error::map(&self.inner.client, operation, Some(subject).filter(|s| !s.is_empty()), error)
    }

    /// The same for a stream, which outlives the call.
    pub(crate) fn mapper(
        &self,
        operation: &'static str,
        subject: &str,
    ) -> impl Fn(sock_transport::Error) -> Error + Send + 'static + use<> {
        let (client, subject) = (self.inner.client.clone(), subject.to_owned());
        move |error| error::map(&client, operation, Some(subject.as_str()).filter(|s| !s.is_empty()), error)
    }

    /// The same for what is not about one object.
    pub(crate) fn unnamed_mapper(
        &self,
        operation: &'static str,
    ) -> impl Fn(sock_transport::Error) -> Error + Send + 'static + use<> {
        self.mapper(operation, "")
    }
}

impl fmt::Debug for DockerRuntime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DockerRuntime")
            .field("socket", &self.inner.client.socket())
            .field("api_version", &self.inner.api_version.to_string())
            .finish_non_exhaustive()
    }
}

/// Whether an engine could take a name for the beginning of some other object's id. Every engine does so
/// when no object has that name, and would then change an object that nobody named.
pub(crate) fn may_be_id(name: &str, dialect: &Dialect) -> bool {
    let wildcard = |byte| dialect.wildcard_ids && byte == b'_';
    name.len() < ID_LENGTH
        && name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f') || wildcard(byte))
}

/// Whether an object is the one that was asked for: by its name, or by at least a short id.
pub(crate) fn is_asked(asked: &str, id: &str, name: &str) -> bool {
    name.trim_start_matches('/') == asked.trim_start_matches('/')
        || (asked.len() >= SHORT_ID_LENGTH && id.starts_with(asked))
}

#[async_trait]
impl Runtime for DockerRuntime {
    fn info(&self) -> &EngineInfo {
        &self.inner.info
    }

    fn capabilities(&self) -> &Capabilities {
        &self.inner.capabilities
    }

    fn prefer_self_probed_health(&self) -> bool {
        self.inner.dialect.self_probed_health
    }

    async fn ping(&self) -> Result<()> {
        self.client().send(&Ping::new()).await.map_err(self.unnamed_mapper("reach the engine"))?;
        Ok(())
    }

    async fn pull_image(&self, spec: &PullSpec) -> Result<BoxStream<ImageProgress>> {
        self.pull(spec).await
    }

    async fn build_image(&self, spec: &BuildSpec, context: BoxReader) -> Result<BoxStream<BuildEvent>> {
        self.build(spec, context).await
    }

    async fn inspect_image(&self, reference: &str) -> Result<ImageInfo> {
        self.look_at_image(reference).await
    }

    async fn list_images(&self, filter: &ImageFilter) -> Result<Vec<ImageSummary>> {
        self.all_images(filter).await
    }

    async fn remove_image(&self, reference: &str, force: bool) -> Result<()> {
        self.delete_image(reference, force).await
    }

    async fn tag_image(&self, reference: &str, tag: &str) -> Result<()> {
        self.tag(reference, tag).await
    }

    async fn load_image(&self, archive: BoxReader) -> Result<Vec<String>> {
        self.load(archive).await
    }

    async fn save_image(&self, references: &[String]) -> Result<BoxReader> {
        self.save(references).await
    }

    async fn create_container(&self, spec: &ContainerSpec) -> Result<String> {
        self.make_container(spec).await
    }

    async fn start_container(&self, container: &str) -> Result<()> {
        self.change("start container", container, &ContainerStart::new(container)).await
    }

    async fn stop_container(&self, container: &str, options: &StopOptions) -> Result<()> {
        self.stop(container, options).await
    }

    async fn restart_container(&self, container: &str, options: &StopOptions) -> Result<()> {
        self.restart(container, options).await
    }

    async fn kill_container(&self, container: &str, signal: Option<&str>) -> Result<()> {
        self.kill(container, signal).await
    }

    async fn pause_container(&self, container: &str) -> Result<()> {
        self.change("pause container", container, &ContainerPause::new(container)).await
    }

    async fn unpause_container(&self, container: &str) -> Result<()> {
        self.change("unpause container", container, &ContainerUnpause::new(container)).await
    }

    async fn rename_container(&self, container: &str, name: &str) -> Result<()> {
        self.rename(container, name).await
    }

    async fn remove_container(&self, container: &str, options: RemoveContainer) -> Result<()> {
        self.remove(container, options).await
    }

    async fn inspect_container(&self, container: &str) -> Result<ContainerInfo> {
        self.look_at(container).await
    }

    async fn list_containers(&self, filter: &ContainerFilter) -> Result<Vec<ContainerSummary>> {
        self.all_containers(filter).await
    }

    async fn logs(&self, container: &str, options: &LogOptions) -> Result<BoxStream<OutputChunk>> {
        self.read_logs(container, options).await
    }

    async fn wait_container(&self, container: &str, condition: WaitCondition) -> Result<ExitStatus> {
        self.wait(container, condition).await
    }

    async fn attach(&self, container: &str, options: &AttachOptions) -> Result<Session> {
        self.attach_to(container, options).await
    }

    async fn resize_container(&self, container: &str, size: TerminalSize) -> Result<()> {
        self.size_container(container, size).await
    }

    async fn exec(&self, container: &str, spec: &ExecSpec) -> Result<ExecSession> {
        self.start_exec(container, spec).await
    }

    async fn exec_detached(&self, container: &str, spec: &ExecSpec) -> Result<String> {
        self.start_exec_detached(container, spec).await
    }

    async fn exec_exit_code(&self, exec: &str) -> Result<i64> {
        self.exit_code_of_exec(exec).await
    }

    async fn resize_exec(&self, exec: &str, size: TerminalSize) -> Result<()> {
        self.size_exec(exec, size).await
    }

    async fn archive_get(&self, container: &str, path: &str) -> Result<BoxReader> {
        self.read_archive(container, path).await
    }

    async fn archive_put(&self, container: &str, path: &str, archive: BoxReader) -> Result<()> {
        self.write_archive(container, path, archive).await
    }

    async fn processes(&self, container: &str) -> Result<(Vec<String>, Vec<Vec<String>>)> {
        self.list_processes(container).await
    }

    async fn create_network(&self, spec: &NetworkSpec) -> Result<String> {
        self.make_network(spec).await
    }

    async fn inspect_network(&self, network: &str) -> Result<NetworkInfo> {
        self.look_at_network("inspect network", network).await
    }

    async fn list_networks(&self, filter: &NetworkFilter) -> Result<Vec<NetworkInfo>> {
        self.all_networks(filter).await
    }

    async fn remove_network(&self, network: &str) -> Result<()> {
        self.delete_network(network).await
    }

    async fn connect_network(&self, network: &str, container: &str, endpoint: &EndpointSpec) -> Result<()> {
        self.attach_network(network, container, endpoint).await
    }

    async fn disconnect_network(&self, network: &str, container: &str, force: bool) -> Result<()> {
        self.detach_network(network, container, force).await
    }

    async fn create_volume(&self, spec: &VolumeSpec) -> Result<VolumeInfo> {
        self.make_volume(spec).await
    }

    async fn inspect_volume(&self, name: &str) -> Result<VolumeInfo> {
        self.look_at_volume("inspect volume", name).await
    }

    async fn list_volumes(&self, filter: &VolumeFilter) -> Result<Vec<VolumeInfo>> {
        self.all_volumes(filter).await
    }

    async fn remove_volume(&self, name: &str, force: bool) -> Result<()> {
        self.delete_volume(name, force).await
    }

    async fn events(&self, filter: &EventFilter) -> Result<BoxStream<Event>> {
        self.listen(filter).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_could_be_an_id_is_looked_at_before_it_is_changed() {
        let (docker, podman) = (Dialect::docker(), Dialect::podman("5.4.2"));
        assert!(may_be_id("db", &docker) && may_be_id("cafe", &podman));
        assert!(!may_be_id("web-1", &docker) && !may_be_id("d_b", &docker));
        assert!(may_be_id("d_b", &podman));
        assert!(!may_be_id(&"a".repeat(64), &podman));
    }

    #[test]
    fn the_beginning_of_an_id_is_not_a_name() {
        let id = "db0123456789abcdef";
        assert!(is_asked("web", id, "/web"));
        assert!(is_asked("db0123456789", id, "web") && is_asked(id, id, "web"));
        assert!(!is_asked("db", id, "web"));
        assert!(!is_asked("we", id, "web"));
    }
}
