//! `extends`: a service takes over what another one says.

use std::collections::HashMap;
use std::path::{Path as FsPath, PathBuf};

use super::files::{join, parent, relative};
use super::{Loader, Unit, is_remote};
use crate::diagnostic::{Code, Span};
use crate::environment::EnvMap;
use crate::limits;
use crate::merge::{merge, strip_tags};
use crate::report::Failed;
use crate::schema::suggest;
use crate::tree::{Map, Node, Path, Tag, Value};

/// The services of one file.
struct Scope {
    path: PathBuf,
    services: Map,
}

/// The files whose services are extended, each loaded once.
struct Extender<'a> {
    /// What `extends.file` is relative to, once the paths of a file are resolved.
    dir: &'a FsPath,
    environment: &'a EnvMap,
    scopes: Vec<Scope>,
    known: HashMap<PathBuf, usize>,
    /// The services of circles that were told of, each of which is in it.
    circles: Vec<(usize, String)>,
}

/// What a service extends.
struct Base {
    service: String,
    file: Option<(String, Span)>,
    span: Span,
}

impl Loader<'_> {
    /// Resolves every `extends` of a document.
    pub(super) fn extends(&mut self, root: &mut Node, file: &FsPath, unit: &Unit<'_>) -> Result<(), Failed> {
        let services =
            root.get_mut("services").filter(|node| node.tag != Tag::Reset).and_then(Node::as_map_mut);
        let Some(services) = services else { return Ok(()) };
        let names: Vec<String> = services
            .iter()
            .filter(|(_, entry)| base_of(&entry.node).is_some())
            .map(|(name, _)| name.to_owned())
            .collect();
        if names.is_empty() {
            return Ok(());
        }
        let scope = Scope { path: file.to_owned(), services: std::mem::take(services) };
        let mut extender = Extender {
            dir: unit.dir,
            environment: unit.environment,
            scopes: vec![scope],
            known: HashMap::new(),
            circles: Vec::new(),
        };
        let mut result = Ok(());
        for name in &names {
            if extender.circles.iter().any(|(scope, known)| *scope == 0 && known == name) {
                continue;
            }
            let one = self.expand(&mut extender, 0, name, &mut Vec::new());
            result = result.and(one);
        }
        *services = extender.scopes.swap_remove(0).services;
        result
    }

    /// Makes a service complete in itself.
    fn expand(
        &mut self,
        extender: &mut Extender<'_>,
        scope: usize,
        name: &str,
        chain: &mut Vec<(usize, String, Span)>,
    ) -> Result<(), Failed> {
        let Some(base) = extender.scopes[scope].services.get(name).and_then(|entry| base_of(&entry.node))
        else {
            return Ok(());
        };
        let path = format!("services.{name}.extends");
        if let Some(start) = chain.iter().position(|(known, service, _)| *known == scope && service == name) {
            let names: Vec<&str> =
                chain[start..].iter().map(|(_, name, _)| name.as_str()).chain([name]).collect();
            let message = format!("the services extend each other in a circle: {}", names.join(" -> "));
            let mut added = self
                .report
                .error_at(Code::Cycle, path, base.span, message)
                .help("remove one of these `extends`");
            for (_, service, span) in chain[start..].iter().skip(1).take(10) {
                added = added.related(format!("`{service}` goes on from here"), *span);
            }
            extender.circles.extend(chain[start..].iter().map(|(scope, name, _)| (*scope, name.clone())));
            return Err(Failed);
        }
        if chain.len() > limits::FILE_DEPTH {
            let message = format!("`extends` goes over more than {} services", limits::FILE_DEPTH);
            self.report.error_at(Code::Limit, path, base.span, message);
            return Err(Failed);
        }
        let from = match &base.file {
            Some((file, span)) => self.scope_of(extender, file, &path, *span)?,
            None => scope,
        };
        let found = extender.scopes[from].services.get(&base.service);
        if found.is_none_or(|entry| entry.node.tag == Tag::Reset) {
            let Scope { services, path: file, .. } = &extender.scopes[from];
            let help =
                suggest(&base.service, services.keys().filter(|known| from != scope || *known != name));
            let message = format!("the service `{}` is not defined in {}", base.service, file.display());
            self.report
                .error_at(Code::Undefined, path, base.span, message)
                .maybe_help(help.map(|name| format!("did you mean `{name}`?")));
            return Err(Failed);
        }
        chain.push((scope, name.to_owned(), base.span));
        self.expand(extender, from, &base.service, chain)?;
        chain.pop();

        let mut merged = extender.scopes[from]
            .services
            .get(&base.service)
            .map_or_else(Node::null, |entry| entry.node.clone());
        strip_tags(&mut merged);
        if from != scope && merged.as_map().is_none() && !merged.is_null() {
            // One of this file is checked with the others.
            let message = format!("expected a mapping (`key: value`), found {}", merged.value.kind());
            let services = Path::ROOT.key("services");
            self.report
                .error(Code::InvalidValue, &services.key(&base.service), &merged, message)
                .related("it is extended here", base.span);
            return Err(Failed);
        }
        let Some(entry) = extender.scopes[scope].services.get_mut(name) else { return Ok(()) };
        let mut over = entry.node.take();
        if let Some(map) = over.as_map_mut() {
            map.remove("extends");
        }
        // A tag of the whole service is meant for other files, not for what it extends.
        let tag = std::mem::replace(&mut over.tag, Tag::None);
        let span = over.span;
        if merged.as_map().is_some() {
            let services = Path::ROOT.key("services");
            merge(&mut merged, over, &services.key(name), &mut self.report);
        } else {
            merged = over;
        }
        entry.node = Node { tag, span, ..merged };
        self.report.check()
    }

    /// The services of another file, in long form and with absolute paths.
    fn scope_of(
        &mut self,
        extender: &mut Extender<'_>,
        file: &str,
        path: &str,
        span: Span,
    ) -> Result<usize, Failed> {
        if is_remote(file) {
            let message = format!("`{file}` is not on this machine, and remote files are not supported");
            self.report
                .error_at(Code::Unsupported, path.to_owned(), span, message)
                .help("fetch it first, and name the local file");
            return Err(Failed);
        }
        let file = join(extender.dir, file);
        if let Some(index) = extender.known.get(&file) {
            return Ok(*index);
        }
        let documents = self.read_documents(&file, span)?;
        let mut root = Node::map(Map::new(), Span::NONE);
        for document in documents {
            let mut node = document.node;
            self.expect_map(&node)?;
            self.interpolate(&mut node, extender.environment)?;
            self.combine(&mut root, node)?;
            self.settle(&mut root)?;
        }
        self.resolve_paths(&mut root, &relative(parent(&file), extender.dir));
        self.report.check()?;
        let found = root.get_mut("services").map(|node| std::mem::replace(&mut node.value, Value::Null));
        let Some(Value::Map(services)) = found else {
            let message = format!("{} has no services", file.display());
            self.report.error_at(Code::Undefined, path.to_owned(), span, message);
            return Err(Failed);
        };
        extender.scopes.push(Scope { path: file.clone(), services });
        let index = extender.scopes.len() - 1;
        extender.known.insert(file, index);
        Ok(index)
    }
}

/// Reads the `extends` of a service. A form that is not allowed is left to the check of types.
fn base_of(service: &Node) -> Option<Base> {
    let set = |node: &Node, key: &str| node.get(key).filter(|node| node.tag != Tag::Reset).cloned();
    let node = set(service, "extends")?;
    match &node.value {
        Value::Str(service) => Some(Base { service: service.clone(), file: None, span: node.span }),
        Value::Map(_) => {
            let service = set(&node, "service")?;
            let file = set(&node, "file").and_then(|file| Some((file.as_str()?.to_owned(), file.span)));
            Some(Base { service: service.as_str()?.to_owned(), file, span: service.span })
        }
        _ => None,
    }
}
