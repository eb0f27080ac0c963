//! A Podman service of our own, where `podman` is installed and none runs.
//!
//! Where `WHARF_TEST_PODMAN_B_NETNS` is set, the tests run themselves once more in the namespaces that it belongs
//! to: `podman` is installed there. Otherwise they need one on the path.

#![allow(clippy::print_stdout, reason = "a test says why it was skipped")]

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use runtime_connect::{ConnectOptions, Connected, Engine, Environment, Source, connect};
use runtime_core::ImageFilter;
use wharf_tests::ensure;
use wharf_tests::harness::{TestResult, eventually, run};

/// Set in a run of this program in the engine's namespaces.
const INSIDE: &str = "WHARF_TEST_INSIDE";
/// Set in a run of this program that is to connect, say where, and stay.
const HOLD: &str = "WHARF_TEST_HOLD";

/// Runs a test where `podman` is; `true` when this is the place and the test has to go on.
fn is_here(test: &str) -> TestResult<bool> {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    if variable(INSIDE).is_none()
        && let Some(net) = variable("WHARF_TEST_PODMAN_B_NETNS")
    {
        // `/proc/PID/ns/net`: the others are beside it. Of our folders only the temporary one is there, too.
        let namespaces = Path::new(&net).parent().ok_or("a path without a folder")?.display().to_string();
        let folder = tempfile::tempdir()?;
        let program = folder.path().join("own_service");
        std::fs::copy(std::env::current_exe()?, &program)?;
        let output = run(Command::new("nsenter")
            .args(["mnt", "net", "pid"].map(|kind| {
                let option = if kind == "mnt" { "mount" } else { kind };
                format!("--{option}={namespaces}/{kind}")
            }))
            .arg(&program)
            .args(["--exact", test, "--nocapture"])
            .env(INSIDE, "1"))?
        .ok()?;
        ensure!(output.says("test result: ok. 1 passed") && !output.says("skipped: "), "{output}");
        return Ok(false);
    }
    if find_podman().is_none() {
        println!("skipped: podman is not installed, and WHARF_TEST_PODMAN_B_NETNS is not set");
        return Ok(false);
    }
    Ok(true)
}

fn find_podman() -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?).find(|folder| folder.join("podman").is_file())
}

/// Connects where nothing is at the usual places.
async fn start(root: &Path) -> TestResult<Connected> {
    let path = std::env::var("PATH")?;
    let environment = Environment::empty().with_root(root).with("PATH", path);
    Ok(connect(&ConnectOptions::default(), &environment).await?)
}

fn listens(socket: &Path) -> bool {
    UnixStream::connect(socket).is_ok()
}

#[tokio::test]
async fn a_service_is_started_used_and_ended() -> TestResult {
    if !is_here("a_service_is_started_used_and_ended")? {
        return Ok(());
    }
    let root = tempfile::tempdir()?;
    let started = Instant::now();
    let connected = start(root.path()).await?;
    println!("connected after {:?}", started.elapsed());
    ensure!(connected.engine == Engine::Podman && connected.source == Source::OwnService, "{connected:?}");
    ensure!(connected.owns_service() && !connected.attempts.is_empty(), "{connected:?}");
    connected.runtime.list_images(&ImageFilter::default()).await?;
    let home = connected.socket.parent().ok_or("a socket has a folder")?.to_owned();
    let mode = std::fs::metadata(&home)?.permissions().mode();
    ensure!(mode & 0o777 == 0o700, "{mode:o}");

    // It would end by itself when nobody was connected for five seconds. We are, all the time.
    let quiet = Instant::now();
    eventually("eight quiet seconds", Duration::from_secs(10), || {
        Ok((quiet.elapsed() > Duration::from_secs(8)).then_some(()))
    })?;
    connected.runtime.ping().await?;

    drop(connected);
    ensure!(!home.exists(), "{} is left", home.display());
    Ok(())
}

#[tokio::test]
async fn a_service_ends_by_itself_when_its_owner_is_killed() -> TestResult {
    const NAME: &str = "a_service_ends_by_itself_when_its_owner_is_killed";
    let root = tempfile::tempdir()?;
    if std::env::var_os(HOLD).is_some() {
        let connected = start(root.path()).await?;
        println!("\nholding {}", connected.socket.display());
        std::future::pending::<()>().await;
    }
    if !is_here(NAME)? {
        return Ok(());
    }
    let mut owner = Command::new(std::env::current_exe()?)
        .args(["--exact", NAME, "--nocapture"])
        .env(HOLD, "1")
        .env("TMPDIR", root.path())
        .stdout(Stdio::piped())
        .spawn()?;
    let output = BufReader::new(owner.stdout.take().ok_or("the output is piped")?);
    let socket = output
        .lines()
        .map_while(Result::ok)
        .find_map(|line| line.strip_prefix("holding ").map(PathBuf::from));
    let alive = socket.as_deref().is_some_and(listens);
    owner.kill()?;
    owner.wait()?;
    let socket = socket.ok_or("the owner could not connect")?;
    ensure!(alive, "nothing listens at {}", socket.display());
    eventually("the service ends", Duration::from_secs(30), || Ok((!listens(&socket)).then_some(())))
}
