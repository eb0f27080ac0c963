//! Where engines may be, in the order in which they are tried.

use std::fmt;
use std::path::PathBuf;

use crate::environment::Environment;
use crate::error::{Attempt, ConnectError};
use crate::host::{self, Host};
use crate::{Engine, contexts};

/// What led to an engine.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// The caller's option.
    Option,
    /// An environment variable, by its name.
    Variable(&'static str),
    /// A Docker context, by its name.
    DockerContext(String),
    /// A Podman connection, by its name.
    PodmanConnection(String),
    /// A usual place.
    UsualPlace,
    /// A Podman service that was started for this.
    OwnService,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Option => f.write_str("the host option"),
            Self::Variable(name) => f.write_str(name),
            Self::DockerContext(name) => write!(f, "the Docker context {name:?}"),
            Self::PodmanConnection(name) => write!(f, "the Podman connection {name:?}"),
            Self::UsualPlace => f.write_str("its usual place"),
            Self::OwnService => f.write_str("a Podman service of its own"),
        }
    }
}

/// A socket to try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) socket: PathBuf,
    pub(crate) source: Source,
}

/// Everything to try.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Search {
    pub(crate) candidates: Vec<Candidate>,
    /// Settings that name an engine which cannot be tried.
    pub(crate) skipped: Vec<Attempt>,
    /// Only this engine will do.
    pub(crate) only: Option<Engine>,
    /// The one candidate was named by an option or a variable: nothing else will do.
    pub(crate) named: bool,
    /// A service of our own may be started when nothing answers.
    pub(crate) may_start: bool,
}

impl Search {
    fn exactly(socket: PathBuf, source: Source) -> Self {
        Self { candidates: vec![Candidate { socket, source }], named: true, ..Self::default() }
    }

    /// Settings are followed where they can be.
    fn soft(&mut self, source: Source, address: Result<String, String>) {
        match address.and_then(|address| socket(&address)) {
            Ok(socket) => self.add(socket, source),
            Err(reason) => self.skipped.push(Attempt { what: source.to_string(), reason }),
        }
    }

    fn add(&mut self, socket: PathBuf, source: Source) {
        if !self.candidates.iter().any(|known| known.socket == socket) {
            self.candidates.push(Candidate { socket, source });
        }
    }
}

/// Lists what to try.
///
/// # Errors
/// An option or a variable names an engine in a way that cannot be followed.
pub(crate) fn search(option: Option<&str>, environment: &Environment) -> Result<Search, ConnectError> {
    let named = option
        .filter(|text| !text.is_empty())
        .map(|text| (Source::Option, text))
        .or_else(|| environment.get("WHARF_HOST").map(|text| (Source::Variable("WHARF_HOST"), text)));
    let only = match named {
        Some((source, text)) => match host::parse(text) {
            Ok(Host::Socket(socket)) => return Ok(Search::exactly(socket, source)),
            Ok(Host::Only(engine)) => Some(engine),
            Err(reason) => return Err(ConnectError::refused(source.to_string(), reason)),
        },
        None => None,
    };
    if only != Some(Engine::Podman)
        && let Some((source, address)) = docker_variables(environment)
    {
        return firm(source, address, only);
    }
    if only != Some(Engine::Docker)
        && let Some((source, address)) = podman_variables(environment)
    {
        return firm(source, address, only);
    }

    let mut search = Search { only, may_start: only != Some(Engine::Docker), ..Search::default() };
    if only != Some(Engine::Podman)
        && let Some(name) = contexts::docker_current(environment)
    {
        let address = contexts::docker_context(environment, &name);
        search.soft(Source::DockerContext(name), address);
    }
    if only != Some(Engine::Docker)
        && let Some(name) = contexts::podman_default(environment)
    {
        let address = contexts::podman_connection(environment, &name);
        search.soft(Source::PodmanConnection(name), address);
    }
    for socket in usual(only, environment) {
        search.add(socket, Source::UsualPlace);
    }
    Ok(search)
}

/// Docker's own order: its host wins over its context.
fn docker_variables(environment: &Environment) -> Option<(Source, Result<String, String>)> {
    if let Some(host) = environment.get("DOCKER_HOST") {
        return Some((Source::Variable("DOCKER_HOST"), Ok(host.to_owned())));
    }
    let name = environment.get("DOCKER_CONTEXT")?;
    Some((Source::Variable("DOCKER_CONTEXT"), contexts::docker_context(environment, name)))
}

fn podman_variables(environment: &Environment) -> Option<(Source, Result<String, String>)> {
    if let Some(host) = environment.get("CONTAINER_HOST") {
        return Some((Source::Variable("CONTAINER_HOST"), Ok(host.to_owned())));
    }
    let name = environment.get("CONTAINER_CONNECTION")?;
    Some((Source::Variable("CONTAINER_CONNECTION"), contexts::podman_connection(environment, name)))
}

/// A variable is taken at its word.
fn firm(
    source: Source,
    address: Result<String, String>,
    only: Option<Engine>,
) -> Result<Search, ConnectError> {
    match address.and_then(|address| socket(&address)) {
        Ok(socket) => Ok(Search { only, ..Search::exactly(socket, source) }),
        Err(reason) => Err(ConnectError::refused(source.to_string(), reason)),
    }
}

fn socket(address: &str) -> Result<PathBuf, String> {
    match host::parse(address)? {
        Host::Socket(socket) => Ok(socket),
        Host::Only(_) => Err(format!("{address:?} is no address; expected unix:///path/to/socket")),
    }
}

fn usual(only: Option<Engine>, environment: &Environment) -> Vec<PathBuf> {
    let runtime_dir = environment.get("XDG_RUNTIME_DIR").map(PathBuf::from);
    let user_dir = environment.absolute(&format!("/run/user/{}", environment.uid));
    let user_dirs: Vec<_> =
        runtime_dir.into_iter().chain((environment.uid != 0).then_some(user_dir)).collect();
    let mut sockets = Vec::new();
    if only != Some(Engine::Docker) {
        sockets.extend(user_dirs.iter().map(|folder| folder.join("podman/podman.sock")));
        sockets.push(environment.absolute("/run/podman/podman.sock"));
    }
    if only != Some(Engine::Podman) {
        sockets.push(environment.absolute("/var/run/docker.sock"));
        sockets.extend(user_dirs.iter().map(|folder| folder.join("docker.sock")));
    }
    sockets
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn write(path: &Path, text: &str) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// A home with a Docker context and a Podman connection.
    fn home(context_host: &str, podman: &str) -> tempfile::TempDir {
        let home = tempfile::tempdir().unwrap();
        write(&home.path().join(".docker/config.json"), r#"{"auths":{},"currentContext":"colima"}"#);
        // The digest of `colima`.
        let meta = "contexts/meta/f24fd3749c1368328e2b149bec149cb6795619f244c5b584e844961215dadd16/meta.json";
        let text = format!(
            r#"{{"Name":"colima","Metadata":{{}},"Endpoints":{{"docker":{{"Host":"{context_host}"}}}}}}"#
        );
        write(&home.path().join(".docker").join(meta), &text);
        let text =
            format!(r#"{{"Connection":{{"Default":"vm","Connections":{{"vm":{{"URI":"{podman}"}}}}}}}}"#);
        write(&home.path().join(".config/containers/podman-connections.json"), &text);
        home
    }

    fn at(home: &tempfile::TempDir) -> Environment {
        Environment::empty().with("HOME", home.path().to_str().unwrap()).with_root(home.path())
    }

    fn sockets(search: &Search) -> Vec<&str> {
        search.candidates.iter().map(|candidate| candidate.socket.to_str().unwrap()).collect()
    }

    #[test]
    fn an_option_wins_over_every_variable_and_stands_alone() {
        let environment = Environment::empty()
            .with("WHARF_HOST", "unix:///w.sock")
            .with("DOCKER_HOST", "unix:///d.sock")
            .with("CONTAINER_HOST", "unix:///c.sock");
        for (option, remove, expected, source) in [
            (Some("/o.sock"), "", "/o.sock", Source::Option),
            (None, "", "/w.sock", Source::Variable("WHARF_HOST")),
            (None, "WHARF_HOST", "/d.sock", Source::Variable("DOCKER_HOST")),
            (None, "DOCKER_HOST", "/c.sock", Source::Variable("CONTAINER_HOST")),
        ] {
            let mut environment = environment.clone();
            if !remove.is_empty() {
                environment.variables.remove("WHARF_HOST");
            }
            environment.variables.remove(remove);
            let search = search(option, &environment).unwrap();
            assert_eq!(sockets(&search), [expected]);
            assert_eq!(search.candidates[0].source, source);
            assert!(!search.may_start, "nothing is started beside what was named");
        }
    }

    #[test]
    fn a_word_keeps_to_the_places_of_one_engine() {
        let environment =
            Environment::empty().with("DOCKER_HOST", "/d.sock").with("CONTAINER_HOST", "/c.sock");
        assert_eq!(sockets(&search(Some("podman"), &environment).unwrap()), ["/c.sock"]);
        assert_eq!(sockets(&search(Some("docker"), &environment).unwrap()), ["/d.sock"]);
        let bare = Environment::empty();
        let podman = search(Some("podman"), &bare).unwrap();
        assert_eq!((sockets(&podman), podman.may_start), (vec!["/run/podman/podman.sock"], true));
        let docker = search(Some("docker"), &bare).unwrap();
        assert_eq!((sockets(&docker), docker.may_start), (vec!["/var/run/docker.sock"], false));
    }

    #[test]
    fn the_usual_places_of_a_user_come_first() {
        let environment = Environment::empty().with_uid(1000).with("XDG_RUNTIME_DIR", "/run/user/1000");
        let search = search(None, &environment).unwrap();
        assert_eq!(
            sockets(&search),
            [
                "/run/user/1000/podman/podman.sock",
                "/run/podman/podman.sock",
                "/var/run/docker.sock",
                "/run/user/1000/docker.sock",
            ]
        );
        assert!(search.may_start);
    }

    #[test]
    fn contexts_and_connections_come_before_the_usual_places() {
        let home = home("unix:///colima.sock", "unix:///vm.sock");
        let search = search(None, &at(&home)).unwrap();
        assert_eq!(sockets(&search)[..2], ["/colima.sock", "/vm.sock"]);
        assert_eq!(search.candidates[0].source.to_string(), "the Docker context \"colima\"");
        assert_eq!(search.candidates[1].source.to_string(), "the Podman connection \"vm\"");
    }

    #[test]
    fn settings_that_name_a_remote_engine_are_passed_over_with_a_reason() {
        let home = home("ssh://me@colima", "tcp://vm:1");
        let search = search(None, &at(&home)).unwrap();
        assert_eq!(search.candidates.len(), 2, "the usual places are left");
        assert_eq!(search.skipped.len(), 2);
        assert!(search.skipped.iter().all(|attempt| attempt.reason.contains("not supported yet")));
    }

    #[test]
    fn a_variable_that_cannot_be_followed_is_an_error() {
        let home = home("unix:///colima.sock", "unix:///vm.sock");
        for (name, value, part) in [
            ("WHARF_HOST", "tcp://x:1", "not supported yet"),
            ("DOCKER_HOST", "ssh://me@x", "not supported yet"),
            ("DOCKER_HOST", "podman", "is no address"),
            ("DOCKER_CONTEXT", "nope", "no context \"nope\""),
            ("CONTAINER_CONNECTION", "nope", "no Podman connection \"nope\""),
        ] {
            let error = search(None, &at(&home).with(name, value)).unwrap_err().to_string();
            assert!(error.contains(name) && error.contains(part), "{error}");
        }
        let named = search(None, &at(&home).with("DOCKER_CONTEXT", "colima")).unwrap();
        assert_eq!(sockets(&named), ["/colima.sock"]);
        let named = search(None, &at(&home).with("CONTAINER_CONNECTION", "vm")).unwrap();
        assert_eq!(sockets(&named), ["/vm.sock"]);
    }

    #[test]
    fn older_podmans_connections_are_in_containers_conf() {
        let home = tempfile::tempdir().unwrap();
        let text = "[engine]\nactive_service = \"old\"\n[engine.service_destinations.old]\nuri = \"unix:///old.sock\"\n";
        write(&home.path().join(".config/containers/containers.conf"), text);
        assert_eq!(sockets(&search(None, &at(&home)).unwrap())[0], "/old.sock");
    }

    #[test]
    fn broken_settings_are_as_none() {
        let home = tempfile::tempdir().unwrap();
        write(&home.path().join(".docker/config.json"), "{");
        write(&home.path().join(".config/containers/podman-connections.json"), "[]");
        let search = search(None, &at(&home)).unwrap();
        assert_eq!((search.candidates.len(), search.skipped.len()), (2, 0));
    }
}
