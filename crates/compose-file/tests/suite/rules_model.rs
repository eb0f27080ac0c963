//! Builds, deployments, scalars, casts and tags.
//!
//! A rule is the attribute as one file says it, `++` and what a second file says, and below that what is left of the
//! attribute in the canonical JSON. Every outcome was looked up with Docker Compose 5.5.1 and 5.6.1.

use super::rules::check_attributes;

/// `build` in all its parts.
const BUILD: &str = r##"
build: d  ++  build: {target: t, args: [A=1]}
    => {"context": "/p/d", "target": "t", "args": {"A": "1"}, "dockerfile": "Dockerfile"}
build: {context: ./d, dockerfile: e}  ++  build: {dockerfile: f}
    => {"context": "/p/d", "dockerfile": "f"}
build: ''
    => {"dockerfile": "Dockerfile"}
build: {context: '', dockerfile: e}
    => {"dockerfile": "e"}
build: {dockerfile_inline: FROM x}
    => {"dockerfile_inline": "FROM x", "context": "/p"}
build: {args: {A: 1, B: ~, TAG: ~}}  ++  build: {args: [A=2, C]}
    => {"args": {"A": "2", "TAG": "v1"}, "context": "/p", "dockerfile": "Dockerfile"}
build: {labels: [a=1]}  ++  build: {labels: {a: 2}}
    => {"labels": {"a": "2"}, "context": "/p", "dockerfile": "Dockerfile"}
build: {cache_from: [a], cache_to: [b]}  ++  build: {cache_from: [c], cache_to: [d]}
    => {"cache_from": ["a", "c"], "cache_to": ["b", "d"], "context": "/p", "dockerfile": "Dockerfile"}
build: {no_cache: true, no_cache_filter: a}  ++  build: {no_cache_filter: [b]}
    => {"no_cache": true, "no_cache_filter": ["b"], "context": "/p", "dockerfile": "Dockerfile"}
build: {additional_contexts: {a: ./x, b: 'https://y', c: 'docker-image://z', d: 'service:b'}}  ++  build: {additional_contexts: [a=./w]}
    => {"additional_contexts": {"a": "/p/w", "b": "https://y", "c": "docker-image://z", "d": "service:b"}, "context": "/p", "dockerfile": "Dockerfile"}
build: {network: host, pull: true, target: t, shm_size: 1m, isolation: i, privileged: true}  ++  build: {network: none, pull: false, target: u, shm_size: 2m}
    => {"network": "none", "target": "u", "shm_size": "2097152", "isolation": "i", "privileged": true, "context": "/p", "dockerfile": "Dockerfile"}
build: {provenance: true, sbom: false}  ++  build: {provenance: mode=max}
    => {"provenance": "mode=max", "sbom": "false", "context": "/p", "dockerfile": "Dockerfile"}
build: {extra_hosts: ['a:1.1.1.1']}  ++  build: {extra_hosts: ['a:1.1.1.1', 'b=2.2.2.2']}
    => {"extra_hosts": ["a=1.1.1.1", "b=2.2.2.2"], "context": "/p", "dockerfile": "Dockerfile"}
build: {secrets: [s]}  ++  build: {secrets: [{source: t, target: u}]}
    => {"secrets": [{"source": "s"}, {"source": "t", "target": "u"}], "context": "/p", "dockerfile": "Dockerfile"}
build: {tags: [a]}  ++  build: {tags: [b, a]}
    => {"tags": ["a", "b"], "context": "/p", "dockerfile": "Dockerfile"}
build: {ulimits: {nofile: 1}}  ++  build: {ulimits: {nofile: 2}}
    => {"ulimits": {"nofile": 2}, "context": "/p", "dockerfile": "Dockerfile"}
build: {platforms: [a]}  ++  build: {platforms: [b]}
    => {"platforms": ["a", "b"], "context": "/p", "dockerfile": "Dockerfile"}
build: {entitlements: [a]}  ++  build: {entitlements: [b]}
    => {"entitlements": ["a", "b"], "context": "/p", "dockerfile": "Dockerfile"}
build: 'https://x/y.git'
    => {"context": "https://x/y.git", "dockerfile": "Dockerfile"}
build: 'git@x:y'
    => {"context": "git@x:y", "dockerfile": "Dockerfile"}
build: 'github.com/x/y'
    => {"context": "github.com/x/y", "dockerfile": "Dockerfile"}
build: 'service:b'
    => {"context": "service:b", "dockerfile": "Dockerfile"}
build: '/abs'
    => {"context": "/abs", "dockerfile": "Dockerfile"}
build: '../up'
    => {"context": "/up", "dockerfile": "Dockerfile"}
build: '~/h'
    => {"context": "/home/me/h", "dockerfile": "Dockerfile"}
"##;

/// `deploy` in all its parts.
const DEPLOY: &str = r##"
deploy: {replicas: 2, labels: [a=1]}  ++  deploy: {labels: {a: 2, b: 3}, mode: global}
    => {"replicas": 2, "labels": {"a": "2", "b": "3"}, "mode": "global", "placement": {}, "resources": {}}
deploy: {resources: {limits: {cpus: '1', memory: 1g}}}  ++  deploy: {resources: {limits: {memory: 2g}, reservations: {memory: 1m}}}
    => {"resources": {"limits": {"cpus": 1, "memory": "2147483648"}, "reservations": {"memory": "1048576"}}, "placement": {}}
deploy: {}
    => {"placement": {}, "resources": {}}
deploy: {replicas: 0}
    => {"replicas": 0, "placement": {}, "resources": {}}
deploy: {restart_policy: {condition: any, delay: 5s, max_attempts: 3, window: 1m}}  ++  deploy: {restart_policy: {max_attempts: 4}}
    => {"restart_policy": {"condition": "any", "delay": "5s", "max_attempts": 4, "window": "1m0s"}, "placement": {}, "resources": {}}
deploy: {resources: {limits: {cpus: 0.5, memory: 1g, pids: 10}, reservations: {cpus: '0.25', memory: 1m, devices: [{capabilities: [gpu]}], generic_resources: [{discrete_resource_spec: {kind: k, value: 2}}]}}}
    => {"resources": {"limits": {"cpus": 0.5, "memory": "1073741824", "pids": 10}, "reservations": {"cpus": 0.25, "memory": "1048576", "devices": [{"capabilities": ["gpu"], "count": -1}], "generic_resources": [{"discrete_resource_spec": {"kind": "k", "value": 2}}]}}, "placement": {}}
deploy: {resources: {reservations: {devices: [{capabilities: [gpu], count: 2, driver: n, options: {a: b}}]}}}  ++  deploy: {resources: {reservations: {devices: [{capabilities: [tpu], device_ids: ['1']}]}}}
    => {"resources": {"reservations": {"devices": [{"capabilities": ["gpu"], "count": 2, "driver": "n", "options": {"a": "b"}}, {"capabilities": ["tpu"], "device_ids": ["1"]}]}}, "placement": {}}
deploy: {placement: {constraints: [a], preferences: [{spread: s}], max_replicas_per_node: 1}}  ++  deploy: {placement: {constraints: [b], preferences: [{spread: t}]}}
    => {"placement": {"constraints": ["a", "b"], "preferences": [{"spread": "s"}, {"spread": "t"}], "max_replicas_per_node": 1}, "resources": {}}
deploy: {update_config: {parallelism: 1, delay: 1s, order: start-first, monitor: 1m, failure_action: pause, max_failure_ratio: 0.1}, rollback_config: {parallelism: 2}}
    => {"update_config": {"parallelism": 1, "delay": "1s", "order": "start-first", "monitor": "1m0s", "failure_action": "pause", "max_failure_ratio": 0.1}, "rollback_config": {"parallelism": 2}, "placement": {}, "resources": {}}
deploy: {mode: replicated, endpoint_mode: vip}  ++  deploy: {endpoint_mode: dnsrr}
    => {"mode": "replicated", "endpoint_mode": "dnsrr", "placement": {}, "resources": {}}
"##;

/// How scalars of YAML print: a quirk that is copied, a mix of YAML 1.1 and 1.2 in Go's way of writing.
const SCALARS: &str = r##"
environment: {A: 1.10}
    => {"A": "1.1"}
environment: {A: 1e3}
    => {"A": "1000"}
environment: {A: 0x10}
    => {"A": "16"}
environment: {A: 0o17}
    => {"A": "15"}
environment: {A: 017}
    => {"A": "15"}
environment: {A: yes}
    => {"A": "yes"}
environment: {A: no}
    => {"A": "no"}
environment: {A: on}
    => {"A": "on"}
environment: {A: true}
    => {"A": "true"}
environment: {A: .5}
    => {"A": "0.5"}
environment: {A: 1_000}
    => {"A": "1000"}
environment: {A: 2020-01-01}
    => {"A": "2020-01-01 00:00:00 +0000 UTC"}
environment: {A: 2020-01-01T10:00:00Z}
    => {"A": "2020-01-01 10:00:00 +0000 UTC"}
environment: {A: ~}
    => {"A": null}
environment: {A: null}
    => {"A": null}
environment: {A: 12345678901234567890}
    => {"A": "12345678901234567890"}
environment: {A: 100000000.0}
    => {"A": "1e+08"}
environment: {A: 1.0}
    => {"A": "1"}
environment: {A: -0}
    => {"A": "-0"}
environment: {A: +1}
    => {"A": "1"}
environment: {A: 0b11}
    => {"A": "3"}
environment: {A: 1e21}
    => {"A": "1e+21"}
environment: {A: '01'}
    => {"A": "01"}
environment: {A: "\u00e9"}
    => {"A": "é"}
environment: {A: 12:30:45}
    => {"A": "12:30:45"}
environment: {A: 3.0e-7}
    => {"A": "3e-07"}
environment: {A: 'a: b'}
    => {"A": "a: b"}
environment: {A: 0.1}
    => {"A": "0.1"}
environment: {A: 1e100}
    => {"A": "1e+100"}
environment: {A: 08}
    => {"A": "8"}
labels: {a: ~, b: 1.10, c: true}
    => {"a": "", "b": "1.1", "c": "true"}
# list form is verbatim
environment: [A=1.10, B=yes, C=0x10]
    => {"A": "1.10", "B": "yes", "C": "0x10"}
"##;

/// Strings become numbers and booleans at these places.
const CASTS: &str = r##"
cpu_count: '3'
    => 3
cpu_percent: '30'
    => 30
cpu_period: '3'
    => 3
cpu_quota: '3'
    => 3
cpu_rt_period: '3'
    => 3
cpu_rt_runtime: '3'
    => 3
cpu_shares: '3'
    => 3
cpus: '1.5'
    => 1.5
init: 'true'
    => true
oom_kill_disable: 'true'
    => true
oom_score_adj: '5'
    => 5
pids_limit: '5'
    => 5
privileged: 'true'
    => true
read_only: 'true'
    => true
scale: '2'
    => 2
stdin_open: 'yes'
    => true
tty: 'on'
    => true
depends_on: {b: {condition: service_started, required: 'false', restart: 'true'}}
    => {"b": {"condition": "service_started", "required": false, "restart": true}}
deploy: {replicas: '2', update_config: {parallelism: '3', max_failure_ratio: '0.5'}, rollback_config: {parallelism: '3'}, restart_policy: {max_attempts: '4'}, placement: {max_replicas_per_node: '5'}}
    => {"replicas": 2, "update_config": {"parallelism": 3, "max_failure_ratio": 0.5}, "rollback_config": {"parallelism": 3}, "restart_policy": {"max_attempts": 4}, "placement": {"max_replicas_per_node": 5}, "resources": {}}
healthcheck: {retries: '3', disable: 'false', test: a}
    => {"retries": 3, "test": ["CMD-SHELL", "a"]}
ports: [{target: '80'}]
    => [{"target": 80, "protocol": "tcp", "mode": "ingress"}]
ulimits: {a: '1', b: {soft: '2', hard: '3'}}
    => {"a": 1, "b": {"soft": 2, "hard": 3}}
volumes: [{type: volume, source: vv, target: /v, read_only: 'true', volume: {nocopy: 'true'}}]
    => [{"type": "volume", "source": "vv", "target": "/v", "read_only": true, "volume": {"nocopy": true}}]
"##;

/// `!reset` and `!override`.
const TAGS: &str = r##"
ports: ['80:80']  ++  ports: !reset null
    => null
command: [a]  ++  command: !reset null
    => null
environment: {A: 1, B: 2}  ++  environment: !override {C: 3}
    => {"C": "3"}
volumes: ['./a:/a']  ++  volumes: !override []
    => null
labels: {a: 1}  ++  labels: {a: !reset null, b: 2}
    => {"b": "2"}
build: {context: ., args: {A: 1}}  ++  build: {args: !override {B: 2}}
    => {"context": "/p", "args": {"B": "2"}, "dockerfile": "Dockerfile"}
depends_on: [b]  ++  depends_on: !override [c]
    => {"c": {"condition": "service_started", "required": true}}
healthcheck: {test: a}  ++  healthcheck: !reset {}
    => null
networks: [n]  ++  networks: !override {m: ~}
    => {"m": null}
"##;

#[test]
fn builds() {
    check_attributes(BUILD);
}

#[test]
fn deployments() {
    check_attributes(DEPLOY);
}

#[test]
fn scalars_print_as_go_prints_them() {
    check_attributes(SCALARS);
}

#[test]
fn strings_are_cast_at_these_places() {
    check_attributes(CASTS);
}

#[test]
fn reset_takes_away_and_override_replaces() {
    check_attributes(TAGS);
}
