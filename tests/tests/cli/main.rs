//! The commands of `wharf` as a person and a script meet them, on real engines: what they print, on which stream, and
//! with which exit code they end. Trial names are `<engine>::cli::<test>`.

#![allow(clippy::print_stdout, reason = "a test says why it was skipped")]

mod logs;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use libtest_mimic::{Arguments, Trial};
use rustix::process::{Pid, Signal, kill_process};
use wharf_tests::engine::Engine;
use wharf_tests::ensure;
use wharf_tests::harness::{
    Output, PATIENCE, Project, TestResult, describe, eventually, finish, run, wharf_binary,
};
use wharf_tests::proxy::Proxy;

type Case = (&'static str, fn(&Engine) -> TestResult);

const CASES: &[Case] = &[
    ("up_ps_logs_exec_down", up_ps_logs_exec_down),
    ("ps_json_has_dockers_keys", ps_json_has_dockers_keys),
    ("exec_passes_standard_input_and_its_end", exec_passes_standard_input_and_its_end),
    ("exec_options_reach_the_process", exec_options_reach_the_process),
    ("exec_has_a_terminal_on_a_terminal", exec_has_a_terminal_on_a_terminal),
    ("exec_without_a_container", exec_without_a_container),
    ("rows_are_live_on_a_terminal", rows_are_live_on_a_terminal),
    ("foreground_ends_with_its_containers", foreground_ends_with_its_containers),
    ("a_second_run_shows_its_first_lines", a_second_run_shows_its_first_lines),
    ("an_interrupt_stops_the_foreground", an_interrupt_stops_the_foreground),
    ("a_second_interrupt_kills", a_second_interrupt_kills),
    ("an_interrupt_ends_a_waiting_up", an_interrupt_ends_a_waiting_up),
    ("the_first_end_aborts_the_others", the_first_end_aborts_the_others),
    ("an_end_while_others_start_leaves_none_running", an_end_while_others_start_leaves_none_running),
    ("an_interrupt_while_they_start_leaves_none_running", an_interrupt_while_they_start_leaves_none_running),
    ("exit_code_from_another_container", exit_code_from_another_container),
    ("a_dry_run_only_reads", a_dry_run_only_reads),
    ("commands_without_a_file", commands_without_a_file),
    ("a_bad_file_touches_no_engine", a_bad_file_touches_no_engine),
    ("an_engine_that_is_not_there", an_engine_that_is_not_there),
];

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for name in ["docker", "podman"] {
        match Engine::find(name) {
            Ok(engine) => {
                for (case, test) in CASES.iter().chain(logs::CASES) {
                    let engine = engine.clone();
                    trials.push(Trial::test(format!("{name}::cli::{case}"), move || {
                        test(&engine).map_err(|error| error.to_string().into())
                    }));
                }
            }
            Err(reason) => println!("{reason}"),
        }
    }
    libtest_mimic::run(&arguments, trials).exit();
}

/// A server that is healthy at once, and something that needs it.
const FILE: &str = "
services:
  db:
    image: busybox
    init: true
    stop_grace_period: 0s
    command: ['sh', '-c', 'echo db is up; sleep 3600']
    healthcheck: {test: ['CMD', 'true'], interval: 30s}
  web:
    image: busybox
    init: true
    stop_grace_period: 0s
    command: ['sh', '-c', 'echo to stdout; echo to stderr >&2; sleep 3600']
    depends_on: {db: {condition: service_healthy}}
";

fn up_ps_logs_exec_down(engine: &Engine) -> TestResult {
    let project = Project::new(engine, FILE)?;
    let up = project.wharf(&["up", "-d"])?.ok()?;
    ensure!(up.stdout.is_empty(), "progress belongs to standard error\n{up}");
    ensure!(up.says(&format!("Container {}-db-1  Healthy", project.name)), "{up}");
    ensure!(!up.stderr.contains('\x1b'), "no escape sequences without a terminal\n{up}");

    let ps = project.wharf(&["ps"])?.ok()?;
    let rows: Vec<Vec<&str>> = ps.stdout.lines().map(|row| row.split_whitespace().collect()).collect();
    ensure!(rows.len() == 3 && rows[0].first() == Some(&"NAME"), "{ps}");
    let db = ps.stdout.lines().find(|row| row.contains("-db-1")).unwrap_or_default();
    ensure!(db.contains("Up ") && db.contains("(healthy)"), "{ps}");
    ensure!(project.wharf(&["ps", "--services"])?.ok()?.stdout == "db\nweb\n", "{ps}");
    let ids = project.wharf(&["ps", "-q"])?.ok()?;
    ensure!(ids.stdout.lines().all(|id| id.len() == 64) && ids.stdout.lines().count() == 2, "{ids}");

    let logs = project.wharf(&["logs"])?.ok()?;
    let mut lines: Vec<&str> = logs.stdout.lines().collect();
    lines.sort_unstable();
    ensure!(lines == ["db-1   | db is up", "web-1  | to stderr", "web-1  | to stdout"], "{logs}");
    let logs = project.wharf(&["logs", "--no-log-prefix", "-t", "-n", "1", "db"])?.ok()?;
    let stamp = logs.stdout.split(' ').next().unwrap_or_default();
    ensure!(stamp.contains('T') && stamp.ends_with('Z') && logs.stdout.ends_with(" db is up\n"), "{logs}");

    let exec =
        project.wharf(&["exec", "web", "sh", "-c", "echo out; echo err >&2; exit 7"])?.expect_code(7)?;
    ensure!((exec.stdout.as_str(), exec.stderr.as_str()) == ("out\n", "err\n"), "{exec}");

    let again = project.wharf(&["--progress", "quiet", "up", "-d"])?.ok()?;
    ensure!(again.stderr.is_empty(), "{again}");
    project.wharf(&["down"])?.ok()?;
    ensure!(project.containers()?.is_empty() && project.resources()?.is_empty(), "something is left");
    Ok(())
}

fn ps_json_has_dockers_keys(engine: &Engine) -> TestResult {
    let project = Project::new(engine, FILE)?;
    project.wharf(&["up", "-d"])?.ok()?;
    let ps = project.wharf(&["ps", "--format", "json"])?.ok()?;
    let list = ps.json_lines()?;
    ensure!(list.len() == 2, "{ps}");
    for one in &list {
        let keys: Vec<&str> =
            one.as_object().into_iter().flat_map(|map| map.keys().map(String::as_str)).collect();
        let wanted = [
            "Command",
            "CreatedAt",
            "ExitCode",
            "Health",
            "ID",
            "Image",
            "Labels",
            "LocalVolumes",
            "Mounts",
            "Name",
            "Names",
            "Networks",
            "Ports",
            "Project",
            "Publishers",
            "RunningFor",
            "Service",
            "Size",
            "State",
            "Status",
        ];
        ensure!(wanted.iter().all(|key| keys.contains(key)), "{keys:?}");
        ensure!(one["Project"] == project.name.as_str() && one["State"] == "running", "{one}");
    }
    ensure!(list[0]["Service"] == "db" && list[0]["Health"] == "healthy", "{ps}");
    ensure!(list[1]["Service"] == "web" && list[1]["Health"] == "", "{ps}");
    Ok(())
}

fn exec_passes_standard_input_and_its_end(engine: &Engine) -> TestResult {
    let project = Project::new(engine, FILE)?;
    project.wharf(&["up", "-d"])?.ok()?;
    // More than fits into any pipe between here and there.
    let text = "0123456789abcdef\n".repeat(20_000);
    let mut child = start(&mut project.command(["exec", "-T", "web", "sh", "-c", "cat; echo the end"]))?;
    let mut stdin = child.stdin.take().ok_or("no standard input")?;
    let input = text.clone();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = finish(child, "exec cat".into())?.ok()?;
    writer.join().map_err(|_| "the writer panicked")??;
    ensure!(
        output.stdout.len() == text.len() + 8,
        "{} of {} bytes came back",
        output.stdout.len(),
        text.len()
    );
    ensure!(output.stdout == text + "the end\n", "other bytes came back");
    Ok(())
}

fn exec_options_reach_the_process(engine: &Engine) -> TestResult {
    let project = Project::new(engine, FILE)?;
    project.wharf(&["up", "-d", "--scale", "web=2"])?.ok()?;
    let script = "id -u; pwd; echo $A $B";
    let exec = project
        .wharf(&["exec", "-u", "1000", "-w", "/tmp", "-e", "A=a b", "web", "sh", "-c", script])?
        .ok()?;
    ensure!(exec.stdout == "1000\n/tmp\na b\n", "{exec}");
    let host = |index| project.wharf(&["exec", "--index", index, "web", "hostname"])?.ok();
    ensure!(host("1")?.stdout != host("2")?.stdout, "both numbers are the same container");
    project.wharf(&["exec", "-d", "web", "touch", "/tmp/made"])?.ok()?;
    eventually("the detached command ran", PATIENCE, || {
        Ok((project.wharf(&["exec", "web", "test", "-f", "/tmp/made"])?.code == Some(0)).then_some(()))
    })
}

/// `script` gives a command a terminal.
fn on_a_terminal(project: &Project, line: &str) -> TestResult<Output> {
    run(Command::new("script")
        .current_dir(project.folder())
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("TERM", "xterm")
        .env("WHARF_HOST", project.engine.host())
        .env("COMPOSE_PROJECT_NAME", &project.name)
        .env("WHARF", wharf_binary())
        .args(["-qec", line, "/dev/null"]))
}

fn exec_has_a_terminal_on_a_terminal(engine: &Engine) -> TestResult {
    let project = Project::new(engine, FILE)?;
    project.wharf(&["up", "-d"])?.ok()?;
    // Podman sets the size a moment after the start.
    let script = "test -t 0 && test -t 1 && test -t 2 && echo all three; \
                  until test \"$(stty size)\" = \"33 91\"; do sleep 0.01; done; echo sized; exit 5";
    let line =
        format!("stty cols 91 rows 33; \"$WHARF\" exec web sh -c '{script}'; echo code $?; stty -a; exit 6");
    let output = on_a_terminal(&project, &line)?.expect_code(6)?;
    for text in ["all three\r\n", "sized\r\n", "code 5\r\n", " icanon", " echo "] {
        ensure!(output.stdout.contains(text), "{text:?} is missing\n{output}");
    }
    let output = on_a_terminal(&project, "\"$WHARF\" exec -T web sh -c 'test -t 1'; exit $?")?;
    output.expect_code(1)?;
    Ok(())
}

fn exec_without_a_container(engine: &Engine) -> TestResult {
    let project = Project::new(engine, FILE)?;
    let exec = project.wharf(&["exec", "web", "true"])?.expect_code(1)?;
    ensure!(exec.stderr.starts_with("error: ") && exec.says("web"), "{exec}");
    let exec = project.wharf(&["exec", "wbe", "true"])?.expect_code(1)?;
    ensure!(exec.says("wbe"), "{exec}");
    Ok(())
}

fn rows_are_live_on_a_terminal(engine: &Engine) -> TestResult {
    let project = Project::new(engine, FILE)?;
    let output = on_a_terminal(&project, "stty cols 100 rows 30; \"$WHARF\" up -d")?.ok()?;
    ensure!(output.stdout.contains("\x1b[J"), "nothing was drawn twice\n{output}");
    let last = output.stdout.rsplit("[+] up ").next().unwrap_or_default();
    ensure!(last.starts_with("3/3"), "{output}");
    ensure!(last.matches('✔').count() == 3 && last.contains("Healthy"), "{output}");
    Ok(())
}

const JOBS: &str = "
services:
  first:
    image: busybox
    command: ['sh', '-c', 'echo one; exit FIRST']
  second:
    image: busybox
    init: true
    stop_grace_period: 0s
    command: ['sh', '-c', 'echo two; sleep SECONDS; exit 3']
";

fn jobs(engine: &Engine, first: &str, seconds: &str) -> TestResult<Project> {
    Project::new(engine, &JOBS.replace("FIRST", first).replace("SECONDS", seconds))
}

/// The second runs for an hour. The first starts once it does: an end that comes before would find nothing to stop.
fn first_beside_a_long_one(engine: &Engine, first: &str) -> TestResult<Project> {
    let file = JOBS.replace("FIRST", first).replace("SECONDS", "3600");
    Project::new(engine, &file.replace("  first:\n", "  first:\n    depends_on: [second]\n"))
}

fn foreground_ends_with_its_containers(engine: &Engine) -> TestResult {
    let project = jobs(engine, "0", "0.3")?;
    let up = project.wharf(&["up"])?.ok()?;
    for line in
        ["first-1   | one", "second-1  | two", "first-1 exited with code 0", "second-1 exited with code 3"]
    {
        ensure!(up.stdout.lines().any(|one| one == line), "{line:?} is missing\n{up}");
    }
    // What one container printed comes before the word of its end.
    let at = |text| up.stdout.find(text).unwrap_or(usize::MAX);
    ensure!(at("second-1  | two") < at("second-1 exited"), "{up}");
    Ok(())
}

/// What a container prints first can be older than the time of its start.
fn a_second_run_shows_its_first_lines(engine: &Engine) -> TestResult {
    let project = jobs(engine, "5", "0.1")?;
    for _ in 0..4 {
        let up = project.wharf(&["up"])?.ok()?;
        for line in ["first-1   | one", "second-1  | two"] {
            let count = up.stdout.lines().filter(|one| *one == line).count();
            ensure!(count == 1, "{line:?} is there {count} times\n{up}");
        }
    }
    Ok(())
}

/// Starts a command with piped streams.
fn start(command: &mut Command) -> TestResult<Child> {
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    child.map_err(|error| format!("cannot start {}: {error}", describe(command)).into())
}

/// Starts `wharf` and reads what it prints until a line contains `text`.
fn start_until(project: &Project, arguments: &[&str], text: &str) -> TestResult<Child> {
    let mut child = start(&mut project.command(arguments))?;
    read_until(&mut child, text)?;
    Ok(child)
}

/// Reads what a child prints until a line contains `text`.
fn read_until(child: &mut Child, text: &str) -> TestResult<String> {
    let mut stdout = child.stdout.take().ok_or("no standard output")?;
    let mut seen = Vec::new();
    // Byte by byte: what comes after the line is for others.
    let mut byte = [0];
    loop {
        if stdout.read(&mut byte)? == 0 {
            let mut stderr = String::new();
            child.stderr.take().ok_or("no standard error")?.read_to_string(&mut stderr)?;
            return Err(
                format!("{text:?} was not printed\n{}{stderr}", String::from_utf8_lossy(&seen)).into()
            );
        }
        seen.extend_from_slice(&byte);
        if byte == *b"\n" && String::from_utf8_lossy(&seen).contains(text) {
            child.stdout = Some(stdout);
            return Ok(String::from_utf8_lossy(&seen).into_owned());
        }
    }
}

fn interrupt(child: &Child) -> TestResult {
    let process = Pid::from_raw(i32::try_from(child.id())?).ok_or("no process")?;
    Ok(kill_process(process, Signal::INT)?)
}

fn states(project: &Project) -> TestResult<Vec<String>> {
    let state = |one: &serde_json::Value| one["State"].as_str().unwrap_or_default().to_owned();
    Ok(project.containers()?.iter().map(state).collect())
}

fn an_interrupt_stops_the_foreground(engine: &Engine) -> TestResult {
    let project = Project::new(engine, FILE)?;
    let child = start_until(&project, &["up"], "to stdout")?;
    interrupt(&child)?;
    let output = finish(child, "up".into())?.expect_code(130)?;
    ensure!(output.says("web-1 exited with code"), "{output}");
    ensure!(output.says("Ctrl-C again") && output.says("Stopped"), "{output}");
    eventually("all are stopped", Duration::from_secs(5), || {
        Ok(states(&project)?.iter().all(|state| state == "exited").then_some(()))
    })?;
    ensure!(states(&project)?.len() == 2, "the containers are kept");
    Ok(())
}

fn a_second_interrupt_kills(engine: &Engine) -> TestResult {
    let file = "
services:
  deaf:
    image: busybox
    stop_grace_period: 10m
    command: ['sh', '-c', 'trap \"\" TERM; echo deaf; while :; do sleep 1; done']
";
    let project = Project::new(engine, file)?;
    let mut child = start_until(&project, &["up"], "| deaf")?;
    let mut stderr = BufReader::new(child.stderr.take().ok_or("no standard error")?);
    interrupt(&child)?;
    let mut line = String::new();
    while !line.contains("Stopping\n") {
        line.clear();
        ensure!(stderr.read_line(&mut line)? > 0, "it did not begin to stop");
    }
    interrupt(&child)?;
    child.stderr = Some(stderr.into_inner());
    finish(child, "up".into())?.expect_code(130)?;
    eventually("it is killed", Duration::from_secs(5), || Ok((states(&project)? == ["exited"]).then_some(())))
}

fn an_interrupt_ends_a_waiting_up(engine: &Engine) -> TestResult {
    let project = Project::new(engine, &FILE.replace("'CMD', 'true'", "'CMD', 'false'"))?;
    let mut child = start(&mut project.command(["up", "-d"]))?;
    let mut stderr = BufReader::new(child.stderr.take().ok_or("no standard error")?);
    let mut line = String::new();
    while !line.contains("Waiting (healthy)") {
        line.clear();
        ensure!(stderr.read_line(&mut line)? > 0, "it did not wait");
    }
    interrupt(&child)?;
    child.stderr = Some(stderr.into_inner());
    finish(child, "up -d".into())?.expect_code(130)?;
    ensure!(states(&project)?.contains(&"running".to_owned()), "what was up stays up");
    Ok(())
}

fn the_first_end_aborts_the_others(engine: &Engine) -> TestResult {
    let project = first_beside_a_long_one(engine, "4")?;
    let up = project.wharf(&["up", "--abort-on-container-exit"])?.expect_code(4)?;
    ensure!(up.says("first-1 exited with code 4"), "{up}");
    eventually("the other is stopped", Duration::from_secs(5), || {
        Ok((states(&project)? == ["exited", "exited"]).then_some(()))
    })
}

/// More services than are started at the same time; the first ends with `code` or, without one, stays.
fn many(engine: &Engine, code: Option<u8>) -> TestResult<Project> {
    let mut file = "services:\n".to_owned();
    for number in 0..24 {
        let command = match code {
            Some(code) if number == 0 => format!("exit {code}"),
            _ => "sleep 3600".to_owned(),
        };
        file += &format!(
            "  s{number}: {{image: busybox, init: true, stop_grace_period: 0s, command: [sh, -c, '{command}']}}\n"
        );
    }
    Project::new(engine, &file)
}

/// None runs, soon (Docker's list lags a moment behind a stop), and none comes up later from a start under way.
fn none_runs_any_more(project: &Project) -> TestResult {
    let some_run = || states(project).map(|states| states.iter().any(|state| state == "running"));
    eventually("none runs", Duration::from_secs(5), || Ok((!some_run()?).then_some(())))?;
    let end = Instant::now() + Duration::from_secs(1);
    while Instant::now() < end {
        ensure!(!some_run()?, "one came up later");
    }
    Ok(())
}

fn an_end_while_others_start_leaves_none_running(engine: &Engine) -> TestResult {
    let project = many(engine, Some(4))?;
    let up = project.wharf(&["up", "--abort-on-container-exit"])?.expect_code(4)?;
    ensure!(up.says("s0-1 exited with code 4"), "{up}");
    none_runs_any_more(&project)
}

fn an_interrupt_while_they_start_leaves_none_running(engine: &Engine) -> TestResult {
    let project = many(engine, None)?;
    let mut child = start(&mut project.command(["up"]))?;
    let mut stderr = BufReader::new(child.stderr.take().ok_or("no standard error")?);
    let mut line = String::new();
    while !line.contains("Starting\n") {
        line.clear();
        ensure!(stderr.read_line(&mut line)? > 0, "it did not begin to start");
    }
    interrupt(&child)?;
    // The progress goes on: it has to be read.
    let reader = std::thread::spawn(move || std::io::copy(&mut stderr, &mut std::io::sink()));
    finish(child, "up".into())?.expect_code(130)?;
    reader.join().map_err(|_| "the reader failed")??;
    none_runs_any_more(&project)
}

fn exit_code_from_another_container(engine: &Engine) -> TestResult {
    // The other ends first, and well: what is asked for is stopped, which is no success.
    let project = first_beside_a_long_one(engine, "0")?;
    let up = project.wharf(&["up", "--exit-code-from", "second"])?;
    ensure!(matches!(up.code, Some(137 | 143)), "{up}");
    // What is asked for ends by itself.
    let project = jobs(engine, "9", "0")?;
    project.wharf(&["up", "--exit-code-from", "first"])?.expect_code(9)?;
    project.wharf(&["up", "--exit-code-from", "third"])?.expect_code(1)?;
    Ok(())
}

fn a_dry_run_only_reads(engine: &Engine) -> TestResult {
    let project = Project::new(engine, FILE)?;
    let proxy = Proxy::start(engine)?;
    let plan = run(&mut project.command_on(&proxy.host(), ["up", "--dry-run"]))?.ok()?;
    for part in ["create network", "create container", "service_healthy", "it does not exist"] {
        ensure!(plan.stdout.contains(part), "the plan lacks {part:?}\n{plan}");
    }
    let requests = proxy.requests();
    let changing: Vec<_> =
        requests.iter().filter(|r| !r.starts_with("GET ") && !r.starts_with("HEAD ")).collect();
    ensure!(!requests.is_empty() && changing.is_empty(), "{changing:?} of {} requests", requests.len());
    ensure!(project.containers()?.is_empty() && project.resources()?.is_empty(), "something was made");
    Ok(())
}

fn commands_without_a_file(engine: &Engine) -> TestResult {
    let project = Project::new(engine, FILE)?;
    project.wharf(&["up", "-d"])?.ok()?;
    let elsewhere = |arguments: &[&str]| run(project.command(arguments).current_dir("/"));
    let ps = elsewhere(&["ps", "--format", "json"])?.ok()?;
    ensure!(ps.json_lines()?.len() == 2, "{ps}");
    ensure!(elsewhere(&["logs", "db"])?.ok()?.says("db is up"), "no logs");
    ensure!(elsewhere(&["exec", "db", "echo", "here"])?.ok()?.stdout == "here\n", "no exec");
    let up = elsewhere(&["up", "-d"])?.expect_code(1)?;
    ensure!(up.says("no Compose file"), "{up}");
    elsewhere(&["down"])?.ok()?;
    ensure!(project.containers()?.is_empty(), "something is left");
    let again = elsewhere(&["down"])?.ok()?;
    ensure!(again.stderr.starts_with("warning: ") && again.says(&project.name), "{again}");
    ensure!(elsewhere(&["ps", "-q"])?.ok()?.stdout.is_empty(), "ps of nothing");
    elsewhere(&["logs"])?.expect_code(1)?;
    let bad = run(Command::new(wharf_binary()).current_dir("/").args([
        "--host",
        &engine.host(),
        "-p",
        "Bad Name",
        "ps",
    ]))?
    .expect_code(1)?;
    ensure!(bad.stdout.is_empty() && bad.says("Bad Name"), "{bad}");
    Ok(())
}

fn a_bad_file_touches_no_engine(engine: &Engine) -> TestResult {
    let project = Project::new(engine, "services:\n  web:\n    imag: busybox\n")?;
    let proxy = Proxy::start(engine)?;
    for command in
        [["up", "-d"].as_slice(), &["ps"], &["down"], &["exec", "web", "true"], &["config"], &["build"]]
    {
        let output = run(&mut project.command_on(&proxy.host(), command))?.expect_code(1)?;
        ensure!(output.stdout.is_empty(), "{output}");
        for part in ["compose.yaml:3:5", "imag: busybox", "did you mean `image`?"] {
            ensure!(output.stderr.contains(part), "{part:?} is missing\n{output}");
        }
    }
    ensure!(proxy.requests().is_empty(), "{:?}", proxy.requests());
    Ok(())
}

fn an_engine_that_is_not_there(engine: &Engine) -> TestResult {
    let project = Project::new(engine, FILE)?;
    let output = run(&mut project.command_on("unix:///tmp/no-such-engine.sock", ["ps"]))?.expect_code(1)?;
    ensure!(output.stderr.starts_with("error: ") && output.says("/tmp/no-such-engine.sock"), "{output}");
    ensure!(output.says("hint: ") && output.elapsed < Duration::from_secs(5), "{output}");
    // What needs none does not look for one.
    let config =
        run(&mut project.command_on("unix:///tmp/no-such-engine.sock", ["config", "--services"]))?.ok()?;
    ensure!(config.stdout == "db\nweb\n", "{config}");
    Ok(())
}
