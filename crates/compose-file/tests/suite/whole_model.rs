//! Every attribute in its type: nothing of a Compose file is kept as untyped JSON but `x-*` elements.

use std::time::Duration;

use compose_file::model::{
    BlkioConfig, Concurrency, CredentialSpec, DeviceRate, DeviceWeight, DiscreteResource, EnvFile, Link,
    MissedFires, Model, ModelUse, PlacementPreference, Project, Service, SshKey, UpdateOrder, VolumesFrom,
    VolumesSource, WatchAction,
};
use compose_file::{LoadOptions, Steps, load};
use serde_json::json;

use super::{load_text, options};

fn project(text: &str) -> Project {
    load_text(text).unwrap_or_else(|error| panic!("{error}\n{text}")).project
}

/// The service `a` whose body is given, beside a service `b`.
fn service(body: &str) -> Service {
    let text = format!("services:\n  a: {{image: x, {body}}}\n  b: {{image: y, build: .}}\n");
    project(&text).services["a"].clone()
}

#[test]
fn block_devices() {
    let device = |rate: &str| format!("[{{path: /dev/sda, rate: {rate}}}]");
    let service = service(&format!(
        "blkio_config: {{weight: 300, weight_device: [{{path: /dev/sda, weight: 400}}], device_read_bps: {}, \
         device_read_iops: {}, device_write_bps: {}, device_write_iops: {}}}",
        device("12mb"),
        device("120"),
        device("'1024k'"),
        device("30"),
    ));
    let rate = |rate| vec![DeviceRate { path: "/dev/sda".into(), rate }];
    assert_eq!(
        service.blkio_config,
        Some(BlkioConfig {
            weight: Some(300),
            weight_device: vec![DeviceWeight { path: "/dev/sda".into(), weight: 400 }],
            device_read_bps: rate(12 << 20),
            device_read_iops: rate(120),
            device_write_bps: rate(1 << 20),
            device_write_iops: rate(30),
        })
    );
}

#[test]
fn deployment() {
    let deploy = service(
        "deploy: {mode: replicated, endpoint_mode: vip, labels: [l=1], placement: {constraints: [n == 1], \
         preferences: [{spread: node.labels.zone}], max_replicas_per_node: 2}, update_config: {parallelism: 0, delay: 10s, \
         failure_action: rollback, monitor: 1m, max_failure_ratio: 0.5, order: start-first}, rollback_config: {order: stop-first}, \
         resources: {reservations: {generic_resources: [{discrete_resource_spec: {kind: SSD, value: 3}}]}}}",
    )
    .deploy
    .unwrap();
    assert_eq!(deploy.mode.as_deref(), Some("replicated"));
    assert_eq!(deploy.endpoint_mode.as_deref(), Some("vip"));
    assert_eq!(deploy.placement.constraints, ["n == 1"]);
    let spread = Some("node.labels.zone".to_owned());
    assert_eq!(deploy.placement.preferences, [PlacementPreference { spread }]);
    assert_eq!(deploy.placement.max_replicas_per_node, Some(2));
    let update = deploy.update_config.unwrap();
    assert_eq!((update.parallelism, update.delay), (Some(0), Some(Duration::from_secs(10))));
    assert_eq!(
        (update.failure_action.as_deref(), update.monitor),
        (Some("rollback"), Some(Duration::from_secs(60)))
    );
    assert_eq!((update.max_failure_ratio, update.order), (Some(0.5), Some(UpdateOrder::StartFirst)));
    assert_eq!(deploy.rollback_config.unwrap().order, Some(UpdateOrder::StopFirst));
    let reservations = deploy.resources.reservations.unwrap();
    let resource = DiscreteResource { kind: "SSD".into(), value: 3 };
    assert_eq!(reservations.generic_resources[0].discrete_resource_spec, Some(resource));
}

#[test]
fn watching() {
    let develop = service(
        "develop: {watch: [{path: ./src, action: sync+exec, target: /src, exec: {command: make it, user: root}, \
         ignore: [a, b], include: '*.rs', initial_sync: true}, {path: p, action: rebuild}, {path: q, action: sync+restart, target: /q}]}",
    )
    .develop
    .unwrap();
    let [first, second, third] = &develop.watch[..] else { panic!("{develop:?}") };
    assert_eq!((first.path.as_str(), first.target.as_deref()), ("/p/src", Some("/src")));
    assert_eq!(first.exec.command.as_deref(), Some(&["make".to_owned(), "it".to_owned()][..]));
    assert_eq!(first.exec.user.as_deref(), Some("root"));
    assert_eq!(
        (first.ignore.len(), &first.include[..], first.initial_sync),
        (2, &["*.rs".to_owned()][..], true)
    );
    assert_eq!(first.action, WatchAction::SyncExec);
    assert_eq!((second.action, second.exec.command.as_ref()), (WatchAction::Rebuild, None));
    assert!(third.action == WatchAction::SyncRestart && third.action.copies() && !second.action.copies());
}

#[test]
fn hooks() {
    let service = service(
        "post_start: [{command: a b, user: u, privileged: true, working_dir: /w, environment: {A: 1}}], pre_stop: [{command: [c]}], \
         pre_start: [{command: d, per_replica: true, volumes: ['./v:/v:ro'], mem_limit: 1m}, {image: other, command: e}]",
    );
    let hook = &service.post_start[0];
    assert_eq!(hook.command.as_deref(), Some(&["a".to_owned(), "b".to_owned()][..]));
    assert_eq!(
        (hook.user.as_deref(), hook.privileged, hook.working_dir.as_deref()),
        (Some("u"), true, Some("/w"))
    );
    assert_eq!(hook.environment.get("A"), Some(&Some("1".to_owned())));
    assert_eq!(service.pre_stop[0].command.as_deref(), Some(&["c".to_owned()][..]));
    let [first, second] = &service.pre_start[..] else { panic!("{:?}", service.pre_start) };
    assert!(first.per_replica && !second.per_replica);
    assert_eq!(
        (first.container.image.as_deref(), second.container.image.as_deref()),
        (Some("x"), Some("other"))
    );
    assert_eq!(first.container.mem_limit, Some(1 << 20));
    assert_eq!(first.container.volumes[0].source.as_deref(), Some("/p/v"));
    assert!(first.container.volumes[0].read_only);
}

#[test]
fn what_comes_from_elsewhere() {
    let service = service(
        "links: [b, 'b:other'], external_links: ['c:d'], volumes_from: ['b:ro', 'container:c'], \
         credential_spec: {file: spec.json}, build: {context: ., ssh: [default, key=./k]}, gpus: all",
    );
    let link = |name: &str, alias: Option<&str>| Link { name: name.into(), alias: alias.map(Into::into) };
    assert_eq!(service.links, [link("b", None), link("b", Some("other"))]);
    assert_eq!(service.external_links, [link("c", Some("d"))]);
    assert_eq!(
        service.volumes_from,
        [
            VolumesFrom { source: VolumesSource::Service("b".into()), read_only: true },
            VolumesFrom { source: VolumesSource::Container("c".into()), read_only: false },
        ]
    );
    let file = Some("spec.json".to_owned());
    assert_eq!(service.credential_spec, Some(CredentialSpec { file, ..CredentialSpec::default() }));
    let keys = [("default", None), ("key", Some("/p/k"))]
        .map(|(id, path)| SshKey { id: id.to_owned(), path: path.map(str::to_owned) });
    assert_eq!(service.build.unwrap().ssh, keys);
    assert_eq!(service.gpus[0].count, Some(-1));
}

/// Each way to use another service makes it a dependency; `restart` is as Docker Compose has it.
#[test]
fn dependencies_that_no_depends_on_tells() {
    for (body, restart) in [
        ("links: [b]", true),
        ("links: ['b:alias']", true),
        ("network_mode: service:b", true),
        ("ipc: service:b", true),
        ("pid: service:b", true),
        ("uts: service:b", true),
        ("volumes_from: [b]", false),
        ("volumes_from: ['b:ro']", false),
    ] {
        let service = service(body);
        let dependency = service.depends_on.get("b").unwrap_or_else(|| panic!("{body}"));
        assert_eq!(
            (dependency.condition.as_str(), dependency.restart, dependency.required),
            ("service_started", restart, true),
            "{body}"
        );
    }
    for body in ["volumes_from: ['container:b']", "network_mode: container:b", "external_links: [b]"] {
        assert!(service(body).depends_on.is_empty(), "{body}");
    }
    // What the file says itself counts.
    let service = service("links: [b], depends_on: {b: {condition: service_healthy, required: false}}");
    let dependency = service.depends_on["b"];
    assert_eq!((dependency.condition.as_str(), dependency.restart), ("service_healthy", false));
}

#[test]
fn a_dependency_that_is_implied_must_exist_and_is_part_of_cycles() {
    for (body, expected) in [
        ("links: [c]", "depends on `c`, which is not defined (did you mean"),
        ("volumes_from: [c]", "depends on `c`, which is not defined"),
        ("network_mode: service:c", "depends on `c`, which is not defined"),
        ("pid: service:a", "service `a` depends on itself"),
    ] {
        let text = format!("services:\n  a: {{image: x, {body}}}\n  b: {{image: y}}\n");
        let error = load_text(&text).unwrap_err().to_string();
        assert!(error.contains(expected), "{body}: {error}");
    }
}

#[test]
fn models_and_their_use() {
    let project = project(
        "services:\n  a: {image: x, models: {llm: {endpoint_var: E, model_var: M}}}\n  b: {image: y, models: [llm]}\n\
         models:\n  llm: {model: ai/m, context_size: 1024, runtime_flags: [--a], x-more: 1}\n  unused: {model: ai/n}\n",
    );
    let uses = ModelUse { endpoint_var: Some("E".into()), model_var: Some("M".into()) };
    assert_eq!(project.services["a"].models["llm"], Some(uses));
    assert_eq!(project.services["b"].models["llm"], None);
    let model = Model {
        model: "ai/m".into(),
        context_size: Some(1024),
        runtime_flags: vec!["--a".into()],
        extensions: [("x-more".to_owned(), json!(1))].into_iter().collect(),
        ..Model::default()
    };
    assert_eq!(project.models.iter().collect::<Vec<_>>(), [(&"llm".to_owned(), &model)]);
}

/// As Docker Compose 5.6 prints them.
#[test]
fn jobs() {
    let text = "services:\n  a: {image: x}\njobs:\n  j:\n    image: y\n    command: run it\n    environment: [A=1]\n    env_file: j.env\n    \
                volumes: ['./d:/d']\n    depends_on: [a]\n    mem_limit: 1m\n    x-mine: 1\n    triggers:\n      manual: false\n      schedule:\n        \
                - '* * * * *'\n        - {cron: 0 0 * * *, timezone: Europe/Zurich, concurrency: queue, missed_fires: skip}\n  \
                off: {image: z, profiles: [other], triggers: {manual: true}}\n";
    let loaded =
        load(&options(&[("f.yaml", text), ("j.env", "B=2\n")])).unwrap_or_else(|error| panic!("{error}"));
    let printed: serde_json::Value = serde_json::from_str(&loaded.to_canonical_json()).unwrap();
    assert_eq!(
        printed["jobs"],
        json!({"j": {
            "image": "y", "command": ["run", "it"], "entrypoint": null, "environment": {"A": "1", "B": "2"},
            "volumes": [{"type": "bind", "source": "/p/d", "target": "/d", "bind": {}}],
            "depends_on": {"a": {"condition": "service_started", "required": true}}, "mem_limit": "1048576",
            "networks": {"default": null},
            "triggers": {"manual": false, "schedule": [{"cron": "* * * * *"},
                {"cron": "0 0 * * *", "timezone": "Europe/Zurich", "concurrency": "queue", "missed_fires": "skip"}]},
        }})
    );
    let job = &loaded.project.jobs["j"];
    assert_eq!((job.service.name.as_str(), job.service.image.as_deref()), ("j", Some("y")));
    assert_eq!(job.service.mem_limit, Some(1 << 20));
    assert_eq!(job.service.extensions["x-mine"], json!(1));
    assert!(!job.triggers.is_manual());
    assert_eq!(job.triggers.schedule[0].cron, "* * * * *");
    let second = &job.triggers.schedule[1];
    assert_eq!(
        (second.concurrency, second.missed_fires),
        (Some(Concurrency::Queue), Some(MissedFires::Skip))
    );
    assert_eq!(second.timezone.as_deref(), Some("Europe/Zurich"));
}

#[test]
fn mistakes_in_jobs_are_told() {
    for (job, expected) in [
        ("{image: x}", "jobs.j: `triggers` is missing"),
        ("{triggers: {manual: true}}", "jobs.j: job `j` has neither an image nor a build"),
        ("{image: x, restart: always, triggers: {}}", "jobs.j.restart: `restart` is not"),
        ("{image: x, networks: [n], triggers: {}}", "jobs.j.networks.n: the network `n` is not defined"),
        ("{image: x, depends_on: [n], triggers: {}}", "jobs.j.depends_on.n: job `j` depends on `n`"),
        (
            "{image: x, triggers: {schedule: [{timezone: UTC}]}}",
            "jobs.j.triggers.schedule[0]: `cron` is missing",
        ),
        (
            "{image: x, triggers: {schedule: [{cron: '* * * * *', concurrency: qeue}]}}",
            "did you mean `queue`?",
        ),
    ] {
        let error = load_text(&format!("services: {{}}\njobs: {{j: {job}}}")).unwrap_err().to_string();
        assert!(error.contains(expected), "{job}: {error}");
    }
}

#[test]
fn env_files_are_kept_where_folding_is_off() {
    let steps = Steps { resolve_environment: false, ..Steps::default() };
    let text = "services: {a: {image: x, env_file: [a.env, {path: b.env, required: false, format: raw}]}}";
    let options: LoadOptions = options(&[("f.yaml", text)]).with_steps(steps);
    let service = load(&options).unwrap().project.services["a"].clone();
    let file = |path: &str, required, format: Option<&str>| EnvFile {
        path: path.into(),
        required,
        format: format.map(Into::into),
    };
    assert_eq!(service.env_file, [file("/p/a.env", true, None), file("/p/b.env", false, Some("raw"))]);
}

/// What is read is written in the form that is read again.
#[test]
fn the_whole_service_serialises() {
    let service = service(
        "links: ['b:c'], volumes_from: ['b:ro'], models: {}, develop: {watch: [{path: p, action: sync, target: /t}]}, \
         blkio_config: {device_read_bps: [{path: /d, rate: 1k}]}, deploy: {update_config: {delay: 1s, order: stop-first}, placement: {constraints: [c]}}, \
         pre_start: [{command: a, init: true}], post_start: [{command: b}], credential_spec: {registry: r}, build: {ssh: ['k=/k']}",
    );
    let value = serde_json::to_value(&service).unwrap();
    assert_eq!(value["links"], json!(["b:c"]));
    assert_eq!(value["pre_start"], json!([{"command": ["a"], "image": "x", "init": true}]));
    assert_eq!(value["blkio_config"], json!({"device_read_bps": [{"path": "/d", "rate": "1024"}]}));
    let again: Service = serde_json::from_value(value).unwrap();
    assert_eq!(Service { name: "a".into(), ..again }, service);
}

#[test]
fn extensions_of_resources() {
    let project = project(
        "services: {a: {image: x, networks: [n], volumes: ['vol:/v'], configs: [c]}}\nnetworks: {n: {x-n: 1}}\nvolumes: {vol: {x-v: [2]}}\nconfigs: {c: {content: t, x-c: {a: 3}}}\n",
    );
    assert_eq!(project.networks["n"].extensions["x-n"], json!(1));
    assert_eq!(project.volumes["vol"].extensions["x-v"], json!([2]));
    assert_eq!(project.configs["c"].extensions["x-c"], json!({"a": 3}));
}
