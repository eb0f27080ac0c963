//! Building through libpod.

use futures_util::StreamExt;
use runtime_core::{BuildEvent, BuildSpec, Environment, ErrorKind, HealthcheckTest, Runtime};
use wharf_tests::ensure;
use wharf_tests::harness::TestResult;

use crate::stage::{podman, unique};

/// A context as a tar.
fn context(files: &[(&str, &str)]) -> TestResult<Vec<u8>> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        builder.append_data(&mut header, name, content.as_bytes())?;
    }
    Ok(builder.into_inner()?)
}

async fn build(
    runtime: &dyn Runtime,
    spec: &BuildSpec,
    files: &[(&str, &str)],
) -> TestResult<(Vec<String>, Result<String, runtime_core::Error>)> {
    let context = std::io::Cursor::new(context(files)?);
    let mut events = runtime.build_image(spec, Box::pin(context)).await?;
    let mut lines = Vec::new();
    while let Some(event) = events.next().await {
        match event {
            Ok(BuildEvent::Log(line)) => lines.push(line),
            Ok(BuildEvent::Built { id }) => return Ok((lines, Ok(id))),
            Ok(_) => {}
            Err(error) => return Ok((lines, Err(error))),
        }
    }
    Err("the stream ended without a verdict".into())
}

async fn an_image_is_built(runtime: &dyn Runtime) -> TestResult {
    let tag = format!("localhost/{}:1", unique());
    let mut spec = BuildSpec::new(&tag);
    spec.args = Environment::new().with("GREETING", "hello from the build");
    spec.labels.insert("org.wharf.test".into(), "build".into());
    let dockerfile = "FROM docker.io/library/busybox:latest\nARG GREETING\nCOPY . /context\n\
                      RUN echo \"$GREETING\" && ls -a /context\n\
                      HEALTHCHECK --interval=3s --retries=2 CMD test -f /context/kept.txt\n";
    let files = [
        ("Dockerfile", dockerfile),
        (".dockerignore", "secret.txt\n*.log\n"),
        ("kept.txt", "kept"),
        ("secret.txt", "secret"),
        ("noise.log", "noise"),
    ];
    let (lines, id) = build(runtime, &spec, &files).await?;
    let id = id?;
    let said = |text: &str| lines.iter().any(|line| line == text);
    let result: TestResult = async {
        ensure!(said("hello from the build"), "the output is missing: {lines:#?}");
        ensure!(said("kept.txt"), "the context is missing: {lines:#?}");
        ensure!(!said("secret.txt") && !said("noise.log"), ".dockerignore is not followed: {lines:#?}");
        let image = runtime.inspect_image(&tag).await?;
        ensure!(image.id == id, "{} is not {id}", image.id);
        ensure!(image.labels.get("org.wharf.test").is_some_and(|v| v == "build"), "{:?}", image.labels);
        let check = image.healthcheck.ok_or("the health check is lost")?;
        ensure!(check.test == HealthcheckTest::Shell("test -f /context/kept.txt".into()), "{check:?}");
        ensure!(check.retries == Some(2), "{check:?}");
        Ok(())
    }
    .await;
    runtime.remove_image(&tag, true).await?;
    result
}

async fn a_build_that_fails_says_why(runtime: &dyn Runtime) -> TestResult {
    let spec = BuildSpec::new(format!("localhost/{}:1", unique()));
    let dockerfile = "FROM docker.io/library/busybox:latest\nRUN echo about to fail; exit 7\n";
    let (lines, failed) = build(runtime, &spec, &[("Dockerfile", dockerfile)]).await?;
    ensure!(lines.iter().any(|line| line == "about to fail"), "{lines:#?}");
    let error = failed.err().ok_or("the build did not fail")?;
    ensure!(error.kind() == ErrorKind::BuildFailed, "{error:?}");
    ensure!(error.reason().contains('7'), "{error}");
    Ok(())
}

#[tokio::test]
async fn an_image_is_built_with_its_output_as_events() -> TestResult {
    for engine in ["podman", "podman43"] {
        if let Some(podman) = podman(engine).await {
            an_image_is_built(&podman).await.map_err(|error| format!("{engine}: {error}"))?;
            a_build_that_fails_says_why(&podman).await.map_err(|error| format!("{engine}: {error}"))?;
        }
    }
    Ok(())
}
