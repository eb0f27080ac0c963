//! A project in a folder of its own, and the `wharf` binary run on it.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::engine::Engine;

/// The result of a test.
pub type TestResult<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// How long one command may take before the test fails.
pub const PATIENCE: Duration = Duration::from_secs(90);

/// Fails a test with a formatted sentence unless the condition holds.
#[macro_export]
macro_rules! ensure {
    ($condition:expr, $($message:tt)+) => {
        if !$condition {
            return Err(format!($($message)+).into());
        }
    };
}

/// What a command did.
#[derive(Clone, Debug)]
pub struct Output {
    /// The command line.
    pub command: String,
    /// Exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// What it printed.
    pub stdout: String,
    /// What it said beside that.
    pub stderr: String,
    /// How long it took.
    pub elapsed: Duration,
}

impl Output {
    /// The output itself, if the command ended with this code.
    ///
    /// # Errors
    /// Everything that the command printed.
    pub fn expect_code(self, code: i32) -> TestResult<Self> {
        if self.code == Some(code) {
            Ok(self)
        } else {
            Err(format!("expected exit code {code}\n{self}").into())
        }
    }

    /// The output itself, if the command succeeded.
    ///
    /// # Errors
    /// Everything that the command printed.
    pub fn ok(self) -> TestResult<Self> {
        self.expect_code(0)
    }

    /// Whether a text is anywhere in what it printed.
    #[must_use]
    pub fn says(&self, text: &str) -> bool {
        self.stdout.contains(text) || self.stderr.contains(text)
    }

    /// The standard output as JSON values, one a line.
    ///
    /// # Errors
    /// A line is not JSON.
    pub fn json_lines(&self) -> TestResult<Vec<Value>> {
        self.stdout.lines().map(|line| serde_json::from_str(line).map_err(Into::into)).collect()
    }
}

impl std::fmt::Display for Output {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "$ {}  (exit code {:?}, {:.2?})", self.command, self.code, self.elapsed)?;
        writeln!(f, "--- stdout\n{}--- stderr\n{}---", self.stdout, self.stderr)
    }
}

/// Runs a command to its end, at most [`PATIENCE`]; standard input is empty.
///
/// # Errors
/// It cannot be started or did not end in time.
pub fn run(command: &mut Command) -> TestResult<Output> {
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot start {}: {error}", command.get_program().display()))?;
    finish(child, describe(command))
}

/// Waits for a started command whose output is piped.
///
/// # Errors
/// It did not end in time; it is killed then.
pub fn finish(mut child: Child, command: String) -> TestResult<Output> {
    let started = Instant::now();
    let stdout = child.stdout.take().map(drain);
    let stderr = child.stderr.take().map(drain);
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if started.elapsed() > PATIENCE {
            child.kill()?;
            child.wait()?;
            let text = |reader: Option<thread::JoinHandle<String>>| reader.and_then(|r| r.join().ok());
            return Err(format!(
                "{command} did not end within {PATIENCE:?}\n--- stdout\n{}\n--- stderr\n{}",
                text(stdout).unwrap_or_default(),
                text(stderr).unwrap_or_default()
            )
            .into());
        }
        thread::sleep(Duration::from_millis(5));
    };
    let text = |reader: Option<thread::JoinHandle<String>>| {
        reader.and_then(|reader| reader.join().ok()).unwrap_or_default()
    };
    Ok(Output {
        command,
        code: status.code(),
        stdout: text(stdout),
        stderr: text(stderr),
        elapsed: started.elapsed(),
    })
}

fn drain(mut from: impl Read + Send + 'static) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // What was read before an error is still worth showing.
        let _ = from.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// The command line, for messages.
#[must_use]
pub fn describe(command: &Command) -> String {
    let mut text = command.get_program().display().to_string();
    for argument in command.get_args() {
        let _ = write!(text, " {}", argument.display());
    }
    text
}

/// Waits until a condition gives a value.
///
/// # Errors
/// It did not within `patience`; the message says what was waited for.
pub fn eventually<T>(
    what: &str,
    patience: Duration,
    mut condition: impl FnMut() -> TestResult<Option<T>>,
) -> TestResult<T> {
    let started = Instant::now();
    loop {
        if let Some(value) = condition()? {
            return Ok(value);
        }
        if started.elapsed() > patience {
            return Err(format!("not within {patience:?}: {what}").into());
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// The built binary: `WHARF_BIN`, or what cargo built beside this test.
#[must_use]
pub fn wharf_binary() -> PathBuf {
    if let Some(path) = std::env::var_os("WHARF_BIN") {
        return path.into();
    }
    let mut folder = std::env::current_exe().unwrap_or_default();
    folder.pop();
    if folder.ends_with("deps") {
        folder.pop();
    }
    folder.join("wharf")
}

/// A project on an engine, in a folder of its own. Dropping it takes everything of it down.
#[derive(Debug)]
pub struct Project {
    /// The project's name.
    pub name: String,
    /// The engine it runs on.
    pub engine: Engine,
    folder: TempDir,
}

static COUNTER: AtomicU32 = AtomicU32::new(0);

impl Project {
    /// A project with this compose file.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn new(engine: &Engine, compose_file: &str) -> TestResult<Self> {
        let count = COUNTER.fetch_add(1, Ordering::Relaxed);
        let name = format!("e2e-{}-{count}", std::process::id());
        let project = Self { name, engine: engine.clone(), folder: TempDir::with_prefix("wharf-e2e-")? };
        project.write("compose.yaml", compose_file)?;
        Ok(project)
    }

    /// The project's folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file into the project's folder.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, path: &str, content: &str) -> TestResult {
        let path = self.folder().join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, content)?;
        Ok(())
    }

    /// `wharf` on this project, not yet started.
    #[must_use]
    pub fn command<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Command {
        self.command_on(&self.engine.host(), arguments)
    }

    /// `wharf` on this project through another address.
    #[must_use]
    pub fn command_on<S: AsRef<OsStr>>(&self, host: &str, arguments: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(wharf_binary());
        command
            .current_dir(self.folder())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.folder())
            .args(["--host", host, "-p", &self.name])
            .args(arguments);
        command
    }

    /// Runs `wharf` on this project to its end.
    ///
    /// # Errors
    /// It cannot be started or did not end in time.
    pub fn wharf(&self, arguments: &[&str]) -> TestResult<Output> {
        run(&mut self.command(arguments))
    }

    /// `GET` on the engine, decoded.
    ///
    /// # Errors
    /// The engine does not answer, or not with JSON.
    pub fn get(&self, path: &str) -> TestResult<Value> {
        get(&self.engine, path)
    }

    /// All containers of this project, in any state, as the engine's Docker API lists them.
    ///
    /// # Errors
    /// The engine does not answer.
    pub fn containers(&self) -> TestResult<Vec<Value>> {
        let filter = format!("%7B%22label%22%3A%5B%22com.docker.compose.project%3D{}%22%5D%7D", self.name);
        let list = self.get(&format!("/v1.41/containers/json?all=true&filters={filter}"))?;
        Ok(list.as_array().cloned().unwrap_or_default())
    }

    /// Ids and states of all containers of this project, by name.
    ///
    /// # Errors
    /// The engine does not answer.
    pub fn states(&self) -> TestResult<Vec<(String, String, String)>> {
        let mut states: Vec<_> = self
            .containers()?
            .iter()
            .map(|c| {
                let text = |key: &str| c[key].as_str().unwrap_or_default().to_owned();
                let name = c["Names"][0].as_str().unwrap_or_default().trim_start_matches('/').to_owned();
                (name, text("Id"), text("State"))
            })
            .collect();
        states.sort();
        Ok(states)
    }

    /// Networks and volumes of this project by label, as `network/NAME` and `volume/NAME`.
    ///
    /// # Errors
    /// The engine does not answer.
    pub fn resources(&self) -> TestResult<Vec<String>> {
        let of_project =
            |item: &Value| item["Labels"]["com.docker.compose.project"].as_str() == Some(self.name.as_str());
        let mut found = Vec::new();
        for network in self.get("/v1.41/networks")?.as_array().into_iter().flatten() {
            if of_project(network) {
                found.push(format!("network/{}", network["Name"].as_str().unwrap_or_default()));
            }
        }
        for volume in self.get("/v1.41/volumes")?["Volumes"].as_array().into_iter().flatten() {
            if of_project(volume) {
                found.push(format!("volume/{}", volume["Name"].as_str().unwrap_or_default()));
            }
        }
        found.sort();
        Ok(found)
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        // A test may have left a broken file behind; what is to be removed is known by its labels.
        let mut command = self.command(["down", "-v", "-t", "0", "--remove-orphans"]);
        command.current_dir("/");
        if let Ok(output) = run(&mut command)
            && output.code != Some(0)
        {
            eprintln!("cleaning up {} failed\n{output}", self.name);
        }
    }
}

/// `GET` on an engine's socket, decoded.
///
/// # Errors
/// The engine does not answer, or not with JSON.
pub fn get(engine: &Engine, path: &str) -> TestResult<Value> {
    let url = format!("http://engine{path}");
    let output = run(Command::new("curl")
        .args(["-sS", "--max-time", "30", "--unix-socket"])
        .arg(&engine.socket)
        .arg(url))?
    .ok()?;
    Ok(serde_json::from_str(&output.stdout)?)
}
