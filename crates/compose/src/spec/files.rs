//! Secrets and configs whose content is known here and not in a file: they are written into the created container.

use std::io;

use compose_file::model::{FileReference, Redacted, Service};

use crate::error::{Error, ErrorKind, Result};

/// A file that is written into a container between its creation and its start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileUpload {
    /// Absolute path.
    pub(crate) target: String,
    uid: u64,
    gid: u64,
    mode: u32,
    content: Redacted,
}

impl FileUpload {
    pub(super) fn new(
        service: &Service,
        reference: &FileReference,
        target: String,
        content: Redacted,
    ) -> Result<Self> {
        let number = |field: &str, text: Option<&String>| {
            text.map_or(Ok(0), |text| text.parse()).map_err(|_| {
                let message = format!("{}: {field} is not a number", reference.source);
                Error::new(ErrorKind::Invalid, message).with_service(&service.name)
            })
        };
        let uid = number("uid", reference.uid.as_ref())?;
        let gid = number("gid", reference.gid.as_ref())?;
        Ok(Self { target, uid, gid, mode: reference.mode.unwrap_or(0o444), content })
    }

    /// A tar archive of files that is unpacked at `/`.
    ///
    /// # Errors
    /// A path that a tar header cannot hold.
    pub(crate) fn archive(files: &[Self]) -> io::Result<Vec<u8>> {
        let mut archive = tar::Builder::new(Vec::new());
        for file in files {
            let content = file.content.expose().as_bytes();
            let mut header = tar::Header::new_gnu();
            header.set_size(content.len() as u64);
            header.set_mode(file.mode);
            header.set_uid(file.uid);
            header.set_gid(file.gid);
            archive.append_data(&mut header, file.target.trim_start_matches('/'), content)?;
        }
        archive.into_inner()
    }
}
