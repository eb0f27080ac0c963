//! Building images with buildah.

use std::collections::VecDeque;

use futures_util::stream::{self, StreamExt};
use http_endpoint::{JsonQuery, SecretMap};
use libpod_api::build::{BuildMessage, DOCKER_FORMAT, ImageBuild, is_image_id};
use libpod_api::images::PullPolicy;
use runtime_core::{BoxReader, BoxStream, BuildEvent, BuildSpec, Error, ErrorKind, Result};
use runtime_docker::error::map;
use sock_transport::{Client, JsonStream};

use crate::image::with_algorithm;
use crate::upload::Upload;

const OPERATION: &str = "build image";
/// A line of output is passed on at this length even without its end.
const MAX_LINE: usize = 64 << 10;

/// Starts a build.
pub(crate) async fn start(
    libpod: &Client,
    spec: &BuildSpec,
    context: BoxReader,
) -> Result<BoxStream<BuildEvent>> {
    let subject = spec.tags.first().cloned();
    let (body, upload) = Upload::plain(context);
    // The answer begins when the whole context has arrived, however long that takes.
    let answer = libpod.with_header_timeout(None).json_stream_with_body(&request(spec), body).await;
    match answer {
        Ok(messages) => Ok(Build {
            libpod: libpod.clone(),
            messages,
            output: Output::default(),
            subject,
            upload,
            ended: false,
        }
        .into_events()),
        Err(error) => Err(failed(libpod, &upload, subject.as_deref(), error)),
    }
}

fn request(spec: &BuildSpec) -> ImageBuild {
    // A variable without a value is the builder's own, which an engine does not have: the Dockerfile's
    // default stands.
    let args: Map =
        spec.args.iter().filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned()))).collect();
    let mut build = ImageBuild::new()
        .with_tags(spec.tags.clone())
        .with_dockerfile(spec.dockerfile.as_str())
        .with_output_format(DOCKER_FORMAT)
        .with_layers(true)
        .with_rm(true)
        .with_force_rm(true)
        .with_no_cache(spec.no_cache)
        .with_pull_policy(if spec.pull { PullPolicy::Always } else { PullPolicy::Missing })
        .with_target(spec.target.clone().unwrap_or_default())
        .with_network_mode(spec.network.clone().unwrap_or_default())
        .with_platform(spec.platform.iter().cloned().collect::<Vec<_>>());
    build.build_args = (!args.is_empty()).then_some(JsonQuery(SecretMap(args)));
    build.labels = non_empty(spec.labels.clone().into_iter().collect());
    build.cache_from = (!spec.cache_from.is_empty()).then(|| JsonQuery(spec.cache_from.clone()));
    build.extra_hosts = (!spec.extra_hosts.is_empty()).then(|| JsonQuery(spec.extra_hosts.clone()));
    build.shm_size = spec.shm_size;
    build
}

type Map = std::collections::BTreeMap<String, String>;

fn non_empty(map: Map) -> Option<JsonQuery<Map>> {
    (!map.is_empty()).then_some(JsonQuery(map))
}

/// A call that failed, or whose stream broke: the context's own failure comes first, since it is the cause.
fn failed(libpod: &Client, upload: &Upload, subject: Option<&str>, error: sock_transport::Error) -> Error {
    if let Some(read) = upload.take_read_error() {
        let reason = format!("the build context could not be read: {read}");
        return with_subject(Error::new(ErrorKind::Io, OPERATION, reason).with_source(read), subject);
    }
    let error = map(libpod, OPERATION, subject, error);
    match error.kind() {
        ErrorKind::Unavailable | ErrorKind::Timeout | ErrorKind::Unauthorized => error,
        _ => error.with_kind(ErrorKind::BuildFailed),
    }
}

fn with_subject(error: Error, subject: Option<&str>) -> Error {
    match subject {
        Some(subject) => error.with_subject(subject),
        None => error,
    }
}

struct Build {
    libpod: Client,
    messages: JsonStream<BuildMessage>,
    output: Output,
    subject: Option<String>,
    upload: Upload,
    ended: bool,
}

impl Build {
    fn into_events(self) -> BoxStream<BuildEvent> {
        Box::pin(stream::unfold(self, |mut build| async move {
            let event = build.next().await?;
            Some((event, build))
        }))
    }

    async fn next(&mut self) -> Option<Result<BuildEvent>> {
        loop {
            if let Some(line) = self.output.lines.pop_front() {
                return Some(Ok(BuildEvent::Log(line)));
            }
            if self.ended {
                return None;
            }
            match self.messages.next().await {
                Some(Ok(message)) => match message.failure() {
                    Some(reason) => {
                        self.ended = true;
                        let error = Error::new(ErrorKind::BuildFailed, OPERATION, reason);
                        return Some(Err(with_subject(error, self.subject.as_deref())));
                    }
                    None => self.output.take(&message.stream),
                },
                Some(Err(error)) => {
                    self.ended = true;
                    return Some(Err(failed(&self.libpod, &self.upload, self.subject.as_deref(), error)));
                }
                None => {
                    self.ended = true;
                    return Some(match self.output.image() {
                        Some(id) => Ok(BuildEvent::Built { id: with_algorithm(&id) }),
                        None => {
                            let reason = "the engine's output ended without an image id";
                            let error = Error::new(ErrorKind::BuildFailed, OPERATION, reason);
                            Err(with_subject(error, self.subject.as_deref()))
                        }
                    });
                }
            }
        }
    }
}

/// Puts output together into lines, and keeps the last one back while it may be the image's id.
#[derive(Debug, Default)]
struct Output {
    lines: VecDeque<String>,
    partial: String,
    held: Option<String>,
}

impl Output {
    fn take(&mut self, text: &str) {
        for piece in text.split_inclusive('\n') {
            self.partial.push_str(piece);
            if piece.ends_with('\n') || self.partial.len() >= MAX_LINE {
                let line = std::mem::take(&mut self.partial);
                self.line(line.trim_end_matches(['\n', '\r']));
            }
        }
    }

    fn line(&mut self, line: &str) {
        if line.is_empty() && self.held.is_some() {
            return;
        }
        self.lines.extend(self.held.take());
        if is_image_id(line) {
            self.held = Some(line.to_owned());
        } else {
            self.lines.push_back(line.to_owned());
        }
    }

    /// The image's id, at the end.
    fn image(&mut self) -> Option<String> {
        let rest = std::mem::take(&mut self.partial);
        if !rest.is_empty() {
            self.line(&rest);
        }
        self.held.take()
    }
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;
    use runtime_core::Environment;

    use super::*;

    #[test]
    fn lines_come_whole_and_the_id_is_no_line() {
        let mut output = Output::default();
        let id = "0a".repeat(32);
        for text in ["STEP 1", "/2: FROM a\nSTEP 2/2: RUN x\n", "\n", &format!("{id}\n"), "\n"] {
            output.take(text);
        }
        assert_eq!(output.image(), Some(id));
        assert_eq!(output.lines, ["STEP 1/2: FROM a", "STEP 2/2: RUN x", ""]);
    }

    #[test]
    fn an_id_in_the_middle_is_output() {
        let mut output = Output::default();
        let id = "0a".repeat(32);
        output.take(&format!("{id}\nmore\n"));
        assert_eq!(output.image(), None);
        assert_eq!(output.lines, [id.as_str(), "more"]);
    }

    #[test]
    fn an_id_without_a_line_end_counts_and_an_endless_line_is_cut() {
        let mut output = Output::default();
        output.take(&"x".repeat(MAX_LINE));
        assert_eq!(output.lines.len(), 1);
        output.take(&"0a".repeat(32));
        assert_eq!(output.image(), Some("0a".repeat(32)));
    }

    #[test]
    fn a_spec_becomes_a_request_and_valueless_arguments_are_left_out() {
        let mut spec = BuildSpec::new("web:1");
        spec.args = Environment::new().with("A", "1");
        spec.args.set("B", None);
        spec.target = Some("prod".into());
        let target = request(&spec).target("");
        assert!(target.contains("buildargs=%7B%22A%22%3A%221%22%7D&"), "{target}");
        assert!(target.contains("t=web%3A1") && target.contains("target=prod"), "{target}");
        assert!(!target.contains("extrahosts") && !target.contains("pull="), "{target}");
    }
}
