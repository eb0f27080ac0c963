use std::time::Duration;

use compose_file::model::{
    BindOptions, Deploy, ExtraHost, FileReference, HealthCheck, HealthTest, Logging, Mount as FileMount,
    MountKind as FileMountKind, Namespace, Network, Port, Project, ResourceLimits, Resources,
    RestartPolicy as FileRestart, Service, ServiceNetwork, Ulimit, Volume,
};
use indexmap::IndexMap;
use runtime_core::{
    Healthcheck, HealthcheckSpec, HealthcheckTest, MountKind, NetworkMode, Protocol, RestartPolicy,
};

use super::container::Made;
use super::*;
use crate::error::Result;

fn project(service: Service) -> Project {
    let mut project = Project { name: "app".into(), ..Project::default() };
    for key in ["front", "back"] {
        let network = Network { name: format!("app_{key}"), ..Network::default() };
        project.networks.insert(key.into(), network);
    }
    project.volumes.insert("data".into(), Volume { name: "shared".into(), ..Volume::default() });
    project.services.insert("other".into(), Service { name: "other".into(), ..Service::default() });
    project.services.insert(service.name.clone(), service);
    project
}

fn make(service: &Service) -> Result<Made> {
    let project = project(service.clone());
    let hash = crate::hash::service_hash(&project, service);
    container_spec(&project, service, 2, &hash)
}

fn web() -> Service {
    Service { name: "web".into(), image: Some("bb".into()), ..Service::default() }
}

#[test]
fn networks_come_by_priority_with_names_of_the_engine_and_all_aliases() {
    let mut service = web();
    service.mac_address = Some("02:42:ac:11:00:01".into());
    service.networks.insert("back".into(), None);
    let front = ServiceNetwork {
        priority: 10,
        aliases: vec!["www".into(), "web".into()],
        ipv4_address: Some("10.0.0.9".into()),
        ..ServiceNetwork::default()
    };
    service.networks.insert("front".into(), Some(front));
    let spec = make(&service).unwrap().spec;
    assert_eq!(spec.network_mode, NetworkMode::Networks);
    assert_eq!(spec.networks.keys().collect::<Vec<_>>(), ["app_front", "app_back"]);
    assert_eq!(spec.networks["app_front"].aliases, ["app-web-2", "web", "www"]);
    assert_eq!(spec.networks["app_back"].aliases, ["app-web-2", "web"]);
    assert_eq!(spec.networks["app_front"].ipv4_address, Some([10, 0, 0, 9].into()));
    assert!(
        spec.networks["app_front"].mac_address.is_some() && spec.networks["app_back"].mac_address.is_none()
    );
}

#[test]
fn namespaces_are_those_of_the_file() {
    for (text, mode) in [
        ("host", NetworkMode::Host),
        ("none", NetworkMode::None),
        ("bridge", NetworkMode::Default),
        ("container:x", NetworkMode::Container("x".into())),
    ] {
        let service = Service { network_mode: Some(Namespace::from(text)), ..web() };
        assert_eq!(make(&service).unwrap().spec.network_mode, mode, "{text}");
    }
    let service = Service {
        network_mode: Some(Namespace::from("service:other")),
        ipc: Some(Namespace::from("service:other")),
        pid: Some(Namespace::from("host")),
        uts: Some(Namespace::from("host")),
        ..web()
    };
    let made = make(&service).unwrap();
    assert_eq!(made.parents.len(), 2);
    assert_eq!((made.spec.pid.as_deref(), made.spec.uts.as_deref()), (Some("host"), Some("host")));
    assert!(make(&Service { uts: Some(Namespace::from("service:other")), ..web() }).is_err());
    assert!(make(&Service { ipc: Some(Namespace::from("service:web")), ..web() }).is_err());
    assert!(make(&Service { ipc: Some(Namespace::from("service:nope")), ..web() }).is_err());
}

#[test]
fn ports_and_ranges() {
    let port = |target, published: Option<&str>, protocol: Option<&str>| Port {
        target,
        published: published.map(Into::into),
        protocol: protocol.map(Into::into),
        host_ip: Some("127.0.0.1".into()),
        ..Port::default()
    };
    let mut service = web();
    service.ports = vec![port(80, Some("8000-8002"), None), port(53, None, Some("udp"))];
    service.expose = vec!["7000-7002/udp".into(), "9".into()];
    let spec = make(&service).unwrap().spec;
    assert_eq!(spec.ports[0].host_port.as_deref(), Some("8000-8002"));
    assert_eq!((spec.ports[1].protocol, &spec.ports[1].host_port), (Protocol::Udp, &None));
    assert_eq!(spec.expose, ["7000/udp", "7001/udp", "7002/udp", "9/tcp"]);
    for bad in [port(80, Some("9-8"), None), port(80, Some("x"), None), port(80, None, Some("icmp"))] {
        let error = make(&Service { ports: vec![bad], ..web() }).err().unwrap();
        assert!(error.is_invalid() && error.service() == Some("web"), "{error}");
    }
    assert!(make(&Service { expose: vec!["a-b".into()], ..web() }).is_err());
}

#[test]
fn mounts_of_all_kinds() {
    let mount = |kind, source: Option<&str>, target: &str| FileMount {
        kind,
        source: source.map(Into::into),
        target: target.into(),
        ..FileMount::default()
    };
    let mut bind = mount(FileMountKind::Bind, Some("/src"), "/b");
    bind.bind = Some(BindOptions { create_host_path: Some(false), ..BindOptions::default() });
    bind.read_only = true;
    let mut service = web();
    service.volumes = vec![
        mount(FileMountKind::Volume, Some("data"), "/v"),
        mount(FileMountKind::Volume, None, "/a"),
        bind,
        mount(FileMountKind::Tmpfs, None, "/t"),
        mount(FileMountKind::Image, Some("img"), "/i"),
    ];
    let mounts = make(&service).unwrap().spec.mounts;
    assert!(matches!(&mounts[0].kind, MountKind::Volume { name: Some(name), .. } if name == "shared"));
    assert!(matches!(&mounts[1].kind, MountKind::Volume { name: None, .. }));
    assert!(matches!(&mounts[2].kind, MountKind::Bind { create_source: false, .. }) && mounts[2].read_only);
    assert!(matches!(&mounts[3].kind, MountKind::Tmpfs { .. }));
    assert!(matches!(&mounts[4].kind, MountKind::Image { source, .. } if source == "img"));
    let npipe = Service { volumes: vec![mount(FileMountKind::Npipe, Some("x"), "/p")], ..web() };
    assert!(make(&npipe).is_err());
    let secret = FileReference { source: "nope".into(), ..FileReference::default() };
    let error = make(&Service { secrets: vec![secret], ..web() }).err().unwrap();
    assert!(error.to_string().contains("secret nope is not defined"), "{error}");
}

#[test]
fn the_rest_is_carried_over() {
    let service = Service {
        init: Some(true),
        restart: Some(FileRestart::OnFailure { max_retries: Some(3) }),
        stop_grace_period: Some(Duration::from_millis(1500)),
        extra_hosts: vec![ExtraHost { host: "h".into(), address: "::1".into() }],
        ulimits: IndexMap::from([("nofile".to_owned(), Ulimit { soft: 1, hard: 2 })]),
        logging: Some(Logging { driver: None, options: IndexMap::from([("tag".to_owned(), None)]) }),
        deploy: Some(Box::new(Deploy {
            resources: Resources {
                limits: Some(ResourceLimits { cpus: Some(0.5), memory: Some(1024), pids: Some(7) }),
                ..Resources::default()
            },
            ..Deploy::default()
        })),
        ..web()
    };
    let spec = make(&service).unwrap().spec;
    assert_eq!(spec.name, "app-web-2");
    assert_eq!(spec.restart, RestartPolicy::OnFailure(Some(3)));
    assert_eq!(spec.stop_timeout, Some(Duration::from_millis(1500)));
    assert_eq!(spec.extra_hosts, ["h:::1"]);
    assert_eq!((spec.ulimits["nofile"].soft, spec.ulimits["nofile"].hard), (1, 2));
    assert_eq!(
        (spec.resources.cpus, spec.resources.memory, spec.resources.pids),
        (Some(0.5), Some(1024), Some(7))
    );
    assert_eq!((spec.init, spec.command), (Some(true), None));
}

#[test]
fn the_engine_is_told_of_a_check_only_where_its_own_are_sound() {
    let image = HealthcheckSpec::new(HealthcheckTest::Shell("image".into()));
    let check = |test| Service { healthcheck: Some(HealthCheck { test, ..HealthCheck::default() }), ..web() };
    let own = check(HealthTest::Shell("own".into()));
    let off = check(HealthTest::Disabled);
    let times = check(HealthTest::Inherit);
    assert_eq!(engine_check(&own, Some(&image), true), Healthcheck::Disable);
    assert_eq!(engine_check(&web(), Some(&image), false), Healthcheck::Inherit);
    assert_eq!(engine_check(&off, Some(&image), false), Healthcheck::Disable);
    let Healthcheck::Set(spec) = engine_check(&own, Some(&image), false) else { panic!("it is set") };
    assert_eq!(spec.test, HealthcheckTest::Shell("own".into()));
    assert_eq!(engine_check(&times, Some(&image), false), Healthcheck::Set(image.clone()));
    assert_eq!(has_check(&own, None), Some(true));
    assert_eq!(has_check(&off, None), Some(false));
    assert_eq!(has_check(&times, None), None);
    assert_eq!(has_check(&web(), Some(Some(&image))), Some(true));
}
