//! A registry beside each engine, so that pull and push are proven against a real one.
//!
//! Engines have networks of their own, so each gets a process of Debian's `docker-registry` in its namespaces, at the same
//! address everywhere. All of them keep what they get in one folder: what one engine pushed, another can pull. The process
//! ends with its engine, the folder with the last of them.

use std::fs;
use std::path::Path;

use super::{Engine, Paths, Running, process, root};
use crate::failure::{Context, Failure, Result};
use crate::run;

/// The environment variable by which tests find it and a person names a registry to use instead.
pub(crate) const VARIABLE: &str = "WHARF_TEST_REGISTRY";

/// Where the bed's registry answers in the network of every engine.
const ADDRESS: &str = "127.0.0.1:5000";

/// The registry that a person named, if any.
fn named() -> Option<String> {
    // The bed's own address in the variable is the bed, not somebody's registry.
    std::env::var(VARIABLE).ok().filter(|value| !value.is_empty() && value != ADDRESS)
}

/// Where the engines find their registry. It speaks plain HTTP.
pub(crate) fn address() -> String {
    named().unwrap_or_else(|| ADDRESS.to_owned())
}

/// The address to tell to tests: the one that a person named, or that of the bed's own where one was started.
pub(crate) fn known() -> Option<String> {
    let started = |engine: &Engine| Running::find(*engine).is_some() && Paths::registry_log(*engine).exists();
    named().or_else(|| Engine::ALL.iter().any(started).then(|| ADDRESS.to_owned()))
}

/// Makes a registry answer beside the running `engine`, unless one does already or a person named another.
pub(crate) fn provide(paths: &Paths, engine: Engine) -> Result<()> {
    if named().is_some() {
        return Ok(());
    }
    let Some(running) = Running::find(engine) else { return Ok(()) };
    let dir = running.state().join("tmp/registry");
    fs::create_dir_all(&dir).context(|| format!("cannot make {}", dir.display()))?;
    let config = dir.join("config.yml");
    let text = config_text(engine, &Paths::run().join("registry"));
    fs::write(&config, text).context(|| format!("cannot write {}", config.display()))?;
    install(paths, &dir.join("docker-registry"))?;
    let log = Paths::registry_log(engine);
    let mut command = process::enter(engine)?;
    command.args(["bash", "-c", SCRIPT, "registry", ADDRESS, &header(engine)]).arg(&log);
    run::output(&mut command).map(drop).map_err(|_| {
        Failure::new(format!(
            "the registry beside engine {engine} did not start. Where another program has {ADDRESS}, end it, or name a \
             registry that the engines can reach by {VARIABLE}=HOST:PORT. The end of {}:\n{}",
            log.display(),
            run::tail_of(&log, 10)
        ))
    })
}

/// Puts the program where the engine sees it. It is Debian 13's for all: it needs no more than an older C library.
fn install(paths: &Paths, target: &Path) -> Result<()> {
    if target.exists() {
        return Ok(());
    }
    root::provide(paths, &[root::Suite::Trixie], false)?;
    let program = root::path(paths, root::Suite::Trixie).join("usr/bin/docker-registry");
    let partial = target.with_extension("partial");
    fs::copy(&program, &partial).context(|| format!("cannot copy {}", program.display()))?;
    fs::rename(&partial, target).context(|| format!("cannot move {} into place", target.display()))
}

/// What its answers carry: tells it from another program at that address of the host.
fn header(engine: Engine) -> String {
    format!("X-Wharf-Bed: {engine}")
}

/// No cache of what is there, since the processes of other engines write into the same folder.
fn config_text(engine: Engine, data: &Path) -> String {
    let data = data.display();
    let (name, value) = (header(engine), engine.name());
    let name = name.split(':').next().unwrap_or_default();
    format!(
        "version: 0.1\n\
         log: {{level: warn, accesslog: {{disabled: true}}}}\n\
         storage: {{filesystem: {{rootdirectory: {data}}}, delete: {{enabled: true}}}}\n\
         http: {{addr: '{ADDRESS}', headers: {{{name}: [{value}]}}}}\n"
    )
}

/// Arguments: the address, the header by which it is known, the file that gets what it prints.
const SCRIPT: &str = r#"
    answers() {
        curl --silent --noproxy '*' --max-time 2 --output /dev/null --dump-header - "http://$1/v2/" | grep -qiF "$2"
    }
    answers "$1" "$2" && exit
    [ -e /run/registry.pid ] && kill -KILL "$(cat /run/registry.pid)" 2> /dev/null
    cd /var/tmp/registry
    setsid ./docker-registry serve config.yml < /dev/null > "$3" 2>&1 &
    pid=$!
    echo "$pid" > /run/registry.pid
    for _ in $(seq 400); do
        answers "$1" "$2" && exit
        kill -0 "$pid" 2> /dev/null || exit 1
        sleep 0.05
    done
    exit 1
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_engine_has_a_registry_that_tells_whose_it_is() {
        let text = config_text(Engine::Podman43, Path::new("/data"));
        assert!(text.contains("addr: '127.0.0.1:5000', headers: {X-Wharf-Bed: [podman43]}"), "{text}");
        assert!(text.contains("rootdirectory: /data}"), "{text}");
        assert_eq!(header(Engine::Podman43), "X-Wharf-Bed: podman43");
    }
}
