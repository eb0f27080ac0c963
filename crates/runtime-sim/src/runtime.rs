//! The trait: every method passes the gate, then does its work.

use async_trait::async_trait;
use runtime_core::{
    AttachOptions, BoxReader, BoxStream, BuildEvent, BuildSpec, Capabilities, ContainerFilter, ContainerInfo,
    ContainerSpec, ContainerSummary, EndpointSpec, EngineInfo, Event, EventFilter, ExecSession, ExecSpec,
    ExitStatus, ImageFilter, ImageInfo, ImageProgress, ImageSummary, LogOptions, NetworkFilter, NetworkInfo,
    NetworkSpec, OutputChunk, PullSpec, RemoveContainer, Result, Runtime, Session, StopOptions, TerminalSize,
    VolumeFilter, VolumeInfo, VolumeSpec, WaitCondition,
};

use crate::control::SimRuntime;
use crate::{Operation as Op, fault, images};

#[async_trait]
impl Runtime for SimRuntime {
    fn info(&self) -> &EngineInfo {
        &self.engine.config.info
    }

    fn capabilities(&self) -> &Capabilities {
        &self.engine.config.capabilities
    }

    fn prefer_self_probed_health(&self) -> bool {
        self.engine.config.prefer_self_probed_health
    }

    async fn ping(&self) -> Result<()> {
        self.engine.enter(Op::Ping, "").await?.answer(())
    }

    async fn pull_image(&self, spec: &PullSpec) -> Result<BoxStream<ImageProgress>> {
        let gate = self.engine.enter(Op::PullImage, &spec.reference).await?;
        gate.answer(self.engine.pull(spec)?)
    }

    async fn build_image(&self, spec: &BuildSpec, context: BoxReader) -> Result<BoxStream<BuildEvent>> {
        let subject = spec.tags.first().map_or("", String::as_str);
        let gate = self.engine.enter(Op::BuildImage, subject).await?;
        gate.answer(self.engine.build(spec, context).await?)
    }

    async fn inspect_image(&self, reference: &str) -> Result<ImageInfo> {
        let gate = self.engine.enter(Op::InspectImage, reference).await?;
        gate.answer(self.engine.inspect_image(reference)?)
    }

    async fn list_images(&self, filter: &ImageFilter) -> Result<Vec<ImageSummary>> {
        let gate = self.engine.enter(Op::ListImages, "").await?;
        gate.answer(self.engine.list_images(filter))
    }

    async fn remove_image(&self, reference: &str, force: bool) -> Result<()> {
        let gate = self.engine.enter(Op::RemoveImage, reference).await?;
        gate.answer(self.engine.remove_image(reference, force)?)
    }

    async fn tag_image(&self, reference: &str, tag: &str) -> Result<()> {
        let gate = self.engine.enter(Op::TagImage, reference).await?;
        gate.answer(self.engine.tag(reference, tag)?)
    }

    async fn load_image(&self, archive: BoxReader) -> Result<Vec<String>> {
        let gate = self.engine.enter(Op::LoadImage, "").await?;
        gate.answer(self.engine.load(archive).await?)
    }

    async fn save_image(&self, references: &[String]) -> Result<BoxReader> {
        let gate = self.engine.enter(Op::SaveImage, "").await?;
        gate.answer(self.engine.save(references)?)
    }

    async fn create_container(&self, spec: &ContainerSpec) -> Result<String> {
        let gate = self.engine.enter(Op::CreateContainer, &spec.name).await?;
        gate.answer(self.engine.create(spec)?)
    }

    async fn start_container(&self, container: &str) -> Result<()> {
        let gate = self.engine.enter(Op::StartContainer, container).await?;
        gate.answer(self.engine.start(container).await?)
    }

    async fn stop_container(&self, container: &str, options: &StopOptions) -> Result<()> {
        let gate = self.engine.enter(Op::StopContainer, container).await?;
        gate.answer(self.engine.stop(Op::StopContainer, container, options).await?)
    }

    async fn restart_container(&self, container: &str, options: &StopOptions) -> Result<()> {
        let gate = self.engine.enter(Op::RestartContainer, container).await?;
        gate.answer(self.engine.restart(container, options).await?)
    }

    async fn kill_container(&self, container: &str, signal: Option<&str>) -> Result<()> {
        let gate = self.engine.enter(Op::KillContainer, container).await?;
        gate.answer(self.engine.kill(container, signal)?)
    }

    async fn pause_container(&self, container: &str) -> Result<()> {
        let gate = self.engine.enter(Op::PauseContainer, container).await?;
        gate.answer(self.engine.set_paused(container, true)?)
    }

    async fn unpause_container(&self, container: &str) -> Result<()> {
        let gate = self.engine.enter(Op::UnpauseContainer, container).await?;
        gate.answer(self.engine.set_paused(container, false)?)
    }

    async fn rename_container(&self, container: &str, name: &str) -> Result<()> {
        let gate = self.engine.enter(Op::RenameContainer, container).await?;
        gate.answer(self.engine.rename(container, name)?)
    }

    async fn remove_container(&self, container: &str, options: RemoveContainer) -> Result<()> {
        let gate = self.engine.enter(Op::RemoveContainer, container).await?;
        gate.answer(self.engine.remove(container, options)?)
    }

    async fn inspect_container(&self, container: &str) -> Result<ContainerInfo> {
        let gate = self.engine.enter(Op::InspectContainer, container).await?;
        gate.answer(self.engine.inspect(container)?)
    }

    async fn list_containers(&self, filter: &ContainerFilter) -> Result<Vec<ContainerSummary>> {
        let gate = self.engine.enter(Op::ListContainers, "").await?;
        gate.answer(self.engine.list(filter))
    }

    async fn logs(&self, container: &str, options: &LogOptions) -> Result<BoxStream<OutputChunk>> {
        let gate = self.engine.enter(Op::Logs, container).await?;
        gate.answer(self.engine.logs(container, options)?)
    }

    async fn wait_container(&self, container: &str, condition: WaitCondition) -> Result<ExitStatus> {
        let gate = self.engine.enter(Op::WaitContainer, container).await?;
        gate.answer(self.engine.wait(container, condition).await?)
    }

    async fn attach(&self, container: &str, options: &AttachOptions) -> Result<Session> {
        let gate = self.engine.enter(Op::Attach, container).await?;
        gate.answer(self.engine.attach(container, options)?)
    }

    async fn resize_container(&self, container: &str, _size: TerminalSize) -> Result<()> {
        let gate = self.engine.enter(Op::ResizeContainer, container).await?;
        let up = self.engine.lock().container(Op::ResizeContainer, container)?.is_up();
        let reason = "it is not running";
        let kind = runtime_core::ErrorKind::Conflict;
        if up { gate.answer(()) } else { Err(fault::error(Op::ResizeContainer, kind, container, reason)) }
    }

    async fn exec(&self, container: &str, spec: &ExecSpec) -> Result<ExecSession> {
        let gate = self.engine.enter(Op::Exec, container).await?;
        gate.answer(self.engine.exec(container, spec)?)
    }

    async fn exec_detached(&self, container: &str, spec: &ExecSpec) -> Result<String> {
        let gate = self.engine.enter(Op::ExecDetached, container).await?;
        gate.answer(self.engine.begin_exec(Op::ExecDetached, container, spec)?.0)
    }

    async fn exec_exit_code(&self, exec: &str) -> Result<i64> {
        let gate = self.engine.enter(Op::ExecExitCode, exec).await?;
        gate.answer(self.engine.exec_code(exec).await?)
    }

    async fn resize_exec(&self, exec: &str, _size: TerminalSize) -> Result<()> {
        let gate = self.engine.enter(Op::ResizeExec, exec).await?;
        let known = self.engine.lock().execs.contains_key(exec);
        let kind = runtime_core::ErrorKind::NotFound;
        if known { gate.answer(()) } else { Err(fault::error(Op::ResizeExec, kind, exec, "no such exec")) }
    }

    async fn archive_get(&self, container: &str, path: &str) -> Result<BoxReader> {
        let gate = self.engine.enter(Op::ArchiveGet, container).await?;
        gate.answer(self.engine.get_archive(container, path)?)
    }

    async fn archive_put(&self, container: &str, path: &str, archive: BoxReader) -> Result<()> {
        let gate = self.engine.enter(Op::ArchivePut, container).await?;
        let archive = images::read_all(Op::ArchivePut, container, archive).await?;
        gate.answer(self.engine.put_archive(container, path, archive)?)
    }

    async fn processes(&self, container: &str) -> Result<(Vec<String>, Vec<Vec<String>>)> {
        let gate = self.engine.enter(Op::Processes, container).await?;
        gate.answer(self.engine.processes(container)?)
    }

    async fn create_network(&self, spec: &NetworkSpec) -> Result<String> {
        let gate = self.engine.enter(Op::CreateNetwork, &spec.name).await?;
        gate.answer(self.engine.create_network(spec)?)
    }

    async fn inspect_network(&self, network: &str) -> Result<NetworkInfo> {
        let gate = self.engine.enter(Op::InspectNetwork, network).await?;
        gate.answer(self.engine.inspect_network(network)?)
    }

    async fn list_networks(&self, filter: &NetworkFilter) -> Result<Vec<NetworkInfo>> {
        let gate = self.engine.enter(Op::ListNetworks, "").await?;
        gate.answer(self.engine.list_networks(filter))
    }

    async fn remove_network(&self, network: &str) -> Result<()> {
        let gate = self.engine.enter(Op::RemoveNetwork, network).await?;
        gate.answer(self.engine.remove_network(network)?)
    }

    async fn connect_network(&self, network: &str, container: &str, endpoint: &EndpointSpec) -> Result<()> {
        let gate = self.engine.enter(Op::ConnectNetwork, network).await?;
        gate.answer(self.engine.connect(network, container, endpoint)?)
    }

    async fn disconnect_network(&self, network: &str, container: &str, _force: bool) -> Result<()> {
        let gate = self.engine.enter(Op::DisconnectNetwork, network).await?;
        gate.answer(self.engine.disconnect(network, container)?)
    }

    async fn create_volume(&self, spec: &VolumeSpec) -> Result<VolumeInfo> {
        let gate = self.engine.enter(Op::CreateVolume, &spec.name).await?;
        gate.answer(self.engine.create_volume(spec))
    }

    async fn inspect_volume(&self, name: &str) -> Result<VolumeInfo> {
        let gate = self.engine.enter(Op::InspectVolume, name).await?;
        gate.answer(self.engine.inspect_volume(name)?)
    }

    async fn list_volumes(&self, filter: &VolumeFilter) -> Result<Vec<VolumeInfo>> {
        let gate = self.engine.enter(Op::ListVolumes, "").await?;
        gate.answer(self.engine.list_volumes(filter))
    }

    async fn remove_volume(&self, name: &str, force: bool) -> Result<()> {
        let gate = self.engine.enter(Op::RemoveVolume, name).await?;
        gate.answer(self.engine.remove_volume(name, force)?)
    }

    async fn events(&self, filter: &EventFilter) -> Result<BoxStream<Event>> {
        let gate = self.engine.enter(Op::Events, "").await?;
        gate.answer(self.engine.listen(filter))
    }
}
