//! The build context: a directory of this machine as a tar stream, without what `.dockerignore` leaves out.

mod archive;
mod ignore;

use std::path::{Path, PathBuf};

use compose_file::model::Build;
use runtime_core::BoxReader;

use crate::error::{Error, ErrorKind, Result};

/// The name under which an inline Dockerfile, or one outside of the context, is put into the archive.
const FOREIGN_DOCKERFILE: &str = ".wharf.Dockerfile";

/// A context that is being read.
pub(crate) struct Context {
    /// The tar stream. An error of reading ends it.
    pub(crate) archive: BoxReader,
    /// The Dockerfile's path in it.
    pub(crate) dockerfile: String,
}

/// Opens the context of a build.
///
/// # Errors
/// A context that is no directory, a Dockerfile that is missing, a `.dockerignore` that cannot be read.
pub(crate) async fn open(build: &Build) -> Result<Context> {
    let invalid = |message: String| Error::new(ErrorKind::Invalid, message);
    let Some(folder) = build.local_context() else {
        let Some(context) = build.context.as_deref().filter(|context| !context.is_empty()) else {
            return Err(invalid("the build context is empty".to_owned())
                .with_hint("give `build` a directory; a variable in it may have no value"));
        };
        return Err(invalid(format!("build context {context} is not a directory of this machine"))
            .with_hint("only local directories can be built"));
    };
    if !folder.is_dir() {
        return Err(invalid(format!("build context {} is not a directory", folder.display())));
    }
    let mut job = archive::Job { folder: folder.to_owned(), ..archive::Job::default() };
    let dockerfile = match &build.dockerfile_inline {
        Some(text) => {
            job.dockerfile = Some((FOREIGN_DOCKERFILE.to_owned(), text.clone().into_bytes()));
            FOREIGN_DOCKERFILE.to_owned()
        }
        None => dockerfile(folder, build, &mut job)?,
    };
    job.ignore = ignore_file(folder, build, &dockerfile)?;
    job.always = vec![dockerfile.clone(), ".dockerignore".to_owned()];
    Ok(Context { archive: archive::read(job), dockerfile })
}

/// The Dockerfile's path in the archive. One that lies outside of the context is put into it.
fn dockerfile(folder: &Path, build: &Build, job: &mut archive::Job) -> Result<String> {
    let given = build.dockerfile.as_deref().unwrap_or("Dockerfile");
    let path = folder.join(given);
    let text = || {
        std::fs::read(&path).map_err(|error| {
            Error::new(ErrorKind::Io, format!("cannot read Dockerfile {}: {error}", path.display()))
                .with_hint("give its path relative to the context as `dockerfile`")
        })
    };
    match clean(given).or_else(|| path.strip_prefix(folder).ok().and_then(|rest| clean(rest.to_str()?))) {
        Some(inside) => {
            if !path.is_file() {
                text()?;
            }
            Ok(inside)
        }
        None => {
            job.dockerfile = Some((FOREIGN_DOCKERFILE.to_owned(), text()?));
            Ok(FOREIGN_DOCKERFILE.to_owned())
        }
    }
}

/// A relative path without `.` and `..`; `None` if it leaves the folder.
fn clean(path: &str) -> Option<String> {
    use std::path::Component;
    let mut parts: Vec<&str> = Vec::new();
    for component in Path::new(path).components() {
        match component {
            Component::Normal(part) => parts.push(part.to_str()?),
            Component::CurDir => {}
            Component::ParentDir => {
                parts.pop()?;
            }
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

/// The patterns of `<Dockerfile>.dockerignore`, or else of `.dockerignore`.
fn ignore_file(folder: &Path, build: &Build, dockerfile: &str) -> Result<ignore::Patterns> {
    let own = build.dockerfile.as_deref().unwrap_or(dockerfile);
    let candidates: [PathBuf; 2] = [folder.join(format!("{own}.dockerignore")), folder.join(".dockerignore")];
    for path in candidates {
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                return ignore::Patterns::parse(&text)
                    .map_err(|error| Error::new(ErrorKind::Invalid, format!("{}: {error}", path.display())));
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => {
                return Err(Error::new(ErrorKind::Io, format!("cannot read {}: {error}", path.display())));
            }
        }
    }
    Ok(ignore::Patterns::default())
}

#[cfg(test)]
mod tests;
