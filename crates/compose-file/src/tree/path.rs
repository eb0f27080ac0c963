//! The place of a node in the model while the tree is walked: a linked list on the stack, so that walking costs nothing.

use std::fmt;

/// A path from the root.
#[derive(Clone, Copy)]
pub(crate) struct Path<'a> {
    parent: Option<&'a Self>,
    part: Part<'a>,
    depth: usize,
}

#[derive(Clone, Copy)]
enum Part<'a> {
    Root,
    Key(&'a str),
    Index(usize),
}

/// Rules look at most this deep.
const RULE_DEPTH: usize = 8;

impl<'a> Path<'a> {
    pub(crate) const ROOT: Path<'static> = Path { parent: None, part: Part::Root, depth: 0 };

    pub(crate) fn key(&'a self, key: &'a str) -> Self {
        Self { parent: Some(self), part: Part::Key(key), depth: self.depth + 1 }
    }

    pub(crate) fn index(&'a self, index: usize) -> Self {
        Self { parent: Some(self), part: Part::Index(index), depth: self.depth + 1 }
    }

    /// How many steps it is from the root.
    pub(crate) fn depth(&self) -> usize {
        self.depth
    }

    /// The steps, for matching against rules: an index is `[]`. Empty below the depth that rules look at.
    pub(crate) fn parts(&self) -> Parts<'a> {
        let mut parts = Parts { parts: [""; RULE_DEPTH], len: 0 };
        if self.depth > RULE_DEPTH {
            return parts;
        }
        parts.len = self.depth;
        let mut at = *self;
        while let Some(parent) = at.parent {
            parts.parts[at.depth - 1] = match at.part {
                Part::Key(key) => key,
                Part::Index(_) | Part::Root => "[]",
            };
            at = *parent;
        }
        parts
    }
}

/// See [`Path::parts`].
pub(crate) struct Parts<'a> {
    parts: [&'a str; RULE_DEPTH],
    len: usize,
}

impl<'a> std::ops::Deref for Parts<'a> {
    type Target = [&'a str];

    fn deref(&self) -> &Self::Target {
        &self.parts[..self.len]
    }
}

impl fmt::Display for Path<'_> {
    /// `services.web.ports[0]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
        }
        match self.part {
            Part::Root => Ok(()),
            Part::Key(key) if self.depth == 1 => f.write_str(key),
            Part::Key(key) => write!(f, ".{key}"),
            Part::Index(index) => write!(f, "[{index}]"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_and_matches() {
        let services = Path::ROOT.key("services");
        let web = services.key("web");
        let ports = web.key("ports");
        let first = ports.index(0);
        assert_eq!(first.to_string(), "services.web.ports[0]");
        assert!(matches!(*first.parts(), ["services", _, "ports", "[]"]));
        assert_eq!(Path::ROOT.to_string(), "");
    }
}
