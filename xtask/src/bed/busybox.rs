//! The layer of the BusyBox image.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use super::{Paths, paths, root};
use crate::failure::{Context, Failure, Result};
use crate::run;

/// The folders of the BusyBox image.
pub(crate) const LAYOUT: &[&str] = &[
    "bin",
    "dev",
    "etc",
    "home",
    "proc",
    "root",
    "run",
    "sys",
    "usr",
    "usr/local",
    "usr/local/bin",
    "var",
    "var/log",
];

/// Writes the layer to `target`: BusyBox from Debian's package, a link for each of its programs, and the few files that
/// programs expect.
pub(crate) fn layer(paths: &Paths, target: &Path) -> Result<()> {
    let dir = target.parent().unwrap_or(target);
    fs::create_dir_all(dir).context(|| format!("cannot make {}", dir.display()))?;
    let unpacked = dir.join(format!("partial-{}-busybox", std::process::id()));
    let of_root = root::path(paths, root::Suite::Trixie);
    let find = |top: &Path| {
        ["usr/bin/busybox", "bin/busybox"].map(|p| top.join(p)).into_iter().find(|p| p.is_file())
    };
    let binary = match find(&of_root) {
        Some(found) => found,
        None => {
            root::unpack("busybox-static", &unpacked)?;
            find(&unpacked).ok_or_else(|| Failure::new("no busybox in the package busybox-static"))?
        }
    };
    let applets = run::output(run::command(&binary).arg("--list"))?;
    let partial = dir.join(format!("partial-{}-busybox.tar", std::process::id()));
    let what = || format!("cannot write {}", partial.display());
    let mut tar = tar::Builder::new(File::create(&partial).context(what)?);
    for folder in LAYOUT {
        add(&mut tar, folder, tar::EntryType::Directory, 0o755, &[]).context(what)?;
    }
    for folder in ["tmp", "var/tmp"] {
        add(&mut tar, folder, tar::EntryType::Directory, 0o1777, &[]).context(what)?;
    }
    for (link, to) in [("sbin", "bin"), ("usr/bin", "../bin"), ("usr/sbin", "../bin")] {
        symlink(&mut tar, link, to).context(what)?;
    }
    let bytes = fs::read(&binary).context(|| format!("cannot read {}", binary.display()))?;
    add(&mut tar, "bin/busybox", tar::EntryType::Regular, 0o755, &bytes).context(what)?;
    for applet in applets.lines().filter(|applet| *applet != "busybox") {
        symlink(&mut tar, &format!("bin/{applet}"), "busybox").context(what)?;
    }
    for (name, text) in [
        (
            "etc/passwd",
            "root:x:0:0:root:/root:/bin/sh\nwww:x:33:33:www:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n",
        ),
        ("etc/group", "root:x:0:\nwww:x:33:\nnogroup:x:65534:\n"),
        ("etc/profile", "export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n"),
    ] {
        add(&mut tar, name, tar::EntryType::Regular, 0o644, text.as_bytes()).context(what)?;
    }
    tar.into_inner().and_then(|mut file| file.flush()).context(what)?;
    paths::remove_tree(&unpacked)?;
    fs::rename(&partial, target).context(|| format!("cannot move {} into place", partial.display()))
}

fn add(
    tar: &mut tar::Builder<File>,
    path: &str,
    kind: tar::EntryType,
    mode: u32,
    data: &[u8],
) -> std::io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_size(data.len() as u64);
    header.set_mtime(0);
    tar.append_data(&mut header, path, data)
}

fn symlink(tar: &mut tar::Builder<File>, path: &str, to: &str) -> std::io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::Symlink);
    header.set_mode(0o777);
    header.set_size(0);
    header.set_mtime(0);
    tar.append_link(&mut header, path, to)
}
