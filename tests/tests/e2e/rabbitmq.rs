//! RabbitMQ whose Erlang cookie is absent from the image. Whoever runs first writes the cookie: a health check
//! that the engine runs as root at once makes it root's, and the server, which has dropped to a user of its
//! own, dies.

use std::process::Command;
use std::time::Duration;

use serde_json::json;
use wharf_tests::engine::Engine;
use wharf_tests::ensure;
use wharf_tests::harness::{Project, TestResult, eventually, get, run};

pub(crate) const CASES: &[crate::Case] = &[("rabbitmq::lives_with_our_probes", lives_with_our_probes)];

/// Docker's own check comes one interval after the start, so only Podman shows this.
pub(crate) const PODMAN_CASES: &[crate::Case] =
    &[("rabbitmq::dies_with_podmans_own_check", dies_with_podmans_own_check)];

/// What the official image does: root makes the folder the server's, and a moment later drops to its user. `HOME` is
/// the server's for root, too, so that its tools find the server's cookie. The moment is long, as on a slow machine.
const START: &str = "chown -R rabbitmq:rabbitmq /var/lib/rabbitmq /var/log/rabbitmq; sleep 2.5; exec gosu rabbitmq rabbitmq-server";

/// The interval is longer than any start: the check that comes after it runs as root, as Docker's does, and would make
/// the cookie root's where the server has not made it by then.
fn lives_with_our_probes(engine: &Engine) -> TestResult {
    let file = format!(
        "
services:
  mq:
    image: docker.io/wharf/services:latest
    hostname: mq
    environment: {{HOME: /var/lib/rabbitmq}}
    init: true
    stop_grace_period: 1s
    command: ['sh', '-c', '{START}']
    healthcheck: {{test: ['CMD', 'rabbitmq-diagnostics', '-q', 'ping'], interval: 60s, timeout: 20s, retries: 2}}
  app:
    image: busybox
    command: ['true']
    depends_on: {{mq: {{condition: service_healthy}}}}
"
    );
    let project = Project::new(engine, &file)?;
    project.wharf(&["up", "-d"])?.ok()?;
    let owner =
        project.wharf(&["exec", "-T", "mq", "stat", "-c", "%U", "/var/lib/rabbitmq/.erlang.cookie"])?.ok()?;
    ensure!(owner.stdout.trim() == "rabbitmq", "the cookie belongs to another\n{owner}");
    Ok(())
}

/// Podman would run the check from a systemd timer as soon as the container starts; where there is no systemd
/// the same call of its API stands for it.
fn dies_with_podmans_own_check(engine: &Engine) -> TestResult {
    let name = format!("e2e-rabbitmq-{}", std::process::id());
    let call = |method: &str, path: &str, body: &str| {
        run(Command::new("curl")
            .args([
                "-sS",
                "--max-time",
                "60",
                "-X",
                method,
                "-H",
                "Content-Type: application/json",
                "-d",
                body,
            ])
            .arg("--unix-socket")
            .arg(&engine.socket)
            .arg(format!("http://engine/v5.0.0/libpod/containers/{path}")))?
        .ok()
    };
    let spec = json!({
        "name": name,
        "image": "docker.io/wharf/services:latest",
        "hostname": "mq",
        "env": {"HOME": "/var/lib/rabbitmq"},
        "command": ["sh", "-c", START],
        "healthconfig": {
            "Test": ["CMD", "rabbitmq-diagnostics", "-q", "ping"],
            "Interval": 2_000_000_000_u64, "Timeout": 20_000_000_000_u64, "Retries": 3
        }
    });
    call("POST", "create", &spec.to_string())?;
    let result = (|| {
        call("POST", &format!("{name}/start"), "")?;
        // One check at once, as the timer does.
        let check = call("GET", &format!("{name}/healthcheck"), "")?;
        let state = eventually("the server's end", Duration::from_secs(60), || {
            let state = get(engine, &format!("/v1.41/containers/{name}/json"))?["State"].clone();
            Ok((state["Running"] == false).then_some(state))
        })
        .map_err(|error| format!("{error}: it survived Podman's own check\n{check}"))?;
        ensure!(state["ExitCode"] != 0, "it ended well: {state}");
        Ok(())
    })();
    call("DELETE", &format!("{name}?force=true&v=true"), "")?;
    result
}
