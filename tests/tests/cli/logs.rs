//! What containers print, as `wharf logs` and `wharf up` show it.

use wharf_tests::engine::Engine;
use wharf_tests::ensure;
use wharf_tests::harness::{Output, Project, TestResult, finish};

use super::{Case, jobs, read_until, start, start_until};

pub(super) const CASES: &[Case] = &[
    ("every_run_of_a_restarted_container_is_shown_once", every_run_of_a_restarted_container_is_shown_once),
    ("logs_follow_until_the_container_ends", logs_follow_until_the_container_ends),
    ("logs_follow_what_starts_later", logs_follow_what_starts_later),
    ("times_stand_before_lines_only", times_stand_before_lines_only),
    ("what_cannot_be_read_is_told", what_cannot_be_read_is_told),
    ("a_reader_that_leaves_is_no_error", a_reader_that_leaves_is_no_error),
];

/// Podman starts such a container again within a tenth of a second, and goes on with its log as if nothing had been.
fn every_run_of_a_restarted_container_is_shown_once(engine: &Engine) -> TestResult {
    const FILE: &str = "
services:
  loop:
    image: busybox
    restart: on-failure:4
    command: ['sh', '-c', 'cat /proc/sys/kernel/random/uuid; exit 7']
";
    let runs = |output: &Output| -> Vec<String> {
        let mut lines: Vec<String> =
            output.stdout.lines().filter(|line| line.contains("loop-1  | ")).map(str::to_owned).collect();
        lines.sort();
        lines
    };
    let twice = |lines: &[String]| lines.windows(2).any(|pair| pair[0] == pair[1]);
    let project = Project::new(engine, FILE)?;
    let up = project.wharf(&["up"])?.ok()?;
    let shown = runs(&up);
    ensure!(shown.len() > 1 && !twice(&shown), "{up}");
    ensure!(up.stdout.matches("loop-1 exited with code 7").count() == shown.len(), "{up}");
    project.wharf(&["down"])?.ok()?;
    project.wharf(&["up", "-d"])?.ok()?;
    let followed = project.wharf(&["logs", "-f"])?.ok()?;
    let all = project.wharf(&["logs"])?.ok()?;
    ensure!(runs(&all).len() == 5 && runs(&followed) == runs(&all), "{followed}\n{all}");
    Ok(())
}

fn logs_follow_until_the_container_ends(engine: &Engine) -> TestResult {
    let project = jobs(engine, "0", "1")?;
    project.wharf(&["up", "-d"])?.ok()?;
    let logs = project.wharf(&["logs", "-f"])?.ok()?;
    ensure!(logs.says("first-1   | one") && logs.says("second-1 exited with code 3"), "{logs}");
    let logs = project.wharf(&["logs", "-f", "-n", "0"])?.ok()?;
    ensure!(logs.stdout.is_empty(), "{logs}");
    Ok(())
}

fn logs_follow_what_starts_later(engine: &Engine) -> TestResult {
    let project = jobs(engine, "0", "3600")?;
    project.wharf(&["up", "-d", "second"])?.ok()?;
    let mut child = start_until(&project, &["logs", "-f"], "two")?;
    project.wharf(&["up", "-d", "first"])?.ok()?;
    let seen = read_until(&mut child, "first-1 exited")?;
    ensure!(seen.matches("first-1   | one\n").count() == 1 && seen.contains("exited with code 0"), "{seen}");
    project.wharf(&["exec", "second", "killall", "sleep"])?.ok()?;
    let rest = finish(child, "logs".into())?.ok()?;
    ensure!(rest.stdout.ends_with("second-1 exited with code 3\n"), "{rest}");
    Ok(())
}

/// An engine's log has a long line in parts, each with a time.
fn times_stand_before_lines_only(engine: &Engine) -> TestResult {
    let script = "head -c 40000 /dev/zero | tr '\\\\0' y; echo; printf par; sleep 0.2; echo tial";
    let file = format!("services: {{long: {{image: busybox, command: ['sh', '-c', \"{script}\"]}}}}");
    let project = Project::new(engine, &file)?;
    project.wharf(&["up", "-d", "--wait"])?;
    for arguments in [&["logs", "-t"][..], &["logs", "-t", "-f"]] {
        let logs = project.wharf(arguments)?.ok()?;
        let mut texts = Vec::new();
        for line in logs.stdout.lines().filter_map(|line| line.strip_prefix("long-1  | ")) {
            let (time, text) = line.split_once(' ').ok_or("no time")?;
            ensure!(time.starts_with("20") && time.ends_with('Z'), "{time:?} is no time");
            texts.push(text.to_owned());
        }
        ensure!(
            texts == ["y".repeat(40_000), "partial".to_owned()],
            "{:?}",
            texts.iter().map(String::len).collect::<Vec<_>>()
        );
    }
    Ok(())
}

fn what_cannot_be_read_is_told(engine: &Engine) -> TestResult {
    const FILE: &str = "
services:
  quiet: {image: busybox, logging: {driver: none}, command: ['sh', '-c', 'echo hidden; exit 3']}
  loud: {image: busybox, command: ['echo', 'shown']}
";
    let project = Project::new(engine, FILE)?;
    let up = project.wharf(&["up"])?.ok()?;
    ensure!(up.says("loud-1   | shown") && up.says("quiet-1 exited with code 3"), "{up}");
    for output in [up, project.wharf(&["logs"])?.ok()?, project.wharf(&["logs", "-f"])?.ok()?] {
        ensure!(output.says("loud-1   | shown") && !output.says("hidden"), "{output}");
        let warning = "warning: the output of quiet-1 cannot be shown: ";
        ensure!(output.stderr.matches(warning).count() == 1, "{output}");
    }
    Ok(())
}

fn a_reader_that_leaves_is_no_error(engine: &Engine) -> TestResult {
    let file = "services: {loud: {image: busybox, command: ['sh', '-c', 'seq 1 50000']}}";
    let project = Project::new(engine, file)?;
    project.wharf(&["up", "-d", "--wait"])?.ok()?;
    let mut child = start(&mut project.command(["logs"]))?;
    drop(child.stdout.take());
    let output = finish(child, "logs".into())?.expect_code(141)?;
    ensure!(output.stderr.is_empty(), "{output}");
    Ok(())
}
