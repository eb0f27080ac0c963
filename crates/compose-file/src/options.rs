//! What a caller asks of the loader.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where the loader reads files from. The default is the file system; tests and embedding programs can give others.
pub trait FileSource: Send + Sync {
    /// The bytes of a file, at most `limit + 1` of them, so that the loader can tell a file that is too large.
    ///
    /// # Errors
    /// As the file system reports it; `NotFound` where there is no such file.
    fn read(&self, path: &Path, limit: usize) -> io::Result<Vec<u8>>;

    /// Whether there is such a file (not a directory).
    fn is_file(&self, path: &Path) -> bool;

    /// The path with every symbolic link resolved.
    ///
    /// # Errors
    /// Where the path does not exist.
    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf>;
}

/// The file system.
#[derive(Clone, Copy, Debug, Default)]
pub struct DiskFiles;

impl FileSource for DiskFiles {
    fn read(&self, path: &Path, limit: usize) -> io::Result<Vec<u8>> {
        use io::Read as _;
        let mut bytes = Vec::new();
        let file = std::fs::File::open(path)?;
        if file.metadata()?.is_dir() {
            return Err(io::Error::from(io::ErrorKind::IsADirectory));
        }
        file.take(limit as u64 + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn is_file(&self, path: &Path) -> bool {
        path.metadata().is_ok_and(|meta| !meta.is_dir())
    }

    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf> {
        path.canonicalize()
    }
}

/// Files in memory, by absolute path.
#[derive(Clone, Debug, Default)]
pub struct MemoryFiles {
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl MemoryFiles {
    /// No files.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With one more file.
    #[must_use]
    pub fn with(mut self, path: impl Into<PathBuf>, bytes: impl Into<Vec<u8>>) -> Self {
        self.files.insert(path.into(), bytes.into());
        self
    }
}

impl FileSource for MemoryFiles {
    fn read(&self, path: &Path, limit: usize) -> io::Result<Vec<u8>> {
        let bytes = self.files.get(path).ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        Ok(bytes[..bytes.len().min(limit + 1)].to_vec())
    }

    fn is_file(&self, path: &Path) -> bool {
        self.files.contains_key(path)
    }

    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf> {
        Ok(path.to_owned())
    }
}

/// The steps of loading that can be left out. All are on by default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one independent switch of `config`")]
pub struct Steps {
    /// Replace `${VARIABLE}`. Without it variables stay as they are written, and there is nothing to give types to, since
    /// `${PORT}` is no port: [`Project`](crate::Project) has no services. The canonical text is made, and
    /// [`Loaded`](crate::Loaded) lists names, images, profiles and variables.
    pub interpolate: bool,
    /// Fill in names, the default network and implied dependencies.
    pub normalize: bool,
    /// Make relative paths absolute.
    pub resolve_paths: bool,
    /// Check that what services refer to is defined, that there is no cycle, and the like.
    pub consistency: bool,
    /// Fold `env_file` and `label_file` into `environment` and `labels`, and fill in variables without a value.
    pub resolve_environment: bool,
}

impl Default for Steps {
    fn default() -> Self {
        Self {
            interpolate: true,
            normalize: true,
            resolve_paths: true,
            consistency: true,
            resolve_environment: true,
        }
    }
}

/// What to load, and how. The process environment is not read: give it with [`LoadOptions::with_environment`].
#[derive(Clone)]
#[non_exhaustive]
pub struct LoadOptions {
    /// `-f`: the files in the order of merging; `-` is standard input. Empty: `COMPOSE_FILE`, else the usual names in
    /// the working directory and above it.
    pub files: Vec<PathBuf>,
    /// What standard input holds, for the file `-`.
    pub stdin: Option<Vec<u8>>,
    /// `-p`: the project's name.
    pub project_name: Option<String>,
    /// `--project-directory`.
    pub project_directory: Option<PathBuf>,
    /// `--profile`; `*` is all. Empty: `COMPOSE_PROFILES`.
    pub profiles: Vec<String>,
    /// Services that are named on the command line: their profiles count as active.
    pub services: Vec<String>,
    /// Keep only the services of `services` and those that they need; an unknown name is an error. Without names all are
    /// kept. Default: no.
    pub only_named: bool,
    /// `--env-file`. Empty: `COMPOSE_ENV_FILES`, else `.env`.
    pub env_files: Vec<PathBuf>,
    /// The environment, which counts before every file.
    pub environment: BTreeMap<String, String>,
    /// The absolute path that relative ones among these options are relative to.
    pub working_dir: PathBuf,
    /// The steps to take.
    pub steps: Steps,
    /// Keep networks, volumes, secrets and configs that no enabled service uses. Default: no.
    pub all_resources: bool,
    /// Where files are read from.
    pub file_source: Arc<dyn FileSource>,
}

impl Default for LoadOptions {
    fn default() -> Self {
        Self {
            files: Vec::new(),
            stdin: None,
            project_name: None,
            project_directory: None,
            profiles: Vec::new(),
            services: Vec::new(),
            only_named: false,
            env_files: Vec::new(),
            environment: BTreeMap::new(),
            working_dir: PathBuf::from("/"),
            steps: Steps::default(),
            all_resources: false,
            file_source: Arc::new(DiskFiles),
        }
    }
}

impl fmt::Debug for LoadOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoadOptions")
            .field("files", &self.files)
            .field("project_name", &self.project_name)
            .field("project_directory", &self.project_directory)
            .field("profiles", &self.profiles)
            .field("env_files", &self.env_files)
            .field("environment", &self.environment.keys())
            .field("working_dir", &self.working_dir)
            .field("steps", &self.steps)
            .finish_non_exhaustive()
    }
}

impl LoadOptions {
    /// The defaults, in the given working directory.
    #[must_use]
    pub fn new(working_dir: impl Into<PathBuf>) -> Self {
        Self { working_dir: working_dir.into(), ..Self::default() }
    }

    /// With one more `-f`.
    #[must_use]
    pub fn with_file(mut self, file: impl Into<PathBuf>) -> Self {
        self.files.push(file.into());
        self
    }

    /// With the content of standard input.
    #[must_use]
    pub fn with_stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = Some(bytes.into());
        self
    }

    /// With `-p`.
    #[must_use]
    pub fn with_project_name(mut self, name: impl Into<String>) -> Self {
        self.project_name = Some(name.into());
        self
    }

    /// With `--project-directory`.
    #[must_use]
    pub fn with_project_directory(mut self, directory: impl Into<PathBuf>) -> Self {
        self.project_directory = Some(directory.into());
        self
    }

    /// With one more `--profile`.
    #[must_use]
    pub fn with_profile(mut self, profile: impl Into<String>) -> Self {
        self.profiles.push(profile.into());
        self
    }

    /// With services named on the command line.
    #[must_use]
    pub fn with_services<S: Into<String>>(mut self, services: impl IntoIterator<Item = S>) -> Self {
        self.services.extend(services.into_iter().map(Into::into));
        self
    }

    /// With only the named services and those that they need, or with all.
    #[must_use]
    pub fn with_only_named(mut self, only: bool) -> Self {
        self.only_named = only;
        self
    }

    /// With one more `--env-file`.
    #[must_use]
    pub fn with_env_file(mut self, file: impl Into<PathBuf>) -> Self {
        self.env_files.push(file.into());
        self
    }

    /// With these variables, such as those of the process.
    #[must_use]
    pub fn with_environment<K: Into<String>, V: Into<String>>(
        mut self,
        variables: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        self.environment.extend(variables.into_iter().map(|(key, value)| (key.into(), value.into())));
        self
    }

    /// With other steps.
    #[must_use]
    pub fn with_steps(mut self, steps: Steps) -> Self {
        self.steps = steps;
        self
    }

    /// With the resources that no enabled service uses kept or not.
    #[must_use]
    pub fn with_all_resources(mut self, keep: bool) -> Self {
        self.all_resources = keep;
        self
    }

    /// With files from elsewhere.
    #[must_use]
    pub fn with_file_source(mut self, source: impl FileSource + 'static) -> Self {
        self.file_source = Arc::new(source);
        self
    }
}
