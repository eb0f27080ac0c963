//! Whole cases: the files of a project.

use proptest::prelude::*;

use super::document::{Document, Edit, Entry, Node, Style, edits, style};
use super::dotenv;
use super::pieces::{
    Nodes, any_of, boolean, expression, list, map, object, pairs, raw, scalar, single, template, text,
};
use super::service::{self, SERVICES};

/// The files of a case, by their paths below the project's folder. `f1.yaml` and so on are given with `-f`.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) files: Vec<(&'static str, File)>,
}

#[derive(Clone, Debug)]
pub(crate) enum File {
    Yaml(Document),
    Text(String),
}

impl Case {
    /// Paths and texts.
    pub(crate) fn texts(&self) -> Vec<(&'static str, String)> {
        self.files
            .iter()
            .map(|(path, file)| match file {
                File::Yaml(document) => (*path, document.write()),
                File::Text(text) => (*path, text.clone()),
            })
            .collect()
    }
}

const FILES: [&str; 3] = ["f1.yaml", "f2.yaml", "f3.yaml"];

/// A case of any kind.
pub(crate) fn case() -> BoxedStrategy<Case> {
    prop_oneof![
        5 => project(),
        6 => merging(),
        2 => resources(),
        3 => interpolation(),
        3 => environments(),
        3 => extending(),
        2 => including(),
    ]
    .boxed()
}

fn document(root: Nodes, tags: bool) -> BoxedStrategy<Document> {
    (root, edits(tags), style()).prop_map(|(root, edits, style)| Document { root, edits, style }).boxed()
}

fn entry(key: &str, value: Node) -> Entry {
    Entry { key: key.to_owned(), value }
}

/// Puts files together with those that services refer to.
fn with_environments(yaml: BoxedStrategy<Vec<(&'static str, Document)>>) -> BoxedStrategy<Case> {
    (yaml, dotenv::project(), prop::bool::weighted(0.15), prop::bool::weighted(0.1))
        .prop_map(|(yaml, mut env, profile, all)| {
            if profile {
                env.push_str("\nCOMPOSE_PROFILES=p1\n");
            } else if all {
                env.push_str("\nCOMPOSE_PROFILES=*\n");
            }
            let mut files: Vec<_> =
                yaml.into_iter().map(|(path, document)| (path, File::Yaml(document))).collect();
            let own = "E1=1\nE2=${A}\nexport E3='q $A'\nFOO=fromfile\nC\n";
            let other = "F1=\"a\\nb\"\nFOO=other ${E1}\nE1=2\n";
            files.push((".env", File::Text(env)));
            files.push(("e.env", File::Text(own.to_owned())));
            files.push(("f.env", File::Text(other.to_owned())));
            files.push(("sub/g.env", File::Text("G=${FOO:-g}\n".to_owned())));
            files.push(("l.env", File::Text("la=1\nlb=${A}\nA=label\n".to_owned())));
            Case { files }
        })
        .boxed()
}

/// All services, some of them with attributes; the others only with an image.
fn services(first: bool) -> Nodes {
    let chance = if first { 0.5 } else { 0.4 };
    let parts: Vec<_> = (0..SERVICES.len())
        .map(|i| {
            let bases = any_of([
                single("service", text(&SERVICES[(i + 1).min(3)..])).boxed(),
                text(&["db"]),
                object(vec![
                    ("file", 1.0, text(&["base.yaml", "./sub/base.yaml"])),
                    ("service", 1.0, text(&["b1", "b2"])),
                ]),
            ]);
            let bases = (i < 2).then_some(bases);
            prop::option::weighted(chance, service::service(&SERVICES[i + 1..], bases))
        })
        .collect();
    parts
        .prop_map(move |services| {
            let entries = SERVICES.iter().zip(services).filter_map(|(name, service)| match service {
                Some(service) => Some(entry(name, service)),
                None if first => {
                    Some(entry(name, Node::Map(vec![entry("image", Node::Text("i".to_owned()))])))
                }
                None => None,
            });
            Node::Map(entries.collect())
        })
        .boxed()
}

fn top(services: Nodes, first: bool) -> Nodes {
    let chance = if first { 1.0 } else { 0.15 };
    let all = |names: &[&'static str], value: Nodes| {
        object(names.iter().map(|name| (*name, if first { 1.0 } else { 0.5 }, value.clone())).collect())
    };
    object(vec![
        ("name", 0.1, any_of([text(&["My.Proj", "p1", "${A}x"]), template()])),
        ("version", 0.05, text(&["3.8"])),
        ("x-top", 0.1, any_of([single("a", scalar()), scalar(), list(scalar())])),
        ("services", 1.0, services),
        ("networks", chance, all(&["n1", "n2"], network())),
        ("volumes", chance, all(&["vol1", "vol2"], volume())),
        ("secrets", chance, all(&["s1", "s2"], secret())),
        ("configs", chance, all(&["c1", "c2"], config())),
        ("models", chance, all(&["m1"], model())),
    ])
}

fn network() -> Nodes {
    let pool = object(vec![
        ("subnet", 0.9, text(&["10.0.0.0/24", "10.1.0.0/24", "fd00::/64"])),
        ("gateway", 0.3, text(&["10.0.0.1"])),
        ("ip_range", 0.2, text(&["10.0.0.128/25"])),
        ("aux_addresses", 0.2, map(&["h", "i"], text(&["10.0.0.7"]))),
    ]);
    let ipam = object(vec![
        ("driver", 0.4, text(&["d", "default"])),
        ("config", 0.6, list(pool)),
        ("options", 0.2, map(&["a", "b"], text(&["1"]))),
    ]);
    let settings = object(vec![
        ("name", 0.2, any_of([text(&["nn", "x y"]), template()])),
        ("driver", 0.4, text(&["bridge", "overlay"])),
        ("driver_opts", 0.3, map(&["a", "b"], raw(&["1", "\"s\"", "1.5"]))),
        ("internal", 0.2, boolean()),
        ("attachable", 0.1, boolean()),
        ("enable_ipv6", 0.2, boolean()),
        ("enable_ipv4", 0.1, boolean()),
        ("labels", 0.3, pairs()),
        ("ipam", 0.4, ipam),
        ("x-n", 0.1, scalar()),
    ]);
    let external = object(vec![
        ("external", 1.0, any_of([boolean(), raw(&["{name: ext}"])])),
        ("name", 0.3, text(&["e"])),
    ]);
    prop_oneof![2 => raw(&["null", "{}"]), 4 => settings, 1 => external].boxed()
}

fn volume() -> Nodes {
    let options = object(vec![
        ("type", 0.8, text(&["none"])),
        ("o", 0.8, text(&["bind", "rw,bind"])),
        ("device", 0.8, text(&["./x", "/abs", "~/v", ":/nfs"])),
    ]);
    let settings = object(vec![
        ("name", 0.2, any_of([text(&["vn"]), template()])),
        ("driver", 0.5, text(&["local", "other"])),
        ("driver_opts", 0.5, any_of([options, map(&["a"], raw(&["1", "\"s\""]))])),
        ("labels", 0.3, pairs()),
    ]);
    let external = object(vec![
        ("external", 1.0, any_of([boolean(), raw(&["{name: ext}"])])),
        ("name", 0.3, text(&["e"])),
    ]);
    prop_oneof![2 => raw(&["null", "{}"]), 4 => settings, 1 => external].boxed()
}

fn secret() -> Nodes {
    let named = |key: &'static str, value: Nodes| {
        object(vec![(key, 1.0, value), ("name", 0.2, text(&["sn"])), ("labels", 0.2, pairs())])
    };
    any_of([
        named("file", text(&["./s", "/s", "~/s", "${A}"])),
        named("environment", text(&["A", "UNSET"])),
        object(vec![("external", 1.0, raw(&["true", "\"true\""])), ("name", 0.3, text(&["e"]))]),
    ])
}

fn config() -> Nodes {
    any_of([
        object(vec![
            ("content", 1.0, any_of([text(&["a: ${A}\nb: $$x", "x"]), template()])),
            ("name", 0.2, text(&["cn"])),
        ]),
        secret(),
    ])
}

fn model() -> Nodes {
    object(vec![
        ("model", 1.0, text(&["ai/m"])),
        ("context_size", 0.3, raw(&["1024"])),
        ("runtime_flags", 0.3, list(text(&["--a", "b"]))),
        ("name", 0.1, text(&["mn"])),
    ])
}

fn bases() -> BoxedStrategy<Vec<(&'static str, Document)>> {
    let base = object(vec![
        ("b1", 1.0, service::service(&[], None)),
        (
            "b2",
            1.0,
            service::service(
                &[],
                Some(any_of([text(&["b1"]), raw(&["{service: b1, file: sub/base.yaml}"])])),
            ),
        ),
    ]);
    let below = map_all(&["b1", "b2"], service::service(&[], None));
    (document(single("services", base), false), document(single("services", below), false))
        .prop_map(|(base, below)| vec![("base.yaml", base), ("sub/base.yaml", below)])
        .boxed()
}

#[expect(clippy::needless_pass_by_value, reason = "as for the other parts, so that they nest")]
fn map_all(names: &[&'static str], value: Nodes) -> Nodes {
    object(names.iter().map(|name| (*name, 1.0, value.clone())).collect())
}

/// A project of four services in up to three files.
fn project() -> BoxedStrategy<Case> {
    let first = document(top(services(true), true), false);
    let later = document(top(services(false), false), true);
    let yaml = (first, prop::collection::vec(later, 0..3), bases())
        .prop_map(|(first, later, bases)| {
            let documents = std::iter::once(first).chain(later);
            FILES.into_iter().zip(documents).chain(bases).collect()
        })
        .boxed();
    with_environments(yaml)
}

/// One attribute in two or three files.
fn merging() -> BoxedStrategy<Case> {
    let yaml = prop::sample::select(service::names())
        .prop_flat_map(|name| {
            let one = document(single("services", single("web", service::only(name, &SERVICES[3..]))), true);
            (prop::collection::vec(one, 1..4), fixed())
        })
        .prop_map(|(documents, base)| {
            let mut out = vec![("f1.yaml", base)];
            out.extend(["f2.yaml", "f3.yaml", "f4.yaml"].into_iter().zip(documents));
            out
        })
        .boxed();
    with_environments(yaml)
}

/// A first file in which all that others refer to is defined, so that what is tried is the rest.
fn fixed() -> BoxedStrategy<Document> {
    let text = |text: &str| Node::Raw(text.to_owned());
    let root = Node::Map(vec![
        entry("services", text("{web: {image: i}, api: {image: i}, db: {image: i, profiles: [p1]}}")),
        entry("networks", text("{n1: , n2: {driver: x}}")),
        entry("volumes", text("{vol1: , vol2: {external: true}}")),
        entry("secrets", text("{s1: {file: ./s}, s2: {environment: A}}")),
        entry("configs", text("{c1: {content: x}, c2: {file: ./c}}")),
        entry("models", text("{m1: {model: ai/m}}")),
    ]);
    Just(Document { root, edits: Vec::new(), style: Style::Double }).boxed()
}

/// Networks, volumes, secrets and configs in several files.
fn resources() -> BoxedStrategy<Case> {
    let user = Node::Raw(
        "{web: {image: i, networks: [n1, n2], volumes: ['vol1:/a', 'vol2:/b'], secrets: [s1, s2], configs: [c1, c2]}}"
            .to_owned(),
    );
    let part = object(vec![
        ("networks", 0.6, map(&["n1", "n2", "default"], network())),
        ("volumes", 0.5, map(&["vol1", "vol2"], volume())),
        ("secrets", 0.3, map(&["s1", "s2"], secret())),
        ("configs", 0.3, map(&["c1", "c2"], config())),
    ]);
    let yaml =
        (document(top(Just(user).boxed(), true), false), prop::collection::vec(document(part, true), 0..3))
            .prop_map(|(first, later)| FILES.into_iter().zip(std::iter::once(first).chain(later)).collect())
            .boxed();
    with_environments(yaml)
}

/// Templates where they are free text, and where they become numbers, booleans and sizes.
fn interpolation() -> BoxedStrategy<Case> {
    let names = ["T1", "T2", "T3"];
    let value = expression().prop_map(Node::Text).boxed();
    let cast = |texts: &[&'static str]| any_of([text(texts), value.clone()]);
    let number = cast(&[
        "${N}",
        "${UNSET:-3}",
        "$N$N",
        "${A:+5}",
        "${N}.5",
        " 4",
        "0x10",
        "1e2",
        "-1",
        "+1",
        "${EMPTY}",
        "1_0",
        "017",
    ]);
    let flag = cast(&["${T}", "${UNSET:-false}", "${EMPTY:-no}", "TRUE", "1", "0", "t", "off", "Y", "f"]);
    let web = object(vec![
        ("image", 1.0, text(&["i"])),
        ("environment", 0.8, map_all(&names, value.clone())),
        ("command", 0.2, value.clone()),
        ("labels", 0.2, list(expression().prop_map(|text| Node::Text(format!("l={text}"))).boxed())),
        ("scale", 0.1, number.clone()),
        ("cpus", 0.1, number.clone()),
        ("cpu_shares", 0.1, number.clone()),
        ("pids_limit", 0.1, number.clone()),
        ("oom_score_adj", 0.05, number.clone()),
        ("init", 0.1, flag.clone()),
        ("tty", 0.1, flag.clone()),
        ("privileged", 0.1, flag.clone()),
        ("mem_limit", 0.1, cast(&["${S}", "${N}m", "${UNSET:-1g}", "${EMPTY}"])),
        ("stop_grace_period", 0.1, cast(&["${D}", "${N}s", "${UNSET:-1h}"])),
        (
            "healthcheck",
            0.1,
            object(vec![
                ("test", 1.0, value.clone()),
                ("retries", 0.5, number.clone()),
                ("disable", 0.3, flag.clone()),
            ]),
        ),
        ("deploy", 0.1, object(vec![("replicas", 0.5, number.clone())])),
        ("ulimits", 0.1, object(vec![("nofile", 1.0, number.clone())])),
        ("ports", 0.1, list(any_of([cast(&["${P}:80", "${UNSET:-1}:${N}"]), single("target", number)]))),
        (
            "volumes",
            0.1,
            list(object(vec![
                ("type", 1.0, text(&["bind"])),
                ("source", 1.0, text(&["/a"])),
                ("target", 1.0, text(&["/b"])),
                ("read_only", 1.0, flag),
            ])),
        ),
    ]);
    let yaml = document(single("services", single("web", web)), false)
        .prop_map(|document| vec![("f1.yaml", document)])
        .boxed();
    with_environments(yaml)
}

/// Environment files, seen through a service that asks for every name.
fn environments() -> BoxedStrategy<Case> {
    let own = map(&["E1", "E2", "FOO", "B"], any_of([raw(&["null"]), template()]));
    let entries = prop_oneof![
        3 => Just("[{path: e.env}]"),
        1 => Just("[e.env, f.env]"),
        1 => Just("[{path: e.env, format: raw}]"),
        1 => Just("[]"),
    ];
    (dotenv::file(), dotenv::file(), dotenv::file(), own, entries)
        .prop_map(|(env, first, second, own, entries)| {
            let seen: Vec<_> = dotenv::NAMES.iter().map(|name| Node::Text((*name).to_owned())).collect();
            let web = Node::Map(vec![
                entry("image", Node::Text("i".to_owned())),
                entry("environment", own),
                entry("env_file", Node::Raw(entries.to_owned())),
                entry("label_file", Node::Raw(if entries.len() == 10 { "[f.env]" } else { "[]" }.to_owned())),
            ]);
            let db = Node::Map(vec![
                entry("image", Node::Text("i".to_owned())),
                entry("environment", Node::List(seen)),
            ]);
            let root =
                Node::Map(vec![entry("services", Node::Map(vec![entry("web", web), entry("db", db)]))]);
            let yaml = Document { root, edits: Vec::new(), style: Style::Double };
            Case {
                files: vec![
                    ("f1.yaml", File::Yaml(yaml)),
                    (".env", File::Text(env)),
                    ("e.env", File::Text(first)),
                    ("f.env", File::Text(second)),
                ],
            }
        })
        .boxed()
}

/// One or two attributes through chains of `extends`, within the file and from others, and an override on top.
fn extending() -> BoxedStrategy<Case> {
    let yaml = prop::sample::select(service::names())
        .prop_flat_map(|name| {
            let layer = || service::only(name, &[]);
            let chain = prop::sample::select(vec![
                "b2",
                "{service: b2}",
                "{service: b1, file: base.yaml}",
                "{service: b2, file: sub/base.yaml}",
            ]);
            let (over, tags) = (prop::option::weighted(0.4, layer()), edits(true));
            (prop::collection::vec(layer(), 4), chain.clone(), chain, over, tags, style())
        })
        .prop_map(|(layers, first, second, over, tags, style)| {
            let extended = |layer: &Node, by: Option<&str>| {
                let Node::Map(mut entries) = layer.clone() else { return layer.clone() };
                match by {
                    Some(by) => entries.insert(0, entry("extends", Node::Raw(by.to_owned()))),
                    None => entries.insert(0, entry("image", Node::Raw("i".to_owned()))),
                }
                Node::Map(entries)
            };
            let yaml = |services: Vec<Entry>, edits: Vec<Edit>| Document {
                root: Node::Map(vec![
                    entry("services", Node::Map(services)),
                    entry("networks", Node::Raw("{n1: , n2: {}}".to_owned())),
                    entry("volumes", Node::Raw("{vol1: , vol2: {}}".to_owned())),
                    entry("secrets", Node::Raw("{s1: {file: s}, s2: {file: s}}".to_owned())),
                    entry("configs", Node::Raw("{c1: {file: s}, c2: {file: s}}".to_owned())),
                    entry("models", Node::Raw("{m1: {model: m}}".to_owned())),
                ]),
                edits,
                style,
            };
            let second = if second.contains("file") { second } else { "{service: b1, file: base.yaml}" };
            let mut out = vec![(
                "f1.yaml",
                yaml(
                    vec![
                        entry("web", extended(&layers[0], Some(first))),
                        entry("b2", extended(&layers[1], Some(second))),
                        entry("api", Node::Raw("{image: i}".to_owned())),
                    ],
                    if over.is_some() { Vec::new() } else { tags.clone() },
                ),
            )];
            if let Some(over) = over {
                let mut document = yaml(vec![entry("web", over)], tags);
                if let Node::Map(entries) = &mut document.root {
                    entries.truncate(1);
                }
                out.push(("f2.yaml", document));
            }
            let api = || entry("api", Node::Raw("{image: i}".to_owned()));
            out.push(("base.yaml", yaml(vec![entry("b1", extended(&layers[2], None)), api()], Vec::new())));
            out.push((
                "sub/base.yaml",
                yaml(vec![entry("b2", extended(&layers[3], None)), api()], Vec::new()),
            ));
            out
        })
        .boxed();
    with_environments(yaml)
}

/// `include` in its forms, with an overlap between the files.
fn including() -> BoxedStrategy<Case> {
    let how = prop::sample::select(vec![
        "sub/inc.yaml",
        "./sub/inc.yaml",
        "{path: sub/inc.yaml, project_directory: .}",
        "{path: sub/inc.yaml, env_file: e.env}",
        "{path: [sub/inc.yaml, sub/more.yaml]}",
        "{path: sub/inc.yaml, env_file: [e.env, f.env]}",
        "{path: sub/inc.yaml, env_file: /dev/null}",
        "{path: '${UNSET:-sub}/inc.yaml', project_directory: ./other}",
        "sub/inc.yaml, sub/more.yaml",
    ]);
    let own =
        object(vec![("web", 0.5, service::service(&[], None)), ("inc", 0.4, service::service(&[], None))]);
    let included =
        || object(vec![("inc", 1.0, service::service(&[], None)), ("web", 0.3, service::service(&[], None))]);
    let overlay = prop::option::weighted(
        0.3,
        document(single("services", single("inc", service::service(&[], None))), true),
    );
    (
        how,
        document(top(own, true), false),
        document(top(included(), true), false),
        document(top(included(), false), true),
        overlay,
    )
        .prop_flat_map(|(how, mut first, included, more, overlay)| {
            if let Node::Map(entries) = &mut first.root {
                entries.insert(0, entry("include", Node::Raw(format!("[{how}]"))));
            }
            let mut yaml = vec![("f1.yaml", first), ("sub/inc.yaml", included), ("sub/more.yaml", more)];
            yaml.extend(overlay.map(|overlay| ("f2.yaml", overlay)));
            with_environments(Just(yaml).boxed())
        })
        .prop_map(|mut case| {
            case.files.push(("sub/.env", File::Text("A=subA\nONLY=o\nN=9\n".to_owned())));
            for path in ["sub/e.env", "sub/f.env", "other/e.env", "other/f.env", "sub/l.env", "other/l.env"] {
                case.files.push((path, File::Text("E1=below\n".to_owned())));
            }
            case
        })
        .boxed()
}
