//! Nothing that has no effect is silent.

use compose_file::{Code, Severity};

use super::load_text;

fn warnings(text: &str) -> Vec<String> {
    let loaded = load_text(text).unwrap_or_else(|error| panic!("{error}"));
    assert!(loaded.warnings.iter().all(|warning| warning.severity == Severity::Warning));
    loaded.warnings.iter().map(|warning| format!("{}: {warning}", warning.code)).collect()
}

#[test]
fn attributes_without_effect_are_told_with_their_place() {
    let found = warnings(
        "services:\n  a:\n    image: x\n    links: [b]\n    deploy:\n      replicas: 2\n      placement: {constraints: [n]}\n    ports:\n      - {target: 80, name: web}\n  b:\n    image: y\n",
    );
    assert_eq!(
        found,
        [
            "no-effect: /p/f.yaml:4:12: services.a.links: `links` has no effect yet (services find each other by name on a shared network)",
            "no-effect: /p/f.yaml:7:18: services.a.deploy.placement: `deploy.placement` has no effect yet",
            "no-effect: /p/f.yaml:9:28: services.a.ports[0].name: `ports.name` has no effect yet",
        ]
    );
}

#[test]
fn what_is_empty_or_switched_off_is_not_told() {
    assert!(
        warnings(
            "services: {a: {image: x, deploy: {placement: {}}}, b: {image: y, links: [a], profiles: [p]}}"
        )
        .is_empty()
    );
    assert!(
        warnings("services: {a: {image: x, x-mine: 1, secrets: [s]}}\nsecrets: {s: {file: f}}").is_empty()
    );
}

#[test]
fn traps_are_told() {
    for (body, expected) in [
        ("command: 'a && b'", "everything from `&` on has no effect"),
        ("healthcheck: {test: NONE}", "this runs a command called NONE"),
        ("volumes: ['v:/x']", "is an anonymous volume"),
        ("volumes: ['vol:/x:odd']", "the option `odd` has no effect"),
        ("privileged: 'yes'", "`yes` is read as `true`"),
        ("secrets: [{source: s, mode: 0400}]", "`mode` has no effect yet"),
        ("pull_policy: daily", "the age of the image has no effect yet"),
        (
            "pull_refresh_after: 1d",
            "`pull_refresh_after` has no effect yet (use `pull_policy: every_<duration>`)",
        ),
        ("ports: [{target: 80, mode: host}]", "`ports.mode` has no effect yet"),
        ("build: {context: ., platforms: [linux/amd64, linux/arm64]}", "only the first platform is built"),
        ("mem_swappiness: 3", "`mem_swappiness` has no effect yet"),
        ("networks: {default: {interface_name: eth9}}", "`networks.interface_name` has no effect yet"),
    ] {
        let text = format!(
            "services: {{a: {{image: x, {body}}}}}\nvolumes: {{vol: ~}}\nsecrets: {{s: {{file: f}}}}"
        );
        let found = warnings(&text);
        assert_eq!(found.len(), 1, "{body}: {found:?}");
        assert!(found[0].contains(expected), "{body}: {found:?}");
        assert!(found[0].contains("/p/f.yaml:1:"), "{body}: {found:?}");
    }
}

#[test]
fn old_forms_are_told() {
    let loaded = load_text(
        "version: '3'\nservices: {a: {image: x, volumes: ['vol:/x']}}\nvolumes: {vol: {external: {name: n}}}",
    )
    .unwrap();
    let codes: Vec<Code> = loaded.warnings.iter().map(|warning| warning.code).collect();
    assert_eq!(codes, [Code::Obsolete, Code::Obsolete]);
}

/// Every attribute of the list is told, wherever it has no effect: the list and the warnings are one.
#[test]
fn the_list_of_attributes_without_effect() {
    let listed: Vec<String> = compose_file::attributes_without_effect().collect();
    for path in
        ["services.*.gpus", "services.*.build.ssh", "networks.*.enable_ipv4", "secrets.*.labels", "jobs"]
    {
        assert!(listed.iter().any(|known| known == path), "{path}");
    }
    for path in ["services.*.image", "services.*.ports", "services.*.healthcheck", "volumes.*.driver"] {
        assert!(!listed.iter().any(|known| known == path), "{path}");
    }
}

#[test]
fn resources_and_jobs_are_told() {
    let found = warnings(
        "services: {a: {image: x, networks: [n], secrets: [s], configs: [c]}}\nnetworks: {n: {enable_ipv4: true}}\n\
         secrets: {s: {file: f, labels: [l]}}\nconfigs: {c: {content: t, template_driver: golang}}\njobs: {j: {image: x, triggers: {manual: true}}}\n",
    );
    for expected in
        ["networks.n.enable_ipv4: ", "secrets.s.labels: ", "configs.c.template_driver: ", "jobs: `jobs` has"]
    {
        assert!(found.iter().any(|warning| warning.contains(expected)), "{expected}: {found:#?}");
    }
    assert_eq!(found.len(), 4, "{found:#?}");
}

/// What works as usual says nothing.
#[test]
fn usual_values_are_not_told() {
    for body in [
        "pull_policy: always",
        "pull_policy: refresh",
        "ports: ['80:80']",
        "ports: [{target: 80, mode: ingress}]",
        "build: {context: ., platforms: [linux/amd64]}",
    ] {
        let found = warnings(&format!("services: {{a: {{image: x, {body}}}}}"));
        assert!(found.is_empty(), "{body}: {found:?}");
    }
}
