//! `cargo xtask demo`: Wharf brings a project up on a real engine, shows it, and takes it down.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use clap::Args;

use crate::bed::{self, Engine, Paths, Running};
use crate::failure::{Context, Failure, Result};
use crate::parts::shown;
use crate::say::say;
use crate::{run, workspace};

/// How to show it.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Leave the project and its engine running.
    #[arg(long)]
    keep: bool,
}

/// The engine that the demo runs on.
struct Stage {
    socket: PathBuf,
    /// Whether the bed's engine was started for the demo, and so is ended after it.
    started: bool,
}

/// Runs the demo. Whatever it started is removed, also when it fails.
pub(crate) fn run(options: &Demo) -> Result<()> {
    say!("Wharf: a health-gated guestbook on a real container engine.\n");
    let stage = Stage::find()?;
    let shown = build().and_then(|wharf| {
        let play = Play { wharf, socket: &stage.socket, port: free_port()? };
        play.run(options.keep)
    });
    if options.keep && shown.is_ok() {
        return Ok(());
    }
    if stage.started {
        say!("\nEnding the engine that was started for this.");
        bed::down(&[Engine::A], false)?;
    }
    shown?;
    say!("\nDone: everything that was started is removed.");
    Ok(())
}

impl Stage {
    /// The engine named by the environment, one that answers at a usual place, or the bed's.
    fn find() -> Result<Self> {
        let usual = ["/run/podman/podman.sock", "/run/docker.sock"].map(PathBuf::from);
        let named = [Engine::A, Engine::Docker].into_iter().find_map(Engine::named);
        let found = named.or_else(|| usual.into_iter().find(|socket| bed::answers(socket)));
        if let Some(socket) = found {
            say!("Engine: yours, at {}.", socket.display());
            bed::give_images(&socket)?;
            return Ok(Self { socket, started: false });
        }
        say!("Engine: none found, so Podman is provided in a root file system of its own.");
        let started = Running::find(Engine::A).is_none();
        bed::up(&[Engine::A], true)?;
        say!("Engine: Podman, at {}.", Paths::socket(Engine::A).display());
        Ok(Self { socket: Paths::socket(Engine::A), started })
    }
}

/// Builds `wharf` as it is released, and gives the binary.
fn build() -> Result<PathBuf> {
    say!("\nBuilding wharf.");
    shown(workspace::cargo().args(["build", "--quiet", "--locked", "--release", "--package", "wharf"]))?;
    Ok(workspace::target_dir()?.join("release").join("wharf"))
}

/// The guestbook on one engine.
struct Play<'a> {
    wharf: PathBuf,
    socket: &'a Path,
    port: u16,
}

impl Play<'_> {
    fn run(&self, keep: bool) -> Result<()> {
        let result = self.show();
        if keep && result.is_ok() {
            let host = self.socket.display();
            say!("\nIt stays at http://127.0.0.1:{}/. To remove it:", self.port);
            say!("    {} --host unix://{host} -f {} down -v", self.wharf.display(), file().display());
            say!("    cargo xtask engines down");
            return Ok(());
        }
        let removed = self.say_and_run(&["down", "-v"], None);
        // The images it built are part of what it leaves.
        for service in ["app", "web"] {
            // Podman puts its own registry in front of what it builds.
            for registry in ["", "localhost/"] {
                bed::remove_image(self.socket, &format!("{registry}guestbook-{service}"))?;
            }
        }
        result.and(removed)
    }

    fn show(&self) -> Result<()> {
        let limit = Some(Duration::from_secs(300));
        self.say_and_run(&["up", "-d", "--wait"], limit)?;
        self.say_and_run(&["ps"], limit)?;
        say!("\n$ curl http://127.0.0.1:{}/", self.port);
        request(self.port, "name=You&words=I+was+here.")?;
        let page = request(self.port, "")?;
        for line in page.lines().filter(|line| line.starts_with("<h1>") || line.starts_with("<li>")) {
            say!("    {line}");
        }
        if !page.contains("<li>Wharf: Welcome aboard.</li>") || !page.contains("<li>You: I was here.</li>") {
            return Err(Failure::new(format!("the page is not the guestbook:\n{page}")));
        }
        Ok(())
    }

    fn say_and_run(&self, words: &[&str], limit: Option<Duration>) -> Result<()> {
        say!("\n$ wharf {}", words.join(" "));
        let mut command = Command::new("timeout");
        command.arg(limit.unwrap_or(Duration::from_secs(60)).as_secs().to_string()).arg(&self.wharf);
        command
            .arg("--host")
            .arg(format!("unix://{}", self.socket.display()))
            .arg("-f")
            .arg(file())
            .args(words);
        command.env("GUESTBOOK_PORT", self.port.to_string()).stdin(std::process::Stdio::null());
        let start = Instant::now();
        shown(&mut command)?;
        say!("  ({:.2} s)", start.elapsed().as_secs_f64());
        Ok(())
    }
}

fn file() -> PathBuf {
    workspace::root().join("examples/guestbook/compose.yaml")
}

/// 8080, or another port when that one is taken.
fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 8080)).or_else(|_| TcpListener::bind(("127.0.0.1", 0)));
    let address =
        listener.and_then(|listener| listener.local_addr()).context(|| "no free port".to_owned())?;
    Ok(address.port())
}

/// Asks the front page, or posts `form` to it when there is one.
fn request(port: u16, form: &str) -> Result<String> {
    let what = || format!("cannot fetch http://127.0.0.1:{port}/");
    let mut stream = TcpStream::connect(("127.0.0.1", port)).context(what)?;
    stream.set_read_timeout(Some(Duration::from_secs(10))).context(what)?;
    let method = if form.is_empty() { "GET" } else { "POST" };
    let length = form.len();
    let head = format!(
        "{method} / HTTP/1.0\r\nHost: guestbook\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{form}"
    );
    stream.write_all(head.as_bytes()).context(what)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).context(what)?;
    let status = answer.split_whitespace().nth(1).unwrap_or_default();
    let wanted = if form.is_empty() { "200" } else { "303" };
    if status != wanted {
        return Err(Failure::new(format!("{}: {}", what(), run::tail(&answer, 20))));
    }
    Ok(answer)
}
