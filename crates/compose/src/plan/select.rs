//! Which services an operation is about, in the order of their dependencies.

use compose_file::model::{Dependency, Project, Service};
use indexmap::IndexSet;

use crate::error::{Error, ErrorKind, Result};

/// The services that a request names, with what they depend on unless `no_deps`; all if it names none. What a service
/// depends on comes before it, else the order is that of the file.
///
/// # Errors
/// A service that the project does not have, a required dependency that it does not have, a cycle.
pub(crate) fn select(project: &Project, named: &[String], no_deps: bool) -> Result<IndexSet<String>> {
    check_names(project, named)?;
    let mut walk = Walk { project, done: IndexSet::new(), path: Vec::new() };
    let roots: Vec<&String> =
        if named.is_empty() { project.services.keys().collect() } else { named.iter().collect() };
    for name in &roots {
        walk.visit(name)?;
    }
    let mut selected = walk.done;
    if no_deps && !named.is_empty() {
        selected.retain(|name| named.contains(name));
    }
    Ok(selected)
}

/// # Errors
/// A name that is not one of the project's services, or that is switched off.
pub(crate) fn check_names(project: &Project, named: &[String]) -> Result<()> {
    let Some(name) = named.iter().find(|name| !project.services.contains_key(*name)) else { return Ok(()) };
    let error = if project.disabled.contains_key(name) {
        let profiles = project.disabled[name].profiles.join(", ");
        Error::new(
            ErrorKind::Invalid,
            format!("service {name} is switched off: no profile of its own is active"),
        )
        .with_hint(format!("activate one of its profiles: {profiles}"))
    } else {
        let known: Vec<&str> = project.services.keys().map(String::as_str).collect();
        Error::new(ErrorKind::Invalid, format!("project {} has no service {name}", project.name))
            .with_hint(format!("its services are: {}", known.join(", ")))
    };
    Err(error)
}

/// What a service depends on, as far as it is switched on.
pub(crate) fn dependencies<'a>(
    project: &'a Project,
    service: &'a Service,
) -> impl Iterator<Item = (&'a str, &'a Dependency)> {
    service
        .depends_on
        .iter()
        .filter(|(name, _)| project.services.contains_key(*name))
        .map(|(name, dependency)| (name.as_str(), dependency))
}

struct Walk<'a> {
    project: &'a Project,
    done: IndexSet<String>,
    path: Vec<String>,
}

impl Walk<'_> {
    fn visit(&mut self, name: &str) -> Result<()> {
        if self.done.contains(name) {
            return Ok(());
        }
        if let Some(at) = self.path.iter().position(|other| other == name) {
            let mut circle = self.path[at..].to_vec();
            circle.push(name.to_owned());
            let message = format!("services depend on each other in a circle: {}", circle.join(" -> "));
            return Err(Error::new(ErrorKind::Invalid, message));
        }
        let project = self.project;
        let Some(service) = project.services.get(name) else { return Ok(()) };
        self.path.push(name.to_owned());
        for (dependency, options) in &service.depends_on {
            if project.services.contains_key(dependency) {
                self.visit(dependency)?;
            } else if options.required {
                let message =
                    format!("depends on {dependency}, which the project does not have or which is off");
                return Err(Error::new(ErrorKind::Invalid, message)
                    .with_service(name)
                    .with_hint("activate its profile, or write `required: false`"));
            }
        }
        self.path.pop();
        self.done.insert(name.to_owned());
        Ok(())
    }
}
