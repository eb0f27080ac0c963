//! `env_file` and `label_file`: their variables become part of `environment` and `labels`.

use std::path::Path as FsPath;

use indexmap::IndexMap;

use super::{Loader, text};
use crate::diagnostic::{Code, Span};
use crate::dotenv;
use crate::environment::EnvMap;
use crate::load::files::Kind;
use crate::report::Failed;
use crate::tree::{Entry, Map, Node, Path, Value, put, workloads_mut};

impl Loader<'_> {
    /// Resolves the files of all services. Every service is tried, so that every missing file is told.
    pub(super) fn resolve_services(&mut self, root: &mut Node, environment: &EnvMap) -> Result<(), Failed> {
        for (top, name, entry) in workloads_mut(root) {
            let above = Path::ROOT.key(top);
            let path = above.key(name);
            let Some(service) = entry.node.as_map_mut() else { continue };
            if self.options.steps.resolve_environment {
                let _ = self.environment(service, &path, environment);
            }
            let _ = self.labels(service);
        }
        self.report.check()
    }

    fn environment(&mut self, service: &mut Map, path: &Path<'_>, project: &EnvMap) -> Result<(), Failed> {
        for (name, entry) in
            service.get_mut("environment").and_then(|entry| entry.node.as_map_mut()).into_iter().flatten()
        {
            if entry.node.is_null()
                && let Some(value) = project.get(name)
            {
                entry.node.value = Value::Str(value.to_owned());
            }
        }
        let Some(files) = service.remove("env_file") else { return Ok(()) };
        let own: Map =
            service.get("environment").and_then(|entry| entry.node.as_map()).cloned().unwrap_or_default();
        // The service's own values can be used in the files, and count before them in the end.
        let mut variables: IndexMap<String, String> = own
            .iter()
            .filter_map(|(name, entry)| Some((name.to_owned(), entry.node.as_str()?.to_owned())))
            .collect();
        let lookup = |name: &str| {
            project.get(name).map(str::to_owned).or_else(|| Some(own.get(name)?.node.as_str()?.to_owned()))
        };
        let mut spans: IndexMap<String, Span> = IndexMap::new();
        let here = path.key("env_file");
        for (index, item) in files.node.as_seq().unwrap_or_default().iter().enumerate() {
            let Some(file) = item.get("path") else { continue };
            let name = file.as_str().unwrap_or_default();
            let required = item.get("required").and_then(Node::as_bool) != Some(false);
            if !self.options.file_source.is_file(FsPath::new(name)) && !required {
                continue;
            }
            let parse = match item.get("format").map(|node| (node, node.as_str().unwrap_or_default())) {
                None | Some((_, "" | ".env")) => dotenv::parse,
                Some((_, "raw")) => dotenv::parse_raw,
                Some((node, other)) => {
                    let message = format!("`{other}` is not a format of environment files");
                    self.report
                        .error(Code::InvalidValue, &here.index(index).key("format"), node, message)
                        .help("use `raw`, or leave it out");
                    continue;
                }
            };
            let (source, text) = self.read_text(FsPath::new(name), file.span, Kind::Environment)?;
            parse(&text, source, &mut variables, &lookup, &mut self.report);
            for name in variables.keys() {
                spans.entry(name.clone()).or_insert(file.span);
            }
        }
        let mut environment = Map::with_capacity(variables.len());
        for (name, value) in variables {
            let span = spans.get(&name).copied().unwrap_or(Span::NONE);
            environment.insert(name, Entry { key: span, node: text(&value, span) });
        }
        environment.extend(own);
        if !environment.is_empty() {
            put(service, "environment", Node::map(environment, files.node.span));
        }
        Ok(())
    }

    fn labels(&mut self, service: &mut Map) -> Result<(), Failed> {
        let files: Vec<(String, Span)> = service
            .get("label_file")
            .and_then(|entry| entry.node.as_seq())
            .unwrap_or_default()
            .iter()
            .filter_map(|item| Some((item.as_str()?.to_owned(), item.span)))
            .collect();
        if files.is_empty() {
            return Ok(());
        }
        let mut labels: IndexMap<String, String> = IndexMap::new();
        for (file, span) in &files {
            let (source, text) = self.read_text(FsPath::new(file), *span, Kind::Labels)?;
            dotenv::parse(&text, source, &mut labels, &|_| None, &mut self.report);
        }
        let mut map: Map = labels
            .into_iter()
            .map(|(name, value)| (name, Entry { key: Span::NONE, node: text(&value, Span::NONE) }))
            .collect();
        let own = service.get_mut("labels").and_then(|entry| entry.node.as_map_mut()).map(std::mem::take);
        map.extend(own.unwrap_or_default());
        if !map.is_empty() {
            put(service, "labels", Node::map(map, Span::NONE));
        }
        Ok(())
    }
}
