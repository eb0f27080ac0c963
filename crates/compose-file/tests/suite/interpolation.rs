//! Variables: where they are replaced, casts, precedence, and environment files.

use compose_file::{Code, LoadOptions, MemoryFiles, load};
use serde_json::{Value, json};

use super::{attribute, errors, json as load_json, load_text, options};

#[test]
fn values_are_interpolated_and_keys_are_not() {
    let labels = attribute("labels: {'${TAG}': '${TAG}', plain: '$$TAG'}, hostname: 'h-${TAG}'", "labels");
    assert_eq!(labels, json!({"$${TAG}": "v1", "plain": "$$TAG"}));
    assert_eq!(attribute("command: ['${EMPTY:-d}', '${TAG+set}']", "command"), json!(["d", "set"]));
}

#[test]
fn strings_are_cast_where_another_type_is_wanted() {
    for (body, name, expected) in [
        ("scale: '2'", "scale", json!(2)),
        ("privileged: '${YES:-true}'", "privileged", json!(true)),
        ("init: 'off'", "init", json!(false)),
        ("cpus: '0.1'", "cpus", json!(0.1)),
        ("ulimits: {nofile: '10'}", "ulimits", json!({"nofile": 10})),
        ("healthcheck: {retries: '3'}", "healthcheck", json!({"retries": 3})),
    ] {
        assert_eq!(attribute(body, name), expected, "{body}");
    }
    for body in ["scale: 'x'", "privileged: 'maybe'", "cpus: '${TAG}'"] {
        let text = errors(&format!("services: {{a: {{image: x, {body}}}}}"));
        assert!(text.contains("expected"), "{text}");
    }
}

#[test]
fn an_interpolated_value_says_so_in_errors() {
    let error = load_text("services: {a: {image: x, ports: ['${TAG}:80']}}").unwrap_err();
    let error = error.errors().next().unwrap();
    assert_eq!(error.path.as_deref(), Some("services.a.ports[0]"));
    assert!(error.help.as_deref().unwrap().contains("after interpolation"), "{error}");
}

#[test]
fn an_unset_variable_is_told_once() {
    let loaded =
        load_text("services: {a: {image: 'x$NOPE', hostname: '$NOPE', user: '${NOPE:-d}'}}").unwrap();
    let unset: Vec<_> =
        loaded.warnings.iter().filter(|warning| warning.code == Code::UnsetVariable).collect();
    assert_eq!(unset.len(), 1);
    assert!(unset[0].message.contains("\"NOPE\""));
    assert_eq!(unset[0].origin.as_ref().map(|origin| origin.line), Some(1));
}

#[test]
fn the_environment_counts_before_the_env_file_and_the_later_env_file_before_the_earlier() {
    let files = [
        ("f.yaml", "services: {a: {image: '${TAG}-${A}-${B}', environment: [A, B, C]}}"),
        (".env", "TAG=file\nA=dot\nB=${A}x\nCOMPOSE_PROJECT_NAME=named"),
        ("one.env", "A=one\nB=one"),
        ("two.env", "B=two"),
    ];
    let model = load_json(&files);
    assert_eq!(model["name"], "named");
    assert_eq!(model["services"]["a"]["image"], "v1-dot-dotx");
    assert_eq!(model["services"]["a"]["environment"], json!({"A": "dot", "B": "dotx", "C": null}));

    let loaded = load(&options(&files).with_env_file("one.env").with_env_file("two.env")).unwrap();
    assert_eq!(loaded.project.services["a"].image.as_deref(), Some("v1-one-two"));
    assert_eq!(loaded.project.name, "p");
    assert_eq!(loaded.project.environment_files.len(), 2);
}

#[test]
fn env_files_of_services_fold_in() {
    let model = load_json(&[
        (
            "f.yaml",
            "services: {a: {image: x, env_file: [one.env, {path: none.env, required: false}, {path: raw.env, format: raw}], environment: {A: mine, N: ~}}}",
        ),
        ("one.env", "A=file\nB=\"$TAG ${A}\"\nN=file"),
        ("raw.env", "R=\"$TAG\""),
    ]);
    let service = &model["services"]["a"];
    assert_eq!(service["environment"], json!({"A": "mine", "N": null, "B": "v1 mine", "R": "\"$$TAG\""}));
    assert_eq!(service["env_file"], Value::Null);

    let error =
        super::load_files(&[("f.yaml", "services: {a: {image: x, env_file: none.env}}")]).unwrap_err();
    assert!(
        error.to_string().starts_with("/p/f.yaml:1:36: the environment file /p/none.env does not exist"),
        "{error}"
    );
    let error = super::load_files(&[
        ("f.yaml", "services: {a: {image: x, env_file: bad.env}}"),
        ("bad.env", "A=1\nB B=2\n"),
    ]);
    assert!(error.unwrap_err().to_string().starts_with("/p/bad.env:2:1: "));
}

#[test]
fn label_files_fold_in_below_labels() {
    let model = load_json(&[
        ("f.yaml", "services: {a: {image: x, label_file: l.env, labels: {b: mine}}}"),
        ("l.env", "a=1\nb=2\n"),
    ]);
    assert_eq!(model["services"]["a"]["labels"], json!({"a": "1", "b": "mine"}));
    assert_eq!(model["services"]["a"]["label_file"], json!(["/p/l.env"]));
}

#[test]
fn names_come_from_the_flag_the_variable_the_file_and_the_directory() {
    let file = ("f.yaml", "name: ${NAME:-In.File}\nservices: {a: {image: '$COMPOSE_PROJECT_NAME'}}");
    let name = |options: &LoadOptions| load(options).map(|loaded| loaded.project.name);
    assert_eq!(name(&options(&[file])).unwrap(), "infile");
    let variable = options(&[file]).with_environment([("COMPOSE_PROJECT_NAME", "variable")]);
    assert_eq!(name(&variable).unwrap(), "variable");
    assert_eq!(name(&variable.with_project_name("flag")).unwrap(), "flag");
    assert_eq!(name(&options(&[("f.yaml", "services: {a: {image: x}}")])).unwrap(), "p");
    let bad = name(&options(&[file]).with_project_name("Not.Good")).unwrap_err();
    assert_eq!(bad.errors().next().unwrap().code, Code::ProjectName);
    let loaded = load(&options(&[file])).unwrap();
    assert_eq!(loaded.project.services["a"].image.as_deref(), Some("infile"));
}

#[test]
fn files_are_found_where_compose_looks() {
    let memory = MemoryFiles::new()
        .with("/p/compose.yaml", "services: {a: {image: one}}")
        .with("/p/docker-compose.yml", "services: {a: {image: two}}")
        .with("/p/compose.override.yml", "services: {a: {hostname: over}}")
        .with("/q/other.yml", "services: {a: {image: three}}");
    let found = LoadOptions::new("/p/sub/dir").with_file_source(memory.clone());
    let loaded = load(&found).unwrap();
    let service = &loaded.project.services["a"];
    assert_eq!((service.image.as_deref(), service.hostname.as_deref()), (Some("one"), Some("over")));
    assert_eq!(loaded.project.working_dir.to_str(), Some("/p"));
    assert!(loaded.warnings.iter().any(|warning| warning.message.contains("docker-compose.yml")));

    let by_variable = found.with_environment([("COMPOSE_FILE", "/q/other.yml:/p/compose.override.yml")]);
    let loaded = load(&by_variable).unwrap();
    assert_eq!(loaded.project.services["a"].image.as_deref(), Some("three"));
    assert_eq!((loaded.project.name.as_str(), loaded.project.config_files.len()), ("q", 2));

    let none = load(&LoadOptions::new("/nowhere").with_file_source(memory)).unwrap_err();
    assert!(none.is_no_file());

    let stdin = LoadOptions::new("/w").with_file("-").with_stdin("services: {a: {image: x, build: .}}");
    let loaded = load(&stdin).unwrap();
    assert_eq!(loaded.project.services["a"].build.as_ref().unwrap().context.as_deref(), Some("/w"));
}
