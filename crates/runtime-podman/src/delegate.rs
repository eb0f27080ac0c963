//! The trait: libpod where it is better, the compatible API for everything else.

use std::time::{SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use libpod_api::networks::NetworkList;
use runtime_core::{
    AttachOptions, BoxReader, BoxStream, BuildEvent, BuildSpec, Capabilities, CheckpointRuntime,
    ContainerFilter, ContainerInfo, ContainerSpec, ContainerStatus, ContainerSummary, EndpointSpec,
    EngineInfo, Event, EventFilter, ExecSession, ExecSpec, ExitStatus, ImageFilter, ImageInfo, ImageProgress,
    ImageSummary, LogOptions, NetworkFilter, NetworkInfo, NetworkSpec, OutputChunk, PullSpec,
    RemoveContainer, Result, Runtime, Session, StopOptions, TerminalSize, VolumeFilter, VolumeInfo,
    VolumeSpec, WaitCondition,
};
use runtime_docker::error::map;

use crate::names::possible;
use crate::{PodmanRuntime, build, checkpoint, image, list, network, processes, quirks, remove};

#[async_trait]
impl Runtime for PodmanRuntime {
    fn info(&self) -> &EngineInfo {
        self.engine()
    }

    fn capabilities(&self) -> &Capabilities {
        self.abilities()
    }

    fn prefer_self_probed_health(&self) -> bool {
        true
    }

    fn checkpoint(&self) -> Option<&dyn CheckpointRuntime> {
        self.checkpoints().map(|checkpoints| checkpoints as &dyn CheckpointRuntime)
    }

    fn checkpoint_unsupported_reason(&self) -> Option<&str> {
        self.unsupported()
    }

    async fn build_image(&self, spec: &BuildSpec, context: BoxReader) -> Result<BoxStream<BuildEvent>> {
        build::start(self.libpod(), spec, context).await
    }

    async fn inspect_image(&self, reference: &str) -> Result<ImageInfo> {
        image::inspect(self.libpod(), reference).await
    }

    async fn remove_container(&self, container: &str, options: RemoveContainer) -> Result<()> {
        self.meant("remove container", container).await?;
        remove::remove(self.libpod(), container, options).await
    }

    async fn inspect_container(&self, container: &str) -> Result<ContainerInfo> {
        possible("inspect container", container)?;
        let mut info = self.docker().inspect_container(container).await?;
        // Only libpod tells a checkpoint from any other end; only an ended container can have one.
        if info.state.status == ContainerStatus::Exited
            && let Some(state) = checkpoint::state(self.libpod(), &info.id).await
        {
            info.state.checkpointed = state.checkpointed;
        }
        Ok(info)
    }

    async fn list_containers(&self, filter: &ContainerFilter) -> Result<Vec<ContainerSummary>> {
        // A list names networks only by their names: their ids come along.
        let (list_call, networks_call) = (list::request(filter), NetworkList::new());
        let answers = tokio::try_join!(self.libpod().send(&list_call), self.libpod().send(&networks_call));
        let (containers, networks) =
            answers.map_err(|error| map(self.libpod(), "list containers", None, error))?;
        let networks = networks.into_iter().map(|network| (network.name, network.id)).collect();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
        let wanted = containers.into_iter().filter(|container| list::matches(container, filter));
        Ok(wanted.map(|container| list::summary(container, &networks, now)).collect())
    }

    async fn list_networks(&self, filter: &NetworkFilter) -> Result<Vec<NetworkInfo>> {
        let answer = self.libpod().send(&network::request(filter)).await;
        let networks = answer.map_err(|error| map(self.libpod(), "list networks", None, error))?;
        let wanted = networks.into_iter().filter(|network| network::matches(network, filter));
        Ok(wanted.map(network::info).collect())
    }

    async fn ping(&self) -> Result<()> {
        self.docker().ping().await
    }

    async fn pull_image(&self, spec: &PullSpec) -> Result<BoxStream<ImageProgress>> {
        self.docker().pull_image(spec).await
    }

    async fn list_images(&self, filter: &ImageFilter) -> Result<Vec<ImageSummary>> {
        self.docker().list_images(filter).await
    }

    async fn remove_image(&self, reference: &str, force: bool) -> Result<()> {
        self.docker().remove_image(reference, force).await
    }

    async fn tag_image(&self, reference: &str, tag: &str) -> Result<()> {
        self.docker().tag_image(reference, tag).await
    }

    async fn load_image(&self, archive: BoxReader) -> Result<Vec<String>> {
        self.docker().load_image(archive).await
    }

    async fn save_image(&self, references: &[String]) -> Result<BoxReader> {
        self.docker().save_image(references).await
    }

    async fn create_container(&self, spec: &ContainerSpec) -> Result<String> {
        let own = quirks::with_stop_timeout(spec, &self.engine().version);
        self.docker().create_container(own.as_ref().unwrap_or(spec)).await
    }

    async fn start_container(&self, container: &str) -> Result<()> {
        possible("start container", container)?;
        self.docker().start_container(container).await
    }

    async fn stop_container(&self, container: &str, options: &StopOptions) -> Result<()> {
        possible("stop container", container)?;
        self.docker().stop_container(container, options).await
    }

    async fn restart_container(&self, container: &str, options: &StopOptions) -> Result<()> {
        possible("restart container", container)?;
        self.docker().restart_container(container, options).await
    }

    async fn kill_container(&self, container: &str, signal: Option<&str>) -> Result<()> {
        possible("kill container", container)?;
        self.docker().kill_container(container, signal).await
    }

    async fn pause_container(&self, container: &str) -> Result<()> {
        possible("pause container", container)?;
        self.docker().pause_container(container).await
    }

    async fn unpause_container(&self, container: &str) -> Result<()> {
        possible("unpause container", container)?;
        self.docker().unpause_container(container).await
    }

    async fn rename_container(&self, container: &str, name: &str) -> Result<()> {
        possible("rename container", container)?;
        self.docker().rename_container(container, name).await
    }

    async fn logs(&self, container: &str, options: &LogOptions) -> Result<BoxStream<OutputChunk>> {
        possible("read the log of container", container)?;
        self.docker().logs(container, options).await
    }

    async fn wait_container(&self, container: &str, condition: WaitCondition) -> Result<ExitStatus> {
        possible("wait for container", container)?;
        let status = self.docker().wait_container(container, condition).await?;
        Ok(quirks::exit_status(self.libpod(), container, status).await)
    }

    async fn attach(&self, container: &str, options: &AttachOptions) -> Result<Session> {
        possible("attach to container", container)?;
        self.docker().attach(container, options).await
    }

    async fn resize_container(&self, container: &str, size: TerminalSize) -> Result<()> {
        possible("resize container", container)?;
        self.docker().resize_container(container, size).await
    }

    async fn exec(&self, container: &str, spec: &ExecSpec) -> Result<ExecSession> {
        possible("run a command in container", container)?;
        self.docker().exec(container, spec).await
    }

    async fn exec_detached(&self, container: &str, spec: &ExecSpec) -> Result<String> {
        possible("run a command in container", container)?;
        self.docker().exec_detached(container, spec).await
    }

    async fn exec_exit_code(&self, exec: &str) -> Result<i64> {
        self.docker().exec_exit_code(exec).await
    }

    async fn resize_exec(&self, exec: &str, size: TerminalSize) -> Result<()> {
        self.docker().resize_exec(exec, size).await
    }

    async fn archive_get(&self, container: &str, path: &str) -> Result<BoxReader> {
        possible("read from container", container)?;
        self.docker().archive_get(container, path).await
    }

    async fn archive_put(&self, container: &str, path: &str, archive: BoxReader) -> Result<()> {
        possible("write to container", container)?;
        quirks::folder_exists(self.libpod(), container, path).await?;
        self.docker().archive_put(container, path, archive).await
    }

    async fn processes(&self, container: &str) -> Result<(Vec<String>, Vec<Vec<String>>)> {
        self.meant("list the processes of container", container).await?;
        processes::list(self.libpod(), container).await
    }

    async fn create_network(&self, spec: &NetworkSpec) -> Result<String> {
        self.docker().create_network(spec).await
    }

    async fn inspect_network(&self, network: &str) -> Result<NetworkInfo> {
        self.docker().inspect_network(network).await
    }

    async fn remove_network(&self, network: &str) -> Result<()> {
        self.docker().remove_network(network).await
    }

    async fn connect_network(&self, network: &str, container: &str, endpoint: &EndpointSpec) -> Result<()> {
        possible("connect container", container)?;
        self.docker().connect_network(network, container, endpoint).await
    }

    async fn disconnect_network(&self, network: &str, container: &str, force: bool) -> Result<()> {
        possible("disconnect container", container)?;
        self.docker().disconnect_network(network, container, force).await
    }

    async fn create_volume(&self, spec: &VolumeSpec) -> Result<VolumeInfo> {
        self.docker().create_volume(spec).await
    }

    async fn inspect_volume(&self, name: &str) -> Result<VolumeInfo> {
        self.docker().inspect_volume(name).await
    }

    async fn list_volumes(&self, filter: &VolumeFilter) -> Result<Vec<VolumeInfo>> {
        self.docker().list_volumes(filter).await
    }

    async fn remove_volume(&self, name: &str, force: bool) -> Result<()> {
        self.docker().remove_volume(name, force).await
    }

    async fn events(&self, filter: &EventFilter) -> Result<BoxStream<Event>> {
        self.docker().events(filter).await
    }
}
