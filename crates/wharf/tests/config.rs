//! The switches of `wharf config`, through the real program.

#![expect(clippy::unwrap_used, reason = "helpers of tests end a test with a panic")]

use std::path::PathBuf;
use std::process::{Command, Output};
use std::{fs, str};

use serde_json::{Value, json};
use tempfile::TempDir;

const FILE: &str = "
services:
  web:
    image: web:${TAG:-1}
    env_file: web.env
    volumes: ['./data:/data']
    depends_on: [db]
    network_mode: 'service:db'
  db: {image: pg, networks: [front]}
networks: {front: {}}
";

/// Places in the model, and what is there.
type Changes<'a> = &'a [(&'a str, Value)];

struct Shop {
    folder: TempDir,
}

impl Shop {
    fn new(file: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("shop")).unwrap();
        let shop = Self { folder };
        fs::write(shop.path().join("compose.yaml"), file).unwrap();
        fs::write(shop.path().join("web.env"), "A=1\n").unwrap();
        shop
    }

    fn path(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join("shop")
    }

    fn config(&self, arguments: &[&str]) -> Output {
        let mut wharf = Command::new(env!("CARGO_BIN_EXE_wharf"));
        wharf.current_dir(self.path()).env_clear().arg("config").args(arguments).output().unwrap()
    }

    /// The model that is printed, with the folder of the project as `/shop`.
    fn model(&self, arguments: &[&str]) -> Value {
        let output = self.config(&[arguments, &["--format", "json"]].concat());
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
        let folder = self.path();
        serde_json::from_str(&text(&output.stdout).replace(folder.to_str().unwrap(), "/shop")).unwrap()
    }
}

fn text(bytes: &[u8]) -> &str {
    str::from_utf8(bytes).unwrap()
}

#[test]
fn each_switch_leaves_one_step_out() {
    let shop = Shop::new(FILE);
    let plain = shop.model(&[]);
    // What a switch changes, and how: `null` for what is not there.
    let rules: [(&[&str], Changes<'_>); 5] = [
        (
            &[],
            &[
                ("/services/web/image", json!("web:1")),
                ("/services/web/environment", json!({"A": "1"})),
                ("/services/web/env_file", Value::Null),
                ("/services/web/volumes/0/source", json!("/shop/data")),
                ("/networks/front/name", json!("shop_front")),
            ],
        ),
        (&["--no-normalize"], &[("/networks/front/name", Value::Null)]),
        (&["--no-path-resolution"], &[("/services/web/volumes/0/source", json!("./data"))]),
        (
            &["--no-env-resolution"],
            &[
                ("/services/web/environment", Value::Null),
                ("/services/web/env_file", json!([{"path": "/shop/web.env"}])),
            ],
        ),
        (&["--no-interpolate"], &[("/services/web/image", json!("web:${TAG:-1}"))]),
    ];
    for (arguments, changes) in rules {
        let found = shop.model(arguments);
        for (pointer, expected) in changes {
            assert_eq!(found.pointer(pointer).unwrap_or(&Value::Null), expected, "{arguments:?}: {pointer}");
            assert!(
                arguments.is_empty() || plain.pointer(pointer) != Some(expected),
                "{pointer} is no change"
            );
        }
    }
}

#[test]
fn the_default_dependencies_come_with_normalisation() {
    let shop = Shop::new("services: {a: {image: x, network_mode: 'service:b'}, b: {image: y}}");
    assert_eq!(shop.model(&[])["services"]["a"]["depends_on"]["b"]["condition"], "service_started");
    assert_eq!(shop.model(&["--no-normalize"])["services"]["a"].get("depends_on"), None);
}

#[test]
fn consistency_is_checked_unless_it_is_switched_off() {
    let shop = Shop::new("services: {a: {image: x, networks: [nowhere]}}");
    let output = shop.config(&["-q"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("nowhere"), "{}", text(&output.stderr));
    assert_eq!(shop.model(&["--no-consistency"])["services"]["a"]["networks"], json!({"nowhere": null}));
}

#[test]
fn quiet_prints_nothing_and_a_file_gets_what_would_be_printed() {
    let shop = Shop::new(FILE);
    let printed = shop.config(&[]).stdout;
    assert!(text(&printed).starts_with("name: shop\n"));
    let quiet = shop.config(&["-q"]);
    assert_eq!((quiet.status.code(), text(&quiet.stdout), text(&quiet.stderr)), (Some(0), "", ""));
    let written = shop.config(&["-o", "out.yaml"]);
    assert_eq!((written.status.code(), text(&written.stdout)), (Some(0), ""));
    assert_eq!(fs::read(shop.path().join("out.yaml")).unwrap(), printed);
    let nowhere = shop.config(&["-o", "no/such/folder.yaml"]);
    assert_ne!(nowhere.status.code(), Some(0));
    assert!(text(&nowhere.stderr).contains("folder.yaml"), "{}", text(&nowhere.stderr));
}
