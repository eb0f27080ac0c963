//! What a loaded project gives beside the model: names, variables, the environment, hashes, a part of the services, and
//! where values come from.

use compose_file::{Code, Element, Loaded, Steps, load};
use serde_json::json;

use super::{load_files, load_text, options};

const RAW: Steps = Steps {
    interpolate: false,
    normalize: true,
    resolve_paths: true,
    consistency: true,
    resolve_environment: true,
};

fn raw(files: &[(&str, &str)]) -> Loaded {
    load(&options(files).with_steps(RAW)).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn variables_with_what_the_file_says_about_them() {
    let text = "name: ${NAME:-n}\nservices:\n  a:\n    image: $IMAGE\n    environment:\n      A: ${REQ:?say ${WHAT}}\n      B: ${ALT:+alt}\n      \
                C: ${OUT:-${IN:-deep}}\n      D: $$NO $${NO}\n      E: ${OUT}${BARE?}\n      '${KEY}': 1\n";
    let loaded = raw(&[("f.yaml", text)]);
    let list: Vec<_> = loaded
        .variables()
        .into_iter()
        .map(|v| (v.name, v.required, v.default, v.alternate, v.message))
        .collect();
    let row = |name: &str, required, [default, alternate, message]: [Option<&str>; 3]| {
        let own = |text: Option<&str>| text.map(str::to_owned);
        (name.to_owned(), required, own(default), own(alternate), own(message))
    };
    assert_eq!(
        list,
        [
            row("ALT", false, [None, Some("alt"), None]),
            row("BARE", true, [None; 3]),
            row("IMAGE", false, [None; 3]),
            row("IN", false, [Some("deep"), None, None]),
            row("NAME", false, [Some("n"), None, None]),
            row("OUT", false, [Some("${IN:-deep}"), None, None]),
            row("REQ", true, [None, None, Some("say ${WHAT}")]),
            row("WHAT", false, [None; 3]),
        ]
    );
    let places: Vec<String> = loaded
        .variables()
        .iter()
        .map(|v| format!("{}@{}", v.path, v.origin.as_ref().map(|o| o.line).unwrap_or_default()))
        .collect();
    assert_eq!(places[2], "services.a.image@4");
    assert_eq!(places[4], "name@1");
}

/// Looking for variables must not look at the rest again for each brace that is never closed.
#[test]
fn unclosed_expressions_are_given_up_at_once() {
    let many = "${A:-".repeat(200_000);
    let loaded = raw(&[("f.yaml", &format!("services: {{a: {{image: '$B{many}'}}}}"))]);
    let names: Vec<String> = loaded.variables().into_iter().map(|variable| variable.name).collect();
    assert_eq!(names, ["B"]);
}

/// As Docker Compose prints it.
#[test]
fn the_raw_text_has_models_and_whole_env_files() {
    let loaded = raw(&[(
        "f.yaml",
        "services: {a: {image: '${A}', env_file: [a.env, {path: '${B}', required: false}], x-s: 1}}\nmodels: {m: {model: ai/m}}",
    )]);
    let model: serde_json::Value = serde_json::from_str(&loaded.to_canonical_json()).unwrap();
    let files = json!([{"path": "/p/a.env", "required": true}, {"path": "/p/${B}", "required": false}]);
    assert_eq!(
        model["services"]["a"],
        json!({"image": "${A}", "env_file": files, "x-s": 1, "networks": {"default": null}})
    );
    assert_eq!(model["models"], json!({"m": {"model": "ai/m"}}));
}

/// With values the same variables are found, also in files that are included or extended.
#[test]
fn variables_of_all_files_with_values_too() {
    let files = [
        ("f.yaml", "include: [inc.yaml]\nservices: {a: {extends: {file: base.yaml, service: b}}}"),
        ("inc.yaml", "services: {i: {image: 'x:${TAG}'}}"),
        ("base.yaml", "services: {b: {image: 'y:${OTHER:-2}'}}"),
    ];
    for loaded in [load_files(&files).unwrap(), raw(&files)] {
        let names: Vec<String> = loaded.variables().into_iter().map(|variable| variable.name).collect();
        assert_eq!(names, ["OTHER", "TAG"]);
    }
}

#[test]
fn nothing_is_typed_without_interpolation_and_everything_is_listed() {
    let text = "services:\n  a: {image: 'x:${V}', ports: ['${P}:80'], scale: '${N}', networks: {n: {priority: '${Q}'}}, volumes: ['vol:/v', '${D}:/d'], \
                depends_on: {b: {condition: '${C}'}}}\n  b: {build: ., profiles: ['${X}'], volumes: ['other:/o']}\n\
                networks: {n: {}, unused: {}}\nvolumes: {vol: {}, other: {}}\nsecrets: {s: {file: f}}\n";
    let loaded = raw(&[("f.yaml", text)]);
    assert!(loaded.project.services.is_empty());
    for (element, names) in [
        (Element::Services, &["a", "b"][..]),
        (Element::Networks, &["n"]),
        (Element::Volumes, &["vol"]),
        (Element::Secrets, &[]),
        (Element::Jobs, &[]),
    ] {
        assert_eq!(loaded.names(element), names, "{element:?}");
    }
    assert_eq!(loaded.images(), ["x:${V}"]);
    assert_eq!(loaded.profiles(), ["${X}"]);
    assert_eq!(loaded.docker_compose_hash("a"), None);
    assert!(loaded.to_canonical_json().contains(r#""image": "x:${V}""#));
}

#[test]
fn lists_of_an_interpolated_project() {
    let loaded = load_text(
        "services: {b: {image: y, networks: [n], pre_start: [{command: c, image: i}, {command: d}]}, a: {build: ., profiles: [p]}, c: {build: ., models: [m]}}\n\
         networks: {n: {}, unused: {}}\nmodels: {m: {model: ai/m}, other: {model: ai/o}}",
    )
    .unwrap();
    assert_eq!(loaded.names(Element::Services), ["b", "c"]);
    assert_eq!(loaded.names(Element::Networks), ["n", "default"]);
    assert_eq!(loaded.names(Element::Models), ["m"]);
    assert_eq!(loaded.models(), ["ai/m"]);
    assert_eq!(loaded.images(), ["y", "i", "p-c"]);
    assert_eq!(loaded.profiles(), ["p"]);
}

#[test]
fn the_environment_has_files_below_the_callers_variables() {
    let loaded = load_files(&[("f.yaml", "services: {}\nname: n"), (".env", "TAG=file\nFILE=1\n")]).unwrap();
    let found: Vec<(&str, &str)> = loaded.environment().collect();
    let expected = [
        ("COMPOSE_PROJECT_NAME", "n"),
        ("EMPTY", ""),
        ("FILE", "1"),
        ("HOME", "/home/me"),
        ("PWD", "/p"),
        ("TAG", "v1"),
    ];
    assert_eq!(found, expected);
    assert!(!format!("{loaded:?}").contains("v1"), "Debug must not show values");
}

/// What `docker compose config --hash` prints, 5.5.1 and 5.6.1.
#[test]
fn hashes_are_those_of_docker_compose() {
    let text = "name: p\nservices:\n  a:\n    image: x\n  b:\n    image: y\n    build: .\n    command: echo '<&>'\n    environment: {B: '2', A: é, C: ~}\n    \
                labels: {z: 1, a: b}\n    ports: ['8080:80', '127.0.0.1:5000-5001:5000-5001/udp']\n    volumes: ['/d:/d:ro,z', 'vol:/v', {type: tmpfs, target: /t, tmpfs: {size: 1m, mode: 448}}]\n    \
                networks: {n: {aliases: [q], ipv4_address: 10.0.0.2, priority: 3}, default: ~}\n    healthcheck: {test: echo, interval: 90s, retries: 3, timeout: 1s}\n    \
                deploy: {replicas: 2, resources: {limits: {cpus: '0.3', memory: 1g}}, restart_policy: {condition: any}, update_config: {order: start-first, delay: 1s}}\n    \
                ulimits: {nofile: {soft: 1, hard: 2}, core: 5}\n    blkio_config: {weight_device: [{path: /d, weight: 3}], device_read_bps: [{path: /d, rate: 1k}]}\n    \
                cpus: 0.3\n    mem_limit: 1g\n    develop: {watch: [{path: /w, action: sync, target: /x}]}\n    post_start: [{command: a b, environment: {B: 1}, user: u}]\n    \
                depends_on: [a]\n    pull_policy: always\n    gpus: all\n    secrets: [{source: s, mode: 0440}]\n    x-own: 1\n\
                networks: {n: {}}\nvolumes: {vol: ~}\nsecrets: {s: {environment: HOME}}\n";
    let loaded = load_text(text).unwrap_or_else(|error| panic!("{error}"));
    let hash = |name: &str| loaded.docker_compose_hash(name);
    assert_eq!(
        hash("a").as_deref(),
        Some("d5457d0b2799957b606d2ac4ed52d85a1e75799490e56229948300b9a59e8953")
    );
    assert_eq!(
        hash("b").as_deref(),
        Some("d0cf87af3ab30b78d1fdc572a35b7b58ef1bec22525723f35050b615cc9c3116")
    );
    assert_eq!(hash("c"), None);
}

/// What does not need another container does not change the hash.
#[test]
fn hashes_are_about_containers() {
    let hash = |body: &str, platform: &str| {
        let text = format!("services: {{a: {{image: x, {body}}}, b: {{image: y}}}}");
        let options = options(&[("f.yaml", &text)]).with_environment([("DOCKER_DEFAULT_PLATFORM", platform)]);
        load(&options).unwrap_or_else(|error| panic!("{error}")).docker_compose_hash("a").unwrap()
    };
    let plain = hash("", "");
    for body in ["build: .", "depends_on: [b]", "pull_policy: build", "scale: 3", "x-a: 1", "environment: {}"]
    {
        assert_eq!(hash(body, ""), plain, "{body}");
    }
    for body in ["tty: true", "environment: [A=1]", "labels: [a]", "deploy: {replicas: 2}", "command: []"] {
        assert_ne!(hash(body, ""), plain, "{body}");
    }
    assert_eq!(hash("deploy: {replicas: 2}", ""), hash("deploy: {replicas: 3}", ""));
    assert_eq!(hash("", "linux/arm64"), plain);
    assert_eq!(hash("build: .", "linux/arm64"), hash("platform: linux/arm64", ""));
}

#[test]
fn only_named_services_and_what_they_need() {
    let text = "services:\n  web: {image: x, depends_on: [api], networks: [front]}\n  api: {image: x, links: [db], networks: [back]}\n  \
                db: {image: x, networks: [back], volumes: ['vol:/v']}\n  other: {image: x, networks: [third], volumes_from: [db]}\n  \
                tool: {image: x, profiles: [tools], network_mode: 'service:db'}\n\
                networks: {front: {}, back: {}, third: {}}\nvolumes: {vol: {}}\n";
    for (named, services, networks) in [
        (&["web"][..], &["web", "api", "db"][..], &["front", "back"][..]),
        (&["db"], &["db"], &["back"]),
        (&["other", "web"], &["web", "api", "db", "other"], &["front", "back", "third"]),
        (&["tool"], &["db", "tool"], &["back"]),
        (&[], &["web", "api", "db", "other"], &["front", "back", "third"]),
    ] {
        let options = options(&[("f.yaml", text)]).with_services(named.iter().copied()).with_only_named(true);
        let loaded = load(&options).unwrap_or_else(|error| panic!("{named:?}: {error}"));
        assert_eq!(loaded.names(Element::Services), services, "{named:?}");
        assert_eq!(loaded.names(Element::Networks), networks, "{named:?}");
        let project = &loaded.project;
        assert_eq!(project.services.len() + project.disabled.len(), 5, "{named:?}");
    }
    let options =
        options(&[("f.yaml", text)]).with_services(["wbe", "nothing-like-it"]).with_only_named(true);
    let error = load(&options).unwrap_err();
    assert_eq!(error.errors().map(|error| error.code).collect::<Vec<_>>(), [Code::Undefined; 2]);
    let text = error.to_string();
    assert!(text.contains("there is no service `wbe` (did you mean `web`?)"), "{text}");
}

#[test]
fn extensions_wherever_they_are() {
    let loaded = load_text(
        "x-top: {a: 1}\nservices: {a: {image: x, x-s: 1, build: {context: ., x-b: [2]}, labels: {x-label: l}, ports: [{target: 1, x-p: 3}]}}",
    )
    .unwrap();
    let mut found = loaded.extensions();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(
        found,
        [
            ("services.a.build.x-b".to_owned(), json!([2])),
            ("services.a.ports[0].x-p".to_owned(), json!(3)),
            ("services.a.x-s".to_owned(), json!(1)),
            ("x-top".to_owned(), json!({"a": 1})),
        ]
    );
}

/// The places that belong to the first error, `file:line: text`, and its help.
fn whence(files: &[(&str, &str)]) -> (Vec<String>, String) {
    let error = load_files(files).unwrap_err();
    let first = error.errors().next().unwrap();
    let related = first
        .related
        .iter()
        .map(|related| {
            format!("{}:{}: {}", related.origin.file.display(), related.origin.line, related.message)
        })
        .collect();
    (related, first.help.clone().unwrap_or_default())
}

#[test]
fn a_wrong_value_tells_what_set_its_variables() {
    let with_env = |env: &'static str, value: &'static str| {
        let text = format!("services:\n  a:\n    image: x\n    mem_limit: \"{value}\"\n");
        whence(&[("f.yaml", &text), (".env", env)])
    };
    let (related, help) = with_env("# a comment\nMEM=lots\n", "${MEM}");
    assert_eq!(related, ["/p/.env:2: `MEM` is set here"]);
    assert_eq!(
        help,
        "write a number and one of the units b, k, m, g, such as `512m` or `1.5g`; this is the value after interpolation"
    );
    let (related, help) = with_env("MEM=1\n", "${TAG}${MEM:-2}");
    assert_eq!(related, ["/p/.env:1: `MEM` is set here"]);
    assert_eq!(
        help,
        "write a number and one of the units b, k, m, g, such as `512m` or `1.5g`; this is the value after interpolation: `TAG` comes from the environment"
    );
    let (related, help) = with_env("", "${NOT:-lots}");
    assert!(related.is_empty());
    assert_eq!(
        help,
        "write a number and one of the units b, k, m, g, such as `512m` or `1.5g`; this is the value after interpolation: `NOT` is not set"
    );
}

#[test]
fn the_environment_file_of_an_included_project_is_told_for_its_own_values_only() {
    let included = ("sub/inc.yaml", "services: {i: {image: x, mem_limit: '${MEM}'}}");
    let env = ("sub/.env", "MEM=lots");
    let (related, _) = whence(&[("f.yaml", "include: [sub/inc.yaml]\n"), included, env]);
    assert_eq!(related, ["/p/f.yaml:1: this is why the file is read", "/p/sub/.env:1: `MEM` is set here"]);
    let own = "include: [sub/inc.yaml]\nservices: {a: {image: x, mem_limit: '${MEM:-much}'}}\n";
    let fine = ("sub/.env", "MEM=1k");
    let (related, help) = whence(&[("f.yaml", own), included, fine]);
    assert!(related.is_empty(), "{related:?}");
    assert!(help.ends_with("`MEM` is not set"), "{help}");
}

#[test]
fn an_error_in_another_file_tells_the_way_to_it() {
    let bad = "services: {b: {image: x, imgae: y}}";
    for (main, expected) in [
        ("include:\n  - b.yaml\n", "/p/f.yaml:2: this is why the file is read"),
        (
            "services:\n  a:\n    extends: {file: b.yaml, service: b}\n",
            "/p/f.yaml:3: this is why the file is read",
        ),
    ] {
        let (related, _) = whence(&[("f.yaml", main), ("b.yaml", bad)]);
        assert_eq!(related, [expected], "{main}");
    }
    let text = "services:\n  a:\n    image: x\n    env_file: e.env\n";
    let (related, _) = whence(&[("f.yaml", text), ("e.env", "A B=1\n")]);
    assert_eq!(related, ["/p/f.yaml:4: this is why the file is read"]);
    let (related, _) =
        whence(&[("f.yaml", "include: [c.yaml]"), ("c.yaml", "\ninclude: [b.yaml]"), ("b.yaml", bad)]);
    assert_eq!(
        related,
        ["/p/c.yaml:2: this is why the file is read", "/p/f.yaml:1: this is why the file is read"]
    );
}

#[test]
fn what_is_not_on_this_machine_is_refused() {
    for address in [
        "https://github.com/a/b.git",
        "git@github.com:a/b.git",
        "github.com/a/b",
        "oci://registry/image:tag",
        "oci:registry/image",
        "ssh://git@host/a.git",
    ] {
        for text in [
            format!("include: ['{address}']"),
            format!("include: [{{path: ['{address}']}}]"),
            format!("services: {{a: {{extends: {{file: '{address}', service: b}}}}}}"),
        ] {
            let error = load_text(&text).unwrap_err();
            let first = error.errors().next().unwrap();
            assert_eq!(first.code, Code::Unsupported, "{text}");
            assert!(first.origin.is_some() && first.message.contains(address), "{text}: {first}");
            assert!(first.help.as_deref().is_some_and(|help| help.contains("fetch it first")), "{text}");
        }
    }
}

#[test]
fn drives_become_directories_where_it_is_asked_for() {
    let text = "services: {a: {image: x, volumes: ['C:\\Users\\me:/a', {type: bind, source: 'd:/b', target: /b}, './c:/c']}}";
    let sources = |flag: &str| -> Vec<String> {
        let files = [("f.yaml", text), (".env", flag)];
        let volumes = load_files(&files).unwrap().project.services["a"].volumes.clone();
        volumes.into_iter().map(|mount| mount.source.unwrap_or_default()).collect()
    };
    assert_eq!(sources(""), ["C:\\Users\\me", "d:/b", "/p/c"]);
    assert_eq!(sources("COMPOSE_CONVERT_WINDOWS_PATHS=0"), ["C:\\Users\\me", "d:/b", "/p/c"]);
    assert_eq!(sources("COMPOSE_CONVERT_WINDOWS_PATHS=1"), ["/c/Users/me", "/d/b", "/p/c"]);
}
