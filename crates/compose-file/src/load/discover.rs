//! Which files, which directory, which environment.

use std::path::{Path as FsPath, PathBuf};

use indexmap::IndexMap;

use super::Loader;
use super::files::{Kind, parent};
use crate::diagnostic::{Code, SourceId, Span};
use crate::dotenv;
use crate::environment::EnvMap;
use crate::report::Failed;

/// What a project is loaded from.
pub(super) struct Found {
    pub(super) files: Vec<PathBuf>,
    pub(super) dir: PathBuf,
    pub(super) environment: EnvMap,
    pub(super) environment_files: Vec<PathBuf>,
    pub(super) profiles: Vec<String>,
}

const NAMES: [&str; 4] = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
const OVERRIDES: [&str; 4] = [
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
];

impl Loader<'_> {
    pub(super) fn discover(&mut self) -> Result<Found, Failed> {
        let options = self.options;
        let mut environment = EnvMap::new(options.environment.clone());
        if environment.get("PWD").is_none() {
            environment.set("PWD", options.working_dir.display().to_string());
        }
        let mut environment_files = self.explicit_env_files(&environment);
        let explicit = !environment_files.is_empty();
        let mut files: Vec<PathBuf> = options.files.iter().map(|file| self.given_path(file)).collect();

        if explicit {
            self.add_env_files(&environment_files, &mut environment)?;
        } else {
            environment_files.extend(self.default_env_file(&self.project_dir(&files), &mut environment)?);
        }
        if files.is_empty() {
            files = self.default_files(&environment)?;
        }
        let dir = self.project_dir(&files);
        if !explicit {
            // The project directory is known only now, and may have an `.env` of its own.
            let second = self.default_env_file(&dir, &mut environment)?;
            environment_files.extend(second.filter(|file| !environment_files.contains(file)));
        }
        let profiles = match options.profiles.as_slice() {
            [] => split_list(environment.get("COMPOSE_PROFILES")),
            given => given.to_vec(),
        };
        Ok(Found { files, dir, environment, environment_files, profiles })
    }

    fn given_path(&self, file: &FsPath) -> PathBuf {
        if file == FsPath::new("-") { file.to_owned() } else { self.files.absolute(file) }
    }

    /// `--project-directory`, the directory of the first file, or the working directory.
    fn project_dir(&self, files: &[PathBuf]) -> PathBuf {
        if let Some(dir) = &self.options.project_directory {
            return self.files.absolute(dir);
        }
        let first = files.iter().find(|file| *file != FsPath::new("-"));
        first.map_or_else(|| self.options.working_dir.clone(), |file| parent(file).to_owned())
    }

    fn explicit_env_files(&self, environment: &EnvMap) -> Vec<PathBuf> {
        if !self.options.env_files.is_empty() {
            return self.options.env_files.iter().map(|file| self.files.absolute(file)).collect();
        }
        split_list(environment.get("COMPOSE_ENV_FILES"))
            .iter()
            .map(|file| self.files.absolute(FsPath::new(file)))
            .collect()
    }

    fn add_env_files(&mut self, files: &[PathBuf], environment: &mut EnvMap) -> Result<(), Failed> {
        let (variables, sources) = self.read_env_files(files, environment)?;
        environment.add_missing(variables);
        self.report.provenance.extend_scope(&sources);
        Ok(())
    }

    /// The variables of environment files, the later file before the earlier one, and the files.
    pub(super) fn read_env_files(
        &mut self,
        files: &[PathBuf],
        environment: &EnvMap,
    ) -> Result<(IndexMap<String, String>, Vec<SourceId>), Failed> {
        let mut variables = IndexMap::new();
        let mut sources = Vec::with_capacity(files.len());
        for file in files {
            let (source, text) = self.read_text(file, Span::NONE, Kind::Environment)?;
            sources.push(source);
            let lookup = |name: &str| environment.get(name).map(str::to_owned);
            dotenv::parse(&text, source, &mut variables, &lookup, &mut self.report);
            self.report.check()?;
        }
        Ok((variables, sources))
    }

    fn default_env_file(
        &mut self,
        dir: &FsPath,
        environment: &mut EnvMap,
    ) -> Result<Option<PathBuf>, Failed> {
        if environment.is_true("COMPOSE_DISABLE_ENV_FILE") {
            return Ok(None);
        }
        let file = dir.join(".env");
        if !self.options.file_source.is_file(&file) {
            return Ok(None);
        }
        self.add_env_files(std::slice::from_ref(&file), environment)?;
        Ok(Some(file))
    }

    /// `COMPOSE_FILE`, or the usual names here and above.
    fn default_files(&mut self, environment: &EnvMap) -> Result<Vec<PathBuf>, Failed> {
        if let Some(list) = environment.get("COMPOSE_FILE").filter(|list| !list.is_empty()) {
            let separator =
                environment.get("COMPOSE_PATH_SEPARATOR").filter(|text| !text.is_empty()).unwrap_or(":");
            return Ok(list.split(separator).map(|file| self.given_path(FsPath::new(file))).collect());
        }
        let start = self.project_dir(&[]);
        for dir in start.ancestors() {
            let Some(file) = self.first_of(dir, &NAMES) else { continue };
            let mut files = vec![file];
            files.extend(self.first_of(dir, &OVERRIDES));
            return Ok(files);
        }
        let message = format!("there is no Compose file in {} or above it", start.display());
        self.report
            .error_at(Code::File, String::new(), Span::NONE, message)
            .help("make a compose.yaml, or name a file with -f");
        Err(Failed)
    }

    /// The first name that exists; more than one is worth a warning.
    fn first_of(&mut self, dir: &FsPath, names: &[&str]) -> Option<PathBuf> {
        let mut found = names.iter().filter(|name| self.options.file_source.is_file(&dir.join(name)));
        let first = found.next()?;
        let others: Vec<&str> = found.copied().collect();
        if !others.is_empty() {
            let message = format!("{} is used, and {} is not", first, others.join(", "));
            self.report
                .warn_at(Code::File, String::new(), Span::NONE, message)
                .help("keep one of them, or name the files with -f");
        }
        Some(dir.join(first))
    }
}

fn split_list(list: Option<&str>) -> Vec<String> {
    let parts = list.unwrap_or_default().split(',').map(str::trim);
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}
