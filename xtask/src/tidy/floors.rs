//! Which crate may use which.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::Problem;

/// A crate of the workspace, the workspace crates it may use, and those that its tests may use besides.
struct Floor {
    name: &'static str,
    uses: &'static [&'static str],
    tests_use: &'static [&'static str],
}

/// From top to bottom. A crate may use what stands in its line and nothing else of the workspace.
const FLOORS: &[Floor] = &[
    Floor {
        name: "wharf",
        uses: &["compose", "compose-file", "runtime-connect", "runtime-core"],
        tests_use: &["runtime-sim"],
    },
    Floor {
        name: "runtime-connect",
        uses: &["runtime-podman", "runtime-docker", "runtime-core", "sock-transport"],
        tests_use: &[],
    },
    Floor { name: "compose", uses: &["compose-file", "runtime-core"], tests_use: &["runtime-sim"] },
    Floor { name: "compose-file", uses: &[], tests_use: &[] },
    Floor {
        name: "runtime-podman",
        uses: &[
            "runtime-docker",
            "runtime-core",
            "sock-transport",
            "libpod-api",
            "docker-api",
            "http-endpoint",
        ],
        tests_use: &[],
    },
    Floor {
        name: "runtime-docker",
        uses: &["runtime-core", "sock-transport", "docker-api", "http-endpoint"],
        tests_use: &[],
    },
    Floor { name: "runtime-sim", uses: &["runtime-core"], tests_use: &[] },
    Floor { name: "runtime-core", uses: &[], tests_use: &[] },
    Floor { name: "sock-transport", uses: &["http-endpoint"], tests_use: &[] },
    Floor { name: "libpod-api", uses: &["http-endpoint"], tests_use: &[] },
    Floor { name: "docker-api", uses: &["http-endpoint"], tests_use: &[] },
    Floor { name: "http-endpoint", uses: &[], tests_use: &[] },
    Floor { name: "xtask", uses: &[], tests_use: &[] },
];

/// They drive the others from outside, so they may use any of them.
const DRIVERS: &[&str] = &["wharf-tests", "wharf-benches", "fuzz-targets"];

/// Crates that must build without these anywhere below them.
const WITHOUT: &[(&str, &[&str], &str)] = &[
    ("http-endpoint", &["tokio", "hyper"], API_IS_DATA),
    ("docker-api", &["tokio", "hyper"], API_IS_DATA),
    ("libpod-api", &["tokio", "hyper"], API_IS_DATA),
    (
        "compose-file",
        &["tokio", "hyper"],
        "a Compose file is a value: loading it needs no async runtime and no network",
    ),
];

const API_IS_DATA: &str =
    "an endpoint is a value: whoever has another transport can use the API crates without ours";
const ONE_WAY: &str =
    "a floor uses only the floors below it, so that each can be read, tested and reused without the others";
const HTTP_STAYS_BELOW: &str =
    "HTTP types stay inside sock-transport, so that a new hyper never reaches a public signature above it";
const NEW_CRATE: &str = "every crate has a floor; a new one gets its line in xtask/src/tidy/floors.rs";

/// The crates that only `sock-transport` may name.
const HTTP: &[&str] = &["hyper", "hyper-util", "http", "http-body", "http-body-util"];

/// What is used of the output of `cargo metadata`.
#[derive(Debug, Deserialize)]
pub(super) struct Metadata {
    packages: Vec<Package>,
    workspace_members: BTreeSet<String>,
    resolve: Resolve,
}

#[derive(Debug, Deserialize)]
struct Package {
    id: String,
    name: String,
    manifest_path: PathBuf,
    dependencies: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Debug, Deserialize)]
struct Node {
    id: String,
    deps: Vec<Edge>,
}

#[derive(Debug, Deserialize)]
struct Edge {
    pkg: String,
    dep_kinds: Vec<EdgeKind>,
}

#[derive(Debug, Deserialize)]
struct EdgeKind {
    kind: Option<String>,
}

/// The places in manifests that break a rule. `read` gives the text of a manifest, for line numbers.
pub(super) fn check(metadata: &Metadata, read: &dyn Fn(&Path) -> String) -> Vec<Problem> {
    let members: Vec<&Package> =
        metadata.packages.iter().filter(|package| metadata.workspace_members.contains(&package.id)).collect();
    let names: BTreeSet<&str> = members.iter().map(|package| package.name.as_str()).collect();
    let mut problems = Vec::new();
    for package in &members {
        let mut report = |dependency: &str, what: String, why| {
            let text = read(&package.manifest_path);
            problems.push(Problem {
                file: package.manifest_path.clone(),
                line: line_of(&text, dependency),
                what,
                why,
            });
        };
        if DRIVERS.contains(&package.name.as_str()) {
            continue;
        }
        let Some(floor) = FLOORS.iter().find(|floor| floor.name == package.name) else {
            report("name", format!("crate {} has no floor", package.name), NEW_CRATE);
            continue;
        };
        for dependency in &package.dependencies {
            let name = dependency.name.as_str();
            let for_tests = dependency.kind.as_deref() == Some("dev");
            let allowed = floor.uses.contains(&name) || (for_tests && floor.tests_use.contains(&name));
            if names.contains(name) && !allowed {
                report(name, format!("{} may not use {name}", package.name), ONE_WAY);
            }
            if HTTP.contains(&name) && package.name != "sock-transport" && !for_tests {
                report(name, format!("{} may not use {name}", package.name), HTTP_STAYS_BELOW);
            }
        }
        for (of, banned, why) in WITHOUT.iter().filter(|(of, ..)| *of == package.name) {
            for path in paths_to(metadata, &package.id, banned) {
                let first = path.get(1).map_or("", String::as_str);
                report(first, format!("{of} brings in {}", path.join(" -> ")), why);
            }
        }
    }
    problems
}

/// For each of `banned` that is reached from `from` by other than test dependencies, the names on a way to it.
fn paths_to(metadata: &Metadata, from: &str, banned: &[&str]) -> Vec<Vec<String>> {
    let name_of: BTreeMap<&str, &str> =
        metadata.packages.iter().map(|package| (package.id.as_str(), package.name.as_str())).collect();
    let edges: BTreeMap<&str, &Node> =
        metadata.resolve.nodes.iter().map(|node| (node.id.as_str(), node)).collect();
    let name = |id: &str| name_of.get(id).copied().unwrap_or(id).to_owned();
    let mut seen = BTreeSet::from([from]);
    let mut open = vec![(from, vec![name(from)])];
    let mut found = Vec::new();
    while let Some((id, path)) = open.pop() {
        if banned.contains(&name(id).as_str()) {
            found.push(path);
            continue;
        }
        for edge in edges.get(id).map(|node| node.deps.as_slice()).unwrap_or_default() {
            let only_tests = edge.dep_kinds.iter().all(|kind| kind.kind.as_deref() == Some("dev"));
            if !only_tests && seen.insert(&edge.pkg) {
                let longer = path.iter().cloned().chain([name(&edge.pkg)]).collect();
                open.push((&edge.pkg, longer));
            }
        }
    }
    found
}

/// The line of a manifest that begins with `name`, or its first.
fn line_of(text: &str, name: &str) -> usize {
    text.lines()
        .position(|line| {
            line.strip_prefix(name).is_some_and(|rest| rest.starts_with(['.', ' ', '=']) || rest.is_empty())
        })
        .map_or(1, |index| index + 1)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    type Crate<'a> = (&'a str, &'a [(&'a str, Option<&'a str>)]);

    /// A workspace of `crates` (name, direct dependencies as (name, kind)) beside the foreign crates tokio and bytes.
    fn workspace(crates: &[Crate<'_>]) -> Metadata {
        let mut packages: Vec<Value> = ["tokio", "bytes", "hyper"]
            .iter()
            .map(|name| json!({"id": name, "name": name, "manifest_path": "/r/Cargo.toml", "dependencies": []}))
            .collect();
        let mut nodes =
            vec![json!({"id": "bytes", "deps": [{"pkg": "tokio", "dep_kinds": [{"kind": null}]}]})];
        for (name, uses) in crates {
            let dependencies: Vec<Value> =
                uses.iter().map(|(name, kind)| json!({"name": name, "kind": kind})).collect();
            let deps: Vec<Value> =
                uses.iter().map(|(name, kind)| json!({"pkg": name, "dep_kinds": [{"kind": kind}]})).collect();
            packages.push(json!({"id": name, "name": name, "manifest_path": format!("/{name}/Cargo.toml"), "dependencies": dependencies}));
            nodes.push(json!({"id": name, "deps": deps}));
        }
        let members: Vec<&str> = crates.iter().map(|(name, _)| *name).collect();
        let all = json!({"packages": packages, "workspace_members": members, "resolve": {"nodes": nodes}});
        serde_json::from_value(all).unwrap()
    }

    fn found(crates: &[Crate<'_>]) -> Vec<String> {
        check(&workspace(crates), &|_| "[dependencies]\nbytes.workspace = true\nhyper = \"1\"\n".to_owned())
            .into_iter()
            .map(|problem| format!("{}:{}: {}", problem.file.display(), problem.line, problem.what))
            .collect()
    }

    #[test]
    fn the_way_down_is_allowed() {
        let crates: &[(&str, &[_])] = &[
            ("compose", &[("runtime-core", None), ("runtime-sim", Some("dev"))]),
            ("runtime-core", &[("tokio", None)]),
            ("runtime-sim", &[("runtime-core", None)]),
            ("sock-transport", &[("hyper", None)]),
            ("wharf-tests", &[("compose", None)]),
            ("wharf-benches", &[("sock-transport", None)]),
            ("fuzz-targets", &[("libpod-api", None)]),
        ];
        assert_eq!(found(crates), Vec::<String>::new());
    }

    #[test]
    fn the_way_up_is_not() {
        let crates: &[(&str, &[_])] =
            &[("compose", &[("runtime-sim", None)]), ("runtime-sim", &[("compose", Some("dev"))])];
        assert_eq!(
            found(crates),
            [
                "/compose/Cargo.toml:1: compose may not use runtime-sim",
                "/runtime-sim/Cargo.toml:1: runtime-sim may not use compose"
            ]
        );
    }

    #[test]
    fn tokio_is_found_below_an_api_crate_but_not_below_its_tests() {
        assert_eq!(
            found(&[("docker-api", &[("bytes", None)])]),
            ["/docker-api/Cargo.toml:2: docker-api brings in docker-api -> bytes -> tokio"]
        );
        assert!(found(&[("docker-api", &[("bytes", Some("dev"))])]).is_empty());
    }

    #[test]
    fn hyper_stays_in_the_transport() {
        assert_eq!(
            found(&[("runtime-docker", &[("hyper", None)])]),
            ["/runtime-docker/Cargo.toml:3: runtime-docker may not use hyper"]
        );
    }

    #[test]
    fn a_crate_without_a_floor_is_reported() {
        assert_eq!(found(&[("newcomer", &[])]), ["/newcomer/Cargo.toml:1: crate newcomer has no floor"]);
    }
}
