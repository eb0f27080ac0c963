//! What several groups need beside their own endpoints: containers and archives.

use std::collections::BTreeMap;

use docker_api::containers::{ContainerConfig, ContainerCreate, ContainerDelete, ContainerStart};
use http_endpoint::Filters;
use wharf_tests::harness::TestResult;

use crate::tour::Tour;

/// As `assert!`, with an error instead of a panic, so that what was made is removed.
macro_rules! holds {
    ($holds:expr $(, $($text:tt)+)?) => {
        if !$holds {
            let text = String::new() $(+ &format!($($text)+))?;
            return Err(format!("line {}: not so: {} {text}", line!(), stringify!($holds)).into());
        }
    };
}
pub(crate) use holds;

/// As `assert_eq!`, with an error instead of a panic.
macro_rules! same {
    ($left:expr, $right:expr $(,)?) => {
        match (&$left, &$right) {
            (left, right) => $crate::docker::helper::holds!(left == right, "{left:?} is not {right:?}"),
        }
    };
}
pub(crate) use same;

/// Words as a command.
pub(crate) fn words<const N: usize>(words: [&str; N]) -> Vec<String> {
    words.map(str::to_owned).to_vec()
}

/// The label of this run.
pub(crate) fn labels(t: &Tour) -> BTreeMap<String, String> {
    BTreeMap::from([t.label()])
}

/// Only what this run made.
pub(crate) fn mine(t: &Tour) -> Filters {
    let (key, value) = t.label();
    Filters::new().with("label", format!("{key}={value}"))
}

/// A container of the test's image that runs this script, and can be killed with a signal.
pub(crate) fn script(t: &Tour, script: &str) -> ContainerConfig {
    ContainerConfig::new(t.image())
        .with_cmd(words(["sh", "-c", script]))
        .with_stop_signal("SIGKILL")
        .with_labels(labels(t))
}

/// Makes a container that is removed at the end.
pub(crate) async fn create(t: &mut Tour, name: &str, config: ContainerConfig) -> TestResult<String> {
    t.finally(ContainerDelete::new(name).with_force(true).with_v(true));
    Ok(t.call(&ContainerCreate::new(config).with_name(name)).await?.id)
}

/// Makes a container that sleeps, and starts it.
pub(crate) async fn sleeper(t: &mut Tour, name: &str) -> TestResult<String> {
    let config = script(t, "sleep 600");
    let id = create(t, name, config).await?;
    t.call(&ContainerStart::new(name)).await?;
    Ok(id)
}

/// A tar archive of these files.
pub(crate) fn archive(files: &[(&str, &str)]) -> TestResult<Vec<u8>> {
    let mut builder = tar::Builder::new(Vec::new());
    for (path, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o755);
        builder.append_data(&mut header, path, content.as_bytes())?;
    }
    Ok(builder.into_inner()?)
}

/// The paths in a tar archive.
pub(crate) fn paths(archive: &[u8]) -> TestResult<Vec<String>> {
    let mut paths = Vec::new();
    for entry in tar::Archive::new(archive).entries()? {
        paths.push(entry?.path()?.display().to_string());
    }
    Ok(paths)
}
