//! Loading: from options to a project.
//!
//! A *unit* is a set of files that are merged with each other and share a project directory and an environment: the
//! files of the command line are one, and each entry of `include` is another.

mod discover;
mod extends;
mod files;
mod finish;
mod include;
mod name;

pub use name::project_name_from;

use std::path::{Path as FsPath, PathBuf};

use crate::canonical::canonicalize;
use crate::defaults::{check_rules, set_defaults};
use crate::diagnostic::{Code, LoadError, Span};
use crate::environment::EnvMap;
use crate::interpolate::{collect, interpolate};
use crate::limits;
use crate::loaded::{Canonical, Loaded};
use crate::merge::{enforce_unique, merge, strip_tags};
use crate::model::Project;
use crate::options::LoadOptions;
use crate::paths::Resolver;
use crate::report::{Failed, Report};
use crate::schema::{TOP, validate};
use crate::tree::{Map, Node, Path, Value};

use self::files::{Document, Files};

/// Loads a project: finds the files, reads, interpolates and merges them, checks the result and gives it types.
///
/// Blocks on the file system only.
///
/// # Errors
/// All mistakes that were found, each with its place.
pub fn load(options: &LoadOptions) -> Result<Loaded, LoadError> {
    let mut loader = Loader::new(options);
    match loader.run() {
        Ok((project, canonical, environment)) => {
            let (warnings, sources, variables) = loader.report.into_warnings();
            Ok(Loaded { project, warnings, sources, canonical, variables, environment })
        }
        Err(Failed) => Err(loader.report.into_error()),
    }
}

/// What the steps of loading share.
struct Loader<'a> {
    options: &'a LoadOptions,
    report: Report,
    files: Files,
    /// How many bytes interpolation may still produce.
    budget: usize,
    home: Option<String>,
    /// `COMPOSE_CONVERT_WINDOWS_PATHS`.
    convert_windows: bool,
}

/// Files that are merged with each other.
struct Unit<'a> {
    /// Where the files of `include` and `extends` are looked for; absolute.
    dir: &'a FsPath,
    /// What the paths in the model are resolved against. For an included unit it is relative to the unit that includes
    /// it, which resolves them again: until then equal paths have equal texts, which the rules of uniqueness look at.
    base: &'a FsPath,
    environment: &'a EnvMap,
    /// The files by way of which this unit was included, the first one first.
    chain: &'a [PathBuf],
}

impl<'a> Loader<'a> {
    fn new(options: &'a LoadOptions) -> Self {
        Self {
            options,
            report: Report::new(options.environment.keys(), !options.steps.interpolate),
            files: Files::new(options),
            budget: limits::INTERPOLATED_BYTES,
            home: options.environment.get("HOME").cloned(),
            convert_windows: false,
        }
    }

    fn run(&mut self) -> Result<(Project, Canonical, EnvMap), Failed> {
        let mut found = self.discover()?;
        self.convert_windows = found.environment.is_true("COMPOSE_CONVERT_WINDOWS_PATHS");
        let mut documents = Vec::new();
        for file in &found.files {
            documents.extend(self.read_documents(file, Span::NONE)?);
        }
        let name = self.project_name(&documents, &found)?;
        found.environment.set("COMPOSE_PROJECT_NAME", name.clone());
        let unit = Unit { dir: &found.dir, base: &found.dir, environment: &found.environment, chain: &[] };
        let root = self.load_unit(documents, &unit)?;
        if root.as_map().is_none_or(Map::is_empty) {
            let span = self.report.sources.iter_ids().next().map_or(Span::NONE, |source| Span {
                source,
                start: 0,
                end: 0,
            });
            self.report
                .error_at(Code::File, "services".to_owned(), span, "the Compose file is empty")
                .help("begin with `services:` and a service below it, such as `web:` with `image: nginx`");
            return Err(Failed);
        }
        finish::finish(self, root, name, found)
    }

    /// Merges the documents of a unit, and brings the result into canonical form with absolute paths.
    fn load_unit(&mut self, documents: Vec<Document>, unit: &Unit<'_>) -> Result<Node, Failed> {
        let mut root = Node::map(Map::new(), Span::NONE);
        for document in documents {
            self.add_document(&mut root, document, unit)?;
        }
        set_defaults(&mut root);
        check_rules(&root, &mut self.report);
        if self.options.steps.resolve_paths || !unit.chain.is_empty() {
            self.resolve_paths(&mut root, unit.base);
        }
        self.report.check()?;
        Ok(root)
    }

    fn resolve_paths(&mut self, root: &mut Node, base: &FsPath) {
        let files = self.options.file_source.as_ref();
        let resolver =
            Resolver { base, home: self.home.as_deref(), files, convert_windows: self.convert_windows };
        resolver.resolve(root, &mut self.report);
    }

    fn add_document(&mut self, root: &mut Node, document: Document, unit: &Unit<'_>) -> Result<(), Failed> {
        let Document { mut node, path } = document;
        self.expect_map(&node)?;
        self.interpolate(&mut node, unit.environment)?;
        let chain = [unit.chain, std::slice::from_ref(&path)].concat();
        self.include(&mut node, &Unit { chain: &chain, ..*unit })?;
        self.extends(&mut node, &path, unit)?;
        self.combine(root, node)?;
        validate(root, &TOP, &Path::ROOT, &mut self.report);
        self.drop_version(root);
        if self.report.failed() {
            self.look_further(root);
            return Err(Failed);
        }
        self.settle(root)
    }

    /// Looks for mistakes in the short forms of attributes whose types are right, while others' types are wrong.
    fn look_further(&mut self, root: &Node) {
        let wrong = self.report.error_paths();
        let Some(entry) = root.as_map().and_then(|map| map.get("services")) else { return };
        let mut services = entry.clone();
        let Some(map) = services.node.as_map_mut() else { return };
        map.retain(|_, entry| entry.node.as_map().is_some());
        for (name, entry) in map.iter_mut() {
            let service = format!("services.{name}");
            let own: Vec<&str> = wrong.iter().filter_map(|path| path.strip_prefix(&service)).collect();
            let Some(attributes) = entry.node.as_map_mut() else { continue };
            attributes.retain(|attribute, _| {
                !own.iter().any(|rest| {
                    let rest = rest.strip_prefix('.').and_then(|rest| rest.strip_prefix(attribute));
                    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
                }) && !own.contains(&"")
            });
        }
        let mut top = Map::new();
        top.insert("services", services);
        let mut rest = Node::map(top, root.span);
        canonicalize(&mut rest, !self.options.steps.interpolate, &mut self.report);
    }

    fn expect_map(&mut self, node: &Node) -> Result<(), Failed> {
        if node.as_map().is_some() {
            return Ok(());
        }
        let message =
            format!("a Compose file is a mapping with `services`, and this is {}", node.value.kind());
        let help = match &node.value {
            Value::Seq(_) => "begin with `services:`, put the services below it, and take away the `-`",
            _ => "begin with `services:` and put the services below it",
        };
        self.report.error_at(Code::InvalidValue, String::new(), node.span, message).help(help);
        Err(Failed)
    }

    fn interpolate(&mut self, node: &mut Node, environment: &EnvMap) -> Result<(), Failed> {
        if self.options.steps.interpolate {
            interpolate(node, environment, &mut self.budget, &mut self.report);
        } else {
            collect(node, &Path::ROOT, &mut self.report);
        }
        self.report.check()
    }

    /// Merges a document over what came before it.
    fn combine(&mut self, root: &mut Node, node: Node) -> Result<(), Failed> {
        merge(root, node, &Path::ROOT, &mut self.report);
        strip_tags(root);
        self.report.check()?;
        enforce_unique(root, &mut self.report);
        self.report.check()
    }

    /// Long forms, and no entry twice in them.
    fn settle(&mut self, root: &mut Node) -> Result<(), Failed> {
        canonicalize(root, !self.options.steps.interpolate, &mut self.report);
        self.report.check()?;
        enforce_unique(root, &mut self.report);
        self.report.check()
    }

    fn drop_version(&mut self, root: &mut Node) {
        if let Some(entry) = root.as_map_mut().and_then(|map| map.remove("version")) {
            self.report
                .warn_at(
                    Code::Obsolete,
                    "version".to_owned(),
                    entry.key,
                    "`version` is obsolete and has no effect",
                )
                .help("remove it");
        }
    }
}

/// Whether a path of `include` or `extends` means something outside the file system.
fn is_remote(path: &str) -> bool {
    path.contains("://") || ["git@", "github.com/", "oci:"].iter().any(|prefix| path.starts_with(prefix))
}

/// The texts of a list of strings or of one string.
fn texts(node: Option<&Node>) -> Vec<&Node> {
    match node.map(|node| (&node.value, node)) {
        Some((Value::Seq(list), _)) => list.iter().collect(),
        Some((Value::Str(_), node)) => vec![node],
        _ => Vec::new(),
    }
}
