//! Starting, finding and ending the engines' processes.

use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::paths::remove_tree;
use super::{Engine, Paths, files, host, http, root};
use crate::failure::{Context, Failure, Result};
use crate::run;

/// How long an engine may take until it answers.
const READY: Duration = Duration::from_secs(60);
/// How long the kernel may take to end everything of an engine.
const GONE: Duration = Duration::from_secs(20);

/// What is known of a running engine.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Running {
    /// The number of the first process of its process namespace, as the host sees it.
    pub(crate) pid: u32,
    /// When that process started, in clock ticks since boot: tells it from a later process with the same number.
    started: u64,
    /// The root file system it was made from.
    root: PathBuf,
    /// Its storage.
    state: PathBuf,
    /// Its control groups, as the host sees them.
    groups: Vec<PathBuf>,
}

impl Running {
    /// The engine's record, when its first process lives.
    pub(crate) fn find(engine: Engine) -> Option<Self> {
        let record = Self::recorded(engine)?;
        (start_time(record.pid)? == record.started).then_some(record)
    }

    /// The record of a running or crashed engine.
    fn recorded(engine: Engine) -> Option<Self> {
        serde_json::from_slice(&fs::read(Paths::record(engine)).ok()?).ok()
    }

    /// Its storage, of which `tmp` is `/var/tmp` inside.
    pub(crate) fn state(&self) -> &Path {
        &self.state
    }

    /// Whether it was made by an older recipe, or does not answer.
    pub(crate) fn is_outdated(&self, engine: Engine) -> bool {
        let current = root::Suite::key(engine.suite());
        !self.root.ends_with(current) || http::ping(&Paths::socket(engine)).is_err()
    }
}

/// Fails with what to do unless this is root on Linux.
pub(crate) fn require_root() -> Result<()> {
    if run::output(run::command("id").arg("-u"))?.trim() == "0" {
        return Ok(());
    }
    let names: Vec<&str> = Engine::ALL.iter().map(|engine| engine.variable()).collect();
    Err(Failure::new(format!(
        "the engines need root (namespaces, mounts, networks). Run the command as root, or name engines of your own \
         by the path of their socket in {}",
        names.join(", ")
    )))
}

/// Starts `engine` and gives once its processes exist; [`wait_ready`] waits until it answers.
pub(crate) fn start(paths: &Paths, engine: Engine) -> Result<()> {
    let root = root::path(paths, engine.suite());
    let state = paths.state(engine);
    files::lay(&state, engine)?;
    let run_dir = Paths::run();
    let log = File::create(Paths::log(engine)).context(|| format!("cannot make the log of {engine}"))?;
    let log_too = log.try_clone().context(|| format!("cannot share the log of {engine}"))?;
    let groups_file = run_dir.join(format!("{engine}.groups"));
    let pid_file = run_dir.join(format!("{engine}.pid"));
    for stale in [&groups_file, &pid_file, &Paths::socket(engine)] {
        let _ = fs::remove_file(stale);
    }
    let mut command = Command::new("setsid");
    command.args(["bash", "-c", include_str!("join.sh"), "join"]);
    command.args(["unshare", "--mount", "--pid", "--fork", "--kill-child"]);
    if engine.own_network() {
        command.arg("--net");
    }
    command.args(["bash", "-c", include_str!("enter.sh"), "enter"]).args(files::service(engine));
    command.env("BED_ENGINE", engine.name()).env("BED_GROUPS", &groups_file).env("BED_ROOT", &root);
    command.env("BED_STATE", &state).env("BED_RUN", run_dir);
    command.current_dir("/").stdin(Stdio::null()).stdout(log).stderr(log_too);
    let mut child = command.spawn().context(|| format!("cannot start {engine}"))?;

    let deadline = Instant::now() + READY;
    let read_pid = || fs::read_to_string(&pid_file).ok().and_then(|text| text.trim().parse::<u32>().ok());
    let pid = loop {
        if let Some(pid) = read_pid() {
            break pid;
        }
        if let Ok(Some(status)) = child.try_wait() {
            return Err(not_started(engine, &format!("its start ended with {status}")));
        }
        if Instant::now() > deadline {
            return Err(not_started(engine, "its first process did not appear"));
        }
        thread::sleep(Duration::from_millis(10));
    };
    let groups =
        fs::read_to_string(&groups_file).context(|| format!("cannot read the groups of {engine}"))?;
    let record = Running {
        pid,
        started: start_time(pid).ok_or_else(|| not_started(engine, "its first process ended"))?,
        root,
        state,
        groups: groups.lines().map(PathBuf::from).collect(),
    };
    let text = serde_json::to_string_pretty(&record).context(|| format!("cannot write down {engine}"))?;
    fs::write(Paths::record(engine), text).context(|| format!("cannot write down {engine}"))
}

/// Waits until `engine` answers on its socket.
pub(crate) fn wait_ready(engine: Engine) -> Result<()> {
    let deadline = Instant::now() + READY;
    while http::ping(&Paths::socket(engine)).is_err() {
        if Running::find(engine).is_none() {
            return Err(not_started(engine, "it ended at once"));
        }
        if Instant::now() > deadline {
            return Err(not_started(engine, "it does not answer"));
        }
        thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

fn not_started(engine: Engine, why: &str) -> Failure {
    let log = Paths::log(engine);
    Failure::new(format!(
        "engine {engine} did not start: {why}. The end of {}:\n{}",
        log.display(),
        run::tail_of(&log, 20)
    ))
}

/// Ends `engine` and removes what it, or a crashed run of it, left: processes, control groups, storage, files.
pub(crate) fn clean(paths: &Paths, engine: Engine) -> Result<()> {
    let groups_file = Paths::run().join(format!("{engine}.groups"));
    if let Some(running) = Running::find(engine) {
        // The first process of a process namespace: the kernel ends all the others with it.
        run::output(run::command("kill").args(["-KILL", &running.pid.to_string()]))?;
        let deadline = Instant::now() + GONE;
        while start_time(running.pid) == Some(running.started) {
            if Instant::now() > deadline {
                return Err(Failure::new(format!("process {} of engine {engine} does not end", running.pid)));
            }
            thread::sleep(Duration::from_millis(10));
        }
    }
    let mut states = vec![paths.state(engine)];
    states.extend(Running::recorded(engine).map(|record| record.state));
    if !engine.own_network() {
        host::clean(paths, &states)?;
    }
    let mut groups = Running::recorded(engine).map(|record| record.groups).unwrap_or_default();
    let written = fs::read_to_string(&groups_file).unwrap_or_default();
    groups.extend(written.lines().map(PathBuf::from));
    groups.sort();
    groups.dedup();
    for group in groups {
        remove_group(&group)?;
    }
    for state in states {
        remove_state(&state)?;
    }
    for end in ["sock", "pid", "groups", "log", "registry.log", "json"] {
        let _ = fs::remove_file(Paths::run().join(format!("{engine}.{end}")));
    }
    Ok(())
}

/// Storage can stay busy for a moment after its mounts were dropped with their namespace.
fn remove_state(state: &Path) -> Result<()> {
    let deadline = Instant::now() + GONE;
    loop {
        match remove_tree(state) {
            Err(_) if Instant::now() < deadline => thread::sleep(Duration::from_millis(50)),
            other => return other,
        }
    }
}

/// Removes a control group of ours and the ones below it, innermost first; one is gone only after its last process.
fn remove_group(group: &Path) -> Result<()> {
    let deadline = Instant::now() + GONE;
    loop {
        let dirs: Vec<PathBuf> = walkdir::WalkDir::new(group)
            .contents_first(true)
            .into_iter()
            .filter_map(Result::ok)
            .filter(|entry| entry.file_type().is_dir())
            .map(walkdir::DirEntry::into_path)
            .collect();
        for dir in dirs {
            let _ = fs::remove_dir(dir);
        }
        if !group.exists() {
            // The group above all engines goes with the last of them; it refuses while another is in it.
            if let Some(parent) = group.parent().filter(|parent| parent.ends_with("wharf-bed")) {
                let _ = fs::remove_dir(parent);
            }
            return Ok(());
        }
        if Instant::now() > deadline {
            let procs = fs::read_to_string(group.join("cgroup.procs")).unwrap_or_default();
            let procs = procs.split_whitespace().collect::<Vec<_>>().join(" ");
            return Err(Failure::new(format!(
                "control group {} is still in use (by {procs})",
                group.display()
            )));
        }
        thread::sleep(Duration::from_millis(50));
    }
}

/// Becomes `words` inside the namespaces of `engine`; returns only when that is not possible.
pub(crate) fn exec(engine: Engine, words: &[String]) -> Failure {
    match enter(engine) {
        Ok(mut command) => {
            Failure::new(format!("cannot enter engine {engine}: {}", command.args(words).exec()))
        }
        Err(why) => why,
    }
}

/// A command that runs inside the namespaces and control groups of `engine`; the words to run are still to be added.
pub(crate) fn enter(engine: Engine) -> Result<Command> {
    let running = Running::find(engine).ok_or_else(|| {
        Failure::new(format!(
            "engine {engine} does not run here; `cargo xtask engines up {engine}` starts it"
        ))
    })?;
    let script = r#"
        pid=$1 socket=$2; shift 2
        while [ "$1" != -- ]; do
            if [ -d "$1/init" ]; then echo $$ > "$1/init/cgroup.procs"; else echo $$ > "$1/cgroup.procs"; fi
            shift
        done
        shift
        exec nsenter --target "$pid" --cgroup --mount --pid --net --root --wd -- \
            env -u XDG_RUNTIME_DIR -u TMPDIR -u CONTAINER_HOST HOME=/var/lib/engine-home DOCKER_HOST="unix://$socket" \
            PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin PODMAN_IGNORE_CGROUPSV1_WARNING=1 "$@"
    "#;
    let mut command = Command::new("bash");
    command.args(["-euc", script, "exec", &running.pid.to_string()]).arg(Paths::socket(engine));
    command.args(&running.groups).arg("--");
    Ok(command)
}

/// Ends the engine's service, by `SIGTERM` or `SIGKILL`, and waits until a new one answers. Its storage stays.
pub(crate) fn restart(engine: Engine, kill: bool) -> Result<()> {
    let signal = if kill { "KILL" } else { "TERM" };
    let script = format!(
        "touch /run/engine.restart; pid=$(cat /run/engine.pid); kill -{signal} $pid; \
         for _ in $(seq 600); do kill -0 $pid 2> /dev/null || exit 0; sleep 0.05; done; echo 'it does not end'; exit 1"
    );
    run::output(enter(engine)?.args(["bash", "-c", &script]))?;
    wait_ready(engine)
}

/// Whether there is such a process, and it is not a zombie.
pub(crate) fn is_alive(pid: u32) -> bool {
    start_time(pid).is_some()
}

/// When the process started, in clock ticks since boot; nothing for one that is not there or is a zombie.
fn start_time(pid: u32) -> Option<u64> {
    parse_start_time(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

fn parse_start_time(stat: &str) -> Option<u64> {
    // The name in brackets may hold anything, brackets and spaces too.
    let (_, rest) = stat.rsplit_once(") ")?;
    let mut fields = rest.split(' ');
    if matches!(fields.next()?, "Z" | "X") {
        return None;
    }
    fields.nth(18)?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_time_is_the_twenty_second_field() {
        let stat =
            "42 (a ) b) S 1 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 777 1000 10 18446744073709551615";
        assert_eq!(parse_start_time(stat), Some(777));
        assert_eq!(parse_start_time(&stat.replace(") S", ") Z")), None);
        assert_eq!(parse_start_time("nonsense"), None);
    }

    #[test]
    fn this_process_has_a_start_time() {
        assert!(start_time(std::process::id()).is_some());
        assert_eq!(start_time(u32::MAX), None);
    }

    #[test]
    fn a_group_that_is_not_there_is_removed_already() {
        remove_group(Path::new("/nonexistent/wharf-bed/a")).unwrap();
    }
}
