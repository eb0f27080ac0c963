//! What an engine tells while it works on an image.

use http_endpoint::response;

response! {
    /// One message of a pull, push, build, import or load.
    pub struct Progress {
        /// Layer or other part.
        id: String = "id",
        /// What is being done.
        status: String = "status",
        /// Output of a build or load, with its line ends.
        stream: String = "stream",
        /// Bytes done and in all.
        detail: ProgressDetail = "progressDetail",
        /// The same as a bar for people (before API 1.48).
        progress: String = "progress",
        /// Why it failed.
        error_detail: Option<ErrorDetail> = "errorDetail",
        /// The same in the old form.
        error: String = "error",
        /// An extra value: an object with the `ID` of the image that was built, or with the `Tag` and `Digest` of the
        /// one that was pushed; a text in base 64 from BuildKit.
        aux: Option<serde_json::Value> = "aux",
    }
}

impl Progress {
    /// The id of the image that was built (`sha256:...`), where this message tells it.
    #[must_use]
    pub fn image_id(&self) -> Option<&str> {
        self.aux.as_ref()?.get("ID")?.as_str()
    }

    /// The digest of the manifest that was pushed (`sha256:...`), where this message tells it.
    #[must_use]
    pub fn pushed_digest(&self) -> Option<&str> {
        self.aux.as_ref()?.get("Digest")?.as_str()
    }

    /// Why it failed, where this message says that it did.
    #[must_use]
    pub fn failure(&self) -> Option<&str> {
        self.error_detail
            .as_ref()
            .map(|detail| detail.message.as_str())
            .filter(|message| !message.is_empty())
            .or_else(|| Some(self.error.as_str()).filter(|message| !message.is_empty()))
            .or_else(|| self.error_detail.as_ref().map(|_| "the engine gave no reason"))
    }
}

response! {
    /// Bytes done and in all.
    pub struct ProgressDetail {
        /// Done.
        current: i64 = "current",
        /// In all; 0 when not known.
        total: i64 = "total",
        /// When it began, in seconds since the epoch.
        start: i64 = "start",
        /// Whether numbers are left out of the bar.
        hide_counts: bool = "hidecounts",
        /// What is counted where it is not bytes.
        units: String = "units",
    }
}

response! {
    /// Why it failed.
    pub struct ErrorDetail {
        /// In words.
        message: String = "message",
        /// A number, such as the exit code of a `RUN`.
        code: i64 = "code",
    }
}

#[cfg(test)]
mod tests {
    use http_endpoint::Endpoint;

    use crate::build::ImageBuild;
    use crate::images::{ImageCreate, ImagePush};

    #[test]
    fn reads_build_messages_of_both_engines() {
        let line = ImageBuild::decode(br#"{"stream":"Step 1/2 : FROM bb\n"}"#).unwrap();
        assert_eq!(line.stream, "Step 1/2 : FROM bb\n");
        assert_eq!(line.failure(), None);
        let aux = ImageBuild::decode(br#"{"aux":{"ID":"sha256:0123"}}"#).unwrap();
        assert_eq!(aux.image_id(), Some("sha256:0123"));
        let odd = ImageBuild::decode(br#"{"id":"moby.buildkit.trace","aux":"CgA="}"#).unwrap();
        assert!(odd.aux.is_some() && odd.image_id().is_none());
        let failed = ImageBuild::decode(
            br#"{"errorDetail":{"code":2,"message":"The command returned 2"},"error":"old text"}"#,
        )
        .unwrap();
        assert_eq!(failed.failure(), Some("The command returned 2"));
        let old = ImageBuild::decode(br#"{"error":"old text"}"#).unwrap();
        assert_eq!(old.failure(), Some("old text"));
        let empty = ImageBuild::decode(br#"{"errorDetail":{}}"#).unwrap();
        assert_eq!(empty.failure(), Some("the engine gave no reason"));
    }

    #[test]
    fn reads_progress_of_a_pull_and_of_a_push() {
        let p = ImageCreate::decode(
            br#"{"status":"Downloading","progressDetail":{"current":5,"total":10},"progress":"[=> ]","id":"aa"}"#,
        )
        .unwrap();
        assert_eq!((p.id.as_str(), p.detail.current, p.detail.total), ("aa", 5, 10));
        let p = ImageCreate::decode(br#"{"status":"Pulling from library/bb","progressDetail":{}}"#).unwrap();
        assert_eq!(p.detail.total, 0);
        let p = ImagePush::decode(
            br#"{"progressDetail":{},"aux":{"Tag":"1","Digest":"sha256:0123","Size":528}}"#,
        )
        .unwrap();
        assert_eq!((p.pushed_digest(), p.image_id()), (Some("sha256:0123"), None));
    }
}
