//! Steps on images.

use std::time::Duration;

use compose_file::model::Service;
use futures_util::StreamExt as _;
use indexmap::IndexMap;
use runtime_core::{BuildEvent, ImageInfo, PullSpec, Runtime};
use tokio::time::Instant;

use super::Executor;
use crate::context;
use crate::error::{Error, ErrorKind, Result};
use crate::event::{EventSink, ProgressEvent, State, Subject, Verb};
use crate::plan::ImageSource;
use crate::request::BuildRequest;
use crate::spec;

/// A pull's progress is told at most this often.
const PROGRESS: Duration = Duration::from_millis(100);

impl Executor {
    pub(super) async fn ensure_image(
        &self,
        subject: Subject,
        image: &str,
        service: &str,
        source: ImageSource,
    ) -> Result<()> {
        let service = self.service(service)?;
        let pulled = match source {
            ImageSource::Build => Ok(false),
            ImageSource::Pull | ImageSource::PullOrBuild => {
                pull_image(&*self.runtime, &self.events, &subject, image, service).await.map(|()| true)
            }
        };
        let pulled = match pulled {
            Err(error) if source == ImageSource::PullOrBuild && !error.is_unavailable() => {
                let text = format!("cannot be pulled and is built instead: {error}");
                self.emit(subject.clone(), State::Warning(text));
                false
            }
            other => other?,
        };
        if !pulled {
            let request = BuildRequest::default();
            build_image(&*self.runtime, &self.events, &subject, &self.project, service, &request).await?;
        }
        let info = self.runtime.inspect_image(image).await.map_err(Error::from)?;
        self.shared().images.insert(image.to_owned(), info);
        Ok(())
    }

    /// An image that is there.
    pub(super) async fn image(&self, reference: &str) -> Result<ImageInfo> {
        let known = self.shared().images.get(reference).cloned();
        if let Some(info) = known {
            return Ok(info);
        }
        let info = self.runtime.inspect_image(reference).await?;
        self.shared().images.insert(reference.to_owned(), info.clone());
        Ok(info)
    }
}

/// Pulls an image and tells how far it is.
pub(crate) async fn pull_image(
    runtime: &dyn Runtime,
    events: &EventSink,
    subject: &Subject,
    image: &str,
    service: &Service,
) -> Result<()> {
    let emit = |state| events(ProgressEvent::new(subject.clone(), state));
    emit(State::Working(Verb::Pull));
    let mut spec = PullSpec::new(image);
    spec.platform.clone_from(&service.platform);
    let failed = |error| Error::from(error).with_service(&service.name);
    let mut progress = runtime.pull_image(&spec).await.map_err(failed)?;
    let mut layers: IndexMap<String, (u64, u64)> = IndexMap::new();
    let mut told: Option<Instant> = None;
    while let Some(part) = progress.next().await {
        let part = part.map_err(failed)?;
        let Some(bytes) = part.bytes else { continue };
        layers.insert(part.id, bytes);
        if told.is_none_or(|told| told.elapsed() >= PROGRESS) {
            told = Some(Instant::now());
            let (done, total) = layers.values().fold((0_u64, 0_u64), |sum, part| {
                (sum.0.saturating_add(part.0), sum.1.saturating_add(part.1))
            });
            emit(State::Progress { done, total });
        }
    }
    emit(State::Done(Verb::Pull));
    Ok(())
}

/// Builds a service's image from its context, and tells each line of output; gives the image's id.
pub(crate) async fn build_image(
    runtime: &dyn Runtime,
    events: &EventSink,
    subject: &Subject,
    project: &compose_file::model::Project,
    service: &Service,
    request: &BuildRequest,
) -> Result<String> {
    let emit = |state| events(ProgressEvent::new(subject.clone(), state));
    let Some(build) = &service.build else {
        return Err(Error::new(ErrorKind::Invalid, "has no build section").with_service(&service.name));
    };
    emit(State::Working(Verb::Build));
    let context = context::open(build).await.map_err(|error| error.with_service(&service.name))?;
    let spec = spec::build_spec(project, service, build, &context.dockerfile, request);
    let failed = |error| Error::from(error).with_service(&service.name);
    let mut output = runtime.build_image(&spec, context.archive).await.map_err(failed)?;
    let mut built = None;
    while let Some(event) = output.next().await {
        match event.map_err(failed)? {
            BuildEvent::Log(line) => emit(State::Log(line)),
            BuildEvent::Built { id } => built = Some(id),
            _ => {}
        }
    }
    let Some(id) = built else {
        let message = "the engine ended the build without naming an image";
        return Err(Error::new(ErrorKind::Image, message).with_service(&service.name));
    };
    emit(State::Done(Verb::Build));
    Ok(id)
}
