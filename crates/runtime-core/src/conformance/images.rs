//! Images.

use futures_util::{StreamExt as _, TryStreamExt as _};

use super::stage::{Check, Stage};
use crate::{BoxReader, BuildEvent, BuildSpec, ImageFilter, PullSpec};

cases! {
    Nothing {
        image_inspect,
        image_missing,
        image_list_by_reference,
        image_tag_and_remove_tag,
        image_save_and_load,
        image_load_of_garbage_fails,
        image_pull_of_unknown_fails,
        image_build,
        image_in_use_is_kept,
    }
    Processes { image_build_runs_commands, image_build_failure }
}

/// A build context that is only a Dockerfile.
fn context(dockerfile: &str) -> Check<BoxReader> {
    let mut archive = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(dockerfile.len() as u64);
    header.set_mode(0o644);
    archive.append_data(&mut header, "Dockerfile", dockerfile.as_bytes())?;
    Ok(Box::pin(std::io::Cursor::new(archive.into_inner()?)))
}

/// Builds an image; gives its id and what the build said.
async fn build(stage: &Stage, spec: &BuildSpec, dockerfile: &str) -> Check<(String, Vec<String>)> {
    let events: Vec<BuildEvent> =
        stage.runtime.build_image(spec, context(dockerfile)?).await?.try_collect().await?;
    let Some((BuildEvent::Built { id }, lines)) = events.split_last() else {
        fail!("the last event is not the image: {events:?}")
    };
    let lines = lines.iter().map(|event| match event {
        BuildEvent::Log(line) => line.clone(),
        BuildEvent::Built { .. } => "a second image".into(),
    });
    Ok((id.clone(), lines.collect()))
}

async fn image_inspect(stage: &Stage) -> Check {
    let image = stage.runtime.inspect_image(&stage.image).await?;
    ensure!(image.id.starts_with("sha256:") && image.id.len() == 71, "not an id: {}", image.id);
    ensure_eq!(image.os, "linux");
    ensure!(!image.architecture.is_empty(), "no architecture");
    ensure!(!image.tags.is_empty(), "no tags");
    let by_id = stage.runtime.inspect_image(&image.id).await?;
    ensure_eq!(by_id.id, image.id);
    Ok(())
}

async fn image_missing(stage: &Stage) -> Check {
    let name = format!("localhost/{}-none:latest", stage.prefix);
    ensure_error!(stage.runtime.inspect_image(&name).await, NotFound);
    ensure_error!(stage.runtime.remove_image(&name, false).await, NotFound);
    ensure_error!(stage.runtime.tag_image(&name, "localhost/x:1").await, NotFound);
    Ok(())
}

async fn image_list_by_reference(stage: &Stage) -> Check {
    let image = stage.runtime.inspect_image(&stage.image).await?;
    let mut filter = ImageFilter::default();
    filter.references.push(stage.image.clone());
    let list = stage.runtime.list_images(&filter).await?;
    ensure!(list.iter().any(|found| found.id == image.id), "{} is not in {list:?}", image.id);
    filter.references = vec![format!("localhost/{}-none:latest", stage.prefix)];
    ensure_eq!(stage.runtime.list_images(&filter).await?, Vec::new());
    Ok(())
}

async fn image_tag_and_remove_tag(stage: &Stage) -> Check {
    let tag = stage.image_name("tag");
    let image = stage.runtime.inspect_image(&stage.image).await?;
    stage.runtime.tag_image(&stage.image, &tag).await?;
    let tagged = stage.runtime.inspect_image(&tag).await?;
    ensure_eq!(tagged.id, image.id);
    ensure!(tagged.tags.contains(&tag), "{tag} is not in {:?}", tagged.tags);
    stage.runtime.remove_image(&tag, false).await?;
    ensure_error!(stage.runtime.inspect_image(&tag).await, NotFound);
    stage.runtime.inspect_image(&stage.image).await?;
    Ok(())
}

async fn image_save_and_load(stage: &Stage) -> Check {
    let tag = stage.image_name("saved");
    let image = stage.runtime.inspect_image(&stage.image).await?;
    stage.runtime.tag_image(&stage.image, &tag).await?;
    let mut archive = stage.runtime.save_image(std::slice::from_ref(&tag)).await?;
    let mut bytes = Vec::new();
    tokio::io::AsyncReadExt::read_to_end(&mut archive, &mut bytes).await?;
    stage.runtime.remove_image(&tag, false).await?;
    let names = stage.runtime.load_image(Box::pin(std::io::Cursor::new(bytes))).await?;
    ensure!(names.contains(&tag), "{tag} is not in {names:?}");
    ensure_eq!(stage.runtime.inspect_image(&tag).await?.id, image.id);
    Ok(())
}

async fn image_load_of_garbage_fails(stage: &Stage) -> Check {
    let garbage = std::io::Cursor::new(b"this is no archive of an image".repeat(100));
    let loaded = stage.runtime.load_image(Box::pin(garbage)).await;
    ensure!(loaded.is_err(), "it was loaded: {loaded:?}");
    Ok(())
}

async fn image_pull_of_unknown_fails(stage: &Stage) -> Check {
    // Nothing listens there.
    let spec = PullSpec::new(format!("127.0.0.1:1/{}:none", stage.prefix));
    let error = match stage.runtime.pull_image(&spec).await {
        Err(error) => error,
        Ok(mut progress) => loop {
            match progress.next().await {
                Some(Ok(_)) => {}
                Some(Err(error)) => break error,
                None => fail!("an unknown image was pulled"),
            }
        },
    };
    ensure_eq!(error.kind(), crate::ErrorKind::PullFailed);
    Ok(())
}

async fn image_build(stage: &Stage) -> Check {
    let tag = stage.image_name("built");
    let mut spec = BuildSpec::new(&tag);
    spec.labels.insert("conformance".into(), stage.prefix.clone());
    let (id, _) = build(stage, &spec, &format!("FROM {}\nENV MADE=1\n", stage.image)).await?;
    let image = stage.runtime.inspect_image(&tag).await?;
    ensure_eq!(image.id, id);
    ensure_eq!(image.labels.get("conformance"), Some(&stage.prefix));
    let mut filter = ImageFilter::default();
    filter.labels.push(format!("conformance={}", stage.prefix));
    let found: Vec<String> = stage.runtime.list_images(&filter).await?.into_iter().map(|i| i.id).collect();
    ensure_eq!(found, [id]);
    Ok(())
}

async fn image_build_runs_commands(stage: &Stage) -> Check {
    let tag = stage.image_name("ran");
    let mut spec = BuildSpec::new(&tag);
    spec.args = spec.args.with("WORD", "argument");
    spec.no_cache = true;
    let dockerfile = format!("FROM {}\nARG WORD\nRUN echo said-$WORD && echo $WORD > /word\n", stage.image);
    let (_, lines) = build(stage, &spec, &dockerfile).await?;
    ensure!(lines.iter().any(|line| line.contains("said-argument")), "the log is {lines:?}");
    let mut container = stage.command("c", ["cat", "/word"]);
    container.image = tag;
    ensure_eq!(stage.output_of(&container).await?, "argument");
    Ok(())
}

async fn image_build_failure(stage: &Stage) -> Check {
    let spec = BuildSpec::new(stage.image_name("broken"));
    let dockerfile = format!("FROM {}\nRUN echo before-it-breaks && exit 9\n", stage.image);
    let error = match stage.runtime.build_image(&spec, context(&dockerfile)?).await {
        Err(error) => error,
        Ok(mut events) => loop {
            match events.next().await {
                Some(Ok(_)) => {}
                Some(Err(error)) => break error,
                None => fail!("a broken build ended well"),
            }
        },
    };
    ensure_eq!(error.kind(), crate::ErrorKind::BuildFailed);
    ensure!(!error.reason().is_empty(), "no reason");
    Ok(())
}

async fn image_in_use_is_kept(stage: &Stage) -> Check {
    let tag = stage.image_name("used");
    let mut spec = BuildSpec::new(&tag);
    spec.labels.insert("used".into(), stage.prefix.clone());
    build(stage, &spec, &format!("FROM {}\nENV USED=1\n", stage.image)).await?;
    let mut container = stage.idle_spec("user");
    container.image.clone_from(&tag);
    stage.start(&container).await?;
    ensure_error!(stage.runtime.remove_image(&tag, false).await, Conflict);
    stage.runtime.inspect_image(&tag).await?;
    Ok(())
}
