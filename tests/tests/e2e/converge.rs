//! `up` brings a project from wherever it is to what the file says, and touches nothing else.

use std::collections::BTreeMap;
use std::process::Stdio;
use std::time::Duration;

use wharf_tests::engine::Engine;
use wharf_tests::ensure;
use wharf_tests::harness::{Project, TestResult, describe, eventually, finish};
use wharf_tests::proxy::Proxy;

pub(crate) const CASES: &[crate::Case] = &[
    ("converge::a_second_up_changes_nothing", a_second_up_changes_nothing),
    ("converge::a_changed_service_alone_is_recreated", a_changed_service_alone_is_recreated),
    ("converge::killed_at_ten_points", killed_at_ten_points),
    ("converge::two_at_the_same_time", two_at_the_same_time),
    ("converge::down_leaves_nothing", down_leaves_nothing),
    ("converge::an_engine_that_goes_away", an_engine_that_goes_away),
    ("converge::orphans", orphans),
    ("converge::dry_run_changes_nothing", dry_run_changes_nothing),
];

/// Three services on two networks with a volume; `WORD` is the value of a variable of `b`.
const FILE: &str = "
services:
  a:
    image: busybox
    init: true
    stop_grace_period: 0s
    command: ['sh', '-c', 'touch /tmp/ok; sleep 3600']
    networks: [front, back]
    volumes: ['data:/data', '/scratch']
    healthcheck: {test: ['CMD', 'test', '-f', '/tmp/ok'], interval: 1s}
  b:
    image: busybox
    init: true
    stop_grace_period: 0s
    command: ['sleep', '3600']
    environment: {WORD: 'WORD'}
    networks: [back]
    depends_on: {a: {condition: service_healthy}}
  c:
    image: busybox
    init: true
    stop_grace_period: 0s
    command: ['sleep', '3600']
    networks: [front]
    depends_on: [b]
networks: {front: {}, back: {}}
volumes: {data: {}}
";

fn running_ids(project: &Project) -> TestResult<BTreeMap<String, String>> {
    let mut ids = BTreeMap::new();
    for (name, id, state) in project.states()? {
        ensure!(state == "running", "{name} is {state}");
        ids.insert(name, id);
    }
    Ok(ids)
}

fn is_up(project: &Project) -> TestResult {
    let ids = running_ids(project)?;
    let expected: Vec<_> = ["a", "b", "c"].map(|service| format!("{}-{service}-1", project.name)).into();
    ensure!(ids.keys().eq(expected.iter()), "{ids:?}");
    let resources = project.resources()?;
    let expected: Vec<_> =
        ["network/P_back", "network/P_front", "volume/P_data"].map(|r| r.replace('P', &project.name)).into();
    ensure!(resources == expected, "{resources:?}");
    Ok(())
}

fn a_second_up_changes_nothing(engine: &Engine) -> TestResult {
    let project = Project::new(engine, FILE)?;
    project.wharf(&["up", "-d"])?.ok()?;
    is_up(&project)?;
    let before = running_ids(&project)?;
    let proxy = Proxy::start(engine)?;
    wharf_tests::harness::run(&mut project.command_on(&proxy.host(), ["up", "-d"]))?.ok()?;
    let requests = proxy.requests();
    ensure!(!requests.is_empty(), "the proxy saw nothing");
    // Probing health through exec is the one thing that is asked for by POST.
    let changing: Vec<_> = requests
        .iter()
        .filter(|r| !r.starts_with("GET ") && !r.starts_with("HEAD ") && !r.contains("/exec"))
        .collect();
    ensure!(changing.is_empty(), "{changing:?}");
    ensure!(running_ids(&project)? == before, "something was replaced");
    Ok(())
}

fn a_changed_service_alone_is_recreated(engine: &Engine) -> TestResult {
    let project = Project::new(engine, FILE)?;
    project.wharf(&["up", "-d"])?.ok()?;
    let before = running_ids(&project)?;
    project.write("compose.yaml", &FILE.replace("'WORD'", "'s3cret-word'"))?;
    let plan = project.wharf(&["up", "-d", "--dry-run"])?.ok()?;
    ensure!(plan.says("environment"), "the plan does not name what changed\n{plan}");
    ensure!(!plan.says("s3cret-word"), "the plan shows a value\n{plan}");
    ensure!(running_ids(&project)? == before, "the dry run changed something");
    project.wharf(&["up", "-d"])?.ok()?;
    is_up(&project)?;
    let after = running_ids(&project)?;
    let changed: Vec<_> =
        before.iter().filter(|(name, id)| after.get(*name) != Some(*id)).map(|(n, _)| n).collect();
    ensure!(changed == [&format!("{}-b-1", project.name)], "{changed:?}");
    Ok(())
}

/// `wharf up` is killed when its n-th request reaches the engine, for ten values of n from the first request
/// to the last; the next `up` must converge each time.
fn killed_at_ten_points(engine: &Engine) -> TestResult {
    let project = Project::new(engine, FILE)?;
    let proxy = Proxy::start(engine)?;
    wharf_tests::harness::run(&mut project.command_on(&proxy.host(), ["up", "-d"]))?.ok()?;
    let total = proxy.requests().len();
    ensure!(total >= 10, "only {total} requests in all: {:?}", proxy.requests());
    for point in 0..10 {
        project.wharf(&["down", "-v", "-t", "0"])?.ok()?;
        let n = 1 + point * (total - 1) / 9;
        let proxy = Proxy::start(engine)?;
        let mut command = project.command_on(&proxy.host(), ["up", "-d"]);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        eventually("the request at which to kill", Duration::from_secs(60), || {
            Ok((proxy.requests().len() >= n || child.try_wait()?.is_some()).then_some(()))
        })?;
        child.kill()?;
        child.wait()?;
        let output = project.wharf(&["up", "-d"])?;
        output.ok().map_err(|error| format!("after a kill at request {n} of {total}: {error}"))?;
        is_up(&project).map_err(|error| format!("after a kill at request {n} of {total}: {error}"))?;
    }
    Ok(())
}

fn two_at_the_same_time(engine: &Engine) -> TestResult {
    let project = Project::new(engine, FILE)?;
    let start = || {
        let mut command = project.command(["up", "-d"]);
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        TestResult::Ok((child, describe(&command)))
    };
    let (first, second) = (start()?, start()?);
    finish(first.0, first.1)?.ok()?;
    finish(second.0, second.1)?.ok()?;
    is_up(&project)
}

fn down_leaves_nothing(engine: &Engine) -> TestResult {
    let project = Project::new(engine, FILE)?;
    project.wharf(&["up", "-d"])?.ok()?;
    is_up(&project)?;
    project.wharf(&["down"])?.ok()?;
    ensure!(project.states()?.is_empty(), "{:?}", project.states()?);
    let kept = format!("volume/{}_data", project.name);
    ensure!(project.resources()? == [kept.as_str()], "down without -v: {:?}", project.resources()?);
    project.wharf(&["up", "-d"])?.ok()?;
    // The anonymous volume carries no label of the project: it is known by the container that uses it.
    let container = project.get(&format!("/v1.41/containers/{}-a-1/json", project.name))?;
    let mounts = container["Mounts"].as_array().into_iter().flatten();
    let anonymous = mounts
        .filter(|mount| mount["Destination"] == "/scratch")
        .find_map(|mount| mount["Name"].as_str())
        .ok_or("no volume is mounted on /scratch")?;
    ensure!(volumes(&project)?.iter().any(|name| name == anonymous), "{anonymous} is not listed");
    project.wharf(&["down", "-v"])?.ok()?;
    ensure!(project.states()?.is_empty(), "{:?}", project.states()?);
    ensure!(project.resources()?.is_empty(), "{:?}", project.resources()?);
    ensure!(!volumes(&project)?.iter().any(|name| name == anonymous), "{anonymous} is left");
    Ok(())
}

fn volumes(project: &Project) -> TestResult<Vec<String>> {
    let list = project.get("/v1.41/volumes")?;
    let names = list["Volumes"].as_array().into_iter().flatten().filter_map(|volume| volume["Name"].as_str());
    Ok(names.map(str::to_owned).collect())
}

fn an_engine_that_goes_away(engine: &Engine) -> TestResult {
    let project = Project::new(engine, FILE)?;
    let gone = project.folder().join("gone.sock");
    drop(std::os::unix::net::UnixListener::bind(&gone)?);
    let host = format!("unix://{}", gone.display());
    let output = wharf_tests::harness::run(&mut project.command_on(&host, ["up", "-d"]))?.expect_code(1)?;
    ensure!(output.stderr.contains("gone.sock"), "does not say which engine\n{output}");
    ensure!(output.elapsed < Duration::from_secs(10), "took too long\n{output}");
    Ok(())
}

fn orphans(engine: &Engine) -> TestResult {
    let project = Project::new(engine, FILE)?;
    project.wharf(&["up", "-d"])?.ok()?;
    let smaller =
        "services:\n  a: {image: busybox, init: true, stop_grace_period: 0s, command: ['sleep', '3600']}\n";
    project.write("compose.yaml", smaller)?;
    let output = project.wharf(&["up", "-d"])?.ok()?;
    ensure!(output.says("orphan") && project.states()?.len() == 3, "{output}");
    project.wharf(&["up", "-d", "--remove-orphans"])?.ok()?;
    let names: Vec<_> = project.states()?.into_iter().map(|(name, _, _)| name).collect();
    ensure!(names == [format!("{}-a-1", project.name)], "{names:?}");
    Ok(())
}

fn dry_run_changes_nothing(engine: &Engine) -> TestResult {
    let project = Project::new(engine, FILE)?;
    let proxy = Proxy::start(engine)?;
    let output =
        wharf_tests::harness::run(&mut project.command_on(&proxy.host(), ["up", "-d", "--dry-run"]))?.ok()?;
    for part in ["a-1", "b-1", "c-1", "front", "data"] {
        ensure!(output.stdout.contains(part), "the plan lacks {part}\n{output}");
    }
    let changing: Vec<_> =
        proxy.requests().into_iter().filter(|r| !r.starts_with("GET ") && !r.starts_with("HEAD ")).collect();
    ensure!(changing.is_empty(), "{changing:?}");
    ensure!(project.states()?.is_empty() && project.resources()?.is_empty(), "something was made");
    Ok(())
}
