//! Whole models: the top level, resources, and what does not fit together.
//!
//! The number of a rule is that of the section that it comes from. Every outcome was looked up with Docker Compose
//! 5.5.1 and 5.6.1, and is theirs where the title does not say otherwise.

use super::rules::check_files;

/// The top level: what is known, what is kept, and what a name may be.
const TOP: &str = r##"
=== 1.1 a service may be called x-anything: it is no extension
services: {x-a: {image: x}}
=> services.x-a.image "x"
=== 1.1 so may networks, volumes, secrets and configs; Docker Compose loses the network: a quirk that is not copied
services: {a: {image: x, networks: [x-n], volumes: ['x-v:/v'], secrets: [x-s], configs: [x-c]}}
networks: {x-n: {}}
volumes: {x-v: {}}
secrets: {x-s: {file: s}}
configs: {x-c: {file: c}}
=> networks {"x-n": {"name": "p_x-n", "ipam": {}}}
=> volumes {"x-v": {"name": "p_x-v"}}
=> secrets {"x-s": {"file": "/p/s", "name": "p_x-s"}}
=> configs {"x-c": {"file": "/p/c", "name": "p_x-c"}}
=== 1.1 an unknown key is refused
services: {a: {image: x}}
service: {}
=> refused unknown-attribute
=== 1.1 names have letters, digits and three signs
services: {A.b_c-1: {image: x}}
=> services.A.b_c-1 {"image": "x", "networks": {"default": null}, "command": null, "entrypoint": null}
=== 1.1 other names are refused
services: {'a/b': {image: x}}
=> refused invalid-value
=== 1.1 extensions of the top level are kept, and merge as mappings
--- f1.yaml
services: {a: {image: x}}
x-one: {a: 1, c: [1]}
--- f2.yaml
services: {a: {}}
x-one: {b: 2, c: [2]}
x-two: [a]
=> x-one {"a": 1, "c": [1, 2], "b": 2}
=> x-two ["a"]
=== 1.1 the last name counts
--- f1.yaml
name: one
services: {a: {image: x}}
--- f2.yaml
name: two
services: {a: {}}
=> name "two"
=== 2.6 a name is brought into form without a word
name: Foo.Bar_x-1
services: {a: {image: x}}
=> name "foobar_x-1"
=== 2.6 a name may hold variables
name: n-${TAG}
services: {a: {image: x}}
=> name "n-v1"
=== 1.1 the version has no effect
version: '9.9'
services: {a: {image: x}}
=> services.a.image "x"
=== 1.1 a file without services is a project without services
networks: {n: {}}
=> services {}
"##;

/// Networks, volumes, secrets, configs and models: what they are, and how they meet.
const RESOURCES: &str = r##"
=== 3.6 names are filled in, and what is external keeps its key
name: q
services: {a: {image: x, networks: [n, e, g], volumes: ['vv:/v', 'ww:/w']}}
networks: {n: {}, e: {external: true}, g: {name: given}}
volumes: {vv: {}, ww: {external: true, name: other}}
=> networks {"n": {"name": "q_n", "ipam": {}}, "e": {"external": true, "name": "e", "ipam": {}}, "g": {"name": "given", "ipam": {}}}
=> volumes {"vv": {"name": "q_vv"}, "ww": {"external": true, "name": "other"}}
=== 3.6 the old form of external
services: {a: {image: x, networks: [n], volumes: ['vv:/v'], secrets: [s], configs: [c]}}
networks: {n: {external: {name: a}}}
volumes: {vv: {external: {name: b}}}
secrets: {s: {external: {name: c}}}
configs: {c: {external: {name: d}}}
=> networks {"n": {"external": true, "name": "a", "ipam": {}}}
=> volumes {"vv": {"external": true, "name": "b"}}
=> secrets {"s": {"external": true, "name": "c"}}
=> configs {"c": {"external": true, "name": "d"}}
=== 1.5f an external volume has no other attributes
services: {a: {image: x, volumes: ['vv:/v']}}
volumes: {vv: {external: true, labels: [a=1]}}
=> refused conflict
=== 1.5g an external network may have them
services: {a: {image: x, networks: [n]}}
networks: {n: {external: true, driver: bridge}}
=> networks.n {"external": true, "driver": "bridge", "name": "n", "ipam": {}}
=== 1.5f the device of a local bind volume becomes absolute where the driver is written
services: {a: {image: x, volumes: ['vv:/v', 'ww:/w']}}
volumes: {vv: {driver: local, driver_opts: {o: bind, type: none, device: ./d}}, ww: {driver_opts: {o: bind, type: none, device: ./d}}}
=> volumes.vv.driver_opts {"o": "bind", "type": "none", "device": "/p/d"}
=> volumes.ww.driver_opts {"o": "bind", "type": "none", "device": "./d"}
=== 1.5g networks have these attributes
services: {a: {image: x, networks: [n]}}
networks: {n: {driver: d, driver_opts: {a: 1, b: t}, internal: true, attachable: true, enable_ipv4: false, enable_ipv6: true, labels: [l], ipam: {driver: i, options: {a: b}, config: [{subnet: 10.0.0.0/8, ip_range: 10.1.0.0/16, gateway: 10.0.0.1, aux_addresses: {h: 10.0.0.2}}]}}}
=> networks.n {"driver": "d", "driver_opts": {"a": "1", "b": "t"}, "internal": true, "attachable": true, "enable_ipv4": false, "enable_ipv6": true, "labels": {"l": ""}, "ipam": {"driver": "i", "options": {"a": "b"}, "config": [{"subnet": "10.0.0.0/8", "ip_range": "10.1.0.0/16", "gateway": "10.0.0.1", "aux_addresses": {"h": "10.0.0.2"}}]}, "name": "p_n"}
=== 1.10 networks merge, and pools pair up by their subnet
--- f1.yaml
services: {a: {image: x, networks: [n]}}
networks: {n: {driver: a, labels: [a=1], driver_opts: {x: 1}, ipam: {options: {o: '1'}, config: [{subnet: 10.0.0.0/8, gateway: 10.0.0.1}, {subnet: 11.0.0.0/8}]}}}
--- f2.yaml
services: {a: {}}
networks: {n: {driver: b, labels: {a: 2, b: 3}, driver_opts: {y: 2}, ipam: {options: {p: '2'}, config: [{subnet: 10.0.0.0/8, ip_range: 10.1.0.0/16}]}}}
=> networks.n {"driver": "b", "labels": {"a": "2", "b": "3"}, "driver_opts": {"x": "1", "y": "2"}, "ipam": {"options": {"o": "1", "p": "2"}, "config": [{"subnet": "10.0.0.0/8", "ip_range": "10.1.0.0/16"}]}, "name": "p_n"}
=== 1.10 volumes merge
--- f1.yaml
services: {a: {image: x, volumes: ['vv:/v']}}
volumes: {vv: {driver: a, labels: [a=1], driver_opts: {x: 1}}}
--- f2.yaml
services: {a: {}}
volumes: {vv: {labels: {a: 2, b: 3}, driver_opts: {y: 2}, name: given}}
=> volumes.vv {"driver": "a", "labels": {"a": "2", "b": "3"}, "driver_opts": {"x": "1", "y": "2"}, "name": "given"}
=== 1.5a secrets and configs have one source
services: {a: {image: x, secrets: [s, e], configs: [c, f, g]}}
secrets: {s: {file: ./s.txt}, e: {environment: TAG}}
configs: {c: {content: 'a $TAG'}, f: {file: f, name: given}, g: {environment: TAG}}
=> secrets {"s": {"file": "/p/s.txt", "name": "p_s"}, "e": {"environment": "TAG", "name": "p_e"}}
=> configs.c {"content": "a v1", "name": "p_c"}
=> configs.f {"file": "/p/f", "name": "given"}
=== 1.5a two sources are refused
services: {a: {image: x, secrets: [s]}}
secrets: {s: {file: a, environment: B}}
=> refused conflict
=== 1.5a no source is refused
services: {a: {image: x, configs: [c]}}
configs: {c: {}}
=> refused missing
=== 1.5a content is for configs only
services: {a: {image: x, secrets: [s]}}
secrets: {s: {content: x}}
=> refused unknown-attribute
=== 1.5a modes in all their forms
services: {a: {image: x, secrets: [{source: s, mode: 0440}, {source: t, mode: 288}, {source: u, mode: "0440"}, {source: v, mode: 0o440}]}}
secrets: {s: {file: a}, t: {file: a}, u: {file: a}, v: {file: a}}
=> services.a.secrets.0.mode "0440"
=> services.a.secrets.1.mode "0440"
=> services.a.secrets.2.mode "0440"
=> services.a.secrets.3.mode "0440"
=== 1.5a secrets and configs merge
--- f1.yaml
services: {a: {image: x, secrets: [s], configs: [c]}}
secrets: {s: {file: a}}
configs: {c: {content: a}}
--- f2.yaml
services: {a: {}}
secrets: {s: {file: b}}
configs: {c: {content: b}}
=> secrets.s {"file": "/p/b", "name": "p_s"}
=> configs.c {"content": "b", "name": "p_c"}
=== 1.5h a model must name its model
services: {a: {image: x, models: [m]}}
models: {m: {context_size: 5}}
=> refused missing
=== 1.5h models in both forms
services: {a: {image: x, models: {m: {endpoint_var: U, model_var: M}}}, b: {image: x, models: [m]}}
models: {m: {model: ai/m, context_size: 5, runtime_flags: [a]}}
=> services.a.models {"m": {"endpoint_var": "U", "model_var": "M"}}
=> services.b.models {"m": null}
=== 3.5 the default network is there where a service uses it
services: {a: {image: x}, b: {image: x, network_mode: none}}
networks: {default: {driver: d}, unused: {}}
=> networks {"default": {"driver": "d", "name": "p_default", "ipam": {}}}
=> services.b.networks null
=== 2.7 what no service uses is left out
services: {a: {image: x, network_mode: none}}
networks: {n: {}}
volumes: {vv: {}}
secrets: {s: {file: s}}
configs: {c: {file: c}}
=> networks null
=> volumes null
=> secrets null
=> configs null
=== 3.7 namespaces, links and volumes_from imply dependencies
services: {a: {image: x, network_mode: 'service:b', ipc: 'service:c', pid: 'service:d', uts: 'service:e', volumes_from: [f], links: [g]}, b: {image: x}, c: {image: x}, d: {image: x}, e: {image: x}, f: {image: x}, g: {image: x}}
=> services.a.depends_on {"g": {"condition": "service_started", "required": true, "restart": true}, "b": {"condition": "service_started", "required": true, "restart": true}, "c": {"condition": "service_started", "required": true, "restart": true}, "d": {"condition": "service_started", "required": true, "restart": true}, "e": {"condition": "service_started", "required": true, "restart": true}, "f": {"condition": "service_started", "required": true}}
"##;

/// What does not fit together is refused.
const REFERENCES: &str = r##"
=== 3 neither image nor build
services: {a: {hostname: x}}
=> refused missing
=== 1.2 a provider needs no image
services: {a: {provider: {type: t}}}
=> services.a.provider {"type": "t"}
=== 3 an undefined network
services: {a: {image: x, networks: [n]}}
=> refused undefined
=== 3 an undefined volume
services: {a: {image: x, volumes: ['vv:/v']}}
=> refused undefined
=== 3 an undefined secret
services: {a: {image: x, secrets: [s]}}
=> refused undefined
=== 3 an undefined config
services: {a: {image: x, configs: [c]}}
=> refused undefined
=== 3 an undefined model
services: {a: {image: x, models: [m]}}
=> refused undefined
=== 3 an undefined secret of a build
services: {a: {build: {context: ., secrets: [s]}}}
=> refused undefined
=== 3 an undefined service
services: {a: {image: x, depends_on: [b]}}
=> refused undefined
=== 2.2 a dependency that is not required may be missing altogether
services: {a: {image: x, depends_on: {b: {condition: service_started, required: false}}}}
=> refused undefined
=== 3 a circle
services: {a: {image: x, depends_on: [b]}, b: {image: x, links: [a]}}
=> refused cycle
=== 3 network_mode beside networks
services: {a: {image: x, network_mode: host, networks: [n]}}
networks: {n: {}}
=> refused conflict
=== 3 scale beside other replicas
services: {a: {image: x, scale: 1, deploy: {replicas: 2}}}
=> refused conflict
=== 3 scale beside the same replicas
services: {a: {image: x, scale: 2, deploy: {replicas: 2}}}
=> services.a.scale 2
=== 3 cpus beside another limit
services: {a: {image: x, cpus: 1, deploy: {resources: {limits: {cpus: '2'}}}}}
=> refused conflict
=== 3 mem_limit beside another limit
services: {a: {image: x, mem_limit: 1g, deploy: {resources: {limits: {memory: 2g}}}}}
=> refused conflict
=== 3 mem_reservation beside another one
services: {a: {image: x, mem_reservation: 1g, deploy: {resources: {reservations: {memory: 2g}}}}}
=> refused conflict
=== 3 pids_limit beside another one
services: {a: {image: x, pids_limit: 1, deploy: {resources: {limits: {pids: 2}}}}}
=> refused conflict
=== 3 one name for two containers
services: {a: {image: x, container_name: abc, scale: 2}}
=> refused conflict
=== 1.2 one name for two services
services: {a: {image: x, container_name: abc}, b: {image: x, container_name: abc}}
=> refused conflict
=== 1.5e one place for a volume and a tmpfs
services: {a: {image: x, tmpfs: [/t], volumes: ['vv:/t']}}
volumes: {vv: {}}
=> refused conflict
=== 1.5e of two volumes in one place the later counts
services: {a: {image: x, volumes: ['vv:/t', 'ww:/t']}}
volumes: {vv: {}, ww: {}}
=> services.a.volumes [{"type": "volume", "source": "ww", "target": "/t", "volume": {}}]
=== 1.6 a sync needs a target
services: {a: {image: x, develop: {watch: [{path: ., action: sync}]}}}
=> refused missing
=== 1.3 the platforms of a build hold the platform of the service
services: {a: {platform: linux/arm64, build: {context: ., platforms: [linux/amd64]}}}
=> refused conflict
=== 1.3 a context that is a service is built
services: {a: {build: {context: ., additional_contexts: {b: 'service:b'}}}, b: {image: x}}
=> refused undefined
=== 1.3 a dockerfile is in a file or inline
services: {a: {build: {context: ., dockerfile: a, dockerfile_inline: FROM x}}}
=> refused conflict
=== 1.5b a test begins with CMD, CMD-SHELL or NONE
services: {a: {image: x, healthcheck: {test: [curl, x]}}}
=> refused invalid-value
=== 1.2 the condition is mandatory in the long form
services: {a: {image: x, depends_on: {b: {restart: true}}}, b: {image: x}}
=> refused missing
=== 1.5c ranges of different lengths
services: {a: {image: x, ports: ['1-2:1-3']}}
=> refused invalid-value
=== 1.5d too many colons
services: {a: {image: x, volumes: ['aa:/b:ro:z']}}
=> refused invalid-value
=== 1.5d an empty part
services: {a: {image: x, volumes: ['aa::/b']}}
=> refused invalid-value
=== 1.8 a name in a list does not end with a space
services: {a: {image: x, environment: ['A =1']}}
=> refused invalid-value
=== 1.2 a user is a string
services: {a: {image: x, user: 1000}}
=> refused invalid-value
=== 1.2 attributes of old formats are unknown
services: {a: {image: x, log_driver: d, log_opt: {}, net: host, volume_driver: d, dockerfile: f}}
=> refused unknown-attribute unknown-attribute unknown-attribute unknown-attribute unknown-attribute
=== 1.7 a key is there once
services: {a: {image: x, image: y}}
=> refused duplicate-key
=== 1.7 a value cannot be another's type
--- f1.yaml
services: {a: {image: x, cap_add: [A]}}
--- f2.yaml
services: {a: {cap_add: {A: 1}}}
=> refused merge
"##;

#[test]
fn the_top_level() {
    check_files(TOP);
}

#[test]
fn resources() {
    check_files(RESOURCES);
}

#[test]
fn what_does_not_fit_together() {
    check_files(REFERENCES);
}
