//! The typed model.

use std::time::Duration;

use compose_file::model::{
    Condition, HealthTest, MountKind, Namespace, PullPolicy, RestartPolicy, Selinux, Service, Ulimit,
};

use super::load_text;

#[test]
fn a_service_in_types() {
    let loaded = load_text(
        "services:\n  a:\n    image: x\n    command: []\n    environment: {A: 1, B: ~}\n    ports: ['127.0.0.1:8000-8001:80/udp']\n    \
         volumes: ['./a:/a:ro,Z', 'vol:/v', {type: tmpfs, target: /t, tmpfs: {size: 1k}}]\n    \
         healthcheck: {test: [CMD, a, b], interval: 1s, retries: 2}\n    depends_on: {b: {condition: service_completed_successfully}}\n    \
         restart: on-failure:3\n    stop_grace_period: 1m\n    ipc: service:b\n    pid: host\n    pull_policy: every_2h\n    \
         ulimits: {nofile: 5}\n    extra_hosts: ['h=::1']\n    mem_limit: 1g\n    networks: {n: {priority: 1}, m: {priority: 9}}\n    x-more: [1]\n  b: {image: y}\n\
         volumes: {vol: ~}\nnetworks: {n: {enable_ipv6: true, ipam: {config: [{subnet: 10.0.0.0/8}]}}, m: ~}\n",
    )
    .unwrap();
    let service = &loaded.project.services["a"];
    assert_eq!(service.name, "a");
    assert_eq!(service.command.as_deref(), Some(&[][..]));
    assert_eq!(service.entrypoint, None);
    assert_eq!(service.environment.get("A"), Some(&Some("1".to_owned())));
    assert_eq!(service.environment.get("B"), Some(&None));
    let port = &service.ports[0];
    assert_eq!((port.target, port.protocol(), port.host_ip.as_deref()), (80, "udp", Some("127.0.0.1")));
    assert_eq!(port.published_range(), Some((8000, 8001)));
    assert_eq!(service.volumes[0].kind, MountKind::Bind);
    let bind = service.volumes[0].bind.as_ref().unwrap();
    assert!(bind.creates_host_path() && service.volumes[0].read_only);
    assert_eq!(bind.selinux, Some(Selinux::Private));
    assert_eq!(service.volumes[2].tmpfs.as_ref().unwrap().size, Some(1024));
    let health = service.healthcheck.as_ref().unwrap();
    assert_eq!(health.test, HealthTest::Cmd(vec!["a".into(), "b".into()]));
    assert_eq!(
        (health.interval, health.retries, health.timeout),
        (Some(Duration::from_secs(1)), Some(2), None)
    );
    assert_eq!(service.depends_on["b"].condition, Condition::ServiceCompletedSuccessfully);
    assert!(service.depends_on["b"].required && !service.depends_on["b"].restart);
    assert_eq!(service.restart, Some(RestartPolicy::OnFailure { max_retries: Some(3) }));
    assert_eq!(service.stop_grace_period, Some(Duration::from_secs(60)));
    assert_eq!(service.ipc, Some(Namespace::Service("b".into())));
    assert_eq!(service.pid, Some(Namespace::Engine("host".into())));
    assert_eq!(service.pull_policy, Some(PullPolicy::Every(Duration::from_secs(7200))));
    assert_eq!(service.ulimits["nofile"], Ulimit { soft: 5, hard: 5 });
    assert_eq!(service.extra_hosts[0].address, "::1");
    assert_eq!(service.memory_limit(), Some(1 << 30));
    let order: Vec<&str> = service.networks_by_priority().into_iter().map(|(name, _)| name).collect();
    assert_eq!(order, ["m", "n"]);
    assert_eq!(service.extensions["x-more"], serde_json::json!([1]));
    assert_eq!(loaded.project.networks["n"].enable_ipv6, Some(true));
    assert_eq!(loaded.project.volumes["vol"].name, "p_vol");
}

#[test]
fn numbers_of_deploy_count_where_they_are_given() {
    let loaded = load_text(
        "services:\n  a: {image: x, deploy: {replicas: 3, restart_policy: {condition: on-failure, max_attempts: 2}, resources: {limits: {cpus: '0.5', memory: 1k, pids: 9}, reservations: {memory: 512}}}}\n  b: {build: .}\n"
            .replace("memory: 512", "memory: '512'")
            .as_str(),
    )
    .unwrap();
    let [a, b] = ["a", "b"].map(|name| &loaded.project.services[name]);
    assert_eq!((a.replicas(), b.replicas()), (3, 1));
    assert_eq!(a.restart_policy(), RestartPolicy::OnFailure { max_retries: Some(2) });
    assert_eq!(b.restart_policy(), RestartPolicy::No);
    assert_eq!(
        (a.cpu_limit(), a.memory_limit(), a.pids(), a.memory_reservation()),
        (Some(0.5), Some(1024), Some(9), Some(512))
    );
    assert_eq!((a.image_name("p").as_ref(), b.image_name("p").as_ref()), ("x", "p-b"));
}

/// What a program builds in code survives serialising, and fields at their default are not in it.
#[test]
fn the_model_serialises() {
    let service = Service { image: Some("x".into()), init: Some(false), ..Service::default() };
    let json = serde_json::to_string(&service).unwrap();
    assert_eq!(json, r#"{"image":"x","init":false}"#);
    assert_eq!(serde_json::from_str::<Service>(&json).unwrap(), service);
    let loaded = load_text(
        "services: {a: {image: x, ports: [80], healthcheck: {test: a, interval: 90s}, extra_hosts: ['h=1'], mem_limit: 1g, restart: always, network_mode: host, ulimits: {core: 0}}}",
    )
    .unwrap();
    let service = loaded.project.services["a"].clone();
    let again: Service = serde_json::from_value(serde_json::to_value(&service).unwrap()).unwrap();
    assert_eq!(Service { name: "a".into(), ..again }, service);
}
