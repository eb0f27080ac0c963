//! What a case works with: an engine, names of its own, and the list of what has to be removed.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use futures_util::StreamExt as _;

use super::{Bench, Runtime};
use crate::{
    BoxStream, ContainerSpec, Error, ExecSpec, LogOptions, NetworkSpec, OutputChunk, OutputStream,
    RemoveContainer, VolumeSpec, WaitCondition,
};

/// Why a case failed.
#[derive(Debug)]
pub(super) struct Failure(pub(super) String);

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        let mut text = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            text.push_str(&format!(": {cause}"));
            source = cause.source();
        }
        Self(text)
    }
}

/// The result of a case.
pub(super) type Check<T = ()> = Result<T, Failure>;

/// What a process wrote and how it ended.
#[derive(Debug, Default)]
pub(super) struct Finished {
    pub(super) code: i64,
    pub(super) out: String,
    pub(super) err: String,
}

impl Finished {
    /// Standard output, trimmed, if the process succeeded.
    pub(super) fn text(&self) -> Check<&str> {
        ensure!(self.code == 0, "a command ended with {}: {}{}", self.code, self.out, self.err);
        Ok(self.out.trim())
    }
}

#[derive(Debug, Default)]
struct Made {
    containers: Vec<String>,
    networks: Vec<String>,
    volumes: Vec<String>,
    images: Vec<String>,
}

/// One case's place on an engine.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) runtime: Arc<dyn Runtime>,
    pub(super) image: String,
    pub(super) runs_processes: bool,
    /// Names of the case begin so; lower case, since it is part of image names.
    pub(super) prefix: String,
    made: Mutex<Made>,
}

/// How often a removal is tried again while the engine is still busy with the object.
const TRIES: u32 = 20;

impl Stage {
    pub(super) fn new(bench: &Bench) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let prefix = format!("cf{:x}{:x}n{count}", std::process::id(), now.subsec_nanos());
        Self {
            runtime: Arc::clone(&bench.runtime),
            image: bench.image.clone(),
            runs_processes: bench.runs_processes,
            prefix,
            made: Mutex::default(),
        }
    }

    fn made(&self) -> MutexGuard<'_, Made> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A name of this case's own.
    pub(super) fn name(&self, suffix: &str) -> String {
        format!("{}-{suffix}", self.prefix)
    }

    /// A container that runs a shell script. It is removed at the end, whoever creates it.
    pub(super) fn script(&self, suffix: &str, script: &str) -> ContainerSpec {
        self.command(suffix, ["sh", "-c", script])
    }

    /// A container that runs a command.
    pub(super) fn command<'a>(
        &self,
        suffix: &str,
        command: impl IntoIterator<Item = &'a str>,
    ) -> ContainerSpec {
        let name = self.name(suffix);
        self.made().containers.push(name.clone());
        ContainerSpec::new(name, &self.image).with_command(command)
    }

    /// A container that does nothing for long.
    pub(super) fn idle_spec(&self, suffix: &str) -> ContainerSpec {
        self.command(suffix, ["sleep", "600"])
    }

    /// Creates and starts a container; gives its id.
    pub(super) async fn start(&self, spec: &ContainerSpec) -> Check<String> {
        let id = self.create(spec).await?;
        self.runtime.start_container(&id).await?;
        Ok(id)
    }

    /// Creates a container.
    pub(super) async fn create(&self, spec: &ContainerSpec) -> Check<String> {
        let id = self.runtime.create_container(spec).await?;
        self.made().containers.push(id.clone());
        Ok(id)
    }

    /// A running container that does nothing for long.
    pub(super) async fn idle(&self, suffix: &str) -> Check<String> {
        self.start(&self.idle_spec(suffix)).await
    }

    /// Creates, starts and waits for a container, and reads what it wrote.
    pub(super) async fn run(&self, spec: &ContainerSpec) -> Check<Finished> {
        let id = self.start(spec).await?;
        let code = self.runtime.wait_container(&id, WaitCondition::NotRunning).await?.code;
        let mut finished = self.logs(&id, &LogOptions::default()).await?;
        finished.code = code;
        Ok(finished)
    }

    /// Runs a script in a container of its own and gives what it printed; it has to succeed.
    pub(super) async fn output_of(&self, spec: &ContainerSpec) -> Check<String> {
        Ok(self.run(spec).await?.text()?.to_owned())
    }

    /// Reads a log to its end.
    pub(super) async fn logs(&self, container: &str, options: &LogOptions) -> Check<Finished> {
        drain(self.runtime.logs(container, options).await?).await
    }

    /// Runs a command in a container.
    pub(super) async fn exec(&self, container: &str, spec: &ExecSpec) -> Check<Finished> {
        let exec = self.runtime.exec(container, spec).await?;
        drop(exec.session.stdin);
        let mut finished = drain(exec.session.output).await?;
        finished.code = self.runtime.exec_exit_code(&exec.id).await?;
        Ok(finished)
    }

    /// Runs a shell script in a container.
    pub(super) async fn exec_script(&self, container: &str, script: &str) -> Check<Finished> {
        self.exec(container, &ExecSpec::new(["sh", "-c", script])).await
    }

    /// A network, removed at the end.
    pub(super) fn network_spec(&self, suffix: &str) -> NetworkSpec {
        let name = self.name(suffix);
        self.made().networks.push(name.clone());
        NetworkSpec::new(name)
    }

    /// Creates a network and gives its name.
    pub(super) async fn network(&self, suffix: &str) -> Check<String> {
        let spec = self.network_spec(suffix);
        self.runtime.create_network(&spec).await?;
        Ok(spec.name)
    }

    /// A volume, removed at the end.
    pub(super) fn volume_spec(&self, suffix: &str) -> VolumeSpec {
        let name = self.name(suffix);
        self.made().volumes.push(name.clone());
        VolumeSpec::new(name)
    }

    /// An image reference of this case's own, removed at the end.
    pub(super) fn image_name(&self, suffix: &str) -> String {
        let name = format!("localhost/{}:{suffix}", self.prefix);
        self.made().images.push(name.clone());
        name
    }

    /// Waits until a condition holds; fails after 20 s.
    pub(super) async fn until<F>(&self, what: &str, mut condition: impl FnMut() -> F) -> Check
    where
        F: Future<Output = Check<bool>>,
    {
        for _ in 0..400 {
            if condition().await? {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        fail!("{what} did not come true within 20 s")
    }

    /// Removes what the case made. What is not there any more is no error.
    pub(super) async fn clean_up(&self) -> Check {
        let made = std::mem::take(&mut *self.made());
        let runtime = &*self.runtime;
        let mut first = Ok(());
        let mut keep = |result: Result<(), Error>| {
            if let Err(error) = result
                && first.is_ok()
            {
                first = Err(Failure::from(error));
            }
        };
        for name in made.containers.iter().rev() {
            let options = RemoveContainer::forced().with_volumes();
            keep(again(|| runtime.remove_container(name, options)).await);
        }
        for name in &made.networks {
            keep(again(|| runtime.remove_network(name)).await);
        }
        for name in &made.volumes {
            keep(again(|| runtime.remove_volume(name, false)).await);
        }
        for name in &made.images {
            keep(again(|| runtime.remove_image(name, true)).await);
        }
        first
    }
}

/// Removes something; again while the engine is still busy with it.
async fn again<F: Future<Output = Result<(), Error>>>(mut remove: impl FnMut() -> F) -> Result<(), Error> {
    let mut tries = 0;
    loop {
        match remove().await {
            Err(error) if error.is_not_found() => return Ok(()),
            Err(error) if error.is_conflict() && tries < TRIES => {
                tries += 1;
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            other => return other,
        }
    }
}

/// Reads a stream to its end; the exit code is left at 0.
pub(super) async fn drain(mut output: BoxStream<OutputChunk>) -> Check<Finished> {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    while let Some(chunk) = output.next().await {
        let chunk = chunk?;
        match chunk.stream {
            OutputStream::Stdout => out.extend_from_slice(&chunk.bytes),
            OutputStream::Stderr => err.extend_from_slice(&chunk.bytes),
        }
    }
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok(Finished { code: 0, out: text(&out), err: text(&err) })
}
