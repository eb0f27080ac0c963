//! Restoring one container from an archive.
//!
//! The archive is looked at on its way to the engine, which does nothing before it has it whole: an archive
//! that is cut, is no checkpoint, or has entries that do not belong in one is broken off before its end, and
//! so is one whose container exists already.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use http_endpoint::EngineError;
use libpod_api::archive::{CONFIG_DUMP, ConfigDump, DELETED_FILES, ScanError, Scanner, deleted_files};
use libpod_api::checkpoint::ContainerRestoreImport;
use libpod_api::containers::{ContainerList, ContainerRemove, ListedContainer};
use runtime_core::{BoxReader, ContainerStatus, Error, ErrorKind, RestoreReport, RestoreSpec, Result};
use runtime_docker::error::{engine, map};
use sock_transport::Client;

use crate::upload::{Inspect, Upload};

const OPERATION: &str = "restore container";
/// Podman's record of a container: real ones have some ten KiB, most of it labels and environment.
const MAX_CONFIG: u64 = 4 << 20;
/// The list of removed files; a hundred thousand paths fit in.
const MAX_DELETED: u64 = 8 << 20;

/// Restores a container from a reader.
pub(crate) async fn restore(libpod: &Client, spec: &RestoreSpec, reader: BoxReader) -> Result<RestoreReport> {
    let before =
        containers(libpod).await.map_err(|error| map(libpod, OPERATION, spec.name.as_deref(), error))?;
    if let Some(name) = &spec.name
        && before.values().any(|container| container.names.contains(name))
    {
        return Err(taken(name));
    }
    let found = Arc::new(Mutex::new(Found::default()));
    let gate = Gate {
        scanner: Some(
            Scanner::new()
                .strict()
                .with_entry(CONFIG_DUMP, MAX_CONFIG)
                .with_entry(DELETED_FILES, MAX_DELETED),
        ),
        renamed: spec.name.is_some(),
        before: before.clone(),
        found: Arc::clone(&found),
    };
    let (body, upload) = Upload::inspected(reader, gate);
    let answer = libpod.with_header_timeout(None).send_with_body(&request(spec), body).await;
    let found = std::mem::take(&mut *found.lock().unwrap_or_else(PoisonError::into_inner));
    match answer {
        Ok(report) => {
            let (size, digest) = upload.finished().unwrap_or_default();
            let mut restored = RestoreReport::default();
            restored.id = report.id;
            restored.size = size;
            restored.digest = digest;
            Ok(restored)
        }
        Err(error) => {
            if let Some(read) = upload.take_read_error() {
                let reason = format!("the archive could not be read: {read}; nothing was restored");
                return Err(named(
                    Error::new(ErrorKind::Io, OPERATION, reason).with_source(read),
                    spec,
                    &found,
                ));
            }
            match &found.refusal {
                Some(Refusal::Exists(name)) => Err(taken(name)),
                Some(Refusal::Archive(reason)) => {
                    let reason = format!("the archive cannot be used: {reason}; nothing was restored");
                    let mut error = Error::new(ErrorKind::RestoreFailed, OPERATION, reason);
                    if found.compressed {
                        error = error
                            .with_hint("decompress it first: only an archive that can be read is checked");
                    }
                    Err(named(error, spec, &found))
                }
                None => Err(failed(libpod, spec, &found, &before, error).await),
            }
        }
    }
}

fn request(spec: &RestoreSpec) -> ContainerRestoreImport {
    ContainerRestoreImport::new()
        .with_new_name(spec.name.clone().unwrap_or_default())
        .with_tcp_established(spec.tcp_established)
        .with_file_locks(spec.file_locks)
        .with_ignore_volumes(spec.ignore_volumes)
        .with_ignore_static_ip(spec.ignore_static_ip)
        .with_ignore_static_mac(spec.ignore_static_mac)
        .with_ignore_rootfs(spec.ignore_rootfs)
}

fn taken(name: &str) -> Error {
    Error::new(ErrorKind::Conflict, OPERATION, "a container of this name or id exists already")
        .with_subject(name)
        .with_hint("remove it first, or restore under another name")
}

/// Adds the name under which the container was to come back, as far as it is known.
fn named(error: Error, spec: &RestoreSpec, found: &Found) -> Error {
    match spec.name.as_deref().or_else(|| found.config.as_ref().map(|config| config.name.as_str())) {
        Some(name) if !name.is_empty() => error.with_subject(name),
        _ => error,
    }
}

type Containers = BTreeMap<String, ListedContainer>;

/// All containers by id.
async fn containers(libpod: &Client) -> Result<Containers, sock_transport::Error> {
    let list = libpod.send(&ContainerList::new().with_all(true)).await?;
    Ok(list.into_iter().map(|container| (container.id.clone(), container)).collect())
}

/// What was learnt of an archive on its way.
#[derive(Debug, Default)]
struct Found {
    config: Option<ConfigDump>,
    refusal: Option<Refusal>,
    compressed: bool,
}

#[derive(Debug)]
enum Refusal {
    /// A container of the archive's id or name is there.
    Exists(String),
    /// The archive itself.
    Archive(String),
}

/// Lets an archive pass as long as nothing speaks against it.
struct Gate {
    scanner: Option<Scanner>,
    renamed: bool,
    before: Containers,
    found: Arc<Mutex<Found>>,
}

impl Gate {
    fn refuse(&self, refusal: Refusal) -> io::Error {
        self.found.lock().unwrap_or_else(PoisonError::into_inner).refusal = Some(refusal);
        io::Error::new(io::ErrorKind::InvalidData, "the archive is refused")
    }

    fn scan_error(&self, error: &ScanError) -> io::Error {
        self.found.lock().unwrap_or_else(PoisonError::into_inner).compressed =
            matches!(error, ScanError::Compressed { .. });
        self.refuse(Refusal::Archive(error.to_string()))
    }

    /// Reads the container's record as soon as it has passed.
    fn learn(&self, scanner: &Scanner) -> io::Result<()> {
        if self.found.lock().unwrap_or_else(PoisonError::into_inner).config.is_some() {
            return Ok(());
        }
        let Some(content) = scanner.content(CONFIG_DUMP) else { return Ok(()) };
        let config = ConfigDump::parse(content).map_err(|error| {
            self.refuse(Refusal::Archive(format!("its {CONFIG_DUMP} is malformed: {error}")))
        })?;
        let exists = !self.renamed
            && self
                .before
                .iter()
                .any(|(id, container)| *id == config.id || container.names.contains(&config.name));
        let name = config.name.clone();
        self.found.lock().unwrap_or_else(PoisonError::into_inner).config = Some(config);
        if exists { Err(self.refuse(Refusal::Exists(name))) } else { Ok(()) }
    }
}

impl Inspect for Gate {
    fn piece(&mut self, piece: &[u8]) -> io::Result<()> {
        let Some(mut scanner) = self.scanner.take() else { return Ok(()) };
        scanner.feed(piece).map_err(|error| self.scan_error(&error))?;
        self.learn(&scanner)?;
        self.scanner = Some(scanner);
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        let Some(scanner) = self.scanner.take() else { return Ok(()) };
        let summary = scanner.finish().map_err(|error| self.scan_error(&error))?;
        if summary.content(CONFIG_DUMP).is_none() {
            return Err(self.refuse(Refusal::Archive(format!("it has no {CONFIG_DUMP} of a sensible size"))));
        }
        if let Some(reason) = escaping(&summary) {
            return Err(self.refuse(Refusal::Archive(reason)));
        }
        Ok(())
    }
}

/// Up to version 5.7 Podman removes what the list names without looking whether it is in the container.
fn escaping(summary: &libpod_api::archive::Summary) -> Option<String> {
    summary.captured(DELETED_FILES)?;
    let Some(content) = summary.content(DELETED_FILES) else {
        return Some(format!("its {DELETED_FILES} is larger than {} MiB", MAX_DELETED >> 20));
    };
    match deleted_files(content) {
        Err(error) => Some(format!("its {DELETED_FILES} is malformed: {error}")),
        Ok(paths) => paths
            .iter()
            .find(|path| path.split('/').any(|part| part == ".."))
            .map(|path| format!("its {DELETED_FILES} points out of the container: {path:?}")),
    }
}

/// The engine failed: remove what it left behind, and say why as well as it can be said.
async fn failed(
    libpod: &Client,
    spec: &RestoreSpec,
    found: &Found,
    before: &Containers,
    error: sock_transport::Error,
) -> Error {
    let unreachable = error.is_connect();
    let error = map(libpod, OPERATION, None, error);
    let text = error.reason().to_owned();
    let said = engine(&error);
    let volume = text.contains("volume") && said.is_some_and(EngineError::is_already_exists);
    let network = text.contains("network") && said.is_some_and(EngineError::is_not_found);
    let kind = match error.kind() {
        kind @ (ErrorKind::Unavailable | ErrorKind::Timeout) => kind,
        ErrorKind::Conflict if !volume => ErrorKind::Conflict,
        _ => ErrorKind::RestoreFailed,
    };
    let cleaned = if unreachable { Ok(()) } else { clean_up(libpod, spec, found, before).await };
    let mut reason = text.clone();
    if let Err(problem) = cleaned {
        reason = format!("{reason}; {problem}");
    }
    let error = named(Error::new(kind, OPERATION, reason).with_source(error), spec, found);
    match hint(&text, volume, network) {
        Some(hint) => error.with_hint(hint),
        None => error,
    }
}

fn hint(text: &str, volume: bool, network: bool) -> Option<&'static str> {
    if volume {
        return Some("remove the volume first, or restore without the content of volumes");
    }
    if network {
        return Some("create the networks that the container had first, with the same names and subnets");
    }
    let lower = text.to_ascii_lowercase();
    ["criu", "restore", "exit status"].iter().any(|word| lower.contains(word)).then_some(
        "see whether CRIU is installed on the engine's host and can restore there (`criu check`), whether the \
         container was dumped with open TCP connections or file locks, which have to be asked for again, and whether it \
         ran on while it was dumped: a file that it had open must not change meanwhile",
    )
}

/// Removes the container that a failed restore created, if there is one. Nothing that was there before, and
/// nothing that runs, is touched.
async fn clean_up(
    libpod: &Client,
    spec: &RestoreSpec,
    found: &Found,
    before: &Containers,
) -> Result<(), String> {
    let Some(config) = &found.config else { return Ok(()) };
    let after = containers(libpod)
        .await
        .map_err(|error| format!("whether a container was left behind is not known: {error}"))?;
    let left = after.values().find(|container| left_behind(container, config, spec, before));
    let Some(left) = left else { return Ok(()) };
    tracing::debug!(container = left.id, "removing what a failed restore left behind");
    let remove = ContainerRemove::new(&left.id).with_force(true).with_timeout(0).with_ignore(true);
    match libpod.send(&remove).await {
        Ok(reports) => match reports.into_iter().find_map(|report| report.err.0) {
            None => Ok(()),
            Some(reason) => Err(format!("a container that it left behind could not be removed: {reason}")),
        },
        Err(error) => Err(format!("a container that it left behind could not be removed: {error}")),
    }
}

fn left_behind(
    container: &ListedContainer,
    config: &ConfigDump,
    spec: &RestoreSpec,
    before: &Containers,
) -> bool {
    let ours = match &spec.name {
        // A new name means an id that is not known: the image has to be the same.
        Some(name) => container.names.contains(name) && container.image_id == config.rootfs_image_id,
        None => container.id == config.id,
    };
    let runs = matches!(
        ContainerStatus::parse(container.state.as_str()),
        ContainerStatus::Running | ContainerStatus::Paused
    );
    ours && !runs && !before.contains_key(&container.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn append(builder: &mut tar::Builder<Vec<u8>>, name: &str, content: &[u8]) {
        let mut header = tar::Header::new_ustar();
        header.set_size(content.len() as u64);
        header.set_mode(0o600);
        header.set_cksum();
        builder.append_data(&mut header, name, content).unwrap();
    }

    fn archive(entries: &[(&str, &str)]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for (name, content) in entries {
            append(&mut builder, name, content.as_bytes());
        }
        builder.into_inner().unwrap()
    }

    fn listed(id: &str, name: &str, image: &str, state: &str) -> ListedContainer {
        use http_endpoint::Endpoint;
        let json = format!(r#"[{{"Id":"{id}","Names":["{name}"],"ImageID":"{image}","State":"{state}"}}]"#);
        ContainerList::decode(json.as_bytes()).unwrap().remove(0)
    }

    fn pass(bytes: &[u8], renamed: bool, before: &[ListedContainer]) -> Result<Found, Box<Found>> {
        let found = Arc::new(Mutex::new(Found::default()));
        let mut gate = Gate {
            scanner: Some(
                Scanner::new()
                    .strict()
                    .with_entry(CONFIG_DUMP, MAX_CONFIG)
                    .with_entry(DELETED_FILES, MAX_DELETED),
            ),
            renamed,
            before: before.iter().map(|container| (container.id.clone(), container.clone())).collect(),
            found: Arc::clone(&found),
        };
        let result = bytes.chunks(700).try_for_each(|piece| gate.piece(piece)).and_then(|()| gate.end());
        let found = std::mem::take(&mut *found.lock().unwrap());
        match result {
            Ok(()) => Ok(found),
            Err(_) => Err(Box::new(found)),
        }
    }

    fn refusal(bytes: &[u8]) -> String {
        match pass(bytes, false, &[]).unwrap_err().refusal {
            Some(Refusal::Archive(reason)) => reason,
            other => panic!("{other:?}"),
        }
    }

    const CONFIG: &str = r#"{"id":"ab","name":"web-1","rootfsImageID":"img"}"#;

    #[test]
    fn a_checkpoint_passes_and_is_known_by_name() {
        let bytes = archive(&[
            (CONFIG_DUMP, CONFIG),
            ("checkpoint/inventory.img", "x"),
            (DELETED_FILES, r#"["a/b"]"#),
        ]);
        assert_eq!(pass(&bytes, false, &[]).unwrap().config.unwrap().name, "web-1");
    }

    #[test]
    fn what_is_no_checkpoint_is_refused_before_its_end() {
        let good = archive(&[(CONFIG_DUMP, CONFIG)]);
        assert!(refusal(&good[..good.len() - 512]).contains("cut off"));
        assert!(refusal(b"").contains("cut off"));
        assert!(refusal(&[b'x'; 2000]).contains("not a tar"));
        assert!(refusal(&archive(&[("readme", "x")])).contains("no config.dump"));
        assert!(refusal(&archive(&[(CONFIG_DUMP, "[")])).contains("malformed"));
        let escaping = archive(&[(CONFIG_DUMP, CONFIG), (DELETED_FILES, r#"["../../etc/passwd"]"#)]);
        assert!(refusal(&escaping).contains("points out of the container"));
        let compressed = [b"\x28\xb5\x2f\xfd".to_vec(), vec![1; 1000]].concat();
        assert!(pass(&compressed, false, &[]).unwrap_err().compressed);
    }

    #[test]
    fn a_container_that_exists_stops_the_upload_unless_it_gets_another_name() {
        let bytes = archive(&[(CONFIG_DUMP, CONFIG)]);
        for there in [listed("ab", "other", "", "exited"), listed("ff", "web-1", "", "exited")] {
            let found = pass(&bytes, false, std::slice::from_ref(&there)).unwrap_err();
            assert!(matches!(found.refusal, Some(Refusal::Exists(name)) if name == "web-1"));
            assert!(pass(&bytes, true, &[there]).is_ok());
        }
    }

    #[test]
    fn only_what_this_restore_made_counts_as_left_behind() {
        let config = ConfigDump::parse(CONFIG.as_bytes()).unwrap();
        let none = Containers::new();
        let plain = RestoreSpec::new();
        assert!(left_behind(&listed("ab", "web-1", "img", "created"), &config, &plain, &none));
        assert!(!left_behind(&listed("ab", "web-1", "img", "running"), &config, &plain, &none));
        assert!(!left_behind(&listed("cd", "web-1", "img", "created"), &config, &plain, &none));
        let before = Containers::from([("ab".to_owned(), listed("ab", "web-1", "img", "exited"))]);
        assert!(!left_behind(&listed("ab", "web-1", "img", "exited"), &config, &plain, &before));

        let renamed = RestoreSpec::new().with_name("copy");
        assert!(left_behind(&listed("cd", "copy", "img", "created"), &config, &renamed, &none));
        assert!(!left_behind(&listed("cd", "copy", "another", "created"), &config, &renamed, &none));
    }
}
