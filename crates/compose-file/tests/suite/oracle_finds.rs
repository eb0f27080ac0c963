//! Where generated files were read in another way than by Docker Compose. Each case is what it makes of them.

use serde_json::{Value, json};

use super::{attribute, errors};

#[test]
fn a_port_is_not_zero_in_the_short_form() {
    for port in ["'0'", "0", "'80:0'", "'0-2'"] {
        let found = errors(&format!("services: {{a: {{image: x, ports: [{port}]}}}}"));
        assert!(found.contains("0 is not a container port"), "{port}: {found}");
    }
}

#[test]
fn floats_in_strings_may_have_underscores() {
    for (body, name, expected) in
        [("cpus: '1_0'", "cpus", json!(10)), ("cpu_percent: '1_0.5'", "cpu_percent", json!(10.5))]
    {
        assert_eq!(attribute(body, name), expected, "{body}");
    }
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
