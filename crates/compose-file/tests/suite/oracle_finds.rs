//! Where generated files were read in another way than by Docker Compose. Each case is what it makes of them.

use std::io;
use std::path::{Path, PathBuf};

use compose_file::{FileSource, LoadOptions, MemoryFiles, load};
use serde_json::{Value, json};

use super::{attribute, errors, json as load_json, load_files, merged, options};

#[test]
fn a_port_is_not_zero_in_the_short_form() {
    for port in ["'0'", "0", "'80:0'", "'0-2'"] {
        let found = errors(&format!("services: {{a: {{image: x, ports: [{port}]}}}}"));
        assert!(found.contains("0 is not a container port"), "{port}: {found}");
    }
}

#[test]
fn floats_in_strings_may_have_underscores() {
    assert_eq!(attribute("cpus: '1_0.5'", "cpus"), json!(10.5));
    assert_eq!(attribute("cpu_percent: '1_0'", "cpu_percent"), json!(10));
    for body in ["cpus: '_1'", "cpus: '1__0'", "scale: '1_0'"] {
        assert!(errors(&format!("services: {{a: {{image: x, {body}}}}}")).contains("expected"), "{body}");
    }
}

#[test]
fn a_rate_is_not_negative() {
    for rate in ["-1", "'-1'"] {
        let found = errors(&format!(
            "services: {{a: {{image: x, blkio_config: {{device_read_bps: [{{path: /a, rate: {rate}}}]}}}}}}"
        ));
        assert!(found.contains("from 0") && found.contains("found") && found.contains("-1"), "{found}");
    }
}

#[test]
fn a_target_of_a_wrong_type_does_not_give_way_unseen() {
    let found = errors(
        "services: {a: {image: x, configs: [{source: c, target: []}, c]}}\nconfigs: {c: {content: x}}",
    );
    assert!(found.contains("services.a.configs[0].target"), "{found}");
    assert_eq!(attribute("init: true", "configs"), Value::Null);
}

#[test]
fn rates_and_weights_of_zero_are_printed() {
    assert_eq!(
        attribute(
            "blkio_config: {device_read_bps: [{path: /a, rate: 0}], weight_device: [{path: /a, weight: 0}]}",
            "blkio_config"
        ),
        json!({"device_read_bps": [{"Path": "/a", "Rate": "0"}], "weight_device": [{"Path": "/a", "Weight": 0}]})
    );
}

#[test]
fn one_host_is_overridden() {
    let found =
        merged("extra_hosts: {h: 1.1.1.1, i: 3.3.3.3}", "extra_hosts: {h: !override 2.2.2.2}", "extra_hosts");
    assert_eq!(found, json!(["h=2.2.2.2", "i=3.3.3.3"]));
    let found =
        merged("extra_hosts: {h: 1.1.1.1, i: 3.3.3.3}", "extra_hosts: {h: !reset null}", "extra_hosts");
    assert_eq!(found, json!(["i=3.3.3.3"]));
    let files = [(
        "f.yaml",
        "services: {a: {extends: b, extra_hosts: {h: !override 2.2.2.2}}, b: {image: x, extra_hosts: {h: 1.1.1.1}}}",
    )];
    assert_eq!(load_json(&files)["services"]["a"]["extra_hosts"], json!(["h=2.2.2.2"]));
}

#[test]
fn a_word_does_not_override_a_list() {
    for name in ["external_links", "security_opt", "group_add", "device_cgroup_rules", "volumes_from"] {
        let first = format!("services: {{a: {{image: x, {name}: [y]}}}}");
        let second = format!("services: {{a: {{{name}: z}}}}");
        let error = load_files(&[("f1.yaml", &first), ("f2.yaml", &second)]).unwrap_err().to_string();
        assert!(error.contains("a string cannot override a list"), "{error}");
    }
}

#[test]
fn a_service_that_is_reset_cannot_be_extended() {
    let found = errors("services: {a: {extends: b}, b: !reset {image: x}}");
    assert!(found.contains("`b` is not defined"), "{found}");
}

#[test]
fn the_use_of_a_secret_or_config_names_one() {
    for list in ["secrets", "configs"] {
        for item in ["{target: /y}", "{source: '', target: /y}"] {
            let found = errors(&format!("services: {{a: {{image: x, {list}: [{item}]}}}}"));
            assert!(found.contains(&format!("services.a.{list}[0]")) && found.contains("name"), "{found}");
        }
    }
}

#[test]
fn empty_elements_of_ones_own_are_kept() {
    for (body, expected) in [("{}", json!({})), ("{a: !reset 1}", json!({})), ("[]", json!([]))] {
        let text = format!("x-top: {body}\nservices: {{a: {{image: x}}}}");
        assert_eq!(load_json(&[("f.yaml", &text)])["x-top"], expected, "{body}");
    }
}

#[test]
fn options_of_a_provider_without_a_value_are_left_out() {
    let found = attribute("provider: {type: p, options: {a: [], b: [x]}}", "provider");
    assert_eq!(found, json!({"type": "p", "options": {"b": ["x"]}}));
    assert_eq!(attribute("provider: {type: p, options: {a: []}}", "provider"), json!({"type": "p"}));
}

#[test]
fn what_is_reset_does_not_tell_items_apart() {
    let hook = "pre_start: [{command: [a], image: i}]";
    let again = "pre_start: [{command: [a], image: i, working_dir: !reset /w}]";
    assert_eq!(merged(hook, again, "pre_start"), json!([{"command": ["a"], "image": "i"}]));
}

#[test]
fn a_list_of_names_has_names_only() {
    let words = load_files(&[
        ("f1.yaml", "services: {a: {image: x, depends_on: []}}"),
        ("f2.yaml", "services: {a: {depends_on: b}}"),
    ]);
    assert!(words.unwrap_err().to_string().contains("services.a.depends_on: expected a list of names"));
    for name in ["networks", "models", "depends_on"] {
        let second = format!("services: {{a: {{{name}: [null]}}}}");
        let first = format!("services: {{a: {{image: x, {name}: []}}}}");
        let error = load_files(&[("f1.yaml", &first), ("f2.yaml", &second)]).unwrap_err().to_string();
        assert!(error.contains(&format!("services.a.{name}[0]: expected a name, found nothing")), "{error}");
    }
}

/// Files whose relative paths are those of some other folder, as on disk.
struct Elsewhere(MemoryFiles);

impl FileSource for Elsewhere {
    fn read(&self, path: &Path, limit: usize) -> io::Result<Vec<u8>> {
        self.0.read(path, limit)
    }

    fn is_file(&self, path: &Path) -> bool {
        self.0.is_file(path)
    }

    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf> {
        Ok(Path::new("/elsewhere").join(path))
    }
}

#[test]
fn a_watched_path_of_an_extended_file_is_below_the_project() {
    let watch = "develop: {watch: [{path: ., action: rebuild}, {path: src, action: rebuild}]}";
    let files = MemoryFiles::new()
        .with("/p/f.yaml", "services: {a: {extends: {file: base.yaml, service: b}}}")
        .with("/p/base.yaml", format!("services: {{b: {{image: x, {watch}}}}}"));
    let loaded =
        load(&LoadOptions::new("/p").with_file("f.yaml").with_file_source(Elsewhere(files))).unwrap();
    let json: Value = serde_json::from_str(&loaded.to_canonical_json()).unwrap();
    let paths = &json["services"]["a"]["develop"]["watch"];
    assert_eq!((&paths[0]["path"], &paths[1]["path"]), (&json!("/p"), &json!("/p/src")));
}

#[test]
fn the_profile_without_a_name_is_active_where_no_other_is() {
    let text = "services: {a: {image: x, profiles: ['${NO_SUCH}']}, b: {image: x}}";
    let names =
        |options: LoadOptions| load(&options).unwrap().project.services.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(options(&[("f.yaml", text)])), ["a", "b"]);
    assert_eq!(names(options(&[("f.yaml", text)]).with_profile("p")), ["b"]);
}

#[test]
fn services_that_hold_nothing_are_refused_over_others_too() {
    let base = ("f1.yaml", "services: {a: {image: x}}");
    let error = load_files(&[base, ("f2.yaml", "services:\n")]).unwrap_err().to_string();
    assert!(error.contains("f2.yaml:1:") && error.contains("services: expected a mapping"), "{error}");
    // What is below them may be nothing.
    assert!(load_files(&[base, ("f2.yaml", "services: {a: }")]).is_ok());
}

#[test]
fn what_is_extended_is_a_service() {
    let file = "services: {a: {image: x, extends: {file: base.yaml, service: b}}}";
    for (value, is_right) in [("img", false), ("[]", false), ("5", false), ("", true), ("{}", true)] {
        let text = format!("services: {{b: {value}}}");
        let options = LoadOptions::new("/p")
            .with_file_source(MemoryFiles::new().with("/p/f1.yaml", file).with("/p/base.yaml", text.as_str()))
            .with_file("f1.yaml");
        match load(&options) {
            Ok(_) => assert!(is_right, "{value:?}"),
            Err(error) => {
                assert!(!is_right, "{value:?}: {error}");
                let error = error.to_string();
                assert!(error.contains("base.yaml:1:15: services.b: expected a mapping"), "{error}");
            }
        }
    }
}
