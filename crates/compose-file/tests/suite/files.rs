//! `include`, `extends` and profiles.

use compose_file::{Code, load};
use serde_json::{Value, json};

use super::{errors, json as load_json, load_files, options};

#[test]
fn extends_takes_over_everything_by_the_rules_of_merging() {
    let model = load_json(&[(
        "f.yaml",
        "services:\n  base: {image: x, environment: {A: 1, B: 1}, ports: ['80:80'], depends_on: [db], command: [a]}\n  \
         a: {extends: base, environment: [B=2], command: b}\n  c: {extends: {service: a}, image: z}\n  db: {image: d}\n",
    )]);
    let services = &model["services"];
    assert_eq!(services["a"]["image"], "x");
    assert_eq!(services["a"]["environment"], json!({"A": "1", "B": "2"}));
    assert_eq!(services["a"]["command"], json!(["b"]));
    assert_eq!(services["a"]["depends_on"]["db"]["condition"], "service_started");
    assert_eq!(services["c"]["image"], "z");
    assert_eq!(services["c"]["environment"], services["a"]["environment"]);
    assert_eq!(services["base"]["command"], json!(["a"]));
    assert_eq!(services["a"]["extends"], Value::Null);
}

#[test]
fn extends_from_a_file_keeps_its_paths() {
    let model = load_json(&[
        ("f.yaml", "services: {a: {extends: {file: sub/base.yaml, service: b}, volumes: ['./own:/own']}}"),
        (
            "sub/base.yaml",
            "services: {b: {extends: {file: deep/more.yaml, service: c}, build: ., volumes: ['./b:/b']}}",
        ),
        ("sub/deep/more.yaml", "services: {c: {image: '${TAG}', env_file: c.env}}"),
        ("sub/deep/c.env", "FROM=deep"),
    ]);
    let service = &model["services"]["a"];
    assert_eq!(service["build"]["context"], "/p/sub");
    assert_eq!(service["image"], "v1");
    assert_eq!(service["environment"], json!({"FROM": "deep"}));
    let sources: Vec<_> =
        service["volumes"].as_array().unwrap().iter().map(|v| v["source"].clone()).collect();
    assert_eq!(sources, ["/p/sub/b", "/p/own"]);
}

#[test]
fn extends_can_reset_what_it_takes_over() {
    let model = load_json(&[(
        "f.yaml",
        "services:\n  base: {image: x, ports: ['80:80'], hostname: h}\n  a: {extends: base, ports: !reset [], hostname: !override g}\n",
    )]);
    assert_eq!(model["services"]["a"]["ports"], Value::Null);
    assert_eq!(model["services"]["a"]["hostname"], "g");
    assert_ne!(model["services"]["base"]["ports"], Value::Null);
}

#[test]
fn extends_that_goes_nowhere_or_in_a_circle() {
    assert_eq!(
        errors("services:\n  a:\n    extends: nope\n"),
        "3:14: services.a.extends: the service `nope` is not defined in /p/f.yaml"
    );
    let circle = errors("services: {a: {extends: b}, b: {extends: c}, c: {extends: a}}");
    assert!(circle.contains("circle: a -> b -> c -> a"), "{circle}");
    let error = load_files(&[
        ("f.yaml", "services: {a: {extends: {file: b.yaml, service: a}}}"),
        ("b.yaml", "services: {a: {extends: {file: f.yaml, service: a}}}"),
    ]);
    assert_eq!(error.unwrap_err().errors().next().unwrap().code, Code::Cycle);
    let remote = errors("services: {a: {extends: {file: 'https://x/y.yaml', service: a}}}");
    assert!(remote.contains("remote files are not supported"), "{remote}");
}

#[test]
fn include_brings_resources_with_their_own_directory_and_env_file() {
    let model = load_json(&[
        (
            "f.yaml",
            "include:\n  - sub/inc.yaml\n  - {path: [two/a.yaml, two/b.yaml], project_directory: ., env_file: two/my.env}\n\
             services: {a: {image: '${ONLY:-none}', depends_on: [inc]}, inc: {hostname: mine}}\n",
        ),
        (
            "sub/inc.yaml",
            "services: {inc: {image: '$TAG-$ONLY', hostname: theirs, volumes: ['./d:/d', 'vol:/v']}}\nvolumes: {vol: ~}",
        ),
        ("sub/.env", "ONLY=sub\nTAG=ignored"),
        ("two/a.yaml", "services: {two: {image: '$ONLY', build: .}}"),
        ("two/b.yaml", "services: {two: {hostname: b}}"),
        ("two/my.env", "ONLY=two"),
    ]);
    let services = &model["services"];
    assert_eq!(services["a"]["image"], "none");
    assert_eq!(services["inc"]["image"], "v1-sub");
    assert_eq!(services["inc"]["hostname"], "mine");
    assert_eq!(services["inc"]["volumes"][0]["source"], "/p/sub/d");
    assert_eq!(services["two"]["image"], "two");
    assert_eq!(services["two"]["hostname"], "b");
    assert_eq!(services["two"]["build"]["context"], "/p");
    assert_eq!(model["volumes"]["vol"]["name"], "p_vol");
    assert_eq!(model["include"], Value::Null);
}

#[test]
fn include_nests_and_refuses_circles() {
    let model = load_json(&[
        ("f.yaml", "include: [one/c.yaml]"),
        ("one/c.yaml", "include: [two/c.yaml]\nservices: {one: {image: x, build: .}}"),
        ("one/two/c.yaml", "services: {two: {image: x, build: .}}"),
    ]);
    assert_eq!(model["services"]["two"]["build"]["context"], "/p/one/two");

    for (file, text) in [("f.yaml", "f.yaml"), ("g.yaml", "g.yaml")] {
        let error = load_files(&[
            ("f.yaml", &format!("include: [{text}]\nservices: {{a: {{image: x}}}}")),
            ("g.yaml", "include: [f.yaml]"),
        ]);
        let error = error.unwrap_err();
        let error = error.errors().next().unwrap();
        assert_eq!(error.code, Code::Cycle, "{file}");
        assert!(error.origin.is_some());
    }
    let remote = errors("include: ['git@github.com:a/b']");
    assert!(remote.starts_with("1:11: include[0]: `git@github.com:a/b` is not on this machine"), "{remote}");
    let missing = errors("include:\n  - nope.yaml");
    assert!(missing.starts_with("2:5: the Compose file /p/nope.yaml does not exist"), "{missing}");
}

#[test]
fn profiles_switch_services_on_and_off() {
    let text = "services:\n  a: {image: x}\n  b: {image: y, profiles: [dev], networks: [n]}\n  c: {image: z, profiles: [dev, test], depends_on: {b: {condition: service_started, required: false}}}\nnetworks: {n: ~}";
    let names = |options: &compose_file::LoadOptions| -> Vec<String> {
        load(options).unwrap().project.services.keys().cloned().collect()
    };
    let base = options(&[("f.yaml", text)]);
    assert_eq!(names(&base), ["a"]);
    assert_eq!(names(&base.clone().with_profile("dev")), ["a", "b", "c"]);
    assert_eq!(names(&base.clone().with_profile("test")), ["a", "c"]);
    assert_eq!(names(&base.clone().with_profile("*")), ["a", "b", "c"]);
    assert_eq!(names(&base.clone().with_environment([("COMPOSE_PROFILES", "x, test")])), ["a", "c"]);
    assert_eq!(names(&base.clone().with_services(["b"])), ["a", "b", "c"]);

    let loaded = load(&base).unwrap();
    assert_eq!(loaded.project.disabled.len(), 2);
    assert_eq!(loaded.project.all_profiles(), ["dev", "test"]);
    assert!(!loaded.project.networks.contains_key("n"));
    assert!(load(&base.with_all_resources(true)).unwrap().project.networks.contains_key("n"));
}

#[test]
fn depending_on_a_service_that_is_off() {
    let text = errors("services: {a: {image: x, depends_on: [b]}, b: {image: y, profiles: [p]}}");
    assert!(text.contains("which no active profile switches on"), "{text}");
}
