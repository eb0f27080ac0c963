//! Mistakes: where they are said to be, what is said, and what is suggested.

use compose_file::{Code, load};

use super::{errors, load_files, load_text, options};

/// One mistake each; the whole text of the error is checked up to the help.
#[test]
fn every_mistake_has_its_place_and_its_sentence() {
    let mut wrong = Vec::new();
    for (text, expected) in [
        (
            "services:\n  web:\n    imgae: nginx\n",
            "3:5: services.web.imgae: `imgae` is not an attribute of a service (did you mean `image`?)",
        ),
        (
            "services:\n  web:\n    image: nginx\n    ports: 80\n",
            "4:12: services.web.ports: expected a list of ports, found a number (write it on the next line after a `- `, as every item of a list)",
        ),
        (
            "services:\n  web:\n    image: x\n    user: 1000\n",
            "4:11: services.web.user: expected a string, found a number (write it in quotes: \"1000\")",
        ),
        (
            "services:\n  web:\n    image: x\n    stop_grace_period: 5\n",
            "4:24: services.web.stop_grace_period: expected a duration with a unit, such as `30s` or `1m30s`, found a number (write it with a unit: \"5s\")",
        ),
        (
            "services:\n  web:\n    image: x\n    image: y\n",
            "4:5: services.web.image: the key `image` is already given in line 3 (remove one of the two)",
        ),
        (
            "services:\n  web: nginx\n",
            "2:8: services.web: expected a mapping (`key: value`), found a string (write its attributes on the lines below, indented: `image: NAME` to begin with)",
        ),
        (
            "services:\n  - image: x\n",
            "2:3: services: expected a mapping of service names to services, found a list (take away the `-`: this takes `key: value`)",
        ),
        (
            "- a\n",
            "1:1: a Compose file is a mapping with `services`, and this is a list (begin with `services:`, put the services below it, and take away the `-`)",
        ),
        (
            "web:\n  image: x\n",
            "1:1: web: `web` is not a top-level element (if this is a service, put it below `services:`)",
        ),
        (
            "services: {}\nvolume: {}\n",
            "2:1: volume: `volume` is not a top-level element (did you mean `volumes`?)",
        ),
        (
            "services: {a: {image: x, volumes: {}, networks: {n: {alias: []}}}}",
            "1:35: services.a.volumes: expected a list of volumes, found a mapping (begin each item with `- `)\n1:54: services.a.networks.n.alias: `alias` is not an attribute of `n` (did you mean `aliases`?)",
        ),
        (
            "services: {a: {image: x, net: host}}",
            "1:26: services.a.net: `net` is not an attribute of a service (use `network_mode`)",
        ),
        (
            "services: {'a b': {image: x}}",
            "1:12: services.a b: `a b` cannot be a name (use letters, digits, `.`, `_` and `-`)",
        ),
        (
            "services: {a: {image: x, depends_on: {b: {}}}}",
            "1:42: services.a.depends_on.b: `condition` is missing (add `condition: service_started`)",
        ),
        (
            "services: {a: {image: x, depends_on: {a: {condition: service_healty}}}}",
            "1:54: services.a.depends_on.a.condition: `service_healty` is not a condition (did you mean `service_healthy`?)",
        ),
        (
            "services: {a: {image: x, cap_add: [A, 1]}}",
            "1:39: services.a.cap_add[1]: expected a string, found a number (write it in quotes: \"1\")",
        ),
        (
            "services: {a: {image: x, security_opt: [b, b]}}",
            "1:44: services.a.security_opt[1]: the list has this item twice (remove one of the two)",
        ),
        (
            "services: {a: {image: x, ports: [{published: 80}]}}",
            "1:34: services.a.ports[0]: the port has no `target`, the port of the container (add `target`)",
        ),
        (
            "services: {a: {image: x, ports: [{target: 80000}]}}",
            "1:43: services.a.ports[0].target: expected a container port from 1 to 65535",
        ),
        (
            "services: {a: {image: x, ports: [{target: 80, host_ip: 1.2.3}]}}",
            "1:56: services.a.ports[0].host_ip: `1.2.3` is not an IP address",
        ),
        (
            "services: {a: {image: x, volumes: [{type: bind, target: /x}]}}",
            "1:36: services.a.volumes[0]: a bind mount needs a `source` (add the path on the host)",
        ),
        (
            "services: {a: {image: x, volumes: ['aa:/b:ro:dd']}}",
            "1:36: services.a.volumes[0]: `aa:/b:ro:dd` has too many colons (write `source:target`, `source:target:ro`, or the long form with `type`)",
        ),
        (
            "services: {a: {image: x, environment: ['A =1']}}",
            "1:40: services.a.environment[0]: the name `A ` ends with a space (write `NAME=value` without spaces round the `=`)",
        ),
        (
            "services: {a: {image: x, mem_limit: 1x}}",
            "1:37: services.a.mem_limit: expected a size such as `512m`, found `1x` (write a number and one of the units b, k, m, g, such as `512m` or `1.5g`)",
        ),
        (
            "services: {a: {image: x, restart: sometimes}}",
            "1:35: services.a.restart: `sometimes` is not a restart policy (use \"no\", always, unless-stopped, on-failure or on-failure:5)",
        ),
        (
            "services: {a: {image: x, command: 'a \"b'}}",
            "1:35: services.a.command: quotes or brackets are not closed (for a shell, write [\"sh\", \"-c\", \"...\"])",
        ),
        (
            "services: {a: {image: x, extra_hosts: [h]}}",
            "1:40: services.a.extra_hosts: `h` has no address (write `host=address`)",
        ),
        (
            "services: {a: {image: '${A'}}",
            "1:23: services.a.image: `${A` is not closed: a `}` is missing (write `${NAME}`, `${NAME:-default}`, `${NAME:?message}` or `${NAME:+other}`, and `$$` for a plain `$`)",
        ),
        (
            "services: {a: {image: '${A:?give A}'}}",
            "1:23: services.a.image: the required variable A is missing a value: give A (set A in the environment or in the `.env` file)",
        ),
        (
            "services: {a: {hostname: h}}",
            "1:12: services.a: service `a` has neither an image nor a build (add `image: NAME` or `build: DIRECTORY`)",
        ),
        (
            "services: {a: {image: x, networks: [back]}}\nnetworks: {bakc: ~}",
            "1:37: services.a.networks.back: the network `back` is not defined (did you mean `bakc`?)",
        ),
        (
            "services: {a: {image: x, volumes: ['data:/x']}}",
            "1:36: services.a.volumes[0]: the volume `data` is not defined (add `data:` below the top-level `volumes:`)",
        ),
        (
            "services: {a: {image: x, secrets: [s]}}",
            "1:36: services.a.secrets[0]: the secret `s` is not defined (add `s:` below the top-level `secrets:`)",
        ),
        (
            "services: {a: {image: x, depends_on: [wbe]}, web: {image: y}}",
            "1:39: services.a.depends_on.wbe: service `a` depends on `wbe`, which is not defined (did you mean `web`?)",
        ),
        (
            "services: {a: {image: x, depends_on: [b]}, b: {image: y, depends_on: [a]}}",
            "1:71: services.b.depends_on: the services depend on each other in a circle: a -> b -> a (remove one of these dependencies)",
        ),
        (
            "services: {a: {image: x, network_mode: host, networks: [default]}}",
            "1:40: services.a.network_mode: `network_mode` and `networks` exclude each other (keep one of them)",
        ),
        (
            "services: {a: {image: x, scale: 2, deploy: {replicas: 3}}}",
            "1:33: services.a.scale: `scale` and `deploy.replicas` say different numbers (keep one of them)",
        ),
        (
            "services: {a: {image: x, scale: 2, container_name: abc}}",
            "1:52: services.a.container_name: several containers cannot have the one name of `container_name` (remove `container_name`, or ask for one container)",
        ),
        (
            "services: {a: {image: x, scale: -1}}",
            "1:33: services.a.scale: the number of containers cannot be negative",
        ),
        (
            "services: {a: {image: x, container_name: nn}, b: {image: x, container_name: nn}}",
            "1:77: services.b.container_name: two services have the container name `nn` (give each a name of its own, or leave `container_name` out)",
        ),
        (
            "services: {a: {image: x, cpus: 1, deploy: {resources: {limits: {memory: 1g}}}}}",
            "1:32: services.a.cpus: `cpus` and `deploy.resources.limits.cpus` differ (keep one of them, or give both the same value)",
        ),
        (
            "services: {a: {image: x, tmpfs: /t, volumes: ['vol:/t']}}\nvolumes: {vol: ~}",
            "1:47: services.a.volumes[0]: something is mounted at `/t` already (remove one of the two)",
        ),
        (
            "services: {a: {image: x, healthcheck: {test: [curl]}}}",
            "1:47: services.a.healthcheck.test: the list of a health check begins with CMD, CMD-SHELL or NONE (write [\"CMD\", ...] to run a program, or one string for a shell)",
        ),
        (
            "services: {a: {build: {dockerfile: d, dockerfile_inline: x}}}",
            "1:58: services.a.build: `dockerfile` and `dockerfile_inline` exclude each other (keep one of them)",
        ),
        (
            "services: {a: {image: x}}\nvolumes: {v: {external: true, driver: d}}",
            "2:31: volumes.v.driver: an external volume cannot have `driver` (it exists already; remove `external` or this)",
        ),
        (
            "services: {a: {image: x}}\nsecrets: {s: {file: a, environment: b}}",
            "2:14: secrets.s: `file` and `environment` exclude each other (keep one of them)",
        ),
        (
            "services: {a: {image: x}}\nconfigs: {c: {name: n}}",
            "2:14: configs.c: one of `file`, `environment`, `content` is missing (say where the content comes from, or write `external: true`)",
        ),
        (
            "services: {a: {image: x, labels: {1: x}}}",
            "1:35: services.a.labels: a key must be a string, and `1` is not one (write \"1\")",
        ),
        (
            "services: {a: {image: x, oom_score_adj: 2000}}",
            "1:41: services.a.oom_score_adj: expected a whole number from -1000 to 1000, found 2000",
        ),
        (
            "services: {a: {image: x, develop: {watch: [{path: ., action: sync}]}}}",
            "1:44: services.a.develop.watch[0]: a sync needs a `target` (add the path in the container)",
        ),
        (
            "services: {a: {image: x, gpus: [{count: 1, device_ids: [a]}]}}",
            "1:33: services.a.gpus[0]: `count` and `device_ids` exclude each other (keep one of them)",
        ),
        (
            "services: {a: {image: x, configs: [{source: c, mode: '9'}]}}\nconfigs: {c: {content: x}}",
            "1:54: services.a.configs[0].mode: expected an octal mode such as \"0440\", found `9` (write the digits of chmod, such as \"0440\")",
        ),
        (
            "services:\n\tweb: {}\n",
            "2:2: the file is not valid YAML: this line is indented with a tab (indent with spaces; YAML does not allow tabs here)",
        ),
        (
            "services: {a: {image: *x}}",
            "1:23: the file is not valid YAML: there is no anchor of this name above (an anchor `&name` must come before the alias `*name`; a text that begins with `*` must be in quotes)",
        ),
        (
            "x-a: {<<: 1}\n",
            "1:11: x-a.<<: `<<` merges a mapping or a list of mappings, and this is a number (name an anchor, as in `<<: *name`)",
        ),
        (
            "",
            "1:1: services: the Compose file is empty (begin with `services:` and a service below it, such as `web:` with `image: nginx`)",
        ),
    ] {
        let found = errors(text);
        if found != expected {
            wrong.push(format!("{text}\n  found    {found}\n  expected {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn several_mistakes_are_told_at_once() {
    let error =
        load_text("services:\n  a: {imgae: x}\n  b: {image: x, ports: 1}\n  c: {image: x, tty: []}\n")
            .unwrap_err();
    let lines: Vec<usize> = error.errors().map(|error| error.origin.as_ref().unwrap().line).collect();
    assert_eq!(lines, [2, 3, 4]);
}

#[test]
fn origins_lead_to_the_text() {
    let text = "services:\n  wéb:\n    image: x\n    'üser': 1000\n";
    let error = load_text(text).unwrap_err();
    let origins: Vec<_> = error.errors().map(|error| error.origin.clone().unwrap()).collect();
    let source = error.sources().get(origins[0].source).unwrap();
    assert_eq!(source.text(), text);
    assert_eq!(source.path().to_str(), Some("/p/f.yaml"));
    let spans: Vec<&str> = origins.iter().map(|origin| &text[origin.span.clone()]).collect();
    assert_eq!(spans, ["wéb"]);
    let error = load_text(&text.replace("wéb", "web")).unwrap_err();
    let origin = error.errors().next().unwrap().origin.clone().unwrap();
    assert_eq!((origin.line, origin.column), (4, 5));
    assert_eq!(&text.replace("wéb", "web")[origin.span], "'üser'");
}

#[test]
fn a_mistake_in_an_override_points_at_the_override() {
    let error = load_files(&[
        ("f1.yaml", "services: {a: {image: x}}"),
        ("f2.yaml", "services:\n  a:\n    prots: []\n"),
    ]);
    assert!(error.unwrap_err().to_string().starts_with("/p/f2.yaml:3:5: services.a.prots: "));
}

#[test]
fn encodings() {
    let with_bom = load_text("\u{feff}services: {a: {image: x}}\r\n").unwrap();
    assert_eq!(with_bom.project.services["a"].image.as_deref(), Some("x"));
    let windows = load_text("services:\r\n  a:\r\n    image: x\r\n    prots: 1\r\n").unwrap_err();
    assert!(windows.to_string().starts_with("/p/f.yaml:4:5: "), "{windows}");
    for (bytes, expected, help) in [
        (
            &b"services:\n  a: {image: \xff}\n"[..],
            "/p/x.yaml:2:14: the file is not valid UTF-8 here",
            "UTF-8",
        ),
        (&b"\xff\xfes\0e\0"[..], "/p/x.yaml:1:1: the file is not valid UTF-8 here", "UTF-16"),
        (
            &b"services: {a: {image: \0}}"[..],
            "/p/x.yaml:1:23: the control character U+0000 is not allowed in YAML",
            "remove",
        ),
    ] {
        let files = compose_file::MemoryFiles::new().with("/p/x.yaml", bytes);
        let error = load(&options(&[]).with_file("x.yaml").with_file_source(files)).unwrap_err().to_string();
        assert!(error.starts_with(expected) && error.contains(help), "{error}");
    }
}

#[test]
fn files_that_are_not_there() {
    let error = load(&options(&[]).with_file("none.yaml")).unwrap_err();
    let first = error.errors().next().unwrap();
    assert_eq!(first.code, Code::File);
    assert_eq!(first.message, "the Compose file /p/none.yaml does not exist");
    let error =
        load(&options(&[("f.yaml", "services: {a: {image: x}}")]).with_env_file("none.env")).unwrap_err();
    assert_eq!(error.to_string(), "the environment file /p/none.env does not exist (check the path)");
}

#[test]
fn secrets_are_not_in_debug_output() {
    let loaded = load(
        &options(&[(
            "f.yaml",
            "services: {a: {image: x, environment: {PASSWORD: hunter2}, build: {args: {TOKEN: hunter2}}, secrets: [s], configs: [c]}}\n\
             secrets: {s: {environment: SECRET}}\nconfigs: {c: {content: hunter2}}",
        )])
        .with_environment([("SECRET", "hunter2")]),
    )
    .unwrap();
    assert_eq!(loaded.project.secrets["s"].content.as_ref().map(|content| content.expose()), Some("hunter2"));
    assert!(!format!("{loaded:?}").contains("hunter2"));
    let options = options(&[]).with_environment([("A", "hunter2")]);
    assert!(!format!("{options:?}").contains("hunter2"));
    let service = serde_json::to_string(&loaded.project.secrets).unwrap();
    assert!(service.contains("hunter2"), "serialising is explicit and complete");
    assert!(!loaded.to_canonical_json().contains("\"s\": \"hunter2"));
}

#[test]
fn a_directive_that_yaml_does_not_have() {
    for (text, place) in [
        ("%FOO é\n---\nservices: {a: {image: x}}", "1:1: "),
        ("# é\n\n%\n---\nservices: {a: {image: x}}", "3:1: "),
        ("services: {a: {image: x}}\n...\n%é 𓋗\n---\nservices: {}", "3:1: "),
    ] {
        let found = errors(text);
        assert!(found.starts_with(place) && found.contains("there is no directive"), "{text:?}: {found}");
    }
    for text in [
        "%YAML 1.2\n---\nservices: {a: {image: x}}",
        "services:\n  a:\n    image: x\n    command: |\n      x\n      %FOO\nx-a: '\n  %FOO'",
    ] {
        assert!(load_text(text).is_ok(), "{text:?}");
    }
}

#[test]
fn places_after_directives_are_right() {
    for before in ["%YAML 1.2 # é𓋗\n---\n", "%TAG ! tag:a # é𓋗\n---\n"] {
        let found = errors(&format!("{before}services: {{a: {{image: x}}}}\ns: 1"));
        assert!(found.starts_with("4:1: "), "{before:?}: {found}");
    }
}

#[test]
fn an_address_is_in_brackets_once() {
    let hosts = |address: &str| format!("services: {{a: {{image: x, extra_hosts: ['h={address}']}}}}");
    assert!(errors(&hosts("[[::1]]")).contains("`[[::1]]` is not an address"));
    assert_eq!(super::attribute("extra_hosts: ['h=[::1]']", "extra_hosts"), serde_json::json!(["h=::1"]));
}

/// However many keys there are, and however far apart the two stand.
#[test]
fn a_key_that_is_given_twice_among_many_is_told_with_both_places() {
    for count in [23, 24, 25, 200] {
        for repeated in [0, 22, count - 1] {
            let mut text = "services:\n".to_owned();
            for number in 0..count {
                text += &format!("  s{number}: {{image: x}}\n");
            }
            text += &format!("  s{repeated}: {{image: y}}\n  last: {{image: z}}\n");
            let error = load_text(&text).unwrap_err();
            let [diagnostic] = error.diagnostics() else { panic!("{error}") };
            let wanted = format!("the key `s{repeated}` is already given in line {}", repeated + 2);
            assert_eq!(diagnostic.message, wanted, "of {count}");
            assert_eq!(diagnostic.origin.as_ref().map(|origin| origin.line), Some(count + 2));
        }
    }
}
