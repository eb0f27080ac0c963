//! Mounts: which of the API's four forms each one takes.

use std::collections::BTreeMap;

use docker_api::ApiVersion;
use docker_api::Empty;
use docker_api::containers::{
    BindOptions, ImageOptions, Mount as ApiMount, MountType, Propagation, VolumeOptions,
};
use runtime_core::{Error, ErrorKind, Mount, MountKind, Result};

/// The mounts of a container in the forms of the API.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Mounts {
    /// `HostConfig.Binds`.
    pub(crate) binds: Vec<String>,
    /// `HostConfig.Mounts`.
    pub(crate) mounts: Vec<ApiMount>,
    /// `HostConfig.Tmpfs`.
    pub(crate) tmpfs: BTreeMap<String, String>,
    /// `Config.Volumes`.
    pub(crate) volumes: BTreeMap<String, Empty>,
}

impl Mounts {
    /// Sorts mounts into their forms.
    ///
    /// `Binds` is the form that both engines read in full at every version, so it is taken wherever it can
    /// say what is meant. It always creates a missing host directory, so that a bind mount which must not
    /// do so takes `Mounts`, where that is an error. A colon in a path needs `Mounts`, too.
    pub(crate) fn sort(mounts: &[Mount], newer: impl Fn(ApiVersion) -> bool) -> Result<Self> {
        let mut sorted = Self::default();
        for mount in mounts {
            match &mount.kind {
                MountKind::Bind { source, create_source, propagation, selinux } => {
                    let options = [selinux.as_deref(), propagation.as_deref()];
                    // Only the short form can relabel.
                    let short = (*create_source || selinux.is_some()) && !has_colon(source, mount);
                    if short {
                        sorted.binds.push(bind(source, mount, options));
                    } else {
                        sorted.mounts.push(bind_mount(source, mount, *create_source, propagation.as_deref()));
                    }
                }
                MountKind::Volume { name, no_copy, subpath } => {
                    sorted.volume(mount, name.as_deref(), *no_copy, subpath.clone());
                }
                MountKind::Tmpfs { size, mode, options } => {
                    sorted.tmpfs.insert(mount.target.clone(), tmpfs(mount.read_only, *size, *mode, options));
                }
                MountKind::Image { source, subpath } => {
                    if !newer(ApiVersion::new(1, 48)) {
                        let reason = "mounting an image needs API version 1.48 (Docker 28)";
                        return Err(Error::new(ErrorKind::Unsupported, "create container", reason));
                    }
                    let options = subpath.as_ref().map(|path| ImageOptions::new().with_subpath(path.clone()));
                    sorted
                        .mounts
                        .push(api_mount(MountType::Image, mount, source).with_image_options(options));
                }
                other => {
                    let reason = format!("mounts of this kind are not known: {other:?}");
                    return Err(Error::new(ErrorKind::Unsupported, "create container", reason));
                }
            }
        }
        Ok(sorted)
    }

    fn volume(&mut self, mount: &Mount, name: Option<&str>, no_copy: bool, subpath: Option<String>) {
        match name {
            Some(name) if subpath.is_none() && !has_colon(name, mount) => {
                self.binds.push(bind(name, mount, [no_copy.then_some("nocopy"), None]));
            }
            None if subpath.is_none() && !no_copy && !mount.read_only => {
                self.volumes.insert(mount.target.clone(), Empty {});
            }
            name => {
                let options = (no_copy || subpath.is_some())
                    .then(|| VolumeOptions::new().with_no_copy(no_copy).with_subpath(subpath));
                let mut volume = api_mount(MountType::Volume, mount, "").with_volume_options(options);
                volume.source = name.map(str::to_owned);
                self.mounts.push(volume);
            }
        }
    }
}

fn has_colon(source: &str, mount: &Mount) -> bool {
    source.contains(':') || mount.target.contains(':')
}

fn bind(source: &str, mount: &Mount, options: [Option<&str>; 2]) -> String {
    let mut text = format!("{source}:{}", mount.target);
    let options: Vec<_> =
        mount.read_only.then_some("ro").into_iter().chain(options.into_iter().flatten()).collect();
    if !options.is_empty() {
        text.push(':');
        text.push_str(&options.join(","));
    }
    text
}

fn api_mount(kind: MountType, mount: &Mount, source: &str) -> ApiMount {
    ApiMount::new(kind, mount.target.as_str()).with_source(source).with_read_only(mount.read_only)
}

fn bind_mount(source: &str, mount: &Mount, create: bool, propagation: Option<&str>) -> ApiMount {
    let options = (create || propagation.is_some()).then(|| {
        BindOptions::new()
            .with_create_mountpoint(create)
            .with_propagation(propagation.map(Propagation::from).unwrap_or_default())
    });
    api_mount(MountType::Bind, mount, source).with_bind_options(options)
}

fn tmpfs(read_only: bool, size: Option<u64>, mode: Option<u32>, options: &[String]) -> String {
    let mut list = Vec::new();
    list.extend(read_only.then(|| "ro".to_owned()));
    list.extend(size.map(|size| format!("size={size}")));
    list.extend(mode.map(|mode| format!("mode={mode:o}")));
    list.extend(options.iter().cloned());
    list.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(mounts: &[Mount]) -> String {
        let sorted = Mounts::sort(mounts, |_| true).unwrap();
        serde_json::to_string(&(sorted.binds, sorted.mounts, sorted.tmpfs, sorted.volumes)).unwrap()
    }

    fn bind_spec(source: &str, create_source: bool, selinux: Option<&str>) -> Mount {
        let kind = MountKind::Bind {
            source: source.into(),
            create_source,
            propagation: None,
            selinux: selinux.map(str::to_owned),
        };
        Mount::new(kind, "/t")
    }

    #[test]
    fn a_bind_that_may_create_its_source_is_short() {
        assert_eq!(json(&[Mount::bind("/s", "/t").read_only()]), r#"[["/s:/t:ro"],[],{},{}]"#);
        assert_eq!(json(&[bind_spec("/s", false, Some("Z"))]), r#"[["/s:/t:Z"],[],{},{}]"#);
    }

    #[test]
    fn a_bind_that_must_exist_or_has_a_colon_is_structured() {
        assert_eq!(
            json(&[bind_spec("/s", false, None)]),
            r#"[[],[{"Type":"bind","Target":"/t","Source":"/s"}],{},{}]"#
        );
        assert_eq!(
            json(&[Mount::bind("/s:1", "/t")]),
            r#"[[],[{"Type":"bind","Target":"/t","Source":"/s:1","BindOptions":{"CreateMountpoint":true}}],{},{}]"#
        );
    }

    #[test]
    fn volumes_named_anonymous_and_with_options() {
        let volume = |name: Option<&str>, no_copy, subpath: Option<&str>| {
            let name = name.map(str::to_owned);
            Mount::new(MountKind::Volume { name, no_copy, subpath: subpath.map(str::to_owned) }, "/d")
        };
        assert_eq!(json(&[volume(Some("v"), true, None).read_only()]), r#"[["v:/d:ro,nocopy"],[],{},{}]"#);
        assert_eq!(json(&[volume(None, false, None)]), r#"[[],[],{},{"/d":{}}]"#);
        assert_eq!(
            json(&[volume(None, false, None).read_only()]),
            r#"[[],[{"Type":"volume","Target":"/d","ReadOnly":true}],{},{}]"#
        );
        assert_eq!(
            json(&[volume(Some("v"), false, Some("a/b"))]),
            r#"[[],[{"Type":"volume","Target":"/d","Source":"v","VolumeOptions":{"Subpath":"a/b"}}],{},{}]"#
        );
    }

    #[test]
    fn tmpfs_options_are_mount_options() {
        let kind = MountKind::Tmpfs { size: Some(1024), mode: Some(0o1777), options: vec!["noexec".into()] };
        assert_eq!(json(&[Mount::new(kind, "/tmp")]), r#"[[],[],{"/tmp":"size=1024,mode=1777,noexec"},{}]"#);
    }

    #[test]
    fn an_image_mount_needs_a_new_engine() {
        let image = Mount::new(MountKind::Image { source: "bb".into(), subpath: None }, "/i");
        assert_eq!(
            json(std::slice::from_ref(&image)),
            r#"[[],[{"Type":"image","Target":"/i","Source":"bb"}],{},{}]"#
        );
        let error = Mounts::sort(&[image], |version| version < ApiVersion::new(1, 48)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
    }
}
