//! What the tests stand on: engines, containers that are removed in the end, memory.

use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use futures_util::StreamExt;
use runtime_core::{
    CheckpointRuntime, ContainerSpec, ContainerStatus, EndpointSpec, ExecSpec, IpamPool, Mount, NetworkSpec,
    OutputStream, RemoveContainer, Runtime, VolumeSpec, require_checkpoint,
};
use runtime_podman::{PodmanOptions, PodmanRuntime};
use wharf_tests::engine::Engine;
use wharf_tests::harness::TestResult;

/// A small image that every engine of the bed has.
pub(crate) const IMAGE: &str = "docker.io/library/busybox:latest";

/// How long something may take before the test fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// A Podman; `None` when it is not named, which is said. One that is named has to answer.
#[expect(clippy::panic, reason = "there is nothing to test then")]
pub(crate) async fn podman(name: &str) -> Option<PodmanRuntime> {
    let engine = named(name)?;
    match PodmanRuntime::connect(PodmanOptions::new(engine.socket)).await {
        Ok(podman) => Some(podman),
        Err(error) => panic!("{name} is named and does not answer: {error}"),
    }
}

/// An engine's socket; `None` when it is not named, which is said.
pub(crate) fn named(name: &str) -> Option<Engine> {
    Engine::find(name).map_err(|reason| println!("{reason}")).ok()
}

/// Names of one test on one engine, all of which are gone in the end.
pub(crate) struct Stage<'a> {
    pub(crate) runtime: &'a dyn Runtime,
    pub(crate) name: String,
}

static COUNTER: AtomicU32 = AtomicU32::new(0);

/// A name that no other test has.
pub(crate) fn unique() -> String {
    format!("wharf-ckpt-{}-{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed))
}

impl<'a> Stage<'a> {
    pub(crate) fn new(runtime: &'a dyn Runtime) -> Self {
        Self { runtime, name: unique() }
    }

    /// The same names on another engine.
    pub(crate) fn on(&self, runtime: &'a dyn Runtime) -> Self {
        Self { runtime, name: self.name.clone() }
    }

    pub(crate) fn volume(&self) -> String {
        format!("{}-data", self.name)
    }

    pub(crate) fn network(&self) -> String {
        format!("{}-net", self.name)
    }

    /// Runs a test and removes everything of these names, whatever became of it.
    pub(crate) async fn play(&self, act: impl Future<Output = TestResult>) -> TestResult {
        let result = act.await;
        let filter = runtime_core::ContainerFilter::all();
        for container in self.runtime.list_containers(&filter).await? {
            if container.name.starts_with(&self.name) {
                self.runtime
                    .remove_container(&container.id, RemoveContainer::forced().with_volumes())
                    .await?;
            }
        }
        ignore_missing(self.runtime.remove_volume(&self.volume(), true).await)?;
        ignore_missing(self.runtime.remove_network(&self.network()).await)?;
        result
    }

    /// A network with a subnet of its own.
    pub(crate) async fn make_network(&self, subnet: &str) -> TestResult {
        let mut spec = NetworkSpec::new(self.network());
        spec.pools = vec![IpamPool { subnet: Some(subnet.to_owned()), ..IpamPool::default() }];
        self.runtime.create_network(&spec).await?;
        Ok(())
    }

    pub(crate) async fn make_volume(&self) -> TestResult {
        self.runtime.create_volume(&VolumeSpec::new(self.volume())).await?;
        Ok(())
    }

    /// Starts a container and waits until it says so.
    pub(crate) async fn start(&self, spec: &ContainerSpec, ready: &[&str]) -> TestResult {
        self.runtime.create_container(spec).await?;
        self.runtime.start_container(&self.name).await?;
        self.until(ready, |_, code| code == 0).await?;
        Ok(())
    }

    /// The engine's ability, which a test of it needs.
    pub(crate) fn can(&self) -> TestResult<&'a dyn CheckpointRuntime> {
        Ok(require_checkpoint(self.runtime)?)
    }

    /// A container that counts in memory: it writes each number to `/tmp/count`, or to the volume.
    pub(crate) fn counter(&self, file: &str) -> ContainerSpec {
        let script = format!(
            "i=0; while :; do i=$((i+1)); echo $i > {file}.new; mv {file}.new {file}; sleep 0.05; done"
        );
        ContainerSpec::new(&self.name, IMAGE).with_command(["sh", "-c", &script])
    }

    pub(crate) fn with_volume(&self, spec: ContainerSpec) -> ContainerSpec {
        spec.with_mount(Mount::volume(self.volume(), "/data"))
    }

    pub(crate) fn with_network(&self, spec: ContainerSpec) -> ContainerSpec {
        spec.with_network(self.network(), EndpointSpec::with_aliases(["counter"]))
    }

    /// Runs a command in the container: its output and its exit code.
    pub(crate) async fn exec(&self, command: &[&str]) -> TestResult<(String, i64)> {
        let exec = self.runtime.exec(&self.name, &ExecSpec::new(command.iter().copied())).await?;
        let mut output = exec.session.output;
        let mut text = Vec::new();
        while let Some(chunk) = output.next().await {
            let chunk = chunk?;
            if chunk.stream == OutputStream::Stdout {
                text.extend_from_slice(&chunk.bytes);
            }
        }
        let code = self.runtime.exec_exit_code(&exec.id).await?;
        Ok((String::from_utf8_lossy(&text).trim().to_owned(), code))
    }

    /// Repeats a command until its output and exit code are right.
    pub(crate) async fn until(
        &self,
        command: &[&str],
        right: impl Fn(&str, i64) -> bool,
    ) -> TestResult<String> {
        let started = tokio::time::Instant::now();
        loop {
            let (output, code) = self.exec(command).await?;
            if right(&output, code) {
                return Ok(output);
            }
            if started.elapsed() > PATIENCE {
                return Err(format!(
                    "not within {PATIENCE:?}: {command:?} gives {output:?}, exit code {code}"
                )
                .into());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The number that the counter has reached.
    pub(crate) async fn count(&self, file: &str) -> TestResult<u64> {
        Ok(self.until(&["cat", file], |text, _| !text.is_empty()).await?.parse()?)
    }

    /// Waits until the counter has gone past a number.
    pub(crate) async fn counts_past(&self, file: &str, number: u64) -> TestResult {
        self.until(&["cat", file], |text, _| text.parse::<u64>().is_ok_and(|count| count > number)).await?;
        Ok(())
    }

    pub(crate) async fn status(&self) -> TestResult<ContainerStatus> {
        Ok(self.runtime.inspect_container(&self.name).await?.state.status)
    }

    pub(crate) async fn remove(&self) -> TestResult {
        Ok(self.runtime.remove_container(&self.name, RemoveContainer::forced()).await?)
    }
}

fn ignore_missing(result: runtime_core::Result<()>) -> TestResult {
    match result {
        Err(error) if !error.is_not_found() => Err(error.into()),
        _ => Ok(()),
    }
}

/// The most memory that this process has had, in bytes.
pub(crate) fn peak_memory() -> u64 {
    field("VmHWM:")
}

/// The memory that this process has now, in bytes; [`peak_memory`] begins anew.
pub(crate) fn mark_memory() -> u64 {
    // Needs no more than to be the process itself; where it is refused the peak is higher, and the test stricter.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    field("VmRSS:")
}

fn field(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    line.trim().trim_end_matches("kB").trim().parse::<u64>().unwrap_or_default() * 1024
}
