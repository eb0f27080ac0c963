//! Input that wants to do harm: every case ends soon, with an error that has a place, and nothing panics.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use compose_file::{Code, LoadError, LoadOptions, MemoryFiles, load};

use super::{load_files, load_text, options};

/// The code of the first error, and it did not take long.
#[track_caller]
fn refused(text: &str) -> (Code, LoadError) {
    let start = Instant::now();
    let error = load_text(text).map(|_| ()).unwrap_err();
    let took = start.elapsed();
    assert!(took < Duration::from_secs(20), "{took:?}");
    let first = error.errors().next().unwrap();
    (first.code, error.clone())
}

#[test]
fn alias_bombs() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        let _ = writeln!(text, "a{level}: &a{level} [{aliases}]");
    }
    let (code, error) = refused(&text);
    assert_eq!(code, Code::Limit);
    assert!(error.errors().next().unwrap().origin.is_some());

    let mut maps = String::from("x-0: &m0 {a: 1, b: 2}\n");
    for level in 1..40 {
        let _ = writeln!(maps, "x-{level}: &m{level} {{k1: *m{0}, k2: *m{0}}}", level - 1);
    }
    assert_eq!(refused(&maps).0, Code::Limit);
    assert_eq!(refused("x-a: &a [*a]").0, Code::Cycle);
    assert_eq!(refused("x-a: &a {<<: *a}").0, Code::Cycle);
}

#[test]
fn deep_nesting() {
    for text in [
        format!("x-a: {}{}", "[".repeat(10_000), "]".repeat(10_000)),
        format!("x-a: {}1{}", "{a: ".repeat(10_000), "}".repeat(10_000)),
        format!("x-a:\n{}", (1..3000).map(|level| format!("{}a:\n", " ".repeat(level))).collect::<String>()),
    ] {
        assert_eq!(refused(&text).0, Code::Limit);
    }
    let expression = format!("x-a: '{}d{}'", "${A:-".repeat(20_000), "}".repeat(20_000));
    assert_eq!(refused(&expression).0, Code::Interpolation);
    let open = format!("x-a: '{}'", "${A:-".repeat(100_000));
    assert_eq!(refused(&open).0, Code::Interpolation);
}

#[test]
fn large_input() {
    let long = format!("services: {{a: {{image: x, hostname: {}}}}}", "h".repeat(4 << 20));
    assert!(load_text(&long).is_ok());
    let too_long = format!("# {}\nservices: {{}}", "h".repeat(17 << 20));
    assert_eq!(refused(&too_long).0, Code::Limit);
    let mut keys = String::from("services:\n  a:\n    image: x\n    labels:\n");
    (0..20_000).for_each(|index| writeln!(keys, "      k{index}: v").unwrap());
    assert_eq!(load_text(&keys).unwrap().project.services["a"].labels.len(), 20_000);
    let mut twice = keys;
    twice.push_str("      k5: v\n");
    assert_eq!(refused(&twice).0, Code::DuplicateKey);
    let unknown: String = (0..5_000).map(|index| format!("k{index}: 1\n")).collect();
    assert!(refused(&unknown).1.errors().count() <= 100);
    let values = format!("x-a: [{}]", "1,".repeat(1_000_001));
    assert_eq!(refused(&values).0, Code::Limit);
}

#[test]
fn interpolation_cannot_blow_up() {
    let big = "v".repeat(1 << 20);
    let text = format!("x-a: '{}'\nservices: {{a: {{image: x}}}}", "$BIG".repeat(10_000));
    let start = Instant::now();
    let error = load(&options(&[("f.yaml", &text)]).with_environment([("BIG", big.as_str())])).unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(20));
    assert!(error.errors().next().unwrap().message.contains("interpolation makes more than"));
    let list = format!("x-a: [{}]\nservices: {{a: {{image: x}}}}", "'$BIG',".repeat(10_000));
    let error = load(&options(&[("f.yaml", &list)]).with_environment([("BIG", big.as_str())])).unwrap_err();
    assert_eq!(error.errors().next().unwrap().code, Code::Limit);
    let many = format!("x-a: '{}'\nservices: {{a: {{image: x}}}}", "${A:-b}".repeat(200_000));
    assert!(load_text(&many).is_ok());
}

#[test]
fn enormous_numbers_and_ranges() {
    let ports = load_text("services: {a: {image: x, ports: ['1-65535:1-65535']}}").unwrap();
    assert_eq!(ports.project.services["a"].ports.len(), 65535);
    let twice = "services: {a: {image: x, ports: ['1-65535:1-65535', '1-65535:1-65535/udp']}}";
    assert_eq!(refused(twice).0, Code::Limit);
    for body in [
        "ports: ['99999999999999999999:80']",
        "ports: [99999999999999999999]",
        "scale: 99999999999999999999",
        "mem_limit: 99999999999999999999999g",
        "stop_grace_period: 99999999999999999h",
        "cpus: 1e999",
        "cpus: 1e40",
        "cpus: inf",
        "deploy: {resources: {limits: {cpus: nan}}}",
        "pids_limit: 1e300",
        "healthcheck: {retries: -1}",
    ] {
        let (code, error) = refused(&format!("services: {{a: {{image: x, {body}}}}}"));
        assert_eq!(code, Code::InvalidValue, "{body}: {error}");
    }
}

#[test]
fn chains_and_circles() {
    // A chain of ten thousand services is no trouble; as a circle it is one error.
    let chain = |circle: bool| {
        let mut text = String::from("services:\n");
        for index in 0..10_000 {
            let next = if index == 9_999 { 0 } else { index + 1 };
            let edge =
                if index == 9_999 && !circle { String::new() } else { format!(", depends_on: [s{next}]") };
            let _ = writeln!(text, "  s{index}: {{image: x{edge}}}");
        }
        text
    };
    assert_eq!(load_text(&chain(false)).unwrap().project.services.len(), 10_000);
    let (code, error) = refused(&chain(true));
    assert_eq!(code, Code::Cycle);
    assert!(error.to_string().len() < 2000);

    let mut extends = String::from("services:\n");
    (0..1000).for_each(|index| writeln!(extends, "  s{index}: {{extends: s{}}}", index + 1).unwrap());
    extends.push_str("  s1000: {image: x}\n");
    assert_eq!(refused(&extends).0, Code::Limit);
}

#[test]
fn include_cannot_multiply_without_end() {
    let mut files = MemoryFiles::new();
    for level in 0..30 {
        let next = format!("{}.yaml", level + 1);
        files = files.with(format!("/p/{level}.yaml"), format!("include: [{next}, {next}]"));
    }
    files = files.with("/p/30.yaml", "services: {a: {image: x}}");
    let error = load(&LoadOptions::new("/p").with_file("0.yaml").with_file_source(files)).unwrap_err();
    assert_eq!(error.errors().next().unwrap().code, Code::Limit);

    let mut files = MemoryFiles::new().with("/p/200.yaml", "services: {a: {image: x}}");
    for level in 0..200 {
        files = files.with(format!("/p/{level}.yaml"), format!("include: [{}.yaml]", level + 1));
    }
    let error = load(&LoadOptions::new("/p").with_file("0.yaml").with_file_source(files)).unwrap_err();
    assert_eq!(error.errors().next().unwrap().code, Code::Limit);
}

#[test]
fn odd_shapes_everywhere() {
    let shapes = [
        "~",
        "1",
        "1.5",
        "true",
        "''",
        "x",
        "[]",
        "{}",
        "[~]",
        "[1]",
        "[[]]",
        "[{}]",
        "{a: ~}",
        "{a: []}",
        "{a: {a: {a: 1}}}",
    ];
    let names = [
        "build",
        "command",
        "environment",
        "ports",
        "volumes",
        "networks",
        "depends_on",
        "healthcheck",
        "deploy",
        "env_file",
        "extends",
        "labels",
        "secrets",
        "configs",
        "devices",
        "ulimits",
        "logging",
        "develop",
        "gpus",
        "extra_hosts",
        "tmpfs",
        "expose",
        "links",
        "volumes_from",
        "models",
        "provider",
        "pre_start",
        "post_start",
        "blkio_config",
        "dns",
        "label_file",
        "profiles",
        "network_mode",
        "pull_policy",
        "restart",
        "scale",
        "container_name",
        "x-any",
    ];
    for name in names {
        for first in shapes {
            let one = format!("services: {{a: {{image: x, {name}: {first}}}}}");
            let _ = load_text(&one);
            for second in shapes {
                let two = format!("services: {{a: {{{name}: {second}}}}}");
                let _ = load_files(&[("f1.yaml", &one), ("f2.yaml", &two)]);
            }
            let base = format!("services: {{b: {{{name}: {first}}}}}");
            let _ = load_files(&[
                ("f.yaml", "services: {a: {image: x, extends: {file: b.yaml, service: b}}}"),
                ("b.yaml", &base),
            ]);
        }
    }
    for top in [
        "services", "networks", "volumes", "secrets", "configs", "include", "name", "version", "models",
        "jobs",
    ] {
        for first in shapes {
            for text in [format!("{top}: {first}"), format!("{top}: {{a: {first}}}")] {
                let _ = load_text(&text);
                let _ = load_files(&[("f1.yaml", "services: {a: {image: x}}"), ("f2.yaml", &text)]);
                let _ = load_files(&[
                    ("f.yaml", "include: [i.yaml]\nservices: {a: {image: x}}"),
                    ("i.yaml", &text),
                ]);
            }
        }
    }
}

/// Found by fuzzing: these loaded, and their canonical text did not.
#[test]
fn devices_without_a_name() {
    for device in ["", ":", ":/dev/b", "::r"] {
        let (code, error) = refused(&format!("services: {{a: {{image: x, devices: ['{device}']}}}}"));
        assert_eq!(code, Code::InvalidValue, "{device}: {error}");
    }
}

/// Found by fuzzing: YAML allows these characters only as escapes, and the canonical text had them as they are.
#[test]
fn characters_that_need_an_escape() {
    let text =
        r#"services: {a: {image: x, labels: {k: "\x7f\ufffe\uffff\ufeff\u0085", "\x7f": "a\n\uffffb\n"}}}"#;
    let first = load_text(text).unwrap();
    assert_eq!(first.project.services["a"].labels["k"], "\u{7f}\u{fffe}\u{ffff}\u{feff}\u{85}");
    for again in [first.to_canonical_json(), first.to_canonical_yaml()] {
        assert_eq!(load_text(&again).unwrap().project.services, first.project.services, "{again}");
    }
}

/// Found by fuzzing: the canonical form had the line twice, which is refused.
#[test]
fn one_address_twice() {
    let loaded = load_text("services: {a: {image: x, extra_hosts: ['h:1.1.1.1,2.2.2.2,1.1.1.1']}}").unwrap();
    assert_eq!(loaded.project.services["a"].extra_hosts.len(), 2);
    assert!(load_text(&loaded.to_canonical_yaml()).is_ok());
}
