//! Relative paths become absolute.

use std::path::Path as FsPath;

use crate::canonical::clean_path;
use crate::diagnostic::Code;
use crate::options::FileSource;
use crate::report::Report;
use crate::tree::{Node, Path, Value, workloads_mut};

/// What relative paths are resolved against.
pub(crate) struct Resolver<'a> {
    /// The project directory, or that of an included or extended file.
    pub(crate) base: &'a FsPath,
    /// What `~` stands for.
    pub(crate) home: Option<&'a str>,
    pub(crate) files: &'a dyn FileSource,
    /// Whether `C:\x` as the source of a bind mount becomes `/c/x`.
    pub(crate) convert_windows: bool,
}

impl Resolver<'_> {
    /// Resolves every path of the model.
    pub(crate) fn resolve(&self, root: &mut Node, report: &mut Report) {
        for (top, name, entry) in workloads_mut(root) {
            self.service(&mut entry.node, &Path::ROOT.key(top).key(name), report);
        }
        for top in ["configs", "secrets"] {
            for entry in
                root.get_mut(top).and_then(Node::as_map_mut).into_iter().flat_map(|map| map.values_mut())
            {
                self.at(entry.node.get_mut("file"), Self::unix);
            }
        }
        for entry in
            root.get_mut("volumes").and_then(Node::as_map_mut).into_iter().flat_map(|map| map.values_mut())
        {
            if entry.node.get_str("driver") == Some("local")
                && let Some(options) = entry.node.get_mut("driver_opts")
                && options.get_str("o") == Some("bind")
            {
                self.at(options.get_mut("device"), Self::unix);
            }
        }
    }

    fn service(&self, node: &mut Node, path: &Path<'_>, report: &mut Report) {
        if let Some(build) = node.get_mut("build") {
            self.at(build.get_mut("context"), Self::context);
            for entry in build
                .get_mut("additional_contexts")
                .and_then(Node::as_map_mut)
                .into_iter()
                .flat_map(|map| map.values_mut())
            {
                self.at(Some(&mut entry.node), Self::context);
            }
            self.ssh(build.get_mut("ssh"));
        }
        for item in node.get_mut("env_file").and_then(Node::as_seq_mut).into_iter().flatten() {
            self.at(item.get_mut("path"), Self::absolute);
        }
        for item in node.get_mut("label_file").and_then(Node::as_seq_mut).into_iter().flatten() {
            self.at(Some(item), Self::absolute);
        }
        if let Some(extends) = node.get_mut("extends") {
            self.at(extends.get_mut("file"), Self::absolute);
        }
        let watches =
            node.get_mut("develop").and_then(|node| node.get_mut("watch")).and_then(Node::as_seq_mut);
        for item in watches.into_iter().flatten() {
            self.at(item.get_mut("path"), Self::watched);
        }
        let here = path.key("pre_start");
        let containers = node.get_mut("pre_start").and_then(Node::as_seq_mut);
        for (index, item) in containers.into_iter().flatten().enumerate() {
            self.service(item, &here.index(index), report);
        }
        let here = path.key("volumes");
        for (index, item) in
            node.get_mut("volumes").and_then(Node::as_seq_mut).into_iter().flatten().enumerate()
        {
            if item.get_str("type") != Some("bind") {
                continue;
            }
            if item.get("source").is_none() {
                report
                    .error(Code::Missing, &here.index(index), item, "a bind mount needs a `source`")
                    .help("add the path on the host");
            }
            self.at(item.get_mut("source"), Self::bind_source);
        }
    }

    /// `id=path` strings or a mapping of them.
    fn ssh(&self, node: Option<&mut Node>) {
        let Some(node) = node else { return };
        for entry in node.as_map_mut().into_iter().flat_map(|map| map.values_mut()) {
            self.at(Some(&mut entry.node), Self::unix);
        }
        for item in node.as_seq_mut().into_iter().flatten() {
            if let Some((id, path)) = item.as_str().and_then(|text| text.split_once('=')) {
                item.value = Value::Str(format!("{id}={}", self.unix(path)));
            }
        }
    }

    fn at(&self, node: Option<&mut Node>, resolve: fn(&Self, &str) -> String) {
        if let Some(node) = node
            && let Some(text) = node.as_str()
        {
            node.value = Value::Str(resolve(self, text));
        }
    }

    fn home(&self, text: &str) -> String {
        match (text.strip_prefix('~'), self.home) {
            (Some(rest), Some(home)) => clean_path(&format!("{home}/{rest}")),
            _ => text.to_owned(),
        }
    }

    /// An absolute path; an empty one stays empty.
    pub(crate) fn absolute(&self, text: &str) -> String {
        let text = self.home(text);
        if text.starts_with('/') || text.is_empty() { text } else { self.join(&text) }
    }

    fn join(&self, text: &str) -> String {
        clean_path(&format!("{}/{text}", self.base.display()))
    }

    /// Windows paths stay as they are too: the engine may run there.
    fn unix(&self, text: &str) -> String {
        let text = self.home(text);
        if text.starts_with('/') || is_windows(&text) { text } else { self.join(&text) }
    }

    /// The drive of a Windows path as a directory, where that is asked for.
    fn bind_source(&self, text: &str) -> String {
        let path = self.unix(text);
        match path.as_bytes() {
            [drive, b':', ..] if self.convert_windows && drive.is_ascii_alphabetic() => {
                format!("/{}{}", char::from(drive.to_ascii_lowercase()), path[2..].replace('\\', "/"))
            }
            _ => path,
        }
    }

    fn context(&self, text: &str) -> String {
        if text.contains("://")
            || ["service:", "github.com/", "git@"].iter().any(|prefix| text.starts_with(prefix))
        {
            return text.to_owned();
        }
        self.absolute(text)
    }

    /// The first symbolic link in a watched path is followed, since events come under the real name.
    fn watched(&self, text: &str) -> String {
        let path = self.absolute(text);
        // The path of an extended file is relative to the project until the end. The folder that the process happens to
        // be in has no part in it.
        if !path.starts_with('/') {
            return path;
        }
        let real = self.files.canonicalize(FsPath::new(&path));
        real.map_or(path, |real| real.to_string_lossy().into_owned())
    }
}

/// `C:\x`, `C:/x` or `\\server\share`.
fn is_windows(text: &str) -> bool {
    let bytes = text.as_bytes();
    text.starts_with(r"\\")
        || (bytes.len() > 2
            && bytes[0].is_ascii_alphabetic()
            && bytes[1] == b':'
            && matches!(bytes[2], b'\\' | b'/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::MemoryFiles;

    #[test]
    fn paths_resolve() {
        let files = MemoryFiles::new();
        let resolver = Resolver {
            base: FsPath::new("/p/dir"),
            home: Some("/home/me"),
            files: &files,
            convert_windows: true,
        };
        for (path, absolute) in [
            ("./a", "/p/dir/a"),
            ("../a/./b", "/p/a/b"),
            (".", "/p/dir"),
            ("/a/../b", "/a/../b"),
            ("~/x", "/home/me/x"),
            ("~", "/home/me"),
            ("", ""),
        ] {
            assert_eq!(resolver.absolute(path), absolute, "{path}");
        }
        for (path, unix) in [("C:\\a", "C:\\a"), (r"\\s\x", r"\\s\x"), ("a", "/p/dir/a")] {
            assert_eq!(resolver.unix(path), unix, "{path}");
        }
        for (path, source) in [
            ("C:\\a\\b", "/c/a/b"),
            ("d:/a", "/d/a"),
            (r"\\s\x", r"\\s\x"),
            ("/a", "/a"),
            ("./a", "/p/dir/a"),
        ] {
            assert_eq!(resolver.bind_source(path), source, "{path}");
        }
        for (context, resolved) in [
            ("https://github.com/a/b.git", "https://github.com/a/b.git"),
            ("git@github.com:a/b", "git@github.com:a/b"),
            ("github.com/a/b", "github.com/a/b"),
            ("service:base", "service:base"),
            ("docker-image://x", "docker-image://x"),
            ("sub", "/p/dir/sub"),
        ] {
            assert_eq!(resolver.context(context), resolved);
        }
    }
}
