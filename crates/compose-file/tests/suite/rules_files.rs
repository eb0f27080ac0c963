//! Whole models: how files come together, variables and environment files.
//!
//! The number of a rule is that of the section that it comes from. Every outcome was looked up with Docker Compose
//! 5.5.1 and 5.6.1, and is theirs where the title does not say otherwise.

use super::rules::check_files;

/// Several files, `include`, `extends`, anchors and documents.
const FILES: &str = r##"
=== 2.5 all relative paths are those of the first file's directory
--- f1.yaml
services: {a: {image: x, volumes: ['./a:/a']}}
--- f2.yaml
services: {a: {volumes: ['./b:/b'], build: ./c}}
=> services.a.volumes.1.source "/p/b"
=> services.a.build.context "/p/c"
=== 1.10 a null of a later file does not count
--- f1.yaml
services: {a: {image: x, hostname: h, labels: {a: 1}}}
--- f2.yaml
services: {a: {labels: ~, hostname: ~}}
=> services.a.hostname "h"
=> services.a.labels {"a": "1"}
=== 1.7 documents of one file are overrides
services: {a: {image: x, cap_add: [A]}}
---
services: {a: {cap_add: [B]}}
=> services.a.cap_add ["A", "B"]
=== 1.7 anchors are those of one document, and << is shallow
x-b: &b {image: x, labels: {a: 1}, hostname: h}
services:
  a: {<<: *b, labels: {b: 2}}
=> services.a.labels {"b": "2"}
=> services.a.hostname "h"
=== 1.7 of several mappings the first counts
x-b: &b {image: x}
x-c: &c {image: y, hostname: h}
services: {a: {<<: [*b, *c]}}
=> services.a.image "x"
=> services.a.hostname "h"
=== 1.7 a whole service can be taken away or replaced
--- f1.yaml
services: {a: {image: x, hostname: h}, b: {image: y}}
--- f2.yaml
services: {a: !override {image: z}, b: !reset {}}
=> services.a.hostname null
=> services.b null
=== 1.7 extends takes over everything
services:
  base: {image: x, depends_on: [db], links: [db], volumes_from: [db], networks: [n], profiles: [p], labels: {a: 1}, ports: ['80:80']}
  a: {extends: {service: base}, labels: [b=2], profiles: !reset []}
  db: {image: d}
networks: {n: {}}
=> services.a.labels {"a": "1", "b": "2"}
=> services.a.networks {"n": null}
=> services.a.links ["db"]
=> services.a.volumes_from ["db"]
=> services.a.ports [{"mode": "ingress", "target": 80, "published": "80", "protocol": "tcp"}]
=== 1.7 extends goes over several services
services: {c: {image: x, cap_add: [C]}, b: {extends: c, cap_add: [B]}, a: {extends: b, cap_add: [A]}}
=> services.a.cap_add ["C", "B", "A"]
=== 1.7 the paths of an extended file are its own, and its resources stay there
services: {a: {extends: {file: sub/base.yaml, service: b}}}
--- sub/base.yaml
services: {b: {image: x, volumes: ['./d:/d'], build: {context: ., additional_contexts: {c: ./c}}, label_file: ./l.env, env_file: ./e.env}}
networks: {n: {}}
--- sub/l.env
l=1
--- sub/e.env
e=1
=> services.a.volumes.0.source "/p/sub/d"
=> services.a.build {"context": "/p/sub", "additional_contexts": {"c": "/p/sub/c"}, "dockerfile": "Dockerfile"}
=> services.a.label_file ["/p/sub/l.env"]
=> services.a.environment {"e": "1"}
=> networks {"default": {"name": "p_default", "ipam": {}}}
=== 1.7 extends in a circle
services: {a: {extends: b}, b: {extends: a}}
=> refused cycle
=== 1.7 extends of what is not there
services: {a: {extends: b}}
=> refused undefined
=== 1.7 an included file has its own directory, and its .env below the environment
include: [sub/inc.yaml]
--- sub/inc.yaml
services: {i: {image: '${TAG}-${OWN}', build: .}}
--- sub/.env
OWN=own
TAG=never
=> services.i.image "v1-own"
=> services.i.build.context "/p/sub"
=== 1.7 the long form of include
include:
  - path: [sub/a.yaml, sub/b.yaml]
    project_directory: other
    env_file: [one.env, two.env]
--- sub/a.yaml
services: {i: {image: '${A}${B}', build: .}}
--- sub/b.yaml
services: {i: {hostname: b}}
--- other/there
x
--- one.env
A=1
B=1
--- two.env
B=2
=> services.i.image "12"
=> services.i.hostname "b"
=> services.i.build.context "/p/other"
=== 1.7 /dev/null is no environment file
include: [{path: sub/inc.yaml, env_file: /dev/null}]
--- sub/inc.yaml
services: {i: {image: 'x${OWN:-none}'}}
--- sub/.env
OWN=own
=> services.i.image "xnone"
=== 1.7 the including file has the last word
include: [inc.yaml]
services: {i: {hostname: mine, cap_add: [A]}}
--- inc.yaml
services: {i: {image: x, hostname: theirs, cap_add: [B]}}
networks: {n: {}}
=> services.i.hostname "mine"
=> services.i.cap_add ["B", "A"]
=> services.i.image "x"
=== 1.7 a circle of includes
include: [inc.yaml]
services: {a: {image: x}}
--- inc.yaml
include: [f.yaml]
=> refused cycle
=== 1.7 remote files are refused: a deliberate difference
include: ['https://github.com/a/b.git']
services: {a: {image: x}}
=> refused unsupported
"##;

/// Variables and environment files.
const ENVIRONMENT: &str = r##"
=== 2.1 keys are not interpolated, and values not twice
services: {a: {image: x, labels: {'${TAG}': '$TWICE'}}}
--- .env
TWICE=$$TAG
=> services.a.labels {"$${TAG}": "$$TAG"}
=== 2.1 every operator on what is not set, empty and set
services: {a: {image: x, labels: {a: '${U}|${EMPTY}|${TAG}', b: '${U:-d}|${EMPTY:-d}|${TAG:-d}', c: '${U-d}|${EMPTY-d}|${TAG-d}', d: '${EMPTY?m}|${TAG:?m}', e: '${U:+a}|${EMPTY:+a}|${TAG:+a}', f: '${U+a}|${EMPTY+a}|${TAG+a}'}}}
=> services.a.labels {"a": "||v1", "b": "d|d|v1", "c": "d||v1", "d": "|v1", "e": "||a", "f": "|a|a"}
=== 2.1 operands are interpolated when they are used
services: {a: {image: x, labels: {a: '${U:-${V:-c}}', b: '${TAG:-${W:?never}}', c: '${TAG:+${TAG}x}', d: '${U:-{"k":1}}', e: '${U:-a}b}', f: '${U:-a-b:+c}'}}}
=> services.a.labels {"a": "c", "b": "v1", "c": "v1x", "d": "{\"k\":1}", "e": "ab}", "f": "a-b:+c"}
=== 2.1 what is left alone
services: {a: {image: x, labels: {a: 'a$', b: '$1', c: '$-', d: '$é', e: '$$x'}}}
=> services.a.labels {"a": "a$$", "b": "$$1", "c": "$$-", "d": "$$é", "e": "$$x"}
=== 2.1 an empty expression
services: {a: {image: '${}'}}
=> refused interpolation
=== 2.1 a name that begins with a digit
services: {a: {image: '${1}'}}
=> refused interpolation
=== 2.1 an open expression
services: {a: {image: '${A'}}
=> refused interpolation
=== 2.1 an operator that is not known
services: {a: {image: '${A:=x}'}}
=> refused interpolation
=== 2.1 a required variable
services: {a: {image: '${A:?give it}'}}
=> refused interpolation
=== 2.2 the environment counts before .env
services: {a: {image: '${TAG}-${OWN}'}}
--- .env
TAG=file
OWN=own
=> services.a.image "v1-own"
=== 2.2 environment counts before the later env_file before the earlier one; null is filled from the project only
services: {a: {image: x, env_file: [one.env, two.env], environment: {A: mine, N: ~, TAG: ~}}}
--- one.env
A=1
B=1
C=1
N=1
--- two.env
B=2
=> services.a.environment {"A": "mine", "TAG": "v1", "B": "2", "C": "1", "N": null}
=== 2.2 variables in an env_file are those of the project, then of the service, then of the file
services: {a: {image: x, env_file: e.env, environment: {S: service}}}
--- e.env
TAG=shadow
P=${TAG}
Q=${S}
R=${P}
=> services.a.environment {"S": "service", "TAG": "shadow", "P": "v1", "Q": "service", "R": "v1"}
=== 2.3 what an environment file may say
services: {a: {image: x, env_file: e.env}}
--- e.env
# comment

export A=1
B: 2
C = spaced
D=a#b
E=a # comment
F='$TAG "x"'
G="a\nb$TAG\$x"
H="two
lines"
I=\$TAG
J=
TAG
NOTHING
K="x"L=y
é.[]-_=u
1=digit
=> services.a.environment {"A": "1", "B": "2", "C": "spaced", "D": "a#b", "E": "a", "F": "$$TAG \"x\"", "G": "a\nbv1$$x", "H": "two\nlines", "I": "\\v1", "J": "", "TAG": "v1", "K": "x", "L": "y", "é.[]-_": "u", "1": "digit"}
=== 2.3 a key with a space
services: {a: {image: x, env_file: e.env}}
--- e.env
A B=1
=> refused env-file
=== 2.3 a quote without end
services: {a: {image: x, env_file: e.env}}
--- e.env
A="1
=> refused env-file
=== 2.3 a sign that no key has
services: {a: {image: x, env_file: e.env}}
--- e.env
A!=1
=> refused env-file
=== 2.3 the raw format
services: {a: {image: x, env_file: [{path: e.env, format: raw}]}}
--- e.env
# comment
A="x" # y
B=$TAG
=> services.a.environment {"A": "\"x\" # y", "B": "$$TAG"}
=== 2.3 a file that need not be there
services: {a: {image: x, env_file: [{path: none.env, required: false}]}}
=> services.a.environment null
=== 2.3 a file that must be there
services: {a: {image: x, env_file: none.env}}
=> refused file
=== 2.4 the project's name comes from .env, too
services: {a: {image: '$COMPOSE_PROJECT_NAME'}}
--- .env
COMPOSE_PROJECT_NAME=from-file
=> name "from-file"
=> services.a.image "from-file"
=== 2.7 profiles of the variable
services: {a: {image: x}, b: {image: x, profiles: [p]}, c: {image: x, profiles: [q]}}
--- .env
COMPOSE_PROFILES=p,r
=> services.b.profiles ["p"]
=> services.c null
=== 2.7 a dependency that is switched off
services: {a: {image: x, depends_on: [b]}, b: {image: x, profiles: [p]}}
=> refused undefined
=== 2.7 unless it is not required
services: {a: {image: x, depends_on: {b: {condition: service_started, required: false}}}, b: {image: x, profiles: [p]}}
=> services.a.depends_on {"b": {"condition": "service_started", "required": false}}
"##;

#[test]
fn files_come_together() {
    check_files(FILES);
}

#[test]
fn variables_and_environment_files() {
    check_files(ENVIRONMENT);
}
