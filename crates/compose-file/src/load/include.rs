//! `include`: other projects' files become part of this one.

use std::path::{Path as FsPath, PathBuf};

use super::files::{join, parent, relative};
use super::{Loader, Unit, is_remote, texts};
use crate::diagnostic::{Code, Span};
use crate::limits;
use crate::merge::merge;
use crate::report::Failed;
use crate::schema::{INCLUDE, validate};
use crate::tree::{Entry, Map, Node, Path, Tag, put};

/// What an included file can bring.
const RESOURCES: [&str; 7] = ["services", "volumes", "networks", "secrets", "configs", "models", "jobs"];

impl Loader<'_> {
    /// Loads everything that a document includes, and merges the document over it.
    pub(super) fn include(&mut self, root: &mut Node, unit: &Unit<'_>) -> Result<(), Failed> {
        let Some(entry) = root.as_map_mut().and_then(|map| map.remove("include")) else {
            return Ok(());
        };
        let here = Path::ROOT.key("include");
        if entry.node.is_null() || entry.node.tag == Tag::Reset {
            return Ok(());
        }
        validate(&entry.node, &INCLUDE, &here, &mut self.report);
        self.report.check()?;
        for (index, item) in entry.node.as_seq().unwrap_or_default().iter().enumerate() {
            self.include_one(root, item, &here.index(index), unit)?;
        }
        Ok(())
    }

    fn include_one(
        &mut self,
        root: &mut Node,
        item: &Node,
        path: &Path<'_>,
        unit: &Unit<'_>,
    ) -> Result<(), Failed> {
        let paths = if item.as_map().is_some() { texts(item.get("path")) } else { texts(Some(item)) };
        let mut files: Vec<(PathBuf, Span)> = Vec::new();
        for node in paths {
            let text = node.as_str().unwrap_or_default();
            if is_remote(text) {
                let message = format!("`{text}` is not on this machine, and remote files are not supported");
                self.report
                    .error(Code::Unsupported, path, node, message)
                    .help("fetch it first, and name the local file");
                return Err(Failed);
            }
            files.push((join(unit.dir, text), node.span));
        }
        let Some((main, span)) = files.first().cloned() else {
            self.report.error(Code::Missing, path, item, "`path` is missing");
            return Err(Failed);
        };
        if unit.chain.contains(&main) {
            let chain: Vec<String> =
                unit.chain.iter().chain([&main]).map(|file| file.display().to_string()).collect();
            let message = format!("the files include each other in a circle: {}", chain.join(" -> "));
            self.report
                .error_at(Code::Cycle, path.to_string(), span, message)
                .help("remove one of these files from `include`");
            return Err(Failed);
        }
        if unit.chain.len() > limits::FILE_DEPTH {
            let message = format!("`include` nests more than {} files deep", limits::FILE_DEPTH);
            self.report.error_at(Code::Limit, path.to_string(), span, message);
            return Err(Failed);
        }
        let dir = match item.get_str("project_directory").filter(|dir| !dir.is_empty()) {
            Some(dir) => join(unit.dir, dir),
            None => parent(&main).to_owned(),
        };
        let environment_files = self.include_env_files(item, &dir, unit);
        let mut environment = unit.environment.clone();
        let (variables, sources) = self.read_env_files(&environment_files, unit.environment)?;
        environment.add_missing(variables);
        let scope = self.report.provenance.extend_scope(&sources);

        let mut documents = Vec::new();
        for (file, span) in &files {
            documents.extend(self.read_documents(file, *span)?);
        }
        let base = match item.get_str("project_directory") {
            Some(given) if given.starts_with('/') => dir.clone(),
            _ => relative(&dir, unit.dir),
        };
        let inner = Unit { dir: &dir, base: &base, environment: &environment, chain: unit.chain };
        let included = self.load_unit(documents, &inner)?;
        self.report.provenance.restore(scope);
        self.import(root, included);
        self.report.check()
    }

    fn include_env_files(&self, item: &Node, dir: &FsPath, unit: &Unit<'_>) -> Vec<PathBuf> {
        let given = texts(item.get("env_file"));
        if given.is_empty() {
            let file = dir.join(".env");
            return if self.options.file_source.is_file(&file) { vec![file] } else { Vec::new() };
        }
        given
            .iter()
            .filter_map(|node| node.as_str())
            .filter(|file| *file != "/dev/null")
            .map(|file| join(unit.dir, file))
            .collect()
    }

    /// Puts what was included below what the document itself says.
    fn import(&mut self, root: &mut Node, mut included: Node) {
        let Some(top) = root.as_map_mut() else { return };
        for key in RESOURCES {
            let Some(from) = included.get_mut(key).and_then(Node::as_map_mut).map(std::mem::take) else {
                continue;
            };
            if top.get(key).is_none_or(|entry| entry.node.is_null()) {
                put(top, key, Node::map(Map::new(), Span::NONE));
            }
            let Some(to) = top.get_mut(key).and_then(|entry| entry.node.as_map_mut()) else { continue };
            let above = Path::ROOT.key(key);
            for (name, Entry { key, mut node }) in from {
                let Some(own) = to.get_mut(&name) else {
                    to.insert(name, Entry { key, node });
                    continue;
                };
                let mut over = own.node.take();
                let tag = std::mem::replace(&mut over.tag, Tag::None);
                merge(&mut node, over, &above.key(&name), &mut self.report);
                node.tag = tag;
                own.node = node;
            }
        }
    }
}
