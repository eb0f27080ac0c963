//! Generated input: nothing panics, and what holds for all files holds for these.

use compose_file::{LoadOptions, MemoryFiles, Project, load};
use proptest::collection::vec;
use proptest::prelude::*;

use super::{load_files, load_text, options};

/// Pieces of template syntax in any order.
fn template() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("$"),
        Just("${"),
        Just("}"),
        Just("{"),
        Just("A"),
        Just("TAG"),
        Just(":-"),
        Just("-"),
        Just(":?"),
        Just("?"),
        Just(":+"),
        Just("+"),
        Just("$$"),
        Just(" "),
        Just("é"),
        Just("\n"),
        Just("1"),
        Just(":"),
        Just("="),
    ];
    vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn scalar() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z0-9:/._=,-]{0,12}".prop_map(|text| format!("'{text}'")),
        Just("1".to_owned()),
        Just("1.5".to_owned()),
        Just("true".to_owned()),
        Just("~".to_owned()),
        Just("'${TAG}'".to_owned()),
        Just("1s".to_owned()),
        Just("2020-01-01".to_owned()),
        Just("'80:80'".to_owned()),
        Just("./a:/b".to_owned()),
    ]
}

/// A YAML value in flow style.
fn value() -> impl Strategy<Value = String> {
    scalar().prop_recursive(3, 16, 4, |inner| {
        let tagged = prop_oneof![4 => Just(""), 1 => Just("!reset "), 1 => Just("!override ")];
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(|list| format!("[{}]", list.join(", "))),
            vec(
                (
                    prop_oneof!["[a-z]{1,3}", Just("target".to_owned()), Just("condition".to_owned())],
                    tagged,
                    inner
                ),
                0..4
            )
            .prop_map(|pairs| {
                let mut seen = std::collections::HashSet::new();
                let kept: Vec<String> = pairs
                    .into_iter()
                    .filter(|(key, ..)| seen.insert(key.clone()))
                    .map(|(key, tag, value)| format!("'{key}': {tag}{value}"))
                    .collect();
                format!("{{{}}}", kept.join(", "))
            }),
        ]
    })
}

fn attribute_name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "build",
        "command",
        "environment",
        "ports",
        "volumes",
        "networks",
        "depends_on",
        "healthcheck",
        "deploy",
        "labels",
        "secrets",
        "devices",
        "ulimits",
        "logging",
        "extra_hosts",
        "tmpfs",
        "expose",
        "dns",
        "profiles",
        "image",
        "init",
        "cpus",
        "mem_limit",
        "extends",
        "env_file",
        "x-any",
        "develop",
        "blkio_config",
        "post_start",
        "gpus",
        "sysctls",
        "links",
    ])
}

/// A service of a few attributes.
fn service() -> impl Strategy<Value = String> {
    vec((attribute_name(), value()), 0..5).prop_map(|pairs| {
        let mut seen = std::collections::HashSet::new();
        let kept: Vec<String> = pairs
            .into_iter()
            .filter(|(key, _)| seen.insert(*key))
            .map(|(key, value)| format!("{key}: {value}"))
            .collect();
        format!("services: {{a: {{{}}}}}", kept.join(", "))
    })
}

/// Pairs for lists and mappings that merge key by key.
fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    vec(("[A-D]", "[a-z]{0,3}"), 0..5)
}

fn as_map(pairs: &[(String, String)]) -> String {
    let map: std::collections::BTreeMap<_, _> = pairs.iter().cloned().collect();
    let items: Vec<String> = map.iter().map(|(key, value)| format!("{key}: '{value}'")).collect();
    format!("{{{}}}", items.join(", "))
}

fn as_list(pairs: &[(String, String)]) -> String {
    let map: std::collections::BTreeMap<_, _> = pairs.iter().cloned().collect();
    let items: Vec<String> = map.iter().map(|(key, value)| format!("'{key}={value}'")).collect();
    format!("[{}]", items.join(", "))
}

/// Docker Compose's form cannot say these: a context that is empty is not written, so that reading it again gives the
/// default; and an address of a mapping with a comma is written as the list's form of two addresses.
fn changes_when_read_again(project: &Project) -> bool {
    project.services.values().any(|service| {
        let build = service.build.as_deref();
        let hosts = build.map(|build| build.extra_hosts.as_slice()).unwrap_or_default();
        build.is_some_and(|build| build.context.is_none())
            || service.extra_hosts.iter().chain(hosts).any(|host| host.address.contains(','))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn interpolation_never_panics(text in template()) {
        let quoted = serde_json::to_string(&text).unwrap();
        let _ = load_text(&format!("services: {{a: {{image: x, hostname: {quoted}}}}}"));
    }

    #[test]
    fn text_without_variables_is_kept(text in "[^$\\p{C}]{0,20}") {
        let quoted = serde_json::to_string(&text).unwrap();
        let loaded = load_text(&format!("services: {{a: {{image: x, labels: {{k: {quoted}}}}}}}")).unwrap();
        prop_assert_eq!(&loaded.project.services["a"].labels["k"], &text);
    }

    #[test]
    fn doubled_dollars_are_single_ones(text in "[a-z${}:-]{0,20}") {
        let quoted = serde_json::to_string(&text.replace('$', "$$")).unwrap();
        let loaded = load_text(&format!("services: {{a: {{image: x, labels: {{k: {quoted}}}}}}}")).unwrap();
        prop_assert_eq!(&loaded.project.services["a"].labels["k"], &text);
    }

    #[test]
    fn env_files_never_panic(text in "[A-C= '\"\\\\$#{}\n\t:.é!-]{0,40}") {
        let _ = load_files(&[("f.yaml", "services: {a: {image: x, env_file: e.env}}"), ("e.env", &text)]);
        let _ = load_files(&[("f.yaml", "services: {a: {image: x, env_file: [{path: e.env, format: raw}]}}"), ("e.env", &text)]);
    }

    #[test]
    fn yaml_never_panics(text in "[a-c:\\[\\]{}&*!|>%@`'\"#,? \n\t~<=-]{0,60}") {
        let _ = load_text(&text);
        let _ = load_text(&format!("services:\n  a:\n    image: x\n    labels: {text}"));
    }

    #[test]
    fn short_forms_never_panic(text in "[0-9a-z:/.,~$\\\\\\[\\]{}é-]{0,24}") {
        let quoted = serde_json::to_string(&text).unwrap();
        for name in ["ports", "volumes", "devices", "expose", "extra_hosts", "secrets", "env_file", "links", "volumes_from", "tmpfs"] {
            let _ = load_text(&format!("services: {{a: {{image: x, {name}: [{quoted}]}}}}"));
        }
        for name in ["command", "mem_limit", "stop_grace_period", "cpus", "restart", "pull_policy", "network_mode", "build"] {
            let _ = load_text(&format!("services: {{a: {{image: x, {name}: {quoted}}}}}"));
        }
    }

    #[test]
    fn merging_never_panics(first in service(), second in service(), third in service()) {
        let files = [("f1.yaml", first.as_str()), ("f2.yaml", second.as_str()), ("b.yaml", third.as_str())];
        let _ = load_files(&files);
        let _ = load_files(&[("f.yaml", &format!("include: [b.yaml]\n{first}")), ("b.yaml", &third)]);
        let extends = "services: {a: {extends: {file: b.yaml, service: a}}}";
        let _ = load_files(&[("f.yaml", extends), ("b.yaml", &third)]);
    }

    /// Every error has a place: either in a file, or it is about the lack of one.
    #[test]
    fn every_error_has_a_place(text in service()) {
        if let Err(error) = load_text(&text) {
            for error in error.errors() {
                prop_assert!(error.origin.is_some(), "{text}: {error}");
            }
        }
    }

    #[test]
    fn pairs_merge_by_key_in_any_form(first in pairs(), second in pairs(), lists in any::<(bool, bool)>()) {
        let write = |pairs: &[(String, String)], list| if list { as_list(pairs) } else { as_map(pairs) };
        let one = format!("services: {{a: {{image: x, environment: {}}}}}", write(&first, lists.0));
        let two = format!("services: {{a: {{environment: {}}}}}", write(&second, lists.1));
        let loaded = load_files(&[("f1.yaml", &one), ("f2.yaml", &two)]).unwrap();
        let mut expected: std::collections::BTreeMap<String, String> = first.into_iter().collect();
        expected.extend(second.into_iter().collect::<std::collections::BTreeMap<_, _>>());
        let found: std::collections::BTreeMap<String, String> = loaded.project.services["a"]
            .environment
            .iter()
            .map(|(key, value)| (key.clone(), value.clone().unwrap()))
            .collect();
        prop_assert_eq!(found, expected);
    }

    /// Merging a file over itself changes nothing in what has keys.
    #[test]
    fn a_file_over_itself_is_the_same(text in service()) {
        prop_assume!(!text.contains("!reset") && !text.contains("!override") && !text.contains("ipam"));
        let one = load_files(&[("f1.yaml", &text)]);
        let two = load_files(&[("f1.yaml", &text), ("f2.yaml", &text)]);
        if let (Ok(one), Ok(two)) = (one, two) {
            // Merging puts the entries of some mappings in their order, as Compose does.
            prop_assert_eq!(values(&one.to_canonical_json()), values(&two.to_canonical_json()));
        }
    }

    /// The canonical form loads again and stays as it is.
    #[test]
    fn the_canonical_form_is_a_fixed_point(text in service()) {
        if let Ok(first) = load_text(&text)
            && !changes_when_read_again(&first.project)
        {
            let (json, yaml) = (first.to_canonical_json(), first.to_canonical_yaml());
            prop_assert_eq!(&load_again(&json)?, &json);
            // YAML leaves out what is null, so an attribute that was written as null can be at another place.
            prop_assert_eq!(values(&load_again(&yaml)?), values(&json), "{}", yaml);
        }
    }
}

/// JSON as values: the order of keys makes no difference.
fn values(json: &str) -> serde_json::Value {
    serde_json::from_str(json).unwrap()
}

/// The canonical JSON of a text in a canonical form.
fn load_again(text: &str) -> Result<String, TestCaseError> {
    let files = MemoryFiles::new().with("/p/f.yaml", text.to_owned());
    match load(&LoadOptions::new("/p").with_file("f.yaml").with_file_source(files)) {
        Ok(loaded) => Ok(loaded.to_canonical_json()),
        Err(error) => Err(TestCaseError::fail(format!("{error}\n{text}"))),
    }
}

/// Options can be built in any order.
#[test]
fn options_are_plain_values() {
    let one = options(&[("f.yaml", "services: {a: {image: x}}")]).with_project_name("n");
    assert_eq!(load(&one.clone()).unwrap().project.name, load(&one).unwrap().project.name);
}
