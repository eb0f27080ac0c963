//! Mounts: volumes, binds, tmpfs, images, and secrets and configs that are files.

use compose_file::model::{
    ConfigObject, FileReference, Mount as FileMount, MountKind as FileMountKind, Project, Selinux, Service,
};
use runtime_core::{Mount, MountKind};

use super::files::FileUpload;
use crate::error::{Error, ErrorKind, Result};

/// The mounts of a container, and the files that are written into it before it starts.
pub(super) fn mounts(project: &Project, service: &Service) -> Result<(Vec<Mount>, Vec<FileUpload>)> {
    let mut mounts = Vec::new();
    let mut uploads = Vec::new();
    for entry in &service.volumes {
        let mut mount = Mount::new(kind(project, service, entry)?, &entry.target);
        mount.read_only = entry.read_only;
        mounts.push(mount);
    }
    for entry in &service.tmpfs {
        mounts.push(tmpfs(service, entry)?);
    }
    for reference in &service.secrets {
        let object = project.secrets.get(&reference.source);
        let target = target_path(reference, "/run/secrets");
        place(service, "secret", reference, object, target, &mut mounts, &mut uploads)?;
    }
    for reference in &service.configs {
        let object = project.configs.get(&reference.source);
        let target = target_path(reference, "");
        place(service, "config", reference, object, target, &mut mounts, &mut uploads)?;
    }
    Ok((mounts, uploads))
}

fn kind(project: &Project, service: &Service, entry: &FileMount) -> Result<MountKind> {
    let source = || {
        entry.source.clone().ok_or_else(|| {
            let message = format!("the mount at {} has no source", entry.target);
            Error::new(ErrorKind::Invalid, message).with_service(&service.name)
        })
    };
    Ok(match entry.kind {
        FileMountKind::Volume => {
            let options = entry.volume.clone().unwrap_or_default();
            let name = entry.source.as_ref().map(|key| {
                project.volumes.get(key).map_or_else(|| key.clone(), |volume| volume.name.clone())
            });
            MountKind::Volume { name, no_copy: options.nocopy, subpath: options.subpath }
        }
        FileMountKind::Bind => {
            let options = entry.bind.clone().unwrap_or_default();
            MountKind::Bind {
                source: source()?,
                create_source: options.creates_host_path(),
                propagation: options.propagation,
                selinux: options.selinux.map(|label| match label {
                    Selinux::Shared => "z".to_owned(),
                    Selinux::Private => "Z".to_owned(),
                }),
            }
        }
        FileMountKind::Tmpfs => {
            let options = entry.tmpfs.clone().unwrap_or_default();
            let size = options.size.and_then(|bytes| u64::try_from(bytes).ok());
            MountKind::Tmpfs { size, mode: options.mode, options: Vec::new() }
        }
        FileMountKind::Image => {
            MountKind::Image { source: source()?, subpath: entry.image.clone().unwrap_or_default().subpath }
        }
        FileMountKind::Npipe | FileMountKind::Cluster => {
            let message = format!("the mount at {} is of a type that no Linux engine has", entry.target);
            return Err(Error::new(ErrorKind::Invalid, message).with_service(&service.name));
        }
    })
}

/// `path[:options]`
fn tmpfs(service: &Service, entry: &str) -> Result<Mount> {
    let (target, options) = entry.split_once(':').unwrap_or((entry, ""));
    let invalid = |option: &str| {
        let message = format!("tmpfs {target}: `{option}` is not an option with a value that can be read");
        Error::new(ErrorKind::Invalid, message).with_service(&service.name)
    };
    let (mut size, mut mode, mut others) = (None, None, Vec::new());
    for option in options.split(',').filter(|option| !option.is_empty()) {
        match option.split_once('=') {
            Some(("size", value)) if !value.ends_with('%') => {
                size = Some(bytes(value).ok_or_else(|| invalid(option))?);
            }
            Some(("mode", value)) => {
                mode = Some(u32::from_str_radix(value, 8).map_err(|_| invalid(option))?);
            }
            _ => others.push(option.to_owned()),
        }
    }
    Ok(Mount::new(MountKind::Tmpfs { size, mode, options: others }, target))
}

/// A number of bytes as the kernel reads it: a suffix of `k`, `m` or `g`, each 1024 times the one before.
fn bytes(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor = match text[digits.len()..].to_ascii_lowercase().as_str() {
        "" => 1,
        "k" | "kb" => 1 << 10,
        "m" | "mb" => 1 << 20,
        "g" | "gb" => 1 << 30,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(factor)
}

fn target_path(reference: &FileReference, directory: &str) -> String {
    let target = reference.target.as_deref().unwrap_or(&reference.source);
    if target.starts_with('/') { target.to_owned() } else { format!("{directory}/{target}") }
}

fn place(
    service: &Service,
    word: &str,
    reference: &FileReference,
    object: Option<&ConfigObject>,
    target: String,
    mounts: &mut Vec<Mount>,
    uploads: &mut Vec<FileUpload>,
) -> Result<()> {
    let name = &reference.source;
    let refuse = |why: &str, hint: &str| {
        let error = Error::new(ErrorKind::Invalid, format!("{word} {name} {why}"));
        Err(error.with_service(&service.name).with_hint(hint))
    };
    let Some(object) = object else {
        return refuse("is not defined", "define it at the top level of the file");
    };
    if object.external {
        return refuse(
            "is external, which is not supported",
            "give it a `file` or an `environment` variable",
        );
    }
    if let Some(file) = &object.file {
        let kind =
            MountKind::Bind { source: file.clone(), create_source: false, propagation: None, selinux: None };
        mounts.push(Mount::new(kind, target).read_only());
        return Ok(());
    }
    let Some(content) = &object.content else {
        let variable = object.environment.as_deref().unwrap_or_default();
        return refuse(
            "has no content",
            &format!("give it a `file`, or set the environment variable {variable}"),
        );
    };
    uploads.push(FileUpload::new(service, reference, target, content.clone())?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tmpfs_options_are_read() {
        let service = Service::default();
        let mount = tmpfs(&service, "/run:size=64m,mode=1777,noexec,size=50%").unwrap();
        let MountKind::Tmpfs { size, mode, options } = mount.kind else { panic!("not a tmpfs") };
        assert_eq!((size, mode), (Some(64 << 20), Some(0o1777)));
        assert_eq!(options, ["noexec", "size=50%"]);
        assert!(tmpfs(&service, "/run:size=lots").is_err());
        assert!(tmpfs(&service, "/run:mode=9").is_err());
        assert_eq!(bytes("18446744073709551615k"), None);
    }
}
