//! Every attribute of a service: its forms, and how two files meet in it.
//!
//! A rule is the attribute as one file says it, `++` and what a second file says, and below that what is left of the
//! attribute in the canonical JSON. Every outcome was looked up with Docker Compose 5.5.1 and 5.6.1.

use super::rules::check_attributes;

/// From `annotations` to `mac_address`.
const A_TO_L: &str = r##"
annotations: [A=1, B]  ++  annotations: {A: 2, C: ~}
    => {"A": "2", "B": "", "C": ""}
attach: false  ++  attach: true
    => true
attach: false
    => false
blkio_config: {weight: 100, device_read_bps: [{path: /a, rate: 1k}]}  ++  blkio_config: {weight: 200, device_read_bps: [{path: /b, rate: 2}]}
    => {"weight": 200, "device_read_bps": [{"Path": "/a", "Rate": "1024"}, {"Path": "/b", "Rate": "2"}]}
cap_add: [A, B]  ++  cap_add: [B, C]
    => ["A", "B", "C"]
cap_drop: [ALL]  ++  cap_drop: [ALL, X]
    => ["ALL", "X"]
cgroup: host  ++  cgroup: private
    => "private"
cgroup_parent: a  ++  cgroup_parent: b
    => "b"
command: [a, b]  ++  command: [c]
    => ["c"]
command: a b  ++  command: ''
    => []
command: a  ++  command: ~
    => null
entrypoint: a  ++  entrypoint: [b]
    => ["b"]
entrypoint: [a]  ++  entrypoint: []
    => []
configs: [c]  ++  configs: [{source: d, target: /c}]
    => [{"source": "d", "target": "/c"}]
configs: [{source: c, target: /t}]  ++  configs: [{source: d, target: /t, mode: 0440}]
    => [{"source": "d", "target": "/t", "mode": "0440"}]
container_name: one  ++  container_name: two
    => "two"
cpu_count: 1  ++  cpu_count: '2'
    => 2
cpu_percent: 10  ++  cpu_percent: 20
    => 20
cpu_period: 1000  ++  cpu_period: 2000
    => 2000
cpu_quota: 1000  ++  cpu_quota: 2000
    => 2000
cpu_shares: 1  ++  cpu_shares: 2
    => 2
cpu_rt_period: 100  ++  cpu_rt_period: 200
    => 200
cpu_rt_runtime: 100  ++  cpu_rt_runtime: 200
    => 200
cpus: 1.5  ++  cpus: '0.5'
    => 0.5
cpuset: 0-1  ++  cpuset: '2'
    => "2"
credential_spec: {file: a}  ++  credential_spec: {file: b}
    => {"file": "b"}
depends_on: [b]  ++  depends_on: {c: {condition: service_healthy}}
    => {"b": {"condition": "service_started", "required": true}, "c": {"condition": "service_healthy", "required": true}}
depends_on: {b: {condition: service_started, restart: true}}  ++  depends_on: {b: {condition: service_healthy, required: false}}
    => {"b": {"condition": "service_healthy", "restart": true, "required": false}}
depends_on: {b: {condition: service_healthy}}  ++  depends_on: [b, c]
    => {"b": {"condition": "service_started", "required": true}, "c": {"condition": "service_started", "required": true}}
develop: {watch: [{path: a, action: rebuild}]}  ++  develop: {watch: [{path: b, action: sync, target: /b}]}
    => {"watch": [{"path": "/p/a", "action": "rebuild", "exec": {"command": null}}, {"path": "/p/b", "action": "sync", "target": "/b", "exec": {"command": null}}]}
device_cgroup_rules: ['c 1:3 mr']  ++  device_cgroup_rules: ['a 7:* rmw']
    => ["c 1:3 mr", "a 7:* rmw"]
devices: [/a, '/b:/c']  ++  devices: ['/d:/c:r', {source: /e, target: /f, permissions: rw}]
    => [{"source": "/a", "target": "/a", "permissions": "rwm"}, {"source": "/d", "target": "/c", "permissions": "r"}, {"source": "/e", "target": "/f", "permissions": "rw"}]
devices: ['vendor.com/class=name']
    => [{"source": "vendor.com/class=name", "target": "vendor.com/class=name", "permissions": "rwm"}]
dns: 1.1.1.1  ++  dns: [8.8.8.8, 1.1.1.1]
    => ["1.1.1.1", "8.8.8.8"]
dns_opt: [a]  ++  dns_opt: [b, a]
    => ["a", "b"]
dns_search: x.org  ++  dns_search: [y.org, x.org]
    => ["x.org", "y.org"]
domainname: a  ++  domainname: b
    => "b"
env_file: one.env  ++  env_file: [two.env]
    environment => {"A": "one", "B": "two"}
env_file: [one.env, two.env]  ++  env_file: one.env
    environment => {"A": "one", "B": "two"}
environment: [A=1, B, TAG]  ++  environment: {A: 2, B: ~, C: ''}
    => {"A": "2", "B": null, "TAG": "v1", "C": ""}
environment: {A: 1}  ++  environment: [A]
    => {"A": null}
expose: [80, '81-82']  ++  expose: ['80', 90/udp]
    => ["80", "81-82", "90/udp"]
external_links: [q]  ++  external_links: ['r:s']
    => ["q", "r:s"]
extra_hosts: ['h:1.1.1.1']  ++  extra_hosts: {h: 2.2.2.2}
    => ["h=1.1.1.1", "h=2.2.2.2"]
extra_hosts: {h: ['::1', '[::2]']}
    => ["h=::1", "h=::2"]
extra_hosts: ['h=1.1.1.1']  ++  extra_hosts: ['h=1.1.1.1', 'g:2.2.2.2']
    => ["g=2.2.2.2", "h=1.1.1.1"]
gpus: all  ++  gpus: [{driver: nvidia, count: 2}]
    => [{"count": -1}, {"driver": "nvidia", "count": 2}]
gpus: [{device_ids: ['0'], capabilities: [gpu]}]
    => [{"device_ids": ["0"], "capabilities": ["gpu"]}]
group_add: [1, a]  ++  group_add: [b]
    => ["1", "a", "b"]
healthcheck: {test: [CMD, a], interval: 1m}  ++  healthcheck: {test: b, timeout: 5s, start_interval: 500ms, start_period: 1h}
    => {"test": ["CMD-SHELL", "b"], "interval": "1m0s", "timeout": "5s", "start_interval": "500ms", "start_period": "1h0m0s"}
healthcheck: {test: a}  ++  healthcheck: {disable: true}
    => {"test": ["CMD-SHELL", "a"], "disable": true}
hostname: a  ++  hostname: b
    => "b"
image: a  ++  image: b
    => "b"
init: true  ++  init: false
    => false
ipc: host  ++  ipc: shareable
    => "shareable"
isolation: a  ++  isolation: b
    => "b"
label_file: l.env  ++  label_file: [m.env]
    => ["/p/l.env", "/p/m.env"]
label_file: l.env  ++  label_file: [m.env]
    labels => {"x": "1", "y": "2"}
labels: [a=1, b]  ++  labels: {a: 2, c: ~}
    => {"a": "2", "b": "", "c": ""}
links: [b]  ++  links: [b, 'c:d']
    => ["b", "c:d"]
logging: {driver: a, options: {x: 1}}  ++  logging: {driver: a, options: {y: 2}}
    => {"driver": "a", "options": {"x": "1", "y": "2"}}
logging: {driver: a, options: {x: 1}}  ++  logging: {driver: b, options: {y: 2}}
    => {"driver": "b", "options": {"y": "2"}}
logging: {options: {x: 1}}  ++  logging: {driver: b}
    => {"options": {"x": "1"}, "driver": "b"}
logging: {driver: a, options: {x: 1}}  ++  logging: {options: {x: ~}}
    => {"driver": "a", "options": {"x": "1"}}
mac_address: '02:42:ac:11:00:01'  ++  mac_address: '02:42:ac:11:00:02'
    => "02:42:ac:11:00:02"
"##;

/// From `mem_limit` to `x-*`.
const M_TO_Z: &str = r##"
mem_limit: 1g  ++  mem_limit: 512m
    => "536870912"
mem_reservation: 1k  ++  mem_reservation: 2kb
    => "2048"
memswap_limit: 1g  ++  memswap_limit: -1
    => "-1"
mem_swappiness: 10  ++  mem_swappiness: 20
    => "20"
shm_size: 64m  ++  shm_size: '1.5g'
    => "1610612736"
network_mode: host  ++  network_mode: bridge
    => "bridge"
networks: [n]  ++  networks: {n: {aliases: [x]}, m: ~}
    => {"n": {"aliases": ["x"]}, "m": null}
networks: {n: {aliases: [x], priority: 1}}  ++  networks: {n: {aliases: [x, y], ipv4_address: 10.0.0.2}}
    => {"n": {"aliases": ["x", "y"], "priority": 1, "ipv4_address": "10.0.0.2"}}
networks: {n: {link_local_ips: [1.1.1.1], driver_opts: {a: 1}, gw_priority: 3, mac_address: '02:42:ac:11:00:01', interface_name: e}}  ++  networks: {n: {link_local_ips: [1.1.1.1, 2.2.2.2], driver_opts: {b: 2}}}
    => {"n": {"link_local_ips": ["1.1.1.1", "2.2.2.2"], "driver_opts": {"a": "1", "b": "2"}, "gw_priority": 3, "mac_address": "02:42:ac:11:00:01", "interface_name": "e"}}
networks: {n: {priority: 1}}  ++  networks: [n, m]
    => {"n": {"priority": 1}, "m": null}
oom_kill_disable: true  ++  oom_kill_disable: false
    => null
oom_score_adj: 1  ++  oom_score_adj: -5
    => -5
pid: host  ++  pid: private
    => "private"
pids_limit: 1  ++  pids_limit: -1
    => -1
platform: a  ++  platform: b
    => "b"
ports: ['80:80', 443]  ++  ports: ['80:80', '127.0.0.1:80:80', '81:80/udp']
    => [{"mode": "ingress", "target": 80, "published": "80", "protocol": "tcp"}, {"mode": "ingress", "target": 443, "protocol": "tcp"}, {"mode": "ingress", "host_ip": "127.0.0.1", "target": 80, "published": "80", "protocol": "tcp"}, {"mode": "ingress", "target": 80, "published": "81", "protocol": "udp"}]
ports: ['3000-3001:4000-4001']
    => [{"mode": "ingress", "target": 4000, "published": "3000", "protocol": "tcp"}, {"mode": "ingress", "target": 4001, "published": "3001", "protocol": "tcp"}]
ports: ['0.0.0.0:80:80']  ++  ports: ['80:80']
    => [{"mode": "ingress", "target": 80, "published": "80", "protocol": "tcp"}]
ports: [{target: 80, published: '8080', app_protocol: http, name: web, host_ip: 127.0.0.1}]  ++  ports: [{target: 80, published: '8080', host_ip: 127.0.0.1, mode: host}]
    => [{"target": 80, "published": "8080", "host_ip": "127.0.0.1", "mode": "host", "protocol": "tcp"}]
ports: ['::1:80:80', '[::1]:81:81']
    => [{"mode": "ingress", "host_ip": "::1", "target": 80, "published": "80", "protocol": "tcp"}, {"mode": "ingress", "host_ip": "::1", "target": 81, "published": "81", "protocol": "tcp"}]
ports: ['127.0.0.1::53/udp']
    => [{"mode": "ingress", "host_ip": "127.0.0.1", "target": 53, "protocol": "udp"}]
post_start: [{command: a b, user: u}]  ++  post_start: [{command: [c], privileged: true, working_dir: /w, environment: [A=1]}]
    => [{"command": ["a", "b"], "user": "u"}, {"command": ["c"], "privileged": true, "working_dir": "/w", "environment": {"A": "1"}}]
pre_stop: [{command: a}]  ++  pre_stop: [{command: b}]
    => [{"command": ["a"]}, {"command": ["b"]}]
privileged: true  ++  privileged: false
    => null
profiles: [p]  ++  profiles: [q, p]
    => ["p", "q"]
provider: {type: t, options: {a: 1, b: [x, y]}}  ++  provider: {type: t, options: {a: 2}}
    => {"type": "t", "options": {"a": ["2"], "b": ["x", "y"]}}
pull_policy: always
    => "always"
pull_policy: never
    => "never"
pull_policy: missing
    => "missing"
pull_policy: if_not_present
    => "missing"
pull_policy: build
    => "build"
pull_policy: refresh
    => "refresh"
pull_policy: daily
    => "daily"
pull_policy: weekly
    => "weekly"
pull_policy: every_12h
    => "every_12h"
pull_policy: every_1w2d
    => "every_1w2d"
pull_policy: always  ++  pull_policy: never
    => "never"
pull_refresh_after: 1d  ++  pull_refresh_after: 2d
    => null
read_only: true  ++  read_only: false
    => null
read_only: true
    => true
restart: always  ++  restart: no
    => "no"
restart: no
    => "no"
restart: on-failure:3  ++  restart: unless-stopped
    => "unless-stopped"
runtime: a  ++  runtime: b
    => "b"
scale: 1  ++  scale: 2
    => 2
scale: 0
    => 0
# quirk: the texts of the targets differ
secrets: [s]  ++  secrets: [{source: t, target: s}]
    => [{"source": "s", "target": "/run/secrets/s"}, {"source": "t", "target": "s"}]
secrets: [s]  ++  secrets: [{source: t, target: /run/secrets/s, uid: '1', gid: '2', mode: '0400'}]
    => [{"source": "t", "target": "/run/secrets/s", "uid": "1", "gid": "2", "mode": "0400"}]
security_opt: [a]  ++  security_opt: [b, a]
    => ["a", "b"]
stdin_open: true  ++  stdin_open: false
    => null
stop_grace_period: 1m  ++  stop_grace_period: 1h2m3.5s
    => "1h2m3.5s"
stop_grace_period: 1d2h
    => "26h0m0s"
stop_grace_period: 1w
    => "168h0m0s"
stop_signal: A  ++  stop_signal: B
    => "B"
storage_opt: {size: 1g}  ++  storage_opt: {other: a}
    => {"size": "1g", "other": "a"}
sysctls: {a: 1}  ++  sysctls: [a=2, b=3]
    => {"a": "2", "b": "3"}
tty: true  ++  tty: false
    => null
ulimits: {nofile: 5, core: {soft: 1, hard: 2}}  ++  ulimits: {nofile: {soft: 3, hard: 4}, core: 6}
    => {"nofile": {"soft": 3, "hard": 4}, "core": 6}
use_api_socket: true
    => true
user: a  ++  user: b
    => "b"
userns_mode: host  ++  userns_mode: x
    => "x"
uts: host  ++  uts: x
    => "x"
working_dir: /a  ++  working_dir: /b
    => "/b"
volumes: ['./a:/x', 'vv:/y']  ++  volumes: ['./b:/x:ro', {type: tmpfs, target: /y}]
    => [{"type": "bind", "source": "/p/b", "target": "/x", "read_only": true, "bind": {}}, {"type": "tmpfs", "target": "/y"}]
volumes: [{type: volume, source: vv, target: /v, volume: {nocopy: true, subpath: s, labels: {a: 1}}}]  ++  volumes: [{type: volume, source: vv, target: /v, volume: {labels: [b=2]}}]
    => [{"type": "volume", "source": "vv", "target": "/v", "volume": {"labels": {"b": "2"}}}]
volumes: [{type: image, source: i, target: /i, image: {subpath: s}}, {type: npipe, source: a, target: b}, {type: cluster, source: c, target: d}]
    => [{"type": "image", "source": "i", "target": "/i", "image": {"subpath": "s"}}, {"type": "npipe", "source": "a", "target": "b"}, {"type": "cluster", "source": "c", "target": "d"}]
volumes: ['./a:/b:rslave,Z', 'vv:/c:nocopy']
    => [{"type": "bind", "source": "/p/a", "target": "/b", "bind": {"selinux": "Z", "propagation": "rslave"}}, {"type": "volume", "source": "vv", "target": "/c", "volume": {"nocopy": true}}]
volumes: [{type: bind, source: a, target: /b, read_only: true, consistency: cached, bind: {propagation: rprivate, recursive: enabled, selinux: z}}]
    => [{"type": "bind", "source": "/p/a", "target": "/b", "read_only": true, "consistency": "cached", "bind": {"propagation": "rprivate", "recursive": "enabled", "selinux": "z"}}]
# quirk: a drive
volumes: ['v:/x']
    => [{"type": "volume", "target": "v:/x", "volume": {}}]
volumes_from: [b]  ++  volumes_from: ['c:ro']
    => ["b", "c:ro"]
# JSON leaves nested extensions out
x-own: {a: 1}  ++  x-own: {b: 2}
    hostname => null
"##;

#[test]
fn attributes_from_a_to_mac_address() {
    check_attributes(A_TO_L);
}

#[test]
fn attributes_from_mem_limit_on() {
    check_attributes(M_TO_Z);
}
