//! Images.

use std::collections::VecDeque;

use docker_api::build::{BuildArgs, BuilderVersion, ImageBuild};
use docker_api::images::{
    ImageCreate, ImageDelete, ImageGetAll, ImageInspect, ImageList, ImageLoad, ImageTag, Progress,
};
use futures_util::{StreamExt, TryStreamExt, stream};
use http_endpoint::{EngineError, Filters, JsonQuery};
use runtime_core::{
    BoxReader, BoxStream, BuildEvent, BuildSpec, Error, ErrorKind, ImageFilter, ImageInfo, ImageProgress,
    ImageSummary, PullSpec, Result,
};
use sock_transport::RequestBody;

use crate::DockerRuntime;
use crate::convert::{familiar, image, sorted, split_tag, with_tag};

/// How many of the last lines of a build an error repeats.
const LAST_LINES: usize = 10;

/// What Docker puts before and after each piece of standard error in a build's output.
const RED: &str = "\u{1b}[91m";
const PLAIN: &str = "\u{1b}[0m";

/// The same error as another kind, unless it says that the engine or the caller's side is at fault.
fn as_kind(error: Error, kind: ErrorKind) -> Error {
    match error.kind() {
        ErrorKind::Unavailable | ErrorKind::Timeout | ErrorKind::Io => error,
        _ => error.with_kind(kind),
    }
}

fn pull_failed(error: Error) -> Error {
    let said = EngineError::in_band(error.reason());
    let denied = error.kind() == ErrorKind::Unauthorized || said.is_unauthorized();
    let error = as_kind(error, ErrorKind::PullFailed);
    if denied {
        return error.with_hint("check the name, and log in to the registry if the image is private");
    }
    if error.kind() == ErrorKind::PullFailed && error.hint().is_none() {
        return error.with_hint("check the name and tag, and that the engine reaches the registry");
    }
    error
}

impl DockerRuntime {
    pub(crate) async fn pull(&self, spec: &PullSpec) -> Result<BoxStream<ImageProgress>> {
        const OPERATION: &str = "pull image";
        let mut create = ImageCreate::new(with_tag(&spec.reference)).with_platform(spec.platform.clone());
        if let Some(auth) = &spec.auth {
            create = create.with_registry_auth(auth.expose());
        }
        let map = self.mapper(OPERATION, &spec.reference);
        let messages = self.slow().json_stream(&create).await.map_err(|error| pull_failed(map(error)))?;
        let reference = spec.reference.clone();
        let progress = messages.map(move |message| {
            let message = message.map_err(|error| pull_failed(map(error)))?;
            if let Some(failure) = message.failure() {
                let failed = Error::new(ErrorKind::PullFailed, OPERATION, failure);
                return Err(pull_failed(failed.with_subject(&reference)));
            }
            Ok(image_progress(message))
        });
        Ok(Box::pin(until_error(progress)))
    }

    pub(crate) async fn build(&self, spec: &BuildSpec, context: BoxReader) -> Result<BoxStream<BuildEvent>> {
        const OPERATION: &str = "build image";
        let args = spec.args.iter().map(|(name, value)| (name.to_owned(), value.map(str::to_owned)));
        let build = ImageBuild::new()
            .with_dockerfile(Some(spec.dockerfile.clone()).filter(|path| !path.is_empty()))
            .with_t(spec.tags.clone())
            .with_extra_hosts(spec.extra_hosts.clone())
            .with_no_cache(spec.no_cache)
            .with_cache_from((!spec.cache_from.is_empty()).then(|| JsonQuery(spec.cache_from.clone())))
            .with_pull(spec.pull)
            .with_rm(true)
            .with_force_rm(true)
            .with_build_args(BuildArgs(args.collect()))
            .with_shm_size(spec.shm_size)
            .with_labels((!spec.labels.is_empty()).then(|| JsonQuery(sorted(&spec.labels))))
            .with_network_mode(spec.network.clone())
            .with_platform(spec.platform.clone())
            .with_target_stage(spec.target.clone())
            .with_version(BuilderVersion::Classic);
        let subject = spec.tags.first().cloned().unwrap_or_default();
        let map = self.mapper(OPERATION, &subject);
        let body = RequestBody::from_async_read(context);
        // An engine may answer only when it has the whole context, which takes as long as the caller needs.
        let client = self.api().with_header_timeout(None);
        let messages = client
            .json_stream_with_body(&build, body)
            .await
            .map_err(|error| as_kind(map(error), ErrorKind::BuildFailed))?;
        let mut log = BuildLog::new(subject);
        let events = messages
            .map(Some)
            .chain(stream::once(async { None }))
            .map(move |message| {
                stream::iter(match message {
                    Some(Ok(message)) => log.message(&message),
                    Some(Err(error)) => vec![Err(log.failed(as_kind(map(error), ErrorKind::BuildFailed)))],
                    None => log.end(),
                })
            })
            .flatten();
        Ok(Box::pin(until_error(events)))
    }

    pub(crate) async fn look_at_image(&self, reference: &str) -> Result<ImageInfo> {
        let found = self.api().send(&ImageInspect::new(reference)).await;
        Ok(image::info(found.map_err(self.failed("inspect image", reference))?))
    }

    pub(crate) async fn all_images(&self, filter: &ImageFilter) -> Result<Vec<ImageSummary>> {
        let mut filters = Filters::new();
        for reference in &filter.references {
            // Docker knows the images of its own registry by their short names only.
            let short = familiar(reference).filter(|_| !self.dialect().full_image_names);
            filters.add("reference", short.unwrap_or(reference));
        }
        for label in &filter.labels {
            filters.add("label", label);
        }
        let list = ImageList::new().with_filters(filters);
        let list = self.api().send(&list).await.map_err(self.unnamed_mapper("list images"))?;
        Ok(list.into_iter().map(image::summary).collect())
    }

    pub(crate) async fn delete_image(&self, reference: &str, force: bool) -> Result<()> {
        let delete = ImageDelete::new(reference).with_force(force);
        self.slow().send(&delete).await.map_err(self.failed("remove image", reference))?;
        Ok(())
    }

    pub(crate) async fn tag(&self, reference: &str, tag: &str) -> Result<()> {
        let (repository, tag) = split_tag(tag);
        let endpoint = ImageTag::new(reference, repository).with_tag(tag.map(str::to_owned));
        self.slow().send(&endpoint).await.map_err(self.failed("tag image", reference))
    }

    pub(crate) async fn load(&self, archive: BoxReader) -> Result<Vec<String>> {
        const OPERATION: &str = "load images";
        let map = self.unnamed_mapper(OPERATION);
        let client = self.api().with_header_timeout(None);
        let body = RequestBody::from_async_read(archive);
        let load = ImageLoad::new().with_quiet(true);
        let mut messages = client.json_stream_with_body(&load, body).await.map_err(&map)?;
        let mut names = Vec::new();
        while let Some(message) = messages.try_next().await.map_err(&map)? {
            if let Some(failure) = message.failure() {
                return Err(Error::new(ErrorKind::Engine, OPERATION, failure));
            }
            names.extend(loaded(&message.stream));
        }
        Ok(names)
    }

    pub(crate) async fn save(&self, references: &[String]) -> Result<BoxReader> {
        let save = ImageGetAll::new().with_names(references.to_vec());
        let subject = references.join(", ");
        let bytes = self.slow().stream(&save).await.map_err(self.failed("save images", &subject))?;
        Ok(Box::pin(bytes.into_async_read()))
    }
}

/// Docker tells each image in a line of its own, Podman all in one line.
fn loaded(text: &str) -> Vec<String> {
    text.lines()
        .filter_map(|line| {
            line.trim()
                .strip_prefix("Loaded image: ")
                .or_else(|| line.trim().strip_prefix("Loaded image ID: "))
        })
        .flat_map(|names| names.split(','))
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}

fn image_progress(message: Progress) -> ImageProgress {
    let mut progress = ImageProgress::new(message.id, message.status);
    let count = |bytes: i64| u64::try_from(bytes).ok();
    progress.bytes = match (count(message.detail.current), count(message.detail.total)) {
        (Some(done), Some(total)) if total > 0 => Some((done, total)),
        _ => None,
    };
    // Podman tells its progress as the output of a build.
    if progress.status.is_empty() {
        message.stream.trim().clone_into(&mut progress.status);
    }
    progress
}

/// Ends a stream with its first error: what follows it would contradict it.
fn until_error<T: Send + 'static>(
    items: impl futures_util::Stream<Item = Result<T>> + Send + 'static,
) -> impl futures_util::Stream<Item = Result<T>> + Send + 'static {
    items.scan(false, |failed, item| {
        let next = (!*failed).then_some(item);
        *failed |= matches!(next, Some(Err(_)));
        std::future::ready(next)
    })
}

/// Takes the output of a build apart into lines, and remembers what an error needs.
struct BuildLog {
    subject: String,
    /// A line that has no end yet.
    open: String,
    last: VecDeque<String>,
    id: Option<String>,
}

impl BuildLog {
    const fn new(subject: String) -> Self {
        Self { subject, open: String::new(), last: VecDeque::new(), id: None }
    }

    fn message(&mut self, message: &Progress) -> Vec<Result<BuildEvent>> {
        let mut events = Vec::new();
        // Progress of a pull of the base image comes as status.
        if !message.status.is_empty() && message.detail.total == 0 {
            let line = if message.id.is_empty() {
                message.status.clone()
            } else {
                format!("{}: {}", message.id, message.status)
            };
            events.push(self.line(&line));
        }
        self.open.push_str(&message.stream);
        while let Some(end) = self.open.find('\n') {
            let rest = self.open.split_off(end + 1);
            let line = std::mem::replace(&mut self.open, rest);
            events.push(self.line(&line));
        }
        if let Some(id) = message.image_id() {
            self.id = Some(id.to_owned());
        }
        if let Some(failure) = message.failure() {
            events.extend(self.rest());
            events.push(Err(self.failed(Error::new(ErrorKind::BuildFailed, "build image", failure))));
        }
        events
    }

    fn line(&mut self, line: &str) -> Result<BuildEvent> {
        // Docker paints what a build writes to its standard error.
        let line = line.trim_end_matches(['\r', '\n']).replace(RED, "").replace(PLAIN, "");
        if !line.trim().is_empty() {
            if self.last.len() == LAST_LINES {
                self.last.pop_front();
            }
            self.last.push_back(line.clone());
            if let Some(id) = line.strip_prefix("Successfully built ") {
                self.id.get_or_insert_with(|| id.trim().to_owned());
            }
        }
        Ok(BuildEvent::Log(line))
    }

    /// A last line without an end.
    fn rest(&mut self) -> Option<Result<BuildEvent>> {
        let line = std::mem::take(&mut self.open);
        (!line.is_empty()).then(|| self.line(&line))
    }

    fn failed(&self, error: Error) -> Error {
        let mut reason = error.reason().trim().to_owned();
        let lines: Vec<_> = self.last.iter().filter(|line| line.trim() != reason).collect();
        if !lines.is_empty() {
            reason.push_str("; its last lines:");
            for line in lines {
                reason.push_str("\n  ");
                reason.push_str(line);
            }
        }
        let mut failed = Error::new(error.kind(), "build image", reason).with_subject(&self.subject);
        if let Some(hint) = error.hint() {
            failed = failed.with_hint(hint);
        }
        failed.with_source(error)
    }

    fn end(&mut self) -> Vec<Result<BuildEvent>> {
        let mut events: Vec<_> = self.rest().into_iter().collect();
        events.push(match self.id.take() {
            Some(id) => Ok(BuildEvent::Built { id }),
            None => {
                let reason = "the engine ended the build without an image";
                Err(self.failed(Error::new(ErrorKind::BuildFailed, "build image", reason)))
            }
        });
        events
    }
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use super::*;

    fn feed(log: &mut BuildLog, json: &str) -> Vec<Result<BuildEvent>> {
        log.message(&ImageBuild::decode(json.as_bytes()).unwrap())
    }

    fn lines(events: Vec<Result<BuildEvent>>) -> Vec<String> {
        events
            .into_iter()
            .map(|event| match event.unwrap() {
                BuildEvent::Log(line) => line,
                other => panic!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn lines_are_put_together_and_the_image_comes_last() {
        let mut log = BuildLog::new("bb:1".into());
        assert_eq!(lines(feed(&mut log, r#"{"stream":"Step 1/1 : FROM bb"}"#)), Vec::<String>::new());
        assert_eq!(
            lines(feed(&mut log, r#"{"stream":"\r\n ---\u003e 01\npart"}"#)),
            ["Step 1/1 : FROM bb", " ---> 01"]
        );
        feed(&mut log, r#"{"aux":{"ID":"sha256:old"}}"#);
        feed(&mut log, r#"{"aux":{"ID":"sha256:new"}}"#);
        let end: Vec<_> = log.end().into_iter().map(Result::unwrap).collect();
        assert_eq!(end, [BuildEvent::Log("part".into()), BuildEvent::Built { id: "sha256:new".into() }]);
    }

    #[test]
    fn dockers_paint_is_taken_off() {
        let mut log = BuildLog::new("bb:1".into());
        assert_eq!(lines(feed(&mut log, r#"{"stream":"\u001b[91mtwo\n\u001b[0mone\n"}"#)), ["two", "one"]);
    }

    #[test]
    fn an_engine_without_aux_names_the_image_in_a_line() {
        let mut log = BuildLog::new("bb:1".into());
        feed(&mut log, r#"{"stream":"Successfully built 0123abcd\n"}"#);
        assert_eq!(log.end().pop().unwrap().unwrap(), BuildEvent::Built { id: "0123abcd".into() });
    }

    #[test]
    fn a_failed_build_repeats_its_last_lines() {
        let mut log = BuildLog::new("bb:1".into());
        for n in 0..12 {
            feed(&mut log, &format!(r#"{{"stream":"line {n}\n"}}"#));
        }
        let events =
            feed(&mut log, r#"{"errorDetail":{"code":2,"message":"The command 'make' returned 2"}}"#);
        let error = events.into_iter().last().unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BuildFailed);
        let text = error.to_string();
        assert!(
            text.starts_with(
                "cannot build image bb:1: The command 'make' returned 2; its last lines:\n  line 2\n"
            ),
            "{text}"
        );
        assert!(text.ends_with("line 11"), "{text}");
    }

    #[test]
    fn a_build_that_ends_without_an_image_has_failed() {
        let error = BuildLog::new("bb:1".into()).end().pop().unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BuildFailed);
    }

    #[test]
    fn loaded_names_of_both_engines() {
        assert_eq!(loaded("Loaded image: bb:1\n"), ["bb:1"]);
        assert_eq!(loaded("Loaded image ID: sha256:01\n"), ["sha256:01"]);
        assert_eq!(loaded("Loaded image: a:1,b:2\n"), ["a:1", "b:2"]);
        assert!(loaded("Loading layer").is_empty());
    }

    #[test]
    fn pull_errors_say_what_to_do() {
        let failed = |reason: &str| pull_failed(Error::new(ErrorKind::NotFound, "pull image", reason));
        assert_eq!(failed("manifest unknown").kind(), ErrorKind::PullFailed);
        assert!(failed("pull access denied for x").hint().unwrap().contains("log in"));
        let gone = pull_failed(Error::new(ErrorKind::Unavailable, "pull image", "x"));
        assert_eq!((gone.kind(), gone.hint()), (ErrorKind::Unavailable, None));
    }
}
