//! Images.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use runtime_core::{
    BoxReader, BoxStream, BuildEvent, BuildSpec, ErrorKind, EventAction, EventSource, ImageFilter, ImageInfo,
    ImageProgress, ImageSummary, PullSpec, Result,
};
use tokio::io::AsyncReadExt as _;
use tokio::time::Instant;

use crate::control::tagged;
use crate::engine::Engine;
use crate::state::{Image, State, labels_match, normalise};
use crate::{Operation, fault};

/// First line of an archive of images, by which [`Engine::load`] knows its own.
const ARCHIVE: &str = "simulated images";

impl State {
    /// Fills in what every image has.
    pub(crate) fn complete_image(&mut self, mut info: ImageInfo) -> ImageInfo {
        if info.id.is_empty() {
            info.id = format!("sha256:{}", self.next_id());
        }
        if info.os.is_empty() {
            "linux".clone_into(&mut info.os);
        }
        if info.architecture.is_empty() {
            "amd64".clone_into(&mut info.architecture);
        }
        info
    }

    /// Takes a reference away from the image that has it.
    pub(crate) fn untag(&mut self, reference: &str) {
        let reference = normalise(reference);
        for image in &mut self.images {
            image.info.tags.retain(|tag| normalise(tag) != reference);
        }
    }

    fn put_image(&mut self, reference: &str, info: &ImageInfo) {
        self.untag(reference);
        match self.images.iter_mut().find(|image| image.info.id == info.id) {
            Some(image) => image.info.tags.push(tagged(reference)),
            None => {
                let mut info = info.clone();
                info.tags = vec![tagged(reference)];
                self.images.push(Image { info, created: Instant::now() });
            }
        }
    }

    fn image(&self, operation: Operation, wanted: &str) -> Result<usize> {
        self.image_index(wanted)
            .ok_or_else(|| fault::error(operation, ErrorKind::NotFound, wanted, "no such image"))
    }
}

impl Engine {
    pub(crate) fn pull(self: &Arc<Self>, spec: &PullSpec) -> Result<BoxStream<ImageProgress>> {
        let operation = Operation::PullImage;
        let reference = normalise(&spec.reference);
        let Some((info, takes)) = self.lock().registry.get(&reference).cloned() else {
            let reason = "it is not in the simulated registry";
            return Err(fault::error(operation, ErrorKind::PullFailed, &spec.reference, reason));
        };
        let engine = Arc::clone(self);
        let name = spec.reference.clone();
        let begin = stream::iter([Ok(ImageProgress::new("", format!("Pulling {name}")))]);
        let rest = stream::once(async move {
            tokio::select! {
                () = tokio::time::sleep(takes) => {}
                () = engine.gone() => return Err(fault::gone(operation, &name)),
            }
            engine.update(|state| {
                state.put_image(&name, &info);
                engine.emit(
                    state,
                    EventSource::Image,
                    EventAction::Other("pull".into()),
                    &name,
                    Default::default(),
                );
            });
            Ok(ImageProgress::new("", "Pull complete"))
        });
        Ok(begin.chain(rest).boxed())
    }

    pub(crate) async fn build(&self, spec: &BuildSpec, context: BoxReader) -> Result<BoxStream<BuildEvent>> {
        let operation = Operation::BuildImage;
        let subject = spec.tags.first().cloned().unwrap_or_default();
        read_all(operation, &subject, context).await?;
        let mut events = self.update(|state| {
            let mut info = ImageInfo::default();
            info.labels.clone_from(&spec.labels);
            let info = state.complete_image(info);
            for tag in &spec.tags {
                state.put_image(tag, &info);
            }
            if spec.tags.is_empty() {
                state.images.push(Image { info: info.clone(), created: Instant::now() });
            }
            let lines = state.build_output.iter().cloned().map(BuildEvent::Log);
            lines.chain([BuildEvent::Built { id: info.id.clone() }]).collect::<Vec<_>>()
        });
        Ok(stream::iter(events.drain(..).map(Ok).collect::<Vec<_>>()).boxed())
    }

    pub(crate) fn inspect_image(&self, wanted: &str) -> Result<ImageInfo> {
        let state = self.lock();
        let index = state.image(Operation::InspectImage, wanted)?;
        Ok(state.images[index].info.clone())
    }

    pub(crate) fn list_images(&self, filter: &ImageFilter) -> Vec<ImageSummary> {
        let references: Vec<String> = filter.references.iter().map(|r| normalise(r)).collect();
        let wanted = |image: &&Image| {
            let tags = &image.info.tags;
            (references.is_empty() || tags.iter().any(|tag| references.contains(&normalise(tag))))
                && labels_match(&image.info.labels, &filter.labels)
        };
        let summary = |image: &Image| {
            let mut summary = ImageSummary::default();
            summary.id.clone_from(&image.info.id);
            summary.tags.clone_from(&image.info.tags);
            summary.labels.clone_from(&image.info.labels);
            summary.size = image.info.size;
            summary.created = self.clock.unix(image.created);
            summary
        };
        self.lock().images.iter().filter(wanted).map(summary).collect()
    }

    pub(crate) fn remove_image(&self, wanted: &str, force: bool) -> Result<()> {
        let operation = Operation::RemoveImage;
        self.update(|state| {
            let index = state.image(operation, wanted)?;
            let image = &state.images[index].info;
            let by_id = !image.tags.iter().any(|tag| normalise(tag) == normalise(wanted));
            if !by_id && image.tags.len() > 1 {
                state.untag(wanted);
                return Ok(());
            }
            let user = state.containers.values().find(|c| c.image.id == image.id && (c.is_alive() || !force));
            if let Some(user) = user {
                let reason = format!("container {} uses it", user.name);
                return Err(fault::error(operation, ErrorKind::Conflict, wanted, reason));
            }
            state.images.remove(index);
            Ok(())
        })
    }

    pub(crate) fn tag(&self, wanted: &str, tag: &str) -> Result<()> {
        self.update(|state| {
            let index = state.image(Operation::TagImage, wanted)?;
            let info = state.images[index].info.clone();
            state.put_image(tag, &info);
            Ok(())
        })
    }

    pub(crate) async fn load(&self, archive: BoxReader) -> Result<Vec<String>> {
        let operation = Operation::LoadImage;
        let bytes = read_all(operation, "", archive).await?;
        let text = String::from_utf8_lossy(&bytes);
        let mut lines = text.lines();
        if lines.next() != Some(ARCHIVE) {
            let reason = "it is no archive of images";
            return Err(fault::error(operation, ErrorKind::InvalidRequest, "", reason));
        }
        self.update(|state| {
            let mut names = Vec::new();
            for (reference, id) in lines.filter_map(|line| line.split_once(' ')) {
                let mut info = ImageInfo::default();
                id.clone_into(&mut info.id);
                let info = state.complete_image(info);
                state.put_image(reference, &info);
                names.push(tagged(reference));
            }
            Ok(names)
        })
    }

    pub(crate) fn save(&self, references: &[String]) -> Result<BoxReader> {
        let state = self.lock();
        let mut text = format!("{ARCHIVE}\n");
        for reference in references {
            let index = state.image(Operation::SaveImage, reference)?;
            text.push_str(&format!("{reference} {}\n", state.images[index].info.id));
        }
        Ok(Box::pin(std::io::Cursor::new(text.into_bytes())))
    }
}

/// Reads what a caller sends.
pub(crate) async fn read_all(operation: Operation, subject: &str, mut reader: BoxReader) -> Result<Bytes> {
    let mut bytes = Vec::new();
    match reader.read_to_end(&mut bytes).await {
        Ok(_) => Ok(bytes.into()),
        Err(error) => {
            Err(fault::error(operation, ErrorKind::Io, subject, error.to_string()).with_source(error))
        }
    }
}
